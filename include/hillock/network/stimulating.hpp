// SPDX-License-Identifier: MIT
#pragma once

/// Stimuli of a network: checked, and given to the cells that this rank owns.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>
#include <hillock/network/exposing.hpp>
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

/// Gives stimuli to a network.
template <class Real, class Arch, class... C>
struct basic_network<Real, Arch, C...>::Giving {
    basic_network& net;

    /// Calls f(participant) for those that drive cells, of those that have joined.
    void for_each_driver(auto&& f) const {
        auto const call = [&](auto* driver) {
            if (driver) f(*driver);
        };
        call(net.scheduler_.template find<scheduling::Stimuli>());
        call(net.scheduler_.template find<scheduling::Electrodes>());
        call(net.scheduler_.template find<scheduling::PoissonTrains>());
        call(net.scheduler_.template find<scheduling::VaryingCurrents>());
        call(net.scheduler_.template find<scheduling::ExtracellularFields>());
    }
    template <class Participant>
    Participant& join() const {
        return net.scheduler_.template join<Participant>();
    }

    /// Throws unless the source makes sense here, and the cells can be stimulated by it.
    void check(Cells const& cells, auto const& source, StimulusTarget const& target) const {
        using Source = std::remove_cvref_t<decltype(source)>;
        if constexpr (requires { hillock::check(source, net.dt()); })
            hillock::check(source, net.dt());
        else
            hillock::check(source);
        if constexpr (CurrentSource<Source>) {
            require_real(source);
            net.directory_.require_known(cells);
        } else {
            net.check_target(cells, target);
        }
        if constexpr (std::is_same_v<Source, SpikeTimes>) require_to_come(source, target);
    }

    /// Throws if a spike would arrive in the past.
    void require_to_come(SpikeTimes const& source, StimulusTarget const& target) const {
        for (auto const time : source.times) {
            require(time + target.delay >= 0,
                    "SpikeTimes: {} ms with a delay of {} ms: must not arrive before t = 0", time,
                    target.delay);
            require(net.world().grid.step_of(time + target.delay) >= net.world().now,
                    "SpikeTimes: {} ms with a delay of {} ms arrives at {} ms, which has passed; t = {} ms",
                    time, target.delay, time + target.delay, net.now());
        }
    }

    /// Throws unless all currents are numbers of this network's precision.
    static void require_real(auto const& source) {
        auto const require_finite = [](std::string_view what, double nA) {
            require(precision::is_finite<Real>(nA), "{} = {} nA: must be {}", what, nA,
                    precision::finite<Real>);
        };
        using Source = std::remove_cvref_t<decltype(source)>;
        if constexpr (std::is_same_v<Source, IClamp>) {
            require_finite("IClamp.amp", source.amp);
        } else if constexpr (std::is_same_v<Source, CurrentTrace>) {
            for (auto const nA : source.values) require_finite("CurrentTrace: value", nA);
        } else if constexpr (std::is_same_v<Source, ExtracellularField>) {
            for (auto const value : source.values) require_finite("ExtracellularField: value", value);
        } else {
            require_finite("OrnsteinUhlenbeck.mean", source.mean);
            require_finite("OrnsteinUhlenbeck.sd", source.sd);
        }
    }

    /// Gives a source that has been checked; all of it or nothing. `from` is the step at which it comes in
    /// the place of another one.
    Stimulus give(Cells const& cells, auto const& source, StimulusTarget const& target, std::uint32_t handle,
                  Step from) const {
        auto const serial = net.given_.next();
        try {
            using Source = std::remove_cvref_t<decltype(source)>;
            auto const begins = std::is_same_v<Source, OrnsteinUhlenbeck> ? net.world().now : from;
            net.given_.add({handle, serial, begins, cells, target, scheduling::stream_of(source),
                            scheduling::digest_of(source)});
            if constexpr (!CurrentSource<Source>)
                join<scheduling::Stimuli>().make_room(0, net.world().populations.size());
            add(cells, source, target);
        } catch (...) {
            net.keep_stimuli(serial);
            throw;
        }
        return net.given_.last_handle();
    }

    /// Removes one; what it has fired stays on its way.
    void remove(std::uint32_t serial, StimulusTarget const& target) const {
        auto& sent = join<scheduling::SentEvents>();
        std::vector<scheduling::Arrival> fired;
        auto const now = net.world().now;
        auto const keep = [&](scheduling::Arrival const& arrival) { fired.push_back(arrival); };
        if (auto const* const stimuli = net.scheduler_.template find<scheduling::Stimuli>())
            stimuli->for_each_fired(serial, now, net.world().grid.step_of(target.delay), keep);
        if (auto* const trains = net.scheduler_.template find<scheduling::PoissonTrains>())
            trains->for_each_fired(serial, now, keep);
        sent.make_room(fired.size());
        for (auto const& arrival : fired) sent.add(arrival);
        for_each_driver([&](auto& driver) { driver.remove(serial); });
        net.given_.remove(serial);
    }
    /// Tells a source the step since when it is there.
    void tell(scheduling::GivenStimuli::Given const& given) const {
        for_each_driver([&](auto& driver) {
            if constexpr (requires { driver.set_from(given.serial, given.from); })
                driver.set_from(given.serial, given.from);
        });
    }

