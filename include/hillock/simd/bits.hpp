// SPDX-License-Identifier: MIT
#pragma once

/// Lanes and masks as bit patterns, and a table that a few of those bits look up.

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/simd/arch.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::simd::bits {

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

}  // namespace hillock::inline HILLOCK_ISA::simd::bits
