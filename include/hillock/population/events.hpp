// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// A connection onto a synapse that takes its events one by one: its place in one of the population's lists.
struct ConnectionId {
    std::uint32_t list, number;

    friend bool operator==(ConnectionId, ConnectionId) = default;
};
inline constexpr ConnectionId no_connection{std::numeric_limits<std::uint32_t>::max(), 0};

/// An event on its way to such a synapse.
struct Event {
    enum From : std::uint64_t { connection, stimulus, itself, watch };

    Step step;
    std::uint64_t order;  // within the step: where it is from, then the source or the number of its sending
    ConnectionId by;
    double flag;
    std::uint32_t synapse, lane;
    double offset = 0;  // ms from the time of its step to its own, where it was sent for another time

    static constexpr std::uint64_t order_of(From from, std::uint64_t number) {
        return static_cast<std::uint64_t>(from) << 62 | number;
    }
    From from() const { return static_cast<From>(order >> 62); }
    bool is_of(std::size_t synapse_, std::size_t lane_) const { return synapse == synapse_ && lane == lane_; }

    friend bool operator>(Event const& a, Event const& b) {
        return std::tuple(a.step, a.offset, a.order, a.by.list, a.by.number) >
               std::tuple(b.step, b.offset, b.order, b.by.list, b.by.number);
    }
};

/// A voltage that a synapse watches.
struct Watch {
    std::uint32_t synapse, lane, node;
    double threshold, flag;
    bool above, holds;  // whether it is to be above the threshold; whether it was when it was last looked at

    bool is_met(double v) const { return above ? v > threshold : v < threshold; }
};

/// The events of a population that arrive one by one, whatever its cell type: the numbers of the
/// connections, list by list, the connections of each synapse in their order, and the events on their way.
/// List 0 is that of stimuli; each table of connections has one more.
///
/// (A template, so that a program without such synapses does not compile it.)
template <class = void>
class EventLists {
public:
    /// The events on their way to a block of cells, the next one first, and the voltages that are watched.
    struct alignas(64) Queue {
        std::vector<Event> heap;
        std::vector<Watch> watches;
        std::uint64_t sent = 0;

        void push(Event const& event) {
            heap.push_back(event);
            std::push_heap(heap.begin(), heap.end(), std::greater<>());
        }
        Event pop() {
            std::pop_heap(heap.begin(), heap.end(), std::greater<>());
            auto const next = heap.back();
            heap.pop_back();
            return next;
        }
        bool has_due(Step step) const { return !heap.empty() && heap.front().step <= step; }
        void erase_if(auto&& of) {
            if (meta::erase_if(heap, of) > 0) std::make_heap(heap.begin(), heap.end(), std::greater<>());
        }
        std::uint64_t next(Event::From from) { return Event::order_of(from, sent++); }

        /// Moves the event of flag 1 that a synapse sent last; false if none is on its way.
        bool move(std::size_t synapse, std::size_t lane, Step step, double offset) {
            Event* last = nullptr;
            for (auto& event : heap)
                if (event.from() == Event::itself && event.is_of(synapse, lane) && event.flag == 1 &&
                    (!last || event.order > last->order))
                    last = &event;
            if (!last) return false;
            last->step = step;
            last->offset = offset;
            last->order = next(Event::itself);
            std::make_heap(heap.begin(), heap.end(), std::greater<>());
            return true;
        }
        void forget_watches(std::size_t synapse, std::size_t lane) {
            meta::erase_if(watches, [&](Watch const& w) { return w.synapse == synapse && w.lane == lane; });
            erase_if([&](Event const& e) { return e.from() == Event::watch && e.is_of(synapse, lane); });
        }
    };
    /// A stimulus of one cell; an external one stands for all events from outside of its weight.
    struct Stimulus {
        std::uint32_t cell, synapse;
        double weight;
        bool external;
    };
    /// A connection of some synapse.
    struct Entry {
        static constexpr auto no_source = std::numeric_limits<std::uint32_t>::max();  // of a stimulus

        std::uint32_t source;
        ConnectionId id;
    };

    /// `sizes`: how many numbers a connection onto each synapse has, 0 where weights are summed.
    EventLists(std::vector<std::size_t> sizes, std::size_t width) : sizes_{std::move(sizes)}, width_{width} {
        for (auto const size : sizes_) lists_[0].size = std::max(lists_[0].size, size);
    }

