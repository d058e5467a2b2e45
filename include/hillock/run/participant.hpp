// SPDX-License-Identifier: MIT
#pragma once

/// Participants of a simulation: connections, stimuli, electrodes, probes, and whatever else takes part in a
/// run beside the cells. A participant has those of these duties that it needs, and does them once it has
/// joined; the scheduler knows none of them by name, and duties of one that never joins are not compiled.
///
///   Step horizon(Step now) const               the step by which it must be asked again: where an epoch ends
///   void prepare(world, team)                  before the first epoch of a run, one thread
///   void begin_epoch(world, epoch)             before an epoch, one thread
///   void begin_part(world, epoch, part)        then all threads, each for its own part of the cells
///   void begin_step(world, slice)              before a step of some cells of a population, on their thread
///   void end_step(world, slice, spikes)        after it, with the spikes that they fired at that step
///   void end_epoch(world, epoch, spikes)       the spikes of all ranks are known: one thread
///   void end_part(world, epoch, spikes, part)  then all threads, each for its own part
///   void finish(world)                         at the end of a run, one thread
///   void visit(archive)                        everything of it that a run changes (see archive.hpp)
///   void copied(world)                         in the copy of a network: finds anew what it refers to there
///
/// `world` is the scheduler's: its populations, their division into parts, the grid of time, and the step
/// that it has reached.

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/population/population.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

using population::GridSpike;

/// The steps [begin, end), in which no cell depends on another.
struct Epoch {
    Step begin, end;
};

/// The cells [first, last) of one population, about to take `step`.
template <class Population>
struct Slice {
    Population& population;
    std::size_t number;  // of the population
    std::size_t first, last;
    Step step;
};

template <class Population>
Slice(Population&, std::size_t, std::size_t, std::size_t, Step) -> Slice<Population>;

using Spikes = std::span<GridSpike const>;

/// The cells [first, last) of population `number`, about to take `step`: a slice of no known type.
struct AnySlice {
    std::size_t number, first, last;
    Step step;
};

class Team;

/// All participants of a scheduler, in the order in which they do their duties.
template <class... P>
class Participants : P... {
public:
    explicit Participants(P... each) : P(std::move(each))... {}

    template <class Q>
    Q& get() {
        return *this;
    }
    template <class Q>
    Q const& get() const {
        return *this;
    }
    void visit(auto& archive) {
        auto const visit_one = [&](auto& participant) {
            if constexpr (requires { participant.visit(archive); }) participant.visit(archive);
        };
        (visit_one(get<P>()), ...);
    }

    static constexpr std::size_t count = sizeof...(P);
    template <class Q>
    static constexpr std::size_t number_of() {
        std::size_t k = 0;
        (void)((std::is_same_v<Q, P> || (++k, false)) || ...);
        return k;
    }
};

/// The duties of one of the participants `All` in a world; null where it has no such duty.
template <class World, class All>
struct Duties {
    Step (*horizon)(All const&, Step) = nullptr;
    void (*prepare)(All&, World&, Team&) = nullptr;
    void (*begin_epoch)(All&, World&, Epoch) = nullptr;
    void (*begin_part)(All&, World&, Epoch, std::size_t) = nullptr;
    void (*begin_step)(All&, World&, AnySlice const&) = nullptr;
    void (*end_step)(All&, World&, AnySlice const&, Spikes) = nullptr;
    void (*end_epoch)(All&, World&, Epoch, Spikes) = nullptr;
    void (*end_part)(All&, World&, Epoch, Spikes, std::size_t) = nullptr;
    void (*finish)(All&, World&) = nullptr;
    void (*copied)(All&, World&) = nullptr;

    template <class P>
    static constexpr Duties of() {
        using Some = Slice<int>;
        Duties all;
        if constexpr (requires(P const& p, Step now) { p.horizon(now); })
            all.horizon = [](All const& of, Step now) { return of.template get<P>().horizon(now); };
        if constexpr (requires(P& p, World& world, Team& team) { p.prepare(world, team); })
            all.prepare = [](All& of, World& world, Team& team) {
                of.template get<P>().prepare(world, team);
            };
        if constexpr (requires(P& p, World& world, Epoch epoch) { p.begin_epoch(world, epoch); })
            all.begin_epoch = [](All& of, World& world, Epoch epoch) {
                of.template get<P>().begin_epoch(world, epoch);
            };
        if constexpr (requires(P& p, World& world, Epoch epoch) { p.begin_part(world, epoch, 0); })
            all.begin_part = [](All& of, World& world, Epoch epoch, std::size_t part) {
                of.template get<P>().begin_part(world, epoch, part);
            };
        if constexpr (requires(P& p, World& world, Some const& some) { p.begin_step(world, some); })
            all.begin_step = [](All& of, World& world, AnySlice const& any) {
                with(world, any, [&](auto const& slice) { of.template get<P>().begin_step(world, slice); });
            };
        if constexpr (requires(P& p, World& world, Some const& some) { p.end_step(world, some, Spikes()); })
            all.end_step = [](All& of, World& world, AnySlice const& any, Spikes spikes) {
                with(world, any,
                     [&](auto const& slice) { of.template get<P>().end_step(world, slice, spikes); });
            };
        if constexpr (requires(P& p, World& world, Epoch epoch) { p.end_epoch(world, epoch, Spikes()); })
            all.end_epoch = [](All& of, World& world, Epoch epoch, Spikes spikes) {
                of.template get<P>().end_epoch(world, epoch, spikes);
            };
        if constexpr (requires(P& p, World& world, Epoch epoch) { p.end_part(world, epoch, Spikes(), 0); })
            all.end_part = [](All& of, World& world, Epoch epoch, Spikes spikes, std::size_t part) {
                of.template get<P>().end_part(world, epoch, spikes, part);
            };
        if constexpr (requires(P& p, World& world) { p.finish(world); })
            all.finish = [](All& of, World& world) { of.template get<P>().finish(world); };
        if constexpr (requires(P& p, World& world) { p.copied(world); })
            all.copied = [](All& of, World& world) { of.template get<P>().copied(world); };
        return all;
    }

private:
    static void with(World& world, AnySlice const& any, auto&& f) {
        world.populations.with(any.number, [&](auto& population) {
            f(Slice{population, any.number, any.first, any.last, any.step});
        });
    }
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
