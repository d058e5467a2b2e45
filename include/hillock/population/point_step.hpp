// SPDX-License-Identifier: MIT
#pragma once

/// Point neurons as their population sees them. The rows of a block are the states of its cells, v first:
///
///   v | second state | ...
///
/// and in a step every block is read once and written once. Which cells have fired is a bit for each lane: a
/// spike at the end of a step is collected when the next one begins, at the same time as those of cells with
/// sections.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/model/point_cell.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/located.hpp>
#include <hillock/population/node_numbers.hpp>
#include <hillock/population/parameters.hpp>
#include <hillock/population/schema.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/lanes.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class L, class C>
class PointStep {
    using Real = typename L::value_type;
    using Anatomy = AssemblyOf<C>;
    using OverLanes = rebind_t<C, L>;
    using State = typename OverLanes::State;

public:
    static constexpr bool takes_events = false;

    PointStep(Anatomy prototype, double dt)
        : anatomy_{std::move(prototype)},
          parameters_{anatomy_.cell, dt},
          celsius_({quantity::celsius::is.initial}, dt),
          dt_{static_cast<Real>(dt)} {
        require(precision::is_finite<Real>(resting_potential()), "{}: rest at {} mV: must be {}", C::name,
                resting_potential(), precision::finite<Real>);
    }

    Anatomy const& anatomy() const { return anatomy_; }
    static constexpr std::size_t rows() { return states; }
    static constexpr std::size_t block_size() { return states * width; }
    static constexpr std::size_t all_size(std::size_t cells) { return simd::padded(cells, width) * states; }
    static constexpr std::size_t offset(std::size_t row, std::size_t lane) { return row * width + lane; }
    static constexpr bool goes_along() { return false; }
    static void arrange(std::size_t, Lanes) {}
    static void bring_up_to_date(std::size_t) {}
    static L voltages(std::size_t, Real const* rows, std::size_t node) {
        return L::load(rows + node * width);
    }
    static constexpr std::size_t node_of(std::size_t) { return 0; }
    static constexpr std::size_t inbox_rows() { return receptor_count; }
    double resting_potential() const {
        if constexpr (requires { anatomy_.cell.rest(); })
            return anatomy_.cell.rest();
        else
            return -65;
    }

    // -- Cells -------------------------------------------------------------------------------------

    void make_room(std::size_t cells) {
        parameters_.grow(cells);
        celsius_.grow(cells);
    }
    void resize(std::size_t, std::size_t cells) noexcept { cells_ = cells; }

    static void require_threshold() {
        raise("threshold: {} spikes when its own rule says so; set its parameters", C::name);
    }
    void set_threshold(std::size_t, double) { require_threshold(); }
    void visit_cell(auto&, std::size_t) {}

    // -- Names -------------------------------------------------------------------------------------

    SectionNames const& section_names() const { return no_sections_; }
    Located locate(std::string_view name) const { return {0, 1, {0}, false, name}; }
    NodeTree::Site site_of(std::string_view where) const {
        require(where.empty(), "'{}': {} is a point neuron without sections", where, C::name);
        return {0};
    }

    static void require_membrane() {
        raise("gap junction: {} is a point neuron without a membrane in uS and nA", C::name);
    }
    void conduct_at(std::size_t) {}

    void describe(Schema<Real>& schema, simd::Column<Real>& v_init, auto&) {
        schema.add_point_cell(v_init, parameters_);
        schema.add_celsius(celsius_);
    }
    auto connection_sizes() const { return std::vector<std::size_t>(receptor_count); }
    void require_free(Parameter const&, double) const {}
    void parameters_differ() {}
    void parameters_changed() {}

    // -- Time --------------------------------------------------------------------------------------

    static void show_currents(std::size_t, Real*) {}  // there are none
    void initialise(std::size_t number, Real* rows, L v) const {
        [[maybe_unused]] auto const& cell = parameters_.of(number);
        State state{};
        if constexpr (requires { cell.initial(v); })
            state = cell.initial(v);
        else
            state.v = v;
        members::store_states<OverLanes, L>(state, rows);
    }

    /// The lanes of a block that have fired at the end of the last step; not those behind the last cell.
    std::uint32_t spiking(std::size_t number, Real const*, std::uint32_t& marks) const {
        if (marks == 0) return 0;
        auto const lanes = std::min(width, cells_ - number * width);
        return std::exchange(marks, 0) & static_cast<std::uint32_t>((std::uint64_t{1} << lanes) - 1);
    }

    /// Takes the blocks [first, last) by one step: the rows of the first are at `rows`, what arrives at its
    /// first receptor at `arrived`, for the next receptor `stride` numbers on. `marks`: of each block, which
    /// lanes have fired.
    void advance(std::size_t first, std::size_t last, Real* rows, Real* arrived, std::size_t stride,
                 std::uint32_t* marks, auto const& electrodes) const {
        if (parameters_.block_stride() == 0)
            pass<true>(first, last, rows, arrived, stride, marks, electrodes);
        else
            pass<false>(first, last, rows, arrived, stride, marks, electrodes);
    }

private:
    static constexpr std::size_t width = L::width;
    static constexpr std::size_t states = C::states().size();
    static constexpr std::size_t receptor_count = receptors::count<C>();

    /// `alike`: all cells have the same parameters, which are kept in registers.
    template <bool alike>
    HILLOCK_KERNEL void pass(std::size_t first, std::size_t last, Real* rows, Real* arrived,
                             std::size_t stride, std::uint32_t* marks, auto const& electrodes) const {
        OverLanes cell = parameters_.of(first);
        L const dt = dt_;
        for (auto number = first; number < last; ++number, rows += block_size(), arrived += width) {
            if constexpr (!alike) cell = parameters_.of(number);
            auto state = members::load_states<OverLanes, L>(rows);
            receive(cell, state, arrived, stride, std::make_index_sequence<receptor_count>{});
            L nA = Real{0};
            electrodes(number, [&](std::size_t, Current<L> i) { nA += i.ge; });
            cell.advance(state, nA, dt);
            *marks++ = simd::bits::of(cell.fire(state));
            members::store_states<OverLanes, L>(state, rows);
        }
    }

    /// Hands over what has arrived, and leaves 0.
    template <std::size_t... K>
    HILLOCK_INLINE static void receive(OverLanes const& cell, State& state, Real* arrived, std::size_t stride,
                                       std::index_sequence<K...>) {
        cell.receive(state, L::load(arrived + K * stride)...);
        (L(Real{0}).store(arrived + K * stride), ...);
    }

    Anatomy anatomy_;
    Parameters<C, L> parameters_;
    Parameters<basic_number<double>, L> celsius_;  // a property of every cell
    Real dt_;
    std::size_t cells_ = 0;
    SectionNames no_sections_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
