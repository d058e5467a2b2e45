// SPDX-License-Identifier: MIT

/// What an elementary function costs: 1024 values, which stay in a first-level cache, by hillock (in vectors
/// and one by one), by xsimd and by libm. `per_value` is in seconds (456p: 0.456 ns). Each checks all its
/// answers against libm's in long double.

#include <cmath>
#include <cstddef>
#include <string>

#include <benchmark/benchmark.h>

#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>

namespace {

namespace simd = hillock::simd;

struct Range {
    double from, to;
};

/// Values over the range that rates of channels ask for.
template <class Real>
simd::Column<Real> arguments(Range range) {
    simd::Column<Real> x(1024);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] =
            static_cast<Real>(range.from + (range.to - range.from) * (static_cast<double>(i) + 0.5) / 1024);
    return x;
}

/// All of the functions' code is in the loop, as in a cell's kernel.
template <std::size_t Width, class Real>
HILLOCK_KERNEL void sweep(simd::Column<Real> const& x, simd::Column<Real>& y, auto apply) {
    for (std::size_t i = 0; i < x.size(); i += Width) apply(&x[i], &y[i]);
}

template <class Real, std::size_t Width>
void measure(benchmark::State& state, Range range, auto apply, auto exact) {
    auto const x = arguments<Real>(range);
    simd::Column<Real> y(x.size());
    for (auto _ : state) {
        sweep<Width>(x, y, apply);
        benchmark::ClobberMemory();
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        auto const expected = static_cast<double>(exact(static_cast<long double>(x[i])));
        if (!(std::abs(static_cast<double>(y[i]) - expected) <=
              (sizeof(Real) == 8 ? 1e-13 : 1e-5) * std::abs(expected)))
            return state.SkipWithError("wrong value");
    }
    state.counters["per_value"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(x.size()),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// `own` on lanes; `theirs` on xsimd's batches and on plain numbers, of which it calls the functions of the
/// same name.
template <class Real>
void compare(std::string const& name, Range range, auto own, auto theirs) {
    auto const full = name + (sizeof(Real) == 8 ? "/double/" : "/float/");
    auto const run = [&](std::string const& who, auto width, auto apply) {
        benchmark::RegisterBenchmark((full + who).c_str(), [=](benchmark::State& state) {
            measure<Real, decltype(width)::value>(state, range, apply, theirs);
        });
    };
    using L = simd::Lane<Real, simd::kernel<simd::native>>;  // what cells are computed in
    using S = simd::Lane<Real, simd::scalar>;
    using Batch = xsimd::batch<Real>;
    std::integral_constant<std::size_t, 1> one;
    std::integral_constant<std::size_t, L::width> lanes;
    std::integral_constant<std::size_t, Batch::size> batch;
    run("hillock", lanes, [=](Real const* x, Real* y) { own(L::load(x)).store(y); });
    run("hillock_scalar", one, [=](Real const* x, Real* y) { own(S::load(x)).store(y); });
    run("xsimd", batch,
        [=](Real const* x, Real* y) { Batch(theirs(Batch::load_aligned(x))).store_aligned(y); });
    run("libm", one, [=](Real const* x, Real* y) { *y = theirs(*x); });
}

using std::exp, std::expm1, std::log, std::cbrt, std::pow, std::tanh;
using xsimd::exp, xsimd::expm1, xsimd::log, xsimd::cbrt, xsimd::pow, xsimd::tanh;

template <class Real>
void compare_all() {
    Range const rates{-20, 20}, positive{0.001, 50};
    auto const one = [](auto x) { return decltype(x)(Real(1)); };
    compare<Real>(
        "exp", rates, [](auto x) { return exp(x); }, [](auto x) { return exp(x); });
    compare<Real>(
        "exp(k,u)", rates, [](auto x) { return exp(1., x); }, [](auto x) { return exp(x); });
    compare<Real>(
        "expm1", rates, [](auto x) { return expm1(x); }, [](auto x) { return expm1(x); });
    compare<Real>(
        "exprel", rates, [](auto x) { return exprel(x); }, [](auto x) { return expm1(x) / x; });
    compare<Real>(
        "sigmoid", rates, [](auto x) { return sigmoid(x); },
        [=](auto x) { return one(x) / (one(x) + exp(-x)); });
    compare<Real>(
        "tanh", rates, [](auto x) { return tanh(x); }, [](auto x) { return tanh(x); });
    compare<Real>(
        "log", positive, [](auto x) { return log(x); }, [](auto x) { return log(x); });
    compare<Real>(
        "pow", positive, [](auto x) { return pow(x, decltype(x)(Real(2.3))); },
        [](auto x) { return pow(x, decltype(x)(Real(2.3))); });
    compare<Real>(
        "cbrt", positive, [](auto x) { return cbrt(x); }, [](auto x) { return cbrt(x); });
}

}  // namespace

int main(int argc, char** argv) {
    compare_all<double>();
    compare_all<float>();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
