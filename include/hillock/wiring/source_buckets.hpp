// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/wiring/source_index.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// Finds which of many tables may have connections of a source.
class SourceBuckets {
public:
    void clear() { by_bucket_.clear(); }

    /// Adds a table, by number.
    void add(std::size_t table, SourceIndex const& sources) {
        sources.for_each_bucket(bucket, [&](Gid b) {
            if (by_bucket_.size() <= b) by_bucket_.resize(b + 1);
            by_bucket_[b].push_back(static_cast<std::uint32_t>(table));
        });
    }

    /// The tables that may have connections of `source`, as they were added.
    std::span<std::uint32_t const> tables_of(Gid source) const {
        auto const b = source / bucket;
        return b < by_bucket_.size() ? std::span(by_bucket_[b]) : std::span<std::uint32_t const>();
    }

private:
    static constexpr Gid bucket = 64;  // sources

    std::vector<std::vector<std::uint32_t>> by_bucket_;
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
