// SPDX-License-Identifier: MIT
#pragma once

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Numbers that move together in a vector register: those of one node in several equal cells, or those of
/// several nodes of one cell. The bits of results are the same.
enum class Lanes {
    chosen,        // along the cell where a population has fewer cells than fill half a vector
    across_cells,  // always across
    along_cell,    // along wherever cells have several sections
};

}  // namespace hillock::inline HILLOCK_ISA
