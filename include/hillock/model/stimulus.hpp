// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/places.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A generator of random spikes, NEURON's NetStim. Each interval is (1 - noise) interval + noise interval
/// Exp(1), the first spike comes at start + noise interval Exp(1). It stops after `number` spikes or, if a
/// `duration` is given, at start + duration instead (the tutorial's NetStimFD; a first spike at or after that
/// end does not count).
///
/// Every cell stimulated has a generator of its own, with the stream of NEURON's noiseFromRandom123(gid,
/// stream, 0) and the network's stimulus seed as global index. Two noisy NetStims on one cell need different
/// `stream`s.
struct NetStim {
    double interval = 10;                                       // ms, mean
    double noise = 0;                                           // 0 regular ... 1 Poisson
    double start = 50;                                          // ms, most likely time of the first spike
    double duration = std::numeric_limits<double>::infinity();  // ms
    double number = 10;                                         // mean number of spikes
    std::uint32_t stream = 0;                                   // the second id of the random stream
};

/// Throws if a NetStim's numbers make no sense.
inline void check(NetStim const& s) {
    require(std::isfinite(s.interval) && s.interval >= 1e-6,
            "NetStim.interval = {} ms: must be finite and at least 1e-6", s.interval);
    require(s.noise >= 0 && s.noise <= 1, "NetStim.noise = {}: must be between 0 and 1", s.noise);
    require(std::isfinite(s.start) && s.start >= 0, "NetStim.start = {} ms: must be finite and not negative",
            s.start);
    // shorter intervals would be lost in the digits of so late a time, and the generator never come to an end
    require(s.interval >= 1e-12 * s.start,
            "NetStim.interval = {} ms with start = {} ms: must be at least {} ms, 1e-12 of the start",
            s.interval, s.start, 1e-12 * s.start);
    require(s.duration > 0, "NetStim.duration = {} ms: must be positive", s.duration);
    require(s.number >= 0, "NetStim.number = {}: must not be negative", s.number);
}

/// A source that spikes at the given times (ms), in any order: PyNN's SpikeSourceArray, NEURON's VecStim.
struct SpikeTimes {
    std::vector<double> times;  // ms
};

/// Throws if a time is not finite.
inline void check(SpikeTimes const& s) {
    for (double t : s.times) require(std::isfinite(t), "SpikeTimes: {} ms: every time must be finite", t);
}

/// A current electrode: `amp` nA while delay <= t + dt/2 < delay + dur. Positive depolarises. It sits in the
/// middle of the root unless `where` names another place, "dend(1)" say.
struct IClamp {
    double delay = 0;      // ms
    double dur = 0;        // ms
    double amp = 0;        // nA
    PlaceText where = {};  // the middle of the root if empty
};

/// Throws if an electrode's numbers make no sense.
inline void check(IClamp const& s) {
    require(std::isfinite(s.delay), "IClamp.delay = {} ms: must be finite", s.delay);
    require(s.dur >= 0, "IClamp.dur = {} ms: must not be negative", s.dur);
    require(std::isfinite(s.amp), "IClamp.amp = {} nA: must be finite", s.amp);
}

/// The input that a cell gets along a connection or from a stimulus: onto which of its synapses (in the order
/// of create_synapses), with what weight (uS; nA for current-based synapses), after what delay (ms).
struct SynapticInput {
    int synapse = 0;    // its number in create_synapses
    double weight = 0;  // uS or nA
    double delay = 1;   // ms
};

/// The synapse, weight and delay of a stimulus.
using StimulusTarget = SynapticInput;

/// Throws unless a cell with `synapses` synapses can be stimulated so.
inline void check(StimulusTarget const& t, std::size_t synapses) {
    require(t.synapse >= 0 && static_cast<std::size_t>(t.synapse) < synapses,
            "stimulus: synapse {}: the cell has {} (numbered from 0)", t.synapse, synapses);
    require(std::isfinite(t.weight), "stimulus: weight {}: must be finite", t.weight);
    require(std::isfinite(t.delay) && t.delay >= 0, "stimulus: delay {} ms: must be finite and not negative",
            t.delay);
}

/// Whether a stimulus arrives at a synapse. Currents and fields need none.
template <class S>
inline constexpr bool arrives_at_synapse = true;
/// An electrode needs none.
template <>
inline constexpr bool arrives_at_synapse<IClamp> = false;

/// A stimulus that every cell of a type gets, and where it arrives.
template <class S>
struct OwnStimulus {
    S source;               // whatever `stimulate` takes
    StimulusTarget target;  // its synapse, weight and delay
};

/// Throws if a stimulus makes no sense for every cell of a type that has `synapses` synapses.
template <class S>
void check(OwnStimulus<S> const& own, std::size_t synapses) {
    if constexpr (requires { check(own.source); })
        check(own.source);  // some ask for dt: when cells are added
    if constexpr (arrives_at_synapse<S>) check(own.target, synapses);
}

/// A stimulus for every cell of a type.
template <class S>
constexpr OwnStimulus<S> stimulus(S source, StimulusTarget target) {
    return {source, target};
}
/// An electrode is put in a place and needs no synapse.
inline OwnStimulus<IClamp> stimulus(IClamp electrode) { return {std::move(electrode), {}}; }

/// Lists the stimuli that every cell of a type gets.
template <class... S>
constexpr std::tuple<OwnStimulus<S>...> stimuli(OwnStimulus<S>... each) {
    return {each...};
}

/// An event from outside: `weight` arrives at a synapse of a cell at `time` ms.
struct ExternalEvent {
    Gid gid = 0;        // the cell
    double time = 0;    // ms
    int synapse = 0;    // its number in create_synapses
    double weight = 0;  // uS or nA
};

}  // namespace hillock::inline HILLOCK_ISA
