// SPDX-License-Identifier: MIT
#pragma once

/// Elementary functions on lanes. Each states its largest error in units in the last place (ULP) and its valid range; a
/// number alone (`Lane<Real, scalar>`) gives the same bits as a number among others.

#include <array>
#include <limits>

#include <hillock/simd/lane.hpp>

namespace hillock::simd {

template <class L, std::size_t N>
L polynomial(L x, std::array<double, N> const& c) {
    using Real = typename L::value_type;
    auto const at = [&](std::size_t k) { return L(static_cast<Real>(c[k])); };
    L const square = x * x;
    constexpr std::size_t last_even = (N - 1) / 2 * 2, last_odd = (N - 2) / 2 * 2 + 1;
    L even = at(last_even), odd = at(last_odd);
    for (auto k = last_even; k >= 2; k -= 2) even = fma(even, square, at(k - 2));
    for (auto k = last_odd; k >= 3; k -= 2) odd = fma(odd, square, at(k - 2));
    return fma(odd, x, even);
}

namespace exponential {

/// e^r = c[0] + c[1] r + ... on |r| <= ln(2)/2, minimax for the relative error; `magic` is the number whose last bit is worth
/// one, so that adding it rounds to a whole number and leaves that number in its low bits; ln 2 = high + low, with `high` so
/// short that its product with any such number is exact.
template <class Real>
struct constants;

template <>
struct constants<double> {
    static constexpr double magic = 0x1.8p52, ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
    static constexpr int mantissa_bits = 52;
    static constexpr double smallest = -708.3964185322641, largest = 709.436139303104;
    static constexpr std::array c{1.,
                                  1.,
                                  0x1.000000000000ap-1,
                                  0x1.55555555554fap-3,
                                  0x1.555555555088cp-5,
                                  0x1.1111111127b9bp-7,
                                  0x1.6c16c184266cdp-10,
                                  0x1.a01a012a69cb7p-13,
                                  0x1.a0199a16e272cp-16,
                                  0x1.71df253a0af57p-19,
                                  0x1.28ad68a24880dp-22,
                                  0x1.ad7f7b143fa7ep-26};
};

template <>
struct constants<float> {
    static constexpr float magic = 0x1.8p23f, ln2_high = 0x1.62e000p-1f, ln2_low = 0x1.0bfbe8p-15f;
    static constexpr int mantissa_bits = 23;
    static constexpr float smallest = -87.33654475f, largest = 88.3762626647949f;
    static constexpr std::array c{1.,
                                  1.,
                                  0x1.fffffb9b02eb5p-2,
                                  0x1.555491680e24ap-3,
                                  0x1.5558f11fe442ep-5,
                                  0x1.1239d38475584p-7,
                                  0x1.6a244cd6f48dfp-10};
};

}  // namespace exponential

/// e^x. Error below 2 ULP (2.25 without fused multiply-add) on [-708.39, 709.43] (single: [-87.33, 88.37]); outside it stays at
/// the ends, so that it is never 0 and never infinite. NaN of NaN. With n = x / ln 2 rounded and r = x - n ln 2: e^x = 2^n e^r.
template <class Real, class Arch>
Lane<Real, Arch> exp(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = exponential::constants<Real>;
    L const magic = C::magic;
    x = min(L(C::largest), max(L(C::smallest), x));
    L const shifted = fma(x, L(static_cast<Real>(1.4426950408889634)), magic);
    L const n = shifted - magic;
    L const r = fma(n, L(-C::ln2_low), fma(n, L(-C::ln2_high), x));
    return bits::to_lane<Real, Arch>(bits::of(polynomial(r, C::c)) + (bits::of(shifted) << C::mantissa_bits));
}

namespace cube_root {

/// A guess at x^(-1/3) within 3.5 %: the upper bits of a positive number, read as a whole number, are close to a multiple of
/// its logarithm (as in the well-known inverse square root). `shift` drops the bits that do not fit a number's mantissa.
template <class Real>
struct constants;

template <>
struct constants<double> {
    static constexpr double magic = 0x1.0p52, offset = 1430188248.0;
    static constexpr int shift = 32;
};

template <>
struct constants<float> {
    static constexpr float magic = 0x1.0p23f, offset = 5546545.0f;
    static constexpr int shift = 8;
};

template <class Real, class Arch>
Lane<Real, Arch> guess_reciprocal(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    L const magic = C::magic;
    L const logarithm = bits::to_lane<Real, Arch>((bits::of(x) >> C::shift) + bits::of(magic)) - magic;
    L const third = fma(logarithm, L(static_cast<Real>(-1. / 3)), L(C::offset)) + magic;
    return bits::to_lane<Real, Arch>(bits::of(third) << C::shift);
}

/// One step of fourth order towards y = x^(-1/3): y (1 - e)^(-1/3) with e = 1 - x y^3.
template <class L>
L refined(L y, L x) {
    L const e = fma(-x * y, y * y, L(1));
    return fma(y * e, polynomial(e, std::array{1. / 3, 2. / 9, 14. / 81}), y);
}

}  // namespace cube_root

/// x^(-1/3) of positive normal numbers, without a division. Error below 2.5 ULP.
template <class Real, class Arch>
Lane<Real, Arch> rcbrt(Lane<Real, Arch> x) {
    auto const guess = cube_root::refined(cube_root::guess_reciprocal(x), x);
    return cube_root::refined(guess, x);
}

/// The cube root of normal numbers of either sign, and of 0. Error below 5 ULP.
template <class Real, class Arch>
Lane<Real, Arch> cbrt(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    L const y = rcbrt(max(abs(x), L(std::numeric_limits<Real>::min())));
    return x * (y * y);
}

}  // namespace hillock::simd
