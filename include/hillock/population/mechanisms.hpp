// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/assembly.hpp>
#include <hillock/model/event.hpp>
#include <hillock/population/node_numbers.hpp>
#include <hillock/population/parameters.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The rows of a block, each of W numbers, one a cell:
///
///   V of each node | node variable 0 at each node | ... | half steps, if some mechanism asks for the time |
///   states of channel 0 at each of its places | ... | states of synapse 0 | of synapse 1 | ...
///
/// The states of a mechanism at one place follow each other.
template <std::size_t Channels, std::size_t Groups>
struct Layout {
    std::array<std::size_t, Channels> channel{};  // first row of each
    std::array<std::size_t, Groups> synapse{};    // of each group of synapses
    std::size_t end = 0;
};

/// The mechanisms of an assembled cell, ready to be computed with in lanes `L`.
template <class L, class Anatomy>
struct Mechanisms {
    using Real = typename L::value_type;

    // Not private: g++ 12 forgets in generic lambdas whose they are.
    template <class... M>
    static auto channels_of(std::tuple<Insertion<M>...> const&)
        -> std::type_identity<std::tuple<Parameters<typename Evaluation<M>::Channel, L>...>>;
    template <class... M>
    static auto rates_of(std::tuple<Insertion<M>...> const&)
        -> std::type_identity<std::tuple<typename Evaluation<M>::template Rates<Real>...>>;
    template <class... G>
    static auto synapses_of(std::tuple<G...> const&)
        -> std::type_identity<std::tuple<Parameters<typename G::Synapse, L>...>>;

    using Groups = synapse_group::Descriptions<decltype(std::declval<Anatomy>().synlist)>;

    using Channels = typename decltype(channels_of(std::declval<Anatomy>().biophysics))::type;
    using Rates = typename decltype(rates_of(std::declval<Anatomy>().biophysics))::type;
    using Synapses = typename decltype(synapses_of(std::declval<Groups>()))::type;

    static constexpr std::size_t channel_count = std::tuple_size_v<Channels>;
    static constexpr std::size_t group_count = std::tuple_size_v<Synapses>;
    template <std::size_t K>
    using ChannelAt = typename std::tuple_element_t<K, Channels>::Lanes;
    template <std::size_t K>
    using SynapseAt = typename std::tuple_element_t<K, Synapses>::Lanes;

    /// The number of synapses of each group, as far as it is known before the program runs.
    static constexpr auto group_sizes = []<class... G>(std::type_identity<std::tuple<G...>>) {
        return std::array<std::size_t, sizeof...(G)>{G::size...};
    }(std::type_identity<Groups>{});
    static constexpr bool has_fixed_synapses = [] {
        for (auto const size : group_sizes)
            if (size == synapse_group::any_number) return false;
        return true;
    }();

    /// Whether a synapse takes its events one by one, and whether one advances with the new V.
    static constexpr bool takes_events = []<class... P>(std::type_identity<std::tuple<P...>>) {
        return (TakesEvents<typename P::Lanes> || ...);
    }(std::type_identity<Synapses>{});
    /// Whether currents leave something that users may read at t = 0 (step.hpp).
    static constexpr bool shows_currents = []<class... P, class... S>(std::type_identity<std::tuple<P...>>,
                                                                      std::type_identity<std::tuple<S...>>) {
        return (shows_current<typename P::Lanes, L> || ...) || (shows_current<typename S::Lanes, L> || ...);
    }(std::type_identity<Channels>{}, std::type_identity<Synapses>{});
    static constexpr bool has_late_synapses = []<class... P>(std::type_identity<std::tuple<P...>>) {
        return (advances_after<typename P::Lanes, L> || ...);
    }(std::type_identity<Synapses>{});

private:
    template <class... P, class... S>
    static auto numbers_of(std::type_identity<std::tuple<P...>>, std::type_identity<std::tuple<S...>>)
        -> std::type_identity<NodeNumbers<typename P::Lanes..., typename S::Lanes...>>;
    static constexpr auto counts_of = []<class... P>(std::type_identity<std::tuple<P...>>) {
        return std::array<std::size_t, sizeof...(P)>{members::count<typename P::Lanes::State, L>...};
    };

public:
    /// The node variables that the cell has.
    using Numbers =
        typename decltype(numbers_of(std::type_identity<Channels>{}, std::type_identity<Synapses>{}))::type;
    using NumberParameters = Parameters<basic_number<double>, L>;

