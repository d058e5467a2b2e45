// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hillock/analysis/trains.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// The first place at which two rasters differ: the spike of each at `index`, none if it has ended before.
struct Difference {
    std::size_t index;                   // from 0 on
    std::optional<Spike> first, second;  // the spike of each raster there
};

/// Finds the first spike in which two rasters, both in ascending (time, gid), differ; none if they are equal.
/// Times that differ by at most `tolerance` ms are equal (0 compares every bit; the default allows for the
/// rounding of a spike file).
inline std::optional<Difference> first_difference(std::span<Spike const> a, std::span<Spike const> b,
                                                  double tolerance = 1e-9) {
    require(tolerance >= 0, "tolerance {} ms of a comparison: must not be negative", tolerance);
    auto const at = [](std::span<Spike const> spikes, std::size_t i) {
        return i < spikes.size() ? std::optional{spikes[i]} : std::nullopt;
    };
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        auto const equal = i < a.size() && i < b.size() && a[i].gid == b[i].gid &&
                           std::abs(a[i].time - b[i].time) <= tolerance;
        if (!equal) return Difference{i, at(a, i), at(b, i)};
    }
    return {};
}

/// Describes a difference: "spike 812: 37.325 ms, cell 14 in the first, none in the second".
inline std::string describe(Difference const& difference) {
    auto const spike = [](std::optional<Spike> const& s) {
        return s ? fmt::format("{} ms, cell {}", s->time, s->gid) : std::string{"none"};
    };
    return fmt::format("spike {}: {} in the first, {} in the second", difference.index,
                       spike(difference.first), spike(difference.second));
}

/// van Rossum's distance of two spike trains (times in ms, ascending; Neural Comput 13:751, 2001): each spike
/// becomes an exponential of time constant `tau` ms,
///
///     D^2 = 1/tau integral (f - g)^2 dt,   f(t) = sum over the first train's t_i < t of exp(-(t - t_i)/tau),
///                                          g(t) the same over the second's
///
/// One additional spike is a distance of 1/sqrt(2). The time it takes is linear in the number of spikes.
inline double van_rossum_distance(std::span<double const> a, std::span<double const> b, double tau) {
    require(std::isfinite(tau) && tau > 0, "van Rossum distance with tau {} ms: must be positive and finite",
            tau);
    require_ascending("van Rossum distance, first train", a);
    require_ascending("van Rossum distance, second train", b);
    // With signs s = +1 for the first train and -1 for the second, D^2 = 1/2 sum_ij s_i s_j exp(-|t_i -
    // t_j|/tau).
    double square = 0, trace = 0, last = 0;
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        auto const from_a = j == b.size() || (i < a.size() && a[i] <= b[j]);
        auto const time = from_a ? a[i++] : b[j++];
        auto const sign = from_a ? 1. : -1.;
        if (trace != 0) trace *= std::exp(-(time - last) / tau);  // of all earlier spikes
        square += sign * (sign / 2 + trace);
        trace += sign;
        last = time;
    }
    return std::sqrt(std::max(0., square));
}

/// Victor & Purpura's distance of two spike trains (times in ms, ascending; J Neurophysiol 76:1310, 1996):
/// the least cost of turning one into the other, where adding or removing a spike costs 1 and moving it
/// `cost` per ms. The time it takes is proportional to the product of the numbers of spikes.
inline double victor_purpura_distance(std::span<double const> a, std::span<double const> b, double cost) {
    require(std::isfinite(cost) && cost >= 0,
            "Victor-Purpura distance at {} per ms: must be finite and not negative", cost);
    require_ascending("Victor-Purpura distance, first train", a);
    require_ascending("Victor-Purpura distance, second train", b);
    std::vector<double> row(b.size() + 1);  // row[j]: the distance of a's first i spikes from b's first j
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<double>(j);
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = static_cast<double>(i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto const moved = diagonal + cost * std::abs(a[i] - b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({moved, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
