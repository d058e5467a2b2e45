// SPDX-License-Identifier: MIT
#pragma once

/// Cells with sections, of one compartment or many, as their population sees them: the rows of a block, its
/// start, its step, and what has a name.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/population/along.hpp>
#include <hillock/population/block.hpp>
#include <hillock/population/branches.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/compartment.hpp>
#include <hillock/population/located.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/population/schema.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/lanes.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class>
class EventLists;
template <class View>
class Receiver;
template <class L, class Parts>
void begin_connection(Parts const& parts, std::size_t synapse, std::size_t cell, double* numbers);

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
          across_size_{(parts_.layout.end + (may_be_compact && is_compact_ ? 0 : 2 * parts_.node_count)) *
                       width},
          block_size_{across_size_},
          dt_{dt} {
        require(precision::is_finite<Real>(anatomy_.source.threshold),
                "{}: spike threshold {} mV: must be {}", meta::type_name<C>(), anatomy_.source.threshold,
                precision::finite<Real>);
        branches_.fold_leaks(parts_, {});
    }

    Anatomy const& anatomy() const { return anatomy_; }
    std::size_t rows() const { return parts_.layout.end; }  // of states
    std::size_t block_size() const { return block_size_; }  // in numbers
    /// The size of `cells` cells in numbers.
    std::size_t all_size(std::size_t cells) const {
        if constexpr (may_go_along)
            if (goes_along()) return cells * along()->cell_size();
        return simd::padded(cells, width) / width * block_size_;
    }
    /// Where in its block a number of a cell is.
    std::size_t offset(std::size_t row, std::size_t lane) const {
        if constexpr (may_go_along)
            if (goes_along()) return lane * along()->cell_size() + along()->position(row);
        return row * width + lane;
    }
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
    NodeTree::Site site_of(std::string_view where) const {
        return anatomy_.site(where.empty() ? anatomy_.root()(0.5) : anatomy_.names.place(where));
    }

    /// Lists everything of a cell that has a name.
    void describe(Schema<Real>& schema, simd::Column<Real>& v_init, auto& population);
    /// Throws if the table that a channel's rates come from would be another one with this value.
    void require_free(Parameter const& parameter, double value) const;
    /// To be called when a parameter may differ from cell to cell from now on.
    void parameters_differ() {
        branches_.fold_leaks(parts_, conducting_);
        parameters_changed();
    }
    /// To be called when parameters have been set.
    void parameters_changed() {
        is_up_to_date_ = false;
        has_followed_ = false;
    }
    static void require_membrane() {}
    /// To be called when gap junctions may change the conductance of a node from now on.
    void conduct_at(std::size_t node) {
        conducting_.push_back(node);
        parameters_differ();
    }

    /// The number of one cell, whose block's rows are at `rows`, that f(block, place) gives for a place of a
    /// channel, or of a synapse of group `k`.
    template <std::size_t k, bool is_channel>
    Real number_at(std::size_t cell, Real* rows, std::size_t place, auto const& f) const {
        if constexpr (may_go_along)
            if (goes_along())
                return along()->template number_at<k, is_channel>(parts_, cell, rows + offset_of(cell), place,
                                                                  f);
        alignas(simd::alignment) std::array<Real, width> numbers;
        f(Block<L, Parts, false>(parts_, cell / width, rows, nullptr, 0), place).store(numbers.data());
        return numbers[cell % width];
    }

    std::size_t node_of(std::size_t synapse) const { return parts_.node_of(synapse); }

    /// The numbers that a connection onto each synapse has, 0 where weights are summed.
    auto connection_sizes() const { return parts_.connection_sizes(); }
    /// Calls f(receiver) for the synapses of a block that take events one by one (receiving.hpp).
    void with_receiver(std::size_t number, Real* rows, EventLists<void>& events, auto&& f) const {
        using View = Block<L, Parts, false>;
        if constexpr (may_go_along)
            if (goes_along()) {
                auto const cells = along()->cells(parts_, number, rows);
                return f(Receiver<std::remove_const_t<decltype(cells)>>(parts_, cells, events));
            }
        View const block(parts_, number, rows, nullptr, 0);
        f(Receiver<View>(parts_, block, events));
    }

    /// Gives a connection its first numbers (receiving.hpp).
    void begin_connection(std::size_t synapse, std::size_t cell, double* numbers) const {
        population::begin_connection<L>(parts_, synapse, cell, numbers);
    }

    // -- Time --------------------------------------------------------------------------------------

    /// Decides where the lanes of cells that have no states yet are to lie.
    void arrange(std::size_t cells, Lanes wanted) {
        if constexpr (may_go_along) {
            bool const is_small = 2 * cells < width && parts_.node_count >= 2 * width;
            if (wanted == Lanes::along_cell || (wanted == Lanes::chosen && is_small))
                along_.emplace(parts_, anatomy_.tree, branches_.cable());
            else
                along_.reset();
            parameters_changed();
            block_size_ = goes_along() ? width * along()->cell_size() : across_size_;
        }
    }
    /// To be called before `cells` cells are advanced or looked at.
    void bring_up_to_date(std::size_t cells) {
        follow_parameters(cells);
        if constexpr (may_go_along) {
            cells_ = cells;
            if (goes_along() && !is_up_to_date_)
                along_->assign(parts_, anatomy_.tree, branches_.cable(), branches_.is_leak(), cells);
            is_up_to_date_ = true;
        }
    }
    /// Whether lanes lie along the cells.
    bool goes_along() const {
        if constexpr (may_go_along)
            return along_.has_value();
        else
            return false;
    }

    /// Block `number` at rest at the voltages `v`; its rows hold 0.
    void initialise(std::size_t number, Real* rows, L v) const {
        if constexpr (may_go_along)
            if (goes_along()) {
                alignas(simd::alignment) std::array<Real, width> each;
                v.store(each.data());
                return for_each_cell(number, [&](std::size_t cell, std::size_t lane) {
                    along()->initialise(parts_, cell, rows + offset_of(cell), each[lane]);
                });
            }
        Block<L, Parts, false> const block(parts_, number, rows, nullptr, 0);
        population::initialise(block, v, parts_.rates);
    }

    /// Leaves in block `number` what currents do at t = 0 (step.hpp).
    void show_currents(std::size_t number, Real* rows) const {
        if constexpr (Parts::shows_currents) {
            if constexpr (may_go_along)
                if (goes_along())
                    return for_each_cell(number, [&](std::size_t cell, std::size_t) {
                        along()->show_currents(parts_, cell, rows + offset_of(cell));
                    });
            population::show_currents(Block<L, Parts, false>(parts_, number, rows, nullptr, 0));
        }
    }

    /// V of the cells of a block at a node.
    L voltages(std::size_t number, Real const* rows, std::size_t node) const {
        if constexpr (may_go_along)
            if (goes_along()) {
                alignas(simd::alignment) std::array<Real, width> each{};
                for_each_cell(number, [&](std::size_t cell, std::size_t lane) {
                    each[lane] = rows[offset_of(cell) + along()->node_position(node)];
                });
                return L::load(each.data());
            }
        return L::load(rows + node * width);
    }

    /// The lanes of a block that spike now: those that have risen above threshold since the last time.
    /// `marks` keeps which are above.
    std::uint32_t spiking(std::size_t number, Real const* rows, std::uint32_t& marks) const {
        auto const now =
            simd::bits::of(voltages(number, rows, source_) > L::load(&thresholds_[number * width]));
        return now & ~std::exchange(marks, now);
    }

    /// Takes the blocks [first, last) by one step: the rows of the first are at `rows`, what arrives at its
    /// synapse 0 at `arrived`, for the next synapse `stride` numbers on.
    void advance(std::size_t first, std::size_t last, Real* rows, Real* arrived, std::size_t stride,
                 std::uint32_t*, auto const& electrodes) {
        if constexpr (may_go_along)
            if (goes_along()) {
                for (auto number = first; number < last; ++number, rows += block_size_)
                    for_each_cell(number, [&](std::size_t cell, std::size_t) {
                        along()->advance(parts_, cell, rows + offset_of(cell),
                                         arrived + (cell - first * width), stride, electrodes);
                    });
                return;
            }
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
    static constexpr bool may_go_along = Anatomy::has_branches && width > 1;

    auto const& along() const { return along_; }
    /// Makes tables of rates anew that parameters have changed.
    void follow_parameters(std::size_t cells) {
        meta::unroll<Parts::channel_count>([&](auto k) {
            auto& rates = std::get<k>(parts_.rates);
            auto const& channels = std::get<k>(parts_.channels);
            if constexpr (requires { rates.follow(channels, cells); })
                if (!has_followed_ || cells != followed_cells_) rates.follow(channels, cells);
        });
        has_followed_ = true;
        followed_cells_ = cells;
    }
    /// Where the numbers of a cell begin in its block, if lanes lie along cells.
    std::size_t offset_of(std::size_t cell) const { return cell % width * along()->cell_size(); }
    /// Calls f(cell, lane) for the cells of a block.
    void for_each_cell(std::size_t block, auto&& f) const {
        for (auto cell = block * width; cell < std::min(cells_, (block + 1) * width); ++cell)
            f(cell, cell % width);
    }

    Anatomy anatomy_;
    Parts parts_;
    Compartment<L, Parts> compartment_;     // the step of cells of one compartment
    Branches<L, Parts> branches_;           // of all others
    std::vector<std::size_t> conducting_;   // nodes with gap junctions
    bool is_compact_;                       // whether cells are of one compartment, in which every channel is
    std::size_t source_;                    // the node where spikes are read
    std::size_t across_size_, block_size_;  // of blocks in numbers: with lanes across cells, and now
    double dt_;
    simd::Column<Real> thresholds_;  // one number a cell, padded to whole blocks
    struct Never {};
    /// There while lanes lie along the cells.
    [[no_unique_address]] std::conditional_t<may_go_along, std::optional<Along<L, Parts>>, Never> along_;
    std::size_t cells_ = 0;
    bool is_up_to_date_ = false;  // whether `along_` knows the parameters
    bool has_followed_ = false;   // the same of tables of rates, for so many cells
    std::size_t followed_cells_ = 0;
    /// A value of a parameter that leaves a table of rates as it is.
    struct Free {
        std::size_t channel, field;
        double value;
        bool operator==(Free const&) const = default;
    };
    mutable std::optional<Free> free_;  // the last one found: whole populations are given one value
};

}  // namespace hillock::inline HILLOCK_ISA::population

#include <hillock/population/describing.hpp>
