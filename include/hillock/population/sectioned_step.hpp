// SPDX-License-Identifier: MIT
#pragma once

/// Cells with sections, of one compartment or many, as their population sees them: the rows of a block, its
/// start, its step, and what has a name.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/population/block.hpp>
#include <hillock/population/branches.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/compartment.hpp>
#include <hillock/population/located.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/population/schema.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA::population {

class Events;
template <class L, class Parts>
class Receiver;

template <class L, class C>
class SectionedStep {
    using Real = typename L::value_type;
    using Anatomy = AssemblyOf<C>;
    using Parts = Mechanisms<L, Anatomy>;

public:
    static constexpr bool takes_events = Parts::takes_events;

    SectionedStep(Anatomy prototype, double dt)
        : anatomy_{std::move(prototype)},
          parts_{anatomy_, dt},
          compartment_{anatomy_.root(), dt},
          branches_{anatomy_.tree, dt},
          is_compact_{parts_.node_count == 1 &&
                      std::all_of(parts_.channel_nodes.begin(), parts_.channel_nodes.end(),
                                  [](auto const& nodes) { return nodes.size() == 1; })},
          source_{anatomy_.site(anatomy_.source.where).node},
          block_size_{(parts_.layout.end + (may_be_compact && is_compact_ ? 0 : 2 * parts_.node_count)) *
                      width},
          dt_{dt} {
        require(precision::is_finite<Real>(anatomy_.source.threshold),
                "{}: spike threshold {} mV: must be {}", meta::type_name<C>(), anatomy_.source.threshold,
                precision::finite<Real>);
        branches_.fold_leaks(parts_, {});
    }

    Anatomy const& anatomy() const { return anatomy_; }
    std::size_t rows() const { return parts_.layout.end; }  // of states
    std::size_t block_size() const { return block_size_; }  // in numbers
    std::size_t inbox_rows() const { return parts_.synapse_count; }
    static constexpr double resting_potential() { return -65; }  // mV, where a cell starts unless set

    // -- Cells -------------------------------------------------------------------------------------

    /// Makes room for so many cells, the new ones with the parameters of the prototype.
    void make_room(std::size_t cells) {
        parts_.grow(cells);
        auto const all = simd::padded(cells, width);
        if (all > thresholds_.size()) meta::make_room(thresholds_, all - thresholds_.size());
        if constexpr (Parts::Numbers::has_gids)
            if (all > parts_.gids.size()) meta::make_room(parts_.gids, all - parts_.gids.size());
    }
    /// Tells mechanisms that ask the gids of all cells, for which there is room.
    void name_cells([[maybe_unused]] std::vector<Gid> const& gids) noexcept {
        if constexpr (Parts::Numbers::has_gids) {
            parts_.gids.resize(simd::padded(gids.size(), width), Real(0));
            for (std::size_t cell = 0; cell < gids.size(); ++cell)
                parts_.gids[cell] = static_cast<Real>(gids[cell]);
        }
    }
    /// Gives cells from number `known` on the threshold of the prototype; padding never spikes.
    void resize(std::size_t known, std::size_t cells) noexcept {
        thresholds_.resize(known);  // without the padding
        thresholds_.resize(cells, static_cast<Real>(anatomy_.source.threshold));
        thresholds_.resize(simd::padded(cells, width), std::numeric_limits<Real>::infinity());
    }

    static void require_threshold() {}
    void set_threshold(std::size_t cell, double threshold) {
        thresholds_[cell] = static_cast<Real>(threshold);
    }
    void visit_cell(auto& io, std::size_t cell) { io(thresholds_[cell]); }

    // -- Names -------------------------------------------------------------------------------------

    SectionNames const& section_names() const { return anatomy_.names; }
    Located locate(std::string_view name) const {
        return population::locate(anatomy_, meta::type_name<C>(), name);
    }
    Tree::Site site_of(std::string_view where) const {
        return anatomy_.site(where.empty() ? anatomy_.root()(0.5) : anatomy_.names.place(where));
    }

    /// Lists everything of a cell that has a name.
    void describe(Schema<Real>& schema, simd::Column<Real>& v_init, auto& population);
    /// Throws if the table that a channel's rates come from would be another one with this value.
    void require_free(Parameter const& parameter, double value) const;
    /// To be called when a parameter may differ from cell to cell from now on.
    void parameters_differ() { branches_.fold_leaks(parts_, conducting_); }
    static void require_membrane() {}
    /// To be called when gap junctions may change the conductance of a node from now on.
    void conduct_at(std::size_t node) {
        conducting_.push_back(node);
        branches_.fold_leaks(parts_, conducting_);
    }

