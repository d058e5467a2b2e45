// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// Several vector registers that go through a kernel side by side. Each operation is one instruction for each
/// of them, one after the other, and these do not wait for each other: that hides the latency of long chains
/// such as exp.
template <class Batch, std::size_t N>
struct Registers {
    std::array<Batch, N> each;
};

template <class>
inline constexpr std::size_t register_count = 1;
template <class Batch, std::size_t N>
inline constexpr std::size_t register_count<Registers<Batch, N>> = N;

/// Register k of several, or the only one.
template <class Batch>
HILLOCK_INLINE Batch register_at(Batch const& x, std::size_t) {
    return x;
}
template <class Batch, std::size_t N>
HILLOCK_INLINE Batch register_at(Registers<Batch, N> const& x, std::size_t k) {
    return x.each[k];
}

/// f(x...) register by register.
template <class F, class First, class... X>
HILLOCK_INLINE auto by_register(F const& f, First const& first, X const&... x) {
    if constexpr (register_count<First> == 1) {
        return f(first, x...);
    } else {
        auto const at = [&](auto k)
                            HILLOCK_INLINE_LAMBDA { return f(register_at(first, k), register_at(x, k)...); };
        return [&]<std::size_t... K>(std::index_sequence<K...>) HILLOCK_INLINE_LAMBDA {
            return Registers<decltype(at(std::size_t{0})), sizeof...(K)>{{at(K)...}};
        }(std::make_index_sequence<register_count<First>>{});
    }
}

// The arithmetic of bit patterns.
template <class Batch, std::size_t N>
HILLOCK_INLINE Registers<Batch, N> operator+(Registers<Batch, N> const& a, Registers<Batch, N> const& b) {
    return by_register([](auto const& x, auto const& y) { return x + y; }, a, b);
}
template <class Batch, std::size_t N>
HILLOCK_INLINE Registers<Batch, N> operator-(Registers<Batch, N> const& a, Registers<Batch, N> const& b) {
    return by_register([](auto const& x, auto const& y) { return x - y; }, a, b);
}
template <class Batch, std::size_t N>
HILLOCK_INLINE Registers<Batch, N> operator<<(Registers<Batch, N> const& a, int n) {
    return by_register([n](auto const& x) { return x << n; }, a);
}
template <class Batch, std::size_t N>
HILLOCK_INLINE Registers<Batch, N> operator>>(Registers<Batch, N> const& a, int n) {
    return by_register([n](auto const& x) { return x >> n; }, a);
}

}  // namespace hillock::inline HILLOCK_ISA::simd
