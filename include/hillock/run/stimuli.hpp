// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/arrival.hpp>
#include <hillock/run/listed_events.hpp>
#include <hillock/run/netstim_spikes.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/serial.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

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
    /// A generator. `serial` says which call of `stimulate` it belongs to; what it fires before step `from`
    /// is left out.
    void add(NetStim const& parameters, StreamId const& stream, Place place, StimulusTarget const& target,
             std::uint32_t serial = 0, Step from = 0) {
        expect(place.population);
        recipes_.push_back({parameters, stream, place, target, serial, from});
    }

    /// Listed events. Adds all or, where memory is missing, none.
    void add(std::vector<Arrival> const& arrivals, std::uint32_t serial = 0) {
        for (auto const& arrival : arrivals) expect(arrival.place.population);
        meta::make_room(listed_, arrivals.size());
        auto const known = targets_.size();
        for (auto const& [step, place, synapse, weight] : arrivals)
            listed_.push_back(
                {place.population,
                 {step, weight, static_cast<std::uint32_t>(place.cell),
                  listed::number_of({serial, static_cast<std::uint32_t>(synapse)}, targets_, known)}});
    }

    /// Takes back those from a serial number on, none of which has taken part in a run.
    void keep(std::uint32_t serial) noexcept {
        keep_before(recipes_, serial);
        meta::erase_if(listed_, [&](Listed const& e) { return targets_[e.event.target].serial >= serial; });
        keep_before(targets_, serial);
    }

    /// Calls f(arrival) for what one call's have fired before step `now` and is still on its way, `delay`
    /// steps long.
    void for_each_fired(std::uint32_t serial, Step now, Step delay, auto&& f) const {
        for (auto const& recipe : of_serial(recipes_, serial)) for_each_fired(recipe, now, f);
        for_each_listed(serial, [&](std::size_t population, Event const& e) {
            if (e.step >= now && e.step - delay < now) f(arrival_of(population, e));
        });
    }
    void remove(std::uint32_t serial) noexcept {
        auto const those = of_serial(recipes_, serial);
        if (those.first != those.last)
            erase_generators(static_cast<std::size_t>(those.first - recipes_.data()),
                             static_cast<std::size_t>(those.last - recipes_.data()));
        auto const targets = of_serial(targets_, serial);
        if (targets.first != targets.last) erase_listed(serial);
    }
    /// Leaves out what the generators of one call fire before step `from`.
    void set_from(std::uint32_t serial, Step from) {
        for (auto& recipe : of_serial(recipes_, serial)) recipe.from = from;
        started_ = false;
    }

    /// Removes all of them.
    void clear() {
        recipes_.clear();
        listed_.clear();
        targets_.clear();
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
            generators_.push_back(generator_of(recipes_[k]));
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
        while (!part.pending.empty() && part.pending.front().first < epoch.end) {
            std::pop_heap(part.pending.begin(), part.pending.end(), std::greater<>());
            auto const [step, k] = part.pending.back();
            part.pending.pop_back();
            auto const& recipe = recipes_[k];
            if (step >= epoch.begin) deliver(arrival_of(recipe, step, generators_[k].time()));
            generators_[k].next();
            schedule(k, part);
        }
        for (std::size_t population = 0; population < part.queues.size(); ++population) {
            auto& queue = part.queues[population];
            for (; queue.delivered < queue.events.size(); ++queue.delivered) {
                auto const& e = queue.events[queue.delivered];
                if (e.step >= epoch.end) break;
                if (e.step >= epoch.begin) deliver(arrival_of(population, e));
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
        std::uint32_t serial;
        Step from;
    };

    /// The next event of a generator: its step and the generator's number.
    using Next = std::pair<Step, std::size_t>;

    using Event = listed::Event;
    using Target = listed::Target;
    using Queue = listed::Queue;

    struct Listed {
        std::size_t population;
        Event event;
    };

    /// The events of some of the cells.
    struct alignas(64) Part {
        std::vector<Next> pending;  // a heap, the next one in front
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
            for (auto const& next : part.pending)
                push(next, parts[division.part_of(recipes_[next.second].place)]);
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
        if (generators_[k].pending() && grid_.reaches(arrival)) push({grid_.step_of(arrival), k}, part);
    }
    static void push(Next const& next, Part& part) {
        part.pending.push_back(next);
        std::push_heap(part.pending.begin(), part.pending.end(), std::greater<>());
    }

    /// A generator at its first spike that is not left out.
    NetStimSpikes generator_of(Recipe const& recipe) const {
        NetStimSpikes spikes(recipe.parameters, recipe.stream);
        while (recipe.from > 0 && spikes.pending() && is_before(spikes.time(), recipe.from)) spikes.next();
        return spikes;
    }
    bool is_before(double t, Step step) const { return !grid_.reaches(t) ? t < 0 : grid_.step_of(t) < step; }

    void for_each_fired(Recipe const& recipe, Step now, auto&& f) const {
        auto const k = static_cast<std::size_t>(&recipe - recipes_.data());
        auto spikes = started_ && k < generators_.size() ? generators_[k] : generator_of(recipe);
        for (; spikes.pending() && is_before(spikes.time(), now); spikes.next())
            if (auto const step = grid_.step_of(spikes.time() + recipe.target.delay); step >= now)
                f(arrival_of(recipe, step, spikes.time()));
    }
    void erase_generators(std::size_t first, std::size_t last) {
        auto const erase = [&](auto& list) {
            auto const at = [&](std::size_t k) {
                return list.begin() + static_cast<std::ptrdiff_t>(std::min(k, list.size()));
            };
            list.erase(at(first), at(last));
        };
        erase(recipes_);
        erase(generators_);
        for (auto& part : parts_) {
            meta::erase_if(part.pending, [&](Next const& n) { return n.second >= first && n.second < last; });
            for (auto& next : part.pending)
                if (next.second >= last) next.second -= last - first;
            std::make_heap(part.pending.begin(), part.pending.end(), std::greater<>());
        }
    }

    Arrival arrival_of(Recipe const& recipe, Step step, double t) const {  // fired at `t` ms
        return arrival_at(step, t + recipe.target.delay, grid_, recipe.place, recipe.target);
    }
    Arrival arrival_of(std::size_t population, Event const& e) const {
        return {e.step, {population, e.cell}, targets_[e.target].synapse, e.weight};
    }
    /// Calls f(population, event) for the listed events of a serial number.
    void for_each_listed(std::uint32_t serial, auto&& f) const {
        for (auto const& each : listed_)
            if (targets_[each.event.target].serial == serial) f(each.population, each.event);
        for (auto const& part : parts_)
            for (std::size_t p = 0; p < part.queues.size(); ++p)
                for (auto const& event : part.queues[p].events)
                    if (targets_[event.target].serial == serial) f(p, event);
    }
    void erase_listed(std::uint32_t serial) {
        auto const is_of = [&](Event const& e) { return targets_[e.target].serial == serial; };
        meta::erase_if(listed_, [&](Listed const& each) { return is_of(each.event); });
        for (auto& part : parts_)
            for (auto& queue : part.queues) listed::erase_if(queue, is_of);
    }

    TimeGrid grid_;
    std::vector<Recipe> recipes_;
    std::vector<NetStimSpikes> generators_;  // one for each recipe, once it has been prepared
    std::vector<Listed> listed_;             // in the order of their lists, until the parts have them
    std::vector<Target> targets_;            // of listed events
    std::vector<bool> stimulated_;           // populations
    bool started_ = false;
    std::vector<Part> parts_;
    std::uint64_t divided_for_ = 0;  // the version of the division
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
