// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <tuple>

#include <hillock/population/mechanisms.hpp>
#include <hillock/words/units.hpp>
#include <hillock/words/unroll.hpp>

namespace hillock {

/// The step of cells of one compartment, W at once: NEURON's staggered implicit Euler, in two functions. A processor looks only some
/// hundred instructions ahead, and sees more blocks at once when the chain that ends in V is not followed by the long one through
/// the rates. Everything they call is inlined (g++ by itself calls `exp`, through memory, which takes twice as long).
template <class L, class Anatomy>
class Compartment {
    using Real = typename L::value_type;
    using Parts = Mechanisms<L, Anatomy>;

public:
    Compartment() = default;
    Compartment(Section const& soma, double dt)
        : dt_{static_cast<Real>(dt)},
          capacitance_{static_cast<Real>(units::capacitive_conductance(soma.cm, dt))},
          density_per_point_{static_cast<Real>(units::density_per_point(soma.segment_area()))} {}

    /// V and the synapses of the block whose state is at `at`: with all currents g V - ge,
    /// (cm/dt + sum g) V(t+dt) = cm/dt V(t) + sum ge; the synapses do not ask for the new V. `arrived` holds the block's weights for
    /// synapse 0, `stride` numbers on those for synapse 1; `electrodes(f)` calls f(node, nA).
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    [[gnu::flatten]]
#endif
    void advance(Parts const& parts, std::size_t block, Real* at, Real* arrived, std::size_t stride, auto const& electrodes) const {
        constexpr auto& layout = Parts::compact;
        L const dt = dt_, c = capacitance_, v = L::load(at);

        Current<L> points{L(0), L(0)};
        electrodes([&](std::size_t, L amp) { points.ge += amp; });
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
        auto total = L(density_per_point_) * points;
        unroll<Parts::channel_count>([&](auto k) {
            using M = typename Parts::template ChannelAt<k>;
            auto const state = members::load_states<M, L>(at + layout.channel[k] * L::width);
            total = total + std::get<k>(parts.channels).of(block).current(v, state);
        });
        (fma(c, v, total.ge) / (c + total.g)).store(at);
    }

    /// Then the states of its channels at the new V.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    [[gnu::flatten]]
#endif
    void advance_channels(Parts const& parts, std::size_t block, Real* at) const {
        L const dt = dt_, v = L::load(at);
        unroll<Parts::channel_count>([&](auto k) {
            using M = typename Parts::template ChannelAt<k>;
            Real* const from = at + Parts::compact.channel[k] * L::width;
            auto state = members::load_states<M, L>(from);
            hillock::advance(std::get<k>(parts.channels).of(block), std::get<k>(parts.rates), state, v, dt);
            members::store_states<M, L>(state, from);
        });
    }

private:
    Real dt_ = 0, capacitance_ = 0, density_per_point_ = 0;
};

}  // namespace hillock
