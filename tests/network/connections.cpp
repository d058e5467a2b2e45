// SPDX-License-Identifier: MIT

/// Connections as the network makes them: seen by what arrives.

#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace connections_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

/// Another type of cell, with synapses in an order of its own.
struct Other : Leaky {
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 2, .e = 0}, soma(0.5)),
                        place(ExpSyn{.tau = 3, .e = 0}, soma(0.5)));
    }
};

using Net = Network<Leaky, Other>;

/// How much arrives at each cell's synapse when one source spikes: weights by (source, target, steps of
/// delay).
using Arrivals = std::map<std::tuple<Gid, Gid, Step>, double>;

/// Makes each cell spike in turn and listens to all ExpSyns 1; the network must be silent otherwise.
Arrivals wiring_of(Net& net, Step longest = 8) {
    Arrivals found;
    net.set_threshold(net.cells(), 0);
    for (auto const source : net.cells()) {
        net.reset();
        net.set(source, "v", 50);
        // no decay, so that g sums weights
        net.set(net.cells(), "synapses[1].tau", 1e300);
        std::vector<double> before(net.size(), 0.);
        for (Step step = 0; step <= longest; ++step) {
            net.run(net.dt(), quietly);
            for (auto const target : net.cells()) {
                auto const g = net.get(target, "synapses[1].g");
                if (g != before[target]) found[{source, target, step}] = g - before[target];
                before[target] = g;
            }
        }
    }
    return found;
}

constexpr double dt = 0.025, w = 0x1p-30;  // a weight of which multiples add up exactly

}  // namespace

TEST_CASE("one_to_one and all_to_all over several cell types and ranges in any order") {
    Net net({.dt = dt});
    auto const a = net.add<Leaky>(3), b = net.add<Other>(3), c = net.add<Leaky>(2);
    auto const sources = c + a.first(2), targets = b.slice(1, 3) + a.slice(1, 3);
    Arrivals expected;
    SUBCASE("one_to_one") {
        net.connect(sources, targets, one_to_one(), {.synapse = 1, .weight = w, .delay = 3 * dt});
        expected = {{{6, 4, 3}, w}, {{7, 5, 3}, w}, {{0, 1, 3}, w}, {{1, 2, 3}, w}};
    }
    SUBCASE("one_to_one leaves out a cell's connection to itself") {
        net.connect(a + b, a + c + b.first(1), one_to_one(), {.synapse = 1, .weight = w, .delay = 3 * dt});
        expected = {{{3, 6, 3}, w}, {{4, 7, 3}, w}, {{5, 3, 3}, w}};
    }
    SUBCASE("one_to_one with self") {
        net.connect(a + b, a + b, one_to_one(), {.synapse = 1, .weight = w, .delay = 3 * dt, .self = true});
        for (Gid k = 0; k < 6; ++k) expected[{k, k, 3}] = w;
    }
    SUBCASE("all_to_all") {
        net.connect(sources, targets, all_to_all(), {.synapse = 1, .weight = w, .delay = 3 * dt});
        for (auto s : sources)
            for (auto t : targets)
                if (s != t) expected[{s, t, 3}] = w;
    }
    SUBCASE("all_to_all with self") {
        net.connect(sources, targets, all_to_all(),
                    {.synapse = 1, .weight = w, .delay = 3 * dt, .self = true});
        for (auto s : sources)
            for (auto t : targets) expected[{s, t, 3}] = w;
    }
    CHECK(net.connections() == expected.size());
    CHECK(wiring_of(net) == expected);
}

TEST_CASE("cells of two types added in turn: a table for each population, each place in the targets kept") {
    Net net({.dt = dt});
    auto const a = net.add<Leaky>(2), b = net.add<Other>(2), c = net.add<Leaky>(2), d = net.add<Other>(1);
    auto const targets = c + d + a + b, sources = a + b + c + d;
    auto const projection = net.connect(sources, targets, one_to_one(),
                                        {.synapse = 1, .weight = w, .delay = 3 * dt, .self = true});
    CHECK(net.weights(projection).size() == 2);
    Arrivals expected;
    for (std::size_t k = 0; k < targets.size(); ++k) expected[{sources[k], targets[k], 3}] = w;
    CHECK(wiring_of(net) == expected);
}

TEST_CASE("weights and delays by functions of source and target") {
    Net net({.dt = dt});
    auto const all = net.add<Leaky>(5) + net.add<Other>(4);
    net.connect(all.first(7), all, all_to_all(),
                {.synapse = 1,
                 .weight = [](Gid s, Gid t) { return w * (1 + 10 * s + t); },
                 .delay = [](Gid s, Gid t) { return dt * (1 + (s + 2 * t) % 7); }});
    Arrivals expected;
    for (auto s : all.first(7))
        for (auto t : all)
            if (s != t) expected[{s, t, 1 + (s + 2 * t) % 7}] = w * (1 + 10 * s + t);
    auto const found = wiring_of(net);
    REQUIRE(found.size() == expected.size());
    for (auto const& [key, weight] : expected) CHECK(found.at(key) == weight);
}

