// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/population/events.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/netstim_spikes.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

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
/// stimulus (population/events.hpp).
inline constexpr int numbered = 1 << 30;

/// Adds an arrival to the sums of its population, or to the events that arrive one by one.
void arrive(auto& world, Arrival const& a) {
    if (a.synapse & numbered)
        return world.events[a.place.population]->arrive(a.step, static_cast<std::uint32_t>(a.weight));
    auto& sum = world.inboxes[a.place.population]->at(a.step, a.synapse)[a.place.cell];
    sum += static_cast<std::remove_reference_t<decltype(sum)>>(a.weight);
}

/// The synapse and weight of an arrival, also where it has the number of a stimulus.
inline std::pair<std::size_t, double> plain(population::Events const& events, Arrival const& a) {
    if (!(a.synapse & numbered)) return {a.synapse, a.weight};
    auto const& stimulus = events.stimuli()[static_cast<std::size_t>(a.weight)];
    return {stimulus.synapse, stimulus.weight};
}

/// All events from outside that are kept. They reach a step's sums after all spikes from inside, generators
/// first, in the order in which they were made, then listed events in the order of their list.
///
/// Listed events are kept when they have arrived, since a reset lets them arrive again: 24 bytes each.
class Stimuli {
public:
    explicit Stimuli(TimeGrid grid) : grid_{grid} {}

    /// Makes room for `n` more generators in that many populations, so that `add` cannot fail.
    void make_room(std::size_t n, std::size_t populations) {
        meta::make_room(recipes_, n);
        stimulated_.resize(std::max(populations, stimulated_.size()));
    }
    void add(NetStim const& parameters, StreamId const& stream, Place place, StimulusTarget const& target) {
        expect(place.population);
        recipes_.push_back({parameters, stream, place, target});
    }

    /// Adds all or, where memory is missing, none.
    void add(std::vector<Arrival> const& arrivals) {
        for (auto const& arrival : arrivals) expect(arrival.place.population);
        meta::make_room(listed_, arrivals.size());
        for (auto const& [step, place, synapse, weight] : arrivals)
            listed_.push_back({place.population,
                               {step, weight, static_cast<std::uint32_t>(place.cell),
                                static_cast<std::uint32_t>(synapse)}});
    }

    /// The stimuli that there are, to come back to before the next run.
    struct Mark {
        std::size_t generators, listed;
    };
    Mark mark() const { return {recipes_.size(), listed_.size()}; }
    /// Takes back those that have been added since then.
    void keep(Mark const& mark) noexcept {
        recipes_.resize(mark.generators);
        listed_.resize(mark.listed);
    }

    /// Removes all of them.
    void clear() {
        recipes_.clear();
        listed_.clear();
        for (auto& part : parts_) part.queues.clear();
        started_ = false;
    }

    /// Makes ready for events in a population.
    void expect(std::size_t population) {
        if (stimulated_.size() <= population) stimulated_.resize(population + 1);
        stimulated_[population] = true;
    }
    /// The populations that may get events, by number.
    std::vector<bool> const& stimulated() const { return stimulated_; }

    // -- As a participant

    void prepare(auto& world, auto&) {
        if (!started_) restart();
        if (world.division.version() != divided_for_) divide(world.division);
        for (auto k = generators_.size(); k < recipes_.size(); ++k) {
            generators_.emplace_back(recipes_[k].parameters, recipes_[k].stream);
            schedule(k, parts_[world.division.part_of(recipes_[k].place)]);
        }
        share_out(world.division);
        for (auto& part : parts_)
            for (auto& queue : part.queues) queue.sort();
    }

    void begin_part(auto& world, Epoch epoch, std::size_t part) {
        deliver(part, epoch, [&](Arrival const& a) { arrive(world, a); });
    }

    /// Calls deliver(arrival) for all events of one part in an epoch; those of earlier steps are gone.
    /// Different parts may do so at the same time; all parts have to be asked for the same epochs.
    void deliver(std::size_t number, Epoch epoch, auto&& deliver) {
        auto& part = parts_[number];
        while (!part.pending.empty() && part.pending.top().first < epoch.end) {
            auto const [step, k] = part.pending.top();
            part.pending.pop();
            auto const& recipe = recipes_[k];
            if (step >= epoch.begin)
                deliver(Arrival{step, recipe.place, static_cast<std::size_t>(recipe.target.synapse),
                                recipe.target.weight});
            generators_[k].next();
            schedule(k, part);
        }
        for (std::size_t population = 0; population < part.queues.size(); ++population) {
            auto& queue = part.queues[population];
            for (; queue.delivered < queue.events.size(); ++queue.delivered) {
                auto const& e = queue.events[queue.delivered];
                if (e.step >= epoch.end) break;
                if (e.step >= epoch.begin)
                    deliver(Arrival{e.step, {population, e.cell}, e.synapse, e.weight});
            }
        }
    }

