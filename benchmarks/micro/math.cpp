// SPDX-License-Identifier: MIT

/// What an elementary function costs: time for 1024 values (which stay in L1), and values per second.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <benchmark/benchmark.h>

#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>

namespace {

namespace simd = hillock::simd;

/// Values over the range that rates of channels ask for.
template <class Real>
simd::Column<Real> arguments() {
    simd::Column<Real> x(1024);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(0.01 + 10. * static_cast<double>(i) / 1024);
    return x;
}

/// `function` over lanes of `Arch`; its first value is compared with libm's.
template <class Real, class Arch>
void over_lanes(benchmark::State& state, auto function, double (*reference)(double)) {
    using L = simd::Lane<Real, Arch>;
    auto const x = arguments<Real>();
    simd::Column<Real> y(x.size());
    for (auto _ : state) {
        for (std::size_t i = 0; i < x.size(); i += L::width) function(L::load(&x[i])).store(&y[i]);
        benchmark::ClobberMemory();
    }
    auto const expected = reference(static_cast<double>(x[0]));
    if (!(std::abs(static_cast<double>(y[0]) - expected) <= 1e-6 * expected)) state.SkipWithError("wrong value");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(x.size()));
}

template <class Real, class Arch>
void exp(benchmark::State& state) {
    over_lanes<Real, Arch>(state, [](auto x) { return simd::exp(x); }, std::exp);
}

template <class Real, class Arch>
void cbrt(benchmark::State& state) {
    over_lanes<Real, Arch>(state, [](auto x) { return simd::cbrt(x); }, std::cbrt);
}

/// libm's, for comparison.
void std_exp(benchmark::State& state) {
    auto const x = arguments<double>();
    simd::Column<double> y(x.size());
    for (auto _ : state) {
        for (std::size_t i = 0; i < x.size(); ++i) y[i] = std::exp(x[i]);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(x.size()));
}

}  // namespace

BENCHMARK(std_exp);
BENCHMARK(exp<double, simd::scalar>);
BENCHMARK(exp<double, simd::native>);
BENCHMARK(exp<float, simd::native>);
BENCHMARK(cbrt<double, simd::scalar>);
BENCHMARK(cbrt<double, simd::native>);
BENCHMARK(cbrt<float, simd::native>);

BENCHMARK_MAIN();