TEST_CASE("a list: replaced by the last, allowed to add up, or refused") {
    Net net({.dt = dt});
    net.add<Leaky>(4);
    auto const fill = [](Repeats repeats) {
        ConnectionList list(repeats);
        list.add({0, 1, 1, w, dt});
        list.add({2, 1, 1, 2 * w, dt});
        list.add({0, 1, 1, 4 * w, 2 * dt});
        list.add({0, 1, 0, 8 * w, dt});  // another synapse
        list.add({0, 3, 1, 16 * w, 3 * dt});
        list.add({3, 3, 1, 32 * w, dt});  // onto itself, as said
        return list;
    };
    SUBCASE("replaced") {
        net.connect(fill(Repeats::replaced));
        CHECK(net.connections() == 5);
        CHECK(wiring_of(net) ==
              Arrivals{{{0, 1, 2}, 4 * w}, {{2, 1, 1}, 2 * w}, {{0, 3, 3}, 16 * w}, {{3, 3, 1}, 32 * w}});
    }
    SUBCASE("allowed is the default") { CHECK(ConnectionList().repeats() == Repeats::allowed); }
    SUBCASE("allowed") {
        net.connect(fill(Repeats::allowed));
        CHECK(net.connections() == 6);
        CHECK(wiring_of(net) == Arrivals{{{0, 1, 1}, w},
                                         {{0, 1, 2}, 4 * w},
                                         {{2, 1, 1}, 2 * w},
                                         {{0, 3, 3}, 16 * w},
                                         {{3, 3, 1}, 32 * w}});
    }
    SUBCASE("none") {
        CHECK(complaint([&] { net.connect(fill(Repeats::none)); }) ==
              "connection 0 -> 1, synapse 1: given twice");
        CHECK(net.connections() == 0);
    }
}

TEST_CASE("weights are a span that can be edited, by source and then target") {
    Net net({.dt = dt});
    auto const all = net.add<Leaky>(4);
    SUBCASE("one for each connection") {
        ConnectionList list;
        list.add({2, 1, 1, w, dt});
        list.add({0, 3, 1, 2 * w, dt});
        list.add({0, 1, 1, 3 * w, dt});
        auto const projection = net.connect(list);
        auto const parts = net.weights(projection);
        REQUIRE(parts.size() == 1);
        CHECK(std::vector<double>(parts[0].begin(), parts[0].end()) == std::vector<double>{3 * w, 2 * w, w});
        for (auto& weight : parts[0]) weight *= 3;
        parts[0][1] = 5 * w;
        CHECK(wiring_of(net) == Arrivals{{{0, 1, 1}, 9 * w}, {{0, 3, 1}, 5 * w}, {{2, 1, 1}, 3 * w}});
    }
    SUBCASE("one for all") {
        net.connect(all.first(2), all.last(2), all_to_all(), {.synapse = 0, .weight = 7 * w, .delay = dt});
        auto const projection =
            net.connect(all.first(2), all.last(2), one_to_one(), {.synapse = 1, .weight = w, .delay = dt});
        auto const parts = net.weights(projection);
        REQUIRE(parts.size() == 1);
        REQUIRE(parts[0].size() == 1);
        parts[0][0] = 6 * w;
        CHECK(net.weights(0)[0][0] == 7 * w);
        CHECK(wiring_of(net) == Arrivals{{{0, 2, 1}, 6 * w}, {{1, 3, 1}, 6 * w}});
    }
    SUBCASE("in parts, where delays are long") {
        auto const projection =
            net.connect(Cells(0), all.last(3), all_to_all(),
                        {.weight = Uniform{1, 2}, .delay = [](Gid, Gid target) { return target * 10.; }});
        std::size_t n = 0;
        for (auto const& part : net.weights(projection)) n += part.size();
        CHECK(net.weights(projection).size() == 3);
        CHECK(n == 3);
    }
}

TEST_CASE("weights are refused when their time is over") {
    auto const over = [](Weights<double> const& weights) {
        std::string const text =
            "weights: there has been a run since, or their connections have gone; ask for them anew";
        auto const says = [&](auto&& use) { return complaint(use) == text; };
        return says([&] { weights[0] = 1; }) && says([&] { (void)weights.data(); }) && says([&] {
                   for (auto& weight : weights) weight = 1;
               });
    };
    std::vector<Weights<double>> orphans;
    {
        Net net({.dt = dt});
        auto const all = net.add<Leaky>(4);
        auto const connect = [&] {
            return net.connect(all, all, all_to_all(), {.weight = Uniform{w, 2 * w}});
        };
        auto const projection = connect();
        auto const before = net.weights(projection)[0];
        connect();
        net.reset();
        before[0] = 3 * w;  // still good
        CHECK(net.weights(projection)[0][0] == 3 * w);
        net.run(1, quietly);
        CHECK(over(before));
        auto const later = net.weights(projection)[0];
        later[1] = 4 * w;
        net.clear_connections();
        CHECK(over(later));
        orphans = net.weights(connect());
        CHECK(orphans[0].size() == 12);
    }
    CHECK(over(orphans[0]));
}