    /// The number of states that each channel, and each synapse of a group, has at one place.
    static constexpr auto channel_states = counts_of(std::type_identity<Channels>{});
    static constexpr auto synapse_states = counts_of(std::type_identity<Synapses>{});

    /// The rows of a block for cells of `nodes` nodes with so many places.
    static constexpr auto layout_of(std::size_t nodes,
                                    std::array<std::size_t, channel_count> const& channel_places,
                                    std::array<std::size_t, group_count> const& synapses) {
        Layout<channel_count, group_count> rows;
        rows.end = nodes + Numbers::rows(nodes);
        for (std::size_t k = 0; k < channel_count; ++k) {
            rows.channel[k] = rows.end;
            rows.end += channel_places[k] * channel_states[k];
        }
        for (std::size_t k = 0; k < group_count; ++k) {
            rows.synapse[k] = rows.end;
            rows.end += synapses[k] * synapse_states[k];
        }
        return rows;
    }

    std::array<std::vector<std::size_t>, channel_count> channel_nodes;  // of each place
    std::array<std::vector<std::size_t>, group_count> synapse_nodes;
    std::array<std::size_t, group_count> first_synapse{};  // the number of a group's first one
    std::size_t synapse_count = 0, node_count;
    Channels channels;
    Rates rates;
    Synapses synapses;
    Layout<channel_count, group_count> layout;
    Real dt;
    NumberParameters celsius;
    simd::Column<Real> gids;                // where a mechanism may ask
    std::vector<NumberParameters> numbers;  // those of Numbers::Parameters, at each node
    std::vector<Membrane> membranes;        // of the nodes, if a mechanism may ask
    /// The nodes at which each reversal potential is Nernst's at first, and in every step.
    std::array<std::vector<std::size_t>, Numbers::Reversals::size> nernst_at_start, nernst_nodes;

    Mechanisms(Anatomy const& cell, double step)
        : channel_nodes{channel_nodes_of(cell)},
          synapse_nodes{synapse_nodes_of(cell)},
          node_count{cell.tree.nodes().size()},
          channels{tuple_of<Channels>([&](auto k) {
              return channel_parameters(std::get<k>(cell.biophysics), channel_nodes[k].size(), step);
          })},
          rates{tuple_of<Rates>(
              [&](auto k) { return rates_for(std::get<k>(cell.biophysics), std::get<k>(channels)); })},
          synapses{tuple_of<Synapses>([&](auto k) {
              return synapse_parameters<k>(std::get<k>(synapse_group::all_of(cell.synlist)), step);
          })},
          dt{static_cast<Real>(step)},
          celsius({quantity::celsius::is.initial}, step) {
        std::array<std::size_t, channel_count> channel_places{};
        std::array<std::size_t, group_count> sizes{};
        for (std::size_t k = 0; k < channel_count; ++k) channel_places[k] = channel_nodes[k].size();
        for (std::size_t k = 0; k < group_count; ++k) {
            first_synapse[k] = synapse_count;
            sizes[k] = synapse_nodes[k].size();
            synapse_count += sizes[k];
        }
        layout = layout_of(node_count, channel_places, sizes);
        if constexpr (Numbers::Uses::size > 0) add_node_numbers(cell, step);
    }

    /// Gives the new ones of `cells` cells the shared parameters.
    void grow(std::size_t cells) {
        meta::unroll<channel_count>([&](auto k) { std::get<k>(channels).grow(cells); });
        meta::unroll<group_count>([&](auto k) { std::get<k>(synapses).grow(cells); });
        celsius.grow(cells);
        for (auto& each : numbers) each.grow(cells);
    }

    /// The first row of a mechanism's states at one of its places.
    std::size_t channel_row(std::size_t k, std::size_t place) const {
        return layout.channel[k] + place * channel_states[k];
    }
    std::size_t synapse_row(std::size_t k, std::size_t place) const {
        return layout.synapse[k] + place * synapse_states[k];
    }

    /// The node of a synapse by number.
    std::size_t node_of(std::size_t synapse) const {
        std::size_t k = 0;
        while (synapse - first_synapse[k] >= synapse_nodes[k].size()) ++k;
        return synapse_nodes[k][synapse - first_synapse[k]];
    }

    /// The numbers that a connection onto each synapse has, 0 where weights are summed.
    std::vector<std::size_t> connection_sizes() const {
        std::vector<std::size_t> all(synapse_count);
        if constexpr (takes_events)
            meta::unroll<group_count>([&](auto k) {
                for (std::size_t place = 0; place < synapse_nodes[k].size(); ++place)
                    all[first_synapse[k] + place] = connection_size<SynapseAt<k>>();
            });
        return all;
    }

