// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/population/step.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The step of cells of one compartment, some blocks together: first V and the synapses of all blocks, then
/// their gates, so that each pass keeps a short chain of instructions.
template <class L, class Parts>
class Compartment {
    using Real = typename L::value_type;
    using View = Block<L, Parts, true>;

public:
    Compartment() = default;
    Compartment(Section const& soma, double dt)
        : dt_{static_cast<Real>(dt)},
          capacitance_{static_cast<Real>(units::capacitive_conductance(soma.cm, dt))},
          density_per_point_{static_cast<Real>(units::density_per_point(soma.segment_area()))} {}

    /// One step of the blocks [first, last), with the rows of the first one at `rows`; the rest as Block and
    /// advance_voltage have it.
    void advance(Parts const& parts, std::size_t first, std::size_t last, Real* rows, Real* arrived,
                 std::size_t stride, auto const& electrodes) const {
        solve(parts, first, last, rows, arrived, stride, electrodes);
        auto const block = [&](std::size_t n) {
            return View(parts, first + n, rows + n * size, arrived + n * L::width, stride);
        };
        meta::unroll<Parts::channel_count>([&](auto k) {
            auto const& channels = std::get<k>(parts.channels);
            Real* const states = block(0).template channel<k>(0).states;
            advance_states<k, L>(
                parts, dt_, last - first,
                {&channels.of(first), channels.block_stride(), rows, nullptr, size, states, size},
                [&](std::size_t n) { return block(n).template channel<k>(0); });
        });
        if constexpr (Parts::has_late_synapses)
            for (std::size_t n = 0; n < last - first; ++n) advance_late_synapses(block(n), L(dt_));
    }

private:
    static constexpr std::size_t size = View::compact_rows * L::width;  // of a block, in numbers

    /// (cm/dt + sum g) V(t+dt) = cm/dt V(t) + sum ge, all densities.
    struct Equation {
        L c, density_per_point, v;
        Real* v_row;
        Current<L> sum{L(0), L(0)};

        static constexpr bool has_constant(std::size_t) { return false; }
        void add_point(std::size_t, Current<L> i) { sum = sum + i; }
        void begin_densities() { sum = density_per_point * sum; }
        void add_density(std::size_t, Current<L> i) { sum = sum + i; }
        void solve() { (fma(c, v, sum.ge) / (c + sum.g)).store(v_row); }
    };

    HILLOCK_KERNEL void solve(Parts const& parts, std::size_t first, std::size_t last, Real* rows,
                              Real* arrived, std::size_t stride, auto const& electrodes) const {
        L const dt = dt_, c = capacitance_, density_per_point = density_per_point_;
        for (auto number = first; number < last; ++number, rows += size, arrived += L::width) {
            View const block(parts, number, rows, arrived, stride);
            Equation equation{c, density_per_point, block.v(0), rows};
            advance_voltage(block, equation, electrodes, dt);
        }
    }

    Real dt_ = 0, capacitance_ = 0, density_per_point_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::population
