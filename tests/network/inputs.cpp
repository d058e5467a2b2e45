// SPDX-License-Identifier: MIT

/// Inputs that vary in time: random trains.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

constexpr double dt = 0.1, NaN = std::numeric_limits<double>::quiet_NaN();
using Counts = std::vector<double>;

/// How many events of weight 1 have reached a cell's ExpCurrent in each step.
Counts counts(Trace const& current) {
    Counts all;
    for (std::size_t k = 0; k + 1 < current.values.size(); ++k)
        all.push_back(std::round(current.values[k + 1] * std::exp(dt / 4) - current.values[k]));
    return all;
}

/// The same for each of some cells, driven by `drive(net, cells)` for `duration` ms.
template <class Net = Network<Leaky>>
std::vector<Counts> arrivals(Gid cells, double duration, auto&& drive, RunOptions const& options = quietly) {
    Net net({.dt = dt, .stimulus_seed = 5});
    auto const all = net.template add<Leaky>(cells);
    drive(net, all);
    std::vector<std::shared_ptr<Trace const>> traces;
    for (auto const gid : all) traces.push_back(net.probe(gid, "synapses[3].i"));
    net.run(duration, options);
    std::vector<Counts> each;
    for (auto const& trace : traces) each.push_back(counts(*trace));
    return each;
}

StimulusTarget const onto{.synapse = Leaky::expcurrent, .weight = 1, .delay = 0};

}  // namespace

TEST_CASE("Poisson: numbers of events by their probabilities, independent over steps and cells") {
    constexpr double mean = 1.6;
    constexpr Gid n = 20;
    auto const all = arrivals(n, 400, [](auto& net, auto const& cells) {
        net.stimulate(cells, Poisson{.rate = mean / dt * 1e3}, onto);
    });
    std::array<double, 6> seen{};
    double in_time = 0, in_cells = 0, next_but_three = 0;
    auto const steps = all[0].size();
    REQUIRE(steps == 4000);
    for (Gid c = 0; c < n; ++c)
        for (std::size_t k = 0; k < steps; ++k) {
            auto const off = all[c][k] - mean;
            seen[static_cast<std::size_t>(std::min(5., all[c][k]))] += 1;
            if (k > 0) in_time += off * (all[c][k - 1] - mean);
            if (k > 3) next_but_three += off * (all[c][k - 4] - mean);
            in_cells += off * (all[(c + 1) % n][k] - mean);
        }
    double const draws = static_cast<double>(n) * static_cast<double>(steps);
    double left = 1, p = std::exp(-mean), chi_square = 0;
    for (std::size_t k = 0; k < 6; ++k) {
        auto const expected = draws * (k < 5 ? p : left);
        chi_square += (seen[k] - expected) * (seen[k] - expected) / expected;
        left -= p;
        p *= mean / static_cast<double>(k + 1);
    }
    CHECK(chi_square < 20.5);  // 5 degrees of freedom: 1 in 1000
    for (auto const covariance : {in_time, in_cells, next_but_three})
        CHECK(std::abs(covariance / draws / mean) < 4 / std::sqrt(draws));
}

TEST_CASE("Poisson: from start on, for a duration, a delay later, whose draws are those without delay") {
    auto const driven = [](Poisson const& source, double delay, double weight = 1) {
        return arrivals(3, 60, [&](auto& net, auto const& cells) {
            net.stimulate(cells.last(2), source,
                          {.synapse = Leaky::expcurrent, .weight = weight, .delay = delay});
        });
    };
    auto const whole = driven({.rate = 1e5}, 0);
    auto const part = driven({.rate = 1e5, .start = 10, .duration = 20}, 1.5, -1);
    auto const other = driven({.rate = 1e5, .stream = 1}, 0);
    double sum = 0;
    for (Gid c = 1; c < 3; ++c)
        for (std::size_t k = 0; k < 600; ++k) {
            auto const fires = k >= 115 && k < 315;
            CHECK(part[c][k] == (fires ? -whole[c][k - 15] : 0));
            sum += whole[c][k];
        }
    CHECK(sum == doctest::Approx(12000).epsilon(0.04));
    CHECK(whole[0] == Counts(600, 0.));
    CHECK(whole[1] != whole[2]);
    CHECK(whole[1] != other[1]);
}

TEST_CASE("Poisson: the same on any lanes and threads, in any pieces of a run, again after a reset") {
    auto const drive = [](auto& net, auto const& cells) {
        net.stimulate(cells.last(30), Poisson{.rate = 4000, .duration = 5}, onto);
        net.stimulate(cells.first(20), Poisson{.rate = 1e6, .stream = 1},
                      {.synapse = Leaky::expcurrent, .weight = 1, .delay = 0.3});
        net.connect(cells.first(1), cells.last(1), one_to_one(), {.delay = 0.5});
    };
    auto const expected = arrivals(37, 12, drive);
    CHECK(arrivals<ScalarNetwork<Leaky>>(37, 12, drive) == expected);
    CHECK(arrivals(37, 12, drive, {.threads = 3, .progress = false}) == expected);
    Network<Leaky> net({.dt = dt, .stimulus_seed = 5});
    drive(net, net.add<Leaky>(37));
    auto const trace = net.probe(33, "synapses[3].i");
    for (std::size_t threads : {1, 2}) {
        for (double const piece : {0.1, 0.7, 3.2, 8.})
            net.run(piece, {.threads = threads, .progress = false});
        CHECK(counts(*trace) == expected[33]);
        net.reset();
    }
    net.clear_stimuli();
    net.run(12, quietly);
    CHECK(counts(*trace) == Counts(120, 0.));
    net.stimulate(33, Poisson{.rate = 1e6}, onto);  // its stream is free again
}

TEST_CASE("Poisson: bad input") {
    Network<Leaky> net({.dt = dt});
    auto const all = net.add<Leaky>(4);
    auto const said = [&](Poisson const& source) {
        return complaint([&] { net.stimulate(all, source, onto); });
    };
    CHECK(said({.rate = -1}) == "Poisson.rate = -1 spikes/s: must be finite and not negative");
    CHECK(said({.rate = NaN}) == "Poisson.rate = nan spikes/s: must be finite and not negative");
    CHECK(said({.rate = 1.1e8}) ==
          "Poisson.rate = 110000000 spikes/s: must be at most 100000000, 10000 in a step");
    CHECK(said({.rate = 1, .start = -1}) == "Poisson.start = -1 ms: must be finite and not negative");
    CHECK(said({.rate = 1, .duration = 0}) == "Poisson.duration = 0 ms: must be positive");
    CHECK(complaint([&] { net.stimulate(all, Poisson{}, {.synapse = 7}); }) ==
          "synapse 7 of cell 0: cells::Leaky has 4 synapses (numbered from 0)");
    net.stimulate(all.first(2), Poisson{.rate = 1}, onto);
    CHECK(said({.rate = 1}) ==
          "Poisson.stream = 0: some of these cells have a Poisson process on that stream already and would "
          "get the same draws again; give this one another stream");
    net.stimulate(all.last(2), Poisson{.rate = 1}, onto);
    net.stimulate(all, Poisson{.rate = 1, .stream = 1}, onto);
}
