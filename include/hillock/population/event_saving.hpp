// SPDX-License-Identifier: MIT
#pragma once

/// One cell's share of the events that arrive one by one, visited to be saved, restored and digested.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

#include <hillock/archive/record.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/population/events.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The events of one cell. `node_of(synapse)` is where a synapse is. Connections are known by their place
/// among all onto their synapse, which does not depend on how cells are divided.
template <class Io, class NodeOf>
class EventsOfCell {
    static constexpr bool commits = Io::commits;
    static constexpr std::size_t most = std::size_t{1} << 40;

public:
    EventsOfCell(Io& io, Events& events, std::size_t cell, NodeOf node_of)
        : io_{io},
          events_{events},
          cell_{cell},
          lane_{events.lane_of(cell)},
          queue_{events.queue_of(cell)},
          node_of_{node_of} {}

    void visit() {
        for (std::size_t synapse = 0; synapse < events_.synapses(); ++synapse) {
            if (!events_.takes(synapse)) continue;
            auto const all = events_.connections(cell_, synapse);
            io_.expect("connections onto a synapse", all.size());
            for (auto const& entry : all) visit_numbers(events_.numbers(entry.id), synapse);
        }
        visit_externals();
        visit_own_events();
        visit_watches();
    }

private:
    void visit_numbers(double* numbers, std::size_t synapse) {
        for (std::size_t k = 0; k < events_.size_at(synapse); ++k) io_(numbers[k]);
    }

    void visit_externals() {
        auto const here = events_.externals(cell_);
        externals_ = io_.count(here.size(), most);
        std::vector<std::uint32_t> kept;
        for (std::size_t k = 0; k < externals_; ++k) {
            Events::Stimulus one{};
            if constexpr (!Io::reads) one = events_.stimuli()[here[k]];
            io_.always(one.synapse);
            io_.always(one.weight);
            require_synapse(one.synapse);
            std::vector<double> numbers(events_.size_at(one.synapse));
            auto* at = numbers.data();
            if constexpr (!Io::reads) at = events_.numbers({0, here[k]});
            if constexpr (commits) {
                kept.push_back(events_.restore_external(cell_, one.synapse, one.weight));
                at = events_.numbers({0, kept.back()});
            }
            visit_numbers(at, one.synapse);
        }
        if constexpr (commits) events_.keep_externals(cell_, kept);
    }

    void visit_own_events() {
        std::vector<Event> own;
        auto const is_own = [&](Event const& e) { return e.from() == Event::itself && e.lane == lane_; };
        std::copy_if(queue_.heap.begin(), queue_.heap.end(), std::back_inserter(own), is_own);
        std::sort(own.begin(), own.end(), [](Event const& a, Event const& b) { return a.order < b.order; });
        own.resize(io_.count(own.size(), most));
        if constexpr (commits) queue_.erase_if(is_own);
        for (auto& event : own) {
            std::uint64_t place = 0;
            if constexpr (!Io::reads) place = place_of(event);
            io_.always(event.step);
            io_.always(event.offset);
            io_.always(event.synapse);
            io_.always(event.flag);
            io_.always(place);
            require_synapse(event.synapse);
            if constexpr (Io::reads) event.by = at_place(place, event.synapse);
            event.lane = lane_;
            event.order = queue_.next(Event::itself);
            if constexpr (commits) queue_.push(event);
        }
    }

    void visit_watches() {
        std::vector<Watch> own;
        auto const is_own = [&](Watch const& w) { return w.lane == lane_; };
        std::copy_if(queue_.watches.begin(), queue_.watches.end(), std::back_inserter(own), is_own);
        own.resize(io_.count(own.size(), most));
        if constexpr (commits) meta::erase_if(queue_.watches, is_own);
        for (auto& watch : own) {
            io_.always(watch.synapse);
            io_.always(watch.threshold);
            io_.always(watch.flag);
            io_.always(watch.above);
            io_.always(watch.holds);
            require_synapse(watch.synapse);
            watch.lane = lane_;
            watch.node = static_cast<std::uint32_t>(node_of_(watch.synapse));
            if constexpr (commits) queue_.watches.push_back(watch);
        }
    }

    void require_synapse(std::size_t synapse) const {
        require(synapse < events_.synapses() && events_.takes(synapse),
                "snapshot of another network: synapse {} takes no events one by one", synapse);
    }

    static constexpr auto nowhere = std::numeric_limits<std::uint64_t>::max();

    std::uint64_t place_of(Event const& event) const {
        if (event.by == no_connection) return nowhere;
        auto const all = events_.connections(cell_, event.synapse);
        for (std::size_t k = 0; k < all.size(); ++k)
            if (all[k].id == event.by) return k;
        auto const externals = events_.externals(cell_);
        auto const at = std::find(externals.begin(), externals.end(), event.by.number);
        return all.size() + static_cast<std::size_t>(at - externals.begin());
    }
    ConnectionId at_place(std::uint64_t place, std::size_t synapse) const {
        auto const all = events_.connections(cell_, synapse);
        if (place == nowhere) return no_connection;
        if (place < all.size()) return all[place].id;
        require(place - all.size() < externals_,
                "snapshot of another network: an event on its way along a connection that is not here");
        if constexpr (commits) return {0, events_.externals(cell_)[place - all.size()]};
        return no_connection;
    }

    Io& io_;
    Events& events_;
    std::size_t cell_;
    std::uint32_t lane_;
    EventQueue& queue_;
    NodeOf node_of_;
    std::size_t externals_ = 0;
};

/// Shows every number to `f` as 64 bits.
template <class F>
struct EachNumber {
    static constexpr bool reads = false, commits = false;

    F const& f;

    void operator()(auto const& number) { f(archive::bits_of(number)); }
    void always(auto const& number) { f(archive::bits_of(number)); }
    std::size_t count(std::size_t n, std::size_t) {
        f(std::uint64_t{n});
        return n;
    }
    void expect(std::string_view, std::uint64_t) {}
};

}  // namespace hillock::inline HILLOCK_ISA::population
