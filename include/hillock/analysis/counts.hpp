// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hillock/analysis/bins.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// A number of spikes; signed, so that differences can be negative.
using Count = std::int32_t;

/// The number of spikes in each bin, as `numpy.histogram` counts them; spikes outside the bins are not
/// counted.
inline std::vector<Count> spike_counts(std::span<Spike const> spikes, Bins const& bins) {
    std::vector<Count> counts(bins.size());
    for (auto const& spike : spikes)
        if (auto const bin = bins.of(spike.time)) ++counts[*bin];
    return counts;
}

/// The same for the spikes of `group` alone.
inline std::vector<Count> spike_counts(std::span<Spike const> spikes, Bins const& bins, Cells const& group) {
    std::vector<Count> counts(bins.size());
    for (auto const& spike : spikes)
        if (auto const bin = bins.of(spike.time); bin && group.contains(spike.gid)) ++counts[*bin];
    return counts;
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
