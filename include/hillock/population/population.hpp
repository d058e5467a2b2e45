// SPDX-License-Identifier: MIT
#pragma once

/// All cells made from one prototype, W at a time. The rows of W cells (a block) are contiguous, W numbers
/// each (see Layout). In a step a block spikes, receives, solves for V, advances gates and synapses. Cells of
/// one compartment do that some blocks together, pass by pass; those with more nodes block by block. Blocks
/// know nothing of each other: what passes between them are spikes, inbox and events.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/electrodes.hpp>
#include <hillock/population/events.hpp>
#include <hillock/population/grid_spike.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/population/schema.hpp>
#include <hillock/population/step_of.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/lanes.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class Real, class Arch, class C>
class Population {
    using L = simd::Lane<Real, simd::kernel<Arch>>;
    using Anatomy = AssemblyOf<C>;
    using OneStep = StepOf<L, C>;

public:
    static constexpr std::size_t width = L::width;
    /// Whether synapses of the cells take their events one by one.
    static constexpr bool takes_events = OneStep::takes_events;

    Population(Anatomy prototype, double dt, Lanes lanes = {})
        : step_{std::move(prototype), dt}, dt_{dt}, lanes_{lanes}, events_{step_.connection_sizes(), width} {}

    // -- Cells -------------------------------------------------------------------------------------

    Anatomy const& anatomy() const { return step_.anatomy(); }
    std::size_t size() const { return gids_.size(); }
    Gid gid(std::size_t cell) const { return gids_[cell]; }
    std::size_t blocks() const { return padded_size() / width; }
    std::size_t synapse_count() const { return step_.inbox_rows(); }

    std::size_t block_bytes() const { return step_.block_size() * sizeof(Real); }
    /// The least memory of a cell: its rows, two numbers, its gid, and one step of its inbox.
    std::size_t cell_bytes() const {
        return block_bytes() / width + (2 + synapse_count()) * sizeof(Real) + sizeof(Gid);
    }

    /// Makes cells with these gids; there may be none of them on this rank. Where memory is missing, none.
    void add(std::vector<Gid> const& gids);
    /// Takes back all cells but the first `n`, of which the others have had nothing set.
    void keep(std::size_t n) noexcept;

    /// Throws unless the cells have a threshold to be set.
    void require_threshold() const { step_.require_threshold(); }
    void set_threshold(std::size_t cell, double threshold) { step_.set_threshold(cell, threshold); }

    Inbox<Real>& inbox() { return inbox_; }
    /// The events that arrive one by one, where they do.
    auto& events() { return events_; }
    /// The first numbers of a list's connections, or of stimuli, if they have none yet.
    void begin_connections(std::uint32_t list, std::size_t synapse, auto const& for_each);
    void begin_stimuli();

    // -- Electrodes --------------------------------------------------------------------------------
    /// The number of the electrodes at a place such as "dend(1)"; in the middle of the root if it has no
    /// name.
    std::size_t electrode(std::string_view where);
    /// The number of one more electrode there, whose current is nobody else's.
    std::size_t new_electrode(NodeTree::Site site) {
        auto const place = add_place(site, false);
        electrodes_.take(place);
        return place;
    }
    /// The number of the ends of gap junctions there.
    std::size_t junction(std::string_view where);
    /// Throws unless gap junctions may end there.
    void check_junction(std::string_view where) const {
        step_.require_membrane();
        electrodes_.check(site_of(where), true);
    }
    NodeTree::Site site_of(std::string_view where) const { return step_.site_of(where); }
    double voltage(std::size_t cell, NodeTree::Site site) {  // mV
        return site.megohm > 0 ? read(BareEnd{site}, cell, 0) : read(Rows{site.node, 0}, cell, 0);
    }

    /// V of the cells of a block where a synapse is, mV.
    L voltages_at(std::size_t block, std::size_t synapse) const {
        return step_.voltages(block, block_at(block), step_.node_of(synapse));
    }

    ElectrodePlaces<L>& electrodes() { return electrodes_; }

    // -- Values by name ----------------------------------------------------------------------------

    /// The one value of a cell that `name` stands for: in the named segment, or else in the middle of the
    /// section, or of the root, or else in the first segment that has it.
    Reference<Real> reading(std::string_view name) {
        auto found = names().reading(name, step_.locate(name));
        if (auto const* derived = std::get_if<Derived>(&found.source); derived && derived->ask)
            derived->ask(derived->owner);
        found.read = [](void* population, Reference<Real> const& from, std::size_t cell) {
            return static_cast<Population*>(population)->read(from, cell);
        };
        return found;
    }
    /// All numbers of a cell that `name` stands for and that may be written.
    std::vector<Reference<Real>> writing(std::string_view name) {
        return names().writing(name, step_.locate(name));
    }

