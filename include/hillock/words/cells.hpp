// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/words/cell_ranges.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Some cells of a network in a given order: `add` returns them; they are connected, stimulated and
/// recorded. Ranges compose: `cells.first(800)`, `cells.slice(0, 400) + cells.slice(800, 900)`.
///
/// They are kept as intervals of gids, in runs that shrink by half or more towards both ends. Unions share
/// runs and merge the short ones: n unions of one cell take n log^2 n steps, whether `all = all + cell` or
/// `all = cell + all`, and a look-up takes log^2 n.
class Cells {
public:
    /// The gids [first, last).
    using Interval = cell_ranges::Interval;

    Cells() = default;
    /// The gids [first, last).
    Cells(Gid first, Gid last) {
        require(first <= last, "cells [{}, {}): the first gid must not be above the last", first, last);
        if (first < last) append({Interval{first, last}});
    }
    /// One cell.
    Cells(Gid gid) {
        require(gid < std::numeric_limits<Gid>::max(), "cell {}: gids are below {}", gid,
                std::numeric_limits<Gid>::max());
        append({Interval{gid, gid + 1}});
    }

    /// The number of cells.
    std::size_t size() const {
        std::size_t n = 0;
        for (auto const& run : runs_) n += run->size();
        return n;
    }
    bool empty() const { return runs_.empty(); }  // whether there are none

    /// The gids as intervals, in the order of the cells; intervals that meet are one.
    std::vector<Interval> intervals() const {
        std::vector<Interval> all;
        for (auto const& run : runs_) meta::append(all, run->order());
        return cell_ranges::joined(all);
    }

    /// The gid at place k, from 0 on.
    Gid operator[](std::size_t k) const {
        auto place = k;
        for (auto const& run : runs_) {
            if (place < run->size()) return (*run)[place];
            place -= run->size();
        }
        raise("cell {} of {}: there is none", k, size());
    }

    /// The lowest gid; the highest possible one if there are no cells.
    Gid lowest() const {
        auto least = std::numeric_limits<Gid>::max();
        for (auto const& run : runs_) least = std::min(least, run->ascending().front().first);
        return least;
    }
    /// The highest gid; 0 if there are no cells.
    Gid highest() const {
        Gid greatest = 0;
        for (auto const& run : runs_) greatest = std::max(greatest, run->ascending().back().last - 1);
        return greatest;
    }

    /// Whether a cell is among them.
    bool contains(Gid gid) const {
        for (auto const& run : runs_)
            if (run->contains(gid)) return true;
        return false;
    }

    /// Whether a cell is among both.
    bool overlaps(Cells const& those) const {
        if (those.interval_count() > interval_count()) return those.overlaps(*this);
        for (auto const& run : those.runs_)
            for (auto const& interval : run->ascending())
                if (meets(interval)) return true;
        return false;
    }

    /// The cells from place `from` up to, not including, place `to`.
    Cells slice(std::size_t from, std::size_t to) const {
        require(from <= to && to <= size(), "slice({}, {}) of {} cells: must be within 0 and {}", from, to,
                size(), size());
        std::vector<Interval> some;
        for (auto const& run : runs_) {
            auto const first = std::min(from, run->size()), last = std::min(to, run->size());
            run->copy(first, last, some);
            from -= first;
            to -= last;
        }
        Cells part;
        if (!some.empty()) part.append(std::move(some));
        return part;
    }
    /// The first n.
    Cells first(std::size_t n) const {
        require(n <= size(), "first({}) of {} cells: there are not so many", n, size());
        return slice(0, n);
    }
    /// The last n.
    Cells last(std::size_t n) const {
        require(n <= size(), "last({}) of {} cells: there are not so many", n, size());
        return slice(size() - n, size());
    }
    /// The first half, which is the smaller one if the number is odd, and the second half.
    std::pair<Cells, Cells> halves() const { return {slice(0, size() / 2), slice(size() / 2, size())}; }

    /// These and then those; no cell may be in both.
    friend Cells operator+(Cells these, Cells const& those) {
        require(!these.overlaps(those), "a union of cells: some are in both");
        meta::append(these.runs_, those.runs_);
        these.balance();
        return these;
    }

    /// Whether they are the same cells in the same order.
    friend bool operator==(Cells const& a, Cells const& b) { return a.intervals() == b.intervals(); }

    class Iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = Gid;
        using reference = Gid;
        using pointer = void;
        using iterator_category = std::input_iterator_tag;

        Iterator() = default;

        Gid operator*() const { return gid_; }
        Iterator& operator++() {
            if (++gid_ < (**run_).order()[at_].last) return *this;
            if (++at_ == (**run_).order().size()) {
                at_ = 0;
                ++run_;
            }
            enter();
            return *this;
        }
        Iterator operator++(int) {
            auto const before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(Iterator const&, Iterator const&) = default;

    private:
        friend Cells;
        using Run = std::shared_ptr<cell_ranges::Run const>;

        Iterator(Run const* run, Run const* end) : run_{run}, end_{end} { enter(); }

        void enter() { gid_ = run_ == end_ ? 0 : (**run_).order()[at_].first; }

        Run const* run_ = nullptr;
        Run const* end_ = nullptr;
        std::size_t at_ = 0;  // which interval of the run
        Gid gid_ = 0;
    };
    Iterator begin() const { return {runs_.data(), runs_.data() + runs_.size()}; }
    Iterator end() const { return {runs_.data() + runs_.size(), runs_.data() + runs_.size()}; }

private:
    using Run = std::shared_ptr<cell_ranges::Run const>;

    std::size_t interval_count() const {
        std::size_t n = 0;
        for (auto const& run : runs_) n += run->order().size();
        return n;
    }

    bool meets(Interval const& interval) const {
        for (auto const& run : runs_)
            if (run->overlaps(interval)) return true;
        return false;
    }

    void append(std::vector<Interval> intervals) {
        runs_.push_back(std::make_shared<cell_ranges::Run const>(std::move(intervals)));
    }

    /// Merges runs until each but the first and the last is twice as long as one of its neighbours.
    void balance() {
        for (std::size_t k = 1; k + 1 < runs_.size();) {
            auto const before = runs_[k - 1]->order().size(), after = runs_[k + 1]->order().size();
            if (runs_[k]->order().size() >= 2 * std::min(before, after)) {
                ++k;
            } else {
                merge_with_next(before < after ? k - 1 : k);
                k = 1;
            }
        }
    }
    void merge_with_next(std::size_t k) {
        auto both = runs_[k]->order();
        meta::append(both, runs_[k + 1]->order());
        runs_[k] = std::make_shared<cell_ranges::Run const>(std::move(both));
        runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    }

    std::vector<Run> runs_;
};

}  // namespace hillock::inline HILLOCK_ISA
