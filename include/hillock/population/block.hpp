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
    [[no_unique_address]] typename Block::Inside inside = {};  // which lanes have the mechanism

    Lane v() const { return block.v(node); }
    typename M::State state() const { return members::load_states<M, Lane>(states); }
    void store(typename M::State const& state) const { members::store_states<M, Lane>(state, states); }

    /// The states at rest at the voltage there: every gate at its steady state.
    void initialise(auto const& rates) const {
        if constexpr (initialises_nearby<M, Lane>) {
            auto at = nearby();
            store(mechanism.initial(v(), at));
            store_written(at);
        } else if constexpr (requires { mechanism.initial(v()); }) {
            store(mechanism.initial(v()));
        } else {
            using G = Gates<Lane, M, std::remove_cvref_t<decltype(rates)>>;
            if constexpr (has_rates_nearby<M, Lane>)
                G::rest(rates, [&](std::size_t) { return *this; });
            else
                G::rest(rates, GatePlaces<M, Lane>{&mechanism, 0, block.row(node), nullptr, 0, states, 0});
        }
    }

    /// The node variables that the mechanism uses, none for most.
    auto nearby() const {
        auto all = block.template nearby<typename UsesOf<M>::type>(node);
        if constexpr (UsesOf<M>::type::template has<quantity::place>) all(quantity::place{}) = numbers();
        return all;
    }
    /// The number of the place in the cell: that of its first row where lanes lie across cells.
    Lane numbers() const {
        if constexpr (Block::has_partial_places)
            return inside.numbers();
        else
            return Lane(static_cast<typename Lane::value_type>(
                static_cast<std::size_t>(states - block.row(0)) / Lane::width));
    }
    /// Stores those of them that it writes.
    void store_written(auto const& nearby) const {
        WritesOf<M>::type::for_each([&](auto variable) { put(variable, nearby(variable)); });
    }
    /// Stores those that are sums.
    void store_sums(auto const& nearby) const {
        UsesOf<M>::type::for_each([&](auto variable) {
            if constexpr (variable.is.summed) put(variable, nearby(variable));
        });
    }
    /// Adds those that are sums of a point process: 0 before its current, then in nA.
    void begin_points(auto& nearby) const {
        UsesOf<M>::type::for_each([&](auto variable) {
            if constexpr (variable.is.summed) nearby(variable) = Lane(0);
        });
    }
    void add_points(auto const& nearby) const {
        UsesOf<M>::type::for_each([&](auto variable) {
            if constexpr (variable.is.summed)
                block.add_point(variable, node, inside(nearby(variable), Lane(0)));
        });
    }

    /// Its current, given its node variables.
    auto current(auto& state, auto& nearby) const {
        auto const all = [&] {
            if constexpr (gives_current_nearby<M, Lane>)
                return mechanism.current(v(), state, nearby);
            else
                return mechanism.current(v(), state);
        };
        if constexpr (Block::has_partial_places) {
            auto const i = all();
            return Current<Lane>{inside(i.g, Lane(0)), inside(i.ge, Lane(0))};
        } else {
            return all();
        }
    }

private:
    template <class V>
    void put(V variable, Lane value) const {
        if constexpr (Block::has_partial_places) value = inside(value, block.load(variable, node));
        block.store(variable, node, value);
    }
};

/// A place and the lane in which one cell has it.
template <class View>
struct AtLane {
    View view;
    std::size_t lane;
};

/// Lets reversal potentials follow Nernst at some places of each.
template <class View>
void follow_nernst(View const& block, auto const& places) {
    using Reversals = typename View::Mechanisms::Numbers::Reversals;
    Reversals::for_each([&]<class V>(V reversal) {
        using Ion = typename V::ion;
        for (auto const& place : places[Reversals::template index_of<V>]) {
            auto const node = block.node_at(place);
            auto const e =
                Ion::nernst(block.load(typename Ion::inside{}, node),
                            block.load(typename Ion::outside{}, node), block.load(quantity::celsius{}, node));
            block.store(reversal, node, block.inside(place)(e, block.load(reversal, node)));
        }
    });
}

/// Sets the node variables to their initial values.
template <class View>
void begin_node_variables(View const& block) {
    View::InRows::for_each([&](auto variable) {
        for (std::size_t node = 0; node < block.nodes(); ++node)
            if constexpr (variable.is.summed)
                block.store(variable, node, typename View::Lane(0));
            else
                block.store(variable, node, block.parameter(variable, node));
    });
    follow_nernst(block, block.nernst_at_start());
}

