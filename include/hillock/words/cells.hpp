// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Some cells of a network, in an order of their own: what `add` returns, what is connected, stimulated and
/// recorded. Ranges compose: `cells.first(800)`, `cells.slice(0, 400) + cells.slice(800, 900)`.
class Cells {
public:
    /// The gids [first, last).
    struct Interval {
        Gid first, last;

        std::size_t size() const { return last - first; }
        friend bool operator==(Interval const&, Interval const&) = default;
    };

    Cells() = default;
    /// The gids [first, last).
    Cells(Gid first, Gid last) {
        require(first <= last, "cells [{}, {}): the first gid must not be above the last", first, last);
        if (first < last) intervals_.push_back({first, last});
    }
    /// One cell.
    Cells(Gid gid) : intervals_{{gid, gid + 1}} {
        require(gid < std::numeric_limits<Gid>::max(), "cell {}: gids are below {}", gid,
                std::numeric_limits<Gid>::max());
    }

    std::size_t size() const {
        std::size_t n = 0;
        for (auto const& i : intervals_) n += i.size();
        return n;
    }
    bool empty() const { return intervals_.empty(); }
    std::vector<Interval> const& intervals() const { return intervals_; }

    Gid operator[](std::size_t k) const {
        for (auto const& i : intervals_) {
            if (k < i.size()) return i.first + static_cast<Gid>(k);
            k -= i.size();
        }
        throw Error(fmt::format("cell {} of {}: there is none", size() + k, size()));
    }

    /// The lowest and the highest gid; of no cells, anything with lowest > highest.
    Gid lowest() const {
        auto least = std::numeric_limits<Gid>::max();
        for (auto const& i : intervals_) least = std::min(least, i.first);
        return least;
    }
    Gid highest() const {
        Gid greatest = 0;
        for (auto const& i : intervals_) greatest = std::max(greatest, i.last - 1);
        return greatest;
    }

    bool contains(Gid gid) const {
        return std::any_of(intervals_.begin(), intervals_.end(),
                           [&](auto const& i) { return i.first <= gid && gid < i.last; });
    }

    bool overlaps(Cells const& those) const {
        return std::any_of(intervals_.begin(), intervals_.end(), [&](auto const& i) {
            return std::any_of(those.intervals_.begin(), those.intervals_.end(),
                               [&](auto const& j) { return i.first < j.last && j.first < i.last; });
        });
    }

    /// Those from place `from` up to, not including, place `to`.
    Cells slice(std::size_t from, std::size_t to) const {
        require(from <= to && to <= size(), "slice({}, {}) of {} cells: must be within 0 and {}", from, to,
                size(), size());
        Cells part;
        for (auto const& i : intervals_) {
            auto const first = std::min(from, i.size()), last = std::min(to, i.size());
            if (first < last)
                part.intervals_.push_back(
                    {i.first + static_cast<Gid>(first), i.first + static_cast<Gid>(last)});
            from -= first;
            to -= last;
        }
        return part;
    }
    Cells first(std::size_t n) const {
        require(n <= size(), "first({}) of {} cells: there are not so many", n, size());
        return slice(0, n);
    }
    Cells last(std::size_t n) const {
        require(n <= size(), "last({}) of {} cells: there are not so many", n, size());
        return slice(size() - n, size());
    }
    /// The first half, which is the smaller one if the number is odd, and the second half.
    std::pair<Cells, Cells> halves() const { return {slice(0, size() / 2), slice(size() / 2, size())}; }

    /// These and then those; no cell may be in both.
    friend Cells operator+(Cells these, Cells const& those) {
        require(!these.overlaps(those), "a union of cells: some are in both");
        for (auto const& i : those.intervals_) {
            if (!these.empty() && these.intervals_.back().last == i.first)
                these.intervals_.back().last = i.last;
            else
                these.intervals_.push_back(i);
        }
        return these;
    }

    friend bool operator==(Cells const&, Cells const&) = default;

    class Iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = Gid;
        using reference = Gid;
        using pointer = void;
        using iterator_category = std::input_iterator_tag;

        Iterator() = default;
        Iterator(std::vector<Interval> const& intervals, std::size_t at) : intervals_{&intervals}, at_{at} {
            enter();
        }

        Gid operator*() const { return gid_; }
        Iterator& operator++() {
            if (++gid_ == (*intervals_)[at_].last) {
                ++at_;
                enter();
            }
            return *this;
        }
        Iterator operator++(int) {
            auto const before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(Iterator const&, Iterator const&) = default;

    private:
        void enter() { gid_ = at_ < intervals_->size() ? (*intervals_)[at_].first : 0; }

        std::vector<Interval> const* intervals_ = nullptr;
        std::size_t at_ = 0;
        Gid gid_ = 0;
    };
    Iterator begin() const { return {intervals_, 0}; }
    Iterator end() const { return {intervals_, intervals_.size()}; }

private:
    std::vector<Interval> intervals_;  // none empty
};

}  // namespace hillock::inline HILLOCK_ISA
