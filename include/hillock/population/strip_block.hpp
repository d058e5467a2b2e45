// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/population/block.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/population/strips.hpp>
#include <hillock/simd/column.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The mechanisms of a cell in strips. What depends on parameters is made anew when they have changed.
template <class L, class Parts>
struct StripMechanisms {
    using Real = typename L::value_type;
    using Numbers = typename Parts::Numbers;

private:
    template <class... P>
    static auto strips_of(std::type_identity<std::tuple<P...>>)
        -> std::type_identity<std::tuple<StripParameters<typename P::Mechanism, L>...>>;

public:
    Strips strips;
    std::array<PlaceStrips<L>, Parts::channel_count> channel_places;
    std::array<PlaceStrips<L>, Parts::group_count> synapse_places;
    decltype(Parts::layout) layout;  // its rows are strips
    typename decltype(strips_of(std::type_identity<typename Parts::Channels>{}))::type channels;
    typename decltype(strips_of(std::type_identity<typename Parts::Synapses>{}))::type synapses;
    std::vector<StripParameters<basic_number<double>, L>> numbers;  // those of Numbers::Parameters
    PlaceStrips<L> nodes;                              // places of which there is one at each node
    std::vector<Real> celsius;                         // of each cell
    simd::Column<Real> diam, area, density_per_point;  // by position
    std::array<PlaceStrips<L>, Numbers::Reversals::size> nernst_at_start, nernst_nodes;

    StripMechanisms(Parts const& parts, ChainSchedule const& chains)
        : strips{L::width, kinds_of(parts), chains} {
        std::array<std::size_t, Parts::channel_count> channel_counts{};
        std::array<std::size_t, Parts::group_count> synapse_counts{};
        for (std::size_t k = 0; k < Parts::channel_count; ++k) {
            channel_places[k] = {strips, parts.channel_nodes[k], parts.layout.channel[k],
                                 Parts::channel_states[k]};
            channel_counts[k] = channel_places[k].size();
        }
        for (std::size_t k = 0; k < Parts::group_count; ++k) {
            synapse_places[k] = {strips, parts.synapse_nodes[k], parts.layout.synapse[k],
                                 Parts::synapse_states[k]};
            synapse_counts[k] = synapse_places[k].size();
        }
        layout = Parts::layout_of(strips.count(), channel_counts, synapse_counts);
        if constexpr (Numbers::Uses::size > 0) add_node_numbers(parts);
    }

    /// To be called when parameters have changed.
    void assign(Parts const& parts, std::size_t cells) {
        meta::unroll<Parts::channel_count>([&](auto k) {
            std::get<k>(channels).assign(std::get<k>(parts.channels), channel_places[k], cells);
        });
        meta::unroll<Parts::group_count>([&](auto k) {
            std::get<k>(synapses).assign(std::get<k>(parts.synapses), synapse_places[k], cells);
        });
        celsius.clear();
        for (std::size_t cell = 0; cell < cells; ++cell)
            celsius.push_back(static_cast<Real>(parts.celsius.of_cell(cell, 0).value));
        numbers.resize(parts.numbers.size());
        for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k].assign(parts.numbers[k], nodes, cells);
    }

    /// Where the numbers of each row of a cell are, counted from its first.
    std::vector<std::uint32_t> positions(Parts const& parts) const {
        std::vector<std::uint32_t> all;
        auto const push = [&](std::size_t position) { all.push_back(static_cast<std::uint32_t>(position)); };
        for (std::size_t variable = 0; variable < 1 + Numbers::InRows::size; ++variable)
            for (std::size_t node = 0; node < strips.nodes(); ++node)
                push(variable * strips.count() * L::width + strips.position(node));
        if constexpr (Numbers::has_time) push(strips.count() * (1 + Numbers::InRows::size) * L::width);
        auto const add = [&](PlaceStrips<L> const& places, std::size_t count, std::size_t first,
                             std::size_t states) {
            for (std::size_t place = 0; place < count; ++place)
                for (std::size_t state = 0; state < states; ++state) {
                    auto const [strip, lane] = places.position(place);
                    push((first + strip * states + state) * L::width + lane);
                }
        };
        for (std::size_t k = 0; k < Parts::channel_count; ++k)
            add(channel_places[k], parts.channel_nodes[k].size(), layout.channel[k],
                Parts::channel_states[k]);
        for (std::size_t k = 0; k < Parts::group_count; ++k)
            add(synapse_places[k], parts.synapse_nodes[k].size(), layout.synapse[k],
                Parts::synapse_states[k]);
        return all;
    }

