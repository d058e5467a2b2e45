// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/words/ids.hpp>

/// Events that are listed in advance, as a population keeps them.
namespace hillock::inline HILLOCK_ISA::scheduling::listed {

/// A listed event of a population.
struct Event {
    Step step;
    double weight;
    std::uint32_t cell, target;  // the number of a Target
};
static_assert(sizeof(Event) == 24, "events are kept for ever");

/// The call that listed events belong to, and their synapse.
struct Target {
    std::uint32_t serial, synapse;

    friend bool operator==(Target const&, Target const&) = default;
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

/// Takes the events for which is_of(event) is true out of a queue.
void erase_if(Queue& queue, auto const& is_of) {
    auto const delivered = queue.events.begin() + static_cast<std::ptrdiff_t>(queue.delivered);
    queue.delivered -= static_cast<std::size_t>(std::count_if(queue.events.begin(), delivered, is_of));
    meta::erase_if(queue.events, is_of);
}

/// The number of a target in a list: found among those from number `known` on, or added.
inline std::uint32_t number_of(Target const& target, std::vector<Target>& all, std::size_t known) {
    auto k = all.size();
    while (k > known && all[k - 1] != target) --k;
    if (k > known) return static_cast<std::uint32_t>(k - 1);
    all.push_back(target);
    return static_cast<std::uint32_t>(all.size() - 1);
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling::listed
