// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include <hillock/analysis/statistics.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// Tells whether all elements of `x` are equal. (Their computed variance may exceed 0: the mean is rounded.)
inline bool is_constant(std::span<double const> x) {
    return std::adjacent_find(x.begin(), x.end(), std::not_equal_to<>{}) == x.end();
}

/// Pearson's correlation coefficient of `x` and `y` (such as two groups' rates in the same bins), from -1 to
/// 1, at every lag from -`largest_lag` to +`largest_lag` bins: element k compares x(t + k - largest_lag) with
/// y(t). A peak at a negative lag means that `x` leads. The mean and the deviation are those of the whole
/// signals. Undefined (NaN) where one is constant.
inline std::vector<double> cross_correlation(std::span<double const> x, std::span<double const> y,
                                             std::size_t largest_lag) {
    require(x.size() == y.size(), "correlation of signals of {} and {} bins: must be equally long", x.size(),
            y.size());
    require(largest_lag < x.size(),
            "correlation at a lag of {} bins: must be less than the signal's length, {}", largest_lag,
            x.size());
    require_finite("correlation, first signal", x);
    require_finite("correlation, second signal", y);
    std::vector<double> coefficients(2 * largest_lag + 1, undefined);
    if (is_constant(x) || is_constant(y)) return coefficients;
    auto const mx = moments(x), my = moments(y);
    auto const scale = static_cast<double>(x.size()) * mx.deviation() * my.deviation();
    if (!(scale > 0)) return coefficients;
    for (std::size_t k = 0; k < coefficients.size(); ++k) {
        double sum = 0;
        for (std::size_t t = 0; t < y.size(); ++t)
            if (auto const at = t + k; at >= largest_lag && at - largest_lag < x.size())
                sum += (x[at - largest_lag] - mx.mean) * (y[t] - my.mean);
        coefficients[k] = sum / scale;
    }
    return coefficients;
}

/// Pearson's correlation coefficient of `x` and `y`, as `numpy.corrcoef`. Undefined (NaN) where one is
/// constant.
inline double correlation(std::span<double const> x, std::span<double const> y) {
    require(x.size() == y.size(), "correlation of signals of {} and {} bins: must be equally long", x.size(),
            y.size());
    return x.empty() ? undefined : cross_correlation(x, y, 0).front();
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