    void visit(auto& archive) { archive.derived(started_, false); }

private:
    struct Recipe {
        NetStim parameters;
        StreamId stream;
        Place place;
        StimulusTarget target;
    };

    /// The next event of a generator: its step and the generator's number.
    using Next = std::pair<Step, std::size_t>;

    /// A listed event of a population.
    struct Event {
        Step step;
        double weight;
        std::uint32_t cell, synapse;
    };
    static_assert(sizeof(Event) == 24, "events are kept for ever");

    struct Listed {
        std::size_t population;
        Event event;
    };

    /// The listed events of a population in a part. From `delivered` on they may be unsorted; those of one
    /// step are in the order of their list.
    struct Queue {
        std::vector<Event> events;
        std::size_t delivered = 0;
        std::size_t incoming = 0;  // while events are shared out: so many are new
        bool is_sorted = true;

        void add(Event const& event) {
            is_sorted = is_sorted && (events.empty() || events.back().step <= event.step);
            events.push_back(event);
        }
        /// Leaves the list as it is where memory is missing.
        void sort() {
            if (is_sorted) return;
            std::vector<Event> rest(events.begin() + static_cast<std::ptrdiff_t>(delivered), events.end());
            meta::sort_by(rest, [](Event const& event) { return static_cast<std::uint64_t>(event.step); });
            std::copy(rest.begin(), rest.end(), events.begin() + static_cast<std::ptrdiff_t>(delivered));
            is_sorted = true;
        }
    };

    /// The events of some of the cells.
    struct alignas(64) Part {
        std::priority_queue<Next, std::vector<Next>, std::greater<>> pending;
        std::vector<Queue> queues;  // by population

        [[gnu::noinline]] Queue& queue(std::size_t population) {  // little to compile
            if (queues.size() <= population) queues.resize(population + 1);
            return queues[population];
        }
    };

    /// Everything from its beginning, at t = 0.
    void restart() {
        generators_.clear();
        for (auto& part : parts_) {
            part.pending = {};
            for (auto& queue : part.queues) queue.delivered = 0;
        }
        started_ = true;
    }

    /// Gives new listed events to their parts: all, or none where memory is missing.
    void share_out(auto const& division) {
        if (listed_.empty()) return;
        auto const queue_of = [&](Listed const& e) -> Queue& {
            return parts_[division.part_of({e.population, e.event.cell})].queue(e.population);
        };
        for (auto const& each : listed_) queue_of(each).incoming = 0;
        for (auto const& each : listed_) ++queue_of(each).incoming;
        for (auto const& each : listed_) meta::make_room(queue_of(each).events, queue_of(each).incoming);
        for (auto const& each : listed_) queue_of(each).add(each.event);
        listed_ = decltype(listed_)();  // gives its memory back
    }

    /// Divides all events anew among parts.
    void divide(auto const& division) {
        std::vector<Part> parts(division.parts());
        auto const move = [&](std::size_t population, Event const& event) {
            parts[division.part_of({population, event.cell})].queue(population).add(event);
        };
        for (auto const& part : parts_) {
            for (auto pending = part.pending; !pending.empty(); pending.pop())
                parts[division.part_of(recipes_[pending.top().second].place)].pending.push(pending.top());
            for (std::size_t p = 0; p < part.queues.size(); ++p)
                for (std::size_t k = 0; k < part.queues[p].delivered; ++k) move(p, part.queues[p].events[k]);
        }
        for (auto& part : parts)
            for (auto& queue : part.queues) {
                queue.sort();
                queue.delivered = queue.events.size();
            }
        for (auto const& part : parts_)
            for (std::size_t p = 0; p < part.queues.size(); ++p)
                for (auto k = part.queues[p].delivered; k < part.queues[p].events.size(); ++k)
                    move(p, part.queues[p].events[k]);
        parts_ = std::move(parts);
        divided_for_ = division.version();
    }

    void schedule(std::size_t k, Part& part) const {
        auto const arrival = generators_[k].time() + recipes_[k].target.delay;
        if (generators_[k].pending() && grid_.reaches(arrival))
            part.pending.emplace(grid_.step_of(arrival), k);
    }

    TimeGrid grid_;
    std::vector<Recipe> recipes_;
    std::vector<NetStimSpikes> generators_;  // one for each recipe, once it has been prepared
    std::vector<Listed> listed_;             // in the order of their lists, until the parts have them
    std::vector<bool> stimulated_;           // populations
    bool started_ = false;
    std::vector<Part> parts_;
    std::uint64_t divided_for_ = 0;  // the version of the division
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
