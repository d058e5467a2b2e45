// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <hillock/analysis/statistics.hpp>
#include <hillock/analysis/trains.hpp>
#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// The times (ms) between one spike of a cell and its next; empty for fewer than two spikes. `train` is
/// ascending, or else an error.
inline std::vector<double> intervals(std::span<double const> train) {
    require_ascending("intervals", train);
    std::vector<double> intervals;
    for (std::size_t i = 1; i < train.size(); ++i) intervals.push_back(train[i] - train[i - 1]);
    return intervals;
}

/// The coefficient of variation of intervals: their deviation in units of their mean. 0 for a clock, 1 for a
/// Poisson train. Undefined (NaN) for fewer than two intervals.
inline double coefficient_of_variation(std::span<double const> intervals) {
    if (intervals.size() < 2) return undefined;
    auto const all = moments(intervals);
    return all.deviation() / all.mean;
}

/// The Fano factor of spike counts: their variance in units of their mean. 1 for a Poisson train. Undefined
/// (NaN) without a spike.
double fano_factor(Numbers auto const& counts) {
    auto const all = moments(counts);
    return all.mean > 0 ? all.variance / all.mean : undefined;
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
