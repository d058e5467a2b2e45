// SPDX-License-Identifier: MIT
#pragma once

/// One step of NEURON's staggered implicit Euler, as phases over a block. The same phases serve cells of one
/// compartment, whose equation stays in registers, and trees of many nodes, whose equations are rows:
///
///   synapses   receive what arrives in sum, give their currents, and decay
///   channels   give their currents, at the voltage and states of the step's beginning
///   solve      the equations: the new voltages
///   states     of the channels, and of synapses that follow V, at the new voltages
///
/// Synapses that take events one by one have done so before (receiving.hpp).
///
/// Equations take currents as i = g V - ge: add_point(node, i) in uS and nA, then add_density(node, i) in
/// S/cm2 and mA/cm2.

#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/population/block.hpp>
#include <hillock/population/gates.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// A block at rest at the voltages `v`: every gate at its steady state.
template <class View>
void initialise(View const& block, typename View::Lane v, auto const& rates) {
    using Parts = typename View::Mechanisms;
    using L = typename View::Lane;
    for (std::size_t node = 0; node < block.nodes(); ++node) v.store(block.row(node));
    begin_node_variables(block);
    meta::unroll<Parts::channel_count>([&](auto k) {
        for (std::size_t place = 0; place < block.template channel_places<k>(); ++place)
            block.template channel<k>(place).initialise(std::get<k>(rates));
        if constexpr (WritesOf<typename Parts::template ChannelAt<k>>::type::size > 0)
            follow_nernst(block, block.nernst_nodes());
    });
    meta::unroll<Parts::group_count>([&](auto k) {
        if constexpr (initialises<typename Parts::template SynapseAt<k>, L>)
            block.template for_each_synapse<k>(
                [&](std::size_t place) { block.template synapse<k>(place).initialise(0); });
    });
    follow_nernst(block, block.nernst_nodes());
}

/// Leaves at t = 0 what currents do, as NEURON's finitialize does: sums at nodes, and the numbers of
/// mechanisms that say so. Others, which count for example, stay as they began.
template <class View>
void show_currents(View const& block) {
    using Parts = typename View::Mechanisms;
    using L = typename View::Lane;
    auto const show = [&]<class M>(auto const& place, std::type_identity<M>, bool is_point) {
        auto state = place.state();
        auto nearby = place.nearby();
        if (is_point) place.begin_points(nearby);
        place.current(state, nearby);
        if constexpr (shows_at_start<M>) {
            place.store(state);
            place.store_written(nearby);
        }
        if (is_point)
            place.add_points(nearby);
        else
            place.store_sums(nearby);
    };
    meta::unroll<Parts::group_count>([&](auto k) {
        using S = typename Parts::template SynapseAt<k>;
        if constexpr (shows_current<S, L>)
            block.template for_each_synapse<k>([&](std::size_t number) {
                show(block.template synapse<k>(number), std::type_identity<S>{}, true);
            });
    });
    meta::unroll<Parts::channel_count>([&](auto k) {
        using C = typename Parts::template ChannelAt<k>;
        if constexpr (shows_current<C, L>)
            for (std::size_t number = 0; number < block.template channel_places<k>(); ++number)
                show(block.template channel<k>(number), std::type_identity<C>{}, false);
    });
}

/// Synapses receive, give their currents to the equations, and advance if they do not ask for the new V.
template <class View>
void take_synapses(View const& block, auto& equations, typename View::Lane dt) {
    using Parts = typename View::Mechanisms;
    using L = typename View::Lane;
    meta::unroll<Parts::group_count>([&](auto k) {
        using S = typename Parts::template SynapseAt<k>;
        block.template for_each_synapse<k>([&](std::size_t number) {
            auto const place = block.template synapse<k>(number);
            auto state = place.state();
            if constexpr (!TakesEvents<S>)
                place.mechanism.receive(state, block.template take_arrived<k>(number));
            if constexpr (carries_current<S, L>) {
                auto nearby = place.nearby();
                place.begin_points(nearby);
                equations.add_point(place.node, place.current(state, nearby));
                place.store_written(nearby);
                place.add_points(nearby);
            }
            if constexpr (advances_before<S, L>) place.mechanism.advance(state, dt);
            place.store(state);
        });
    });
}

