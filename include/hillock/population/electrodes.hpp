// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/simd/column.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The places of a population's cells at which electrodes are, each with the current of every cell there. At
/// an end without a node an electrode holds V above that of the segment before it by the drop of its current.
template <class L>
class ElectrodePlaces {
    using Real = typename L::value_type;

public:
    /// The number of a place, if there are electrodes.
    std::optional<std::size_t> find(Tree::Site site) const {
        auto const same =
            std::find_if(all_.begin(), all_.end(), [&](auto const& e) { return e.site == site; });
        return same == all_.end() ? std::optional<std::size_t>{}
                                  : static_cast<std::size_t>(same - all_.begin());
    }
    /// A new place, for `cells` cells.
    std::size_t add(Tree::Site site, std::size_t cells) {
        all_.push_back({site, simd::Column<Real>(cells), simd::Column<Real>(cells)});
        return all_.size() - 1;
    }
    void resize(std::size_t cells) {
        for (auto& each : all_) {
            each.amp.resize(cells);
            each.v.resize(cells);
        }
    }
    std::size_t size() const { return all_.size(); }

    /// The current of a cell's electrodes at a place from now on, in nA.
    void set(std::size_t cell, std::size_t place, double amp) {
        all_[place].amp[cell] = static_cast<Real>(amp);
    }

    /// No current in a block, whose rows are at `rows`.
    void initialise(std::size_t block, Real const* rows, std::size_t place) {
        L(0).store(&all_[place].amp[block * L::width]);
        advance_end(block, rows, all_[place]);
    }

    /// Calls inject(node, nA) for each place.
    void inject(std::size_t block, auto&& inject) const {
        for (auto const& each : all_) inject(each.site.node, L::load(&each.amp[block * L::width]));
    }

    /// V at ends without a node, after a step.
    void advance_ends(std::size_t block, Real const* rows) {
        for (auto& each : all_)
            if (each.site.megohm > 0) advance_end(block, rows, each);
    }
    /// V at an end without a node, where `v` is that of the segment before it: each of its electrodes has
    /// kept what it would be without the others.
    double end_voltage(std::size_t cell, Tree::Site site, double v) const {
        std::optional<double> end;
        for (auto const& each : all_)
            if (each.site == site) {
                auto const alone = static_cast<double>(each.v[cell]);
                end = end ? *end + (alone - v) : alone;
            }
        return end.value_or(v);
    }

private:
    struct Place {
        Tree::Site site;
        simd::Column<Real> amp;  // nA, of each cell
        simd::Column<Real> v;    // mV, if the place has no node
    };

    static void advance_end(std::size_t block, Real const* rows, Place& place) {
        auto const v = L::load(rows + place.site.node * L::width);
        fma(L(static_cast<Real>(place.site.megohm)), L::load(&place.amp[block * L::width]), v)
            .store(&place.v[block * L::width]);
    }

    std::vector<Place> all_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
