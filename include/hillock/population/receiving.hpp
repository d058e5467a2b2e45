// SPDX-License-Identifier: MIT
#pragma once

/// Events that arrive one by one at the synapses of a block.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/event.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/population/block.hpp>
#include <hillock/population/events.hpp>
#include <hillock/population/grid_spike.hpp>
#include <hillock/population/population.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The moment at which a block receives, and where its spikes go; nowhere at t = 0, when states begin.
struct Moment {
    TimeGrid grid;
    Step step;
    std::span<Gid const> gids;  // of the block's cells, without padding
    std::vector<GridSpike>* spikes;
};

/// The node of a synapse, and the number by which it is known in the cell.
struct SynapsePlace {
    std::size_t node, number;
};

/// An event as the synapse of type `One`, in plain numbers, sees it; event.hpp lists what it may ask for.
template <class Block, class One>
class EventView {
    using Connection = typename One::Connection;

public:
    EventView(Block const& block, SynapsePlace place, Events& events, Moment const& moment,
              Event const& event, Connection& by)
        : block_{block},
          node_{place.node},
          place_{place.number},
          events_{events},
          moment_{moment},
          event_{event},
          by_{by} {}

    double time() const { return moment_.grid.time_of(moment_.step) + event_.offset; }
    double flag() const { return event_.flag; }
    double v() const { return block_.v_of(node_, event_.lane); }
    void set_v(double v) {
        require(std::isfinite(v), "{}: an event sets V to {} mV: must be finite", One::name, v);
        block_.set_v(node_, event_.lane, v);
    }
    template <class V>
    double operator()(V variable) const {
        if constexpr (std::is_same_v<V, quantity::place>)
            return static_cast<double>(place_);
        else
            return block_.number(variable, node_, event_.lane);
    }

    void send(double delay, double flag) {
        require(delay >= 0 && moment_.grid.reaches(delay),
                "{}: an event sent with a delay of {} ms: must be finite and not negative", One::name, delay);
        auto& queue = this->queue();
        auto const from_here = moment_.grid.nearest(event_.offset + delay);
        queue.push({moment_.step + from_here.step, queue.next(Event::itself), event_.by, flag, event_.synapse,
                    event_.lane, from_here.offset});
    }
    void move(double t) {
        require(t >= time() && moment_.grid.reaches(t),
                "{}: an event moved to {} ms: must not be before t = {} ms", One::name, t, time());
        auto& queue = this->queue();
        auto const there = moment_.grid.nearest(t);
        require(queue.move(event_.synapse, event_.lane, there.step, there.offset),
                "{}: no event with flag 1 is on its way that could be moved to {} ms", One::name, t);
    }
    void spike() {
        require(moment_.spikes != nullptr, "{}: a spike at the beginning, before time passes", One::name);
        moment_.spikes->push_back({moment_.step, moment_.gids[event_.lane]});
    }
    void watch_above(double threshold, double flag) { watch(threshold, flag, true); }
    void watch_below(double threshold, double flag) { watch(threshold, flag, false); }

    void for_each_connection(auto&& f) {
        for (auto const& entry :
             events_.connections(block_.number() * Block::Lane::width + event_.lane, event_.synapse)) {
            if (entry.id == event_.by) {
                f(by_);
                continue;
            }
            Connection other;
            std::memcpy(&other, events_.numbers(entry.id), sizeof other);
            f(other);
            std::memcpy(events_.numbers(entry.id), &other, sizeof other);
        }
    }

private:
    EventQueue& queue() { return events_.queue(block_.number()); }

    void watch(double threshold, double flag, bool above) {
        auto& queue = this->queue();
        if (!std::exchange(has_watched_, true)) queue.forget_watches(event_.synapse, event_.lane);
        Watch watch{event_.synapse, event_.lane, static_cast<std::uint32_t>(node_), threshold, flag,
                    above,          false};
        watch.holds = watch.is_met(v());
        queue.watches.push_back(watch);
    }

    Block const& block_;
    std::size_t node_, place_;
    Events& events_;
    Moment const& moment_;
    Event const& event_;
    Connection& by_;
    bool has_watched_ = false;
};

/// Calls f(k) for the groups of synapses that take events one by one.
template <class Parts>
void for_each_event_group(auto&& f) {
    meta::unroll<Parts::group_count>([&](auto k) {
        if constexpr (TakesEvents<typename Parts::template SynapseAt<k>>) f(k);
    });
}

/// Gives a connection of a cell its first numbers, of which the weight is there. The cell may have no states
/// yet.
template <class L, class Parts>
void begin_connection(Parts const& parts, std::size_t synapse, std::size_t cell, double* numbers) {
    for_each_event_group<Parts>([&](auto k) {
        using One = rebind_t<typename Parts::template SynapseAt<k>, double>;
        auto const place = synapse - parts.first_synapse[k];
        if (place >= parts.synapse_nodes[k].size()) return;
        typename One::Connection by{};
        std::memcpy(&by, numbers, sizeof *numbers);
        auto const& mechanism = std::get<k>(parts.synapses).of(cell / L::width, place);
        auto const one = members::of_lane<One, L>(mechanism, cell % L::width);
        if constexpr (requires { one.begin(by); }) one.begin(by);
        std::memcpy(numbers, &by, sizeof by);
    });
}

