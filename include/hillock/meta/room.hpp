// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// Makes room for `n` more things in a vector, so that adding them cannot fail for lack of memory. Room grows
/// by half at least: to add things one by one takes linear time.
void make_room(auto& things, std::size_t n) {
    auto const needed = things.size() + n;
    if (needed > things.capacity()) things.reserve(std::max(needed, things.capacity() / 2 * 3));
}

}  // namespace hillock::inline HILLOCK_ISA::meta
