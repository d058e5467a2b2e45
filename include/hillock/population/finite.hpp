// SPDX-License-Identifier: MIT
#pragma once

/// Looks for voltages that are not finite.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>

#include <hillock/isa.hpp>
#include <hillock/population/population.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// Whether V is finite in the blocks [first, last), without a branch a block: x - x is 0, or else NaN, whose
/// bits stay.
template <class Real, class Arch, class C>
bool Population<Real, Arch, C>::are_finite(std::size_t first, std::size_t last) const {
    auto joined = simd::bits::of(L(0));
    for (std::size_t block = first; block < last; ++block) {
        L const v = voltages_of(block)(0);
        joined = simd::by_register([](auto x, auto y) { return x | y; }, joined, simd::bits::of(v - v));
    }
    auto const none = simd::bits::to_lane<Real, typename L::arch>(joined) <= L(0);
    return (simd::bits::of(none) & lanes_mask) == lanes_mask;
}

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::first_not_finite(std::size_t first, std::size_t last) const {
    if (are_finite(first, last)) return size();
    for (std::size_t block = first; block < last; ++block) {
        auto const finite = abs(voltages_of(block)(0)) <= L(std::numeric_limits<Real>::max());
        auto const odd = ~simd::bits::of(finite) & lanes_mask;
        if (odd != 0)
            return std::min(size(), block * width + static_cast<std::size_t>(std::countr_zero(odd)));
    }
    return size();
}

}  // namespace hillock::inline HILLOCK_ISA::population
