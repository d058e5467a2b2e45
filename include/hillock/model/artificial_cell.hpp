// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <hillock/isa.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/model/event.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A cell that is nothing but a process that takes events one by one and spikes when it says so, NEURON's
/// ARTIFICIAL_CELL: `net.add(100, ArtificialCell{IntFire1{.tau = 20}})`. Its synapse 0 is the process. It has
/// a gid, is connected, stimulated and recorded as all cells are; its V says nothing.
template <class Process>
struct ArtificialCell : Cell<ArtificialCell<Process>> {
    Process process;             // with its parameters
    Section soma{"artificial"};  // without channels

    /// A cell that is this process.
    explicit ArtificialCell(Process process_ = {}) : process{std::move(process_)} {}

    auto create_sections() { return sections(soma); }                       // one of any size
    void build_topology() {}                                                // none
    void build_subsets() {}                                                 // none
    void define_geometry() { soma.L = soma.diam = 10; }                     // um
    auto define_biophysics() { return biophysics(); }                       // none
    auto create_synapses() { return synapses(place(process, soma(0.5))); }  // the process
    SpikeSource spike_source() { return {soma(0.5), 1e30}; }                // a threshold out of reach
};

}  // namespace hillock::inline HILLOCK_ISA
