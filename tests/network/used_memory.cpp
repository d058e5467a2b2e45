// SPDX-License-Identifier: MIT

/// In this program aligned memory, that of all columns of numbers, holds NaN until it is written, as memory that was
/// in use before may: a number that nobody has written is seen.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

void* operator new(std::size_t size, std::align_val_t alignment) {
    auto const unit = static_cast<std::size_t>(alignment);
    constexpr std::size_t most = std::size_t{1}
                                 << 24;  // bytes: what is asked for and never used costs nothing
    if (size < std::size_t(-1) - unit)
        if (auto* const at = std::aligned_alloc(unit, (size + unit - 1) / unit * unit))
            return std::memset(at, 0xff, std::min(size, most));
    throw std::bad_alloc();
}
void operator delete(void* at, std::align_val_t) noexcept { std::free(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }
