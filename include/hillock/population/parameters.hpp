// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/simd/column.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The parameters of some mechanism by number: `field` counts in its parameters(), `place` in its places on a
/// cell. A table of functions rather than a base class: what nobody asks for by name is not compiled.
struct ParameterStore {
    static constexpr unsigned by_cell = 1, by_place = 2;

    void* parameters;
    double (*value)(void const* parameters, std::size_t cell, std::size_t field, std::size_t place);
    /// Sets a parameter of one of `cells` cells and derives the rest anew.
    void (*set)(void* parameters, std::size_t cell, std::size_t cells, std::size_t field, double value,
                std::size_t place);
    /// Throws if what is derived from this value would not serve.
    void (*check)(void const* parameters, std::size_t cell, std::size_t field, double value,
                  std::size_t place);
    /// How many copies there may be: `by_cell`, `by_place`, both (their sum) or 0.
    unsigned (*kinds)(void const* parameters);
    /// Prepares for values that differ between the places of a cell.
    void (*distinguish_places)(void* parameters);
    /// Prepares for values that differ between cells, these or those of another rank; false if they might
    /// already.
    bool (*distinguish_cells)(void* parameters);
    /// Gives all cells the shared values again; false if they had them.
    bool (*share_with_all_cells)(void* parameters);
};

/// The parameters of one mechanism in a population, at each of the `places` on a cell where it is. As long as
/// they may, they share one copy: for all places, and for all cells. Once those of one cell have been set
/// there is a copy for each block of lanes.
template <class M, class L>
class Parameters {
public:
    using Mechanism = M;
    using Lanes = rebind_t<M, L>;

    /// `values`: one for all places, or one for each.
    Parameters(std::vector<M> values, std::size_t places, double dt)
        : shared_{std::move(values)}, places_{places}, dt_{dt} {
        for (auto& each : shared_) prepare(each, dt);
        share_with_all_cells();
    }
    Parameters(M const& uniform, double dt) : Parameters(std::vector<M>{uniform}, 1, dt) {}

    /// Those of a block at a place, in lanes.
    Lanes const& of(std::size_t block, std::size_t place = 0) const {
        return lanes_[block * block_stride_ + place * place_stride_];
    }

    /// The same where it is known that every place has its own.
    Lanes const& of_own(std::size_t block, std::size_t place) const {
        return lanes_[block * block_stride_ + place];
    }

    /// The distances between blocks, and between places, in such lanes.
    std::size_t block_stride() const { return block_stride_; }
    std::size_t place_stride() const { return place_stride_; }

    /// Those of cells that have not been set.
    M const& shared(std::size_t place = 0) const { return shared_[place * place_stride_]; }
    std::vector<M> const& shared_values() const { return shared_; }
    bool same_in_all_cells() const { return !cells_differ_; }
    bool same_in_all_places() const { return shared_.size() == 1; }

    /// Whether all values are the same.
    static bool alike(std::vector<M> const& values) {
        return std::all_of(values.begin(), values.end(), [&](M const& each) {
            constexpr auto fields = M::parameters();
            return std::all_of(fields.begin(), fields.end(), [&](auto const& field) {
                return each.*field.member == values.front().*field.member;
            });
        });
    }

    /// Those of one cell at a place.
    M const& of_cell(std::size_t cell, std::size_t place) const {
        return cells_.empty() ? shared(place) : cells_[cell * shared_.size() + place * place_stride_];
    }

    /// The values that `cells` cells have, each at least once.
    std::span<M const> of_cells(std::size_t cells) const {
        return cells_.empty() ? std::span(shared_) : std::span(cells_).first(cells * shared_.size());
    }

    double get(std::size_t cell, double M::*member, std::size_t place = 0) const {
        return of_cell(cell, place).*member;
    }

    /// Prepares for values that differ between cells, these or those of another rank.
    void distinguish_cells() { cells_differ_ = true; }
    /// Gives all cells the shared values.
    void share_with_all_cells() {
        cells_differ_ = false;
        cells_.clear();
        lanes_.clear();
        for (auto const& each : shared_) lanes_.push_back(members::broadcast<Lanes, L>(each));
        count_strides();
    }

    /// Sets a parameter of one of `cells` cells, at one place, and derives the rest anew.
    void set(std::size_t cell, std::size_t cells, double M::*member, double value, std::size_t place = 0) {
        distinguish_cells();
        if (cells_.empty()) spread(cells);
        auto const at = cell * shared_.size() + place * place_stride_;
        auto changed = cells_[at];
        changed.*member = value;
        prepare(changed, dt_);
        check_precision<typename L::value_type>(changed);
        cells_[at] = changed;
        members::put<Lanes, L>(changed, cell % L::width,
                               lanes_[cell / L::width * block_stride_ + place * place_stride_]);
    }

