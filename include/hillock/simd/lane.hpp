// SPDX-License-Identifier: MIT
#pragma once

/// Lanes: the number type in which kernels are written once. `Lane<Real, Arch>` is W numbers that move
/// together in one vector register of xsimd's architecture `Arch`; with `Arch = simd::scalar` it is one plain
/// number, and the same kernel gives the same bits. What differs between versions of xsimd (8.1 to the
/// newest) is settled here and nowhere else.

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

// g++ 12 finds variables uninitialised in its own header of AVX-512 functions (GCC bug 105593), wherever they
// are inlined.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#include <hillock/isa.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/registers.hpp>

#ifdef __FAST_MATH__
#error "hillock: -ffast-math destroys the rounding that its functions are built on; compile without it"
#endif

namespace hillock::inline HILLOCK_ISA::simd {

/// In place of an xsimd architecture: lanes of one number.
struct scalar {};

/// The widest vectors that the compiler's flags allow.
using native = xsimd::default_arch;

/// `N` registers of `Arch` side by side.
template <class Arch, std::size_t N>
struct side_by_side {
    using one = Arch;
};

/// What kernels compute in: registers of less than 64 bytes (AVX-512's) in pairs, so that they wait less for
/// their own results.
template <class Arch>
struct kernel_of {
    static constexpr bool in_pairs = xsimd::batch<double, Arch>::size < 8;
    using type = std::conditional_t<in_pairs, side_by_side<Arch, 2>, Arch>;
};
template <>
struct kernel_of<scalar> {
    using type = scalar;
};
template <class Arch>
using kernel = typename kernel_of<Arch>::type;

template <class Real, class Arch>
struct lane_traits {
    using batch = xsimd::batch<Real, Arch>;
    using mask = xsimd::batch_bool<Real, Arch>;
    static constexpr std::size_t width = batch::size;
};
template <class Real>
struct lane_traits<Real, scalar> {
    using batch = Real;
    using mask = bool;
    static constexpr std::size_t width = 1;
};
template <class Real, class Arch, std::size_t N>
struct lane_traits<Real, side_by_side<Arch, N>> {
    using one = lane_traits<Real, Arch>;
    using batch = Registers<typename one::batch, N>;
    using mask = Registers<typename one::mask, N>;
    static constexpr std::size_t width = N * one::width;
};
template <class Real, class Arch, std::size_t M, std::size_t N>
struct lane_traits<Real, side_by_side<side_by_side<Arch, M>, N>>
    : lane_traits<Real, side_by_side<Arch, M * N>> {};

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
    HILLOCK_INLINE Lane(Real value) {
        if constexpr (registers == 1)
            raw = batch_type(value);
        else
            raw.each.fill(Batch(value));
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
    HILLOCK_INLINE friend Lane operator-(Lane a) {
        return Lane(Real(-0.)) - a;
    }  // not -x: with xsimd 8.1 on AVX-512 that makes +0 of 0
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

    /// Where the condition holds `a`, elsewhere `b`.
    HILLOCK_INLINE friend Lane select(mask_type condition, Lane a, Lane b) {
        if constexpr (is_scalar)
            return condition.raw ? a : b;
        else
            return of(by_register([](auto m, auto x, auto y) { return xsimd::select(m, x, y); },
                                  condition.raw, a.raw, b.raw));
    }

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

    HILLOCK_INLINE friend Lane abs(Lane a) {
        if constexpr (is_scalar)
            return of(std::abs(a.raw));
        else
            return each([](auto x) { return xsimd::abs(x); }, a);
    }
    HILLOCK_INLINE friend Lane sqrt(Lane a) {
        if constexpr (is_scalar)
            return of(std::sqrt(a.raw));
        else
            return each([](auto x) { return xsimd::sqrt(x); }, a);
    }
    /// min and max give their second argument where one of the two is NaN, as the machine's instructions do
    /// (and xsimd before version 14; since then the first, as std::min).
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

namespace bits {

template <class Real>
using integer = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;

/// The lanes' bit patterns as integers, and back.
template <class Real, class Arch>
HILLOCK_INLINE auto of(Lane<Real, Arch> x) {
    using Int = integer<Real>;
    if constexpr (std::is_same_v<Arch, scalar>)
        return std::bit_cast<Int>(x.raw);
    else
        return by_register(
            []<class Batch>(Batch y) {
#if XSIMD_VERSION_MAJOR < 9
                return xsimd::bitwise_cast<xsimd::batch<Int, typename Batch::arch_type>>(y);
#else
                return xsimd::bitwise_cast<Int>(y);
#endif
            },
            x.raw);
}

template <class Real, class Arch, class Integers>
HILLOCK_INLINE Lane<Real, Arch> to_lane(Integers const& x) {
    if constexpr (std::is_same_v<Arch, scalar>)
        return Lane<Real, Arch>::of(std::bit_cast<Real>(x));
    else
        return Lane<Real, Arch>::of(by_register(
            []<class Batch>(Batch y) {
#if XSIMD_VERSION_MAJOR < 9
                return xsimd::bitwise_cast<xsimd::batch<Real, typename Batch::arch_type>>(y);
#else
                return xsimd::bitwise_cast<Real>(y);
#endif
            },
            x));
}

/// An integer in every lane, of the kind that `of` gives.
template <class Arch, std::unsigned_integral Int>
HILLOCK_INLINE auto broadcast(Int x) {
    using Real = std::conditional_t<sizeof(Int) == 8, double, float>;
    return of(Lane<Real, Arch>(std::bit_cast<Real>(x)));
}

#ifdef __AVX512F__
HILLOCK_INLINE __m512d look_up(std::array<double, 16> const& table, __m512i index) {
    return _mm512_permutex2var_pd(_mm512_load_pd(table.data()), index, _mm512_load_pd(table.data() + 8));
}
#endif

/// The entry of an aligned table that the lowest four bits of each lane name.
template <class Arch, class Integers>
HILLOCK_INLINE Lane<double, Arch> lookup(std::array<double, 16> const& table, Integers const& index) {
    using L = Lane<double, Arch>;
    if constexpr (L::is_scalar)
        return L(table[index & 15]);
    else
        return L::of(by_register(
            [&]<class Batch>(Batch at) {
                using Found = xsimd::batch<double, typename Batch::arch_type>;
                if constexpr (requires { look_up(table, at.data); }) {
                    return Found(look_up(table, at.data));
                } else {
                    alignas(64) std::array<std::uint64_t, Batch::size> one;
                    at.store_aligned(one.data());
                    return [&]<std::size_t... K>(std::index_sequence<K...>) {
                        return Found{table[one[K] & 15]...};
                    }(std::make_index_sequence<Batch::size>{});
                }
            },
            index));
}

// A mask's register as bits; xsimd has no such function before version 9.
#ifdef __SSE2__
inline std::uint32_t of_register(__m128d mask) { return static_cast<std::uint32_t>(_mm_movemask_pd(mask)); }
inline std::uint32_t of_register(__m128 mask) { return static_cast<std::uint32_t>(_mm_movemask_ps(mask)); }
#endif
#ifdef __AVX__
inline std::uint32_t of_register(__m256d mask) {
    return static_cast<std::uint32_t>(_mm256_movemask_pd(mask));
}
inline std::uint32_t of_register(__m256 mask) { return static_cast<std::uint32_t>(_mm256_movemask_ps(mask)); }
#endif
inline std::uint32_t of_register(std::unsigned_integral auto mask) {
    return mask;
}  // AVX-512 keeps masks in integers

template <class Mask>
HILLOCK_INLINE std::uint32_t of_batch(Mask const& mask) {
    if constexpr (requires { of_register(mask.data); }) {
        return of_register(mask.data);
    } else {
        bool lanes[Mask::size];
        mask.store_unaligned(lanes);
        std::uint32_t packed = 0;
        for (std::size_t k = 0; k < Mask::size; ++k) packed |= std::uint32_t{lanes[k]} << k;
        return packed;
    }
}

/// One bit a lane, lane 0 the lowest.
template <class Real, class Arch>
HILLOCK_INLINE std::uint32_t of(Mask<Real, Arch> mask) {
    if constexpr (std::is_same_v<Arch, scalar>) {
        return mask.raw;
    } else {
        constexpr auto registers = register_count<typename Mask<Real, Arch>::mask_type>;
        constexpr auto width = lane_traits<Real, Arch>::width / registers;
        std::uint32_t packed = 0;
        for (std::size_t k = 0; k < registers; ++k)
            packed |= of_batch(register_at(mask.raw, k)) << (k * width);
        return packed;
    }
}

}  // namespace bits
}  // namespace hillock::inline HILLOCK_ISA::simd
