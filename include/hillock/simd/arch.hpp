// SPDX-License-Identifier: MIT
#pragma once

/// The shapes that lanes come in: one number, a vector register of xsimd, several registers side by side.

#include <cstddef>
#include <type_traits>

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

/// The vectors that kernels compute in: registers of less than 64 bytes (AVX-512's) in pairs, so that they
/// wait less for their own results.
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

}  // namespace hillock::inline HILLOCK_ISA::simd
