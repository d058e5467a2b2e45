// SPDX-License-Identifier: MIT

/// The table of simd/math.hpp: largest errors in ULP over the ranges that it states, in steps of the bit
/// pattern and over the arguments that channels use; one number gives the bits of many.

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/simd/cmath.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>

#include "lanes.hpp"

using namespace hillock;

namespace {

/// The largest error of `found` against `exact(x)` in units in the last place of the exact value, less what
/// it may grow with |x|.
template <class Real, class Exact>
double largest_ulps(std::vector<Real> const& x, std::vector<Real> const& found, Exact const& exact,
                    double growth = 0) {
    double largest = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        long double const truth = exact(static_cast<long double>(x[k]));
        int exponent = 0;
        std::frexp(truth, &exponent);
        auto const ulp = std::ldexp(1.0L, exponent - std::numeric_limits<Real>::digits);
        auto const error = static_cast<double>(std::abs((static_cast<long double>(found[k]) - truth) / ulp)) -
                           growth * std::abs(static_cast<double>(x[k]));
        largest = error <= largest ? largest : error;  // NaN is an error too
    }
    return largest;
}

/// `f` on vectors within `bound` + `growth` |x| ULP of `exact`, and on single numbers the same bits.
template <class Real, class F, class Exact>
void check_function(std::vector<Real> const& x, F const& f, Exact const& exact, double bound,
                    double growth = 0) {
    auto const found = lanes::map<simd::native>(x, f);
    CHECK(lanes::different(found, lanes::map<simd::scalar>(x, f)) == 0);
    auto const largest = largest_ulps(x, found, exact, growth);
    CHECK(largest < bound);
    MESSAGE("largest error " << largest << " ULP over " << x.size() << " numbers");
}

auto const exponential = [](auto x) { return exp(x); };
auto const reciprocal_root = [](auto x) { return rcbrt(x); };
auto const root = [](auto x) { return cbrt(x); };

/// About 2n numbers of either sign: +-[least, greatest], but none below `lowest`.
template <class Real>
std::vector<Real> of_both_signs(Real least, Real greatest, Real lowest, std::size_t n) {
    auto x = lanes::by_bits(least, greatest, n);
    auto const positive = x.size();
    for (std::size_t k = 0; k < positive; ++k) x.push_back(std::max(-x[k], lowest));
    return x;
}

#ifdef __FMA__
constexpr bool fused = true;
#else
constexpr bool fused = false;  // every product rounds by itself
#endif

template <class Real>
constexpr bool is_double = std::is_same_v<Real, double>;
template <class Real>
constexpr Real least_argument = is_double<Real> ? Real(-708.39) : Real(-87.33);
template <class Real>
constexpr Real greatest_argument = is_double<Real> ? Real(709.43) : Real(88.37);

/// How the error of exp grows with |x|.
template <class Real>
constexpr double exp_growth = fused && is_double<Real> ? 1 / 7. : 0;

/// `f` within `bound` + `growth` |x| ULP over the whole range of exp, over [-50, 50], near 0, and by bits
/// from the tiniest on.
template <class Real>
void check_exponential(auto const& f, auto const& exact, double bound, double growth = 0) {
    constexpr Real low = least_argument<Real>, high = greatest_argument<Real>,
                   tiny = std::numeric_limits<Real>::min();
    check_function(of_both_signs(tiny, high, low, 100000), f, exact, bound, growth);
    check_function(lanes::evenly(low, high, 100000), f, exact, bound, growth);
    check_function(lanes::evenly(Real{-50}, Real{50}, 100000), f, exact, bound, growth);
    check_function(lanes::evenly(Real{-1}, Real{1}, 100000), f, exact, bound, growth);
}

/// f(x) on vectors; on single numbers the same bits.
template <class Real>
std::vector<Real> at(std::vector<Real> const& x, auto const& f) {
    auto const y = lanes::map<simd::native>(x, f);
    CHECK(lanes::different(y, lanes::map<simd::scalar>(x, f)) == 0);
    return y;
}

}  // namespace

TEST_CASE_TEMPLATE("exp: below 1.25 + |x|/7 ULP, in single precision 2", Real, double, float) {
    check_exponential<Real>(
        exponential, [](long double x) { return std::exp(x); },
        is_double<Real> ? (fused ? 1.25 : 1.6) : (fused ? 2 : 2.25), exp_growth<Real>);
}

