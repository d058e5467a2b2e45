// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/population/events.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

/// What arrives at synapses from outside.
namespace hillock::inline HILLOCK_ISA::scheduling {

using wiring::Place;

/// A weight that arrives at a synapse of a cell at a step.
struct Arrival {
    Step step;
    Place place;
    std::size_t synapse;
    double weight;
};

/// Added to the number of a synapse that takes its events one by one: the weight is then the number of a
/// stimulus (population/events.hpp), and of an arrival the bits of a `SingleEvent`.
inline constexpr int numbered = 1 << 30;

/// An event that arrives by itself: its stimulus, and how far its time is from that of its step, in 2^-32 dt.
struct SingleEvent {
    std::uint32_t stimulus;
    std::int32_t after = 0;

    static SingleEvent of(double weight) { return std::bit_cast<SingleEvent>(weight); }
    double weight() const { return std::bit_cast<double>(*this); }
    double offset(double dt) const { return after * 0x1p-32 * dt; }  // ms
};

/// What arrives at a synapse at `t` ms, which is in that step.
inline Arrival arrival_at(Step step, double t, TimeGrid grid, Place place, StimulusTarget const& target) {
    Arrival made{step, place, static_cast<std::size_t>(target.synapse), target.weight};
    if (made.synapse & numbered) {
        auto const steps = t / grid.dt() - static_cast<double>(step);
        auto const after = std::clamp(std::nearbyint(steps * 0x1p32), -0x1p31, 0x1p31 - 1);
        made.weight =
            SingleEvent{static_cast<std::uint32_t>(target.weight), static_cast<std::int32_t>(after)}.weight();
    }
    return made;
}

inline Arrival arrival_at(double t, TimeGrid grid, Place place, StimulusTarget const& target) {
    return arrival_at(grid.step_of(t), t, grid, place, target);
}

/// The arrival of which `plain` gave `synapse`.
inline Arrival restored(Step step, Place place, StimulusTarget const& target, std::uint64_t synapse) {
    Arrival made{step, place, static_cast<std::size_t>(target.synapse), target.weight};
    if (made.synapse & numbered)
        made.weight =
            SingleEvent{static_cast<std::uint32_t>(target.weight), static_cast<std::int32_t>(synapse >> 32)}
                .weight();
    return made;
}

/// Adds an arrival to the sums of its population, or to the events that arrive one by one.
void arrive(auto& world, Arrival const& a) {
    if constexpr (std::remove_reference_t<decltype(world.populations)>::take_events)
        if (a.synapse & numbered) {
            auto const one = SingleEvent::of(a.weight);
            return world.events[a.place.population]->arrive(a.step, one.stimulus,
                                                            one.offset(world.grid.dt()));
        }
    auto& sum = world.inboxes[a.place.population]->at(a.step, a.synapse)[a.place.cell];
    sum += static_cast<std::remove_reference_t<decltype(sum)>>(a.weight);
}

/// The synapse and weight of an arrival, also where it is a `SingleEvent`, whose `after` then stands in the
/// upper half of the synapse's number.
std::pair<std::size_t, double> plain(auto& population, Arrival const& a) {
    if constexpr (std::remove_reference_t<decltype(population)>::takes_events)
        if (a.synapse & numbered) {
            auto const one = SingleEvent::of(a.weight);
            auto const& stimulus = population.events().stimuli()[one.stimulus];
            return {stimulus.synapse | std::size_t{static_cast<std::uint32_t>(one.after)} << 32,
                    stimulus.weight};
        }
    return {a.synapse, a.weight};
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
