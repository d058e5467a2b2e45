// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/wiring/distance.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The form that a segment's current has in space.
enum class LfpSource {
    line,  ///< spread evenly between the segment's ends
    point  ///< in its middle
};

/// Electrodes that record the extracellular potential: `net.record(Lfp{.electrodes = {{0, 50, 0}}}, cells,
/// where)`.
struct Lfp {
    std::vector<Position> electrodes;    // um
    double conductivity = 0.3;           // of the medium, S/m
    LfpSource source = LfpSource::line;  // the form of the sources
    int every = 1;                       // steps between samples
};

/// The place of a cell's origin in space, and its turn around its y axis, which comes first.
struct Pose {
    double x = 0, y = 0, z = 0;  // um
    double turn = 0;             // degrees, from z towards x

    /// Where a point of the cell is.
    Position of(Point const& p) const {
        auto const angle = turn * std::numbers::pi / 180;
        auto const c = turn == 0 ? 1 : std::cos(angle), s = turn == 0 ? 0 : std::sin(angle);
        return {x + c * p.x + s * p.z, y + p.y, z - s * p.x + c * p.z};
    }
};

/// The potentials that electrodes have recorded so far. On several ranks each has all of them.
struct LfpRecord {
    std::vector<Position> electrodes;  // um
    std::vector<double> times;         // ms
    std::vector<double> values;        // mV, those of all electrodes at each time

    /// The potential in mV of an electrode at one of the times.
    double at(std::size_t time, std::size_t electrode) const {
        return values[time * electrodes.size() + electrode];
    }
};

/// Throws if potentials cannot be recorded so.
inline void check(Lfp const& lfp) {
    require(!lfp.electrodes.empty(), "Lfp: no electrodes; give at least one");
    for (auto const& e : lfp.electrodes)
        require(std::isfinite(e.x) && std::isfinite(e.y) && std::isfinite(e.z),
                "Lfp: electrode at ({}, {}, {}) um: must be finite", e.x, e.y, e.z);
    require(std::isfinite(lfp.conductivity) && lfp.conductivity > 0,
            "Lfp: conductivity {} S/m: must be finite and positive", lfp.conductivity);
    require(lfp.every > 0, "Lfp: every {} steps: must be positive", lfp.every);
}

}  // namespace hillock::inline HILLOCK_ISA
