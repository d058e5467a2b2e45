// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/population/gates.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// One mechanism at one place of a block: its parameters, the voltage there, and where its states are.
template <class M, class Block>
struct PlaceView {
    using Lane = typename Block::Lane;

    M const& mechanism;
    Block block;
    std::size_t node;
    typename Lane::value_type* states;

    Lane v() const { return block.v(node); }
    typename M::State state() const { return members::load_states<M, Lane>(states); }
    void store(typename M::State const& state) const { members::store_states<M, Lane>(state, states); }

    /// The states at rest at the voltage there: every gate at its steady state.
    void initialise(auto const& rates) const {
        if constexpr (initialises_nearby<M, Lane>) {
            auto at = nearby();
            store(mechanism.initial(v(), at));
            store(at);
        } else if constexpr (requires { mechanism.initial(v()); }) {
            store(mechanism.initial(v()));
        } else {
            using G = Gates<Lane, M, std::remove_cvref_t<decltype(rates)>>;
            G::rest(rates, {&mechanism, 0, block.row(node), nullptr, 0, states, 0});
        }
    }

    auto nearby() const
        requires UsesNodeVariables<M>
    {
        return block.template nearby<typename M::Uses>(node);
    }
    void store(auto const& nearby) const
        requires UsesNodeVariables<M>
    {
        block.store(nearby, node);
    }
};

/// W cells as the phases of a step see them: `block.v(node)`, `block.channel<k>(place)`,
/// `block.synapse<k>(place)`. Where a cell is `compact`, of one compartment in which every channel is, all
/// rows are known to the compiler.
template <class L, class Parts, bool is_compact>
class Block {
    using Real = typename L::value_type;
    using Uses = typename Parts::Uses;

    static constexpr auto compact_layout = [] {
        std::array<std::size_t, Parts::channel_count> one_each{};
        for (auto& places : one_each) places = 1;
        return Parts::layout_of(1, one_each, Parts::group_sizes);
    }();

public:
    using Lane = L;

    /// The rows of a compact block.
    static constexpr std::size_t compact_rows = compact_layout.end;

    /// Block `number` of a population, with its rows at `rows`. The weights that arrive at its synapse 0 are
    /// at `arrived`, those for the next synapse `stride` numbers on.
    Block(Parts const& parts, std::size_t number, Real* rows, Real* arrived, std::size_t stride)
        : parts_{parts}, number_{number}, rows_{rows}, arrived_{arrived}, stride_{stride} {}

    std::size_t number() const { return number_; }
    std::size_t nodes() const {
        if constexpr (is_compact) return 1;
        return parts_.node_count;
    }
    Real* row(std::size_t k) const { return rows_ + k * L::width; }
    L v(std::size_t node) const { return L::load(row(node)); }

    /// Channel `k` at one of its places.
    template <std::size_t k>
    auto channel(std::size_t place) const {
        auto const node = is_compact ? 0 : parts_.channel_nodes[k][place];
        auto const first = is_compact ? compact_layout.channel[k] : parts_.channel_row(k, place);
        return view(std::get<k>(parts_.channels).of(number_, is_compact ? 0 : place), node, first);
    }
    template <std::size_t k>
    std::size_t channel_places() const {
        if constexpr (is_compact) return 1;
        return parts_.channel_nodes[k].size();
    }

    /// A synapse of group `k`.
    template <std::size_t k>
    auto synapse(std::size_t place) const {
        auto const node = is_compact ? 0 : parts_.synapse_nodes[k][place];
        auto const first = (is_compact ? compact_layout.synapse[k] : parts_.layout.synapse[k]) +
                           place * Parts::synapse_states[k];
        auto const& parameters = std::get<k>(parts_.synapses);
        if constexpr (Parts::group_sizes[k] != synapse_group::any_number)
            return view(parameters.of_own(number_, place), node, first);
        else
            return view(parameters.of(number_, place), node, first);
    }
    /// Calls f(place) for all synapses of group `k`.
    template <std::size_t k>
    void for_each_synapse(auto&& f) const {
        constexpr auto size = Parts::group_sizes[k];
        if constexpr (size <= most_unrolled)
            meta::unroll<size>([&](auto place) { f(std::size_t{place}); });
        else
            for (std::size_t place = 0; place < parts_.synapse_nodes[k].size(); ++place) f(place);
    }
    /// Takes the weight that arrives at a synapse of group `k`, and leaves 0.
    template <std::size_t k>
    L take_arrived(std::size_t place) const {
        Real* const at = arrived_ + (first_synapse<k>() + place) * stride_;
        auto const weight = L::load(at);
        L(0).store(at);
        return weight;
    }

    /// The node variables of a mechanism at a node.
    template <class Wanted>
    Nearby<L, Wanted> nearby(std::size_t node) const {
        Nearby<L, Wanted> values;
        Wanted::for_each([&](auto variable) { values(variable) = L::load(variable_row(variable, node)); });
        return values;
    }
    template <class Wanted>
    void store(Nearby<L, Wanted> values, std::size_t node) const {
        Wanted::for_each([&](auto variable) { values(variable).store(variable_row(variable, node)); });
    }
    template <class V>
    Real* variable_row(V, std::size_t node) const {
        return row(nodes() * (1 + Uses::template index_of<V>)+node);
    }
    /// Sets the node variables that `chosen` to their initial values.
    void begin_node_variables(auto&& chosen) const {
        Uses::for_each([&](auto variable) {
            if (!chosen(variable.is)) return;
            for (std::size_t node = 0; node < nodes(); ++node)
                L(static_cast<Real>(variable.is.initial)).store(variable_row(variable, node));
        });
    }

private:
    static constexpr std::size_t most_unrolled = 8;

    template <class M>
    PlaceView<M, Block> view(M const& mechanism, std::size_t node, std::size_t first_row) const {
        return {mechanism, *this, node, row(first_row)};
    }
    template <std::size_t k>
    std::size_t first_synapse() const {
        if constexpr (is_compact) {
            std::size_t before = 0;
            for (std::size_t group = 0; group < k; ++group) before += Parts::group_sizes[group];
            return before;
        }
        return parts_.first_synapse[k];
    }

    Parts const& parts_;
    std::size_t number_;
    Real *rows_, *arrived_;
    std::size_t stride_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
