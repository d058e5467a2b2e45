// SPDX-License-Identifier: MIT
#pragma once

/// The participants of a network. They do each duty in this order; connections come first, since they start
/// the populations, those that are not stored next, as their weights join sums before stimuli do.

#include <hillock/isa.hpp>
#include <hillock/run/connections.hpp>
#include <hillock/run/electrodes.hpp>
#include <hillock/run/extracellular_fields.hpp>
#include <hillock/run/gap_junctions.hpp>
#include <hillock/run/held_currents.hpp>
#include <hillock/run/lfp.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/plastic_connections.hpp>
#include <hillock/run/pointers.hpp>
#include <hillock/run/poisson_trains.hpp>
#include <hillock/run/probes.hpp>
#include <hillock/run/procedural_connections.hpp>
#include <hillock/run/sent_events.hpp>
#include <hillock/run/spike_counters.hpp>
#include <hillock/run/stimuli.hpp>
#include <hillock/run/varying_currents.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

template <class Real>
using NetworkParticipants =
    Participants<Connections<Real>, ProceduralConnections<Real>, GapJunctionEnds, Pointers<Real>, Electrodes,
                 CurrentDrives, VaryingCurrents, ExtracellularFields, Stimuli, SentEvents, PoissonTrains,
                 PlasticConnections<Real>, SpikeCounters, Probes<Real>, LfpRecorders>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
