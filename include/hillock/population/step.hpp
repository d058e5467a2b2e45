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
template <class L, class Parts, bool is_compact>
void initialise(Block<L, Parts, is_compact> const& block, L v, auto const& rates) {
    for (std::size_t node = 0; node < block.nodes(); ++node) v.store(block.row(node));
    block.begin_node_variables([](NodeVariable const&) { return true; });
    meta::unroll<Parts::channel_count>([&](auto k) {
        for (std::size_t place = 0; place < block.template channel_places<k>(); ++place)
            block.template channel<k>(place).initialise(std::get<k>(rates));
    });
    meta::unroll<Parts::group_count>([&](auto k) {
        if constexpr (initialises<typename Parts::template SynapseAt<k>, L>)
            block.template for_each_synapse<k>(
                [&](std::size_t place) { block.template synapse<k>(place).initialise(0); });
    });
}

/// The current of a mechanism at its place, which may contribute to node variables.
template <class M, class B>
auto current_of(PlaceView<M, B> const& place, typename M::State const& state) {
    if constexpr (UsesNodeVariables<M>) {
        auto nearby = place.nearby();
        auto const current = place.mechanism.current(place.v(), state, nearby);
        place.store(nearby);
        return current;
    } else {
        return place.mechanism.current(place.v(), state);
    }
}

/// Synapses receive, give their currents to the equations, and advance if they do not ask for the new V.
template <class L, class Parts, bool is_compact>
void take_synapses(Block<L, Parts, is_compact> const& block, auto& equations, L dt) {
    meta::unroll<Parts::group_count>([&](auto k) {
        using S = typename Parts::template SynapseAt<k>;
        block.template for_each_synapse<k>([&](std::size_t number) {
            auto const place = block.template synapse<k>(number);
            auto state = place.state();
            if constexpr (!TakesEvents<S>)
                place.mechanism.receive(state, block.template take_arrived<k>(number));
            if constexpr (carries_current<S, L>) equations.add_point(place.node, current_of(place, state));
            if constexpr (advances_before<S, L>) place.mechanism.advance(state, dt);
            place.store(state);
        });
    });
}

/// Synapses whose states follow V advance.
template <class L, class Parts, bool is_compact>
HILLOCK_KERNEL void advance_late_synapses(Block<L, Parts, is_compact> block, L dt) {
    meta::unroll<Parts::group_count>([&](auto k) {
        using S = typename Parts::template SynapseAt<k>;
        if constexpr (advances_after<S, L>)
            block.template for_each_synapse<k>([&](std::size_t number) {
                auto const place = block.template synapse<k>(number);
                auto state = place.state();
                if constexpr (advances_nearby<S, L>) {
                    auto nearby = place.nearby();
                    place.mechanism.advance(state, place.v(), dt, nearby);
                    place.store(nearby);
                } else {
                    place.mechanism.advance(state, place.v(), dt);
                }
                place.store(state);
            });
    });
}

/// Channels give their currents to the equations, but for those that are among their constants.
template <class L, class Parts, bool is_compact>
void take_channels(Block<L, Parts, is_compact> const& block, auto& equations) {
    meta::unroll<Parts::channel_count>([&](auto k) {
        if (equations.has_constant(k)) return;
        for (std::size_t number = 0; number < block.template channel_places<k>(); ++number) {
            auto const place = block.template channel<k>(number);
            equations.add_density(place.node, current_of(place, place.state()));
        }
    });
}

/// The new voltages of a block. `electrodes(block number, f)` calls f(node, nA).
template <class L, class Parts, bool is_compact>
void advance_voltage(Block<L, Parts, is_compact> const& block, auto& equations, auto const& electrodes,
                     L dt) {
    block.begin_node_variables([](NodeVariable const& variable) { return variable.summed; });
    electrodes(block.number(), [&](std::size_t node, L amp) { equations.add_point(node, injected(amp)); });
    take_synapses(block, equations, dt);
    equations.begin_densities();
    take_channels(block, equations);
    equations.solve();
}

/// The states of channel `k` at `count` places: `places` says where in numbers; `view(n)` shows the n-th to
/// channels that ask for more than V.
template <std::size_t k, class L, class Parts>
void advance_states(Parts const& parts, double dt, std::size_t count,
                    GatePlaces<typename Parts::template ChannelAt<k>, L> const& places, auto const& view) {
    using C = typename Parts::template ChannelAt<k>;
    using Rates = std::tuple_element_t<k, typename Parts::Rates>;
    if constexpr (advances_nearby<C, L>)
        Gates<L, C, Rates>::advance(std::get<k>(parts.rates), dt, count, view);
    else
        Gates<L, C, Rates>::advance(std::get<k>(parts.rates), dt, count, places);
}

}  // namespace hillock::inline HILLOCK_ISA::population