private:
    /// Which channels are at each node. Nodes that have the first one come first.
    static std::vector<std::uint64_t> kinds_of(Parts const& parts) {
        std::vector<std::uint64_t> all(parts.node_count, 0);
        for (std::size_t k = 0; k < Parts::channel_count; ++k)
            for (auto const node : parts.channel_nodes[k]) all[node] |= std::uint64_t{1} << 63 >> k % 64;
        return all;
    }

    void add_node_numbers(Parts const& parts) {
        std::vector<std::size_t> each(parts.node_count);
        std::iota(each.begin(), each.end(), std::size_t{0});
        nodes = {strips, each};
        for (auto* column : {&diam, &area, &density_per_point})
            column->assign(strips.count() * L::width, Real{1});
        for (std::size_t node = 0; node < parts.node_count; ++node) {
            auto const at = strips.position(node);
            diam[at] = static_cast<Real>(parts.membranes[node].diam);
            area[at] = static_cast<Real>(parts.membranes[node].area);
            density_per_point[at] = static_cast<Real>(parts.membranes[node].density_per_point);
        }
        for (std::size_t k = 0; k < nernst_nodes.size(); ++k) {
            nernst_at_start[k] = {strips, parts.nernst_at_start[k]};
            nernst_nodes[k] = {strips, parts.nernst_nodes[k]};
        }
    }
};

/// One cell as the phases of a step see it: as Block, with strips in place of nodes, and W places in place of
/// one.
template <class L, class Parts>
class StripBlock {
    using Real = typename L::value_type;
    using Numbers = typename Parts::Numbers;
    using Strip = PlaceStrip<L>;

public:
    using Lane = L;
    using Mechanisms = Parts;
    using InRows = typename Numbers::InRows;

    /// The lanes of a strip in which a mechanism is.
    struct Inside {
        Strip const* place;

        L operator()(L here, L elsewhere) const {
            return place->is_full ? here : choose(place->is_there > L(0), here, elsewhere);
        }
        L numbers() const { return place->numbers; }
    };
    static constexpr bool has_partial_places = true;

    /// Cell `number` of a population, with its rows at `rows`. What arrives at its synapse 0 is at `arrived`,
    /// for the next synapse `stride` numbers on.
    StripBlock(Parts const& parts, StripMechanisms<L, Parts> const& strips, std::size_t number, Real* rows,
               Real* arrived, std::size_t stride)
        : parts_{parts}, strips_{strips}, number_{number}, rows_{rows}, arrived_{arrived}, stride_{stride} {}

    std::size_t number() const { return number_; }
    std::size_t nodes() const { return strips_.strips.count(); }
    Real* row(std::size_t k) const { return rows_ + k * L::width; }
    L v(std::size_t strip) const { return L::load(row(strip)); }

    template <std::size_t k>
    auto channel(std::size_t place) const {
        return view(*std::get<k>(strips_.channels).of(number_, place), strips_.channel_places[k][place],
                    strips_.layout.channel[k] + place * Parts::channel_states[k]);
    }
    template <std::size_t k>
    std::size_t channel_places() const {
        return strips_.channel_places[k].size();
    }
    template <std::size_t k>
    auto synapse(std::size_t place) const {
        return view(*std::get<k>(strips_.synapses).of(number_, place), strips_.synapse_places[k][place],
                    strips_.layout.synapse[k] + place * Parts::synapse_states[k]);
    }
    template <std::size_t k>
    void for_each_synapse(auto&& f) const {
        for (std::size_t place = 0; place < strips_.synapse_places[k].size(); ++place) f(place);
    }
    template <std::size_t k>
    L take_arrived(std::size_t place) const {
        alignas(simd::alignment) std::array<Real, L::width> weights{};
        auto const& strip = strips_.synapse_places[k][place];
        for (std::size_t lane = 0; lane < L::width; ++lane)
            if (strip.places[lane] != Strip::none)
                weights[lane] = std::exchange(
                    arrived_[(parts_.first_synapse[k] + strip.places[lane]) * stride_], Real{0});
        return L::load(weights.data());
    }

