// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/places.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A current given by points in time: NEURON's `Vector.play` into the amp of an IClamp. A step takes the
/// current in its middle, t + dt/2. Interpolated, it is the first value before the first point, and goes on
/// along the line through the last two points behind the last, as NEURON's does: end with two equal values to
/// hold one. Stepped, each value holds from its time until the next one's; before the first there is none.
///
/// Two points of one time are a jump; there may be no more than two. All cells of a call share one copy.
struct CurrentTrace {
    std::vector<double> times;   // ms, ascending
    std::vector<double> values;  // nA, one for each time
    bool stepped = false;        // whether values hold until the next; else they are joined by lines
    PlaceText where = {};        // the middle of the root if empty
};

/// Throws if points in time make no sense; `what` has them.
inline void check_course(std::string_view what, std::vector<double> const& times,
                         std::vector<double> const& values) {
    require(times.size() == values.size(), "{}: {} times and {} values: must be one value for each time",
            what, times.size(), values.size());
    require(!times.empty(), "{}: no points: must be at least one", what);
    for (std::size_t k = 0; k < times.size(); ++k) {
        require(std::abs(times[k]) <= 1e12, "{}: time {} ms: must be finite, and at most 1e12", what,
                times[k]);
        if (k > 0)
            require(times[k] >= times[k - 1], "{}: time {} ms after {} ms: must not descend", what, times[k],
                    times[k - 1]);
        if (k > 1)
            require(times[k] > times[k - 2], "{}: three points at {} ms: must be at most two", what,
                    times[k]);
    }
}
/// Throws if a trace makes no sense.
inline void check(CurrentTrace const& s) { check_course("CurrentTrace", s.times, s.values); }

/// A noise current, an Ornstein-Uhlenbeck process of its own for each cell: normal, with `mean` and standard
/// deviation `sd`, and the autocorrelation exp(-|t|/tau), from the first step on (exact for any dt). It
/// changes from step to step and holds in between; before `start` and from start + duration on it is 0.
///
/// Draws are a function of the network's stimulus seed, `stream`, the cell's gid and the step. Two such
/// currents in one cell need different `stream`s.
struct OrnsteinUhlenbeck {
    double mean = 0;                                            // nA
    double sd = 0;                                              // nA
    double tau = 1;                                             // ms
    double start = 0;                                           // ms
    double duration = std::numeric_limits<double>::infinity();  // ms
    PlaceText where = {};                                       // the middle of the root if empty
    std::uint32_t stream = 0;                                   // chooses the random stream
};

/// Throws if the numbers of a noise current make no sense.
inline void check(OrnsteinUhlenbeck const& s) {
    require(std::isfinite(s.mean), "OrnsteinUhlenbeck.mean = {} nA: must be finite", s.mean);
    require(std::isfinite(s.sd) && s.sd >= 0, "OrnsteinUhlenbeck.sd = {} nA: must be finite and not negative",
            s.sd);
    require(std::isfinite(s.tau) && s.tau > 0, "OrnsteinUhlenbeck.tau = {} ms: must be finite and positive",
            s.tau);
    require(std::isfinite(s.start) && s.start >= 0,
            "OrnsteinUhlenbeck.start = {} ms: must be finite and not negative", s.start);
    require(s.duration > 0, "OrnsteinUhlenbeck.duration = {} ms: must be positive", s.duration);
}

/// A given current needs none.
template <>
inline constexpr bool arrives_at_synapse<CurrentTrace> = false;
/// A noise current needs none.
template <>
inline constexpr bool arrives_at_synapse<OrnsteinUhlenbeck> = false;

/// A current is put in a place and needs no synapse.
inline OwnStimulus<CurrentTrace> stimulus(CurrentTrace trace) { return {std::move(trace), {}}; }
inline OwnStimulus<OrnsteinUhlenbeck> stimulus(OrnsteinUhlenbeck noise) { return {std::move(noise), {}}; }

}  // namespace hillock::inline HILLOCK_ISA