/// The synapses of a block that take events one by one, each cell's in plain numbers.
template <class View>
class Receiver {
    using L = typename View::Lane;
    using Parts = typename View::Mechanisms;
    using Real = typename L::value_type;
    template <std::size_t k>
    using One = rebind_t<typename Parts::template SynapseAt<k>, double>;

public:
    Receiver(Parts const& parts, View const& block, Events& events)
        : parts_{parts}, block_{block}, events_{events} {}

    /// All synapses at t = 0.
    void begin(Moment const& moment) {
        for_each_event_group<Parts>([&](auto k) {
            for (std::size_t place = 0; place < parts_.synapse_nodes[k].size(); ++place)
                for (std::size_t lane = 0; lane < moment.gids.size(); ++lane) begin<k>(moment, place, lane);
        });
    }

    /// All events that are due.
    void receive(Moment const& moment) {
        auto& queue = events_.queue(block_.number());
        for (auto& watch : queue.watches) {
            bool const met = watch.is_met(block_.v_of(watch.node, watch.lane));
            if (met && !watch.holds)
                queue.push({moment.step, queue.next(Event::watch), no_connection, watch.flag, watch.synapse,
                            watch.lane});
            watch.holds = met;
        }
        while (queue.has_due(moment.step)) {
            auto const event = queue.pop();
            for_each_event_group<Parts>([&](auto k) {
                auto const place = event.synapse - parts_.first_synapse[k];
                if (place < parts_.synapse_nodes[k].size()) receive<k>(moment, event, place);
            });
        }
    }

private:
    /// Calls f(synapse, state) in plain numbers, and keeps the state.
    template <std::size_t k>
    void with(std::size_t place, std::size_t lane, auto&& f) {
        auto const at = block_.template synapse_of<k>(place, lane);
        auto const one = members::of_lane<One<k>, L>(at.view.mechanism, at.lane);
        typename One<k>::State state{};
        constexpr auto fields = One<k>::states();
        for (std::size_t n = 0; n < fields.size(); ++n)
            state.*fields[n].member = static_cast<double>(at.view.states[n * L::width + at.lane]);
        f(one, state, SynapsePlace{parts_.synapse_nodes[k][place], parts_.synapse_row(k, place)});
        for (std::size_t n = 0; n < fields.size(); ++n)
            at.view.states[n * L::width + at.lane] = static_cast<Real>(state.*fields[n].member);
    }

    template <std::size_t k>
    void begin(Moment const& moment, std::size_t place, std::size_t lane) {
        Event const none{moment.step,
                         0,
                         no_connection,
                         0,
                         static_cast<std::uint32_t>(parts_.first_synapse[k] + place),
                         static_cast<std::uint32_t>(lane)};
        with<k>(place, lane, [&](One<k> const& one, typename One<k>::State& state, SynapsePlace where) {
            typename One<k>::Connection by{};
            EventView<View, One<k>> at(block_, where, events_, moment, none, by);
            if constexpr (requires { one.begin(state, at); }) one.begin(state, at);
        });
    }

    template <std::size_t k>
    void receive(Moment const& moment, Event const& event, std::size_t place) {
        with<k>(place, event.lane, [&](One<k> const& one, typename One<k>::State& state, SynapsePlace where) {
            typename One<k>::Connection by{};
            double* const numbers = event.by == no_connection ? nullptr : events_.numbers(event.by);
            if (numbers) std::memcpy(&by, numbers, sizeof by);
            EventView<View, One<k>> at(block_, where, events_, moment, event, by);
            one.receive(state, by, at);
            if (numbers) std::memcpy(numbers, &by, sizeof by);
        });
    }

    Parts const& parts_;
    View const& block_;
    Events& events_;
};

// -- What a population does of it

/// The gids of the cells of a block, without padding.
inline std::span<Gid const> gids_of(std::span<Gid const> all, std::size_t block, std::size_t width) {
    auto const first = block * width;
    return all.subspan(first, std::min(width, all.size() - first));
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::begin_events(std::size_t number) {
    Moment const moment{TimeGrid(dt_), 0, gids_of(gids_, number, width), nullptr};
    step_.with_receiver(number, block_at(number), events_, [&](auto receiver) { receiver.begin(moment); });
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::take_events(std::size_t number, Step step, std::vector<GridSpike>& spikes) {
    auto const& queue = events_.queue(number);
    if (queue.watches.empty() && !queue.has_due(step)) return;
    Moment const moment{TimeGrid(dt_), step, gids_of(gids_, number, width), &spikes};
    step_.with_receiver(number, block_at(number), events_, [&](auto receiver) { receiver.receive(moment); });
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::begin_connections(std::uint32_t list, std::size_t synapse,
                                                  auto const& for_each) {
    events_.begin(list, for_each,
                  [&](std::size_t cell, double* numbers) { step_.begin_connection(synapse, cell, numbers); });
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::begin_stimuli() {
    events_.begin_stimuli([&](std::size_t synapse, std::size_t cell, double* numbers) {
        step_.begin_connection(synapse, cell, numbers);
    });
}

}  // namespace hillock::inline HILLOCK_ISA::population
