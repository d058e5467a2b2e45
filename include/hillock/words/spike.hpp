// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A cell's threshold crossing: its time in ms and the cell's gid. Ordered by time, then gid.
struct Spike {
    double time;
    Gid gid;

    friend auto operator<=>(Spike const&, Spike const&) = default;
};

/// Spikes of many cells in ascending (time, gid): what a run returns, a file holds and a raster shows.
using Raster = std::vector<Spike>;

}  // namespace hillock::inline HILLOCK_ISA
