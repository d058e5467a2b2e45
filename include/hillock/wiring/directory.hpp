// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/ownership.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// The place of a cell: which population, and where in it; for electrodes also which of the population's
/// places on a cell.
struct Place {
    std::size_t population, cell, electrode = 0;

    friend auto operator<=>(Place const&, Place const&) = default;
};

/// Where the cells of a network live: gids are dense and in the order in which cells were added; each cell
/// belongs to a population, which holds those of them that this rank owns.
class Directory {
public:
    /// Cells of one type that follow each other, gids [first, last): the own ones are in a population from
    /// `place` on.
    struct Extent {
        Gid first, last;
        std::size_t population, place;

        std::size_t size() const { return last - first; }
    };

    explicit Directory(Ownership const& own) : own_{own} {}

    /// Introduces a population by its number: the name of its cell type, how many synapses its cells have,
    /// and which of them take events one by one; an empty list if none does.
    void describe(std::size_t population, std::string_view type, std::size_t synapses,
                  std::vector<bool> const& take_events = {}) {
        if (population >= populations_.size()) populations_.resize(population + 1);
        populations_[population] = {type, synapses, take_events};
    }
    std::size_t synapse_count(std::size_t population) const { return populations_[population].synapses; }
    bool takes_events(std::size_t population, std::size_t synapse) const {
        auto const& all = populations_[population].take_events;
        return synapse < all.size() && all[synapse];
    }

    /// Throws unless these cells have a synapse of this number.
    void require_synapse(Cells const& cells, int synapse) const {
        for_each_extent(cells, [&](Extent const& part) { require_synapse(part, synapse); });
    }
    void require_synapse(Gid gid, int synapse) const {
        auto one = extent_of(gid);
        one.first = gid;
        require_synapse(one, synapse);
    }
    void require_synapse(Extent const& part, int synapse) const {
        auto const& described = populations_[part.population];
        require(synapse >= 0 && static_cast<std::size_t>(synapse) < described.synapses,
                "synapse {} of cell {}: {} has {} synapses (numbered from 0)", synapse, part.first,
                described.type, described.synapses);
    }

    Ownership const& own() const { return own_; }
    std::size_t size() const { return extents_.empty() ? 0 : extents_.back().last; }

    /// The next `n` gids, for cells of a population that has `place` own ones so far.
    void add(std::size_t n, std::size_t population, std::size_t place) {
        if (n == 0) return;
        auto const first = static_cast<Gid>(size()), last = static_cast<Gid>(size() + n);
        if (!extents_.empty() && extents_.back().population == population)
            extents_.back().last = last;
        else
            extents_.push_back({first, last, population, place});
    }

    /// Takes back the cells from gid `first` on.
    void keep(Gid first) noexcept {
        while (!extents_.empty() && extents_.back().first >= first) extents_.pop_back();
        if (!extents_.empty()) extents_.back().last = std::min(extents_.back().last, first);
    }

    Extent const& extent_of(Gid gid) const {
        require(gid < size(), "cell {}: unknown, the network has {} cells (gids from 0)", gid, size());
        return *std::upper_bound(extents_.begin(), extents_.end(), gid,
                                 [](Gid g, Extent const& e) { return g < e.last; });
    }
    /// The place of an own cell; for another rank's cell, that of the next own one.
    Place place_of(Gid gid) const {
        auto const& extent = extent_of(gid);
        return {extent.population, place_in(extent, gid)};
    }

    void require_known(Cells const& cells) const {
        for (auto const& i : cells.intervals())
            require(i.last <= size(), "cell {}: unknown, the network has {} cells (gids from 0)",
                    std::max<std::size_t>(i.first, size()), size());
    }

    /// Calls f(part) for each part of `cells` that lies in one extent, in the order of `cells`.
    void for_each_extent(Cells const& cells, auto&& f) const {
        require_known(cells);
        for (auto const& interval : cells.intervals())
            for (auto gid = interval.first; gid < interval.last;) {
                auto const& whole = extent_of(gid);
                auto const last = std::min(interval.last, whole.last);
                f(Extent{gid, last, whole.population, place_in(whole, gid)});
                gid = last;
            }
    }

    /// Calls f(gid, place in the population) for the own cells of an extent.
    void for_each_own(Extent const& extent, auto&& f) const {
        auto place = static_cast<std::uint32_t>(extent.place);
        own_.for_each(extent.first, extent.last, [&](Gid gid) { f(gid, place++); });
    }
    /// The number of own ones among some cells.
    std::size_t own_count(Cells const& cells) const {
        std::size_t n = 0;
        for (auto const& i : cells.intervals()) n += own_.count(i.first, i.last);
        return n;
    }
    /// The number of own cells of a population.
    std::size_t own_count_of(std::size_t population) const {
        std::size_t n = 0;
        for (auto const& extent : extents_)
            if (extent.population == population) n += own_.count(extent.first, extent.last);
        return n;
    }
    /// Calls f(gid) for the own ones of some cells.
    void for_each_own(Cells const& cells, auto&& f) const {
        for (auto const& i : cells.intervals()) own_.for_each(i.first, i.last, f);
    }

private:
    std::size_t place_in(Extent const& extent, Gid gid) const {
        return extent.place + own_.count(extent.first, gid);
    }

    struct Described {
        std::string_view type;
        std::size_t synapses;
        std::vector<bool> take_events;
    };

    Ownership own_;
    std::vector<Described> populations_;  // by number
    std::vector<Extent> extents_;         // by gid
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
