// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The cells that a rank owns. Cells are dealt out like cards, gid after gid, so that types and groups of
/// cells spread evenly.
struct Ownership {
    std::size_t rank = 0, ranks = 1;  // this one, and how many there are

    std::size_t owner(Gid gid) const { return gid % ranks; }  // its rank
    bool owns(Gid gid) const { return owner(gid) == rank; }   // whether it lives here

    /// The number of own gids in [0, end), which is the place of the first own gid from `end` on.
    std::size_t count(std::uint64_t end) const { return (end + ranks - 1 - rank) / ranks; }
    /// The number of own gids in [first, last).
    std::size_t count(Gid first, Gid last) const { return count(last) - count(first); }

    /// Calls f(gid) for the own gids of [first, last), ascending.
    void for_each(Gid first, Gid last, auto&& f) const {
        for (std::uint64_t gid = count(first) * ranks + rank; gid < last; gid += ranks)
            f(static_cast<Gid>(gid));
    }
};

}  // namespace hillock::inline HILLOCK_ISA
