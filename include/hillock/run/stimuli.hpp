// SPDX-License-Identifier: MIT
#pragma once

/// What drives a network from outside, on the integer time grid: generators of events (NetStim), listed
/// events, electrodes.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <queue>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A weight that arrives at a synapse of a cell at a step.
struct Arrival {
    Step step;
    Place place;
    std::size_t synapse;
    double weight;
};

/// The spike times of one NetStim, one after the other.
class NetStimSpikes {
public:
    NetStimSpikes(NetStim const& parameters, StreamId const& stream)
        : p_{parameters}, end_{p_.start + p_.duration}, random_{stream} {
        time_ = p_.start + random_part();
    }

    /// Whether there is a spike left.
    bool pending() const { return std::isfinite(p_.duration) ? time_ < end_ : count_ < p_.number; }
    /// Its time in ms.
    double time() const { return time_; }
    void next() {
        ++count_;
        time_ += (1 - p_.noise) * p_.interval + random_part();
    }

private:
    double random_part() { return p_.noise > 0 ? p_.noise * p_.interval * random_.exponential() : 0.; }

    NetStim p_;
    double end_;
    RandomStream random_;
    double time_ = 0, count_ = 0;
};

/// All events from outside. They reach a step's sums after all spikes from inside, generators first, in the
/// order in which they were made, then listed events in the order of their list.
class Stimuli {
public:
    explicit Stimuli(TimeGrid grid) : grid_{grid} {}

    /// From now on events are delivered in `parts` parts: those of one place by the part part_of(place).
    void split(std::size_t parts, std::function<std::size_t(Place)> part_of) {
        part_of_ = std::move(part_of);
        auto const before = std::exchange(parts_, std::vector<Part>(parts));
        for (auto& part : parts_) part.delivered = before[0].delivered;
        for (auto const& part : before)
            for (auto pending = part.pending; !pending.empty(); pending.pop()) put(pending.top());
    }

    void add(NetStim const& parameters, StreamId const& stream, Place place, StimulusTarget const& target) {
        recipes_.push_back({parameters, stream, place, target});
        start(recipes_.size() - 1);
    }

    void add(std::vector<Arrival> const& arrivals) {
        listed_.insert(listed_.end(), arrivals.begin(), arrivals.end());
        std::stable_sort(listed_.begin() + static_cast<std::ptrdiff_t>(parts_[0].delivered), listed_.end(),
                         by_step);
    }

    /// Everything from its beginning, at t = 0.
    void reset() {
        for (auto& part : parts_) part = {};
        generators_.clear();
        for (std::size_t k = 0; k < recipes_.size(); ++k) start(k);
        std::stable_sort(listed_.begin(), listed_.end(), by_step);
    }

    /// Calls deliver(arrival) for all events of one part and the steps [from, to); those of earlier steps are
    /// gone. Different parts may do so at the same time; all parts have to be asked for the same steps.
    void deliver(std::size_t number, Step from, Step to, auto&& deliver) {
        auto& [pending, delivered] = parts_[number];
        while (!pending.empty() && pending.top().first < to) {
            auto const [step, k] = pending.top();
            pending.pop();
            auto const& recipe = recipes_[k];
            if (step >= from)
                deliver(Arrival{step, recipe.place, static_cast<std::size_t>(recipe.target.synapse),
                                recipe.target.weight});
            generators_[k].next();
            schedule(k);
        }
        for (; delivered < listed_.size() && listed_[delivered].step < to; ++delivered)
            if (listed_[delivered].step >= from && part_of_(listed_[delivered].place) == number)
                deliver(listed_[delivered]);
    }

private:
    struct Recipe {
        NetStim parameters;
        StreamId stream;
        Place place;
        StimulusTarget target;
    };

    /// The next event of a generator: its step and the generator's number.
    using Next = std::pair<Step, std::size_t>;

    /// What is left to deliver to some of the cells.
    struct alignas(64) Part {
        std::priority_queue<Next, std::vector<Next>, std::greater<>> pending;
        std::size_t delivered = 0;  // how many of the listed events have been passed
    };

    void put(Next const& next) { parts_[part_of_(recipes_[next.second].place)].pending.push(next); }

    static bool by_step(Arrival const& a, Arrival const& b) { return a.step < b.step; }

    void start(std::size_t k) {
        generators_.emplace_back(recipes_[k].parameters, recipes_[k].stream);
        schedule(k);
    }
    void schedule(std::size_t k) {
        auto const arrival = generators_[k].time() + recipes_[k].target.delay;
        if (generators_[k].pending() && grid_.reaches(arrival)) put({grid_.step_of(arrival), k});
    }

    TimeGrid grid_;
    std::vector<Recipe> recipes_;
    std::vector<NetStimSpikes> generators_;  // one for each recipe
    std::vector<Arrival> listed_;            // ascending, of what is still to be delivered
    std::vector<Part> parts_{1};
    std::function<std::size_t(Place)> part_of_ = [](Place) { return std::size_t{0}; };
};

/// The current electrodes of a network. Their currents change only at the edges of their pulses.
class Electrodes {
public:
    explicit Electrodes(TimeGrid grid) : grid_{grid} {}

    void add(IClamp const& clamp, Place place) {
        auto const [first, last] = edges_of(clamp);
        pulses_.push_back({first, last, place, clamp.amp});
    }

    bool change_at(Step step) const { return std::binary_search(edges_.begin(), edges_.end(), step); }

    /// The first step after `step` at which a current changes.
    Step next_edge(Step step) const {
        auto const edge = std::upper_bound(edges_.begin(), edges_.end(), step);
        return edge == edges_.end() ? std::numeric_limits<Step>::max() : *edge;
    }

    /// Has epochs end where the pulse's edges are, wherever its cell is: all ranks take the same epochs.
    void add_edges(IClamp const& clamp) {
        for (auto const edge : edges_of(clamp))
            edges_.insert(std::upper_bound(edges_.begin(), edges_.end(), edge), edge);
    }

    /// Calls inject(place, nA) for every cell with an electrode: the sum of its currents during `step`.
    void apply(Step step, auto&& inject) const {
        std::map<Place, double> sums;
        for (auto const& pulse : pulses_)
            sums[pulse.place] += pulse.first <= step && step < pulse.last ? pulse.amp : 0.;
        for (auto const& [place, amp] : sums) inject(place, amp);
    }

private:
    struct Pulse {
        Step first, last;  // on in [first, last)
        Place place;
        double amp;
    };

    std::array<Step, 2> edges_of(IClamp const& clamp) const {
        return {grid_.first_middle_after(clamp.delay), grid_.first_middle_after(clamp.delay + clamp.dur)};
    }

    TimeGrid grid_;
    std::vector<Pulse> pulses_;
    std::vector<Step> edges_;
};

}  // namespace hillock::inline HILLOCK_ISA