    /// Whether a synapse takes its events one by one; whether any does.
    bool takes(std::size_t synapse) const { return sizes_[synapse] > 0; }
    bool any() const { return lists_[0].size > 0; }
    /// Which synapses do; an empty list if none does.
    std::vector<bool> takers() const {
        if (!any()) return {};
        std::vector<bool> all;
        for (auto const size : sizes_) all.push_back(size > 0);
        return all;
    }
    std::size_t synapses() const { return sizes_.size(); }
    std::size_t size_at(std::size_t synapse) const { return sizes_[synapse]; }

    // -- Connections

    /// The numbers of a connection, the weight first.
    double* numbers(ConnectionId id) { return &lists_[id.list].numbers[id.number * lists_[id.list].size]; }

    std::uint32_t add_list(std::size_t connections, std::size_t synapse) {
        lists_.push_back({std::vector<double>(connections * sizes_[synapse]), sizes_[synapse]});
        return static_cast<std::uint32_t>(lists_.size() - 1);
    }
    /// Removes all lists but that of stimuli; the synapses' own events on their way no longer know theirs.
    void clear_lists() {
        lists_.resize(1);
        has_new_ = true;
        for (auto& queue : queues_)
            for (auto& event : queue.heap)
                if (event.by.list > 0) event.by = no_connection;
    }

    /// Calls begin(cell, numbers) for each connection of a list, unless they have begun: `for_each(f)` calls
    /// f(target, weight). Those that have begun take weights that have been written since they were shown.
    void begin(std::uint32_t list, auto const& for_each, auto const& begin) {
        auto& all = lists_[list];
        bool const is_first = !std::exchange(all.has_begun, true),
                   is_shown = std::exchange(all.is_shown, false);
        if (!is_first && !is_shown) return;
        has_new_ = has_new_ || is_first;
        auto* numbers = all.numbers.data();
        for_each([&](std::size_t cell, auto weight) {
            if (is_first || static_cast<decltype(weight)>(*numbers) != weight)
                *numbers = static_cast<double>(weight);
            if (is_first) begin(cell, numbers);
            numbers += all.size;
        });
    }
    /// Shows the weights of a list, to be written.
    template <class Real>
    void show(std::uint32_t list, std::span<Real> weights) {
        auto& all = lists_[list];
        all.is_shown = true;
        for (std::size_t k = 0; k < weights.size(); ++k)
            weights[k] = static_cast<Real>(all.numbers[k * all.size]);
    }
    /// Calls begin(synapse, cell, numbers) for each stimulus that has not begun.
    void begin_stimuli(auto const& begin) {
        for (; begun_ < stimuli_.size(); ++begun_) {
            auto const& s = stimuli_[begun_];
            auto* const numbers = this->numbers({0, static_cast<std::uint32_t>(begun_)});
            *numbers = s.weight;
            begin(s.synapse, s.cell, numbers);
            has_new_ = true;
        }
    }
    /// Lets all connections begin anew.
    void forget_numbers() {
        for (auto& list : lists_) list.has_begun = false;
        begun_ = 0;
        has_new_ = true;
    }

    bool has_new() const { return has_new_; }
    /// Puts the connections of each synapse of `cells` cells in their order. `for_each(f)` calls f(synapse,
    /// cell, entry), list by list.
    void index(std::size_t cells, auto const& for_each) {
        has_new_ = false;
        first_.assign(cells * synapses() + 1, 0);
        for_each([&](std::size_t synapse, std::size_t cell, Entry const&) {
            ++first_[cell * synapses() + synapse + 1];
        });
        for (std::size_t k = 1; k < first_.size(); ++k) first_[k] += first_[k - 1];
        entries_.resize(first_.back());
        auto next = first_;
        for_each([&](std::size_t synapse, std::size_t cell, Entry const& entry) {
            entries_[next[cell * synapses() + synapse]++] = entry;
        });
        for (std::size_t k = 0; k + 1 < first_.size(); ++k)
            std::sort(entries_.begin() + first_[k], entries_.begin() + first_[k + 1],
                      [](Entry const& a, Entry const& b) {
                          return std::tuple(a.source, a.id.list, a.id.number) <
                                 std::tuple(b.source, b.id.list, b.id.number);
                      });
    }
    /// The connections of a synapse, by source, then as they were made; stimuli last.
    std::span<Entry const> connections(std::size_t cell, std::size_t synapse) const {
        auto const k = cell * synapses() + synapse;
        return std::span(entries_).subspan(first_[k], first_[k + 1] - first_[k]);
    }

    // -- Stimuli

