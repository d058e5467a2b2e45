// SPDX-License-Identifier: MIT
#pragma once

#include <compare>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// A spike on the grid of time. Ordered by step, then gid.
struct GridSpike {
    Step step;
    Gid gid;

    friend auto operator<=>(GridSpike const&, GridSpike const&) = default;
};

}  // namespace hillock::inline HILLOCK_ISA::population
