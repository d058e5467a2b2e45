// SPDX-License-Identifier: MIT
#pragma once

/// Connections of a network: expected, counted, kept.

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>
#include <hillock/run/learning.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace scheduling {

/// The number of connections that take memory.
template <class Real>
std::uint64_t stored_connections(auto const& scheduler) {
    auto const* const plain = scheduler.template find<Connections<Real>>();
    auto const* const plastic = scheduler.template find<PlasticConnections<Real>>();
    return (plain ? plain->size() : 0) + (plastic ? plastic->size() : 0);
}

}  // namespace scheduling

template <class Real, class Arch, class... C>
template <ConnectionRule Rule, class Learning>
auto basic_network<Real, Arch, C...>::connect(Cells const& sources, Cells const& targets, Rule const& rule,
                                              ProjectionOptions const& options, Learning const& learning)
    -> Projection {
    lifecycle_.require_idle("connect");
    scheduling::Stopwatch const watch(build_seconds_);
    directory_.require_known(sources);
    directory_.require_known(targets);
    directory_.require_synapse(targets, options.synapse);
    require_possible(rule, sources, targets);
    require(options.self || !joins_same_cells(rule, sources, targets),
            "connect: each of the {} sources would be connected to itself alone, for which self must be true",
            sources.size());
    wiring::check_weight_bytes(options,
                               !wiring::is_procedural<Rule> && std::is_same_v<Learning, plasticity::None>);
    if constexpr (wiring::is_procedural<Rule>) {
        static_assert(std::is_same_v<Learning, plasticity::None>,
                      "connect: procedural connections have no weights of their own that could learn");
        auto made = scheduler_.template join<Unstored>().make_room_for(
            builder().procedural(sources, targets, rule, options, team_of(options_.build_threads)));
        for (auto const& piece : made) {
            machine::require_memory("connect: the sums of all steps that a delay spans take",
                                    static_cast<double>(piece->greatest_delay) * sizeof(Real) *
                                        static_cast<double>(directory_.own_count_of(piece->population)));
            scheduler_.template join<scheduling::Stimuli>().expect(piece->population);
        }
        if (options.threshold) set_threshold(sources, *options.threshold);
        scheduler_.template join<Unstored>().add(std::move(made), world().now);
        return projections_++;
    } else {
        if constexpr (requires { rule.expected(sources.size(), targets.size()); })
            expect(rule.expected(sources.size(), targets.size()) / static_cast<double>(ranks()),
                   wiring::bytes_of_weight<Real>(options));
        auto const agree = [&](wiring::WeightRange range) { return wiring::range_of_all(ranks_, range); };
        return commit(
            builder().by_rule(sources, targets, rule, options, team_of(options_.build_threads), agree),
            learning, sources, options.threshold);
    }
}

