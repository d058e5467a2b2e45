// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/shared_column.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// Finds the connections of a source in a table that is grouped by source: row r holds the connections
/// begin(r) up to end(r). There is a row for each source of a range or, where the range has fewer than one
/// connection for two of its sources, a row for each source that has any: memory is always in proportion to
/// the connections, 4 to 8 bytes each at the most. Copies share it.
class SourceIndex {
public:
    SourceIndex() = default;
    /// For sources from `first` to `last`.
    SourceIndex(Gid first, Gid last) : first_{first}, last_{last} {}

    /// Counts connections, each of the source that source_of(connection) says.
    void count(auto const& connections, auto&& source_of) {
        auto next = connections.begin();
        for (; next != connections.end() && every_ == 0; ++next) list(source_of(*next));
        auto const counts = offsets_.own();
        for (; next != connections.end(); ++next) ++counts[source_of(*next) - first_ + 1];
    }

    /// Adds what another index of the same range has counted.
    void add(SourceIndex const& other) {
        other.for_each_count([&](Gid source, std::uint32_t n) {
            for (; n > 0 && every_ == 0; --n) list(source);
            if (n > 0) offsets_.own()[source - first_ + 1] += n;
        });
    }
    /// Calls f(source, n) with the connections counted so far; a source may come more than once.
    void for_each_count(auto&& f) const {
        for (auto const source : counted_) f(source, std::uint32_t{1});
        for (std::size_t row = 0; row < every_; ++row)
            if (auto const n = offsets_[row + 1]; n > 0) f(first_ + static_cast<Gid>(row), n);
    }

    /// Makes the rows of the connections counted; returns how many there are.
    std::uint64_t finish() {
        if (every_ == 0) make_rows_of_listed();
        std::uint64_t total = 0;
        for (auto& offset : offsets_.own()) {  // so far offsets_[r + 1] counts the connections of row r
            total += offset;
            offset = static_cast<std::uint32_t>(total);
        }
        return total;
    }

    std::size_t rows() const { return offsets_.size() - 1; }
    std::uint32_t begin(std::size_t row) const { return offsets_[row]; }
    std::uint32_t end(std::size_t row) const { return offsets_[row + 1]; }
    static constexpr auto none = std::numeric_limits<std::size_t>::max();
    /// The row of a source, or `none`.
    std::size_t row_of(Gid source) const {
        auto const row = std::size_t{source - first_};  // very large if the source is below the first
        return row < every_ ? row : listed_row_of(source);
    }
    /// The source of a row.
    Gid source_of(std::size_t row) const {
        return row < every_ ? first_ + static_cast<Gid>(row) : listed_[row];
    }
    void prefetch(std::size_t row) const { __builtin_prefetch(&offsets_[row + 1]); }

    std::size_t bytes() const { return (offsets_.size() + listed_.size()) * sizeof offsets_[0]; }

    /// Calls f(k), ascending, for each k of which gids from k size up to (k + 1) size may have rows.
    void for_each_bucket(Gid size, auto&& f) const {
        for (auto b = first_ / size; every_ > 0 && b <= last_ / size; ++b) f(b);
        for (std::size_t k = 0; k < listed_.size(); ++k)
            if (k == 0 || listed_[k] / size != listed_[k - 1] / size) f(listed_[k] / size);
    }

private:
    void list(Gid source) {
        counted_.push_back(source);
        auto const range = std::size_t{last_} - first_ + 1;
        if (counted_.size() <= range / 2) return;
        every_ = range;
        simd::Column<std::uint32_t> counts(range + 1, 0);
        for (auto const each : counted_) ++counts[each - first_ + 1];
        offsets_ = simd::SharedColumn(std::move(counts));
        counted_ = decltype(counted_)();  // gives its memory back
    }

    void make_rows_of_listed() {
        meta::sort_by(counted_, [](Gid source) { return std::uint64_t{source}; });
        simd::Column<Gid> different;
        simd::Column<std::uint32_t> counts(1, 0);
        for (auto const source : counted_) {
            if (different.empty() || different.back() != source) {
                different.push_back(source);
                counts.push_back(0);
            }
            ++counts.back();
        }
        counted_ = decltype(counted_)();
        listed_ = simd::SharedColumn(std::move(different));
        offsets_ = simd::SharedColumn(std::move(counts));
    }

    std::size_t listed_row_of(Gid source) const {
        auto const at = std::lower_bound(listed_.begin(), listed_.end(), source);
        if (at == listed_.end() || *at != source) return none;
        return static_cast<std::size_t>(at - listed_.begin());
    }

    Gid first_ = 0, last_ = 0;
    std::size_t every_ = 0;     // rows, one for each source of the range; 0 if those with rows are listed
    std::vector<Gid> counted_;  // sources, while there are few of them
    simd::SharedColumn<Gid> listed_;             // ascending
    simd::SharedColumn<std::uint32_t> offsets_;  // where each row begins; then where the last one ends
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
