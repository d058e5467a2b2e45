// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <limits>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/exponential.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/polynomial.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// ln x = k ln 2 + ln m with m in [sqrt(1/2), sqrt(2)), and with f = m - 1, s = f/(2 + f):
/// ln m = f - (f^2/2 - s (f^2/2 + R(s^2))), as in Sun's fdlibm, whose coefficients of R these are.
namespace logarithm {

template <class Real>
struct constants;

template <>
struct constants<double> {
    static constexpr double two_to_mantissa = 0x1p52, ln2_high = 0x1.62e42fee00000p-1,
                            ln2_low = 0x1.a39ef35793c76p-33;
    static constexpr double up = 0x1p54, octaves_up = 54;  // what makes a subnormal number normal
    static constexpr int mantissa_bits = 52, bias = 1023;
    static constexpr std::array c{0x1.5555555555593p-1, 0x1.999999997fa04p-2, 0x1.2492494229359p-2,
                                  0x1.c71c51d8e78afp-3, 0x1.7466496cb03dep-3, 0x1.39a09d078c69fp-3,
                                  0x1.2f112df3e5244p-3};
};

template <>
struct constants<float> {
    static constexpr float two_to_mantissa = 0x1p23f, ln2_high = 0x1.62e000p-1f, ln2_low = 0x1.0bfbe8p-15f;
    static constexpr float up = 0x1p25f, octaves_up = 25;
    static constexpr int mantissa_bits = 23, bias = 127;
    static constexpr std::array c{0x1.555554p-1f, 0x1.999c26p-2f, 0x1.23d3dcp-2f, 0x1.f13c4cp-3f};
};

/// ln x = k ln 2 + f - half_square + rest, and half_square = f f/2.
template <class L>
struct Terms {
    L k, f, half_square, rest;
};

/// Requires positive normal numbers, of which each was lifted by so many octaves.
template <class Real, class Arch>
HILLOCK_INLINE Terms<Lane<Real, Arch>> terms_of_normal(Lane<Real, Arch> x, Lane<Real, Arch> lifted) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    using Int = bits::integer<Real>;
    constexpr auto root_half = std::bit_cast<Int>(static_cast<Real>(0.70710678118654752));
    constexpr auto one = std::bit_cast<Int>(Real{1}), magic = std::bit_cast<Int>(C::two_to_mantissa);
    auto const octaves =
        (bits::of(x) + bits::broadcast<Arch>(Int{one - root_half})) >> C::mantissa_bits;  // k + bias
    L const m =
        bits::to_lane<Real, Arch>(bits::of(x) - (octaves << C::mantissa_bits) + bits::broadcast<Arch>(one));
    L const k = bits::to_lane<Real, Arch>(octaves + bits::broadcast<Arch>(magic)) -
                (C::two_to_mantissa + C::bias + lifted);

    L const f = m - 1, s = f / (2 + f), z = s * s, half_square = Real(0.5) * f * f;
    return {k, f, half_square, s * fma(polynomial(z, C::c), z, half_square)};
}

/// Requires positive finite numbers.
template <class Real, class Arch>
HILLOCK_INLINE Terms<Lane<Real, Arch>> terms(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = constants<Real>;
    auto const is_small = x < L(std::numeric_limits<Real>::min());
    return terms_of_normal(choose(is_small, x * C::up, x), choose(is_small, L(C::octaves_up), L(0)));
}

}  // namespace logarithm

/// The natural logarithm. Error below 1 ULP of positive numbers; -infinity of 0, NaN of negative numbers,
/// infinity of infinity.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> log(Lane<Real, Arch> x) {
    using L = Lane<Real, Arch>;
    using C = logarithm::constants<Real>;
    using Limits = std::numeric_limits<Real>;
    auto [k, f, half_square, rest] = logarithm::terms(x);
    L const ln = fma(k, L(C::ln2_high), f - (half_square - fma(k, L(C::ln2_low), rest)));
    L const of_positive = choose(x < L(Limits::infinity()), ln, x),
            of_others = choose(x >= L(0), L(-Limits::infinity()), L(Limits::quiet_NaN()));
    return choose(x > L(0), of_positive, of_others);
}

/// x^y of positive finite x. Error below 2.5 + |y|/12 ULP (without fused multiply-add 2.5 + |y ln x|) while y
/// ln x is in the range of `exp`; outside it stays at the ends. Of x = 0 it is 0, 1 or infinity, as y is
/// positive, 0 or negative; of negative x it is NaN.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> pow(Lane<Real, Arch> x, Lane<Real, Arch> y) {
    using L = Lane<Real, Arch>;
    using C = exponential::constants<Real>;
    using Limits = std::numeric_limits<Real>;
    auto [k, f, half_square, rest] = logarithm::terms(x);
    // ln x = near + small with what each sum rounds off: |k ln 2| > |f - half_square| unless k = 0
    L const octaves = k * C::ln2_high, ln_m = f - half_square, sum = octaves + ln_m;
    L const lost =
        ((f - ln_m) - half_square) + ((octaves - sum) + ln_m) - fma(Real(0.5) * f, f, -half_square);
    L const tail = rest + fma(k, L(C::ln2_low), lost);
    L const near = choose(x < L(Limits::infinity()), sum + tail, x), small = (sum - near) + tail;

    L const product = y * near, held = min(L(C::largest), max(L(C::smallest), product));
    L const lacking = fma(y, near, -product) + y * small;
    auto exponent = exponential::split_exactly(held);
    exponent.rest += choose((product <= held) & (product >= held), lacking, L(0)) * (C::log2_e * C::parts);
    L const at_zero = choose(y > L(0), L(0), choose(y < L(0), L(Limits::infinity()), L(1)));
    return choose(x <= L(0), choose(x < L(0), L(Limits::quiet_NaN()), at_zero), exponential::of(exponent));
}

/// x^y of positive normal x and finite y, in half the time of `pow`. Error below 2.5 + 2 |y ln x| ULP while y
/// ln x is in the range of `exp`; outside it stays at the ends. Smaller x give 0.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> quick_pow(Lane<Real, Arch> x, Lane<Real, Arch> y) {
    using L = Lane<Real, Arch>;
    using C = exponential::constants<Real>;
    L const least = std::numeric_limits<Real>::min();
    auto [k, f, half_square, rest] = logarithm::terms_of_normal(max(least, x), L(0));
    L const octaves = fma(f - (half_square - rest), L(C::log2_e), k);
    return choose(x >= least, exponential::of_parts(y * C::parts * octaves), 0 * x);
}

/// x^y with a number for one of the two.
template <class Real, class Arch, std::floating_point Number>
HILLOCK_INLINE Lane<Real, Arch> pow(Lane<Real, Arch> x, Number y) {
    return pow(x, Lane<Real, Arch>(static_cast<Real>(y)));
}
template <class Real, class Arch, class Number>
    requires std::is_arithmetic_v<Number>
HILLOCK_INLINE Lane<Real, Arch> pow(Number x, Lane<Real, Arch> y) {
    return pow(Lane<Real, Arch>(static_cast<Real>(x)), y);
}

/// Says what to write for a whole power.
template <class Real, class Arch, std::integral Whole>
Lane<Real, Arch> pow(Lane<Real, Arch> x, Whole) {
    static_assert(never<Whole>,
                  "hillock: pow(x, y) is exp(y log(x)), for x > 0 and a y with a decimal point; "
                  "a whole power is a product: write x * x, cube(x) or fourth_power(x)");
    return x;
}

}  // namespace hillock::inline HILLOCK_ISA::simd