    std::vector<Stimulus> const& stimuli() const { return stimuli_; }
    /// The number of one more stimulus.
    std::uint32_t add_stimulus(std::size_t cell, std::size_t synapse, double weight, bool external = false) {
        stimuli_.push_back(
            {static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(synapse), weight, external});
        lists_[0].numbers.resize(stimuli_.size() * lists_[0].size);
        return static_cast<std::uint32_t>(stimuli_.size() - 1);
    }
    /// That of events from outside of some weight, found or made.
    std::uint32_t external(std::size_t cell, std::size_t synapse, double weight) {
        auto const [at, is_new] = externals_.try_emplace(std::tuple(cell, synapse, weight));
        if (is_new) at->second = add_stimulus(cell, synapse, weight, true);
        return at->second;
    }
    /// The stimuli of a cell that stand for events from outside, by synapse and weight.
    std::vector<std::uint32_t> externals(std::size_t cell) const {
        std::vector<std::uint32_t> all;
        for (auto at = externals_.lower_bound({cell, 0, -std::numeric_limits<double>::infinity()});
             at != externals_.end() && std::get<0>(at->first) == cell; ++at)
            all.push_back(at->second);
        return all;
    }
    /// The same as `external`, for one whose numbers are known, where all other stimuli have theirs.
    std::uint32_t restore_external(std::size_t cell, std::size_t synapse, double weight) {
        auto const number = external(cell, synapse, weight);
        begun_ = std::max(begun_, std::size_t{number} + 1);
        return number;
    }
    /// Leaves the other stimuli of a cell that stand for events from outside as if there had been none.
    void keep_externals(std::size_t cell, std::vector<std::uint32_t> const& kept) {
        std::erase_if(externals_, [&](auto const& each) {
            return std::get<0>(each.first) == cell &&
                   std::find(kept.begin(), kept.end(), each.second) == kept.end();
        });
    }
    /// Forgets the stimuli of all cells but the first `n`, which were added last.
    void keep_cells(std::size_t n) noexcept {
        std::erase_if(externals_, [&](auto const& each) { return std::get<0>(each.first) >= n; });
        while (!stimuli_.empty() && stimuli_.back().cell >= n) stimuli_.pop_back();
        lists_[0].numbers.resize(stimuli_.size() * lists_[0].size);
        begun_ = std::min(begun_, stimuli_.size());
        has_new_ = true;
    }
    void clear_stimuli() {
        keep_cells(0);
        for (auto& queue : queues_)
            for (auto& event : queue.heap)
                if (event.by.list == 0) event.by = no_connection;
    }

    // -- Events on their way

    /// Has room for some events at once, so that a loop that has run for a while need not ask for memory.
    void allocate(std::size_t blocks) {
        queues_ = std::vector<Queue>(blocks);
        for (auto& queue : queues_) queue.heap.reserve(64);
    }
    Queue& queue(std::size_t block) { return queues_[block]; }
    Queue& queue_of(std::size_t cell) { return queues_[cell / width_]; }
    std::uint32_t lane_of(std::size_t cell) const { return static_cast<std::uint32_t>(cell % width_); }

    /// A spike of `source` arrives, `offset` ms after the time of its step.
    void arrive(Step step, Gid source, ConnectionId by, std::size_t cell, std::size_t synapse,
                double offset) {
        queue_of(cell).push({step, Event::order_of(Event::connection, source), by, 0,
                             static_cast<std::uint32_t>(synapse), lane_of(cell), offset});
    }
    /// An event of a stimulus arrives, `offset` ms after the time of its step; those of one time in the order
    /// of these calls.
    void arrive(Step step, std::uint32_t stimulus, double offset = 0) {
        auto const& s = stimuli_[stimulus];
        auto& queue = queue_of(s.cell);
        queue.push({step, queue.next(Event::stimulus), {0, stimulus}, 0, s.synapse, lane_of(s.cell), offset});
    }
    /// Forgets what is on its way along connections.
    void forget_arriving() {
        for (auto& queue : queues_)
            queue.erase_if([](Event const& e) { return e.from() == Event::connection; });
    }

private:
    struct List {
        std::vector<double> numbers;  // `size` for each connection, the weight first
        std::size_t size = 0;
        bool has_begun = false, is_shown = false;
    };

    std::vector<std::size_t> sizes_;  // by synapse
    std::size_t width_;
    std::vector<List> lists_ = std::vector<List>(1);
    std::vector<Stimulus> stimuli_;
    std::map<std::tuple<std::size_t, std::size_t, double>, std::uint32_t> externals_;
    std::size_t begun_ = 0;  // stimuli that have their numbers
    bool has_new_ = true;    // whether connections have been added since they were put in order
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> first_;
    std::vector<Queue> queues_;  // by block
};

using Events = EventLists<>;

/// Those of a population whose synapses sum all weights.
struct NoEvents {
    NoEvents(auto const&, std::size_t) {}
};

using EventQueue = Events::Queue;

}  // namespace hillock::inline HILLOCK_ISA::population