    void add(Cells const& cells, NetStim const& source, StimulusTarget const& target) const {
        auto const& given = net.given_.all().back();
        auto& stimuli = join<scheduling::Stimuli>();
        stimuli.make_room(net.directory_.own_count(cells), net.world().populations.size());
        net.directory_.for_each_own(cells, [&](Gid gid) {
            auto const place = net.directory_.place_of(gid);
            stimuli.add(source, {.id1 = gid, .id2 = source.stream, .key0 = net.options_.stimulus_seed}, place,
                        net.numbered(place, target, false), given.serial, given.from);
        });
    }

    void add(Cells const& cells, Poisson const& source, StimulusTarget const& target) const {
        add_trains(cells, source, target);
    }
    void add(Cells const& cells, InhomogeneousPoisson const& source, StimulusTarget const& target) const {
        add_trains(cells, source, target);
    }
    void add_trains(Cells const& cells, auto const& source, StimulusTarget const& target) const {
        auto const& given = net.given_.all().back();
        auto& stimuli = join<scheduling::Stimuli>();
        std::vector<scheduling::PoissonTrains::Target> targets;
        net.directory_.for_each_own(cells, [&](Gid gid) {
            auto const place = net.directory_.place_of(gid);
            auto const own = net.numbered(place, target, false);
            std::optional<std::uint32_t> number;
            if (own.synapse != target.synapse) number = static_cast<std::uint32_t>(own.weight);
            targets.push_back({place, source.shared ? cells.lowest() : gid, number});
            stimuli.expect(place.population);
        });
        join<scheduling::PoissonTrains>().add(source, target, net.options_.stimulus_seed, given.serial,
                                              given.from, std::move(targets));
    }

    void add(Cells const& cells, SpikeTimes const& source, StimulusTarget const& target) const {
        auto const grid = net.world().grid;
        std::vector<scheduling::Arrival> arrivals;
        net.directory_.for_each_own(cells, [&](Gid gid) {
            auto const place = net.directory_.place_of(gid);
            auto const own = net.numbered(place, target, false);
            for (auto const time : source.times)
                arrivals.push_back(scheduling::arrival_at(time + target.delay, grid, place, own));
        });
        join<scheduling::Stimuli>().add(arrivals, net.given_.all().back().serial);
    }

    void add(Cells const&, std::vector<ExternalEvent> const& events, StimulusTarget const&) const {
        std::vector<scheduling::Arrival> arrivals;
        for (auto const& e : events)
            if (net.owns(e.gid)) arrivals.push_back(net.arrival_of(e));
        join<scheduling::Stimuli>().add(arrivals, net.given_.all().back().serial);
    }

    void add(Cells const& cells, IClamp const& clamp, StimulusTarget const&) const {
        auto& electrodes = join<scheduling::Electrodes>();
        auto const serial = net.given_.all().back().serial;
        net.for_each_population_of(cells, [&](auto& population, Extent const& part) {
            auto const electrode = population.electrode(clamp.where);
            net.directory_.for_each_own(part, [&](Gid, std::size_t cell) {
                electrodes.add(clamp, {part.population, cell, electrode}, serial);
            });
        });
        electrodes.add_edges(clamp);
    }

    void add(Cells const& cells, ExtracellularField const& field, StimulusTarget const&) const {
        auto& fields = join<scheduling::ExtracellularFields>();
        std::vector<scheduling::ExtracellularFields::Exposed> all;
        net.for_each_run(net.runs_of(cells), [&](auto& population, scheduling::CellRuns::Run const& run) {
            all.push_back(extracellular::exposed(field, population, run, fields));
        });
        fields.add(field, net.given_.all().back().serial, std::move(all));
    }

