// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <hillock/analysis/bins.hpp>
#include <hillock/analysis/counts.hpp>
#include <hillock/analysis/matrix.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// A cell's spike times (ms), ascending.
using Train = std::vector<double>;

/// Throws unless the spike times of `of` are finite and none is before the one that it follows.
inline void require_ascending(std::string_view of, std::span<double const> train) {
    for (std::size_t i = 0; i < train.size(); ++i) {
        require(std::isfinite(train[i]), "{}: spike {} at {} ms: must be finite", of, i, train[i]);
        require(i == 0 || train[i - 1] <= train[i],
                "{}: spike {} at {} ms after one at {} ms: must be ascending", of, i, train[i], train[i - 1]);
    }
}

/// The spike times of each of the cells 0..cells-1. Throws for a gid beyond them.
inline std::vector<Train> trains_by_cell(std::span<Spike const> spikes, std::size_t cells) {
    std::vector<Train> trains(cells);
    for (auto const& [time, gid] : spikes) {
        require(gid < cells, "spike of cell {} at {} ms: gids must be below the number of cells, {}", gid,
                time, cells);
        trains[gid].push_back(time);
    }
    return trains;
}

/// The number of spikes in each bin (row) of each of the cells 0..cells-1 (column). Throws for a gid beyond
/// them.
inline Matrix<Count> binned_trains(std::span<Spike const> spikes, Bins const& bins, std::size_t cells) {
    Matrix<Count> counts(bins.size(), cells);
    for (auto const& [time, gid] : spikes) {
        require(gid < cells, "spike of cell {} at {} ms: gids must be below the number of cells, {}", gid,
                time, cells);
        if (auto const bin = bins.of(time)) ++counts(*bin, gid);
    }
    return counts;
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