    /// Throws if what is derived from this value would not serve.
    void check(std::size_t cell, double M::*member, double value, std::size_t place) const {
        auto changed = of_cell(cell, place);
        changed.*member = value;
        prepare(changed, dt_);
        check_precision<typename L::value_type>(changed);
    }

    /// Gives the new ones of `cells` cells the shared values.
    void grow(std::size_t cells) {
        if (!cells_.empty()) grow_each_(*this, cells);
    }

    /// Prepares for values that differ between the places of a cell.
    void distinguish_places() {
        if (shared_.size() == places_) return;
        auto shared = repeated(shared_), cells = repeated(cells_);
        lanes_ = repeated(lanes_);  // from here on nothing fails
        shared_ = std::move(shared);
        cells_ = std::move(cells);
        count_strides();
    }

private:
    void count_strides() {
        place_stride_ = shared_.size() > 1 ? 1 : 0;
        block_stride_ = cells_.empty() ? 0 : shared_.size();
    }

    template <class Values>
    Values repeated(Values const& all) const {
        Values more;
        for (auto const& each : all)
            for (std::size_t place = 0; place < places_; ++place) more.push_back(each);
        return more;
    }

    void spread(std::size_t cells) {
        auto const all = simd::padded(cells, L::width) * shared_.size();
        cells_.reserve(all);
        lanes_.reserve(all / L::width);
        lanes_.clear();
        meta::append(cells_, shared_);
        for (auto const& each : shared_) lanes_.push_back(members::broadcast<Lanes, L>(each));
        grow_each_ = [](Parameters& all_cells, std::size_t n) { all_cells.grow_each(n); };
        grow(cells);
        count_strides();
    }
    void grow_each(std::size_t cells) {
        auto const all = simd::padded(cells, L::width) * shared_.size();
        if (all <= cells_.size()) return;
        meta::make_room(cells_, all - cells_.size());
        meta::make_room(lanes_, all / L::width - lanes_.size());
        for (auto cell = cells_.size() / shared_.size(); cell < simd::padded(cells, L::width); ++cell) {
            meta::append(cells_, shared_);
            if (cell % L::width != 0) continue;
            for (auto const& each : shared_) lanes_.push_back(members::broadcast<Lanes, L>(each));
        }
    }

    /// `grow_each`, once cells differ: what nobody asks for is not compiled.
    void (*grow_each_)(Parameters&, std::size_t) = nullptr;
    std::vector<M> shared_;     // one, or one a place
    std::vector<M> cells_;      // empty as long as all cells are the same; else as many again for each cell
    std::vector<Lanes> lanes_;  // of all cells, or of each block
    std::size_t places_;
    std::size_t block_stride_ = 0, place_stride_ = 0;  // in lanes_
    double dt_;
    bool cells_differ_ = false;
};

/// The store of these parameters, which stay where they are.
template <class M, class L>
ParameterStore store_of(Parameters<M, L>& parameters) {
    using P = Parameters<M, L>;
    return {
        .parameters = &parameters,
        .value =
            [](void const* p, std::size_t cell, std::size_t field, std::size_t place) {
                return static_cast<P const*>(p)->get(cell, M::parameters()[field].member, place);
            },
        .set =
            [](void* p, std::size_t cell, std::size_t cells, std::size_t field, double value,
               std::size_t place) {
                static_cast<P*>(p)->set(cell, cells, M::parameters()[field].member, value, place);
            },
        .check =
            [](void const* p, std::size_t cell, std::size_t field, double value, std::size_t place) {
                static_cast<P const*>(p)->check(cell, M::parameters()[field].member, value, place);
            },
        .kinds =
            [](void const* p) {
                auto const& all = *static_cast<P const*>(p);
                return (all.same_in_all_cells() ? 0u : ParameterStore::by_cell) |
                       (all.same_in_all_places() ? 0u : ParameterStore::by_place);
            },
        .distinguish_places = [](void* p) { static_cast<P*>(p)->distinguish_places(); },
        .distinguish_cells =
            [](void* p) {
                bool const were_same = static_cast<P*>(p)->same_in_all_cells();
                static_cast<P*>(p)->distinguish_cells();
                return were_same;
            },
        .share_with_all_cells =
            [](void* p) {
                bool const had_differed = !static_cast<P*>(p)->same_in_all_cells();
                if (had_differed) static_cast<P*>(p)->share_with_all_cells();
                return had_differed;
            },
    };
}

}  // namespace hillock::inline HILLOCK_ISA::population
