// SPDX-License-Identifier: MIT

/// Inputs that vary in time: random trains, currents by points, noise.

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/files/csv.hpp>

#include "../cells.hpp"

namespace inputs_tests {

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

/// A leak on a soma and a dendrite.
struct Stick : Cell<Stick> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 300;
        dend.diam = 2;
        dend.nseg = 5;
        soma.Ra = dend.Ra = 100;
    }
    auto define_biophysics() {
        Passive const leak{.g = 1e-3, .e = -70};
        return biophysics(insert(soma, leak), insert(dend, leak));
    }
    auto create_synapses() { return synapses(place(ExpSyn{.tau = 2}, dend(0.5))); }
};
using Sticks = Network<Leaky, Stick>;

/// The current that has flowed into a Leaky cell in each step, from its voltages: nA.
std::vector<double> currents(Trace const& v) {
    auto const area = std::numbers::pi * Leaky::L * Leaky::L * 1e-8;  // cm2
    std::vector<double> all;
    for (std::size_t k = 0; k + 1 < v.values.size(); ++k)
        all.push_back(area * 1e6 *
                      (1e-3 * Leaky::cm * (v.values[k + 1] - v.values[k]) / dt +
                       Leaky::g * (v.values[k + 1] - Leaky::e)));
    return all;
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

TEST_CASE("Poisson: a shared train is the same in all cells of its call, and in no others") {
    for (bool const varying : {false, true}) {
        auto const all = arrivals(6, 30, [&](auto& net, auto const& cells) {
            for (auto const& some : {cells.slice(1, 3) + cells.last(1), cells.slice(3, 5)}) {
                if (varying)
                    net.stimulate(some, InhomogeneousPoisson{.times = {0}, .rates = {8e3}, .shared = true},
                                  onto);
                else
                    net.stimulate(some, Poisson{.rate = 8e3, .shared = true}, onto);
            }
        });
        auto const own = arrivals(
            2, 30, [](auto& net, auto const& cells) { net.stimulate(cells, Poisson{.rate = 8e3}, onto); });
        CHECK(all[0] == Counts(300, 0.));
        CHECK(all[1] == all[2]);
        CHECK(all[1] == all[5]);
        CHECK(all[3] == all[4]);
        CHECK(all[1] != all[3]);
        CHECK(all[1] != own[1]);
    }
}

TEST_CASE("InhomogeneousPoisson: rates that hold until the next, or lead there in a line") {
    std::vector<double> const times{5, 15, 20}, rates{2e4, 6e4, 1e4};
    constexpr Gid n = 300;
    for (bool const linear : {false, true}) {
        CAPTURE(linear);
        auto const all = arrivals(n, 30, [&](auto& net, auto const& cells) {
            net.stimulate(cells, InhomogeneousPoisson{.times = times, .rates = rates, .linear = linear},
                          {.synapse = Leaky::expcurrent, .weight = 1, .delay = 1});
        });
        for (std::size_t k = 0; k < 300; ++k) {
            auto const t = (static_cast<double>(k) + 0.5) * dt - 1;  // the middle of the step of firing
            double rate = 0;
            if (t >= 5) rate = linear && t < 15 ? 2e4 + (t - 5) * 4e3 : 2e4;
            if (t >= 15) rate = linear && t < 20 ? 6e4 - (t - 15) * 1e4 : 6e4;
            if (t >= 20) rate = 1e4;
            double sum = 0;
            for (auto const& cell : all) sum += cell[k];
            auto const mean = rate * 1e-3 * dt * n;
            CHECK(std::abs(sum - mean) <= 4.5 * std::sqrt(mean));
        }
    }
    auto const constant = [&](bool linear) {
        return arrivals(3, 20, [&](auto& net, auto const& cells) {
            net.stimulate(
                cells, InhomogeneousPoisson{.times = {-3, 9}, .rates = {7e3, 7e3}, .linear = linear}, onto);
        });
    };
    auto const expected = arrivals(
        3, 20, [](auto& net, auto const& cells) { net.stimulate(cells, Poisson{.rate = 7e3}, onto); });
    CHECK(constant(false) == expected);
    CHECK(constant(true) == expected);
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
    using Varying = InhomogeneousPoisson;
    auto const of = [&](Varying const& source) {
        return complaint([&] { net.stimulate(all, source, onto); });
    };
    CHECK(of({{1, 2}, {1}}) == "InhomogeneousPoisson: 2 times and 1 rates: must be one rate for each time");
    CHECK(of({}) == "InhomogeneousPoisson: no points: must be at least one");
    CHECK(of({{1, 1}, {1, 1}}) == "InhomogeneousPoisson: time 1 ms after 1 ms: must ascend");
    CHECK(of({{NaN}, {1}}) == "InhomogeneousPoisson: time nan ms: must be finite, and at most 1e12");
    CHECK(of({{1}, {-1}}) == "InhomogeneousPoisson: rate = -1 spikes/s: must be finite and not negative");
    CHECK(of({{1}, {1}})
              .starts_with("InhomogeneousPoisson.stream = 0: some of these cells have a Poisson process"));
}

TEST_CASE("CurrentTrace: NEURON's voltages with Vector.play, in one compartment and on a dendrite") {
    CurrentTrace const points{.times = {1.03, 3.33, 3.33, 7.77, 12.05, 15.},
                              .values = {0.02, 0.1, -0.05, 0.2, 0.05, 0.07}};
    auto stepped = points, on_dendrite = points;
    stepped.stepped = true;
    on_dendrite.where = "dend(0.7)";
    Sticks net({.dt = dt});
    net.add<Leaky>(20);
    net.add<Stick>(3);
    net.stimulate(Cells(0) + Cells(19), points);
    net.stimulate(18, stepped);
    net.stimulate(22, on_dendrite);
    std::array const found{net.probe(19, "v"), net.probe(18, "v"), net.probe(22, "dend(0.7).v")};
    auto const other = net.probe(17, "v"), first = net.probe(0, "v");
    net.run(7.3, {.threads = 2, .progress = false});
    net.run(12.7, quietly);
    CsvReader<std::size_t, double, double, double> file("reference/data/currents.csv",
                                                        {"step", "interpolated", "stepped", "dendrite"});
    std::size_t rows = 0;
    while (auto const row = file.next()) {
        auto const [step, interpolated, in_steps, dendrite] = *row;
        CHECK(std::abs(found[0]->values[step] - interpolated) < 1e-6);
        CHECK(std::abs(found[1]->values[step] - in_steps) < 1e-6);
        CHECK(std::abs(found[2]->values[step] - dendrite) < 1e-6);
        ++rows;
    }
    CHECK(rows == 51);
    CHECK(first->values == found[0]->values);
    CHECK(other->values[200] == doctest::Approx(Leaky::e).epsilon(1e-3));
}

TEST_CASE("CurrentTrace: several in one cell add up, also to an IClamp; a single point is a constant") {
    Network<Leaky> net({.dt = dt});
    auto const all = net.add<Leaky>(9);
    net.stimulate(all, CurrentTrace{.times = {3}, .values = {0.02}});
    net.stimulate(all.last(4), CurrentTrace{.times = {0, 1, 2}, .values = {0.1, 0.2, 0.}, .stepped = true});
    net.stimulate(all, IClamp{.delay = 3, .dur = 1, .amp = 0.3});
    auto const one = net.probe(0, "v"), both = net.probe(8, "v");
    for (int again = 0; again < 2; ++again) {
        net.run(6, quietly);
        auto const a = currents(*one), b = currents(*both);
        for (std::size_t k = 0; k < 60; ++k) {
            auto const clamp = k >= 30 && k < 40 ? 0.3 : 0;
            CHECK(a[k] == doctest::Approx(0.02 + clamp).epsilon(1e-9));
            CHECK(b[k] == doctest::Approx(0.02 + clamp + (k < 10 ? 0.1 : k < 20 ? 0.2 : 0)).epsilon(1e-9));
        }
        net.reset();
    }
    net.clear_stimuli();
    net.run(1, quietly);
    for (auto const nA : currents(*both)) CHECK(std::abs(nA) < 1e-12);
}

TEST_CASE("OrnsteinUhlenbeck: mean, deviation and autocorrelation of the current, each cell's its own") {
    constexpr double mean = 0.03, sd = 0.2, tau = 0.5;
    constexpr Gid n = 40;
    Network<Leaky> net({.dt = dt});
    auto const all = net.add<Leaky>(n);
    net.stimulate(all, OrnsteinUhlenbeck{.mean = mean, .sd = sd, .tau = tau, .start = 2, .duration = 300});
    std::vector<std::shared_ptr<Trace const>> v;
    for (auto const gid : all) v.push_back(net.probe(gid, "v"));
    net.run(304, quietly);
    std::vector<std::vector<double>> nA;
    for (auto const& each : v) nA.push_back(currents(*each));
    double sum = 0, square = 0, third = 0, fourth = 0, apart = 0, at_first = 0;
    std::array<double, 3> lagged{};
    std::array<std::size_t, 3> const lags{1, 4, 9};
    for (Gid c = 0; c < n; ++c) {
        auto const x = [&](std::size_t k) { return (nA[c][20 + k] - mean) / sd; };
        for (std::size_t k = 0; k < 3000; ++k) {
            sum += x(k);
            square += x(k) * x(k);
            third += x(k) * x(k) * x(k);
            fourth += x(k) * x(k) * x(k) * x(k);
            apart += x(k) * (nA[(c + 1) % n][20 + k] - mean) / sd;
            for (std::size_t l = 0; l < 3; ++l)
                if (k >= lags[l]) lagged[l] += x(k) * x(k - lags[l]);
        }
        at_first += x(0) * x(0);
        CHECK(std::abs(nA[c][19]) < 1e-12);
        CHECK(std::abs(nA[c][3020]) < 1e-12);
    }
    double const draws = 3000. * n, independent = draws * dt / tau / 2;
    auto const off = 4 / std::sqrt(independent);
    CHECK(std::abs(sum / draws) < off);
    CHECK(square / draws == doctest::Approx(1).epsilon(1.5 * off));
    CHECK(std::abs(third / draws) < 4 * off);
    CHECK(fourth / draws == doctest::Approx(3).epsilon(4 * off));
    CHECK(std::abs(apart / draws) < off);
    for (std::size_t l = 0; l < 3; ++l)
        CHECK(std::abs(lagged[l] / draws - std::exp(-static_cast<double>(lags[l]) * dt / tau)) < 1.5 * off);
    CHECK(at_first / n == doctest::Approx(1).epsilon(0.9));  // stationary from the first step on
}

TEST_CASE("OrnsteinUhlenbeck: the same on any lanes and threads, in any pieces of a run, after a reset, in a "
          "copy") {
    auto const make = [](auto& net) {
        auto const all = net.template add<Leaky>(37);
        net.stimulate(all.last(30), OrnsteinUhlenbeck{.sd = 0.1, .tau = 3, .start = 1});
        net.stimulate(all.first(20), OrnsteinUhlenbeck{.mean = 0.1, .sd = 0.1, .tau = 1, .stream = 1});
        net.connect(all.first(1), all.last(1), one_to_one(), {.delay = 0.5});
    };
    Network<Leaky> net({.dt = dt});
    make(net);
    net.run(12, quietly);
    auto const expected = net.digest();
    net.reset();
    net.run(5.3, {.threads = 3, .progress = false});
    auto copy = net;
    for (auto* each : {&net, &copy}) {
        each->run(1.2, quietly);
        each->run(5.5, {.threads = 2, .progress = false});
        CHECK(each->digest() == expected);
    }
    ScalarNetwork<Leaky> scalar({.dt = dt});
    make(scalar);
    scalar.run(12, quietly);
    CHECK(scalar.digest() == expected);
    Network<Leaky> other({.dt = dt, .stimulus_seed = 1});
    make(other);
    other.run(12, quietly);
    CHECK(other.digest() != expected);
}

TEST_CASE("currents: bad input") {
    SingleNetwork<Leaky> net({.dt = dt});
    auto const all = net.add<Leaky>(4);
    auto const said = [&](auto const& source) { return complaint([&] { net.stimulate(all, source); }); };
    using Trace = CurrentTrace;
    CHECK(said(Trace{{1, 2}, {1}}) == "CurrentTrace: 2 times and 1 values: must be one value for each time");
    CHECK(said(Trace{}) == "CurrentTrace: no points: must be at least one");
    CHECK(said(Trace{{1, NaN}, {1, 1}}) == "CurrentTrace: time nan ms: must be finite, and at most 1e12");
    CHECK(said(Trace{{1, 1e13}, {1, 1}}) ==
          "CurrentTrace: time 10000000000000 ms: must be finite, and at most 1e12");
    CHECK(said(Trace{{2, 1}, {1, 1}}) == "CurrentTrace: time 1 ms after 2 ms: must not descend");
    CHECK(said(Trace{{2, 2, 2}, {1, 1, 1}}) == "CurrentTrace: three points at 2 ms: must be at most two");
    CHECK(said(Trace{{2}, {1e300}}) ==
          "CurrentTrace: value = 1e+300 nA: must be finite, and at most 3.4e38 in single precision");
    CHECK(said(Trace{.times = {2}, .values = {1}, .where = "axon(0.5)"})
              .starts_with("'axon(0.5)' is no place on the cell"));
    using Noise = OrnsteinUhlenbeck;
    CHECK(said(Noise{.mean = NaN}) == "OrnsteinUhlenbeck.mean = nan nA: must be finite");
    CHECK(said(Noise{.sd = -1}) == "OrnsteinUhlenbeck.sd = -1 nA: must be finite and not negative");
    CHECK(said(Noise{.tau = 0}) == "OrnsteinUhlenbeck.tau = 0 ms: must be finite and positive");
    CHECK(said(Noise{.start = -1}) == "OrnsteinUhlenbeck.start = -1 ms: must be finite and not negative");
    CHECK(said(Noise{.duration = NaN}) == "OrnsteinUhlenbeck.duration = nan ms: must be positive");
    CHECK(said(Noise{}) == "(no complaint)");
    CHECK(
        said(Noise{}).starts_with("OrnsteinUhlenbeck.stream = 0: some of these cells have a noise current"));
    net.run(1, quietly);
    for (auto const gid : all) CHECK(net.get(gid, "v") == doctest::Approx(net.get(0, "v")));
}

TEST_CASE(
    "change: another source or target from now on, what was fired stays on its way; after a reset as if "
    "from the start") {
    StimulusTarget const late{.synapse = Leaky::expcurrent, .weight = 1, .delay = 1.5};
    StimulusTarget const heavy{.synapse = Leaky::expcurrent, .weight = 3, .delay = 0.5};
    auto const each = [&](auto const& before, auto const& after) {
        auto const with = [&](auto const& source, StimulusTarget const& target) {
            return arrivals(5, 20,
                            [&](auto& net, auto const& cells) { net.stimulate(cells, source, target); });
        };
        auto const first = with(before, late), second = with(after, heavy);
        Network<Leaky> net({.dt = dt, .stimulus_seed = 5});
        auto const handle = net.stimulate(net.add<Leaky>(5), before, late);
        auto const trace = net.probe(3, "synapses[3].i");
        net.run(8, quietly);
        net.change(handle, after, heavy);
        auto copy = net;
        net.run(4, quietly);
        net.run(8, {.threads = 2, .progress = false});
        Counts expected(first[3].begin(), first[3].begin() + 80);
        for (std::size_t k = 80; k < 200; ++k)
            expected.push_back((k < 95 ? first[3][k] : 0) + (k < 85 ? 0 : second[3][k]));
        CHECK(counts(*trace) == expected);
        copy.run(12, quietly);
        CHECK(copy.digest() == net.digest());
        net.reset();
        net.run(20, quietly);
        CHECK(counts(*trace) == second[3]);
        net.reset();
        net.change(handle, before, late);
        net.run(20, quietly);
        CHECK(counts(*trace) == first[3]);
    };
    each(Poisson{.rate = 9000}, Poisson{.rate = 20000});
    NetStim const noisy{.interval = 0.7, .noise = 1, .start = 0, .number = 1e9};
    each(noisy, NetStim{.interval = 0.4, .noise = 0.5, .start = 0, .number = 1e9});
    each(noisy, Poisson{.rate = 3000, .start = 2});
    each(InhomogeneousPoisson{.times = {2, 9}, .rates = {9e3, 1e3}, .linear = true}, noisy);
    each(SpikeTimes{{1, 7.9, 6.4, 6.6, 8, 9}}, noisy);
}

TEST_CASE("remove: nothing more is fired, also after a reset; its stream is free, its handle is not good any "
          "more") {
    Network<Leaky> net({.dt = dt}), other({.dt = dt});
    auto const all = net.add<Leaky>(4);
    other.add<Leaky>(4);
    StimulusTarget const late{.synapse = Leaky::expcurrent, .weight = 1, .delay = 1};
    Poisson const source{.rate = 1e5};
    auto const poisson = net.stimulate(all, source, late);
    auto const clamp = net.stimulate(all, IClamp{.delay = 0, .dur = 100, .amp = 0.1});
    auto const played = net.stimulate(all, CurrentTrace{.times = {0}, .values = {0.2}});
    auto const noise = net.stimulate(all.first(2), OrnsteinUhlenbeck{.mean = 1, .sd = 0.1});
    auto const events =
        net.stimulate(std::vector<ExternalEvent>{{3, 4, Leaky::expsyn, 1}, {3, 7, Leaky::expsyn, 1}});
    net.stimulate(std::vector<ExternalEvent>{{2, 7, Leaky::expsyn, 1}});
    auto const i = net.probe(3, "synapses[3].i"), g = net.probe(3, "synapses[1].g"), v = net.probe(3, "v");
    net.run(5, quietly);
    for (auto const& handle : {clamp, played, noise, poisson, events}) net.remove(handle);
    net.run(5, quietly);
    auto const n = counts(*i);
    CHECK(n[59] > 0);
    for (std::size_t k = 60; k < 100; ++k) CHECK(n[k] == 0);
    CHECK(g->values[42] > 0.5);
    CHECK(g->values[75] < g->values[42]);
    CHECK(net.get(2, "synapses[1].g") > 0.1);  // another call's events stay
    CHECK(complaint([&] { net.remove(poisson); }) == "remove: stimulus 0 has been removed");
    CHECK(complaint([&] { net.change(noise, OrnsteinUhlenbeck{}); }) ==
          "change: stimulus 3 has been removed");
    CHECK(complaint([&] { other.remove(poisson); }) == "remove: a stimulus of another network");
    auto const again = net.stimulate(all, source, late);
    net.remove(again);
    net.reset();
    net.run(10, quietly);
    CHECK(counts(*i) == Counts(100, 0.));
    for (auto const nA : currents(*v)) CHECK(std::abs(nA) < 1e-12);
    CHECK(g->values == std::vector<double>(101, 0.));
}

TEST_CASE("change: a source that does not fit changes nothing") {
    Network<Leaky> net({.dt = dt}), untouched({.dt = dt});
    std::vector<Stimulus> handles;
    for (auto* each : {&net, &untouched}) {
        auto const all = each->add<Leaky>(4);
        handles = {each->stimulate(all, Poisson{.rate = 1e4}, onto),
                   each->stimulate(all.first(2), Poisson{.rate = 1e4, .stream = 1}, onto),
                   each->stimulate(std::vector<ExternalEvent>{{0, 1, 0, 1}}),
                   each->stimulate(all, OrnsteinUhlenbeck{.sd = 0.1})};
        if (each == &net) net.run(3, quietly);
        if (each == &untouched) untouched.run(3, quietly);
        if (each == &net) {
            auto const said = [&](auto&& mistake) { return complaint(mistake); };
            CHECK(
                said([&] { net.change(handles[0], Poisson{.rate = -1}); }).starts_with("Poisson.rate = -1"));
            CHECK(said([&] {
                      net.change(handles[0], Poisson{.stream = 1});
                  }).starts_with("Poisson.stream = 1"));
            CHECK(said([&] { net.change(handles[0], IClamp{.where = "axon"}); }).starts_with("'axon'"));
            CHECK(said([&] {
                      net.change(handles[0], Poisson{}, StimulusTarget{.synapse = 9});
                  }).starts_with("synapse 9 of cell 0"));
            CHECK(said([&] { net.change(handles[2], Poisson{}); }) ==
                  "change: stimulus 2 is of listed events, which can be removed alone");
        }
        each->run(3, quietly);
    }
    CHECK(net.digest() == untouched.digest());
}

TEST_CASE("snapshots hold noise and what has changed; other stimuli are an error") {
    auto const make = [](auto& net, double rate = 5e3) {
        auto const all = net.template add<Leaky>(5);
        net.stimulate(all, NetStim{.interval = 1, .noise = 1, .start = 0, .number = 1e9},
                      {.synapse = Leaky::expsyn, .weight = 1e-3});
        net.stimulate(all, OrnsteinUhlenbeck{.sd = 0.1, .tau = 30, .start = 1});
        return net.stimulate(all.last(3), Poisson{.rate = rate},
                             {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 2});
    };
    Network<Leaky> net({.dt = dt}), again({.dt = dt}), plain({.dt = dt});
    auto const poisson = make(net);
    net.run(6, quietly);
    net.change(poisson, Poisson{.rate = 9e3});
    net.stimulate(4, OrnsteinUhlenbeck{.sd = 0.2, .tau = 3, .stream = 1});
    net.run(1, quietly);
    auto const here = net.save();
    net.run(9, quietly);

    make(plain);
    CHECK(complaint([&] { plain.restore(here); }) == "snapshot of another network: stimuli: 4 there, 3 here");
    again.change(make(again), Poisson{.rate = 9e3});
    again.stimulate(4, OrnsteinUhlenbeck{.sd = 0.3, .tau = 3, .stream = 1});
    CHECK(complaint([&] {
              again.restore(here);
          }).starts_with("snapshot of another network: a stimulus's digest"));
    again = Network<Leaky>({.dt = dt});
    again.change(make(again), Poisson{.rate = 9e3},
                 StimulusTarget{.synapse = Leaky::expsyn, .weight = 2e-3, .delay = 2});
    again.stimulate(4, OrnsteinUhlenbeck{.sd = 0.2, .tau = 3, .stream = 1});
    CHECK(complaint([&] {
              again.restore(here);
          }).starts_with("snapshot of another network: a stimulus's digest"));
    again.clear_stimuli();
    again = Network<Leaky>({.dt = dt});
    again.change(make(again), Poisson{.rate = 9e3});
    again.stimulate(4, OrnsteinUhlenbeck{.sd = 0.2, .tau = 3, .stream = 1});
    again.restore(here);
    again.run(9, quietly);
    CHECK(again.digest() == net.digest());
}

}  // namespace inputs_tests
