// SPDX-License-Identifier: MIT
#pragma once

/// Participants of a simulation: connections, stimuli, electrodes, probes, and whatever else takes part in a
/// run beside the cells. A participant has those of these duties that it needs; the scheduler calls what is
/// there, and knows none of them by name.
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

#include <algorithm>
#include <cstddef>
#include <span>
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

/// All participants of a scheduler, who do their duties in the order in which they are listed.
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

    Step horizon(Step now, Step furthest) const {
        for_each([&](auto const& p) {
            if constexpr (requires { p.horizon(now); }) furthest = std::min(furthest, p.horizon(now));
        });
        return furthest;
    }
    void prepare(auto& world, auto& team) {
        for_each([&](auto& p) {
            if constexpr (requires { p.prepare(world, team); }) p.prepare(world, team);
        });
    }
    void begin_epoch(auto& world, Epoch epoch) {
        for_each([&](auto& p) {
            if constexpr (requires { p.begin_epoch(world, epoch); }) p.begin_epoch(world, epoch);
        });
    }
    void begin_part(auto& world, Epoch epoch, std::size_t part) {
        for_each([&](auto& p) {
            if constexpr (requires { p.begin_part(world, epoch, part); }) p.begin_part(world, epoch, part);
        });
    }
    void begin_step(auto& world, auto const& slice) {
        for_each([&](auto& p) {
            if constexpr (requires { p.begin_step(world, slice); }) p.begin_step(world, slice);
        });
    }
    void end_step(auto& world, auto const& slice, Spikes spikes) {
        for_each([&](auto& p) {
            if constexpr (requires { p.end_step(world, slice, spikes); }) p.end_step(world, slice, spikes);
        });
    }
    void end_epoch(auto& world, Epoch epoch, Spikes spikes) {
        for_each([&](auto& p) {
            if constexpr (requires { p.end_epoch(world, epoch, spikes); }) p.end_epoch(world, epoch, spikes);
        });
    }
    void end_part(auto& world, Epoch epoch, Spikes spikes, std::size_t part) {
        for_each([&](auto& p) {
            if constexpr (requires { p.end_part(world, epoch, spikes, part); })
                p.end_part(world, epoch, spikes, part);
        });
    }
    void finish(auto& world) {
        for_each([&](auto& p) {
            if constexpr (requires { p.finish(world); }) p.finish(world);
        });
    }
    void visit(auto& archive) {
        for_each([&](auto& p) {
            if constexpr (requires { p.visit(archive); }) p.visit(archive);
        });
    }
    void copied(auto& world) {
        for_each([&](auto& p) {
            if constexpr (requires { p.copied(world); }) p.copied(world);
        });
    }

private:
    void for_each(auto&& f) { (f(get<P>()), ...); }
    void for_each(auto&& f) const { (f(get<P>()), ...); }
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
