// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <limits>

#include <hillock/isa.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/polynomial.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

namespace cube_root {

/// A guess at x^(-1/3) within 3.5 %: the upper bits of a positive number, read as a whole number, are close
/// to a multiple of its logarithm (as in the well-known inverse square root). `shift` drops the bits that do
/// not fit a number's mantissa.
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
HILLOCK_INLINE Lane<Real, Arch> guess_reciprocal(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    L const magic = C::magic;
    L const logarithm = bits::to_lane<Real, Arch>((bits::of(x) >> C::shift) + bits::of(magic)) - magic;
    L const third = fma(logarithm, L(static_cast<Real>(-1. / 3)), L(C::offset)) + magic;
    return bits::to_lane<Real, Arch>(bits::of(third) << C::shift);
}

/// ((1 - e)^(-1/3) - 1)/e: minimax for the guess's |e| < 0.107, which leaves 5e-5 of x^(-1/3), and the first
/// terms of its series, which leave 6e-17 of that.
template <class Real>
inline constexpr std::array first{static_cast<Real>(0x1.56b8da8400b06p-2),
                                  static_cast<Real>(0x1.c72681fae9c2fp-3)};
template <class Real>
inline constexpr std::array second{Real(1) / 3, Real(2) / 9, Real(14) / 81};

/// A step towards y = x^(-1/3): y (1 - e)^(-1/3) with e = 1 - x y^3.
template <class L, std::size_t N>
HILLOCK_INLINE L refined(L y, L x, std::array<typename L::value_type, N> const& c) {
    L const e = fma(-x * y, y * y, L(1));
    return fma(y * e, horner(e, c), y);
}

}  // namespace cube_root

/// x^(-1/3) of positive normal numbers, without a division. Error below 2.5 ULP.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> rcbrt(Lane<Real, Arch> x) {
    auto const guess = cube_root::refined(cube_root::guess_reciprocal(x), x, cube_root::first<Real>);
    return cube_root::refined(guess, x, cube_root::second<Real>);
}

/// The cube root of normal numbers of either sign, and of 0. Error below 5 ULP.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> cbrt(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    L const y = rcbrt(max(abs(x), L(std::numeric_limits<Real>::min())));
    return x * (y * y);
}

}  // namespace hillock::inline HILLOCK_ISA::simd