TEST_CASE_TEMPLATE("exp(k, u): the error of e^(k u) grows with k u as that of k u itself does", Real, double,
                   float) {
    for (auto const k : {Real(-0.0556), Real(1), Real(3.7)}) {
        CAPTURE(k);
        auto const f = [&](auto u) { return exp(decltype(u)(k), u); };
        auto const u =
            lanes::evenly(least_argument<Real> / std::abs(k), greatest_argument<Real> / std::abs(k), 100000);
        std::vector<Real> found = at(u, f);
        double worst = 0;
        for (std::size_t i = 0; i < u.size(); ++i) {
            auto const exponent = static_cast<long double>(k) * static_cast<long double>(u[i]);
            if (exponent < static_cast<long double>(least_argument<Real>) ||
                exponent > static_cast<long double>(greatest_argument<Real>))
                continue;
            auto const error = largest_ulps(std::vector{u[i]}, std::vector{found[i]},
                                            [&](long double) { return std::exp(exponent); });
            worst = std::max(worst, error - 2 * std::abs(static_cast<double>(exponent)));
        }
        CHECK(worst < (is_double<Real> ? 1.25 : 2));
    }
    CHECK(at(std::vector<Real>{Real(0.25)}, [](auto u) { return exp(-4., u); }) ==
          at(std::vector<Real>{Real(-1)}, [](auto u) { return exp(1., u); }));
}

TEST_CASE_TEMPLATE("exp: at 0, at the ends and beyond, of NaN", Real, double, float) {
    using Limits = std::numeric_limits<Real>;
    auto const inf = Limits::infinity(), nan = Limits::quiet_NaN();
    Real const largest = greatest_argument<Real> + 1, smallest = least_argument<Real> - 1;
    std::vector<Real> const x{0,        -Real{0}, largest,          inf, Limits::max(),
                              smallest, -inf,     Limits::lowest(), nan};
    auto const check = [&](auto const& f) {
        auto const y = at(x, f);
        CHECK(y[0] == 1);
        CHECK(y[1] == 1);
        CHECK(std::isfinite(y[2]));
        CHECK(y[2] > Limits::max() / 4);
        CHECK(y[3] == y[2]);
        CHECK(y[4] == y[2]);
        CHECK(y[5] >= Limits::min() * Real(0.99));
        CHECK(y[5] < Limits::min() * 2);
        CHECK(y[6] == y[5]);
        CHECK(y[7] == y[5]);
        CHECK(std::isnan(y[8]));
    };
    check(exponential);
    check([](auto u) { return exp(1., u); });
}

TEST_CASE_TEMPLATE("expm1, exprel: also of the tiniest numbers", Real, double, float) {
    check_exponential<Real>([](auto x) { return expm1(x); }, [](long double x) { return std::expm1(x); },
                            2.5);
    check_exponential<Real>([](auto x) { return exprel(x); },
                            [](long double x) { return x == 0 ? 1 : std::expm1(x) / x; }, 3.5);
    using Limits = std::numeric_limits<Real>;
    std::vector<Real> const x{
        0,    -Real{0}, Limits::denorm_min(), -Limits::infinity(), Limits::infinity(), Limits::quiet_NaN(),
        -1000};
    auto const m = at(x, [](auto v) { return expm1(v); }), rel = at(x, [](auto v) { return exprel(v); });
    CHECK(m[0] == 0);
    CHECK(m[1] == 0);
    CHECK(m[2] == Limits::denorm_min());
    CHECK(m[3] == -1);
    CHECK(m[4] > Limits::max() / 4);
    CHECK(std::isnan(m[5]));
    CHECK(rel[0] == 1);
    CHECK(rel[1] == 1);
    CHECK(rel[2] == 1);
    CHECK(rel[3] == 0);
    CHECK(std::isnan(rel[5]));
    CHECK(static_cast<double>(rel[6]) == doctest::Approx(0.001));
}

