// SPDX-License-Identifier: MIT

/// Whole networks of Connor-Stevens cells at random: the same bits however a run is cut, whatever the width
/// of the lanes.

#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace random_networks_tests {

using namespace hillock;
using cells::CS;

namespace {

constexpr std::size_t size = 301;  // no multiple of any width, and more than one chunk of blocks

/// All that a run leaves behind.
struct Outcome {
    Raster raster;
    std::vector<double> states;

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

/// Which delays the network has.
enum class Delays { one_step, short_ones, long_ones };

struct Plan {
    Delays delays = Delays::short_ones;
    std::uint32_t seed = 1;
    std::vector<double> runs{60};
};

ConnectionValue values_of(Delays delays) {
    switch (delays) {
        case Delays::one_step: return 0.025;
        case Delays::short_ones: return Uniform{0.1, 4};
        default: return LogNormal{1.5, 1};  // 0.2 to 100 ms
    }
}

/// Random wiring, kickstarts, listed events at ties, electrodes, cells that differ, thresholds that differ.
template <class Net>
void build(Net& net, Plan const& plan) {
    auto const all = net.template add<CS>(size);
    auto const exc = all.first(240), inh = all.last(61);
    net.stimulate(all, NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                  {.synapse = 0, .weight = 5e-3});
    net.stimulate(all.first(30), NetStim{.interval = 10, .noise = 0.5, .start = 20, .number = 4, .stream = 1},
                  {.synapse = 0, .weight = 2e-2});
    net.stimulate(std::vector<ExternalEvent>{
        {3, 20.0125, 0, 2e-2}, {3, 20.0375, 1, 1e-2}, {100, 30, 0, 3e-2}, {100, 30.0125, 0, 3e-2}});
    net.stimulate(all.slice(40, 43), IClamp{.delay = 10, .dur = 30.0125, .amp = 0.3});
    net.connect(exc, all, fixed_indegree(8),
                {.synapse = 0,
                 .weight = LogNormal{std::log(1e-2), 0.5},
                 .delay = values_of(plan.delays),
                 .threshold = -10});
    net.connect(inh, all, fixed_indegree(3, Repeats::none),
                {.synapse = 1, .weight = 1e-2, .delay = values_of(plan.delays), .threshold = -20});
    net.connect(all.slice(200, 301), all.slice(0, 50), pairwise_probability(0.1),
                {.synapse = 0, .weight = Uniform{0, 1e-3}, .delay = 2.});
    net.set(all.slice(5, 95), "gnabar", [](Gid gid) { return 0.12 * (1 + 0.002 * gid); });
    net.set(all.first(7), "synapses[1].tau2", [](Gid gid) { return 2. + gid; });
    net.set(all.last(50), "v_init", [](Gid gid) { return -70 + 0.1 * gid; });
}

template <class Net>
std::vector<double> states(Net& net) {
    std::vector<double> all;
    for (auto const gid : net.cells())
        for (auto const* variable : {"v", "m", "h", "n", "a", "b", "synapses[0].A", "synapses[0].g",
                                     "synapses[1].A", "synapses[1].g"})
            all.push_back(net.get(gid, variable));
    return all;
}

template <class Net>
Outcome outcome_of(Net& net, std::vector<double> const& runs) {
    Raster raster;
    for (double const duration : runs) {
        auto const spikes = net.run(duration, cells::quietly);
        raster.insert(raster.end(), spikes.begin(), spikes.end());
    }
    return {raster, states(net)};
}

template <class Net = Network<CS>>
Outcome outcome(Plan const& plan) {
    Net net({.seed = plan.seed});
    build(net, plan);
    return outcome_of(net, plan.runs);
}

}  // namespace

TEST_CASE("a run in pieces equals a run in one, to the bit") {
    for (auto const delays : {Delays::one_step, Delays::short_ones, Delays::long_ones}) {
        CAPTURE(static_cast<int>(delays));
        auto const whole = outcome({.delays = delays});
        CHECK(whole.raster.size() > 500);
        CHECK(std::is_sorted(whole.raster.begin(), whole.raster.end()));
        CHECK(outcome({.delays = delays, .runs = {20, 40}}) == whole);
        CHECK(outcome({.delays = delays, .runs = {0.025, 0.05, 9.925, 33.325, 16.675}}) == whole);
    }
}

TEST_CASE("one cell at a time gives the bits of many in a vector") {
    for (auto const delays : {Delays::one_step, Delays::long_ones}) {
        CAPTURE(static_cast<int>(delays));
        CHECK(outcome<ScalarNetwork<CS>>({.delays = delays}) == outcome<Network<CS>>({.delays = delays}));
    }
}

TEST_CASE("in single precision as well") {
    auto const vectors = outcome<SingleNetwork<CS>>({}), doubles = outcome<Network<CS>>({});
    CHECK(outcome<basic_network<float, simd::scalar, CS>>({}) == vectors);
    CHECK(vectors.states != doubles.states);
    CHECK(static_cast<double>(vectors.raster.size()) ==
          doctest::Approx(static_cast<double>(doubles.raster.size())).epsilon(0.2));
}

TEST_CASE("reset and run again gives the same") {
    for (auto const delays : {Delays::short_ones, Delays::long_ones}) {
        CAPTURE(static_cast<int>(delays));
        Network<CS> net;
        build(net, {.delays = delays});
        auto const first = outcome_of(net, {47.3});
        net.reset();
        CHECK(outcome_of(net, {47.3}) == first);
        net.reset();
        CHECK(outcome_of(net, {30, 17.3}) == first);
    }
}

TEST_CASE("the seed of the network decides the wiring, the stimulus seed the stimuli") {
    CHECK(outcome({.seed = 2}).raster != outcome({.seed = 1}).raster);
    auto const kicked = [](std::uint32_t stimulus_seed, std::uint32_t seed) {
        Network<CS> net({.seed = seed, .stimulus_seed = stimulus_seed});
        net.stimulate(net.add<CS>(size), NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                      {.weight = 1e-2});
        return net.run(20, cells::quietly);
    };
    auto const spikes = kicked(0, 1);
    CHECK(spikes.size() > 50);
    CHECK(kicked(0, 2) == spikes);
    CHECK(kicked(1, 1) != spikes);
}

TEST_CASE("two networks in one process know nothing of each other") {
    auto const alone = outcome({.runs = {10, 10, 10}});
    Network<CS> a({.seed = 1}), b({.seed = 7});
    build(a, {});
    build(b, {.delays = Delays::long_ones});
    Raster raster;
    for (int k = 0; k < 3; ++k) {
        auto const spikes = a.run(10, cells::quietly);
        raster.insert(raster.end(), spikes.begin(), spikes.end());
        b.run(15, cells::quietly);
    }
    CHECK(Outcome{raster, states(a)} == alone);
}

TEST_CASE("cells do not depend on how many others there are, nor on how they were added") {
    auto const drive = [](auto& net) {
        net.stimulate(net.cells().first(5), NetStim{.interval = 3, .noise = 1, .start = 0, .number = 1e9},
                      {.weight = 1e-2});
        auto outcome = outcome_of(net, {30});
        outcome.states.resize(5 * 10);
        std::erase_if(outcome.raster, [](Spike const& spike) { return spike.gid >= 5; });
        CHECK(outcome.raster.size() > 5);
        return outcome;
    };
    Network<CS> five, many, pieces;
    five.add<CS>(5);
    many.add<CS>(37);
    for (std::size_t n : {1, 1, 2, 4, 1}) pieces.add<CS>(n);
    auto const expected = drive(five);
    CHECK(drive(many) == expected);
    CHECK(drive(pieces) == expected);
}

TEST_CASE("gap junctions by a rule follow the seed of the network") {
    auto const joined = [](auto const& rule, std::uint32_t seed) {
        Network<CS> net({.seed = seed});
        auto const all = net.add<CS>(9);
        net.set(all, "v_init", [](Gid gid) { return -60. - gid; });
        net.connect(all, all, rule, GapJunctions{.conductance = 1e-3});
        net.run(1, {.progress = false});
        return net.digest();
    };
    CHECK(joined(fixed_total_number(7), 1) == joined(fixed_total_number(7), 1));
    CHECK(joined(fixed_total_number(7), 1) != joined(fixed_total_number(7), 2));
    CHECK(joined(fixed_indegree(1), 1) != joined(fixed_indegree(1), 2));
}

}  // namespace random_networks_tests
