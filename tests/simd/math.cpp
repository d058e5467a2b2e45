// SPDX-License-Identifier: MIT

/// The table of simd/math.hpp: largest errors in ULP over the ranges that it states, in steps of the bit pattern and over the
/// arguments that channels use; one number gives the bits of many.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/simd/math.hpp>

#include "lanes.hpp"

using namespace hillock;

namespace {

/// The largest error of `found` against `exact(x)` in units in the last place of the exact value.
template <class Real, class Exact>
double largest_ulps(std::vector<Real> const& x, std::vector<Real> const& found, Exact const& exact) {
    double largest = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        long double const truth = exact(static_cast<long double>(x[k]));
        int exponent = 0;
        std::frexp(truth, &exponent);
        auto const ulp = std::ldexp(1.0L, exponent - std::numeric_limits<Real>::digits);
        auto const error = static_cast<double>(std::abs((static_cast<long double>(found[k]) - truth) / ulp));
        largest = error <= largest ? largest : error;  // NaN is an error too
    }
    return largest;
}

/// `f` on vectors within `bound` ULP of `exact`, and on single numbers the same bits.
template <class Real, class F, class Exact>
void check_function(std::vector<Real> const& x, F const& f, Exact const& exact, double bound) {
    auto const found = lanes::map<simd::native>(x, f);
    CHECK(lanes::different(found, lanes::map<simd::scalar>(x, f)) == 0);
    auto const largest = largest_ulps(x, found, exact);
    CHECK(largest < bound);
    MESSAGE("largest error " << largest << " ULP over " << x.size() << " numbers");
}

auto const exponential = [](auto x) { return exp(x); };
auto const reciprocal_root = [](auto x) { return rcbrt(x); };
auto const root = [](auto x) { return cbrt(x); };

std::vector<double> with_negatives(std::vector<double> x, double last) {
    auto const n = x.size();
    for (std::size_t k = 0; k < n; ++k) x.push_back(std::max(-x[k], last));
    return x;
}
std::vector<float> with_negatives(std::vector<float> x, float last) {
    auto const n = x.size();
    for (std::size_t k = 0; k < n; ++k) x.push_back(std::max(-x[k], last));
    return x;
}

}  // namespace

#ifdef __FMA__
constexpr double exp_bound = 2;
#else
constexpr double exp_bound = 2.25;  // every product rounds by itself
#endif

TEST_CASE("exp: below its bound over its whole range, double") {
    auto const exact = [](long double x) { return std::exp(x); };
    check_function(with_negatives(lanes::by_bits(1e-20, 709.43, 200000), -708.39), exponential, exact, exp_bound);
    check_function(lanes::evenly(-708.39, 709.43, 200000), exponential, exact, exp_bound);
    check_function(lanes::evenly(-20., 20., 200000), exponential, exact, exp_bound);
}

TEST_CASE("exp: below its bound over its whole range, float") {
    auto const exact = [](long double x) { return std::exp(x); };
    check_function(with_negatives(lanes::by_bits(1e-12f, 88.37f, 200000), -87.33f), exponential, exact, exp_bound);
    check_function(lanes::evenly(-87.33f, 88.37f, 200000), exponential, exact, exp_bound);
    check_function(lanes::evenly(-20.f, 20.f, 200000), exponential, exact, exp_bound);
}

TEST_CASE("exp: at 0, at the ends and beyond, of NaN") {
    auto const check = [](auto one, auto largest, auto smallest) {
        using Real = decltype(one);
        auto const inf = std::numeric_limits<Real>::infinity(), nan = std::numeric_limits<Real>::quiet_NaN();
        std::vector<Real> const x{0, -Real{0}, largest, inf, std::numeric_limits<Real>::max(), smallest, -inf, std::numeric_limits<Real>::lowest(), nan};
        auto const y = lanes::map<simd::native>(x, exponential);
        CHECK(lanes::different(y, lanes::map<simd::scalar>(x, exponential)) == 0);
        CHECK(y[0] == 1);
        CHECK(y[1] == 1);
        CHECK(std::isfinite(y[2]));
        CHECK(y[2] > std::numeric_limits<Real>::max() / 4);
        CHECK(y[3] == y[2]);
        CHECK(y[4] == y[2]);
        CHECK(y[5] >= std::numeric_limits<Real>::min() * Real(0.99));
        CHECK(y[5] < std::numeric_limits<Real>::min() * 2);
        CHECK(y[6] == y[5]);
        CHECK(y[7] == y[5]);
        CHECK(std::isnan(y[8]));
    };
    check(1., 710., -709.);
    check(1.f, 89.f, -88.f);
}

TEST_CASE("rcbrt: below 2.5 ULP over all positive normal numbers") {
    auto const exact = [](long double x) { return 1 / std::cbrt(x); };
    check_function(lanes::by_bits(std::numeric_limits<double>::min(), std::numeric_limits<double>::max(), 300000), reciprocal_root, exact, 2.5);
    check_function(lanes::by_bits(1., 8., 300000), reciprocal_root, exact, 2.5);
    check_function(lanes::by_bits(std::numeric_limits<float>::min(), std::numeric_limits<float>::max(), 300000), reciprocal_root, exact, 2.5);
    check_function(lanes::by_bits(1.f, 8.f, 300000), reciprocal_root, exact, 2.5);
}

TEST_CASE("cbrt: below 5 ULP over normal numbers of either sign, 0 of 0") {
    auto const exact = [](long double x) { return std::cbrt(x); };
    auto const check = [&](auto one) {
        using Real = decltype(one);
        using Limits = std::numeric_limits<Real>;
        check_function(with_negatives(lanes::by_bits(Limits::min(), Limits::max(), 300000), Limits::lowest()), root, exact, 5);
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

TEST_CASE("polynomials of every length") {
    using L = simd::Lane<double, simd::scalar>;
    double const x = 0.5;
    CHECK(simd::polynomial(L(x), std::array{1., 2.}).raw == 2);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4.}).raw == 3);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4., 8.}).raw == 4);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4., 8., 16.}).raw == 5);
    CHECK(simd::polynomial(L(x), std::array{1., 2., 4., 8., 16., 32.}).raw == 6);
}
