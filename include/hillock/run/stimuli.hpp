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
#include <hillock/model/stimulus.hpp>
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

/// All events from outside. They reach a step's sums after all spikes from inside, generators first, in the
/// order in which they were made, then listed events in the order of their list.
class Stimuli {
public:
    explicit Stimuli(TimeGrid grid) : grid_{grid} {}

    void add(NetStim const& parameters, StreamId const& stream, Place place, StimulusTarget const& target) {
        recipes_.push_back({parameters, stream, place, target});
    }

    void add(std::vector<Arrival> const& arrivals) {
        listed_.insert(listed_.end(), arrivals.begin(), arrivals.end());
    }

    // -- As a participant

    void prepare(auto& world, auto&) {
        if (!started_) restart();
        if (world.division.version() != divided_for_) divide(world.division);
        for (auto k = generators_.size(); k < recipes_.size(); ++k) {
            generators_.emplace_back(recipes_[k].parameters, recipes_[k].stream);
            schedule(k, parts_[world.division.part_of(recipes_[k].place)]);
        }
        for (; shared_out_ < listed_.size(); ++shared_out_) {
            auto& part = parts_[world.division.part_of(listed_[shared_out_].place)];
            part.listed.push_back(shared_out_);
            part.is_sorted = false;
        }
        for (auto& part : parts_) sort(part);
    }

    void begin_part(auto& world, Epoch epoch, std::size_t part) {
        deliver(part, epoch, [&](Arrival const& a) {
            world.populations.with(a.place.population, [&](auto& population) {
                using Real = std::remove_reference_t<decltype(population.inbox().at(a.step, a.synapse)[0])>;
                population.inbox().at(a.step, a.synapse)[a.place.cell] += static_cast<Real>(a.weight);
            });
        });
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
        for (; part.delivered < part.listed.size(); ++part.delivered) {
            auto const& arrival = listed_[part.listed[part.delivered]];
            if (arrival.step >= epoch.end) break;
            if (arrival.step >= epoch.begin) deliver(arrival);
        }
    }

    void visit(auto& archive) { archive(started_, false); }

private:
    struct Recipe {
        NetStim parameters;
        StreamId stream;
        Place place;
        StimulusTarget target;
    };

    /// The next event of a generator: its step and the generator's number.
    using Next = std::pair<Step, std::size_t>;

    /// The events left to deliver to some of the cells.
    struct alignas(64) Part {
        std::priority_queue<Next, std::vector<Next>, std::greater<>> pending;
        std::vector<std::size_t> listed;  // events, ascending in time from `delivered` on
        std::size_t delivered = 0;        // how many of them have been passed
        bool is_sorted = true;
    };

    /// Everything from its beginning, at t = 0.
    void restart() {
        parts_ = std::vector<Part>(parts_.size());
        generators_.clear();
        shared_out_ = 0;
        started_ = true;
    }

    /// Shares out anew what is left to deliver.
    void divide(auto const& division) {
        auto const before = std::exchange(parts_, std::vector<Part>(division.parts()));
        divided_for_ = division.version();
        for (auto const& part : before) {
            for (auto pending = part.pending; !pending.empty(); pending.pop())
                parts_[division.part_of(recipes_[pending.top().second].place)].pending.push(pending.top());
            for (auto k = part.delivered; k < part.listed.size(); ++k) {
                auto& new_part = parts_[division.part_of(listed_[part.listed[k]].place)];
                new_part.listed.push_back(part.listed[k]);
                new_part.is_sorted = false;
            }
        }
    }

    void sort(Part& part) const {
        if (std::exchange(part.is_sorted, true)) return;
        auto const first = part.listed.begin() + static_cast<std::ptrdiff_t>(part.delivered);
        std::vector<std::size_t> rest(first, part.listed.end());
        // by step, those of one step as they were listed
        meta::sort_by(rest, [](auto k) { return std::uint64_t{k}; });
        meta::sort_by(rest, [&](auto k) { return static_cast<std::uint64_t>(listed_[k].step); });
        std::copy(rest.begin(), rest.end(), first);
    }

    void schedule(std::size_t k, Part& part) const {
        auto const arrival = generators_[k].time() + recipes_[k].target.delay;
        if (generators_[k].pending() && grid_.reaches(arrival))
            part.pending.emplace(grid_.step_of(arrival), k);
    }

    TimeGrid grid_;
    std::vector<Recipe> recipes_;
    std::vector<NetStimSpikes> generators_;  // one for each recipe, once it has been prepared
    std::vector<Arrival> listed_;            // in the order of their lists
    std::size_t shared_out_ = 0;             // how many of them the parts have
    bool started_ = false;
    std::vector<Part> parts_;
    std::uint64_t divided_for_ = 0;  // the version of the division
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
