// SPDX-License-Identifier: MIT
#pragma once

/// Lanes: the number type in which kernels are written once. `Lane<Real, Arch>` is W numbers that move
/// together in one vector register of xsimd's architecture `Arch`; with `Arch = simd::scalar` it is one plain
/// number, and the same kernel gives the same bits. Differences between the versions of xsimd (8.1 to the
/// newest) are settled in this folder and nowhere else.

#include <cmath>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/simd/arch.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/registers.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// False, but only once a template is instantiated with `T`: for sentences about its misuse.
template <class T>
inline constexpr bool never = false;

/// Truth values, one a lane.
template <class Real, class Arch>
struct Mask {
    using mask_type = typename lane_traits<Real, Arch>::mask;
    mask_type raw;

    HILLOCK_INLINE friend Mask operator&(Mask a, Mask b) {
        return {by_register([](auto x, auto y) { return static_cast<decltype(x)>(x & y); }, a.raw, b.raw)};
    }
    HILLOCK_INLINE friend Mask operator|(Mask a, Mask b) {
        return {by_register([](auto x, auto y) { return static_cast<decltype(x)>(x | y); }, a.raw, b.raw)};
    }
    HILLOCK_INLINE friend Mask operator!(Mask a) {
        return {by_register([](auto x) { return static_cast<decltype(x)>(!x); }, a.raw)};
    }

    /// Says why lanes cannot be asked for one answer, as `if`, `?:`, `&&` and `||` do.
    explicit operator bool() const {
        static_assert(
            never<Real>,
            "hillock: a comparison of lanes has an answer for each of them; in place of 'if (v < x)' "
            "or '?:' write choose(v < x, a, b), in place of '&&' and '||' write '&' and '|'");
        return false;
    }
};

/// Whether the machine that is compiled for has a fused multiply-add.
#ifdef __FMA__
inline constexpr bool fma_rounds_once = true;
#else
inline constexpr bool fma_rounds_once = false;
#endif

