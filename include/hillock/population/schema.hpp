// SPDX-License-Identifier: MIT
#pragma once

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
    void add_cell_columns(simd::Column<Real>& v_init, Mechanisms<L, Anatomy> const& parts) {
        std::vector<std::size_t> all(parts.node_count);
        std::iota(all.begin(), all.end(), std::size_t{0});
        auto const* everywhere = places(all);
        columns_.push_back(
            {"", "v", "mV", Allowed::finite, Kind::state, Domain::node, everywhere, Rows{0, 1}});
        columns_.push_back({"", "v_init", "mV", Allowed::finite, Kind::parameter, Domain::cell, places({0}),
                            CellNumbers<Real>{&v_init}});
        std::size_t first = parts.node_count;
        Mechanisms<L, Anatomy>::Uses::for_each([&](auto variable) {
            columns_.push_back({"", variable.is.name, variable.is.unit, Allowed::finite, Kind::state,
                                Domain::node, everywhere, Rows{first, 1}});
            first += parts.node_count;
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

private:
    using Number = std::optional<std::size_t>;

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
