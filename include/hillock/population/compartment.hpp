// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/population/mechanisms.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/words/units.hpp>
#include <hillock/words/unroll.hpp>

namespace hillock {

/// The step of cells of one compartment, block after block: NEURON's staggered implicit Euler, in three passes over some blocks. A
/// processor looks less than a hundred instructions ahead for one that it can begin, so it gets more done at once in three short chains
/// than in the long one from the synapses through V and the rates to the gates.
template <class L, class Anatomy>
class Compartment {
    using Real = typename L::value_type;
    using Parts = Mechanisms<L, Anatomy>;

    static constexpr auto& layout = Parts::compact;
    static constexpr std::size_t size = layout.end * L::width;  // of a block, in numbers

public:
    Compartment() = default;
    Compartment(Section const& soma, double dt)
        : dt_{static_cast<Real>(dt)},
          capacitance_{static_cast<Real>(units::capacitive_conductance(soma.cm, dt))},
          density_per_point_{static_cast<Real>(units::density_per_point(soma.segment_area()))} {}

    /// One step of the blocks [first, last), whose states begin at `state`. `arrived` holds the first block's weights for synapse 0,
    /// `stride` numbers on those for synapse 1; `electrodes(block, f)` calls f(node, nA).
    void advance(Parts const& parts, std::size_t first, std::size_t last, Real* state, Real* arrived, std::size_t stride, auto const& electrodes) const {
        solve(parts, first, last, state, arrived, stride, electrodes);
        unroll<Parts::channel_count>([&](auto k) {
            using M = typename Parts::template ChannelAt<k>;
            if constexpr (!std::is_empty_v<typename M::State>)
                for (auto block = first; block < last; block += group)
                    advance_channel(k, parts, block, std::min(block + group, last), state + (block - first) * size);
        });
    }

private:
    static constexpr std::size_t group = 8;  // blocks whose gates stay in a first-level cache

    /// V and the synapses: with all currents g V - ge, (cm/dt + sum g) V(t+dt) = cm/dt V(t) + sum ge; the synapses do not ask for the
    /// new V.
    HILLOCK_KERNEL void solve(Parts const& parts, std::size_t first, std::size_t last, Real* at, Real* arrived, std::size_t stride,
                               auto const& electrodes) const {
        L const dt = dt_, c = capacitance_, density_per_point = density_per_point_;
        for (auto block = first; block < last; ++block, at += size, arrived += L::width) {
            L const v = L::load(at);
            Current<L> points{L(0), L(0)};
            electrodes(block, [&](std::size_t, L amp) { points.ge += amp; });
            unroll<Parts::synapse_count>([&](auto k) {
                using M = typename Parts::template SynapseAt<k>;
                auto const& synapse = std::get<k>(parts.synapses).of(block);
                auto state = members::load_states<M, L>(at + layout.synapse[k] * L::width);
                synapse.receive(state, L::load(arrived + k * stride));
                L(0).store(arrived + k * stride);
                points = points + synapse.current(v, state);
                synapse.advance(state, dt);
                members::store_states<M, L>(state, at + layout.synapse[k] * L::width);
            });
            auto total = density_per_point * points;
            unroll<Parts::channel_count>([&](auto k) {
                using M = typename Parts::template ChannelAt<k>;
                auto const state = members::load_states<M, L>(at + layout.channel[k] * L::width);
                total = total + std::get<k>(parts.channels).of(block).current(v, state);
            });
            (fma(c, v, total.ge) / (c + total.g)).store(at);
        }
    }

    /// The states of a channel at the new V of the blocks [first, last), at most a group.
    template <std::size_t K>
    void advance_channel(std::integral_constant<std::size_t, K> k, Parts const& parts, std::size_t first, std::size_t last, Real* at) const {
        using M = typename Parts::template ChannelAt<K>;
        auto const& channel = std::get<K>(parts.channels);
        auto const& rates = std::get<K>(parts.rates);
        if constexpr (advances_itself<M, L>) {
            advance_states(k, channel, first, last, at);
        } else {
            std::array<decltype(rates(channel.of(0), L())), group> gates;
            find_gates(channel, rates, first, last, at, gates);
            advance_gates(k, gates, last - first, at);
        }
    }

    HILLOCK_KERNEL void find_gates(auto const& channel, auto const& rates, std::size_t first, std::size_t last, Real const* at, auto& gates) const {
        for (auto block = first; block < last; ++block, at += size) gates[block - first] = rates(channel.of(block), L::load(at));
    }

    template <std::size_t K, class Gates>
    HILLOCK_KERNEL void advance_gates(std::integral_constant<std::size_t, K>, Gates const& gates, std::size_t n, Real* at) const {
        constexpr auto states = Parts::template ChannelAt<K>::states().size();
        static_assert(std::tuple_size_v<typename Gates::value_type> == states, "rates() must give one gate for each state");
        L const dt = dt_;
        for (std::size_t block = 0; block < n; ++block, at += size) {
            Real* const from = at + layout.channel[K] * L::width;
            std::array<L, states> x;
            for (std::size_t k = 0; k < states; ++k) x[k] = L::load(from + k * L::width);
            auto const later = after(gates[block], dt, x);
            for (std::size_t k = 0; k < states; ++k) later[k].store(from + k * L::width);
        }
    }

    template <std::size_t K>
    HILLOCK_KERNEL void advance_states(std::integral_constant<std::size_t, K>, auto const& channel, std::size_t first, std::size_t last, Real* at) const {
        using M = typename Parts::template ChannelAt<K>;
        L const dt = dt_;
        for (auto block = first; block < last; ++block, at += size) {
            Real* const from = at + layout.channel[K] * L::width;
            auto state = members::load_states<M, L>(from);
            channel.of(block).advance(state, L::load(at), dt);
            members::store_states<M, L>(state, from);
        }
    }

    Real dt_ = 0, capacitance_ = 0, density_per_point_ = 0;
};

}  // namespace hillock
