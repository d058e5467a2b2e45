// SPDX-License-Identifier: MIT
#pragma once

/// Plasticity rules: connections whose weights learn, or whose effect depends on the spikes before.
///
/// A rule is a struct of parameters. Sources and targets of its connections have traces, which decay
/// exponentially and jump at spikes; a connection has its weight. The rule says, with `x` the traces of the
/// source and `y` those of the target:
///
///   std::array source_traces() const        time constants, ms; may be empty
///   std::array target_traces() const
///   void source_spike(x) const              the jumps at a spike; without it each trace grows by 1
///   void target_spike(y) const
///   double on_arrival(w, x, y) const        the weight after a spike of the source has arrived
///   double on_target_spike(w, x, y) const   the weight after the target has fired
///   double transmitted(w, x) const          what an arriving spike adds to the synapse; without it, w
///   double dendritic                        share of the delay that is the dendrite's; without it, 0
///   std::vector<plasticity::Parameter> parameters() const
///                                           its numbers by name, which must be those of a snapshot that is
///                                           restored; without it, the time constants and `dendritic`
///   void check() const                      throws unless the parameters are legal
///   void check(w) const                     throws unless a connection may begin with this weight
///
/// A rule that follows the voltage at the synapse, too: `ClopathStdp` in clopath_stdp.hpp.
///
/// All but the first two may be left out. Traces are those just before the event. Where nothing else is
/// said the delay is the axon's: for a connection its source fires when the spike arrives, its target when it
/// fires. Where a share D of the delay d is the dendrite's, a spike reaches the synapse d - D after the
/// source has fired, and one of the target D after the target has: beside arrivals, which come at d, the
/// target is 2 D late. All connections of one `connect` must then have one delay.
///
/// Events of one step come in this order: arrivals, then the spike of the target. So a spike of the target
/// in the step of an arrival does not count for that arrival, and what it changes is transmitted by the next
/// one. An arriving spike transmits the weight that it leaves behind.
///
/// A rule whose `on_arrival` and `on_target_spike` both are templates of the type of w, x and y is given as
/// many connections at once as a vector register holds, in the network's number; `Stdp` is one to copy.
///
/// Results are the same whether events are taken one by one or many at once, so nothing else may be kept in a
/// rule. Weights are rounded to the network's number after each event.

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <tuple>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Traces of a source or a target: numbers that decay exponentially between its spikes.
template <std::size_t N, class Number = double>
using Traces = std::array<Number, N>;

/// A plasticity rule: says how its traces decay. See the head of this file for what else it may say.
template <class R>
concept PlasticityRule = std::copy_constructible<R> && requires(R const rule) {
    std::tuple_size<decltype(rule.source_traces())>::value;
    std::tuple_size<decltype(rule.target_traces())>::value;
};

namespace plasticity {

/// The rule of connections that stay as they are.
struct None {};

/// A number of a rule.
struct Parameter {
    std::string name;
    double value;
};

}  // namespace plasticity
}  // namespace hillock::inline HILLOCK_ISA
