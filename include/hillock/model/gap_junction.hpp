// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/places.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A gap junction: a conductance between the insides of two cells, i = g (V - V_other) on either side. As
/// with NEURON's parallel transfer, V is the new voltage of a side's own node, and V_other the voltage of the
/// other side at the beginning of the step.
struct GapJunction {
    /// One side: a cell, and a place such as "dend(0.7)"; the middle of the root if it is empty.
    struct End {
        Gid gid;               // of the cell
        PlaceText where = {};  // the place on it
    };
    End a, b;                   // the two sides
    double conductance = 1e-3;  // uS
};

/// Gap junctions that a rule makes: between a place on each target and one on its source.
struct GapJunctions {
    PlaceText source = {}, target = {};  // the middle of the root if empty
    double conductance = 1e-3;           // uS
};

/// Throws if a junction cannot be: a conductance that is not positive, or a cell with itself at one place.
inline void check(GapJunction const& j) {
    require(std::isfinite(j.conductance) && j.conductance > 0,
            "GapJunction between cells {} and {}: conductance {} uS: must be finite and positive", j.a.gid,
            j.b.gid, j.conductance);
    require(j.a.gid != j.b.gid || j.a.where.text() != j.b.where.text(),
            "GapJunction: joins '{}' of cell {} to itself; its ends must be two places", j.a.where.text(),
            j.a.gid);
}

}  // namespace hillock::inline HILLOCK_ISA