/// a b + c rounded once; xsimd before version 9 rounds twice on AVX-512.
#ifdef __FMA__
HILLOCK_INLINE __m128d fused(__m128d a, __m128d b, __m128d c) { return _mm_fmadd_pd(a, b, c); }
HILLOCK_INLINE __m128 fused(__m128 a, __m128 b, __m128 c) { return _mm_fmadd_ps(a, b, c); }
HILLOCK_INLINE __m256d fused(__m256d a, __m256d b, __m256d c) { return _mm256_fmadd_pd(a, b, c); }
HILLOCK_INLINE __m256 fused(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
#endif
#ifdef __AVX512F__
HILLOCK_INLINE __m512d fused(__m512d a, __m512d b, __m512d c) { return _mm512_fmadd_pd(a, b, c); }
HILLOCK_INLINE __m512 fused(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
#endif

template <class Real, class Arch = native>
class Lane {
public:
    using value_type = Real;
    using arch = Arch;
    using mask_type = Mask<Real, Arch>;
    using batch_type = typename lane_traits<Real, Arch>::batch;

    static constexpr std::size_t width = lane_traits<Real, Arch>::width;
    static constexpr bool is_scalar = std::is_same_v<Arch, scalar>;

    batch_type raw;

    Lane() = default;
    template <class Number>
        requires std::is_arithmetic_v<Number>
    HILLOCK_INLINE Lane(Number number) {
        auto const value = static_cast<Real>(number);
        if constexpr (registers == 1) {
            raw = batch_type(value);
        } else {
            HILLOCK_UNROLL
            for (auto& each : raw.each) each = Batch(value);
        }
    }
    HILLOCK_INLINE static Lane of(batch_type raw) {
        Lane lane;
        lane.raw = raw;
        return lane;
    }

    /// From `width` numbers aligned as `Column` aligns them.
    HILLOCK_INLINE static Lane load(Real const* from) {
        if constexpr (is_scalar)
            return of(*from);
        else if constexpr (registers == 1)
            return of(batch_type::load_aligned(from));
        else {
            Lane lane;
            for (std::size_t k = 0; k < registers; ++k)
                lane.raw.each[k] = Batch::load_aligned(from + k * Batch::size);
            return lane;
        }
    }
    HILLOCK_INLINE void store(Real* to) const {
        if constexpr (is_scalar)
            *to = raw;
        else
            for (std::size_t k = 0; k < registers; ++k)
                register_at(raw, k).store_aligned(to + k * (width / registers));
    }

    HILLOCK_INLINE friend Lane operator+(Lane a, Lane b) {
        return each([](auto x, auto y) { return x + y; }, a, b);
    }
    HILLOCK_INLINE friend Lane operator-(Lane a, Lane b) {
        return each([](auto x, auto y) { return x - y; }, a, b);
    }
    HILLOCK_INLINE friend Lane operator*(Lane a, Lane b) {
        return each([](auto x, auto y) { return x * y; }, a, b);
    }
    HILLOCK_INLINE friend Lane operator/(Lane a, Lane b) {
        return each([](auto x, auto y) { return x / y; }, a, b);
    }
    // Not -x: with xsimd 8.1 on AVX-512 that makes +0 of 0.
    HILLOCK_INLINE friend Lane operator-(Lane a) { return Lane(Real(-0.)) - a; }
    HILLOCK_INLINE friend Lane& operator+=(Lane& a, Lane b) { return a = a + b; }
    HILLOCK_INLINE friend Lane& operator-=(Lane& a, Lane b) { return a = a - b; }
    HILLOCK_INLINE friend Lane& operator*=(Lane& a, Lane b) { return a = a * b; }
    HILLOCK_INLINE friend Lane& operator/=(Lane& a, Lane b) { return a = a / b; }

    HILLOCK_INLINE friend mask_type operator<(Lane a, Lane b) {
        return {by_register([](auto x, auto y) { return x < y; }, a.raw, b.raw)};
    }
    HILLOCK_INLINE friend mask_type operator>(Lane a, Lane b) {
        return {by_register([](auto x, auto y) { return x > y; }, a.raw, b.raw)};
    }
    HILLOCK_INLINE friend mask_type operator<=(Lane a, Lane b) {
        return {by_register([](auto x, auto y) { return x <= y; }, a.raw, b.raw)};
    }
    HILLOCK_INLINE friend mask_type operator>=(Lane a, Lane b) {
        return {by_register([](auto x, auto y) { return x >= y; }, a.raw, b.raw)};
    }

    HILLOCK_INLINE friend mask_type operator==(Lane a, Lane b) { return (a <= b) & (a >= b); }
    HILLOCK_INLINE friend mask_type operator!=(Lane a, Lane b) { return !(a == b); }

    /// `choose` by xsimd's name.
    HILLOCK_INLINE friend Lane select(mask_type condition, Lane a, Lane b) { return choose(condition, a, b); }

    /// a b + c, rounded once where the machine can (elsewhere twice, for one number as for many).
    HILLOCK_INLINE friend Lane fma(Lane a, Lane b, Lane c) {
        return each(
            [](auto x, auto y, auto z) {
                if constexpr (requires { fused(x.data, y.data, z.data); })
                    return decltype(x)(fused(x.data, y.data, z.data));
                else if constexpr (!is_scalar)
                    return xsimd::fma(x, y, z);
                else if constexpr (fma_rounds_once)
                    return std::fma(x, y, z);
                else
                    return x * y + z;
            },
            a, b, c);
    }

    /// min and max give their second argument where one of the two is NaN, as the machine's instructions do.
    /// (So does xsimd before version 14; since then it gives the first, as std::min.)
    HILLOCK_INLINE friend Lane min(Lane a, Lane b) {
        if constexpr (is_scalar)
            return a.raw < b.raw ? a : b;
        else if constexpr (XSIMD_VERSION_MAJOR < 14)
            return each([](auto x, auto y) { return xsimd::min(x, y); }, a, b);
        else
            return each([](auto x, auto y) { return xsimd::min(y, x); }, a, b);
    }
    HILLOCK_INLINE friend Lane max(Lane a, Lane b) {
        if constexpr (is_scalar)
            return a.raw > b.raw ? a : b;
        else if constexpr (XSIMD_VERSION_MAJOR < 14)
            return each([](auto x, auto y) { return xsimd::max(x, y); }, a, b);
        else
            return each([](auto x, auto y) { return xsimd::max(y, x); }, a, b);
    }

private:
    static constexpr std::size_t registers = register_count<batch_type>;
    using Batch = std::remove_cvref_t<decltype(register_at(std::declval<batch_type>(), 0))>;

    template <class F, class... Lanes>
    HILLOCK_INLINE static Lane each(F const& f, Lanes const&... x) {
        return of(by_register(f, x.raw...));
    }
};

/// `a` in the lanes where the condition holds, `b` in the others. Both are evaluated.
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> choose(Mask<Real, Arch> condition, std::type_identity_t<Lane<Real, Arch>> a,
                                       std::type_identity_t<Lane<Real, Arch>> b) {
    if constexpr (Lane<Real, Arch>::is_scalar)
        return condition.raw ? a : b;
    else
        return Lane<Real, Arch>::of(by_register([](auto m, auto x, auto y) { return xsimd::select(m, x, y); },
                                                condition.raw, a.raw, b.raw));
}

/// All of `a` or all of `b`. Conditions joined by '&&' or '||' come here too, and `Mask` says what to write.
template <class A, class B>
    requires requires { typename A::mask_type; } || requires { typename B::mask_type; }
HILLOCK_INLINE auto choose(bool condition, A a, B b) {
    using L = std::conditional_t<requires { typename A::mask_type; }, A, B>;
    return condition ? L(a) : L(b);
}

template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> abs(Lane<Real, Arch> x) {
    if constexpr (Lane<Real, Arch>::is_scalar)
        return std::abs(x.raw);
    else
        return Lane<Real, Arch>::of(by_register([](auto y) { return xsimd::abs(y); }, x.raw));
}
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> sqrt(Lane<Real, Arch> x) {
    if constexpr (Lane<Real, Arch>::is_scalar)
        return std::sqrt(x.raw);
    else
        return Lane<Real, Arch>::of(by_register([](auto y) { return xsimd::sqrt(y); }, x.raw));
}

template <class>
inline constexpr bool is_lane = false;
template <class Real, class Arch>
inline constexpr bool is_lane<Lane<Real, Arch>> = true;

/// The type of each number in a `T`: that of a lane's, or `T` itself.
template <class T>
struct number {
    using type = T;
};
template <class T>
    requires requires { typename T::value_type; }
struct number<T> {
    using type = typename T::value_type;
};
template <class T>
inline constexpr bool is_single = std::is_same_v<typename number<T>::type, float>;

/// The n-th of several lanes side by side, which are one lane of as many times its numbers: for functions
/// that take less time on several values at once.
template <class Real, class Arch, std::size_t N>
HILLOCK_INLINE Lane<Real, Arch> get(Lane<Real, side_by_side<Arch, N>> const& lanes, std::size_t n) {
    Lane<Real, Arch> one;
    constexpr auto registers = register_count<typename Lane<Real, Arch>::batch_type>;
    if constexpr (registers == 1)
        one.raw = lanes.raw.each[n];
    else
        for (std::size_t k = 0; k < registers; ++k) one.raw.each[k] = lanes.raw.each[n * registers + k];
    return one;
}
template <class Real, class Arch, std::size_t N>
HILLOCK_INLINE void put(Lane<Real, side_by_side<Arch, N>>& lanes, std::size_t n,
                        Lane<Real, Arch> const& one) {
    constexpr auto registers = register_count<typename Lane<Real, Arch>::batch_type>;
    for (std::size_t k = 0; k < registers; ++k) lanes.raw.each[n * registers + k] = register_at(one.raw, k);
}

}  // namespace hillock::inline HILLOCK_ISA::simd
