// SPDX-License-Identifier: MIT
#pragma once

/// The spikes that go down plastic connections, and what they change there.
///
/// Every connection has its own history: spikes of its source that arrive, and spikes of its target. The rule
/// is applied to them one by one, in the order of their steps, arrivals first. But a connection is touched
/// only when a spike arrives at it: then first the spikes of the target since the last arrival are taken,
/// from a list that each target keeps, and then the arrival. So weights that are read, saved or written are
/// first brought up to date; that, and with it the lists, can be done at any time and changes no result.
///
/// The traces of a source depend on its own spikes alone: an arrival brings those of its spike along.
/// Arrivals of an epoch are taken in the step in which they fall, block after block of targets; each has a
/// cursor in its bundle, of which targets ascend as blocks do. They join the sums of a step after all others,
/// in the order of projection, time of the spike, and source.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/plastic_table.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// A trace of a source, of a target, or of a source at a spike that is on its way, as a snapshot keeps it.
struct KeptTrace {
    enum Owner : std::uint64_t { source, target, on_its_way, voltage };
    Owner owner;
    Gid gid;
    Step step;          // of its last spike; of the spike that is on its way
    std::size_t index;  // of the trace, from 1; at 0, the step of the spike before; see `keep` on several
    std::uint64_t bits;
};

/// The step of the last spike of one that has not fired.
inline constexpr Step never_fired = std::numeric_limits<Step>::min() / 2;

/// A source or a target: its last spike, and its traces just after that.
template <class Traces>
struct PlasticState {
    Step last;
    Traces traces;
};

/// Keeps the traces of one that has fired. Where it has fired several times in one step, indices of the spike
/// with a number go on from those of the one before.
template <class Traces>
void keep(std::vector<KeptTrace>& kept, KeptTrace::Owner owner, Gid gid, PlasticState<Traces> const& state,
          Step previous, std::size_t number = 0) {
    if (state.last == never_fired) return;
    auto const first = number * (state.traces.size() + 1);
    kept.push_back({owner, gid, state.last, first, static_cast<std::uint64_t>(previous)});
    for (std::size_t k = 0; k < state.traces.size(); ++k)
        kept.push_back(
            {owner, gid, state.last, first + k + 1, std::bit_cast<std::uint64_t>(state.traces[k])});
}
template <class Traces>
void put_back(PlasticState<Traces>& state, KeptTrace const& kept) {
    state.last = kept.step;
    if constexpr (std::tuple_size_v<Traces> > 0)
        if (kept.index > 0) state.traces[kept.index - 1] = std::bit_cast<double>(kept.bits);
}

/// Plastic connections onto one synapse of one population, whatever their rule.
template <class Real>
class PlasticDelivery {
public:
    explicit PlasticDelivery(wiring::PlasticTable<Real> made) : table{std::move(made)} {}
    virtual ~PlasticDelivery() = default;
    virtual std::unique_ptr<PlasticDelivery> clone() const = 0;

    wiring::PlasticTable<Real> table;

    /// Spikes leave their sources, by (step, gid).
    virtual void send(Spikes spikes) = 0;
    /// Finds the arrivals of an epoch; then each part makes ready for its own targets, places [first, last).
    virtual void begin(Epoch epoch, std::size_t parts) = 0;
    virtual void begin_part(std::size_t part, std::size_t first, std::size_t last) = 0;
    /// Lets arrive what does at `step`, at targets [first, last) of a part. They ascend from call to call.
    virtual void arrive(std::size_t part, std::size_t first, std::size_t last, Step step, Real* sums) = 0;
    /// A target fires.
    virtual void fire(std::size_t part, std::size_t cell, Step step) = 0;

    /// Whether the rule follows the voltages of targets: those of places [first, last) at a step, after its
    /// arrivals.
    virtual bool follows_voltage() const { return false; }
    virtual void follow(std::size_t, std::size_t, std::size_t, Step, Real const*) {}

    /// Brings all weights up to date.
    virtual void catch_up() = 0;
    /// Forgets all spikes, those on their way included; weights stay.
    virtual void forget() = 0;
    /// The sum of the connections' digests.
    virtual std::uint64_t digest() = 0;
    virtual void keep_traces(std::vector<KeptTrace>& kept) const = 0;
    /// Whether a trace may be put back.
    virtual bool fits(KeptTrace const& trace) const = 0;
    virtual void put_back(KeptTrace const& trace, Step now) = 0;

protected:
    PlasticDelivery(PlasticDelivery const&) = default;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