    template <CurrentSource Source>
    void add(Cells const& cells, Source const& source, StimulusTarget const&) const {
        auto& currents = join<scheduling::VaryingCurrents>();
        auto const& given = net.given_.all().back();
        std::vector<scheduling::VaryingCurrents::Target> targets;
        net.for_each_population_of(cells, [&](auto& population, Extent const& part) {
            auto const electrode = currents.electrode(part.population, source.where, [&] {
                return population.new_electrode(population.site_of(source.where));
            });
            auto& target = targets.emplace_back();
            target.population = part.population;
            target.electrode = electrode;
            net.directory_.for_each_own(part, [&](Gid gid, std::size_t cell) {
                target.cells.push_back(static_cast<std::uint32_t>(cell));
                target.gids.push_back(gid);
            });
        });
        if constexpr (std::is_same_v<Source, CurrentTrace>)
            currents.add(source, given.serial, targets);
        else
            currents.add(source, net.options_.stimulus_seed, given.serial, given.from, targets);
    }
};

/// Takes back those from a serial number on.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::keep_stimuli(std::uint32_t serial) noexcept {
    scheduler_.let_all(&decltype(scheduler_)::Duty::keep, serial);
    given_.keep(serial);
}

template <class Real, class Arch, class... C>
template <StimulusSource Source>
Stimulus basic_network<Real, Arch, C...>::stimulate(Cells const& cells, Source const& source,
                                                    StimulusTarget const& target) {
    lifecycle_.require_idle("stimulate");
    scheduling::Stopwatch const watch(build_seconds_);
    Giving const giving{*this};
    giving.check(cells, source, target);
    given_.check(scheduling::stream_of(source), cells);
    return giving.give(cells, source, target, given_.next(), 0);
}

template <class Real, class Arch, class... C>
template <CurrentSource Source>
Stimulus basic_network<Real, Arch, C...>::stimulate(Cells const& cells, Source const& source) {
    return stimulate(cells, source, {});
}

template <class Real, class Arch, class... C>
Stimulus basic_network<Real, Arch, C...>::stimulate(std::vector<ExternalEvent> const& events) {
    lifecycle_.require_idle("stimulate");
    scheduling::Stopwatch const watch(build_seconds_);
    for (auto const& e : events) check(e);
    return Giving{*this}.give({}, events, {}, given_.next(), 0);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::remove(Stimulus const& handle) {
    lifecycle_.require_idle("remove");
    auto const& given = given_.find("remove", handle);
    Giving{*this}.remove(given.serial, given.target);
}

template <class Real, class Arch, class... C>
template <StimulusSource Source>
void basic_network<Real, Arch, C...>::change(Stimulus const& handle, Source const& source,
                                             std::optional<StimulusTarget> const& target) {
    lifecycle_.require_idle("change");
    auto const old = given_.find("change", handle);
    require(!old.cells.empty(), "change: stimulus {} is of listed events, which can be removed alone",
            handle.number());
    Giving const giving{*this};
    auto const& onto = target ? *target : old.target;
    giving.check(old.cells, source, onto);
    if constexpr (std::is_same_v<Source, SpikeTimes>) giving.require_to_come(source, {.delay = 0});
    given_.check(scheduling::stream_of(source), old.cells, old.serial);
    auto const next = given_.next();
    giving.give(old.cells, source, onto, old.handle, world().now);
    try {
        giving.remove(old.serial, old.target);
    } catch (...) {
        keep_stimuli(next);
        throw;
    }
}

/// The input from outside as its synapse takes it: where events come one by one, by the number of a stimulus.
template <class Real, class Arch, class... C>
StimulusTarget basic_network<Real, Arch, C...>::numbered(wiring::Place const& place, StimulusTarget target,
                                                         bool external) {
    auto const synapse = static_cast<std::size_t>(target.synapse);
    if (!directory_.takes_events(place.population, synapse)) return target;
    world().populations.with(place.population, [&](auto& population) {
        if constexpr (std::remove_reference_t<decltype(population)>::takes_events) {
            auto& events = population.events();
            auto const number = external ? events.external(place.cell, synapse, target.weight)
                                         : events.add_stimulus(place.cell, synapse, target.weight);
            target.weight = number;
        }
    });
    target.synapse |= scheduling::numbered;
    return target;
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
scheduling::Arrival basic_network<Real, Arch, C...>::arrival_of(ExternalEvent const& e) {
    auto const place = directory_.place_of(e.gid);
    auto const own = numbered(place, {e.synapse, e.weight}, true);
    return scheduling::arrival_at(e.time, world().grid, place, own);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::clear_stimuli() {
    lifecycle_.require_idle("clear_stimuli");
    keep_stimuli(0);
    if (auto* const electrodes = scheduler_.template find<scheduling::Electrodes>()) electrodes->clear();
    if (auto* const stimuli = scheduler_.template find<scheduling::Stimuli>()) stimuli->clear();
    if (auto* const sent = scheduler_.template find<scheduling::SentEvents>()) sent->clear();
    scheduling::for_each_events(world(), [](auto& events) { events.clear_stimuli(); });
}

}  // namespace hillock::inline HILLOCK_ISA
