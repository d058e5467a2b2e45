// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/mechanisms.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The columns of a population, from what its mechanisms say of themselves. It refers to them, and stays
/// where it is; that of a copied population is made anew.
template <class Real>
class Schema {
public:
    Schema() = default;
    Schema(Schema const&) {}
    Schema& operator=(Schema const&) = delete;

    std::vector<Column<Real>> const& columns() const { return columns_; }

    /// The voltage and the node variables of every node; a cell's own numbers.
    template <class L, class Anatomy>
    void add_cell_columns(simd::Column<Real>& v_init, Mechanisms<L, Anatomy>& parts) {
        std::vector<std::size_t> all(parts.node_count);
        std::iota(all.begin(), all.end(), std::size_t{0});
        auto const* everywhere = places(all);
        columns_.push_back(
            {"", "v", "mV", Allowed::finite, Kind::state, Domain::node, everywhere, Rows{0, 1}});
        columns_.push_back({"", "v_init", "mV", Allowed::finite, Kind::parameter, Domain::cell, places({0}),
                            CellNumbers<Real>{&v_init}});
        Mechanisms<L, Anatomy>::Numbers::Uses::for_each([&](auto variable) {
            if constexpr (!IsGiven<decltype(variable)>) add_node_variable(variable, parts, everywhere);
        });
    }

    /// All numbers of a point neuron, each of the cell as a whole.
    template <class C, class L>
    void add_point_cell(simd::Column<Real>& v_init, Parameters<C, L>& parameters) {
        auto const* whole = places({0});
        std::size_t number = 0;
        for (auto const& field : C::parameters())
            columns_.push_back({std::string(C::name), field.name, field.unit, field.allowed, Kind::parameter,
                                Domain::cell, whole, Parameter{store_of(parameters), number++}});
        number = 0;
        for (auto const& field : C::states())
            columns_.push_back({number == 0 ? "" : std::string(C::name), field.name, field.unit,
                                field.allowed, Kind::state, Domain::cell, whole, Rows{number++, 0}});
        columns_.push_back({"", "v_init", "mV", Allowed::finite, Kind::parameter, Domain::cell, whole,
                            CellNumbers<Real>{&v_init}});
    }

    /// The temperature, after all else: mechanisms with a parameter of this name have it from their own.
    template <class P>
    void add_celsius(P& celsius) {
        columns_.push_back({"", "celsius", "degC", Allowed::finite, Kind::parameter, Domain::cell,
                            places({0}), Parameter{store_of(celsius), 0}});
    }

    template <std::size_t k, class L, class Anatomy>
    void add_channel(Mechanisms<L, Anatomy>& parts) {
        using P = std::tuple_element_t<k, typename Mechanisms<L, Anatomy>::Channels>;
        using M = typename P::Mechanism;
        auto const* nodes = places(parts.channel_nodes[k]);
        add_parameters<M>(std::string(M::name), nodes, store_of(std::get<k>(parts.channels)), {});
        add_states<typename P::Lanes>(std::string(M::name), nodes, parts.layout.channel[k], {});
    }

    /// `conductance` of a place, in uS.
    template <std::size_t k, class L, class Anatomy>
    void add_synapses(Mechanisms<L, Anatomy>& parts, Derived conductance) {
        using P = std::tuple_element_t<k, typename Mechanisms<L, Anatomy>::Synapses>;
        using M = typename P::Mechanism;
        auto const* nodes = places(parts.synapse_nodes[k]);
        add_parameters<M>("synapses", nodes, store_of(std::get<k>(parts.synapses)), parts.first_synapse[k]);
        add_states<typename P::Lanes>("synapses", nodes, parts.layout.synapse[k], parts.first_synapse[k]);
        for (auto const& field : P::Lanes::states())
            if (field.name == "g") return;
        columns_.push_back({"synapses", "g", "uS", Allowed::finite, Kind::derived, Domain::place, nodes,
                            conductance, parts.first_synapse[k]});
    }

    /// The current `i` of a channel or synapse, unless it has a number of that name.
    template <class M>
    void add_current(std::string const& owner, std::string_view unit, std::vector<std::size_t> const& nodes,
                     Derived current, std::optional<std::size_t> first_number = {}) {
        for (auto const& field : M::parameters())
            if (field.name == "i") return;
        for (auto const& field : M::states())
            if (field.name == "i") return;
        columns_.push_back({owner, "i", unit, Allowed::finite, Kind::derived, Domain::place, places(nodes),
                            current, first_number});
    }
    /// A number of some of a cell's nodes.
    void add_membrane(std::string_view name, std::string_view unit, std::vector<std::size_t> const& at,
                      std::size_t nodes, Derived value) {
        columns_.push_back({"", name, unit, Allowed::finite, Kind::derived, Domain::node,
                            &places_.emplace_back(at, nodes), value});
    }

private:
    using Number = std::optional<std::size_t>;

    /// A state where mechanisms write it, a parameter elsewhere.
    template <class V, class L, class Anatomy>
    void add_node_variable(V, Mechanisms<L, Anatomy>& parts, PlacesByNode const* everywhere) {
        using Numbers = typename Mechanisms<L, Anatomy>::Numbers;
        auto const add = [&](Kind kind, PlacesByNode const* nodes, Source<Real> const& source) {
            columns_.push_back(
                {"", V::is.name, V::is.unit, Allowed::finite, kind, Domain::node, nodes, source});
        };
        Rows const rows{parts.node_count * (1 + Numbers::InRows::template index_of<V>), 1};
        if constexpr (V::is.summed) {
            add(Kind::state, everywhere, rows);
        } else {
            Parameter number{store_of(parts.numbers[Numbers::Parameters::template index_of<V>]), 0};
            if constexpr (!Numbers::Written::template has<V>) return add(Kind::parameter, everywhere, number);
            number.copy = rows;
            auto const written = parts.template nodes_where_state<V>();
            std::vector<std::size_t> rest;
            for (std::size_t node = 0; node < parts.node_count; ++node)
                if (!std::binary_search(written.begin(), written.end(), node)) rest.push_back(node);
            add(Kind::state, &places_.emplace_back(written, parts.node_count), rows);
            add(Kind::parameter, &places_.emplace_back(rest, parts.node_count), number);
        }
    }

    PlacesByNode const* places(std::vector<std::size_t> const& nodes) { return &places_.emplace_back(nodes); }

    template <class M>
    void add_parameters(std::string const& owner, PlacesByNode const* nodes, ParameterStore const& store,
                        Number first_number) {
        std::size_t field_number = 0;
        for (auto const& field : M::parameters())
            columns_.push_back({owner, field.name, field.unit, field.allowed, Kind::parameter, Domain::place,
                                nodes, Parameter{store, field_number++}, first_number});
    }
    template <class M>
    void add_states(std::string const& owner, PlacesByNode const* nodes, std::size_t row,
                    Number first_number) {
        for (auto const& field : M::states())
            columns_.push_back({owner, field.name, field.unit, field.allowed, Kind::state, Domain::place,
                                nodes, Rows{row++, M::states().size()}, first_number});
    }

    std::vector<Column<Real>> columns_;
    std::deque<PlacesByNode> places_;  // of the columns, which refer to them
};

}  // namespace hillock::inline HILLOCK_ISA::population
