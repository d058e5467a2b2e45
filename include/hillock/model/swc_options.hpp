// SPDX-License-Identifier: MIT
#pragma once

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The treatment of further trees in a file, beside the one that is read as the cell.
enum class OtherRoots {
    refuse,  ///< an error that lists the roots
    attach,  ///< to soma(0.5), each from its own first point on, as NEURON's Import3d does
    drop     ///< left out
};

/// Options of `read_swc`: `read_swc("cell.swc", {.min_radius = 0.05})`.
struct SwcOptions {
    /// In um; smaller radii become this. With 0, a radius of 0 makes a cone at a tip and is an error
    /// elsewhere.
    double min_radius = 0;
    OtherRoots other_roots = OtherRoots::refuse;  // trees beside the cell
    /// Makes the sections of NEURON's Import3d also where those of `read_swc` differ; see model/swc.hpp.
    bool import3d = false;
};

}  // namespace hillock::inline HILLOCK_ISA