    /// Calls f(read), where read(cell) is the value: for many cells, whose source is looked at once.
    void with_reader(Reference<Real> const& from, auto&& f) {
        make_states();
        std::visit(
            [&](auto const& source) {
                f([&](std::size_t cell) { return read(source, cell, from.places.front()); });
            },
            from.source);
    }
    double read(Reference<Real> const& from, std::size_t cell) {
        return std::visit([&](auto const& source) { return read(source, cell, from.places.front()); },
                          from.source);
    }

    /// A number that f(step, rows of the block) finds for a cell.
    double found(std::size_t cell, auto const& f);

    /// From now on V of each node before the last step can be asked for (membrane.hpp).
    void keep_voltages();
    double voltage_before(std::size_t cell, std::size_t node) const;  // mV; NaN if it is not known
    double dt() const { return dt_; }

    /// Throws if a number of a cell may not have this value.
    void check(Reference<Real> const& to, std::size_t cell, double value) const;
    /// Prepares for numbers that differ from cell to cell. Every rank has to do so, also one without those
    /// cells: the equations of a cell are put together alike everywhere.
    void prepare_to_write(Reference<Real> const& to);
    void write(Reference<Real> const& to, std::size_t cell, double value) {
        for (auto const place : to.places)
            std::visit([&](auto const& source) { write(source, cell, place, value); }, to.source);
        if (to.column->kind != Kind::parameter) return;
        step_.parameters_changed();
        forget_rest();
    }

    // -- Time --------------------------------------------------------------------------------------

    /// Visits which parameters may differ, and everything of a cell that time or `set` changes.
    void visit_kinds(auto& io);
    void visit_cell(auto& io, std::size_t cell);
    void visit(auto& archive) {
        archive.cells(*this);
        archive(touched_, false);
    }
    /// The next use finds all cells at rest.
    void forget_states() {
        state_.clear();
        if constexpr (takes_events) events_.forget_numbers();
    }
    /// Calls f(number) for each state of a cell, in the order of its rows, and for what it has of events.
    void for_each_state(std::size_t cell, auto const& f);

    /// Makes room for events of `steps` steps from `now` on; to be called before a run. True if there are no
    /// states since the last reset: then all blocks have to be initialised.
    bool start(Step now, std::size_t steps) {
        touched_ = true;
        if (state_.empty()) return allocate(steps), true;
        step_.bring_up_to_date(size());
        inbox_.ensure_capacity(now, steps);
        return false;
    }

    /// Every cell of the blocks [first, last) at rest at its v_init, nothing on its way to it.
    void initialise(std::size_t first, std::size_t last) {
        auto const at = [&](std::size_t block) {
            return state_.begin() +
                   static_cast<std::ptrdiff_t>(std::min(block * step_.block_size(), state_.size()));
        };
        std::fill(at(first), at(last), Real{0});
        inbox_.clear(first * width, last * width);
        for (std::size_t number = first; number < last; ++number) {
            step_.initialise(number, block_at(number), L::load(&v_init_[number * width]));
            for (std::size_t place = 0; place < electrodes_.size(); ++place)
                electrodes_.initialise(number, place, voltages_of(number));
            if constexpr (takes_events) begin_events(number);
            step_.show_currents(number, block_at(number));
        }
        if (keeps_voltages_) keep_voltages(first, last);
    }

    /// Takes the blocks [first, last) from `step` to the next one; appends their spikes at `step` to
    /// `spikes`.
    void advance(std::size_t first, std::size_t last, Step step, std::vector<GridSpike>& spikes) {
        if (keeps_voltages_) keep_voltages(first, last);
        for (std::size_t block = first; block < last; ++block) collect(block, step, spikes);
        if constexpr (takes_events)
            for (std::size_t block = first; block < last; ++block) take_events(block, step, spikes);
        step_.advance(first, last, block_at(first), inbox_.at(step) + first * width, padded_size(),
                      &marks_[first], electrodes_);
        if (electrodes_.size() > 0)
            for (std::size_t block = first; block < last; ++block)
                electrodes_.advance_ends(block, voltages_of(block));
    }

    /// The place of the first cell of [first, last) blocks whose V is not a finite number, or size() if there
    /// is none. It is enough to look at one node: a fault in one is a fault in all after a step.
    std::size_t first_not_finite(std::size_t first, std::size_t last) const;

private:
    static constexpr std::uint32_t lanes_mask = static_cast<std::uint32_t>((std::uint64_t{1} << width) - 1);

    std::size_t add_place(NodeTree::Site site, bool conducts);
    std::size_t nodes() const;
    void keep_voltages(std::size_t first, std::size_t last);
    void visit_voltages_before(auto& io, std::size_t cell);
    std::size_t padded_size() const { return simd::padded(size(), width); }
    Real* block_at(std::size_t block) { return &state_[block * step_.block_size()]; }
    Real const* block_at(std::size_t block) const { return &state_[block * step_.block_size()]; }
    /// V of the cells of a block, by node.
    auto voltages_of(std::size_t block) const {
        return [this, block](std::size_t node) { return step_.voltages(block, block_at(block), node); };
    }

