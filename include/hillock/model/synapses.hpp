// SPDX-License-Identifier: MIT
#pragma once

/// The synapses of a cell: point processes of any number of types, any number of each. They are numbered in
/// the order of their list, whatever its form: an array, a vector or a tuple of single synapses, arrays and
/// vectors.

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/event.hpp>
#include <hillock/model/section.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A synapse in its place: its parameters are its own members, `cell.synlist[0].e`.
template <class S>
struct PlacedSynapse : S {
    Segment where;  // its place on the cell
};

/// Puts a synapse in a place: `place(ExpSyn{.tau = 2}, dend(0.7))`.
template <class S>
constexpr PlacedSynapse<S> place(S synapse, Segment where) {
    static_assert(Described<S>, "place: a synapse must have a name, a State, parameters() and states()");
    if constexpr (TakesEvents<S>) {
        static_assert(EventSynapse<S>);
    } else if constexpr (Described<S>) {
        static_assert(carries_current<rebind_t<S, Scalar>, Scalar>,
                      "place: a synapse must have 'Current<T> current(T v, State const&) const'");
        static_assert(
            Synapse<S>,
            "place: a synapse must have 'receive(State&, T weight) const' and 'advance(State&, T dt) const'");
    }
    return {synapse, where};
}

/// The synapse itself, without its place.
template <class S>
constexpr S const& synapse(PlacedSynapse<S> const& placed) {
    return placed;
}

/// Synapses of one type that follow each other in a cell's list.
namespace synapse_group {

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

template <class>
inline constexpr bool is_group = false;
template <class S>
inline constexpr bool is_group<PlacedSynapse<S>> = true;
template <class S, std::size_t N>
inline constexpr bool is_group<std::array<PlacedSynapse<S>, N>> = true;
template <class S>
inline constexpr bool is_group<std::vector<PlacedSynapse<S>>> = true;

/// The type of a group's synapses, and their number: `any_number` if it is known only when the program runs.
template <class S, std::size_t N>
struct Description {
    using Synapse = S;
    static constexpr std::size_t size = N;
};
template <class S>
Description<S, 1> describe(PlacedSynapse<S> const&);
template <class S, std::size_t N>
Description<S, N> describe(std::array<PlacedSynapse<S>, N> const&);
template <class S>
Description<S, any_number> describe(std::vector<PlacedSynapse<S>> const&);

template <class S>
std::span<PlacedSynapse<S>> members(PlacedSynapse<S>& one) {
    return {&one, 1};
}
template <class S>
std::span<PlacedSynapse<S> const> members(PlacedSynapse<S> const& one) {
    return {&one, 1};
}
auto members(auto& several) { return std::span(several); }

/// A list as a tuple of groups.
template <class... G>
auto& all_of(std::tuple<G...>& groups) {
    return groups;
}
template <class... G>
auto const& all_of(std::tuple<G...> const& groups) {
    return groups;
}
auto all_of(auto& group) { return std::tie(group); }

template <class... G>
auto describe_all(std::tuple<G...> const&) -> std::type_identity<
    std::tuple<decltype(describe(std::declval<std::remove_reference_t<G> const&>()))...>>;

/// The descriptions of a list's groups, as a tuple.
template <class List>
using Descriptions = typename decltype(describe_all(all_of(std::declval<List const&>())))::type;

}  // namespace synapse_group

/// Lists the synapses of a cell: an array where all are of one type, else a tuple.
template <class S, std::same_as<S>... More>
constexpr std::array<PlacedSynapse<S>, 1 + sizeof...(More)> synapses(PlacedSynapse<S> first,
                                                                     PlacedSynapse<More>... more) {
    return {first, more...};
}
/// Lists as many synapses as there are when the program runs; create_synapses() may also return a vector.
template <class S>
std::vector<PlacedSynapse<S>> synapses(std::vector<PlacedSynapse<S>> all) {
    return all;
}
/// Lists groups of synapses, vectors or placed synapses, in order.
template <class... G>
    requires(synapse_group::is_group<G> && ...)
constexpr std::tuple<G...> synapses(G... groups) {
    return {std::move(groups)...};
}

/// Calls f(placed synapse, number) for each synapse of a list.
void for_each_synapse(auto& list, auto&& f) {
    std::size_t number = 0;
    auto const visit_group = [&](auto& group) {
        for (auto& placed : synapse_group::members(group)) f(placed, number++);
    };
    std::apply([&](auto&... groups) { (visit_group(groups), ...); }, synapse_group::all_of(list));
}

/// The number of synapses in a list.
std::size_t synapse_count(auto const& list) {
    std::size_t count = 0;
    auto const add = [&](auto const& group) { count += synapse_group::members(group).size(); };
    std::apply([&](auto const&... groups) { (add(groups), ...); }, synapse_group::all_of(list));
    return count;
}

}  // namespace hillock::inline HILLOCK_ISA
