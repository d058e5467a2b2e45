// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/cable.hpp>
#include <hillock/population/step.hpp>
#include <hillock/population/strip_block.hpp>
#include <hillock/population/strip_cable.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The step of cells of several nodes one by one, with lanes along the cell. Behind its states a cell has
/// room for the equations of the cable, two numbers a node. The bits are those of Branches.
template <class L, class Parts>
class Along {
    using Real = typename L::value_type;
    using One = simd::Lane<Real, simd::scalar>;
    using View = StripBlock<L, Parts>;
    using IsLeak = std::array<bool, Parts::channel_count>;

public:
    Along(Parts const& parts, NodeTree const& tree, Cable<L> const& cable)
        : chains_{tree.nodes(), cable.pre_eliminated(), L::width},
          strips_{parts, chains_},
          positions_{strips_.positions(parts)} {}

    /// To be called when parameters have changed.
    void assign(Parts const& parts, NodeTree const& tree, Cable<L> const& cable, IsLeak const& is_leak,
                std::size_t cells) {
        strips_.assign(parts, cells);
        cable_.assign(tree, cable, strips_.strips, chains_);
        is_leak_ = is_leak;
        dt_ = parts.dt;
    }

    /// The size of a cell in numbers, and the place of each of its rows.
    std::size_t cell_size() const { return (strips_.layout.end + 2 * strips_.strips.count()) * L::width; }
    std::size_t position(std::size_t row) const { return positions_[row]; }
    std::size_t node_position(std::size_t node) const { return strips_.strips.position(node); }

    /// A cell at rest at the voltage `v`; its rows hold 0.
    void initialise(Parts const& parts, std::size_t cell, Real* rows, Real v) const {
        population::initialise(View(parts, strips_, cell, rows, nullptr, 0), L(v), parts.rates);
    }

    /// Leaves at t = 0 what currents do (step.hpp).
    void show_currents(Parts const& parts, std::size_t cell, Real* rows) const {
        population::show_currents(View(parts, strips_, cell, rows, nullptr, 0));
    }

    /// The cells of block `number`, whose rows are at `rows`, as a Receiver sees them.
    auto cells(Parts const& parts, std::size_t number, Real* rows) const {
        return Cells{parts, *this, number, rows};
    }

    /// One step of a cell; the rest as Branches has it.
    void advance(Parts const& parts, std::size_t cell, Real* rows, Real* arrived, std::size_t stride,
                 auto const& electrodes) const {
        View const block(parts, strips_, cell, rows, arrived, stride);
        collect(block, electrodes);
        Real* const excess = block.row(strips_.layout.end);
        cable_.solve(rows, excess, excess + strips_.strips.count() * L::width);
        block.pass_half_step();
        meta::unroll<Parts::channel_count>([&](auto k) {
            auto const& channels = std::get<k>(strips_.channels);
            auto const& strips = strips_.channel_places[k].strips();
            advance_states<k, L>(parts, dt_, strips.size(),
                                 {channels.of(cell), channels.place_stride(), rows, strips.data(), 0,
                                  block.row(strips_.layout.channel[k]), Parts::channel_states[k] * L::width},
                                 [&](std::size_t place) { return block.template channel<k>(place); });
        });
        if constexpr (Parts::has_late_synapses) advance_late_synapses(block, L(dt_));
    }

    /// One of the numbers that f(block, strip of places) gives where a place of a channel, or of a synapse of
    /// group `k`, is.
    template <std::size_t k, bool is_channel>
    Real number_at(Parts const& parts, std::size_t cell, Real* rows, std::size_t place, auto const& f) const {
        auto const at = [&] {
            if constexpr (is_channel)
                return strips_.channel_places[k].position(place);
            else
                return strips_.synapse_places[k].position(place);
        }();
        alignas(simd::alignment) std::array<Real, L::width> numbers;
        f(View(parts, strips_, cell, rows, nullptr, 0), at.strip).store(numbers.data());
        return numbers[at.lane];
    }

private:
    struct Cells {
        using Lane = L;
        using Mechanisms = Parts;

        Parts const& parts;
        Along const& along;
        std::size_t block;
        Real* rows;

        std::size_t number() const { return block; }
        double v_of(std::size_t node, std::size_t lane) const {
            return static_cast<double>(v_at(node, lane));
        }
        void set_v(std::size_t node, std::size_t lane, double v) const {
            v_at(node, lane) = static_cast<Real>(v);
        }
        Real& v_at(std::size_t node, std::size_t lane) const {
            return rows[lane * along.cell_size() + along.node_position(node)];
        }
        template <class V>
        double number(V variable, std::size_t node, std::size_t lane) const {
            return cell(lane).number(variable, node);
        }
        template <std::size_t k>
        auto synapse_of(std::size_t place, std::size_t lane) const {
            return cell(lane).template synapse_at<k>(place);
        }
        View cell(std::size_t lane) const {
            return {parts, along.strips_, block * L::width + lane, rows + lane * along.cell_size(), nullptr,
                    0};
        }
    };

    /// The equations of the cable in the cell's own rows, in uS and nA.
    struct Equations {
        StripCable<L> const& cable;
        IsLeak const& is_leak;
        Real *excess, *right;

        bool has_constant(std::size_t channel) const { return is_leak[channel]; }
        void add_point(std::size_t strip, Current<L> i) {
            (L::load(excess + strip * L::width) + i.g).store(excess + strip * L::width);
            (L::load(right + strip * L::width) + i.ge).store(right + strip * L::width);
        }
        void add_density(std::size_t strip, Current<L> i) { add_point(strip, cable.scale(strip) * i); }
    };

    /// The currents of a step, in the order of `advance_voltage`.
    HILLOCK_KERNEL void collect(View block, auto const& electrodes) const {
        Real* const excess = block.row(strips_.layout.end);
        Equations equations{cable_, is_leak_, excess, excess + strips_.strips.count() * L::width};
        cable_.begin(block.nodes(), block.row(0), equations.excess, equations.right);
        begin_sums(block);
        block.pass_half_step();
        electrodes.of_cell(block.number(), [&](std::size_t node, Current<One> i) {
            auto const at = strips_.strips.position(node);
            (One(equations.excess[at]) + i.g).store(equations.excess + at);
            (One(equations.right[at]) + i.ge).store(equations.right + at);
        });
        take_synapses(block, equations, L(dt_));
        take_channels(block, equations);
    }

    ChainSchedule chains_;
    StripMechanisms<L, Parts> strips_;
    StripCable<L> cable_;
    IsLeak is_leak_{};
    Real dt_ = 0;
    std::vector<std::uint32_t> positions_;  // of each row
};

}  // namespace hillock::inline HILLOCK_ISA::population
