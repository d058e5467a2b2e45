// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::cell_ranges {

/// The gids [first, last), at least one.
struct Interval {
    Gid first, last;

    std::size_t size() const { return last - first; }
    friend bool operator==(Interval const&, Interval const&) = default;
};

/// The same gids in as few intervals: those that follow each other without a gap become one.
inline std::vector<Interval> joined(std::vector<Interval> const& all) {
    std::vector<Interval> fewer;
    for (auto const& interval : all) {
        if (!fewer.empty() && fewer.back().last == interval.first)
            fewer.back().last = interval.last;
        else
            fewer.push_back(interval);
    }
    return fewer;
}

/// Disjoint intervals in an order of their own. It never changes, so unions of cells share it.
class Run {
public:
    explicit Run(std::vector<Interval> intervals) : order_{joined(intervals)} {
        for (auto const& interval : order_) {
            starts_.push_back(size_);
            size_ += interval.size();
        }
        std::sort(intervals.begin(), intervals.end(),
                  [](Interval const& a, Interval const& b) { return a.first < b.first; });
        ascending_ = joined(intervals);
    }

    /// The number of gids.
    std::size_t size() const { return size_; }
    std::vector<Interval> const& order() const { return order_; }
    std::vector<Interval> const& ascending() const { return ascending_; }

    /// The gid at place `k` < size().
    Gid operator[](std::size_t k) const {
        auto const at = interval_of(k);
        return order_[at].first + static_cast<Gid>(k - starts_[at]);
    }

    bool contains(Gid gid) const {
        auto const at = first_beyond(gid);
        return at != ascending_.end() && at->first <= gid;
    }
    bool overlaps(Interval const& interval) const {
        auto const at = first_beyond(interval.first);
        return at != ascending_.end() && at->first < interval.last;
    }

    /// Appends the gids at places [from, to) to `some`.
    void copy(std::size_t from, std::size_t to, std::vector<Interval>& some) const {
        if (from >= to) return;
        for (auto at = interval_of(from); at < order_.size() && starts_[at] < to; ++at) {
            auto const [first, last] = order_[at];
            auto const begin = std::max(from, starts_[at]) - starts_[at];
            auto const end = std::min(to - starts_[at], order_[at].size());
            some.push_back({first + static_cast<Gid>(begin), first + static_cast<Gid>(end)});
        }
    }

private:
    /// The interval that holds place `k`.
    std::size_t interval_of(std::size_t k) const {
        return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), k) -
                                        starts_.begin()) -
               1;
    }

    /// The lowest interval that ends beyond a gid.
    std::vector<Interval>::const_iterator first_beyond(Gid gid) const {
        return std::upper_bound(ascending_.begin(), ascending_.end(), gid,
                                [](Gid g, Interval const& interval) { return g < interval.last; });
    }

    std::vector<Interval> order_;
    std::vector<std::size_t> starts_;  // how many gids precede each interval of order_
    std::vector<Interval> ascending_;  // the same gids, by gid
    std::size_t size_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::cell_ranges
