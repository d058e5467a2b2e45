// SPDX-License-Identifier: MIT
#pragma once

/// Connections onto synapses that take their events one by one: their lists in the populations, and how they
/// begin.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/population/events.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Calls f(events) for each population that has synapses which take their events one by one.
void for_each_events(auto& world, auto&& f) {
    if constexpr (std::remove_reference_t<decltype(world.populations)>::take_events)
        world.populations.for_each([&](auto& population, std::size_t) {
            if constexpr (std::remove_reference_t<decltype(population)>::takes_events) f(population.events());
        });
}
/// Calls f(events) for those of one population.
void for_events_of(auto& world, std::size_t number, auto&& f) {
    if constexpr (std::remove_reference_t<decltype(world.populations)>::take_events)
        world.populations.with(number, [&](auto& population) {
            if constexpr (std::remove_reference_t<decltype(population)>::takes_events) f(population.events());
        });
}

/// Gives the tables that have none their lists in a population, in the order in which they were made.
void add_event_lists(population::Events& events, auto const& tables) {
    auto const has_list = [](auto const* table) { return table->list() != 0; };
    if (std::all_of(tables.begin(), tables.end(), has_list)) return;
    auto made = tables;
    meta::erase_if(made, has_list);
    std::sort(made.begin(), made.end(), [](auto const* a, auto const* b) {
        return std::pair(a->projection(), a->delay_offset()) < std::pair(b->projection(), b->delay_offset());
    });
    for (auto* table : made) table->set_list(events.add_list(table->size(), table->synapse()));
}

/// Puts the connections of each synapse of a population in their order.
void index_events(population::Events& events, std::size_t cells, auto const& tables) {
    using Entry = population::Events::Entry;
    events.index(cells, [&](auto const& f) {
        for (auto* table : tables) {
            std::uint32_t k = 0;
            table->for_each([&](Gid source, std::size_t target, auto, Step) {
                f(table->synapse(), target, Entry{source, {table->list(), k++}});
            });
        }
        std::uint32_t k = 0;
        for (auto const& s : events.stimuli()) {
            if (!s.external) f(s.synapse, s.cell, Entry{Entry::no_source, {0, k}});
            ++k;
        }
    });
}

/// Gives all connections of a population that have no numbers yet, or have new weights, theirs. `tables` are
/// those of its synapses that take events one by one.
void begin_events(auto& population, auto const& tables) {
    auto& events = population.events();
    add_event_lists(events, tables);
    for (auto* table : tables)
        population.begin_connections(table->list(), table->synapse(), [&](auto const& f) {
            table->for_each([&](Gid, std::size_t target, auto& weight, Step) { f(target, weight); });
        });
    population.begin_stimuli();
    if (events.has_new()) index_events(events, population.size(), tables);
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
