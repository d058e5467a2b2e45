// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <tuple>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/model/paths.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/tabulated.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A density mechanism and the sections that it is inserted in.
template <class M>
struct Insertion {
    std::vector<Section const*> sections;  // those that have it
    M mechanism;                           // with its parameters
    std::vector<M> varied = {};  // if it is not the same everywhere: one for each segment of each section
};

/// Inserts `mechanism` in all segments of a section or subset.
template <class M>
constexpr Insertion<M> insert(Subset const& subset, M mechanism) {
    using C = typename Evaluation<M>::Channel;
    static_assert(Described<C>, "insert: a channel must have a name, a State, parameters() and states()");
    if constexpr (UsesNodeVariables<C>) {
        static_assert(ChannelNearby<C>);
    } else if constexpr (Described<C>) {
        static_assert(CarriesCurrent<C>,
                      "insert: a channel must have 'Current<T> current(T v, State const&) const'");
        static_assert(HasRates<C> || SelfAdvancing<C>,
                      "insert: a channel must have 'rates(T v) const', or 'initial(T v) const' and "
                      "'advance(State&, T v, T dt) const'");
    }
    return {subset.sections(), mechanism};
}

/// Inserts a mechanism whose parameters differ from segment to segment: `vary(segment, mechanism)` sets those
/// of one segment.
///
///     insert(dendrites, HodgkinHuxley{}, [&](Segment s, HodgkinHuxley& hh) {
///         hh.gnabar *= std::exp(-distance(soma(0.5), s) / 100);
///     })
template <class M>
Insertion<M> insert(Subset const& subset, M mechanism, std::invocable<Segment, M&> auto&& vary) {
    auto insertion = insert(subset, mechanism);
    for (auto const* section : subset.sections())
        for (auto const segment : segments(*section)) vary(segment, insertion.varied.emplace_back(mechanism));
    return insertion;
}

/// Lists the density mechanisms of a cell, in the order in which they advance.
template <class... M>
constexpr std::tuple<Insertion<M>...> biophysics(Insertion<M>... insertions) {
    return {insertions...};
}

/// Calls f(insertion) for each insertion of `biophysics(...)`, in order.
template <class Biophysics>
void for_each_insertion(Biophysics& biophysics, auto&& f) {
    std::apply([&](auto&... each) { (f(each), ...); }, biophysics);
}

}  // namespace hillock::inline HILLOCK_ISA
