// SPDX-License-Identifier: MIT

/// What a step of a cell costs: 1024 cells of 15 x 15 um with a channel and two Exp2Syn (or a leak and one
/// synapse), spread over voltages, without spikes to deliver. `per_step` is seconds per cell and step (8.1n:
/// 8.1 ns). Before it is timed, each lane is checked against a single number, bit for bit.
///
/// `floor` is what its transcendental calls alone cost, one after the other over values in a first-level
/// cache, measured in the same run just before; `ratio` is per_step over floor. Their number is counted, not
/// assumed: by a number type that counts. `hk::mod::hodgkin_huxley` is what hillock-nmodl makes of the same
/// equations; its cell also keeps the currents and reversal potentials of two ions.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#include <hillock/hillock.hpp>

#if __has_include("hodgkin_huxley.hpp")
#include "hodgkin_huxley.hpp"  // from hodgkin_huxley.mod
#define HILLOCK_BENCHMARK_MOD
#endif

namespace {

namespace hk = hillock;

/// A number that counts the transcendental functions that are called on it.
struct Counted {
    using value_type = double;
    double raw = 0;

    Counted() = default;
    Counted(double x) : raw{x} {}

    static inline int exp_calls, exp_ku_calls, cbrt_calls;

    friend Counted operator+(Counted a, Counted b) { return a.raw + b.raw; }
    friend Counted operator-(Counted a, Counted b) { return a.raw - b.raw; }
    friend Counted operator*(Counted a, Counted b) { return a.raw * b.raw; }
    friend Counted operator/(Counted a, Counted b) { return a.raw / b.raw; }
    friend Counted operator-(Counted a) { return -a.raw; }
    friend Counted fma(Counted a, Counted b, Counted c) { return a.raw * b.raw + c.raw; }
    friend Counted abs(Counted a) { return std::abs(a.raw); }
    friend bool operator<(Counted a, Counted b) { return a.raw < b.raw; }
    [[maybe_unused]] friend bool operator>(Counted a, Counted b) { return a.raw > b.raw; }
    friend Counted choose(bool condition, Counted a, Counted b) { return condition ? a : b; }
    [[maybe_unused]] friend Counted exp(Counted x) { return ++exp_calls, std::exp(x.raw); }
    friend Counted exp(Counted k, Counted u) { return ++exp_ku_calls, std::exp(k.raw * u.raw); }
    template <int>
    friend Counted capped_single(Counted x) {
        return x;
    }
    template <int = 0, int = 0>
    friend Counted capped_exp(Counted x) {
        return exp(x);
    }
    template <int = 0, int = 0>
    friend Counted capped_exp(Counted k, Counted u) {
        return exp(k, u);
    }
    friend Counted rcbrt(Counted x) { return ++cbrt_calls, 1 / std::cbrt(x.raw); }
};

struct Calls {
    int exp = 0, exp_ku = 0, cbrt = 0;
};

/// The transcendental calls in a step of a channel.
template <class M>
Calls calls_of() {
    using C = hk::rebind_t<typename hk::Evaluation<M>::Channel, Counted>;
    Counted::exp_calls = Counted::exp_ku_calls = Counted::cbrt_calls = 0;
    if constexpr (std::is_same_v<typename hk::Evaluation<M>::template Rates<double>, hk::ExactRates>) {
        C const channel{};
        auto const gates = channel.rates(Counted(-50));
        std::apply([](auto const&... gate) { ((void)gate.after(0.025, Counted(0.5)), ...); }, gates);
        return {Counted::exp_calls, Counted::exp_ku_calls, Counted::cbrt_calls};
    } else {
        constexpr int gates = std::tuple_size_v<decltype(C{}.rates(Counted(-50)))>;
        return {0, gates, 0};  // of the rates nothing is left but the gates' own exponentials
    }
}

template <class L>
HILLOCK_KERNEL void sweep(auto function, auto const& x, auto& y) {
    for (std::size_t i = 0; i < x.size(); i += L::width) function(L::load(&x[i])).store(&y[i]);
}

/// Seconds per value of a function of one lane: the best of many rounds over values in a first-level cache.
template <class Real, class Arch>
double seconds_per_value(auto function) {
    using L = hk::simd::Lane<Real, hk::simd::kernel<Arch>>;
    hk::simd::Column<Real> x(1024), y(1024);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = static_cast<Real>(0.01 + 0.005 * static_cast<double>(i));
    auto best = std::chrono::duration<double>::max();
    for (int round = 0; round < 2000; ++round) {
        auto const start = std::chrono::steady_clock::now();
        sweep<L>(function, x, y);
        benchmark::ClobberMemory();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start));
    }
    return best.count() / 1024;
}

template <class Real, class Arch>
double floor_of(Calls const& calls) {
    double sum = 0;
    if (calls.exp > 0) sum += calls.exp * seconds_per_value<Real, Arch>([](auto x) { return exp(x); });
    if (calls.exp_ku > 0)
        sum += calls.exp_ku * seconds_per_value<Real, Arch>([](auto x) { return exp(-0.7, x); });
    if (calls.cbrt > 0) sum += calls.cbrt * seconds_per_value<Real, Arch>([](auto x) { return rcbrt(x); });
    return sum;
}