TEST_CASE_TEMPLATE("sigmoid, tanh: and what they tend to", Real, double, float) {
    check_exponential<Real>([](auto x) { return sigmoid(x); },
                            [](long double x) { return 1 / (1 + std::exp(-x)); }, 3.5, exp_growth<Real>);
    check_exponential<Real>([](auto x) { return tanh(x); }, [](long double x) { return std::tanh(x); }, 3.5);
    using Limits = std::numeric_limits<Real>;
    std::vector<Real> const x{0,           Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                              Real(-0.75), Real(0.75)};
    auto const s = at(x, [](auto v) { return sigmoid(v); }), t = at(x, [](auto v) { return tanh(v); });
    CHECK(s[0] == Real(0.5));
    CHECK(s[1] == 1);
    CHECK(s[2] > 0);
    CHECK(s[2] < Limits::min() * 2);
    CHECK(std::isnan(s[3]));
    CHECK(t[0] == 0);
    CHECK(t[1] == 1);
    CHECK(t[2] == -1);
    CHECK(std::isnan(t[3]));
    CHECK(t[4] == -t[5]);
}

TEST_CASE_TEMPLATE("log: below 1 ULP over all positive numbers, and the edges", Real, double, float) {
    using Limits = std::numeric_limits<Real>;
    auto const f = [](auto x) { return log(x); };
    auto const exact = [](long double x) { return std::log(x); };
    check_function(lanes::by_bits(Limits::denorm_min(), Limits::max(), 200000), f, exact, 1);
    check_function(lanes::evenly(Real(0.5), Real(2), 200000), f, exact, 1);
    check_function(lanes::evenly(Real(0.999), Real(1.001), 100000), f, exact, 1);
    check_function(lanes::by_bits(Real(1e-3), Real(50), 100000), f, exact, 1);
    auto const y = at(
        std::vector<Real>{1, 0, -Real{0}, -1, Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()},
        f);
    CHECK(y[0] == 0);
    CHECK(y[1] == -Limits::infinity());
    CHECK(y[2] == -Limits::infinity());
    CHECK(std::isnan(y[3]));
    CHECK(y[4] == Limits::infinity());
    CHECK(std::isnan(y[5]));
    CHECK(std::isnan(y[6]));
}

TEST_CASE_TEMPLATE("pow: its error grows with y (without fused multiply-add with y ln x), and the edges",
                   Real, double, float) {
    using Limits = std::numeric_limits<Real>;
    for (Real const y : {-40., -3., 0.1, 0.5, 1., 3., 7.3, 40., 700.}) {
        CAPTURE(y);
        // within the range of exp, and with fused multiply-add or y ln x near 0, where nothing else counts
        auto const most = fused ? greatest_argument<Real> : Real(0.5);
        auto const low = std::max(std::exp(-most / std::abs(y)), Limits::min()),
                   high = std::min(std::exp(most / std::abs(y)), Limits::max());
        auto x = lanes::by_bits(low, high, 50000);
        std::erase_if(x, [&](Real each) {
            auto const exponent = y * std::log(each);
            return !(exponent > std::max(-most, least_argument<Real>) && exponent < most);
        });
        check_function(
            x, [&](auto v) { return pow(v, decltype(v)(y)); },
            [&](long double v) { return std::pow(v, static_cast<long double>(y)); },
            fused ? 2.5 + std::abs(static_cast<double>(y)) / 12 : 4);
    }
    auto const of = [](Real x, Real y) {
        return at(std::vector<Real>{x}, [&](auto v) { return pow(v, decltype(v)(y)); })[0];
    };
    // Just beyond the range of exp as far beyond.
    auto const log_2 = std::log(Real(2));
    for (auto const beyond : {Real(0.1), Real(0.3), Real(0.5), Real(0.7), Real(1), Real(1.5), Real(20)}) {
        CAPTURE(beyond);
        auto const high = of(2, (greatest_argument<Real> + beyond) / log_2),
                   low = of(2, (least_argument<Real> - beyond) / log_2);
        CHECK(high == of(2, Real(1e5)));
        CHECK(low == of(2, Real(-1e5)));
        CHECK(high > std::numeric_limits<Real>::max() / 4);
        CHECK(std::isfinite(high));
        CHECK(low >= std::numeric_limits<Real>::min() * Real(0.99));
        CHECK(low < std::numeric_limits<Real>::min() * 2);
    }
    CHECK(static_cast<double>(of(2, 10)) == doctest::Approx(1024).epsilon(2e-7));
    CHECK(of(5, 0) == 1);
    CHECK(of(0, 2) == 0);
    CHECK(of(0, -2) == Limits::infinity());
    CHECK(of(0, 0) == 1);
    CHECK(std::isnan(of(-2, 2)));
    CHECK(std::isnan(of(Limits::quiet_NaN(), 2)));
    CHECK(of(10, 1e5) > Limits::max() / 4);
    CHECK(std::isfinite(of(10, 1e5)));
    CHECK(of(10, -1e5) < Limits::min() * 2);
}

