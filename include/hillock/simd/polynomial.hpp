// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

#include <hillock/isa.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// c[0] + c[1] x + ..., its even and odd powers side by side, so that the one need not wait for the other.
template <class L, std::size_t N>
HILLOCK_INLINE L polynomial(L x, std::array<typename L::value_type, N> const& c) {
    auto const at = [&](std::size_t k) { return L(c[k]); };
    L const square = x * x;
    constexpr std::size_t last_even = (N - 1) / 2 * 2, last_odd = (N - 2) / 2 * 2 + 1;
    L even = at(last_even), odd = at(last_odd);
    for (auto k = last_even; k >= 2; k -= 2) even = fma(even, square, at(k - 2));
    for (auto k = last_odd; k >= 3; k -= 2) odd = fma(odd, square, at(k - 2));
    return fma(odd, x, even);
}

/// The same one power after the other: later, but one multiplication fewer.
template <class L, std::size_t N>
HILLOCK_INLINE L horner(L x, std::array<typename L::value_type, N> const& c) {
    L sum = c[N - 1];
    for (auto k = N - 1; k > 0; --k) sum = fma(sum, x, L(c[k - 1]));
    return sum;
}

}  // namespace hillock::inline HILLOCK_ISA::simd
