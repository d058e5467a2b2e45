// SPDX-License-Identifier: MIT
#pragma once

/// Stimuli of a network: checked, and given to the cells that this rank owns.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::check_target(Cells const& cells, StimulusTarget const& target) const {
    directory_.for_each_extent(cells, [&](Extent const& part) {
        directory_.require_synapse(part, target.synapse);
        hillock::check(target, directory_.synapse_count(part.population));
    });
    require(precision::is_finite<Real>(target.weight), "stimulus: weight {}: must be {}", target.weight,
            precision::finite<Real>);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::stimulate(Cells const& cells, NetStim const& source,
                                                StimulusTarget const& target) {
    lifecycle_.require_idle("stimulate");
    scheduling::Stopwatch const watch(build_seconds_);
    hillock::check(source);
    check_target(cells, target);
    auto& stimuli = scheduler_.participants.template get<scheduling::Stimuli>();
    auto& used_by = noisy_[source.stream];
    auto use = used_by;
    if (source.noise > 0) {
        require(!cells.overlaps(used_by),
                "NetStim.stream = {}: some of these cells have a noisy NetStim on that stream already and "
                "would get the same "
                "intervals again; give this one another stream",
                source.stream);
        use = use + cells;
    }
    stimuli.make_room(directory_.own_count(cells), world().populations.size());
    directory_.for_each_own(cells, [&](Gid gid) {
        auto const place = directory_.place_of(gid);
        stimuli.add(source, {.id1 = gid, .id2 = source.stream, .key0 = options_.stimulus_seed}, place,
                    numbered(place, target, false));
    });
    used_by = std::move(use);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::stimulate(Cells const& cells, Poisson const& source,
                                                StimulusTarget const& target) {
    lifecycle_.require_idle("stimulate");
    scheduling::Stopwatch const watch(build_seconds_);
    hillock::check(source, dt());
    check_target(cells, target);
    auto& used_by = poisson_[source.stream];
    require(
        !cells.overlaps(used_by),
        "Poisson.stream = {}: some of these cells have a Poisson process on that stream already and would "
        "get the same draws again; give this one another stream",
        source.stream);
    auto use = used_by + cells;
    std::vector<scheduling::PoissonTrains::Target> targets;
    directory_.for_each_own(cells, [&](Gid gid) {
        auto const place = directory_.place_of(gid);
        auto const own = numbered(place, target, false);
        auto const one_by_one = own.synapse != target.synapse;
        targets.push_back(
            {place, gid, one_by_one ? std::optional(static_cast<std::uint32_t>(own.weight)) : std::nullopt});
    });
    scheduler_.participants.template get<scheduling::Stimuli>().make_room(0, world().populations.size());
    scheduler_.participants.template get<scheduling::PoissonTrains>().add(source, target,
                                                                          options_.stimulus_seed, targets);
    for (auto const& each : targets)
        scheduler_.participants.template get<scheduling::Stimuli>().expect(each.place.population);
    used_by = std::move(use);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::stimulate(Cells const& cells, SpikeTimes const& source,
                                                StimulusTarget const& target) {
    lifecycle_.require_idle("stimulate");
    hillock::check(source);
    check_target(cells, target);
    for (auto const time : source.times) {
        require(time + target.delay >= 0,
                "SpikeTimes: {} ms with a delay of {} ms: must not arrive before t = 0", time, target.delay);
        require(world().grid.step_of(time + target.delay) >= world().now,
                "SpikeTimes: {} ms with a delay of {} ms arrives at {} ms, which has passed; t = {} ms", time,
                target.delay, time + target.delay, now());
    }
    std::vector<scheduling::Arrival> arrivals;
    directory_.for_each_own(cells, [&](Gid gid) {
        auto const place = directory_.place_of(gid);
        auto const own = numbered(place, target, false);
        for (auto const time : source.times)
            arrivals.push_back({world().grid.step_of(time + target.delay), place,
                                static_cast<std::size_t>(own.synapse), own.weight});
    });
    scheduler_.participants.template get<scheduling::Stimuli>().add(arrivals);
}

/// The input from outside as its synapse takes it: where events come one by one, by the number of a stimulus.
template <class Real, class Arch, class... C>
StimulusTarget basic_network<Real, Arch, C...>::numbered(wiring::Place const& place, StimulusTarget target,
                                                         bool external) {
    auto const synapse = static_cast<std::size_t>(target.synapse);
    if (!directory_.takes_events(place.population, synapse)) return target;
    world().populations.with(place.population, [&](auto& population) {
        auto& events = population.events();
        auto const number = external ? events.external(place.cell, synapse, target.weight)
                                     : events.add_stimulus(place.cell, synapse, target.weight);
        target.weight = number;
    });
    target.synapse |= scheduling::numbered;
    return target;
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::stimulate(std::vector<ExternalEvent> const& events) {
    lifecycle_.require_idle("stimulate");
    scheduling::Stopwatch const watch(build_seconds_);
    std::vector<scheduling::Arrival> arrivals;
    for (auto const& e : events) {
        check(e);
        if (owns(e.gid)) arrivals.push_back(arrival_of(e));
    }
    scheduler_.participants.template get<scheduling::Stimuli>().add(arrivals);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::check(ExternalEvent const& e) const {
    directory_.require_synapse(e.gid, e.synapse);
    require(precision::is_finite<Real>(e.weight), "event at cell {}: weight {}: must be {}", e.gid, e.weight,
            precision::finite<Real>);
    require(std::isfinite(e.time) && e.time >= 0,
            "event at cell {}: time {} ms: must be finite and not negative", e.gid, e.time);
    require(world().grid.step_of(e.time) >= world().now, "event at cell {}: {} ms has passed, t = {} ms",
            e.gid, e.time, now());
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::stimulate(Cells const& cells, IClamp const& clamp) {
    lifecycle_.require_idle("stimulate");
    hillock::check(clamp);
    require(precision::is_finite<Real>(clamp.amp), "IClamp.amp = {} nA: must be {}", clamp.amp,
            precision::finite<Real>);
    directory_.require_known(cells);
    auto& electrodes = scheduler_.participants.template get<scheduling::Electrodes>();
    auto const before = electrodes.mark();
    try {
        add_electrodes(cells, clamp);
    } catch (...) {
        electrodes.keep(before);
        throw;
    }
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::add_electrodes(Cells const& cells, IClamp const& clamp) {
    auto& electrodes = scheduler_.participants.template get<scheduling::Electrodes>();
    for_each_population_of(cells, [&](auto& population, Extent const& part) {
        auto const electrode = population.electrode(clamp.where);
        directory_.for_each_own(part, [&](Gid, std::size_t cell) {
            electrodes.add(clamp, {part.population, cell, electrode});
        });
    });
    electrodes.add_edges(clamp);
}

template <class Real, class Arch, class... C>
scheduling::Arrival basic_network<Real, Arch, C...>::arrival_of(ExternalEvent const& e) {
    auto const place = directory_.place_of(e.gid);
    auto const own = numbered(place, {e.synapse, e.weight}, true);
    return {world().grid.step_of(e.time), place, static_cast<std::size_t>(own.synapse), own.weight};
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::clear_stimuli() {
    lifecycle_.require_idle("clear_stimuli");
    auto& participants = scheduler_.participants;
    participants.template get<scheduling::Electrodes>().clear();
    participants.template get<scheduling::Stimuli>().clear();
    participants.template get<scheduling::SentEvents>().clear();
    participants.template get<scheduling::PoissonTrains>().clear();
    noisy_.clear();
    world().populations.for_each([](auto& population, std::size_t) { population.events().clear_stimuli(); });
    poisson_.clear();
}

}  // namespace hillock::inline HILLOCK_ISA
