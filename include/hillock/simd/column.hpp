// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <xsimd/xsimd.hpp>

namespace hillock::simd {

/// The alignment of columns in bytes: a cache line, and the widest vector register.
inline constexpr std::size_t alignment = 64;

/// A vector of numbers that begins on a cache line; whoever sizes it pads it to whole lanes.
template <class Real>
using Column = std::vector<Real, xsimd::aligned_allocator<Real, alignment>>;

/// The least multiple of `unit` that holds `n`.
constexpr std::size_t padded(std::size_t n, std::size_t unit) { return (n + unit - 1) / unit * unit; }

}  // namespace hillock::simd
