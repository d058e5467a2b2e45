// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/population/parameters.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Where in a block the states of its mechanisms begin, in lanes, with `nodes` voltages before them:
///
///   V of each node | states of channel 0 at each of its places | of channel 1 ... | states of synapse 0 | ...
template <std::size_t Channels, std::size_t Synapses>
struct Layout {
    std::array<std::size_t, Channels> channel{};
    std::array<std::size_t, Synapses> synapse{};
    std::size_t end = 0;
};

template <class L, class... C, class... S>
constexpr auto layout(std::size_t nodes, std::array<std::size_t, sizeof...(C)> const& places,
                      std::type_identity<std::tuple<C...>>, std::type_identity<std::tuple<S...>>) {
    Layout<sizeof...(C), sizeof...(S)> at;
    [[maybe_unused]] std::size_t k = 0;
    at.end = nodes;
    ((at.channel[k] = at.end, at.end += places[k] * members::count<typename C::Lanes::State, L>, ++k), ...);
    k = 0;
    ((at.synapse[k] = at.end, at.end += members::count<typename S::Lanes::State, L>, ++k), ...);
    return at;
}

/// The mechanisms of an assembled cell, ready to be computed with in lanes `L`.
template <class L, class Anatomy>
struct Mechanisms {
    using Real = typename L::value_type;

private:
    template <class... M>
    static auto channels_of(std::tuple<Insertion<M>...> const&)
        -> std::type_identity<std::tuple<Parameters<typename Evaluation<M>::Channel, L>...>>;
    template <class... M>
    static auto rates_of(std::tuple<Insertion<M>...> const&)
        -> std::type_identity<std::tuple<typename Evaluation<M>::template Rates<Real>...>>;
    static auto synapses_of(auto const& synlist, double dt) {
        return std::apply(
            [&]<class... S>(PlacedSynapse<S> const&... each) {
                return std::tuple<Parameters<S, L>...>{Parameters<S, L>(synapse(each), dt)...};
            },
            synlist);
    }

public:
    using Channels = typename decltype(channels_of(std::declval<Anatomy>().biophysics))::type;
    using Rates = typename decltype(rates_of(std::declval<Anatomy>().biophysics))::type;
    using Synapses = decltype(synapses_of(std::declval<Anatomy>().synlist, 0.));

    static constexpr std::size_t channel_count = std::tuple_size_v<Channels>;
    static constexpr std::size_t synapse_count = std::tuple_size_v<Synapses>;
    template <std::size_t K>
    using ChannelAt = typename std::tuple_element_t<K, Channels>::Lanes;
    template <std::size_t K>
    using SynapseAt = typename std::tuple_element_t<K, Synapses>::Lanes;

private:
    static constexpr auto counts_of = []<class... P>(std::type_identity<std::tuple<P...>>) {
        return std::array<std::size_t, sizeof...(P)>{members::count<typename P::Lanes::State, L>...};
    };
    static constexpr std::array<std::size_t, channel_count> one_place_each() {
        std::array<std::size_t, channel_count> all{};
        for (auto& each : all) each = 1;
        return all;
    }
    static constexpr auto layout_of(std::size_t nodes, std::array<std::size_t, channel_count> const& places) {
        return hillock::layout<L>(nodes, places, std::type_identity<Channels>{},
                                  std::type_identity<Synapses>{});
    }

public:
    /// How many states each channel has at one place.
    static constexpr auto state_counts = counts_of(std::type_identity<Channels>{});

    /// The layout of a block of cells of one compartment.
    static constexpr auto compact = layout_of(1, one_place_each());

    std::array<std::vector<std::size_t>, channel_count> nodes;  // at which each channel is inserted
    std::array<std::size_t, synapse_count> synapse_node;
    Channels channels;
    Rates rates;
    Synapses synapses;
    Layout<channel_count, synapse_count> layout;

    Mechanisms(Anatomy const& cell, double dt)
        : nodes{nodes_of(cell)},
          synapse_node{std::apply(
              [&](auto const&... each) { return decltype(synapse_node){cell.site(each.where).node...}; },
              cell.synlist)},
          channels{for_each_channel<Channels>(
              [&](auto k) { return parameters_of(std::get<k>(cell.biophysics), nodes[k].size(), dt); })},
          rates{for_each_channel<Rates>(
              [&](auto k) { return rates_of(std::get<k>(cell.biophysics), std::get<k>(channels)); })},
          synapses{synapses_of(cell.synlist, dt)} {
        std::array<std::size_t, channel_count> places{};
        for (std::size_t k = 0; k < channel_count; ++k) places[k] = nodes[k].size();
        layout = layout_of(cell.tree.nodes().size(), places);
    }

    /// Where a channel's states at one of its places begin.
    std::size_t channel_row(std::size_t k, std::size_t place) const {
        return layout.channel[k] + place * state_counts[k];
    }

private:
    template <class Tuple>
    static Tuple for_each_channel(auto&& make) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return Tuple{make(std::integral_constant<std::size_t, K>{})...};
        }(std::make_index_sequence<channel_count>{});
    }

    /// In the order of the sections and their segments.
    static auto nodes_of(Anatomy const& cell) {
        decltype(nodes) all;
        unroll<channel_count>([&](auto k) {
            for (auto const* section : std::get<k>(cell.biophysics).sections)
                for (auto const& segment : segments(*section)) all[k].push_back(cell.site(segment).node);
        });
        return all;
    }

    template <class M>
    static auto parameters_of(Insertion<M> const& insertion, std::size_t places, double dt) {
        std::vector<typename Evaluation<M>::Channel> values;
        for (auto const& varied : insertion.varied) values.push_back(Evaluation<M>::channel(varied));
        if (values.empty()) values.push_back(Evaluation<M>::channel(insertion.mechanism));
        return Parameters<typename Evaluation<M>::Channel, L>(std::move(values), places, dt);
    }

    template <class M>
    static auto rates_of(Insertion<M> const&, auto const& parameters) {
        auto rates = Evaluation<M>::template rates<Real>(parameters.shared());
        for (auto const& each : parameters.shared_values())
            require(
                rates.serves(each),
                "{}: rates are tabulated once for all segments, so parameters that change them cannot vary",
                each.name);
        return rates;
    }
};

}  // namespace hillock::inline HILLOCK_ISA
