// SPDX-License-Identifier: MIT
#pragma once

/// Cells by the Template Method. A cell type fills in the steps, `Cell` runs them in order, once per type:
///
///   create_sections     which sections there are            -> sections(soma, dend, ...)
///   build_topology      how they are connected
///   build_subsets       named groups of sections
///   define_geometry     L, diam, nseg
///   define_biophysics   what is inserted where              -> biophysics(insert(soma, ConnorStevens{}), ...)
///   create_synapses     the point processes that get events -> synapses(place(Exp2Syn{.e = 0}, soma(0.5)), ...)
///
/// and, where a cell type has them,
///
///   create_stimuli      what drives each cell from outside  -> stimuli(stimulus(NetStim{...}, {.synapse = 0, .weight = 1e-3}), ...)
///   spike_source        where spikes are read, at what threshold -> SpikeSource{soma(0.5), -10}
///
/// A cell type may be derived from another one and replace or add steps.

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <hillock/model/concepts.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/tabulated.hpp>

namespace hillock {

/// The sections of a cell, in order; the first one is the root.
template <std::same_as<Section>... S>
constexpr std::array<Section*, sizeof...(S)> sections(S&... s) {
    static_assert(sizeof...(S) > 0, "a cell needs at least one section");
    return {&s...};
}

/// A density mechanism and the section that it is inserted in.
template <class M>
struct Insertion {
    Section const* section;
    M mechanism;
};

template <class M>
constexpr Insertion<M> insert(Section const& section, M mechanism) {
    using C = typename Evaluation<M>::Channel;
    static_assert(Described<C>, "insert: a channel must have a name, a State, parameters() and states()");
    if constexpr (Described<C>) {
        static_assert(CarriesCurrent<C>, "insert: a channel must have 'Current<T> current(T v, State const&) const'");
        static_assert(HasRates<C> || SelfAdvancing<C>,
                      "insert: a channel must have 'rates(T v) const', or 'initial(T v) const' and 'advance(State&, T v, T dt) const'");
    }
    return {&section, mechanism};
}

template <class... M>
constexpr std::tuple<Insertion<M>...> biophysics(Insertion<M>... insertions) {
    return {insertions...};
}

/// A synapse in its place: its parameters are its own members, `cell.synlist[0].e`.
template <class S>
struct PlacedSynapse : S {
    Segment where;
};

template <class S>
constexpr PlacedSynapse<S> place(S synapse, Segment where) {
    static_assert(Described<S>, "place: a synapse must have a name, a State, parameters() and states()");
    if constexpr (Described<S>) {
        static_assert(CarriesCurrent<S>, "place: a synapse must have 'Current<T> current(T v, State const&) const'");
        static_assert(Synapse<S>, "place: a synapse must have 'receive(State&, T weight) const' and 'advance(State&, T dt) const'");
    }
    return {synapse, where};
}

/// The synapse itself.
template <class S>
constexpr S const& synapse(PlacedSynapse<S> const& placed) {
    return placed;
}

/// The synapses of a cell, numbered in this order: an array where all are of one type, else a tuple.
template <class S, std::same_as<S>... More>
constexpr std::array<PlacedSynapse<S>, 1 + sizeof...(More)> synapses(PlacedSynapse<S> first, PlacedSynapse<More>... more) {
    return {first, more...};
}
template <class... S>
constexpr std::tuple<PlacedSynapse<S>...> synapses(PlacedSynapse<S>... placed) {
    return {placed...};
}

/// A stimulus that every cell of a type gets, and where it arrives.
template <class S>
struct OwnStimulus {
    S source;
    StimulusTarget target;
};

template <class S>
constexpr OwnStimulus<S> stimulus(S source, StimulusTarget target) {
    return {source, target};
}

template <class... S>
constexpr std::tuple<OwnStimulus<S>...> stimuli(OwnStimulus<S>... each) {
    return {each...};
}

/// Where a cell's spikes are read, and the threshold (mV) that V must cross from below unless a connection sets another.
struct SpikeSource {
    Segment where;
    double threshold = 10;
};

/// A cell as its steps built it: what a population makes many of.
template <class Biophysics, class Synapses, class Stimuli>
struct Assembly {
    std::shared_ptr<std::vector<Section> const> sections;  // to which everything below points
    Biophysics biophysics;
    Synapses synlist;
    Stimuli stimuli;
    SpikeSource source;
};

/// Throws if any value in the assembly is not allowed.
template <class... Parts>
void check(Assembly<Parts...> const& cell) {
    auto const check_fields = [](auto const& mechanism) {
        constexpr auto parameters = std::remove_cvref_t<decltype(mechanism)>::parameters();
        for (auto const& field : parameters) check_value(mechanism.name, field, mechanism.*field.member);
    };
    for (auto const& section : *cell.sections) check(section);
    std::apply([&](auto const&... each) { (check_fields(Evaluation<std::remove_cvref_t<decltype(each.mechanism)>>::channel(each.mechanism)), ...); }, cell.biophysics);
    std::apply([&](auto const&... each) { ((check_fields(synapse(each)), check(each.where)), ...); }, cell.synlist);
    auto const check_stimulus = [&](auto const& own) {
        check(own.source);
        if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(own.source)>, IClamp>) check(own.target, std::tuple_size_v<decltype(cell.synlist)>);
    };
    std::apply([&](auto const&... each) { (check_stimulus(each), ...); }, cell.stimuli);
    check(cell.source.where);
    require(std::isfinite(cell.source.threshold), "spike threshold {} mV: must be finite", cell.source.threshold);
}