template <class Real, class Arch, class... C>
template <class Learning>
auto basic_network<Real, Arch, C...>::connect(ConnectionList const& list, Learning const& learning)
    -> Projection {
    lifecycle_.require_idle("connect");
    scheduling::Stopwatch const watch(build_seconds_);
    return commit(builder().from_list(list), learning);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::require_known(Projection projection) const {
    require(projection >= cleared_ && projection < projections_,
            "projection {}: unknown; it may have been cleared", projection);
}

template <class Real, class Arch, class... C>
std::vector<Weights<Real>> basic_network<Real, Arch, C...>::weights(Projection projection) {
    lifecycle_.require_idle("weights");
    require_known(projection);
    require(!scheduler_.template find<Unstored>() || !scheduler_.template find<Unstored>()->has(projection),
            "weights: projection {} is procedural: its weights are drawn at each spike; use connections_of",
            projection);
    connected().show_weights(world(), projection);
    auto parts = connected().weights(projection);
    if (auto* const plastic = scheduler_.template find<Plastic>()) plastic->add_weights(projection, parts);
    return parts;
}

/// Calls f(source, target, weight, delay in steps) for the own connections of a projection. Where `writes`, f
/// may write the weight.
template <class Real, class Arch, class... C>
template <bool writes>
void basic_network<Real, Arch, C...>::for_each_connection(Projection projection, auto&& f) {
    if (auto* const plastic = scheduler_.template find<Plastic>())
        plastic->for_each(projection, [&](auto& delivery) {
            delivery.catch_up();
            delivery.table.for_each(f);
        });
    connected().for_each_table(projection, [&](auto& table) {
        world().populations.with(table.population(), [&](auto const& population) {
            table.template for_each<writes>([&](Gid source, std::size_t target, auto& weight, Step delay) {
                f(source, population.gid(target), weight, delay);
            });
        });
    });
}

template <class Real, class Arch, class... C>
std::vector<MadeConnection> basic_network<Real, Arch, C...>::connections_of(Projection projection) {
    lifecycle_.require_idle("connections_of");
    require_known(projection);
    std::vector<MadeConnection> all;
    if (auto* const unstored = scheduler_.template find<Unstored>())
        unstored->for_each([&](auto const& piece, Step) {
            if (piece.projection == projection) piece.list(all);
        });
    if (auto* const plastic = scheduler_.template find<Plastic>())
        plastic->for_each(projection, [&](auto& delivery) {
            delivery.catch_up();
            delivery.table.for_each([&](Gid source, Gid target, Real weight, Step delay) {
                all.push_back({source, target, static_cast<double>(weight), world().grid.time_of(delay)});
            });
        });
    connected().begin_events(world());
    connected().for_each_table(projection, [&](auto& table) {
        world().populations.with(table.population(), [&](auto& population) {
            [[maybe_unused]] std::uint32_t k = 0;
            table.for_each([&](Gid source, std::size_t target, Real weight, Step delay) {
                auto now = static_cast<double>(weight);
                if constexpr (std::remove_reference_t<decltype(population)>::takes_events)
                    if (table.takes_events()) now = *population.events().numbers({table.list(), k++});
                all.push_back({source, population.gid(target), now, world().grid.time_of(delay)});
            });
        });
    });
    return all;
}

template <class Real, class Arch, class... C>
std::uint64_t basic_network<Real, Arch, C...>::connections() const {
    auto const* const unstored = scheduler_.template find<Unstored>();
    return scheduling::stored_connections<Real>(scheduler_) + (unstored ? unstored->size() : 0);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::clear_connections() {
    lifecycle_.require_idle("clear_connections");
    connected().clear();
    if (auto* const unstored = scheduler_.template find<Unstored>()) unstored->clear();
    if (auto* const plastic = scheduler_.template find<Plastic>()) plastic->clear();
    cleared_ = projections_;
}

/// Throws if there cannot be so many more connections.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::require_room(double more) const {
    auto const all = static_cast<double>(scheduling::stored_connections<Real>(scheduler_)) + more;
    require(all <= 4294967296., "{:.0f} connections: a network can have no more than 2^32", all);
}

/// Throws before so many more connections are drawn if there is no room or no memory for them.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::expect(double more, std::size_t weight_bytes) const {
    require_room(more);
    machine::require_memory(fmt::format("connect: {:.0f} connections take", more),
                            wiring::ConnectionTable<Real>::bytes_of(more, weight_bytes));
}

/// Keeps a projection and sets the threshold of its sources; both or, if that fails, neither.
template <class Real, class Arch, class... C>
template <class Learning>
auto basic_network<Real, Arch, C...>::commit(std::vector<wiring::ConnectionTable<Real>> made,
                                             Learning const& learning, Cells const& sources,
                                             std::optional<double> threshold) -> Projection {
    std::uint64_t more = 0;
    for (auto const& table : made) more += table.size();
    require_room(static_cast<double>(more));
    auto const keep = [&](auto& participant, auto all) {
        if (threshold) set_threshold(sources, *threshold);
        participant.add(std::move(all));
        return projections_++;
    };
    if constexpr (std::is_same_v<Learning, plasticity::None>) {
        return keep(connected(), connected().make_room_for(std::move(made)));
    } else {
        scheduling::Stopwatch const watch(build_seconds_);
        auto& plastic = scheduler_.template join<Plastic>();
        auto deliveries = scheduling::learning(made, learning, world());
        typename Plastic::Rule rule{projections_, scheduling::number_of_rule<Learning>(),
                                    scheduling::parameters_of(learning)};
        return keep(plastic, plastic.make_room_for({std::move(rule), std::move(deliveries)}));
    }
}

}  // namespace hillock::inline HILLOCK_ISA
