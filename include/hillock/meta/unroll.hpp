// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// Calls f(k) for k = 0 ... N-1, each k a compile-time constant: the loop over the mechanisms of a cell type.
template <std::size_t N, class F>
constexpr void unroll(F&& f) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
        (f(std::integral_constant<std::size_t, K>{}), ...);
    }(std::make_index_sequence<N>{});
}

}  // namespace hillock::inline HILLOCK_ISA::meta
