// SPDX-License-Identifier: MIT
#pragma once

/// A connection table as the delivery of spikes over their delays sees it (`run/arrivals.hpp`).

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <hillock/isa.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// A word of a table has its target in the lower bits, and perhaps its delay in the upper ones.
inline constexpr int target_bits = 24;
inline constexpr std::uint32_t target_mask = (std::uint32_t{1} << target_bits) - 1;

/// The connections of a source that a spike has still to reach.
struct TableRow {
    std::uint32_t begin, end;
};

/// Weights as codes of one byte, or of two.
template <class Real>
struct CodeView {
    std::uint8_t const* codes;        // null if there are none
    std::uint16_t const* wide_codes;  // null if there are none
    Real origin, step;

    Real operator[](std::size_t k) const {
        return origin + step * static_cast<Real>(codes ? codes[k] : wide_codes[k]);
    }
};

/// A table's connections by delay, or of one delay, as their delivery to one part needs them.
template <class Real>
struct TableLane {
    std::uint32_t const* words;
    Real const* weights;  // null if there are codes
    CodeView<Real> codes;
    std::size_t population, synapse;
    std::uint32_t least, greatest;  // the part's targets, if there are any
    std::uint32_t one_delay;        // of all connections; 0 if each has its own
    bool one_weight, is_whole;      // whether the part has all targets

    /// Prefetches what `deliver` is about to need of a row.
    HILLOCK_INLINE void prefetch(TableRow const& row) const {
        constexpr std::uint32_t ahead = 64, line = 16;  // connections
        for (std::uint32_t k = 0; k < ahead; k += line) {
            __builtin_prefetch(words + row.begin + k);
            if (weights && !one_weight) __builtin_prefetch(weights + row.begin + k);
        }
        if (!weights) prefetch_codes(row.begin);
    }

    /// Takes off a row the connections whose delays are from `first` to `last`, and adds their weights to
    /// the sums of the steps at which they end: sums[0] for `first`.
    HILLOCK_INLINE void deliver(TableRow& row, std::uint32_t first, std::uint32_t last,
                                Real* const* sums) const {
        if (!weights) return deliver_codes(row, first, last, sums);
        take(row, first, last, sums, [&](std::uint32_t at) { return weights[one_weight ? 0 : at]; });
    }

private:
    [[gnu::noinline]] void deliver_codes(TableRow& row, std::uint32_t first, std::uint32_t last,
                                         Real* const* sums) const {
        auto const decoded = [&](auto const* all) {
            take(row, first, last, sums, [&, origin = codes.origin, step = codes.step](std::uint32_t at) {
                return origin + step * static_cast<Real>(all[at]);
            });
        };
        if (codes.codes)
            decoded(codes.codes);
        else
            decoded(codes.wide_codes);
    }
    HILLOCK_INLINE void prefetch_codes(std::uint32_t begin) const {
        if (codes.codes) return __builtin_prefetch(codes.codes + begin);
        __builtin_prefetch(codes.wide_codes + begin);
        __builtin_prefetch(codes.wide_codes + begin + 32);
    }

    HILLOCK_INLINE void take(TableRow& row, std::uint32_t first, std::uint32_t last, Real* const* sums,
                             auto const& weight) const {
        auto k = row.begin;
        if (one_delay > 0) {
            if (first <= one_delay && one_delay <= last)
                for (auto* const to = sums[one_delay - first]; k < row.end; ++k) to[words[k]] += weight(k);
        } else if (is_whole) {
            auto const low = first << target_bits, high = last << target_bits | target_mask;
            if (k < row.end && words[k] < low) k = skip(k, row.end, low);
            for (; k < row.end && words[k] <= high; ++k)
                sums[(words[k] >> target_bits) - first][words[k] & target_mask] += weight(k);
        } else {
            for (auto delay = first; delay <= last; ++delay) {
                auto const low = delay << target_bits | least, high = delay << target_bits | greatest;
                if (k < row.end && words[k] < low) k = skip(k, row.end, low);
                for (auto* const to = sums[delay - first]; k < row.end && words[k] <= high; ++k)
                    to[words[k] & target_mask] += weight(k);
            }
        }
        row.begin = k;
    }

    /// The first of a row's words from `k` on that is not below `low`, which most often is near.
    std::uint32_t skip(std::uint32_t k, std::uint32_t end, std::uint32_t low) const {
        std::uint32_t step = 1;
        while (step < end - k && words[k + step] < low) {
            k += step;
            step *= 2;
        }
        return static_cast<std::uint32_t>(std::lower_bound(words + k, words + std::min(end, k + step), low) -
                                          words);
    }
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
