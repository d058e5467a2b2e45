// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The threshold crossing of a cell, with its time in ms. Ordered by time, then gid.
struct Spike {
    double time;  // ms
    Gid gid;      // the cell

    friend auto operator<=>(Spike const&, Spike const&) = default;
};

/// Spikes of many cells in ascending (time, gid), as a run returns and a file holds them.
using Raster = std::vector<Spike>;

}  // namespace hillock::inline HILLOCK_ISA