/// Begins the currents of a step: sums are 0, reversal potentials follow Nernst.
template <class View>
void begin_sums(View const& block) {
    View::InRows::for_each([&](auto variable) {
        if constexpr (variable.is.summed)
            for (std::size_t node = 0; node < block.nodes(); ++node)
                block.store(variable, node, typename View::Lane(0));
    });
    follow_nernst(block, block.nernst_nodes());
}

/// W cells as the phases of a step see them: `block.v(node)`, `block.channel<k>(place)`,
/// `block.synapse<k>(place)`. Where a cell is `compact`, of one compartment in which every channel is, all
/// rows are known to the compiler.
template <class L, class Parts, bool is_compact>
class Block {
    using Real = typename L::value_type;
    using Numbers = typename Parts::Numbers;

    static constexpr auto compact_layout = [] {
        std::array<std::size_t, Parts::channel_count> one_each{};
        for (auto& places : one_each) places = 1;
        return Parts::layout_of(1, one_each, Parts::group_sizes);
    }();

public:
    using Lane = L;
    using Mechanisms = Parts;
    using InRows = typename Numbers::InRows;

    /// Every lane has every mechanism.
    struct Inside {
        L operator()(L here, L) const { return here; }
    };
    static constexpr bool has_partial_places = false;

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
        Wanted::for_each([&](auto variable) { values(variable) = load(variable, node); });
        return values;
    }
    /// V, a synapse in lanes and its lane, and a node variable of one cell.
    double v_of(std::size_t node, std::size_t lane) const { return static_cast<double>(row(node)[lane]); }
    void set_v(std::size_t node, std::size_t lane, double v) const { row(node)[lane] = static_cast<Real>(v); }
    template <std::size_t k>
    auto synapse_of(std::size_t place, std::size_t lane) const {
        return AtLane<decltype(synapse<k>(place))>{synapse<k>(place), lane};
    }
    template <class V>
    double number(V variable, std::size_t node, std::size_t lane) const {
        alignas(simd::alignment) std::array<Real, L::width> numbers;
        load(variable, node).store(numbers.data());
        return static_cast<double>(numbers[lane]);
    }
    template <class V>
    void store(V variable, std::size_t node, L value) const {
        value.store(variable_row(variable, node));
    }
    /// Adds a current of a point process, in nA, to a sum of densities.
    template <class V>
    void add_point(V variable, std::size_t node, L current) const {
        auto const scale = static_cast<Real>(parts_.membranes[node].density_per_point);
        store(variable, node, fma(L(scale), current, load(variable, node)));
    }

    /// The nodes at which reversal potentials follow Nernst, of each: when states begin; while time passes.
    auto const& nernst_at_start() const { return parts_.nernst_at_start; }
    auto const& nernst_nodes() const { return parts_.nernst_nodes; }
    static std::size_t node_at(std::size_t node) { return node; }
    static Inside inside(std::size_t) { return {}; }
    /// Takes the time on by half a step.
    void pass_half_step() const {
        if constexpr (Numbers::has_time) (L::load(half_steps()) + L(1)).store(half_steps());
    }

    /// A node variable in lanes: what it begins with; its value now.
    template <class V>
    L parameter(V, std::size_t node) const {
        return parts_.numbers[Numbers::Parameters::template index_of<V>].of(number_, node).value;
    }
    template <class V>
    L load(V variable, std::size_t node) const {
        if constexpr (std::is_same_v<V, quantity::time>)
            return L(parts_.dt / 2) * L::load(half_steps());
        else if constexpr (std::is_same_v<V, quantity::celsius>)
            return parts_.celsius.of(number_).value;
        else if constexpr (std::is_same_v<V, quantity::diam>)
            return L(static_cast<Real>(parts_.membranes[node].diam));
        else if constexpr (std::is_same_v<V, quantity::area>)
            return L(static_cast<Real>(parts_.membranes[node].area));
        else if constexpr (std::is_same_v<V, quantity::gid>)
            return L::load(&parts_.gids[number_ * L::width]);
        else if constexpr (std::is_same_v<V, quantity::place>)
            return L(0);  // a node has none; see PlaceView
        else if constexpr (InRows::template has<V>)
            return L::load(variable_row(variable, node));
        else
            return parameter(variable, node);
    }

private:
    static constexpr std::size_t most_unrolled = 8;

    template <class M>
    PlaceView<M, Block> view(M const& mechanism, std::size_t node, std::size_t first_row) const {
        return {mechanism, *this, node, row(first_row)};
    }
    template <class V>
    Real* variable_row(V, std::size_t node) const {
        static_assert(InRows::template has<V>);
        return row(nodes() * (1 + InRows::template index_of<V>)+node);
    }
    Real* half_steps() const { return row(nodes() * (1 + InRows::size)); }
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
