// SPDX-License-Identifier: MIT

/// What whole networks cost: the three of networks.hpp, and how cost grows with size at 100 inputs a cell.
///
/// Every run's spikes must be those known to be NEURON's, or (single precision) those of the run before.
/// Times are of the run alone, on one core, and the processor's own, which other work on the machine disturbs
/// least; the counters are the best of the iterations: ns a cell and step with all that belongs to it, ns a
/// synaptic event. The growth cases also write network_growth.csv and draw network_growth.png.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>

#include "networks.hpp"

namespace {

namespace hk = hillock;

constexpr auto endless = std::numeric_limits<double>::infinity();
hk::RunOptions const quietly{.progress = false};

/// Seconds that the processor takes for some work.
double seconds(auto&& work) {
    auto const begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double ns_per_cell_step(hk::RunStatistics const& run, double seconds) {
    return seconds * 1e9 / (static_cast<double>(run.cells) * static_cast<double>(run.steps));
}

/// Runs a network again and again from the start, as long as its spikes are the expected ones: if none are
/// known, the first run's.
template <class Real, class Cell>
void run_again(benchmark::State& state, networks::Description const& description,
               std::optional<std::uint64_t> expected) {
    hk::basic_network<Real, hk::simd::native, Cell> network({.dt = description.dt});
    networks::build<Cell>(network, description);
    double best = endless;
    for (auto _ : state) {
        network.reset();
        hk::Raster spikes;
        auto const took = seconds([&] { spikes = network.run(description.tstop, quietly); });
        auto const found = networks::digest(spikes);
        if (found != expected.value_or(found))
            return state.SkipWithError(fmt::format("other spikes: digest {:#x}", found).c_str());
        expected = found;
        state.SetIterationTime(took);
        best = std::min(best, took);
    }
    state.counters["ns/cell-step"] = ns_per_cell_step(network.statistics(), best);
    state.counters["spikes"] = static_cast<double>(network.statistics().spikes);
}

using ConnorStevens = TutorialCell<hk::ConnorStevens>;
using WangBuzsaki = TutorialCell<hk::WangBuzsaki>;
using TabulatedConnorStevens = TutorialCell<hk::Tabulated<hk::ConnorStevens>>;
using TabulatedWangBuzsaki = TutorialCell<hk::Tabulated<hk::WangBuzsaki>>;
using networks::CobahhCell;

// NEURON's spikes, in 8.2.2 and 9.0.2.
constexpr std::uint64_t first_exact = 0x6ea71e2a374fea16, first_table = 0x8321a30bb0e23452,
                        second_exact = 0xf7e2d737564f5f4e, second_table = 0x871707d3479a3e66,
                        cobahh_exact = 0x2d6c2bbd3638fd72;

/// One of the three networks, its description made by `describe`.
template <class Real, class Cell>
void add(std::string const& name, networks::Description (*describe)(),
         std::optional<std::uint64_t> digest = {}) {
    benchmark::RegisterBenchmark(
        name.c_str(), [=](benchmark::State& state) { run_again<Real, Cell>(state, describe(), digest); })
        ->Iterations(5)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
}

void add_networks() {
    add<double, ConnorStevens>("first/double/exact", networks::first, first_exact);
    add<double, TabulatedConnorStevens>("first/double/table", networks::first, first_table);
    add<float, ConnorStevens>("first/single/exact", networks::first);
    add<double, WangBuzsaki>("second/double/exact", networks::second, second_exact);
    add<double, TabulatedWangBuzsaki>("second/double/table", networks::second, second_table);
    add<float, WangBuzsaki>("second/single/exact", networks::second);
    add<double, CobahhCell>("cobahh/double/exact", networks::cobahh, cobahh_exact);
    add<float, CobahhCell>("cobahh/single/exact", networks::cobahh);
}

// -- Growth ---------------------------------------------------------------------------------------

/// 100 inputs a cell, 4 of 5 excitatory, over the first network's delay. Their weight is 0: cells fire as
/// they are driven to, equally often in networks of any size, and a spike is delivered to the last synapse
/// all the same.
template <class Network>
void connect(Network& network, std::size_t inputs) {
    auto const cells = network.cells();
    auto const excitatory = cells.first(cells.size() / 5 * 4),
               inhibitory = cells.last(cells.size() - excitatory.size());
    network.connect(excitatory, cells, hk::fixed_indegree(static_cast<std::int64_t>(inputs / 5 * 4)),
                    {.synapse = 0, .delay = 0.1});
    network.connect(inhibitory, cells, hk::fixed_indegree(static_cast<std::int64_t>(inputs / 5)),
                    {.synapse = 1, .delay = 0.1});
    network.connect(0, 1, hk::all_to_all(),
                    {.synapse = 0, .delay = 0.1});  // if there are no others: equally short epochs
}

/// A number in [0, 1) for a cell.
double spread(hk::Gid gid) { return hk::RandomStream({.id1 = gid, .key0 = 7, .key1 = 7}).uniform(); }

/// Next to no work but a spike every 5 ms: what is left of a network's cost is that of its spikes.
template <class T>
struct Metronome {
    T period = 5;  // ms

    struct State {
        T phase;
    };

    static constexpr std::string_view name = "Metronome";
    static constexpr auto parameters() { return std::array{hk::Field{"period", "ms", &Metronome::period}}; }
    static constexpr auto states() { return std::array{hk::Field{"phase", "", &State::phase}}; }

    State initial(T) const { return {T(0)}; }
    void advance(State& s, T, T dt) const {
        s.phase = s.phase + dt / period;
        s.phase = select(s.phase > T(1), s.phase - 1., s.phase);
    }
    hk::Current<T> current(T, State const& s) const {
        return hk::ohmic(T(1), select(s.phase > T(0.5), T(0), T(-65)));
    }
};

/// Simulated ms of a growth case: about equally many steps of cells up to 10^5 cells.
double duration(std::size_t cells) { return std::max(10., 4e6 / static_cast<double>(cells) * 0.25); }

struct Cost {
    double step = 0, event = 0;  // ns
};
std::map<std::size_t, Cost> growth;  // by the number of cells

/// The step of a cell in all, firing steadily from an electrode.
void growth_step(benchmark::State& state) {
    auto const n = static_cast<std::size_t>(state.range(0));
    hk::Network<ConnorStevens> network;
    auto const cells = network.add<ConnorStevens>(n);
    network.set(cells, "v_init", [](hk::Gid gid) { return -80 + 40 * spread(gid); });
    network.set_threshold(cells, -10);
    network.stimulate(cells, hk::IClamp{.dur = 1e9, .amp = 0.3});
    connect(network, 100);
    network.run(10, quietly);
    double best = endless;
    for (auto _ : state) {
        auto const took = seconds([&] { network.run(duration(n), quietly); });
        state.SetIterationTime(took);
        best = std::min(best, took);
    }
    auto const& run = network.statistics();
    growth[n].step = state.counters["ns/cell-step"] = ns_per_cell_step(run, best);
    state.counters["rate"] = run.mean_rate();
    state.counters["connections/s"] = static_cast<double>(run.connections) / run.build_seconds;
}

/// A synaptic event: by how much longer a network of metronomes takes with connections than without.
void growth_event(benchmark::State& state) {
    using Cell = TutorialCell<Metronome<double>>;
    auto const n = static_cast<std::size_t>(state.range(0));
    hk::Network<Cell> connected, alone;
    for (auto* network : {&connected, &alone}) {
        auto const cells = network->add<Cell>(n);
        network->set_threshold(cells, -30);
        network->set(cells, "phase", spread);
        connect(*network, network == &connected ? 100 : 0);
        network->run(1, quietly);
    }
    double with = endless, without = endless;
    for (auto _ : state) {
        auto const took = seconds([&] { connected.run(duration(n), quietly); });
        state.SetIterationTime(took);
        with = std::min(with, took);
        without = std::min(without, seconds([&] { alone.run(duration(n), quietly); }));
        if (connected.statistics().spikes != alone.statistics().spikes)
            return state.SkipWithError("connections of weight 0 changed the spikes");
    }
    auto const& run = connected.statistics();
    growth[n].event = state.counters["ns/event"] =
        (with - without) * 1e9 / (100 * static_cast<double>(run.spikes));
    state.counters["ns/cell-step"] = ns_per_cell_step(run, with);
    state.counters["rate"] = run.mean_rate();
}

void add_growth() {
    for (auto const& [name, run] :
         {std::pair{"growth/step", &growth_step}, std::pair{"growth/event", &growth_event}}) {
        auto* const added = benchmark::RegisterBenchmark(name, run);
        for (std::int64_t n : {1'000, 3'000, 10'000, 30'000, 100'000, 300'000, 1'000'000}) added->Arg(n);
        added->Iterations(3)->UseManualTime()->Unit(benchmark::kMillisecond);
    }
}

void write_growth() {
    hk::OutputFile file("network_growth.csv");
    file.print("cells,ns_per_cell_step,ns_per_event\n");
    hk::plot::Curve steps{
        .label = "step of a Connor-Stevens cell, its 100 inputs included", .x = {}, .y = {}},
        events{.label = "synaptic event", .x = {}, .y = {}};
    for (auto const& [cells, cost] : growth) {
        file.print("{},{:.3f},{:.3f}\n", cells, cost.step, cost.event);
        for (auto* curve : {&steps, &events}) {
            curve->x.push_back(static_cast<double>(cells));
            curve->y.push_back(curve == &steps ? cost.step : cost.event);
        }
    }
    file.commit();
    auto const picture = hk::plot::lines("network_growth.png", {steps, events},
                                         {.title = "Cost by size of the network, one core",
                                          .x = {.label = "cells", .logarithmic = true},
                                          .y = {.label = "ns", .first = 0}});
    fmt::print("network_growth.csv\n{}\n", picture.message());
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    add_networks();
    add_growth();
    benchmark::RunSpecifiedBenchmarks();
    try {
        if (!growth.empty()) write_growth();
    } catch (hk::Error const& error) {
        fmt::print(stderr, "network: {}\n", error.what());
        return 1;
    }
}
