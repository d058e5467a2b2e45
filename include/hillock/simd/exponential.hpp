// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/polynomial.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// Takes 2^y apart: y = (n + f)/parts with n whole and |f| <= 1/2, so that 2^y = 2^(n/parts)
/// 2^(f/parts).
///
/// In double precision an octave has 16 parts, whose powers stand in a table (in two vector registers of
/// AVX-512), and the rest is a polynomial of degree 6. In single precision the whole octave is left to the
/// polynomial.
namespace exponential {

/// `magic` is the number whose last bit is worth one, so that adding it rounds to a whole number and leaves
/// that number in its low bits. log2 e is log2_e + log2_e_rest; ln 2 is ln2_high + ln2_low, with `ln2_high`
/// so short that its product with any such number is exact.
template <class Real>
struct constants;

template <>
struct constants<double> {
    static constexpr double magic = 0x1.8p52, log2_e = 0x1.71547652b82fep+0,
                            log2_e_rest = 0x1.777d0ffda0d24p-56, ln2_high = 0x1.62e42fee00000p-1,
                            ln2_low = 0x1.a39ef35793c76p-33;
    static constexpr int mantissa_bits = 52, parts = 16;
    static constexpr double smallest = -708.3964185322641, largest = 709.436;  // e^x is a normal number
    static constexpr double least = -1022, most = 1023.5;                      // so is 2^x

    /// (2^(f/16) - 1)/f, minimax on |f| <= 1/2: below 3e-17 of the whole.
    static constexpr std::array two_of_part{0x1.62e42fefa39f3p-5,  0x1.ebfbdff82c590p-11,
                                            0x1.c6b08d6f29015p-17, 0x1.3b2ab6fb40baep-23,
                                            0x1.5d897f16fdb31p-30, 0x1.430a1d9137a5fp-37};
    /// (e^r - 1 - r)/r^2, minimax on |r| <= (ln 2)/2 for the relative error of e^r - 1: 4e-17.
    static constexpr std::array expm1{0x1.0000000000001p-1,  0x1.5555555555556p-3,  0x1.5555555553d4fp-5,
                                      0x1.11111111109adp-7,  0x1.6c16c17893833p-10, 0x1.a01a01a7c8d47p-13,
                                      0x1.a019b8ef67c6cp-16, 0x1.71de0d9c145d0p-19, 0x1.2891a8c1d838dp-22,
                                      0x1.af38d53857513p-26};
};

template <>
struct constants<float> {
    static constexpr float magic = 0x1.8p23f, log2_e = 0x1.715476p+0f, log2_e_rest = 0x1.4ae0c0p-26f,
                           ln2_high = 0x1.62e000p-1f, ln2_low = 0x1.0bfbe8p-15f;
    static constexpr int mantissa_bits = 23, parts = 1;
    static constexpr float smallest = -87.33654475f, largest = 88.376f;
    static constexpr float least = -126, most = 127.4999f;