/// The steps of the template that a cell type has, and those that it lacks.
namespace steps {

template <class C>
concept creates_sections = requires(C c) { c.create_sections(); };
template <class C>
concept builds_topology = requires(C c) { c.build_topology(); };
template <class C>
concept builds_subsets = requires(C c) { c.build_subsets(); };
template <class C>
concept defines_geometry = requires(C c) { c.define_geometry(); };
template <class C>
concept defines_biophysics = requires(C c) { c.define_biophysics(); };
template <class C>
concept creates_synapses = requires(C c) { c.create_synapses(); };

template <class C>
concept complete = creates_sections<C> && builds_topology<C> && builds_subsets<C> && defines_geometry<C> &&
                   defines_biophysics<C> && creates_synapses<C>;

/// Points what the steps returned to the sections' final place.
class Relocation {
public:
    Relocation(auto const& from, std::vector<Section> const& to) : from_{from.begin(), from.end()}, to_{&to} {}

    Section const* operator()(Section const* section) const {
        for (std::size_t k = 0; k < from_.size(); ++k)
            if (from_[k] == section) return &(*to_)[k];
        throw Error(fmt::format("section '{}' is used but create_sections() does not return it", section->name));
    }
    Segment operator()(Segment s) const { return {(*this)(s.section), s.x}; }

private:
    std::vector<Section const*> from_;
    std::vector<Section> const* to_;
};

template <class C>
auto stimuli_of(C& cell) {
    if constexpr (requires { cell.create_stimuli(); }) return cell.create_stimuli();
    else return std::tuple{};
}

template <class C>
SpikeSource source_of(C& cell, Section const& root) {
    if constexpr (requires { cell.spike_source(); }) return cell.spike_source();
    else return {root(0.5)};
}

}  // namespace steps

template <class Derived>
struct Cell {
    /// Runs the steps of `MyCell`, which is `Derived` or a type derived from it.
    template <class MyCell>
    static auto assemble(MyCell cell) {
        static_assert(std::derived_from<MyCell, Derived>, "MyCell must be derived from Cell<MyCell>, or from a type that is");
        static_assert(steps::creates_sections<MyCell>, "MyCell does not implement create_sections()");
        static_assert(steps::builds_topology<MyCell>, "MyCell does not implement build_topology()");
        static_assert(steps::builds_subsets<MyCell>, "MyCell does not implement build_subsets()");
        static_assert(steps::defines_geometry<MyCell>, "MyCell does not implement define_geometry()");
        static_assert(steps::defines_biophysics<MyCell>, "MyCell does not implement define_biophysics()");
        static_assert(steps::creates_synapses<MyCell>, "MyCell does not implement create_synapses()");

        if constexpr (steps::complete<MyCell>) {
            auto const created = cell.create_sections();
            cell.build_topology();
            cell.build_subsets();
            cell.define_geometry();
            auto biophysics = cell.define_biophysics();
            auto synlist = cell.create_synapses();
            auto stimuli = steps::stimuli_of(cell);
            auto source = steps::source_of(cell, *created[0]);

            auto sections = std::make_shared<std::vector<Section>>();
            for (auto const* section : created) sections->push_back(*section);
            steps::Relocation const moved(created, *sections);
            std::apply([&](auto&... each) { ((each.section = moved(each.section)), ...); }, biophysics);
            std::apply([&](auto&... each) { ((each.where = moved(each.where)), ...); }, synlist);
            source.where = moved(source.where);

            Assembly<decltype(biophysics), decltype(synlist), decltype(stimuli)> assembly{
                std::move(sections), biophysics, synlist, stimuli, source};
            check(assembly);
            return assembly;
        } else {
            return Assembly<std::tuple<>, std::tuple<>, std::tuple<>>{};  // so that the sentence above is all there is to read
        }
    }
};

/// A cell of type `C`, ready to be looked at: `auto cell1 = assemble<MyCell>()`, then `cell1.synlist[0].e`.
template <class C>
auto assemble(C cell = {}) {
    return C::assemble(cell);
}

template <class C>
using AssemblyOf = decltype(assemble<C>());

}  // namespace hillock