TEST_CASE("rcbrt: below 2.5 ULP over all positive normal numbers") {
    auto const exact = [](long double x) { return 1 / std::cbrt(x); };
    check_function(
        lanes::by_bits(std::numeric_limits<double>::min(), std::numeric_limits<double>::max(), 300000),
        reciprocal_root, exact, 2.5);
    check_function(lanes::by_bits(1., 8., 300000), reciprocal_root, exact, 2.5);
    check_function(
        lanes::by_bits(std::numeric_limits<float>::min(), std::numeric_limits<float>::max(), 300000),
        reciprocal_root, exact, 2.5);
    check_function(lanes::by_bits(1.f, 8.f, 300000), reciprocal_root, exact, 2.5);
}

TEST_CASE("cbrt: below 5 ULP over normal numbers of either sign, 0 of 0") {
    auto const exact = [](long double x) { return std::cbrt(x); };
    auto const check = [&](auto one) {
        using Real = decltype(one);
        using Limits = std::numeric_limits<Real>;
        check_function(of_both_signs(Limits::min(), Limits::max(), Limits::lowest(), 300000), root, exact, 5);
        check_function(lanes::by_bits(Real{1}, Real{8}, 300000), root, exact, 5);
        auto const special = lanes::map<simd::native>(std::vector<Real>{0, -Real{0}, 1, -8, 27}, root);
        CHECK(special[0] == 0);
        CHECK(special[1] == 0);
        CHECK(special[2] == doctest::Approx(1));
        CHECK(special[3] == doctest::Approx(-2));
        CHECK(special[4] == doctest::Approx(3));
    };
    check(1.);
    check(1.f);
}

TEST_CASE("polynomials of every length, either way") {
    using L = simd::Lane<double, simd::scalar>;
    double const x = 0.5;
    CHECK(simd::polynomial(L(x), std::array{1., 2.}).raw == 2);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4.}).raw == 3);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4., 8.}).raw == 4);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4., 8., 16.}).raw == 5);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4., 8., 16., 32.}).raw == 6);
    CHECK(simd::horner(L(x), std::array{1., 2., 4.}).raw == 3);
    CHECK(simd::horner(L(x), std::array{1., 2., 4., 8., 16., 32.}).raw == 6);
}

TEST_CASE_TEMPLATE("capped exponentials: those of exp up to their cap, no more beyond it", Real, double,
                   float) {
    auto const x = lanes::evenly(Real(-700), Real(700), 20001);
    auto const cap = static_cast<Real>(is_double<Real> ? 0x1p360 : 0x1p50);
    auto const log_cap = std::log(static_cast<double>(cap));
    auto const check = [&](std::vector<Real> const& whole, std::vector<Real> const& capped) {
        for (std::size_t k = 0; k < x.size(); ++k)
            if (static_cast<double>(x[k]) < log_cap - 1e-3)
                CHECK(capped[k] == whole[k]);
            else if (static_cast<double>(x[k]) > log_cap + 1e-3)
                CHECK(static_cast<double>(capped[k] / cap) == doctest::Approx(1).epsilon(1e-5));
    };
    check(at(x, exponential), at(x, [](auto v) { return capped_exp<360, 50>(v); }));
    check(at(x, [](auto v) { return exp(1., v); }), at(x, [](auto v) { return capped_exp<360, 50>(1., v); }));
    std::vector<Real> const edges{Real(3), Real(0x1p20), Real(0x1p30), -Real(0x1p30),
                                  std::numeric_limits<Real>::quiet_NaN()};
    auto const held = at(edges, [](auto v) { return capped_single<20>(v); });
    CHECK(held[0] == 3);
    CHECK(held[1] == Real(0x1p20));
    CHECK(held[2] == (is_double<Real> ? Real(0x1p30) : Real(0x1p20)));
    CHECK(held[3] == -Real(0x1p30));
    CHECK(std::isnan(held[4]));
    CHECK(std::isnan(at(edges, [](auto v) { return capped_exp<360, 50>(v); })[4]));
}