    /// The conductance of a synapse of group `k` in uS, of the cells of a block; 0 for one without a current.
    template <std::size_t k>
    L conductance(std::size_t number, Real* rows, std::size_t place_number) const {
        auto const place =
            Block<L, Parts, false>(parts_, number, rows, nullptr, 0).template synapse<k>(place_number);
        if constexpr (carries_current<typename Parts::template SynapseAt<k>, L>) {
            auto state = place.state();
            auto nearby = place.nearby();
            return place.current(state, nearby).g;
        } else {
            return L(0);
        }
    }

    std::size_t node_of(std::size_t synapse) const { return parts_.node_of(synapse); }

    /// The numbers that a connection onto each synapse has, 0 where weights are summed.
    auto connection_sizes() const { return parts_.connection_sizes(); }
    /// Calls f(receiver) for the synapses of a block that take events one by one (receiving.hpp).
    void with_receiver(std::size_t number, Real* rows, Events& events, auto&& f) const {
        Block<L, Parts, false> const block(parts_, number, rows, nullptr, 0);
        f(Receiver<L, Parts>(parts_, block, events));
    }

    // -- Time --------------------------------------------------------------------------------------

    /// Block `number` at rest at the voltages `v`; its rows hold 0.
    void initialise(std::size_t number, Real* rows, L v) const {
        Block<L, Parts, false> const block(parts_, number, rows, nullptr, 0);
        population::initialise(block, v, parts_.rates);
    }

    /// The lanes of a block that spike now: those that have risen above threshold since the last time.
    /// `marks` keeps which are above.
    std::uint32_t spiking(std::size_t number, Real const* rows, std::uint32_t& marks) const {
        L const v = L::load(rows + source_ * width);
        auto const now = simd::bits::of(v > L::load(&thresholds_[number * width]));
        return now & ~std::exchange(marks, now);
    }

    /// Takes the blocks [first, last) by one step: the rows of the first are at `rows`, what arrives at its
    /// synapse 0 at `arrived`, for the next synapse `stride` numbers on.
    void advance(std::size_t first, std::size_t last, Real* rows, Real* arrived, std::size_t stride,
                 std::uint32_t*, auto const& electrodes) {
        auto const advance_branches = [&] {
            for (std::size_t n = 0; n < last - first; ++n)
                branches_.advance(parts_, first + n, rows + n * block_size_, arrived + n * width, stride,
                                  electrodes);
        };
        if constexpr (!may_be_compact)
            advance_branches();
        else if (!is_compact_)
            advance_branches();
        else
            compartment_.advance(parts_, first, last, rows, arrived, stride, electrodes);
    }

private:
    static constexpr std::size_t width = L::width;
    static constexpr bool may_be_compact = !Anatomy::has_branches && Parts::has_fixed_synapses;

    Anatomy anatomy_;
    Parts parts_;
    Compartment<L, Parts> compartment_;    // the step of cells of one compartment
    Branches<L, Parts> branches_;          // of all others
    std::vector<std::size_t> conducting_;  // nodes with gap junctions
    bool is_compact_;                      // whether cells are of one compartment, in which every channel is
    std::size_t source_;                   // the node where spikes are read
    std::size_t block_size_;               // in numbers
    double dt_;
    simd::Column<Real> thresholds_;  // one number a cell, padded to whole blocks
};

template <class L, class C>
void SectionedStep<L, C>::require_free(Parameter const& parameter, double value) const {
    meta::unroll<Parts::channel_count>([&](auto k) {
        auto const& channel = std::get<k>(parts_.channels);
        if (&channel != parameter.store.parameters) return;
        auto changed = channel.shared();
        auto const field = changed.parameters()[parameter.field];
        changed.*field.member = value;
        prepare(changed, dt_);
        require(std::get<k>(parts_.rates).serves(changed),
                "{}.{} = {}: the rates are tabulated for {}; give the value where the channel is inserted",
                changed.name, field.name, value, channel.shared().*field.member);
    });
}

template <class L, class C>
void SectionedStep<L, C>::describe(Schema<Real>& schema, simd::Column<Real>& v_init, auto& population) {
    using Owner = std::remove_reference_t<decltype(population)>;
    schema.add_cell_columns(v_init, parts_);
    meta::unroll<Parts::channel_count>([&](auto k) { schema.template add_channel<k>(parts_); });
    meta::unroll<Parts::group_count>([&](auto k) {
        auto const conductance_at = [](void* owner, std::size_t cell, std::size_t place) {
            return static_cast<Owner*>(owner)->template conductance<decltype(k)::value>(cell, place);
        };
        schema.template add_synapses<k>(parts_, Derived{conductance_at, &population});
    });
    schema.add_celsius(parts_.celsius);
}

}  // namespace hillock::inline HILLOCK_ISA::population