/// Synapses whose states follow V advance.
template <class View>
HILLOCK_KERNEL void advance_late_synapses(View block, typename View::Lane dt) {
    using Parts = typename View::Mechanisms;
    using L = typename View::Lane;
    meta::unroll<Parts::group_count>([&](auto k) {
        using S = typename Parts::template SynapseAt<k>;
        if constexpr (advances_after<S, L>)
            block.template for_each_synapse<k>([&](std::size_t number) {
                auto const place = block.template synapse<k>(number);
                auto state = place.state();
                if constexpr (advances_nearby<S, L>) {
                    auto nearby = place.nearby();
                    place.mechanism.advance(state, place.v(), dt, nearby);
                    place.store_written(nearby);
                } else {
                    place.mechanism.advance(state, place.v(), dt);
                }
                place.store(state);
            });
    });
}

/// Channels give their currents to the equations, but for those that are among their constants.
template <class View>
void take_channels(View const& block, auto& equations) {
    using Parts = typename View::Mechanisms;
    using L = typename View::Lane;
    meta::unroll<Parts::channel_count>([&](auto k) {
        using C = typename Parts::template ChannelAt<k>;
        if constexpr (carries_current<C, L>) {
            if (equations.has_constant(k)) return;
            for (std::size_t number = 0; number < block.template channel_places<k>(); ++number) {
                auto const place = block.template channel<k>(number);
                auto state = place.state();
                auto nearby = place.nearby();
                equations.add_density(place.node, place.current(state, nearby));
                place.store_written(nearby);
                place.store_sums(nearby);
                if constexpr (changes_in_current<C, L>) place.store(state);
            }
        }
    });
}

/// The new voltages of a block. `electrodes(block number, f)` calls f(node, current).
template <class L, class Parts, bool is_compact>
void advance_voltage(Block<L, Parts, is_compact> const& block, auto& equations, auto const& electrodes,
                     L dt) {
    begin_sums(block);
    block.pass_half_step();
    electrodes(block.number(), [&](std::size_t node, Current<L> i) { equations.add_point(node, i); });
    take_synapses(block, equations, dt);
    equations.begin_densities();
    take_channels(block, equations);
    equations.solve();
    block.pass_half_step();
}

/// The current of a mechanism at its place, outward positive, at the voltage and states of now.
auto current_at(auto const& place) {
    auto state = place.state();
    auto nearby = place.nearby();
    auto const current = place.current(state, nearby);
    return current.g * place.v() - current.ge;
}

/// The conductance of a synapse of group `k` in uS; 0 for one without a current.
template <std::size_t k, class View>
auto conductance(View const& block, std::size_t number) {
    using L = typename View::Lane;
    auto const place = block.template synapse<k>(number);
    if constexpr (carries_current<typename View::Mechanisms::template SynapseAt<k>, L>) {
        auto state = place.state();
        auto nearby = place.nearby();
        return place.current(state, nearby).g;
    } else {
        return L(0);
    }
}

/// The states of channel `k` at `count` places: `places` says where in numbers; `view(n)` shows the n-th to
/// channels that ask for more than V.
template <std::size_t k, class L, class Parts>
void advance_states(Parts const& parts, double dt, std::size_t count,
                    GatePlaces<typename Parts::template ChannelAt<k>, L> const& places, auto const& view) {
    using C = typename Parts::template ChannelAt<k>;
    using Rates = std::tuple_element_t<k, typename Parts::Rates>;
    if constexpr (advances_nearby<C, L> || has_rates_nearby<C, L>)
        Gates<L, C, Rates>::advance(std::get<k>(parts.rates), dt, count, view);
    else
        Gates<L, C, Rates>::advance(std::get<k>(parts.rates), dt, count, places);
}

}  // namespace hillock::inline HILLOCK_ISA::population
