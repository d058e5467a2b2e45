// SPDX-License-Identifier: MIT
#pragma once

/// Cells by the Template Method. A cell type fills in the steps, `Cell` runs them in order, once for a
/// prototype:
///
///   create_sections     the sections                    -> sections(soma, dend, ...)
///   build_topology      how they are connected          dend.connect(soma(1));
///   build_subsets       named groups of sections        all = {soma, dend};
///   define_geometry     L, diam, nseg, Ra, cm
///   define_biophysics   channels and where they are     -> biophysics(insert(soma, ConnorStevens{}), ...)
///   create_synapses     point processes that get events -> synapses(place(Exp2Syn{.e = 0}, soma(0.5)), ...)
///
/// and, where a cell type has them,
///
///   create_stimuli      what drives each cell from outside -> stimuli(stimulus(NetStim{...}, {...}), ...)
///   spike_source        where spikes are read, and at what threshold -> SpikeSource{soma(0.5), -10}
///
/// A cell type may be derived from another one and replace or add steps.

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/assembly.hpp>
#include <hillock/model/insertion.hpp>
#include <hillock/model/point_cell.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/steps.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/synapses.hpp>
#include <hillock/model/tree.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The sections of a cell, in any order; the one that is connected to no other is the root.
template <std::same_as<Section>... S>
constexpr std::array<Section*, sizeof...(S)> sections(S&... s) {
    static_assert(sizeof...(S) > 0, "a cell needs at least one section");
    return {&s...};
}
/// As many sections as there are when the program runs.
inline std::vector<Section*> sections(std::vector<Section>& all) {
    std::vector<Section*> each;
    for (auto& section : all) each.push_back(&section);
    return each;
}

template <class Derived>
struct Cell {
    /// Runs the steps of `MyCell`, which is `Derived` or a type derived from it.
    template <class MyCell>
    static auto assemble(MyCell cell) {
        static_assert(std::derived_from<MyCell, Derived>,
                      "MyCell must be derived from Cell<MyCell>, or from a type that is");
        static_assert(steps::creates_sections<MyCell>, "MyCell does not implement create_sections()");
        static_assert(steps::builds_topology<MyCell>, "MyCell does not implement build_topology()");
        static_assert(steps::builds_subsets<MyCell>, "MyCell does not implement build_subsets()");
        static_assert(steps::defines_geometry<MyCell>, "MyCell does not implement define_geometry()");
        static_assert(steps::defines_biophysics<MyCell>, "MyCell does not implement define_biophysics()");
        static_assert(steps::creates_synapses<MyCell>, "MyCell does not implement create_synapses()");

        if constexpr (steps::complete<MyCell>) {
            auto const created = cell.create_sections();
            steps::check_sections(created);
            cell.build_topology();
            cell.build_subsets();
            cell.define_geometry();
            // throws where the sections are no tree, before anybody asks for distances
            (void)NodeTree(*steps::in_place(cell, created), {});
            auto biophysics = cell.define_biophysics();
            auto synlist = cell.create_synapses();
            auto stimuli = steps::stimuli_of(cell);
            auto source = steps::source_of(cell, created);

            auto const sections = steps::in_place(cell, created);
            steps::Relocation const moved(cell, created, *sections);
            auto const move_insertion = [&](auto& insertion) {
                using E = Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>;
                for (auto& section : insertion.sections) section = moved(section, E::Channel::name);
            };
            std::vector<Segment> placed;
            auto const move_place = [&](Segment& where, std::string_view user) {
                where = moved(where, user);
                check(where);
                placed.push_back(where);
            };
            auto const move_synapse = [&](auto& synapse, std::size_t number) {
                move_place(synapse.where, fmt::format("synapse {}", number));
            };
            for_each_insertion(biophysics, move_insertion);
            for_each_synapse(synlist, move_synapse);
            move_place(source.where, "spike source");
            Assembly<std::remove_const_t<decltype(created)>, decltype(biophysics), decltype(synlist),
                     decltype(stimuli)>
                assembly{sections,
                         SectionNames(*sections),
                         NodeTree(*sections, placed),
                         biophysics,
                         synlist,
                         stimuli,
                         source};
            check(assembly);
            return assembly;
        } else {
            // so that the sentence above is all there is to read
            return Assembly<std::tuple<>, std::tuple<>, std::tuple<>, std::tuple<>>{};
        }
    }
};

/// A cell of type `C`, ready to be looked at: `auto cell1 = assemble<MyCell>()`, then `cell1.synlist[0].e`.
template <class C>
auto assemble(C cell = {}) {
    if constexpr (IsPointCell<C>)
        return PointCell<C>::assemble(cell);
    else
        return C::assemble(cell);
}

/// The type that `assemble<C>()` returns.
template <class C>
using AssemblyOf = decltype(assemble(std::declval<C>()));

}  // namespace hillock::inline HILLOCK_ISA