    /// 2^f, minimax on |f| <= 1/2.
    static constexpr std::array two_of_octave{1.f,
                                              0x1.62e4303028fe1p-1f,
                                              0x1.ebfbe00e85f67p-3f,
                                              0x1.c6af6bb36f1afp-5f,
                                              0x1.3b2a529db33f7p-7f,
                                              0x1.5f095574716d3p-10f,
                                              0x1.44141221f5806p-13f};
    static constexpr std::array expm1{0x1.0000000b9847ep-1f, 0x1.5555555a7c16bp-3f,  0x1.5554e8d9c7d96p-5f,
                                      0x1.1110e0de7be2bp-7f, 0x1.6d4362097d81ap-10f, 0x1.a125285dbcbf1p-13f};
};

/// 2^(j/16), less j in the lowest bits of the exponent: there n = 16 k + j, shifted as a whole, brings it
/// back.
alignas(64) inline constexpr auto powers = [] {
    std::array<double, 16> table{
        0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0,
        0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0,
        0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0,
        0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0};
    for (std::uint64_t j = 0; j < 16; ++j)
        table[j] = std::bit_cast<double>(std::bit_cast<std::uint64_t>(table[j]) - (j << 48));
    return table;
}();

/// A number of parts split into a whole one, in the low bits of `shifted`, and the rest f.
template <class L>
struct Split {
    L shifted, rest;
};

/// Splits x e-folds. In double precision log2 e is rounded so luckily that what it lacks, 2e-17, matters an
/// eighth as much as the rounding of x itself. (Where a product and a sum are rounded twice, n/parts of ln 2
/// are taken from x instead, exactly.)
template <class Real, class Arch>
HILLOCK_INLINE Split<Lane<Real, Arch>> split(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    L const magic = C::magic, parts = C::log2_e * C::parts;
    L const shifted = fma(x, parts, magic), n = shifted - magic;
    if constexpr (fma_rounds_once)
        return {shifted, fma(x, parts, -n)};
    else
        return {shifted, ((x - n * (C::ln2_high / C::parts)) - n * (C::ln2_low / C::parts)) * parts};
}

/// Splits x e-folds, exact also where x is large.
template <class Real, class Arch>
HILLOCK_INLINE Split<Lane<Real, Arch>> split_exactly(Lane<Real, Arch> x) {
    auto [shifted, rest] = split(x);
    if constexpr (fma_rounds_once)
        return {shifted,
                fma(x, Lane<Real, Arch>(constants<Real>::log2_e_rest * constants<Real>::parts), rest)};
    else
        return {shifted, rest};
}

/// 2^(n/16).
template <class Arch>
HILLOCK_INLINE Lane<double, Arch> power(Lane<double, Arch> shifted) {
    auto const n = bits::of(shifted);
    return bits::to_lane<double, Arch>(bits::of(bits::lookup<Arch>(powers, n)) + (n << 48));
}

/// 2^n of a whole number.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> octaves(Lane<Real, Arch> shifted) {
    return bits::to_lane<Real, Arch>((bits::of(shifted) << constants<Real>::mantissa_bits) +
                                     bits::of(Lane<Real, Arch>(1)));
}

/// y 2^n.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> times_octaves(Lane<Real, Arch> y, Lane<Real, Arch> shifted) {
    return bits::to_lane<Real, Arch>(bits::of(y) + (bits::of(shifted) << constants<Real>::mantissa_bits));
}

/// 2^((n + f)/parts).
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> of(Split<Lane<Real, Arch>> const& y) {
    using C = constants<Real>;
    if constexpr (std::is_same_v<Real, double>) {
        auto const whole = power(y.shifted);
        return fma(whole * y.rest, horner(y.rest, C::two_of_part), whole);
    } else {
        return times_octaves(polynomial(y.rest, C::two_of_octave), y.shifted);
    }
}

/// 2^(y/parts), y held between `least` and `most` octaves, by default within the range of normal numbers.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> of_parts(Lane<Real, Arch> y, Real most = constants<Real>::most,
                                         Real least = constants<Real>::least) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    L const magic = C::magic;
    y = min(L(most * C::parts), max(L(least * C::parts), y));
    L const shifted = y + magic;
    return of(Split<L>{shifted, y - (shifted - magic)});
}

/// e^x of x within the range of normal numbers and below `largest`.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> of_folds(Lane<Real, Arch> x, Real largest) {
    using L = Lane<Real, Arch>;
    x = min(L(largest), max(L(constants<Real>::smallest), x));
    if constexpr (std::is_same_v<Real, double>)
        return of(split(x));
    else
        return of(split_exactly(x));
}

}  // namespace exponential

/// e^x. Error below 1.25 + |x|/7 ULP (single: 2 ULP; without fused multiply-add 1.6 and 2.25) on [-708.39,
/// 709.43] (single: [-87.33, 88.37]); outside it stays at the ends, so that it is never 0 and never infinite.
/// NaN of NaN.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> exp(Lane<Real, Arch> x) {
    return exponential::of_folds(x, exponential::constants<Real>::largest);
}

