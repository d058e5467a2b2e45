// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include <hillock/isa.hpp>
#include <hillock/words/lanes.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Options of a network.
struct NetworkOptions {
    double dt = 0.025;                // ms
    std::uint32_t seed = 1;           // of the connection rules' streams
    std::uint32_t stimulus_seed = 0;  // of the NetStims' streams, NEURON's Random123 global index
    /// Threads that make connections, with the same result however many. Rules, distributions and functions
    /// that give weights and delays are then called by several at once.
    std::size_t build_threads = 1;
    Lanes lanes = Lanes::chosen;  // across equal cells or along the cell
};

/// Options of a run.
struct RunOptions {
    std::size_t threads = 1;  // of this rank, the caller's included
    bool progress = true;     // shown on stderr if that is a terminal, by rank 0
    bool gather = true;       // whether each rank returns the spikes of all ranks, or of its own cells
    /// Asked after each epoch, at the time, states and spikes of its end; where it says yes, on any rank, the
    /// run ends there.
    std::function<bool()> stop = {};

    /// Called every so many ms and at the end of the run, at time t, with the spikes since the last call: a
    /// pause of the run, in which the network may be driven, read and changed, but not run or reset.
    double every = 0;
    std::function<void(double t, std::span<Spike const> since)> at = {};
};

/// Options of a probe.
struct ProbeOptions {
    int every = 1;  // steps between samples
};

}  // namespace hillock::inline HILLOCK_ISA