    /// The nodes at which some mechanism has one of these node variables in its list `Of`, in rising order.
    template <template <class> class Of, class... Variable>
    std::vector<std::size_t> nodes_where() const {
        std::vector<std::size_t> all;
        auto const add = [&]<class M>(std::type_identity<M>, std::vector<std::size_t> const& nodes) {
            if constexpr ((Of<M>::type::template has<Variable> || ...)) meta::append(all, nodes);
        };
        meta::unroll<channel_count>(
            [&](auto k) { add(std::type_identity<ChannelAt<k>>{}, channel_nodes[k]); });
        meta::unroll<group_count>([&](auto k) { add(std::type_identity<SynapseAt<k>>{}, synapse_nodes[k]); });
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    }

    /// The nodes at which a node variable is a state: it is written there, or follows Nernst.
    template <class Variable>
    std::vector<std::size_t> nodes_where_state() const {
        auto all = nodes_where<WritesOf, Variable>();
        if constexpr (Numbers::Reversals::template has<Variable>) {
            std::vector<std::size_t> both;
            auto const& nernst = nernst_at_start[Numbers::Reversals::template index_of<Variable>];
            std::set_union(all.begin(), all.end(), nernst.begin(), nernst.end(), std::back_inserter(both));
            return both;
        }
        return all;
    }

private:
    void add_node_numbers(Anatomy const& cell, double step) {
        Numbers::Parameters::for_each([&](auto variable) {
            numbers.emplace_back(std::vector<basic_number<double>>{{variable.is.initial}}, node_count, step);
        });
        membranes = membranes_of(cell);
        Numbers::Reversals::for_each([&]<class V>(V) {
            using Ion = typename V::ion;
            constexpr auto k = Numbers::Reversals::template index_of<V>;
            nernst_at_start[k] = nodes_where<UsesOf, typename Ion::inside, typename Ion::outside>();
            nernst_nodes[k] = nodes_where<WritesOf, typename Ion::inside, typename Ion::outside>();
        });
    }

    template <class Tuple>
    static Tuple tuple_of(auto&& make) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return Tuple{make(std::integral_constant<std::size_t, K>{})...};
        }(std::make_index_sequence<std::tuple_size_v<Tuple>>{});
    }

    /// In the order of the sections and their segments.
    static auto channel_nodes_of(Anatomy const& cell) {
        decltype(channel_nodes) all;
        meta::unroll<channel_count>([&](auto k) {
            for (auto const* section : std::get<k>(cell.biophysics).sections)
                for (auto const& segment : segments(*section)) all[k].push_back(cell.site(segment).node);
        });
        return all;
    }
    static auto synapse_nodes_of(Anatomy const& cell) {
        decltype(synapse_nodes) all;
        meta::unroll<group_count>([&](auto k) {
            for (auto const& placed :
                 synapse_group::members(std::get<k>(synapse_group::all_of(cell.synlist))))
                all[k].push_back(cell.site(placed.where).node);
        });
        return all;
    }

    template <class M>
    static auto channel_parameters(Insertion<M> const& insertion, std::size_t places, double dt) {
        std::vector<typename Evaluation<M>::Channel> values;
        for (auto const& varied : insertion.varied) values.push_back(Evaluation<M>::channel(varied));
        if (values.empty()) values.push_back(Evaluation<M>::channel(insertion.mechanism));
        return Parameters<typename Evaluation<M>::Channel, L>(std::move(values), places, dt);
    }
    /// One value for all places if they are many and alike.
    template <std::size_t K>
    static auto synapse_parameters(auto const& group, double dt) {
        using P = std::tuple_element_t<K, Synapses>;
        std::vector<typename P::Mechanism> values;
        for (auto const& placed : synapse_group::members(group)) values.push_back(synapse(placed));
        auto const places = values.size();
        if constexpr (group_sizes[K] == synapse_group::any_number)
            if (P::alike(values)) values.resize(1);
        return P(std::move(values), places, dt);
    }

    template <class M>
    static auto rates_for(Insertion<M> const&, auto const& parameters) {
        auto rates = Evaluation<M>::template rates<Real>(parameters.shared());
        for (auto const& each : parameters.shared_values())
            require(
                rates.serves(each),
                "{}: rates are tabulated once for all segments, so parameters that change them cannot vary",
                each.name);
        return rates;
    }
};

}  // namespace hillock::inline HILLOCK_ISA::population
