// SPDX-License-Identifier: MIT
#pragma once

/// The run loop. Time passes in epochs, none longer than the smallest delay of the whole network: no spike
/// fired in an epoch arrives before its end, so in an epoch no cell depends on another. Every rank has cells,
/// connections and stimuli of its own, and divides them among its threads, its parts: each part is a range of
/// blocks of every population.
///
///   entry      every inbox holds, for each step of the epoch, the weights of all spikes that arrive then
///   begin      electrodes change their currents; each part: events from outside join its inboxes
///   advance    each part: its blocks, chunk by chunk, take all steps of the epoch; spikes are collected
///   exchange   one thread: all ranks get the spikes of all, by (step, gid); or learn that one has failed
///   end        each part: each spike goes down its connections into the part's inboxes, beyond the epoch
///   observe    time, states and spikes are those of the epoch's end: callbacks
///   exit       as entry, for the next epoch
///
/// All threads finish one of these before the next begins, and ranks wait for each other in `exchange` alone.

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/archive/archive.hpp>
#include <hillock/isa.hpp>
#include <hillock/run/clock.hpp>
#include <hillock/run/division.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/spike_exchange.hpp>
#include <hillock/run/statistics.hpp>
#include <hillock/run/team.hpp>
#include <hillock/simd/subnormals.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/lanes.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// All that lives in the time of a simulation and is not a participant.
template <class Populations>
struct World {
    Populations populations;
    TimeGrid grid;
    Division division = {};
    Step now = 0;
    communication::Ranks* ranks = nullptr;  // of the run

    /// The parts of each population, by number, that participants need, whatever its cell type.
    std::vector<typename Populations::Inbox*> inboxes = {};
    std::vector<typename Populations::Electrodes*> electrodes = {};
    std::vector<population::Events*> events = {};  // null where weights are summed; none if all are
    /// The least cells of each population, by number, that should take the steps of an epoch together.
    std::vector<std::size_t> least_cells = {};

    void find_parts() {
        least_cells.clear();
        inboxes.clear();
        electrodes.clear();
        events.clear();
        populations.for_each([&](auto& population, std::size_t) {
            inboxes.push_back(&population.inbox());
            least_cells.push_back(1);
            electrodes.push_back(&population.electrodes());
            if constexpr (std::remove_reference_t<decltype(population)>::takes_events)
                events.push_back(&population.events());
            else if constexpr (Populations::take_events)
                events.push_back(nullptr);
        });
    }
};

template <class Real, class Populations, class Participants>
class Scheduler {
public:
    using Duty = Duties<World<Populations>>;

    explicit Scheduler(TimeGrid grid, Lanes lanes = {}) : world{Populations(grid.dt(), lanes), grid} {}
    Scheduler(Scheduler const& other) : world{other.world} {
        Participants::for_each([&](auto type) {
            using One = typename decltype(type)::type;
            if (auto const* const one = other.template find<One>()) slot<One>().template make<One>(*one);
        });
        world.find_parts();
        let_all(&Duty::copied);
    }
    Scheduler(Scheduler&&) noexcept = default;
    Scheduler& operator=(Scheduler&&) noexcept = default;
    ~Scheduler() = default;

    World<Populations> world;

    /// A participant, which takes part in runs from now on.
    template <class P>
    P& join() {
        if constexpr (std::is_constructible_v<P, TimeGrid>)
            return slot<P>().template make<P>(world.grid);
        else
            return slot<P>().template make<P>();
    }
    /// A participant, if it has joined.
    template <class P>
    P* find() {
        return participants_[Participants::template number_of<P>()].template find<P>();
    }
    template <class P>
    P const* find() const {
        return participants_[Participants::template number_of<P>()].template find<P>();
    }
    /// Lets all participants do a duty, in their order.
    void let_all(auto duty, auto&&... args) {
        for (auto& each : participants_) each.let(duty, world, args...);
    }

    void visit(auto& archive) {
        archive(world.now, Step{0});
        world.populations.for_each([&](auto& population, std::size_t) { population.visit(archive); });
        Participants::for_each([&](auto type) {
            if (auto* const one = find<typename decltype(type)::type>())
                if constexpr (requires { one->visit(archive); }) one->visit(archive);
        });
    }

