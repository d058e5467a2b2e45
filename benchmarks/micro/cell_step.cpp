// SPDX-License-Identifier: MIT

/// What a step of a cell costs: 1024 cells of 15 x 15 um with a channel and two Exp2Syn, spread over voltages, without spikes to
/// deliver. items_per_second counts cells and steps; a lane's answer is checked against a single number's, bit for bit.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include <hillock/hillock.hpp>

namespace {

namespace hk = hillock;

template <class Channel>
struct Soma : hk::Cell<Soma<Channel>> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, Channel{})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)));
    }
};

constexpr std::size_t cells = 1024;

/// Cells with voltages from -90 to 12 mV, each with something on its synapses.
template <class Population>
void spread(Population& population) {
    std::vector<hk::Gid> gids(cells);
    std::iota(gids.begin(), gids.end(), hk::Gid{0});
    population.add(gids);
    auto const set_v = population.setter("v"), set_b = population.setter("synapses[0].B");
    for (std::size_t k = 0; k < cells; ++k) {
        set_v(k, -90 + 0.1 * static_cast<double>(k));
        set_b(k, 1e-4);
    }
    population.inbox().reach(0, 1);
}

template <class Real, class Arch, class Channel>
void step(benchmark::State& state) {
    hk::Population<Real, Arch, Soma<Channel>> population(0.025);
    hk::Population<Real, hk::simd::scalar, Soma<Channel>> reference(0.025);
    spread(population);
    spread(reference);
    std::vector<hk::GridSpike> spikes;
    for (hk::Step n = 0; n < 100; ++n) {
        population.advance(0, population.blocks(), n, spikes);
        reference.advance(0, reference.blocks(), n, spikes);
    }
    auto const v = population.getter("v"), expected = reference.getter("v");
    for (std::size_t k = 0; k < cells; ++k)
        if (v(k) != expected(k)) return state.SkipWithError("a lane's voltage differs from a single cell's");

    hk::Step n = 100;
    for (auto _ : state) {
        population.advance(0, population.blocks(), n++, spikes);
        spikes.clear();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(cells));
}

using hk::ConnorStevens, hk::HodgkinHuxley, hk::Passive, hk::WangBuzsaki;
using Native = hk::simd::native;
using Single = hk::simd::scalar;

BENCHMARK(step<double, Native, ConnorStevens>);
BENCHMARK(step<double, Native, hk::Tabulated<ConnorStevens>>);
BENCHMARK(step<float, Native, ConnorStevens>);
BENCHMARK(step<double, Single, ConnorStevens>);
BENCHMARK(step<double, Native, WangBuzsaki>);
BENCHMARK(step<double, Native, hk::Tabulated<WangBuzsaki>>);
BENCHMARK(step<float, Native, WangBuzsaki>);
BENCHMARK(step<double, Native, HodgkinHuxley>);
BENCHMARK(step<float, Native, HodgkinHuxley>);
BENCHMARK(step<double, Native, Passive>);

}  // namespace

BENCHMARK_MAIN();
