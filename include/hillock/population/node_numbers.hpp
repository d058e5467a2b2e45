// SPDX-License-Identifier: MIT
#pragma once

/// Which node variables a cell type has, and where their numbers are:
///
///   in rows of the block     those that are summed or that some mechanism writes, at every node
///   among the parameters     those that nobody writes, and what the written ones are at first
///   the cell's own           celsius, also a parameter
///   of the tree              diam and area
///   counted in a row         the time

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The number of a node or a cell that is kept as the parameters of mechanisms are.
template <class T>
struct basic_number {
    T value = 0;

    struct State {};
    static constexpr std::string_view name = "node";
    static constexpr auto parameters() { return std::array{Field{"value", "", &basic_number::value}}; }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
};

namespace node_numbers {

template <class... Lists>
using Union = typename NodeVariableUnion<NodeVariables<>, Lists...>::type;

template <bool is_chosen, class V>
using OneIf = std::conditional_t<is_chosen, NodeVariables<V>, NodeVariables<>>;

/// The numbers that a concentration needs beside it, and the reversal potential that it lets follow Nernst.
template <class V>
struct Nernst {
    using Needs = NodeVariables<>;
    using Reversal = NodeVariables<>;
};
template <IsConcentration V>
struct Nernst<V> {
    using Ion = typename V::ion;
    using Needs =
        NodeVariables<typename Ion::reversal, typename Ion::inside, typename Ion::outside, quantity::celsius>;
    using Reversal = NodeVariables<typename Ion::reversal>;
};

template <class List>
struct Nernsts;
template <class... V>
struct Nernsts<NodeVariables<V...>> {
    using Needs = Union<typename Nernst<V>::Needs...>;
    using Reversals = Union<typename Nernst<V>::Reversal...>;
};

template <class Uses, class Written>
struct Kept;
template <class... V, class Written>
struct Kept<NodeVariables<V...>, Written> {
    using InRows = Union<OneIf<V::is.summed || Written::template has<V>, V>...>;
    using Parameters = Union<OneIf<!V::is.summed && !IsGiven<V>, V>...>;

    static constexpr bool names_differ = [] {
        std::array<std::string_view, sizeof...(V) + 1> const names{V::is.name...};
        for (std::size_t k = 0; k < sizeof...(V); ++k)
            for (std::size_t j = 0; j < k; ++j)
                if (names[j] == names[k]) return false;
        return true;
    }();
    static_assert(names_differ, "hillock: mechanisms of a cell use two node variables of one name: an ion is "
                                "declared once, with one valence");
};

}  // namespace node_numbers

/// The node variables of a cell type whose mechanisms are `M...`.
template <class... M>
struct NodeNumbers {
private:
    using WrittenBy = node_numbers::Union<typename WritesOf<M>::type...>;
    using UsedBy = node_numbers::Union<typename UsesOf<M>::type...>;
    using Ions = node_numbers::Nernsts<UsedBy>;

public:
    using Reversals = typename Ions::Reversals;  // those that follow Nernst somewhere
    using Written = node_numbers::Union<WrittenBy, Reversals>;
    using Uses = node_numbers::Union<UsedBy, typename Ions::Needs>;

private:
    using Kept = node_numbers::Kept<Uses, Written>;

public:
    using InRows = typename Kept::InRows;
    using Parameters = typename Kept::Parameters;

    static constexpr bool has_time = Uses::template has<quantity::time>;
    static constexpr bool has_gids = Uses::template has<quantity::gid>;
    static constexpr std::size_t rows(std::size_t nodes) { return nodes * InRows::size + (has_time ? 1 : 0); }
};

/// The membrane of a node.
struct Membrane {
    double diam, area;             // um, um2
    double density_per_point = 1;  // from nA to mA/cm2
};

/// The membranes of a cell's nodes. An end has none: NEURON's area there is 100 um2.
template <class Anatomy>
std::vector<Membrane> membranes_of(Anatomy const& cell) {
    std::vector<Membrane> all(cell.tree.nodes().size(), Membrane{0, 100});
    for (auto const& section : *cell.sections) {
        auto const shapes = section.shapes();
        auto node = cell.site(section.segment(0)).node;
        for (auto const& shape : shapes)
            all[node++] = {shape.diam, shape.area, units::density_per_point(shape.area)};
    }
    return all;
}

}  // namespace hillock::inline HILLOCK_ISA::population
