// SPDX-License-Identifier: MIT
#pragma once

/// Plain loops over vectors. The standard's algorithms and ranged members do the same for any iterators and
/// in fewer steps, but each type that they are used with costs every unit 30 to 100 functions.

#include <cstddef>
#include <utility>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// Adds `more` at the end of a vector.
void append(auto& things, auto const& more) {
    for (auto const& thing : more) things.push_back(thing);
}

/// Takes out of a vector all things for which is_gone(thing); the others stay in order. Returns their number.
std::size_t erase_if(auto& things, auto const& is_gone) {
    std::size_t kept = 0;
    for (auto& thing : things) {
        if (is_gone(thing)) continue;
        if (&things[kept] != &thing) things[kept] = std::move(thing);
        ++kept;
    }
    auto const gone = things.size() - kept;
    while (things.size() > kept) things.pop_back();
    return gone;
}

/// Makes `n` empty lists of a vector of lists, which keep their memory.
void empty_lists(auto& lists, std::size_t n) {
    lists.resize(n);
    for (auto& list : lists) list.clear();
}

}  // namespace hillock::inline HILLOCK_ISA::meta