/// e^(k u), without a product for k: k takes the change to parts of octaves upon itself. Error below 1.25 + 2
/// |k u| ULP (single: 2 + 2 |k u|) for k u in the range of `exp`, as from rounding k and k u; outside it
/// stays at the ends.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> exp(Lane<Real, Arch> k, Lane<Real, Arch> u) {
    using C = exponential::constants<Real>;
    return exponential::of_parts(u * (k * (C::log2_e * C::parts)));
}
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> exp(double k, Lane<Real, Arch> u) {
    using C = exponential::constants<Real>;
    return exponential::of_parts(u * (static_cast<Real>(k) * (C::log2_e * C::parts)));
}

/// e^x and e^(k u), at most 2^Double, in single precision 2^Single, at no cost: for exponentials whose
/// products must not overflow; where nothing is said, products of three, in single precision two.
template <int Double = 330, int Single = 50, class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> capped_exp(Lane<Real, Arch> x) {
    constexpr double octaves = std::is_same_v<Real, double> ? Double : Single;
    return exponential::of_folds(x, static_cast<Real>(octaves * 0.6931471805599453));
}
template <int Double = 330, int Single = 50, class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> capped_exp(double k, Lane<Real, Arch> u) {
    using C = exponential::constants<Real>;
    constexpr Real octaves = std::is_same_v<Real, double> ? Double : Single;
    return exponential::of_parts(u * (static_cast<Real>(k) * (C::log2_e * C::parts)), octaves);
}

/// e^(k u) from 2^-Double to 2^Double, in single precision 2^-Single to 2^Single, at no cost: for
/// exponentials by which something is multiplied and divided.
template <int Double, int Single, class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> bounded_exp(double k, Lane<Real, Arch> u) {
    using C = exponential::constants<Real>;
    constexpr Real octaves = std::is_same_v<Real, double> ? Double : Single;
    return exponential::of_parts(u * (static_cast<Real>(k) * (C::log2_e * C::parts)), octaves, -octaves);
}

/// In single precision at most 2^Octaves; in double precision x itself.
template <int Octaves, class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> capped_single(Lane<Real, Arch> x) {
    static_assert(0 <= Octaves && Octaves < 63);
    if constexpr (std::is_same_v<Real, double>)
        return x;
    else
        return min(Lane<Real, Arch>(static_cast<Real>(std::int64_t{1} << Octaves)), x);
}

/// e^x - 1, exact in the limit of small x. Error below 2.5 ULP for x <= 709.43 (single: 88.37), beyond which
/// it stays there.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> expm1(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = exponential::constants<Real>;
    L const magic = C::magic;
    x = min(L(C::largest), max(L(-50), x));
    L const shifted = fma(x, L(C::log2_e), magic);
    L const n = shifted - magic;
    L const r = fma(n, L(-C::ln2_low), fma(n, L(-C::ln2_high), x));
    L const whole = exponential::octaves(shifted);
    return fma(whole, fma(polynomial(r, C::expm1), r * r, r), whole - 1);
}

/// (e^x - 1)/x, 1 at 0. Error below 3.5 ULP in the range of `expm1`.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> exprel(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    auto const at_zero = abs(x) < L(std::numeric_limits<Real>::min());
    return choose(at_zero, L(1), expm1(x) / choose(at_zero, L(1), x));
}

/// 1/(1 + e^-x). Error below 3.5 ULP and that of `exp` where it is a normal number, x >= -708.39 (single:
/// -87.33); it is never 0.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> sigmoid(Lane<Real, Arch> x) {
    return 1 / (1 + exp(-x));
}

/// tanh x. Error below 3.5 ULP everywhere. tanh(-x) = -tanh(x).
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> tanh(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    L const e = expm1(2 * min(L(30), abs(x)));
    L const magnitude = e / (e + 2);
    return choose(x < L(0), -magnitude, magnitude);
}

}  // namespace hillock::inline HILLOCK_ISA::simd
