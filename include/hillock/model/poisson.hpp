// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/random/poisson.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A Poisson process of spikes, NEST's poisson_generator: the number of events of a step is Poisson with mean
/// rate dt, and weighs as much as so many events. Those of the step from t on count as fired at t, for t from
/// `start` up to, not including, start + duration; they arrive a delay later.
///
/// Every cell stimulated gets draws of its own: a function of the network's stimulus seed, `stream`, the
/// cell's gid and the step. Two Poisson processes on one cell need different `stream`s. If they are `shared`,
/// all cells of the call get the same train, with the draws of the lowest gid.
struct Poisson {
    double rate = 0;                                            // spikes/s
    double start = 0;                                           // ms
    double duration = std::numeric_limits<double>::infinity();  // ms
    std::uint32_t stream = 0;                                   // chooses the random stream
    bool shared = false;                                        // one train for all cells
};

/// A Poisson process whose rate is given by points in time: as `Poisson`, with the rate in the middle of each
/// step. Each rate holds until the time of the next one, or leads there in a line; before the first point the
/// rate is 0, and the last one stays.
struct InhomogeneousPoisson {
    std::vector<double> times;  // ms, ascending
    std::vector<double> rates;  // spikes/s, one for each time
    bool linear = false;        // whether rates are joined by lines; else each holds until the next
    std::uint32_t stream = 0;   // chooses the random stream
    bool shared = false;        // one train for all cells
};

/// Throws unless a rate is one that can be drawn in steps of `dt` ms.
inline void check_rate(std::string_view name, double rate, double dt) {
    require(std::isfinite(rate) && rate >= 0, "{} = {} spikes/s: must be finite and not negative", name,
            rate);
    require(rate * dt * 1e-3 <= PoissonTable::largest_mean,
            "{} = {} spikes/s: must be at most {}, {} in a step", name, rate,
            PoissonTable::largest_mean / dt * 1e3, PoissonTable::largest_mean);
}

/// Throws if the numbers of a Poisson process make no sense in steps of `dt` ms.
inline void check(Poisson const& s, double dt) {
    check_rate("Poisson.rate", s.rate, dt);
    require(std::isfinite(s.start) && s.start >= 0, "Poisson.start = {} ms: must be finite and not negative",
            s.start);
    require(s.duration > 0, "Poisson.duration = {} ms: must be positive", s.duration);
}

/// The same for one whose rate is given by points.
inline void check(InhomogeneousPoisson const& s, double dt) {
    require(s.times.size() == s.rates.size(),
            "InhomogeneousPoisson: {} times and {} rates: must be one rate for each time", s.times.size(),
            s.rates.size());
    require(!s.times.empty(), "InhomogeneousPoisson: no points: must be at least one");
    for (std::size_t k = 0; k < s.times.size(); ++k) {
        require(std::abs(s.times[k]) <= 1e12,
                "InhomogeneousPoisson: time {} ms: must be finite, and at most 1e12", s.times[k]);
        require(k == 0 || s.times[k] > s.times[k - 1],
                "InhomogeneousPoisson: time {} ms after {} ms: must ascend", s.times[k],
                k == 0 ? 0 : s.times[k - 1]);
        check_rate("InhomogeneousPoisson: rate", s.rates[k], dt);
    }
}

}  // namespace hillock::inline HILLOCK_ISA
