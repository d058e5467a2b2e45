// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <tuple>

#include <hillock/population/mechanisms.hpp>
#include <hillock/words/units.hpp>
#include <hillock/words/unroll.hpp>

namespace hillock {

/// The step of cells of one compartment, W at once, in one pass over their state.
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

    /// One step of NEURON's staggered implicit Euler of the block whose state is at `at`: with all currents g V - ge,
    /// (cm/dt + sum g) V(t+dt) = cm/dt V(t) + sum ge; then the states at the new V. `arrived` holds its weights for synapse 0,
    /// `stride` numbers on those for synapse 1; `electrodes(f)` calls f(node, nA). Everything is inlined (g++ by itself calls `exp`,
    /// through memory, which takes twice as long).
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    [[gnu::flatten]]
#endif
    void advance(Parts const& parts, std::size_t block, Real* at, Real* arrived, std::size_t stride, auto const& electrodes) const {
        constexpr auto& layout = Parts::compact;
        L const dt = dt_, c = capacitance_, density_per_point = density_per_point_;
        L v = L::load(at);

        Current<L> total{L(0), L(0)};
        electrodes([&](std::size_t, L amp) { total.ge += density_per_point * amp; });
        typename Parts::SynapseStates synapse_states;
        unroll<Parts::synapse_count>([&](auto k) {
            using M = typename Parts::template SynapseAt<k>;
            auto const& synapse = std::get<k>(parts.synapses).of(block);
            auto& state = std::get<k>(synapse_states) = members::load_states<M, L>(at + layout.synapse[k] * L::width);
            synapse.receive(state, L::load(arrived + k * stride));
            L(0).store(arrived + k * stride);
            total = total + density_per_point * synapse.current(v, state);
        });
        typename Parts::ChannelStates channel_states;
        unroll<Parts::channel_count>([&](auto k) {
            using M = typename Parts::template ChannelAt<k>;
            auto& state = std::get<k>(channel_states) = members::load_states<M, L>(at + layout.channel[k] * L::width);
            total = total + std::get<k>(parts.channels).of(block).current(v, state);
        });

        v = fma(c, v, total.ge) / (c + total.g);
        v.store(at);

        unroll<Parts::channel_count>([&](auto k) {
            auto& state = std::get<k>(channel_states);
            hillock::advance(std::get<k>(parts.channels).of(block), std::get<k>(parts.rates), state, v, dt);
            members::store_states<typename Parts::template ChannelAt<k>, L>(state, at + layout.channel[k] * L::width);
        });
        unroll<Parts::synapse_count>([&](auto k) {
            auto& state = std::get<k>(synapse_states);
            std::get<k>(parts.synapses).of(block).advance(state, dt);
            members::store_states<typename Parts::template SynapseAt<k>, L>(state, at + layout.synapse[k] * L::width);
        });
    }

private:
    Real dt_ = 0, capacitance_ = 0, density_per_point_ = 0;
};

}  // namespace hillock