    bool are_finite(std::size_t first, std::size_t last) const;

    void collect(std::size_t block, Step step, std::vector<GridSpike>& spikes) {
        auto spiking = step_.spiking(block, block_at(block), marks_[block]);
        for (; spiking != 0; spiking &= spiking - 1)
            spikes.push_back(
                {step, gids_[block * width + static_cast<std::size_t>(std::countr_zero(spiking))]});
    }

    void visit_events(auto& io, std::size_t cell);
    void begin_events(std::size_t number);
    void take_events(std::size_t number, Step step, std::vector<GridSpike>& spikes);

    // -- States

    /// Room for states and events, unwritten.
    void allocate(std::size_t steps) {
        step_.arrange(size(), lanes_);
        step_.bring_up_to_date(size());
        simd::Column<Real> state(step_.all_size(size()));
        Inbox<Real> inbox(synapse_count(), padded_size(), steps);
        if (keeps_voltages_) before_.resize(padded_size() * nodes());
        marks_.assign(blocks(), 0);
        if constexpr (takes_events) events_.allocate(blocks());
        electrodes_.resize(padded_size());
        state_ = std::move(state);
        inbox_ = std::move(inbox);
    }
    /// Makes states before the first run, for reading and setting them.
    void make_states() {
        if (!state_.empty()) return;
        allocate(0);
        initialise(0, blocks());
    }
    Real& state(std::size_t cell, std::size_t row) {
        make_states();
        return block_at(cell / width)[step_.offset(row, cell % width)];
    }
    /// Drops states at rest because something that they depend on has changed; they are made again when
    /// needed.
    void forget_rest() {
        if (!touched_) forget_states();
    }

    // -- Values by name

    /// The names of a cell's numbers; they are listed when they are first asked for.
    Names<Real> names() {
        if (schema_.columns().empty()) step_.describe(schema_, v_init_, *this);
        return {schema_.columns(), meta::type_name<C>(), step_.section_names()};
    }

    double read(Rows const& rows, std::size_t cell, std::size_t place) {
        return static_cast<double>(state(cell, rows.first + place * rows.stride));
    }
    double read(CellNumbers<Real> const& column, std::size_t cell, std::size_t) {
        return static_cast<double>((*column.numbers)[cell]);
    }
    double read(Parameter const& parameter, std::size_t cell, std::size_t place) {
        return parameter.store.value(parameter.store.parameters, cell, parameter.field, place);
    }
    double read(Derived const& derived, std::size_t cell, std::size_t place) {
        return derived.value(derived.owner, cell, place);
    }
    double read(BareEnd const& end, std::size_t cell, std::size_t) {
        auto const v = read(Rows{end.site.node, 0}, cell, 0);
        return electrodes_.end_voltage(cell, end.site, v);
    }

    void write(Rows const& rows, std::size_t cell, std::size_t place, double value) {
        state(cell, rows.first + place * rows.stride) = static_cast<Real>(value);
    }
    void write(CellNumbers<Real> const& column, std::size_t cell, std::size_t, double value) {
        (*column.numbers)[cell] = static_cast<Real>(value);
    }
    void write(Parameter const& parameter, std::size_t cell, std::size_t place, double value) {
        parameter.store.set(parameter.store.parameters, cell, size(), parameter.field, value, place);
        if (parameter.copy && !state_.empty()) write(*parameter.copy, cell, place, value);
    }
    void write(auto const&, std::size_t, std::size_t, double) {}  // derived numbers are not written

    OneStep step_;
    double dt_;
    Lanes lanes_;
    Schema<Real> schema_;  // made when it is first asked for

    std::vector<Gid> gids_;
    simd::Column<Real> v_init_;  // one number a cell, padded to whole blocks
    ElectrodePlaces<L> electrodes_;
    simd::Column<Real> state_;          // empty until it is needed
    bool touched_ = false;              // whether a state has been set or a step taken since the reset
    std::vector<std::uint32_t> marks_;  // of each block, a bit for each lane: see `spiking` of its step
    Inbox<Real> inbox_;
    std::conditional_t<takes_events, Events, NoEvents> events_;
    bool keeps_voltages_ = false;
    std::vector<Real> before_;  // V before the last step, by cell and node, if it may be asked for
};

}  // namespace hillock::inline HILLOCK_ISA::population

#include <hillock/population/event_saving.hpp>
#include <hillock/population/finite.hpp>
#include <hillock/population/growing.hpp>
#include <hillock/population/naming.hpp>
#include <hillock/population/receiving.hpp>
#include <hillock/population/saving.hpp>