TEST_CASE("thresholds: 10 mV, a cell type's own, the last value set for a source") {
    Net net({.dt = dt});
    auto const all = net.add<Leaky>(6);
    auto const spikes_at = [&](double v) {
        net.reset();
        net.set(all, "v", v);
        std::vector<Gid> gids;
        for (auto const& spike : net.run(dt, quietly)) gids.push_back(spike.gid);
        return gids;
    };
    using Gids = std::vector<Gid>;
    CHECK(spikes_at(10) == Gids{});  // above, not at
    CHECK(spikes_at(10.001) == Gids{0, 1, 2, 3, 4, 5});
    net.connect(all.first(2), all.last(1), all_to_all(), {.threshold = -10});
    CHECK(spikes_at(-9.9) == Gids{0, 1});
    net.connect(all.slice(1, 3), all.last(1), all_to_all(), {.threshold = -20});
    CHECK(spikes_at(-19.9) == Gids{1, 2});
    CHECK(spikes_at(-9.9) == Gids{0, 1, 2});
    net.connect(all, all.last(1), all_to_all(), {});  // sets none
    CHECK(spikes_at(-19.9) == Gids{1, 2});
    net.clear_connections();
    net.set_threshold(all.slice(2, 4), 0);
    CHECK(spikes_at(-19.9) == Gids{1});
    CHECK(spikes_at(0.1) == Gids{0, 1, 2, 3});
}

TEST_CASE("a cell spikes once each time it rises above its threshold") {
    Net net({.dt = dt});
    auto const cell = net.add<Leaky>(1);
    net.set_threshold(cell, -20);
    net.stimulate(cell, IClamp{.delay = 1, .dur = 3, .amp = 1});
    net.stimulate(cell, IClamp{.delay = 8, .dur = 2, .amp = 1});
    auto const v = net.probe(0, "v");
    Raster raster;
    for (int k = 0; k < 12; ++k) {
        auto const spikes = net.run(1, quietly);
        raster.insert(raster.end(), spikes.begin(), spikes.end());
    }
    std::vector<double> risen;
    for (std::size_t k = 1; k < v->values.size(); ++k)
        if (v->values[k] > -20 && v->values[k - 1] <= -20) risen.push_back(v->times[k]);
    REQUIRE(risen.size() == 2);
    REQUIRE(raster.size() == 2);
    for (std::size_t k = 0; k < 2; ++k) CHECK(raster[k].time == risen[k]);
}

TEST_CASE("wiring: drawn by the network's seed, the projection's number and the target's gid alone") {
    auto const wire = [](std::uint32_t seed, std::size_t cells, auto&& connect) {
        Net net({.dt = dt, .seed = seed});
        net.add<Leaky>(cells);
        connect(net);
        return wiring_of(net);
    };
    ProjectionOptions const options{
        .synapse = 1, .weight = Uniform{w, 1000 * w}, .delay = Uniform{dt, 7 * dt}};
    auto const whole =
        wire(1, 12, [&](Net& net) { net.connect(net.cells(), net.cells(), fixed_indegree(3), options); });
    CHECK(whole.size() > 30);
    // the target ranges of one projection in another order
    CHECK(wire(1, 12, [&](Net& net) {
              net.connect(net.cells(), net.cells().slice(5, 12) + net.cells().first(5), fixed_indegree(3),
                          options);
          }) == whole);
    // fewer targets
    auto const part = wire(1, 12, [&](Net& net) {
        net.connect(net.cells(), net.cells().slice(4, 9), fixed_indegree(3), options);
    });
    for (auto const& [key, weight] : part) CHECK(whole.at(key) == weight);
    CHECK(part.size() > 10);
    // more cells that are no sources
    CHECK(wire(1, 20, [&](Net& net) {
              net.connect(net.cells().first(12), net.cells().first(12), fixed_indegree(3), options);
          }) == whole);
    CHECK(wire(2, 12, [&](Net& net) { net.connect(net.cells(), net.cells(), fixed_indegree(3), options); }) !=
          whole);
    CHECK(wire(1, 12, [&](Net& net) {
              net.connect(Cells(), Cells(), all_to_all(), {});
              net.connect(net.cells(), net.cells(), fixed_indegree(3), options);
          }) != whole);
    // weights do not disturb the wiring, clear_connections begins anew
    CHECK(wire(1, 12, [&](Net& net) {
              net.connect(net.cells(), net.cells(), pairwise_probability(0.5), options);
              net.clear_connections();
              net.connect(net.cells(), net.cells(), fixed_indegree(3), options);
          }) == whole);
}

}  // namespace connections_tests
