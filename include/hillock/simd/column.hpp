// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <hillock/simd/lane.hpp>

namespace hillock::simd {

/// The alignment of columns in bytes: a cache line, and the widest vector register.
inline constexpr std::size_t alignment = 64;

/// Aligned memory whose numbers are not touched before somebody writes them: the system then places them near that thread.
template <class Real>
struct UntouchedMemory : xsimd::aligned_allocator<Real, alignment> {
    template <class Other>
    struct rebind {
        using other = UntouchedMemory<Other>;
    };
    UntouchedMemory() = default;
    template <class Other>
    UntouchedMemory(UntouchedMemory<Other> const&) {}

    template <class T, class... Values>
    void construct(T* at, Values&&... values) {
        if constexpr (sizeof...(Values) == 0) ::new (static_cast<void*>(at)) T;
        else ::new (static_cast<void*>(at)) T(std::forward<Values>(values)...);
    }
};

/// A vector of numbers that begins on a cache line; whoever sizes it pads it to whole lanes. `resize(n)` leaves new ones
/// unwritten, `resize(n, value)` does not.
template <class Real>
using Column = std::vector<Real, UntouchedMemory<Real>>;

/// The least multiple of `unit` that holds `n`.
constexpr std::size_t padded(std::size_t n, std::size_t unit) { return (n + unit - 1) / unit * unit; }

}  // namespace hillock::simd
