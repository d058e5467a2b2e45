// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <hillock/analysis/matrix.hpp>
#include <hillock/analysis/statistics.hpp>
#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// The synchrony of cells: chi of Golomb & Rinzel (Physica D 72:259, 1994), here of binned spike trains (bins
/// x cells):
///
///     chi^2 = var_t( mean_i x_i(t) ) / mean_i( var_t x_i(t) )
///
/// 1 if all cells fire alike, of order 1/sqrt(cells) if they are independent. It depends on the bin width:
/// cells whose jitter is shorter than a bin count as synchronous. Undefined (NaN) where no train
/// varies.
template <class T>
double synchrony(Matrix<T> const& trains) {
    auto const bins = trains.rows(), cells = trains.columns();
    std::vector<double> population(bins), train(bins);
    double variances = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        for (std::size_t bin = 0; bin < bins; ++bin) {
            train[bin] = static_cast<double>(trains(bin, cell));
            population[bin] += train[bin] / static_cast<double>(cells);
        }
        variances += moments(train).variance / static_cast<double>(cells);
    }
    return variances > 0 ? std::sqrt(moments(population).variance / variances) : undefined;
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
