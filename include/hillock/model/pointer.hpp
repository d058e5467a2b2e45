// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A state of a mechanism that shows a variable elsewhere, on any cell and rank, as NEURON's POINTER does:
/// `net.connect(Pointer{.from = {1, "synapses[0].pre"}, .to = {0, "soma(0.5).v"}})`. At the beginning of each
/// step it has the variable's value at that time.
struct Pointer {
    /// A number of a cell: its gid, and a name that `get` knows.
    struct End {
        Gid gid;           // of the cell
        std::string name;  // of one number there
    };
    End from, to;  // the state that shows; the variable that it shows
};

}  // namespace hillock::inline HILLOCK_ISA