TEST_CASE_TEMPLATE("functions of plain numbers: the bits of lanes", Real, double, float) {
    for (Real const x : {Real(0.3), Real(1.7), Real(12)}) {
        auto const same = [&](auto const& f) {
            CHECK(f(x) == at(std::vector<Real>{x}, [&](auto v) { return f(v); })[0]);
        };
        same([](auto v) { return hillock::exp(v); });
        same([](auto v) { return hillock::exp(-0.7, v); });
        same([](auto v) { return hillock::expm1(v); });
        same([](auto v) { return hillock::exprel(v); });
        same([](auto v) { return hillock::sigmoid(v); });
        same([](auto v) { return hillock::tanh(v); });
        same([](auto v) { return hillock::log(v); });
        same([](auto v) { return hillock::pow(v, v); });
        same([](auto v) { return hillock::pow(v, decltype(v)(Real(0.4f))); });
        same([](auto v) { return hillock::quick_pow(v, decltype(v)(Real(0.4f))); });
        same([](auto v) { return hillock::cbrt(v); });
        same([](auto v) { return hillock::rcbrt(v); });
        same([](auto v) { return hillock::sqrt(v); });
        same([](auto v) { return hillock::abs(-v); });
        same([](auto v) { return hillock::choose(v < 1, -v, v); });
        same([](auto v) { return hillock::capped_exp<30, 2>(v); });
        same([](auto v) { return hillock::capped_exp<30, 2>(1., v); });
        same([](auto v) { return hillock::capped_single<2>(v); });
    }
    CHECK(hillock::choose(false, 1, 0.5) == 0.5);
    CHECK(hillock::choose(true, 1, 2) / 2 == 0.5);  // not in whole numbers
}

TEST_CASE("after `using std::exp` lanes still find their own functions") {
    using std::exp, std::abs, std::pow, std::sqrt, std::log, std::tanh;
    using L = simd::Lane<double, simd::scalar>;
    CHECK(exp(L(2)).raw == simd::exp(L(2)).raw);
    CHECK(abs(L(-2)).raw == 2);
    CHECK(sqrt(L(4)).raw == 2);
    CHECK(pow(L(2), L(3)).raw == simd::pow(L(2), L(3)).raw);
    CHECK(pow(L(2), 0.5).raw == simd::pow(L(2), L(0.5)).raw);
    CHECK(log(L(1)).raw == 0);
    CHECK(tanh(L(0)).raw == 0);
    CHECK(exp(0.) == 1);
}

TEST_CASE_TEMPLATE("quick_pow: its error grows with y ln x, and the edges", Real, double, float) {
    using Limits = std::numeric_limits<Real>;
    for (Real const y : {0.1, 0.4, 1., 2.7, -0.4})
        for (Real const folds : {0.5, 4., 30.}) {
            CAPTURE(y);
            CAPTURE(folds);
            auto const low = std::max(std::exp(-folds / std::abs(y)), Limits::min()),
                       high = std::min(std::exp(folds / std::abs(y)), Limits::max());
            check_function(
                lanes::by_bits(low, high, 50000), [&](auto v) { return quick_pow(v, decltype(v)(y)); },
                [&](long double v) { return std::pow(v, static_cast<long double>(y)); },
                2.5 + 2 * static_cast<double>(folds));
        }
    auto const of = [](Real x, Real y) {
        return at(std::vector<Real>{x}, [&](auto v) { return quick_pow(v, decltype(v)(y)); })[0];
    };
    CHECK(of(1, Real(0.4)) == 1);
    CHECK(of(16, Real(0.25)) == 2);
    CHECK(of(0, Real(0.4)) == 0);
    CHECK(of(Limits::min() / 2, Real(0.4)) == 0);
    CHECK(of(-1, Real(0.4)) == 0);
    CHECK(std::isnan(of(Limits::quiet_NaN(), Real(0.4))));
    CHECK(std::isfinite(of(Limits::max(), 2)));
    CHECK(of(Limits::max(), 2) > Limits::max() / 4);
}

TEST_CASE("pow with a number for one of the two") {
    using L = simd::Lane<double, simd::scalar>;
    CHECK(pow(L(2), 0.5).raw == pow(L(2), L(0.5)).raw);
    CHECK(pow(3, L(0.5)).raw == pow(L(3), L(0.5)).raw);
    CHECK(pow(3., L(0.5)).raw == pow(L(3), L(0.5)).raw);
}