struct Empty {};  // where a cell has no further synapse

template <class Channel, class Synapse = Empty>
struct Soma : hk::Cell<Soma<Channel, Synapse>> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, Channel{})); }
    auto create_synapses() {
        if constexpr (std::is_same_v<Synapse, Empty>)
            return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)),
                                hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)));
        else
            return hk::synapses(hk::place(Synapse{}, soma(0.5)));
    }
};

constexpr std::size_t cells = 1024;

/// Cells with voltages from -90 to 12 mV, each with something on its first synapse.
template <class Population>
void spread(Population& population) {
    std::vector<hk::Gid> gids(cells);
    std::iota(gids.begin(), gids.end(), hk::Gid{0});
    population.add(gids);
    for (auto const& v : population.writing("v")) {
        population.prepare_to_write(v);
        for (std::size_t k = 0; k < cells; ++k) population.write(v, k, -90 + 0.1 * static_cast<double>(k));
    }
    population.inbox().ensure_capacity(0, 1);
    for (std::size_t k = 0; k < cells; ++k) population.inbox().at(0, 0)[k] = 1e-4f;
}

template <class Real, class Arch, class Channel, class Synapse = Empty>
void step(benchmark::State& state) {
    using Cell = Soma<Channel, Synapse>;
    hk::population::Population<Real, Arch, Cell> population(hk::assemble<Cell>(), 0.025);
    hk::population::Population<Real, hk::simd::scalar, Cell> reference(hk::assemble<Cell>(), 0.025);
    spread(population);
    spread(reference);
    std::vector<hk::population::GridSpike> spikes;
    hk::simd::FlushSubnormals const flush;  // as in a run
    for (hk::Step n = 0; n < 100; ++n) {
        population.advance(0, population.blocks(), n, spikes);
        reference.advance(0, reference.blocks(), n, spikes);
    }
    auto const v = population.reading("v"), expected = reference.reading("v");
    for (std::size_t k = 0; k < cells; ++k)
        if (population.read(v, k) != reference.read(expected, k))
            return state.SkipWithError("a lane's voltage differs from a single cell's");

    auto const floor = floor_of<Real, Arch>(calls_of<Channel>());
    auto best = std::chrono::duration<double>::max();
    hk::Step n = 100;
    for (auto _ : state) {
        auto const start = std::chrono::steady_clock::now();
        population.advance(0, population.blocks(), n++, spikes);
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start));
        spikes.clear();
    }
    auto const per_step = best.count() / cells;
    state.counters["per_step"] = per_step;
    if (floor > 0) {
        state.counters["floor"] = floor;
        state.counters["ratio"] = per_step / floor;
    }
}

using hk::ConnorStevens, hk::HodgkinHuxley, hk::Passive, hk::TraubMiles, hk::WangBuzsaki;
using Native = hk::simd::native;
using Single = hk::simd::scalar;

BENCHMARK(step<double, Native, ConnorStevens>);
BENCHMARK(step<float, Native, ConnorStevens>);
BENCHMARK(step<double, Single, ConnorStevens>);
BENCHMARK(step<float, Single, ConnorStevens>);
BENCHMARK(step<double, Native, hk::Tabulated<ConnorStevens>>);
BENCHMARK(step<float, Native, hk::Tabulated<ConnorStevens>>);
BENCHMARK(step<double, Single, hk::Tabulated<ConnorStevens>>);
BENCHMARK(step<double, Native, WangBuzsaki>);
BENCHMARK(step<float, Native, WangBuzsaki>);
BENCHMARK(step<double, Single, WangBuzsaki>);
BENCHMARK(step<double, Native, hk::Tabulated<WangBuzsaki>>);
BENCHMARK(step<double, Native, HodgkinHuxley>);
BENCHMARK(step<float, Native, HodgkinHuxley>);
BENCHMARK(step<double, Single, HodgkinHuxley>);
BENCHMARK(step<double, Native, hk::Tabulated<HodgkinHuxley>>);
#ifdef HILLOCK_BENCHMARK_MOD
BENCHMARK(step<double, Native, hk::mod::hodgkin_huxley>);
#endif
BENCHMARK(step<double, Native, TraubMiles>);
BENCHMARK(step<float, Native, TraubMiles>);
BENCHMARK(step<double, Single, TraubMiles>);
BENCHMARK(step<double, Native, hk::Tabulated<TraubMiles>>);
BENCHMARK(step<double, Native, Passive>);
BENCHMARK(step<float, Native, Passive>);
BENCHMARK(step<double, Single, Passive>);
BENCHMARK(step<double, Native, Passive, hk::ExpSyn>);
BENCHMARK(step<double, Native, Passive, hk::Exp2Syn>);
BENCHMARK(step<double, Native, Passive, hk::AlphaSyn>);
BENCHMARK(step<double, Native, Passive, hk::ExpCurrent>);

}  // namespace

BENCHMARK_MAIN();
