// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/population/cable.hpp>
#include <hillock/population/gates.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The step of cells of several nodes, W at once: currents in uS and nA into the equations of the cable,
/// their solution, then states. Behind its state a block has room for the equations, two lanes a node.
template <class L, class Anatomy>
class Branches {
    using Real = typename L::value_type;
    using Parts = Mechanisms<L, Anatomy>;

public:
    Branches() = default;
    Branches(Tree const& tree, double dt) : cable_(tree, dt), dt_{static_cast<Real>(dt)} {}

    std::size_t nodes() const { return cable_.size(); }

    /// To be called when parameters have changed: those currents that never change become part of the cable's
    /// constants.
    void fold_leaks(Parts const& parts) {
        std::vector<typename Cable<L>::Leak> leaks;
        std::vector<bool> active(nodes(), false);
        for (auto const node : parts.synapse_node) active[node] = true;
        unroll<Parts::channel_count>([&](auto k) {
            auto const& parameters = std::get<k>(parts.channels);
            constexpr bool may_be_leak = requires { parameters.shared().current(); };
            is_leak_[k] = may_be_leak && parameters.same_in_all_cells();
            for (std::size_t place = 0; place < parts.nodes[k].size(); ++place) {
                auto const node = parts.nodes[k][place];
                if (!is_leak_[k])
                    active[node] = true;
                else if constexpr (may_be_leak)
                    leaks.push_back({node, parameters.shared(place).current()});
            }
        });
        cable_.set_constants(leaks, active);
    }

    /// One step of the block whose state is at `at`; the rest as Compartment::advance has it.
    void advance(Parts const& parts, std::size_t block, Real* at, Real* arrived, std::size_t stride,
                 auto const& electrodes) const {
        solve(parts, block, at, arrived, stride, electrodes);
        unroll<Parts::channel_count>([&](auto k) {
            auto const& channels = std::get<k>(parts.channels);
            auto const& rates = std::get<k>(parts.rates);
            using C = typename std::remove_cvref_t<decltype(channels)>::Lanes;
            auto const& nodes = parts.nodes[k];
            Gates<L, C, std::remove_cvref_t<decltype(rates)>>::advance(
                rates, dt_, nodes.size(), [&](std::size_t place) {
                    return ChannelPlace<C, L>{channels.of(block, place),
                                              L::load(at + nodes[place] * L::width),
                                              at + parts.channel_row(k, place) * L::width};
                });
        });
    }

private:
    /// V of all nodes, and the synapses, which do not ask for the new V.
    HILLOCK_KERNEL void solve(Parts const& parts, std::size_t block, Real* at, Real* arrived,
                              std::size_t stride, auto const& electrodes) const {
        Real* const excess = at + parts.layout.end * L::width;
        Real* const right = excess + nodes() * L::width;
        L const dt = dt_;
        auto const v = [&](std::size_t node) { return L::load(at + node * L::width); };
        auto const add = [&](std::size_t node, Current<L> i) {
            (L::load(excess + node * L::width) + i.g).store(excess + node * L::width);
            (L::load(right + node * L::width) + i.ge).store(right + node * L::width);
        };

        cable_.begin(at, excess, right);
        electrodes(block, [&](std::size_t node, L amp) { add(node, injected(amp)); });
        unroll<Parts::synapse_count>([&](auto k) {
            using M = typename Parts::template SynapseAt<k>;
            auto const& synapse = std::get<k>(parts.synapses).of(block);
            Real* const states = at + parts.layout.synapse[k] * L::width;
            auto state = members::load_states<M, L>(states);
            synapse.receive(state, L::load(arrived + k * stride));
            L(0).store(arrived + k * stride);
            add(parts.synapse_node[k], synapse.current(v(parts.synapse_node[k]), state));
            synapse.advance(state, dt);
            members::store_states<M, L>(state, states);
        });
        unroll<Parts::channel_count>([&](auto k) {
            using M = typename Parts::template ChannelAt<k>;
            if (is_leak_[k]) return;
            for (std::size_t place = 0; place < parts.nodes[k].size(); ++place) {
                auto const node = parts.nodes[k][place];
                auto const state = members::load_states<M, L>(at + parts.channel_row(k, place) * L::width);
                add(node, cable_.scale(node) *
                              std::get<k>(parts.channels).of(block, place).current(v(node), state));
            }
        });

        cable_.solve(at, excess, right);
    }

    Cable<L> cable_;
    std::array<bool, Parts::channel_count>
        is_leak_{};  // whether a channel's current is among the cable's constants
    Real dt_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA
