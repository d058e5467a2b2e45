// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <ranges>
#include <span>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// A range of numbers that can be iterated over more than once.
template <class R>
concept Numbers = std::ranges::forward_range<R> && std::convertible_to<std::ranges::range_value_t<R>, double>;

/// Throws unless all samples of a signal are finite; `of` says whose.
inline void require_finite(std::string_view of, std::span<double const> signal) {
    for (std::size_t i = 0; i < signal.size(); ++i)
        require(std::isfinite(signal[i]), "{}: number {} is {}: must be finite", of, i, signal[i]);
}

/// The value of a statistic where it is not defined, such as the mean of nothing.
inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Mean and variance of all numbers (numpy's default, ddof = 0; not estimates from a sample).
struct Moments {
    double mean = undefined, variance = undefined;            // in the unit of the numbers, and in its square
    double deviation() const { return std::sqrt(variance); }  // the standard deviation
};

/// Computes mean and variance in two passes, so that a large mean does not swamp a small variance. Undefined
/// for no numbers.
Moments moments(Numbers auto const& numbers) {
    double sum = 0, squares = 0;
    std::size_t count = 0;
    for (double const number : numbers) sum += number, ++count;
    if (count == 0) return {};
    auto const mean = sum / static_cast<double>(count);
    for (double const number : numbers) squares += (number - mean) * (number - mean);
    return {mean, squares / static_cast<double>(count)};
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
