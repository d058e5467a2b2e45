// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The places of a population's cells at which electrodes or ends of gap junctions are: each has a current of
/// every cell there, i = g V - nA, with g = 0 for an electrode. At an end without a node V differs from that
/// of the segment before it by the drop of the current on the way there: V = (V_segment + R nA)/(1 + R g).
template <class L>
class ElectrodePlaces {
    using Real = typename L::value_type;

public:
    /// The number of a place, if there are electrodes that are anybody's, or ends of gap junctions.
    std::optional<std::size_t> find(NodeTree::Site site, bool conducts) const {
        for (std::size_t k = 0; k < all_.size(); ++k)
            if (auto const& e = all_[k]; !e.is_taken && e.site == site && e.conducts == conducts) return k;
        return {};
    }
    /// Throws unless there may be electrodes, or ends of gap junctions, at a place.
    void check(NodeTree::Site site, bool conducts) const {
        for (auto const& e : all_)
            require(site.megohm == 0 || e.site != site || e.conducts == conducts,
                    "an electrode and a gap junction at one end of a section, which has no membrane: put one "
                    "of them into the segment beside it");
    }
    /// A new place, for `cells` cells.
    std::size_t add(NodeTree::Site site, std::size_t cells, bool conducts) {
        check(site, conducts);
        auto& place = all_.emplace_back(Place{site,
                                              conducts,
                                              simd::Column<Real>(cells),
                                              simd::Column<Real>(cells),
                                              {},
                                              {},
                                              false,
                                              conducts || keeps_});
        if (conducts) place.g = simd::Column<Real>(cells);
        if (place.keeps) place.kept = simd::Column<Real>(cells);
        return all_.size() - 1;
    }
    /// From now on the current of each place in the last step can be asked for; as yet it is that of now.
    void keep_currents() {
        if (std::exchange(keeps_, true)) return;
        for (auto& each : all_)
            if (!std::exchange(each.keeps, true)) each.kept = each.amp;
    }
    /// Calls f(node, nA) with what has flowed into a cell in the last step.
    void for_each_injected(std::size_t cell, auto&& f) const {
        for (auto const& each : all_)
            f(each.site.node, static_cast<double>((each.keeps ? each.kept : each.amp)[cell]));
    }
    /// From now on the electrodes of a place are nobody else's.
    void take(std::size_t place) { all_[place].is_taken = true; }
    void resize(std::size_t cells) {
        for (auto& each : all_) {
            each.amp.resize(cells);
            each.v.resize(cells);
            if (each.conducts) each.g.resize(cells);
            if (each.keeps) each.kept.resize(cells);
        }
    }
    std::size_t size() const { return all_.size(); }

    /// The current of a cell's electrodes at a place from now on, in nA.
    void set(std::size_t cell, std::size_t place, double amp) {
        all_[place].amp[cell] = static_cast<Real>(amp);
    }

    /// The currents of all cells at a place, to be set before a step.
    Real* amps(std::size_t place) { return all_[place].amp.data(); }
    /// No current in any cell from now on.
    void silence(std::size_t place) { std::fill(all_[place].amp.begin(), all_[place].amp.end(), Real{0}); }

    /// The conductance of a cell's gap junctions at a place, in uS.
    void set_conductance(std::size_t cell, std::size_t place, double g) {
        all_[place].g[cell] = static_cast<Real>(g);
    }

    /// No current and no conductance in a block, where `v(node)` is the voltage.
    void initialise(std::size_t block, std::size_t place, auto const& v) {
        auto& at = all_[place];
        L(0).store(&at.amp[block * L::width]);
        if (at.conducts) L(0).store(&at.g[block * L::width]);
        if (at.keeps) L(0).store(&at.kept[block * L::width]);
        v(at.site.node).store(&at.v[block * L::width]);
    }

    /// Calls inject(node, current) for each place of a block.
    void operator()(std::size_t block, auto&& inject) const { inject_at<L>(block * L::width, inject); }
    /// The same of one cell.
    void of_cell(std::size_t cell, auto&& inject) const { inject_at<One>(cell, inject); }

    /// V at ends without a node, and the currents that are kept, after a step at whose end V in a block is
    /// `v(node)`.
    void advance_ends(std::size_t block, auto const& v) {
        for (auto& each : all_) {
            if (each.site.megohm > 0) advance_end(block, v(each.site.node), each);
            if (each.keeps) keep_current(block, v(each.site.node), each);
        }
    }
    /// V at an end without a node, where `v` is that of the segment before it: each of its electrodes has
    /// kept what it would be without the others.
    double end_voltage(std::size_t cell, NodeTree::Site site, double v) const {
        std::optional<double> end;
        for (auto const& each : all_)
            if (each.site == site) {
                auto const alone = static_cast<double>(each.v[cell]);
                end = end ? *end + (alone - v) : alone;
            }
        return end.value_or(v);
    }

    /// Visits V at a cell's ends without a node, and the currents that are kept.
    void visit_ends(auto& io, std::size_t cell) {
        auto const visit = [&](auto const& has, simd::Column<Real> Place::*numbers) {
            auto const count = static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), has));
            auto saved = io.count(count, all_.size());
            for (auto& place : all_)
                if (saved > 0 && has(place)) io((place.*numbers)[cell]), --saved;
            for (Real unknown = 0; saved > 0; --saved) io(unknown);
        };
        visit([](Place const& place) { return place.site.megohm > 0; }, &Place::v);
        visit([](Place const& place) { return place.keeps; }, &Place::kept);
    }

private:
    struct Place {
        NodeTree::Site site;
        bool conducts;            // gap junctions, not electrodes
        simd::Column<Real> amp;   // nA, of each cell
        simd::Column<Real> v;     // mV, if the place has no node
        simd::Column<Real> g;     // uS, of each cell; empty for electrodes
        simd::Column<Real> kept;  // nA, into each cell in the last step; empty unless `keeps`
        bool is_taken;            // electrodes that are not found by others
        bool keeps;               // what somebody may ask for
    };

    using One = simd::Lane<Real, simd::scalar>;

    template <class X>
    void inject_at(std::size_t cell, auto&& inject) const {
        for (auto const& each : all_) {
            auto const amp = X::load(&each.amp[cell]);
            if (!each.conducts) {
                inject(each.site.node, injected(amp));
            } else {
                auto const g = X::load(&each.g[cell]);
                auto const share = 1 / fma(X(static_cast<Real>(each.site.megohm)), g, X(1));
                inject(each.site.node, share * Current<X>{g, amp});
            }
        }
    }

    static void advance_end(std::size_t block, L v_before, Place& place) {
        L const megohm = static_cast<Real>(place.site.megohm);
        auto v = fma(megohm, L::load(&place.amp[block * L::width]), v_before);
        if (place.conducts) v = v / fma(megohm, L::load(&place.g[block * L::width]), L(1));
        v.store(&place.v[block * L::width]);
    }

    static void keep_current(std::size_t block, L v, Place& place) {
        auto nA = L::load(&place.amp[block * L::width]);
        if (place.conducts) {
            auto const g = L::load(&place.g[block * L::width]);
            nA = (nA - g * v) / fma(L(static_cast<Real>(place.site.megohm)), g, L(1));
        }
        nA.store(&place.kept[block * L::width]);
    }

    std::vector<Place> all_;
    bool keeps_ = false;  // whether currents of electrodes are kept
};

}  // namespace hillock::inline HILLOCK_ISA::population