    template <class Wanted>
    Nearby<L, Wanted> nearby(std::size_t strip) const {
        Nearby<L, Wanted> values;
        Wanted::for_each([&](auto variable) { values(variable) = load(variable, strip); });
        return values;
    }
    /// A node variable at a node.
    template <class V>
    double number(V variable, std::size_t node) const {
        alignas(simd::alignment) std::array<Real, L::width> numbers;
        load(variable, strips_.strips.strip(node)).store(numbers.data());
        return static_cast<double>(numbers[strips_.strips.lane(node)]);
    }
    /// A synapse in its strip, and its lane.
    template <std::size_t k>
    auto synapse_at(std::size_t number) const {
        auto const at = strips_.synapse_places[k].position(number);
        return AtLane<decltype(synapse<k>(at.strip))>{synapse<k>(at.strip), at.lane};
    }
    template <class V>
    void store(V variable, std::size_t strip, L value) const {
        value.store(variable_row(variable, strip));
    }
    template <class V>
    void add_point(V variable, std::size_t strip, L current) const {
        auto const scale = L::load(&strips_.density_per_point[strip * L::width]);
        store(variable, strip, fma(scale, current, load(variable, strip)));
    }

    auto const& nernst_at_start() const { return strips_.nernst_at_start; }
    auto const& nernst_nodes() const { return strips_.nernst_nodes; }
    static std::size_t node_at(Strip const& place) { return place.strip; }
    static Inside inside(Strip const& place) { return {&place}; }
    void pass_half_step() const {
        if constexpr (Numbers::has_time) *half_steps() += 1;
    }

    template <class V>
    L parameter(V, std::size_t strip) const {
        return strips_.numbers[Numbers::Parameters::template index_of<V>].of(number_, strip)->value;
    }
    template <class V>
    L load(V variable, std::size_t strip) const {
        if constexpr (std::is_same_v<V, quantity::time>)
            return L(parts_.dt / 2) * L(*half_steps());
        else if constexpr (std::is_same_v<V, quantity::celsius>)
            return L(strips_.celsius[number_]);
        else if constexpr (std::is_same_v<V, quantity::diam>)
            return L::load(&strips_.diam[strip * L::width]);
        else if constexpr (std::is_same_v<V, quantity::area>)
            return L::load(&strips_.area[strip * L::width]);
        else if constexpr (std::is_same_v<V, quantity::gid>)
            return L(parts_.gids[number_]);
        else if constexpr (std::is_same_v<V, quantity::place>)
            return L(0);  // a node has none; see PlaceView
        else if constexpr (InRows::template has<V>)
            return L::load(variable_row(variable, strip));
        else
            return parameter(variable, strip);
    }

private:
    template <class M>
    PlaceView<M, StripBlock> view(M const& mechanism, Strip const& place, std::size_t first_row) const {
        return {mechanism, *this, place.strip, row(first_row), inside(place)};
    }
    template <class V>
    Real* variable_row(V, std::size_t strip) const {
        static_assert(InRows::template has<V>);
        return row(nodes() * (1 + InRows::template index_of<V>)+strip);
    }
    Real* half_steps() const { return row(nodes() * (1 + InRows::size)); }

    Parts const& parts_;
    StripMechanisms<L, Parts> const& strips_;
    std::size_t number_;
    Real *rows_, *arrived_;
    std::size_t stride_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
