// SPDX-License-Identifier: MIT
#pragma once

/// Elementary functions on lanes. Each states its largest error in units in the last place (ULP) and its valid range; a
/// number alone (`Lane<Real, scalar>`) gives the same bits as a number among others.

#include <array>
#include <limits>

#include <hillock/simd/lane.hpp>

namespace hillock::simd {

/// c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule.
template <class L, std::size_t N>
L polynomial(L x, std::array<double, N> const& c) {
    using Real = typename L::value_type;
    L sum = static_cast<Real>(c[N - 1]);
    for (std::size_t k = N - 1; k-- > 0;) sum = fma(sum, x, L(static_cast<Real>(c[k])));
    return sum;
}

namespace exponential {

/// e^r = 1 + r + r^2 p(r) on |r| <= ln(2)/2, p minimax for the relative error of e^r; `magic` is the number whose last bit
/// is worth one, so that adding it rounds to a whole number and leaves that number in its low bits; ln 2 = high + low,
/// with `high` so short that its product with any such number is exact.
template <class Real>
struct constants;

template <>
struct constants<double> {
    static constexpr double magic = 0x1.8p52, ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
    static constexpr int mantissa_bits = 52;
    static constexpr double smallest = -708.3964185322641, largest = 709.436139303104;
    static constexpr std::array p{0x1.000000000000ap-1,  0x1.55555555554fap-3,  0x1.555555555088cp-5,  0x1.1111111127b9bp-7,
                                  0x1.6c16c184266cdp-10, 0x1.a01a012a69cb7p-13, 0x1.a0199a16e272cp-16, 0x1.71df253a0af57p-19,
                                  0x1.28ad68a24880dp-22, 0x1.ad7f7b143fa7ep-26};
};

template <>
struct constants<float> {
    static constexpr float magic = 0x1.8p23f, ln2_high = 0x1.62e000p-1f, ln2_low = 0x1.0bfbe8p-15f;
    static constexpr int mantissa_bits = 23;
    static constexpr float smallest = -87.33654475f, largest = 88.3762626647949f;
    static constexpr std::array p{0x1.fffffb9b02eb5p-2, 0x1.555491680e24ap-3, 0x1.5558f11fe442ep-5, 0x1.1239d38475584p-7,
                                  0x1.6a244cd6f48dfp-10};
};

/// 2^n (1 + r + r^2 p(r)) with x = n ln 2 + r: e^x wherever that is a normal number, nonsense elsewhere.
template <class Real, class Arch>
Lane<Real, Arch> of_normal(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    L const magic = C::magic;
    L const shifted = fma(x, L(static_cast<Real>(1.4426950408889634)), magic);
    L const n = shifted - magic;
    L const r = fma(n, L(-C::ln2_low), fma(n, L(-C::ln2_high), x));
    L const mantissa = fma(polynomial(r, C::p) * r, r, r) + L(1);
    return bits::to_lane<Real, Arch>(bits::of(mantissa) + (bits::of(shifted) << C::mantissa_bits));
}

}  // namespace exponential

/// e^x. Error below 1.5 ULP on [-708.39, 709.43] (single: [-87.33, 88.37]); 0 below that range, infinity above it, NaN of NaN.
template <class Real, class Arch>
Lane<Real, Arch> exp(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = exponential::constants<Real>;
    L const y = select(x < L(C::smallest), L(0), exponential::of_normal(x));
    return select(x > L(C::largest), L(std::numeric_limits<Real>::infinity()), y);
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
