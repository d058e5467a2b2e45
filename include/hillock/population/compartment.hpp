// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/population/gates.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The step of cells of one compartment: NEURON's staggered implicit Euler, first V and the synapses of all
/// blocks, then their gates.
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

    /// One step of the blocks [first, last), whose states begin at `state`. `arrived` holds the first block's
    /// weights for synapse 0, `stride` numbers on those for synapse 1; `electrodes(block, f)` calls f(node,
    /// nA).
    void advance(Parts const& parts, std::size_t first, std::size_t last, Real* state, Real* arrived,
                 std::size_t stride, auto const& electrodes) const {
        solve(parts, first, last, state, arrived, stride, electrodes);
        unroll<Parts::channel_count>([&](auto k) {
            auto const& channels = std::get<k>(parts.channels);
            auto const& rates = std::get<k>(parts.rates);
            using C = typename std::remove_cvref_t<decltype(channels)>::Lanes;
            Gates<L, C, std::remove_cvref_t<decltype(rates)>>::advance(
                rates, dt_, last - first, [&](std::size_t n) {
                    Real* const at = state + n * size;
                    return ChannelPlace<C, L>{channels.of(first + n), L::load(at),
                                              at + layout.channel[k] * L::width};
                });
        });
    }

private:
    /// V and the synapses: with all currents g V - ge, (cm/dt + sum g) V(t+dt) = cm/dt V(t) + sum ge; the
    /// synapses do not ask for the new V.
    HILLOCK_KERNEL void solve(Parts const& parts, std::size_t first, std::size_t last, Real* at,
                              Real* arrived, std::size_t stride, auto const& electrodes) const {
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

    Real dt_ = 0, capacitance_ = 0, density_per_point_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA
