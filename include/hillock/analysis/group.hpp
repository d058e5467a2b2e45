// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::analysis {

/// A set of cells, by gid: `Group{0, 400} | Group{800, 900}` is the left half of the tutorial's second network.
class Group {
public:
    /// The gids `first` <= gid < `last`.
    struct Range {
        Gid first, last;
        friend bool operator==(Range const&, Range const&) = default;
    };

    Group() = default;
    Group(Gid first, Gid last) : Group{std::vector<Range>{{first, last}}} {}

    /// The gids that any range of gids holds, in any order.
    template <std::ranges::input_range Gids>
        requires(std::convertible_to<std::ranges::range_value_t<Gids>, Gid> && !std::same_as<std::remove_cvref_t<Gids>, Group>)
    explicit Group(Gids&& gids) : Group{one_by_one(std::forward<Gids>(gids))} {}

    /// The number of cells.
    std::size_t size() const {
        std::size_t size = 0;
        for (auto const& range : ranges_) size += range.last - range.first;
        return size;
    }

    bool contains(Gid gid) const {
        auto const after = std::ranges::upper_bound(ranges_, gid, {}, &Range::first);
        return after != ranges_.begin() && gid < std::prev(after)->last;
    }

    /// Ascending, apart from each other.
    std::vector<Range> const& ranges() const { return ranges_; }

    friend Group operator|(Group const& a, Group const& b) {
        auto both = a.ranges_;
        both.insert(both.end(), b.ranges_.begin(), b.ranges_.end());
        return Group{std::move(both)};
    }

    friend bool operator==(Group const&, Group const&) = default;

private:
    explicit Group(std::vector<Range> ranges) {
        std::ranges::sort(ranges, {}, &Range::first);
        for (auto const& range : ranges) {
            require(range.first < range.last, "group of the gids from {} to below {}: must not be empty", range.first,
                    range.last);
            if (ranges_.empty() || range.first > ranges_.back().last) ranges_.push_back(range);
            else ranges_.back().last = std::max(ranges_.back().last, range.last);
        }
    }

    template <class Gids>
    static std::vector<Range> one_by_one(Gids&& gids) {
        std::vector<Range> ranges;
        for (auto const& each : gids) {
            auto const gid = static_cast<Gid>(each);
            if (!ranges.empty() && gid == ranges.back().last) ++ranges.back().last;
            else ranges.push_back({gid, gid + 1});
        }
        return ranges;
    }

    std::vector<Range> ranges_;
};

}  // namespace hillock::analysis
