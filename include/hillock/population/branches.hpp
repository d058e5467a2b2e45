// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/cable.hpp>
#include <hillock/population/step.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The step of cells of several nodes, block by block. Behind its states a block has room for the equations
/// of the cable, two rows a node.
template <class L, class Parts>
class Branches {
    using Real = typename L::value_type;
    using View = Block<L, Parts, false>;

public:
    Branches() = default;
    Branches(NodeTree const& tree, double dt) : cable_(tree, dt), dt_{static_cast<Real>(dt)} {}

    std::size_t nodes() const { return cable_.size(); }
    Cable<L> const& cable() const { return cable_; }
    /// Whether a channel's current is among the cable's constants.
    auto const& is_leak() const { return is_leak_; }

    /// Makes those currents that never change part of the cable's constants; to be called again when
    /// parameters have changed. Other conductances than those of mechanisms are at the nodes `conducting`.
    void fold_leaks(Parts const& parts, std::vector<std::size_t> const& conducting) {
        std::vector<typename Cable<L>::Leak> leaks;
        std::vector<bool> active(nodes(), false);
        for (auto const node : conducting) active[node] = true;
        for (auto const& nodes : parts.synapse_nodes)
            for (auto const node : nodes) active[node] = true;
        meta::unroll<Parts::channel_count>([&](auto k) {
            auto const& parameters = std::get<k>(parts.channels);
            constexpr bool may_be_leak = requires { parameters.shared().current(); };
            is_leak_[k] = may_be_leak && parameters.same_in_all_cells();
            for (std::size_t place = 0; place < parts.channel_nodes[k].size(); ++place) {
                auto const node = parts.channel_nodes[k][place];
                if (!is_leak_[k])
                    active[node] = true;
                else if constexpr (may_be_leak)
                    leaks.push_back({node, parameters.shared(place).current()});
            }
        });
        cable_.set_constants(leaks, active);
    }

    /// One step of block `number`; the rest as Block and advance_voltage have it.
    void advance(Parts const& parts, std::size_t number, Real* rows, Real* arrived, std::size_t stride,
                 auto const& electrodes) const {
        View const block(parts, number, rows, arrived, stride);
        solve(parts, block, electrodes);
        meta::unroll<Parts::channel_count>([&](auto k) {
            auto const& channels = std::get<k>(parts.channels);
            auto const& nodes = parts.channel_nodes[k];
            Real* const states = block.row(parts.layout.channel[k]);
            advance_states<k, L>(parts, dt_, nodes.size(),
                                 {&channels.of(number), channels.place_stride(), rows, nodes.data(), 0,
                                  states, Parts::channel_states[k] * L::width},
                                 [&](std::size_t place) { return block.template channel<k>(place); });
        });
        if constexpr (Parts::has_late_synapses) advance_late_synapses(block, L(dt_));
    }

private:
    /// The equations of the cable in the block's own rows (see Cable), in uS and nA.
    struct Equations {
        Cable<L> const& cable;
        std::array<bool, Parts::channel_count> const& is_leak;
        Real *v, *excess, *right;

        bool has_constant(std::size_t channel) const { return is_leak[channel]; }
        void add_point(std::size_t node, Current<L> i) {
            (L::load(excess + node * L::width) + i.g).store(excess + node * L::width);
            (L::load(right + node * L::width) + i.ge).store(right + node * L::width);
        }
        void begin_densities() {}
        void add_density(std::size_t node, Current<L> i) { add_point(node, cable.scale(node) * i); }
        void solve() { cable.solve(v, excess, right); }
    };

    HILLOCK_KERNEL void solve(Parts const& parts, View const& block, auto const& electrodes) const {
        Real* const excess = block.row(parts.layout.end);
        Equations equations{cable_, is_leak_, block.row(0), excess, excess + nodes() * L::width};
        cable_.begin(equations.v, equations.excess, equations.right);
        advance_voltage(block, equations, electrodes, L(dt_));
    }

    Cable<L> cable_;
    std::array<bool, Parts::channel_count>
        is_leak_{};  // whether a channel's current is among the cable's constants
    Real dt_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::population
