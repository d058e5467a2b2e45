// SPDX-License-Identifier: MIT

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/random/stream.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/rows.hpp>

#include "lanes.hpp"

using namespace hillock;

namespace {

template <class Real>
std::vector<Real> random_numbers(std::size_t n, std::uint32_t id) {
    RandomStream random({.id1 = id});
    std::vector<Real> x;
    for (std::size_t k = 0; k < n; ++k)
        x.push_back(static_cast<Real>(random.normal() * std::exp(5 * random.normal())));
    return x;
}

/// Each operation on vectors against the same on plain numbers.
template <class Real>
void check_arithmetic() {
    using V = simd::Lane<Real>;
    using S = simd::Lane<Real, simd::scalar>;
    static_assert(S::width == 1 && S::is_scalar && sizeof(S) == sizeof(Real));
    static_assert(V::width >= 1 && !V::is_scalar && sizeof(V) == V::width * sizeof(Real));
    auto const a = random_numbers<Real>(4096, 1);
    auto const check = [&](auto const& f, auto const& plain) {
        std::vector<Real> expected;
        for (auto x : a) expected.push_back(plain(x));
        CHECK(lanes::different(lanes::map<simd::native>(a, f), expected) == 0);
        CHECK(lanes::different(lanes::map<simd::scalar>(a, f), expected) == 0);
        CHECK(lanes::different(lanes::map<simd::side_by_side<simd::native, 2>>(a, f), expected) == 0);
    };
    Real const b = Real(0.7), c = Real(-3.1);
    check([&](auto x) { return x + b; }, [&](Real x) { return x + b; });
    check([&](auto x) { return b - x; }, [&](Real x) { return b - x; });
    check([&](auto x) { return x * b; }, [&](Real x) { return x * b; });
    check([&](auto x) { return b / x; }, [&](Real x) { return b / x; });
    check([&](auto x) { return -x; }, [&](Real x) { return -x; });
    check(
        [&](auto x) {
            x += b;
            x *= c;
            x -= b;
            x /= c;
            return x;
        },
        [&](Real x) {
            x += b;
            x *= c;
            x -= b;
            x /= c;
            return x;
        });
    check([&](auto x) { return abs(x); }, [&](Real x) { return std::abs(x); });
    check([&](auto x) { return sqrt(abs(x)); }, [&](Real x) { return std::sqrt(std::abs(x)); });
    check([&](auto x) { return min(x, decltype(x)(b)); }, [&](Real x) { return x < b ? x : b; });
    check([&](auto x) { return max(x, decltype(x)(b)); }, [&](Real x) { return x > b ? x : b; });
    check([&](auto x) { return select(x < b, x, decltype(x)(c)); }, [&](Real x) { return x < b ? x : c; });
    check([&](auto x) { return select((x > c) & (x <= b), x, -x); },
          [&](Real x) { return x > c && x <= b ? x : -x; });
    check([&](auto x) { return select((x < c) | (x >= b), x, -x); },
          [&](Real x) { return x < c || x >= b ? x : -x; });
    check([&](auto x) { return choose(x < b, x, c); }, [&](Real x) { return x < b ? x : c; });
    check([&](auto x) { return choose(!(x < b), x, 0); }, [&](Real x) { return x < b ? 0 : x; });
    check([&](auto x) { return choose(x == a[3], 1, 2); }, [&](Real x) { return Real(x == a[3] ? 1 : 2); });
    check([&](auto x) { return choose(true, x, 2); }, [](Real x) { return x; });
    check([&](auto x) { return choose(false, 2, x) + choose(false, x, 2); }, [](Real x) { return x + 2; });
    check([&](auto x) { return choose(x != a[5], 1, x); }, [&](Real x) { return x != a[5] ? 1 : x; });
    auto const f = [&](auto x) { return fma(x, decltype(x)(b), decltype(x)(c)); };
    CHECK(lanes::different(lanes::map<simd::native>(a, f), lanes::map<simd::scalar>(a, f)) == 0);
#ifdef __FMA__
    check(f, [&](Real x) { return std::fma(x, b, c); });
#endif
}

template <class Real>
void check_bits() {
    using V = simd::Lane<Real>;
    auto const nan = std::numeric_limits<Real>::quiet_NaN();
    for (std::uint32_t pattern = 0; pattern < 1u << V::width; ++pattern) {
        alignas(simd::alignment) std::array<Real, V::width> x;
        for (std::size_t k = 0; k < V::width; ++k) x[k] = pattern >> k & 1 ? Real(1 + k) : Real(-1);
        CHECK(simd::bits::of(V::load(x.data()) > V(0)) == pattern);
        for (auto& each : x)
            if (each < 0) each = nan;
        CHECK(simd::bits::of(V::load(x.data()) > V(0)) == pattern);  // NaN is above nothing
    }
    using S = simd::Lane<Real, simd::scalar>;
    CHECK(simd::bits::of(S(2) > S(1)) == 1);
    CHECK(simd::bits::of(S(1) > S(1)) == 0);
    CHECK(simd::bits::of(S(nan) > S(1)) == 0);
    auto const same = [](auto x) {
        return simd::bits::to_lane<Real, typename decltype(x)::arch>(simd::bits::of(x));
    };
    auto const a = random_numbers<Real>(64, 9);
    CHECK(lanes::different(lanes::map<simd::native>(a, same), a) == 0);
    CHECK(simd::bits::of(S(1)) == std::bit_cast<simd::bits::integer<Real>>(Real{1}));
}

/// NaN is equal to nothing, and unequal to everything.
template <class Real, class Arch>
void check_equality_of_nan() {
    using L = simd::Lane<Real, Arch>;
    L const nan = std::numeric_limits<Real>::quiet_NaN(), one = 1;
    CHECK(simd::bits::of(nan == nan) == 0);
    CHECK(simd::bits::of(one == nan) == 0);
    CHECK(simd::bits::of(nan != nan) == (1ull << L::width) - 1);
    CHECK(simd::bits::of(one != one) == 0);
}

/// min and max give their second argument where one of the two is NaN: what clamping before a table or in exp
/// relies on.
template <class Real, class Arch>
void check_nan() {
    using L = simd::Lane<Real, Arch>;
    auto const first = [](L x) {
        alignas(simd::alignment) std::array<Real, L::width> out;
        x.store(out.data());
        return out[0];
    };
    L const nan = std::numeric_limits<Real>::quiet_NaN(), one = 1;
    CHECK(first(min(nan, one)) == 1);
    CHECK(first(max(nan, one)) == 1);
    CHECK(std::isnan(first(min(one, nan))));
    CHECK(std::isnan(first(max(one, nan))));
}

template <class Real, class Arch, std::size_t N>
void check_interpolation() {
    std::size_t const rows = 7;
    simd::Rows<Real> table(rows, N);
    CHECK(table.size() == rows);
    for (std::size_t r = 0; r < rows; ++r) {
        std::array<Real, N> numbers;
        for (std::size_t c = 0; c < N; ++c)
            numbers[c] = static_cast<Real>(std::sin(1. + static_cast<double>(r * N + c)));
        table.set(r, numbers);
    }
    std::vector<Real> positions{-5, -0.25, 0, 0.5, 1, 1.75, 5.999, 6, 6.25, 100, Real(4) / 3, 5, 2};
    for (std::size_t column = 0; column < N; ++column) {
        auto const found =
            lanes::map<Arch>(positions, [&](auto x) { return simd::interpolate<N>(table, x)[column]; });
        for (std::size_t k = 0; k < positions.size(); ++k) {
            auto const at = std::min(std::max(static_cast<double>(positions[k]), 0.), rows - 1.);
            auto const low = std::min(static_cast<std::size_t>(at), rows - 2);
            auto const part = at - static_cast<double>(low);
            auto const expected = (1 - part) * static_cast<double>(table.row(low)[column]) +
                                  part * static_cast<double>(table.row(low + 1)[column]);
            CHECK(static_cast<double>(found[k]) ==
                  doctest::Approx(expected).epsilon(sizeof(Real) == 8 ? 1e-14 : 1e-6));
        }
    }
    auto const nan = lanes::map<Arch>(std::vector<Real>{std::numeric_limits<Real>::quiet_NaN()},
                                      [&](auto x) { return simd::interpolate<N>(table, x)[0]; });
    CHECK(static_cast<double>(nan[0]) ==
          static_cast<double>(table.row(0)[0]));  // a legal row: the voltage itself says NaN
}

}  // namespace

TEST_CASE("arithmetic, comparisons, selection: many numbers as one by one") {
    check_arithmetic<double>();
    check_arithmetic<float>();
}

TEST_CASE_TEMPLATE("minus 0 is not 0", Real, double, float) {
    for (auto const minus : lanes::map<simd::native>(std::vector<Real>(32, 0), [](auto x) { return -x; }))
        CHECK(std::signbit(minus));
}

TEST_CASE("masks as bits, lane 0 the lowest; numbers as bits and back") {
    check_bits<double>();
    check_bits<float>();
}

TEST_CASE_TEMPLATE(
    "registers side by side: their masks one after the other, functions with the bits of one register", Real,
    double, float) {
    using V = simd::Lane<Real, simd::side_by_side<simd::native, 2>>;
    static_assert(V::width == 2 * simd::Lane<Real>::width && sizeof(V) == V::width * sizeof(Real));
    for (std::size_t only = 0; only < V::width; ++only) {
        alignas(simd::alignment) std::array<Real, V::width> x{};
        x[only] = 1;
        CHECK(simd::bits::of(V::load(x.data()) > V(0)) == std::uint32_t{1} << only);
        CHECK(simd::bits::of((V::load(x.data()) > V(0)) & (V(1) > V(2))) == 0);
    }
    auto const a = random_numbers<Real>(4096, 2);
    auto const same = [&](auto const& f) {
        CHECK(lanes::different(lanes::map<simd::side_by_side<simd::native, 2>>(a, f),
                               lanes::map<simd::native>(a, f)) == 0);
    };
    same([](auto x) { return exp(x); });
    same([](auto x) { return exp(-0.3, x); });
    same([](auto x) { return expm1(x); });
    same([](auto x) { return log(abs(x)); });
    same([](auto x) { return pow(abs(x), decltype(x)(Real(1.7))); });
    same([](auto x) { return quick_pow(abs(x), decltype(x)(Real(1.7))); });
    same([](auto x) { return cbrt(x); });
}

TEST_CASE("equality of NaN") {
    check_equality_of_nan<double, simd::native>();
    check_equality_of_nan<double, simd::side_by_side<simd::native, 2>>();
    check_equality_of_nan<float, simd::native>();
    check_equality_of_nan<float, simd::scalar>();
}

TEST_CASE("min and max of NaN") {
    check_nan<double, simd::native>();
    check_nan<double, simd::scalar>();
    check_nan<float, simd::native>();
    check_nan<float, simd::scalar>();
}

TEST_CASE("rows of a table: aligned, interpolated, constant beyond the ends") {
    check_interpolation<double, simd::native, 1>();
    check_interpolation<double, simd::native, 4>();
    check_interpolation<double, simd::native, 5>();
    check_interpolation<double, simd::native, 6>();
    check_interpolation<double, simd::native, 9>();
    check_interpolation<double, simd::native, 10>();
    check_interpolation<double, simd::native, 12>();
    check_interpolation<double, simd::kernel<simd::native>, 10>();
    check_interpolation<double, simd::scalar, 5>();
    check_interpolation<float, simd::native, 5>();
    check_interpolation<float, simd::native, 18>();
    check_interpolation<float, simd::native, 24>();
    check_interpolation<float, simd::scalar, 10>();
}

TEST_CASE("columns begin on a cache line, and are padded to whole units") {
    for (std::size_t n : {1, 3, 1000}) {
        simd::Column<double> const column(n);
        CHECK(reinterpret_cast<std::uintptr_t>(column.data()) % 64 == 0);
    }
    CHECK(simd::padded(0, 8) == 0);
    CHECK(simd::padded(1, 8) == 8);
    CHECK(simd::padded(8, 8) == 8);
    CHECK(simd::padded(9, 8) == 16);
}
