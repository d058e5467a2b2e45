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
///   void keep(serial)                          forgets stimuli from a serial number on
///   void copied(world)                         in the copy of a network: finds anew what it refers to there
///
/// `world` is the scheduler's: its populations, their division into parts, the grid of time, and the step
/// that it has reached.

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

/// The participants that a scheduler can have, in the order in which they do their duties.
template <class... P>
struct Participants {
    static constexpr std::size_t count = sizeof...(P);

    template <class Q>
    static constexpr std::size_t number_of() {
        std::size_t k = 0;
        (void)((std::is_same_v<Q, P> || (++k, false)) || ...);
        return k;
    }
    /// Calls f(type) with a `std::type_identity` for each of them.
    static void for_each(auto&& f) { (f(std::type_identity<P>()), ...); }
};

/// The duties of one participant in a world, as functions of its address; null where it has no such duty.
template <class World>
struct Duties {
    void (*destroy)(void*) = nullptr;
    Step (*horizon)(void const*, Step) = nullptr;
    void (*prepare)(void*, World&, Team&) = nullptr;
    void (*begin_epoch)(void*, World&, Epoch) = nullptr;
    void (*begin_part)(void*, World&, Epoch, std::size_t) = nullptr;
    void (*begin_step)(void*, World&, AnySlice const&) = nullptr;
    void (*end_step)(void*, World&, AnySlice const&, Spikes) = nullptr;
    void (*end_epoch)(void*, World&, Epoch, Spikes) = nullptr;
    void (*end_part)(void*, World&, Epoch, Spikes, std::size_t) = nullptr;
    void (*finish)(void*, World&) = nullptr;
    void (*copied)(void*, World&) = nullptr;
    void (*keep)(void*, World&, std::uint32_t) = nullptr;

    template <class P>
    static constexpr Duties of() {
        using Some = Slice<int>;
        Duties all;
        all.destroy = [](void* it) { delete static_cast<P*>(it); };
        if constexpr (requires(P const& p, Step now) { p.horizon(now); })
            all.horizon = [](void const* it, Step now) { return static_cast<P const*>(it)->horizon(now); };
        if constexpr (requires(P& p, World& world, Team& team) { p.prepare(world, team); })
            all.prepare = [](void* it, World& world, Team& team) { to<P>(it).prepare(world, team); };
        if constexpr (requires(P& p, World& world, Epoch epoch) { p.begin_epoch(world, epoch); })
            all.begin_epoch = [](void* it, World& world, Epoch epoch) {
                to<P>(it).begin_epoch(world, epoch);
            };
        if constexpr (requires(P& p, World& world, Epoch epoch, std::size_t part) {
                          p.begin_part(world, epoch, part);
                      })
            all.begin_part = [](void* it, World& world, Epoch epoch, std::size_t part) {
                to<P>(it).begin_part(world, epoch, part);
            };
        if constexpr (requires(P& p, World& world, Some const& slice) { p.begin_step(world, slice); })
            all.begin_step = [](void* it, World& world, AnySlice const& any) {
                with(world, any, [&](auto const& slice) { to<P>(it).begin_step(world, slice); });
            };
        if constexpr (requires(P& p, World& world, Some const& slice, Spikes spikes) {
                          p.end_step(world, slice, spikes);
                      })
            all.end_step = [](void* it, World& world, AnySlice const& any, Spikes spikes) {
                with(world, any, [&](auto const& slice) { to<P>(it).end_step(world, slice, spikes); });
            };
        if constexpr (requires(P& p, World& world, Epoch epoch, Spikes spikes) {
                          p.end_epoch(world, epoch, spikes);
                      })
            all.end_epoch = [](void* it, World& world, Epoch epoch, Spikes spikes) {
                to<P>(it).end_epoch(world, epoch, spikes);
            };
        if constexpr (requires(P& p, World& world, Epoch epoch, Spikes spikes, std::size_t part) {
                          p.end_part(world, epoch, spikes, part);
                      })
            all.end_part = [](void* it, World& world, Epoch epoch, Spikes spikes, std::size_t part) {
                to<P>(it).end_part(world, epoch, spikes, part);
            };
        if constexpr (requires(P& p, World& world) { p.finish(world); })
            all.finish = [](void* it, World& world) { to<P>(it).finish(world); };
        if constexpr (requires(P& p, World& world) { p.copied(world); })
            all.copied = [](void* it, World& world) { to<P>(it).copied(world); };
        if constexpr (requires(P& p, std::uint32_t serial) { p.keep(serial); })
            all.keep = [](void* it, World&, std::uint32_t serial) { to<P>(it).keep(serial); };
        return all;
    }

private:
    template <class P>
    static P& to(void* it) {
        return *static_cast<P*>(it);
    }
    static void with(World& world, AnySlice const& any, auto&& f) {
        world.populations.with(any.number, [&](auto& population) {
            f(Slice{population, any.number, any.first, any.last, any.step});
        });
    }
};

/// A participant of any type, or none yet.
template <class World>
class AnyParticipant {
public:
    AnyParticipant() = default;
    AnyParticipant(AnyParticipant&& other) noexcept
        : it_{std::exchange(other.it_, nullptr)}, duties_{other.duties_} {}
    AnyParticipant& operator=(AnyParticipant&& other) noexcept {
        std::swap(it_, other.it_);
        std::swap(duties_, other.duties_);
        return *this;
    }
    ~AnyParticipant() {
        if (it_) duties_->destroy(it_);
    }

    /// Makes one of type `P` if there is none.
    template <class P>
    P& make(auto const&... from) {
        static constexpr auto duties = Duties<World>::template of<P>();
        if (!it_) it_ = new P(from...);
        duties_ = &duties;
        return *find<P>();
    }
    template <class P>
    P* find() const {
        return static_cast<P*>(it_);
    }
    /// Lets it do a duty, where it has it.
    void let(auto duty, auto&&... args) {
        if (it_ && duties_->*duty) (duties_->*duty)(it_, args...);
    }
    Step horizon(Step now, Step furthest) const {
        return it_ && duties_->horizon ? std::min(furthest, duties_->horizon(it_, now)) : furthest;
    }

private:
    void* it_ = nullptr;
    Duties<World> const* duties_ = nullptr;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
