// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// The numbers of `keys` in ascending order of these; those of equal keys stay in order. (One sort for all
/// kinds of things: each type that is sorted would cost every unit a tenth of a second.)
inline std::vector<std::size_t> order_of(std::vector<std::uint64_t> const& keys) {
    std::vector<std::pair<std::uint64_t, std::size_t>> pairs;
    for (auto const key : keys) pairs.emplace_back(key, pairs.size());
    std::sort(pairs.begin(), pairs.end());
    std::vector<std::size_t> order;
    for (auto const& pair : pairs) order.push_back(pair.second);
    return order;
}

/// Puts `things` in the order of key(thing); those of equal keys stay in order. Where memory is missing they
/// stay as they are.
void sort_by(auto& things, auto&& key) {
    std::vector<std::uint64_t> keys;
    for (auto const& thing : things) keys.push_back(key(thing));
    auto order = order_of(keys);
    for (std::size_t first = 0; first < order.size(); ++first)
        for (auto k = first; order[k] != k;) {  // round the circle of things that take each other's places
            auto const next = std::exchange(order[k], k);
            if (next != first) std::swap(things[k], things[next]);
            k = next;
        }
}

}  // namespace hillock::inline HILLOCK_ISA::meta
