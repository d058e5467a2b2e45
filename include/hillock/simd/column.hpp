// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// The alignment of columns in bytes: a cache line, and the widest vector register.
inline constexpr std::size_t alignment = 64;

/// The size of the large pages of x86-64 and 64-bit ARM, in bytes: with them, numbers far apart need 512
/// times fewer entries of the processor's address cache than with pages of 4 KiB.
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// Allocates aligned memory whose numbers are not touched before a thread writes them, so that the system
/// places them near that thread. Whole huge pages inside are asked for as such.
template <class Real>
struct UntouchedMemory {
    using value_type = Real;

    UntouchedMemory() = default;
    template <class Other>
    UntouchedMemory(UntouchedMemory<Other> const&) {}

    Real* allocate(std::size_t n) {
        if (n > std::numeric_limits<std::size_t>::max() / sizeof(Real)) throw std::bad_array_new_length();
        auto* const at = ::operator new(n * sizeof(Real), std::align_val_t{alignment});
        ask_for_huge_pages(at, n * sizeof(Real));
        return static_cast<Real*>(at);
    }
    void deallocate(Real* at, std::size_t) { ::operator delete(at, std::align_val_t{alignment}); }

    template <class T, class... Values>
    void construct(T* at, Values&&... values) {
        if constexpr (sizeof...(Values) == 0)
            ::new (static_cast<void*>(at)) T;
        else
            ::new (static_cast<void*>(at)) T(std::forward<Values>(values)...);
    }

    template <class Other>
    friend bool operator==(UntouchedMemory const&, UntouchedMemory<Other> const&) {
        return true;
    }

private:
    /// Asks for huge pages where whole ones fit; the system may decline.
    static void ask_for_huge_pages([[maybe_unused]] void* at, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
        auto* inside = at;
        auto left = bytes;
        if (std::align(huge_page, huge_page, inside, left))
            madvise(inside, left / huge_page * huge_page, MADV_HUGEPAGE);
#endif
    }
};

/// A vector of numbers that begins on a cache line; its owner pads it to whole lanes. `resize(n)` leaves new
/// numbers unwritten, `resize(n, value)` does not.
template <class Real>
using Column = std::vector<Real, UntouchedMemory<Real>>;

/// The smallest multiple of `unit` that is at least `n`.
constexpr std::size_t padded(std::size_t n, std::size_t unit) { return (n + unit - 1) / unit * unit; }

}  // namespace hillock::inline HILLOCK_ISA::simd
