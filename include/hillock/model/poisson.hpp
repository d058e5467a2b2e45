// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include <hillock/isa.hpp>
#include <hillock/random/poisson.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A Poisson process of spikes, NEST's poisson_generator: the number of events of a step is Poisson with mean
/// rate dt, and weighs as much as so many events. Those of the step from t on count as fired at t, for t from
/// `start` up to, not including, start + duration; they arrive a delay later.
///
/// Every cell stimulated gets draws of its own: a function of the network's stimulus seed, `stream`, the
/// cell's gid and the step. Two Poisson processes on one cell need different `stream`s.
struct Poisson {
    double rate = 0;                                            // spikes/s
    double start = 0;                                           // ms
    double duration = std::numeric_limits<double>::infinity();  // ms
    std::uint32_t stream = 0;                                   // chooses the random stream
};

/// Throws if the numbers of a Poisson process make no sense in steps of `dt` ms.
inline void check(Poisson const& s, double dt) {
    require(std::isfinite(s.rate) && s.rate >= 0,
            "Poisson.rate = {} spikes/s: must be finite and not negative", s.rate);
    require(s.rate * dt * 1e-3 <= PoissonTable::largest_mean,
            "Poisson.rate = {} spikes/s: must be at most {}, {} in a step", s.rate,
            PoissonTable::largest_mean / dt * 1e3, PoissonTable::largest_mean);
    require(std::isfinite(s.start) && s.start >= 0, "Poisson.start = {} ms: must be finite and not negative",
            s.start);
    require(s.duration > 0, "Poisson.duration = {} ms: must be positive", s.duration);
}

}  // namespace hillock::inline HILLOCK_ISA
