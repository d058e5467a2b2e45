// SPDX-License-Identifier: MIT
#pragma once

/// hillock: networks of conductance-based spiking neurons.
///
/// The flow of data, and the folders; each includes only those before it:
///
///   words       units, time, ids, ranges of cells, spikes, errors
///   simd        lanes and their elementary functions
///   model       mechanisms (channel/, synapse/), sections, cells by the Template Method, point neurons
///               (neuron/), stimuli
///   population  all cells of one prototype in structures of arrays
///   wiring      connection rules, lists and tables
///   run         the loop over epochs, and what drives and records it
///   network.hpp all of this together
///   spikes      spike files
///   analysis    rates, trains, spectra, pictures: not included here, each header where it is used
///   mpi.hpp     ranks over MPI: not included here, as it needs Boost.MPI
///
/// Beside them are tools: meta, random (streams of random numbers), files, archive (reset, digest, snapshot).

#include <hillock/fwd.hpp>

#include <hillock/archive/snapshot_file.hpp>
#include <hillock/model/artificial_cell.hpp>
#include <hillock/model/asc.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/model/channel/a_current.hpp>
#include <hillock/model/channel/calcium_pool.hpp>
#include <hillock/model/channel/connor_stevens.hpp>
#include <hillock/model/channel/d_current.hpp>
#include <hillock/model/channel/fast_potassium.hpp>
#include <hillock/model/channel/goldman_leak.hpp>
#include <hillock/model/channel/h_current.hpp>
#include <hillock/model/channel/high_threshold_calcium.hpp>
#include <hillock/model/channel/hodgkin_huxley.hpp>
#include <hillock/model/channel/kv2.hpp>
#include <hillock/model/channel/kv3.hpp>
#include <hillock/model/channel/kv7.hpp>
#include <hillock/model/channel/l_permeability.hpp>
#include <hillock/model/channel/low_threshold_calcium.hpp>
#include <hillock/model/channel/m_current.hpp>
#include <hillock/model/channel/passive.hpp>
#include <hillock/model/channel/persistent_sodium.hpp>
#include <hillock/model/channel/sk.hpp>
#include <hillock/model/channel/slow_potassium.hpp>
#include <hillock/model/channel/t_current.hpp>
#include <hillock/model/channel/t_permeability.hpp>
#include <hillock/model/channel/transient_sodium.hpp>
#include <hillock/model/channel/traub_miles.hpp>
#include <hillock/model/channel/wang_buzsaki.hpp>
#include <hillock/model/event.hpp>
#include <hillock/model/gap_junction.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/neuron/adex.hpp>
#include <hillock/model/neuron/glif.hpp>
#include <hillock/model/neuron/iaf_cond_exp.hpp>
#include <hillock/model/neuron/iaf_psc_alpha.hpp>
#include <hillock/model/neuron/iaf_psc_exp.hpp>
#include <hillock/model/neuron/int_fire1.hpp>
#include <hillock/model/neuron/izhikevich.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/model/paths.hpp>
#include <hillock/model/plasticity/clopath_stdp.hpp>
#include <hillock/model/plasticity/inhibitory_stdp.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/model/plasticity/stdp_power_law.hpp>
#include <hillock/model/plasticity/stdp_triplet.hpp>
#include <hillock/model/plasticity/tsodyks_markram.hpp>
#include <hillock/model/point_cell.hpp>
#include <hillock/model/pointer.hpp>
#include <hillock/model/poisson.hpp>
#include <hillock/model/psection.hpp>
#include <hillock/model/reshape.hpp>
#include <hillock/model/spread.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/swc.hpp>
#include <hillock/model/synapse/alphasyn.hpp>
#include <hillock/model/synapse/ampa.hpp>
#include <hillock/model/synapse/exp2syn.hpp>
#include <hillock/model/synapse/expcurrent.hpp>
#include <hillock/model/synapse/expsyn.hpp>
#include <hillock/model/synapse/gaba_a.hpp>
#include <hillock/model/synapse/gaba_b.hpp>
#include <hillock/model/synapse/nmda.hpp>
#include <hillock/model/synapse/tsodyks_markram.hpp>
#include <hillock/model/tabulated.hpp>
#include <hillock/model/varying_current.hpp>
#include <hillock/network.hpp>
#include <hillock/run/interrupt.hpp>
#include <hillock/spikes/file.hpp>
#include <hillock/version.hpp>
#include <hillock/wiring/distance.hpp>
#include <hillock/wiring/procedural.hpp>