    /// Runs to step `end`, or until observe(spikes of all ranks, by (step, gid)) is true after an epoch, on
    /// any rank; says whether it was. `observed`: whether some rank wants to be asked. The phases' times are
    /// added to `times`. All ranks call it together.
    bool run(Step end, communication::Ranks& ranks, Team& team, bool observed, PhaseTimes& times,
             auto&& observe) {
        world.ranks = &ranks;
        world.division.template divide<Real>(team.size(), world.populations);
        world.find_parts();
        spikes_.resize(team.size());
        let_all(&Duty::prepare, team);
        bool stopped = false;
        for (; world.now < end && !stopped; ++times.epochs) {
            Epoch const epoch{world.now, horizon(end)};
            machine::Clock clock;
            auto const failure = failure_of([&] {
                let_all(&Duty::begin_epoch, epoch);
                team.all([&](std::size_t part) { advance(epoch, part); });
            });
            times.advance += clock.lap();
            auto const spikes = exchange_.gather(ranks, failure, spikes_, epoch.begin);
            times.exchange += clock.lap();
            let_all(&Duty::end_epoch, epoch, spikes);
            team.all([&](std::size_t part) { let_all(&Duty::end_part, epoch, spikes, part); });
            world.now = epoch.end;
            times.deliver += clock.lap();
            bool wants_to_stop = false;
            auto const objection = failure_of([&] { wants_to_stop = observe(spikes); });
            if (observed)
                stopped = exchange_.any_stops(ranks, objection, wants_to_stop);
            else if (objection)
                std::rethrow_exception(objection);
        }
        let_all(&Duty::finish);
        return stopped;
    }

    /// Lets a failure of one rank, if there is one, be one of all. Collective.
    void share(communication::Ranks& ranks, std::exception_ptr const& failure) {
        exchange_.any_stops(ranks, failure, false);
    }

private:
    template <class P>
    auto& slot() {
        return participants_[Participants::template number_of<P>()];
    }
    /// The step at which the next epoch ends, `end` at the latest.
    Step horizon(Step end) const {
        for (auto const& each : participants_) end = each.horizon(world.now, end);
        return end;
    }

    /// Blocks that take the steps of an epoch together: as many as stay in a first-level cache or, where
    /// there is one step alone and nothing to come back to, in a second-level one.
    static std::size_t chunk_of(Epoch epoch, std::size_t block_bytes) {
        auto const bytes = std::size_t{1} << (epoch.end - epoch.begin > 1 ? 14 : 17);
        return std::max<std::size_t>(1, bytes / std::max<std::size_t>(1, block_bytes));
    }

    void advance(Epoch epoch, std::size_t part) {
        simd::FlushSubnormals const quick;
        auto& spikes = spikes_[part];
        spikes.clear();
        let_all(&Duty::begin_part, epoch, part);
        world.populations.for_each([&](auto& population, std::size_t number) {
            auto const first = world.division.first_block(population, number, part);
            auto const last = world.division.first_block(population, number, part + 1);
            auto const chunk = std::max(chunk_of(epoch, population.block_bytes()),
                                        world.least_cells[number] / population.width);
            for (auto begin = first; begin < last; begin += chunk)
                advance(population, number, begin, std::min(begin + chunk, last), epoch, spikes);
        });
    }

    /// Takes some blocks through all steps of an epoch.
    void advance(auto& population, std::size_t number, std::size_t first, std::size_t last, Epoch epoch,
                 std::vector<GridSpike>& spikes) {
        for (auto step = epoch.begin; step < epoch.end; ++step) {
            AnySlice const slice{number, first * population.width, last * population.width, step};
            let_all(&Duty::begin_step, slice);
            auto const fired = spikes.size();
            population.advance(first, last, step, spikes);
            let_all(&Duty::end_step, slice, Spikes(spikes).subspan(fired));
        }
        auto const cell = population.first_not_finite(first, last);
        require(cell >= population.size(),
                "cell {}: v has become infinite or NaN between t = {:.10g} and {:.10g} ms",
                cell < population.size() ? population.gid(cell) : 0, world.grid.time_of(epoch.begin),
                world.grid.time_of(epoch.end));
    }

    std::array<AnyParticipant<World<Populations>>, Participants::count> participants_;
    std::vector<std::vector<GridSpike>> spikes_;  // of the epoch, by part
    SpikeExchange exchange_;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
