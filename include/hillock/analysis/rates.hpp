// SPDX-License-Identifier: MIT
#pragma once

/// Rates are in spikes per second (Hz) and per cell; times in ms.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <hillock/analysis/bins.hpp>
#include <hillock/analysis/counts.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// The mean rate of the cells of `group` in each bin, over the bin's own width.
inline std::vector<double> rates(std::span<Spike const> spikes, Bins const& bins, Cells const& group) {
    require(!group.empty(), "rates of an empty group: it must hold a cell");
    auto const counts = spike_counts(spikes, bins, group);
    std::vector<double> rates(counts.size());
    for (std::size_t bin = 0; bin < counts.size(); ++bin)
        rates[bin] = counts[bin] / (1e-3 * bins.width(bin) * static_cast<double>(group.size()));
    return rates;
}

/// The mean rate of the cells of `group` from `start` to `stop`; spikes at either end are counted.
inline double mean_rate(std::span<Spike const> spikes, Cells const& group, double stop, double start = 0) {
    require(!group.empty(), "rate of an empty group: it must hold a cell");
    require(std::isfinite(start) && std::isfinite(stop) && start < stop,
            "rate from {} to {} ms: both must be finite, the end after the start", start, stop);
    auto const counts = [&](Spike const& s) {
        return s.time >= start && s.time <= stop && group.contains(s.gid);
    };
    return static_cast<double>(std::ranges::count_if(spikes, counts)) /
           (1e-3 * (stop - start) * static_cast<double>(group.size()));
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
