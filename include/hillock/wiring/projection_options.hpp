// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <optional>

#include <hillock/isa.hpp>
#include <hillock/wiring/value.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/precision.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The properties that the connections of one `connect` share.
struct ProjectionOptions {
    int synapse = 0;                       // of the target, in the order of its create_synapses
    ConnectionValue weight = 0.;           // uS (nA for current-based synapses)
    ConnectionValue delay = 1.;            // ms, at least dt
    std::optional<double> threshold = {};  // mV; sets the threshold of the sources
    bool self = false;                     // whether a cell may be connected to itself
    int weight_bytes = 0;  // 2 or 1: weights that differ are kept in so many bytes each, rounded at random
                           // to one of 65,536 or 256 in equal steps over their range, with mean and variance
                           // kept (wiring/weight_codes.hpp), until `weights` is called; 0: as numbers
};

namespace wiring {

/// Throws unless weights can be kept in so many bytes.
inline void check_weight_bytes(ProjectionOptions const& options, bool are_plain) {
    auto const bytes = options.weight_bytes;
    require(bytes >= 0 && bytes <= 2,
            "connect: weight_bytes {}: must be 1 or 2, or 0 for numbers of "
            "the network's type",
            bytes);
    require(
        bytes == 0 || are_plain,
        "connect: weight_bytes {}: connections that learn, that are procedural, or whose synapse takes its "
        "events one by one have no weights to be kept in bytes; leave it out",
        bytes);
}

/// The bytes that each weight takes.
template <class Real>
std::size_t bytes_of_weight(ProjectionOptions const& options) {
    if (options.weight.is_uniform()) return 0;
    return options.weight_bytes > 0 ? static_cast<std::size_t>(options.weight_bytes) : sizeof(Real);
}

/// Throws unless a weight is one in numbers of type `Real`.
template <class Real>
double checked_weight(Gid source, Gid target, double weight) {
    require(precision::is_finite<Real>(weight), "connection {} -> {}: weight {}: must be {}", source, target,
            weight, precision::finite<Real>);
    return weight;
}

/// The delay of a connection; throws unless it is at least one step.
inline GridTime checked_delay(TimeGrid const& grid, Gid source, Gid target, double delay) {
    constexpr double longest = 1e9;  // steps
    auto const dt = grid.dt();
    auto const least = dt * (1 - 1e-9);
    if (delay >= least && delay <= longest * dt) return grid.nearest(delay);
    require(std::isfinite(delay),
            "connection {} -> {}: delay {} ms is not finite; it must be at least dt {} ms", source, target,
            delay, dt);
    require(delay >= least, "connection {} -> {}: delay {} ms is shorter than dt {} ms", source, target,
            delay, dt);
    raise("connection {} -> {}: delay {} ms is longer than {} steps of dt {} ms", source, target, delay,
          longest, dt);
}

}  // namespace wiring
}  // namespace hillock::inline HILLOCK_ISA
