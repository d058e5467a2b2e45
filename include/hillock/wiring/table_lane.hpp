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
/// Below a target, counted from the first one of its table, there may be the code of a weight.
inline constexpr int code_bits = 8;
inline constexpr std::uint32_t code_mask = (std::uint32_t{1} << code_bits) - 1;

/// The connections of a source that a spike has still to reach.
struct TableRow {
    std::uint32_t begin, end;
};

/// Weights as codes of one byte, or of two.
template <class Real>
struct CodeView {
    std::uint8_t const* codes;        // null if there are none
    std::uint16_t const* wide_codes;  // null if there are none; with neither, codes are in the words
    Real origin, step;

    /// The weight of connection `k`, which has this word.
    Real at(std::size_t k, std::uint32_t word) const {
        if (codes) return of(codes[k]);
        return of(wide_codes ? wide_codes[k] : word & code_mask);
    }
    Real of(std::uint32_t code) const { return origin + step * static_cast<Real>(code); }
};

/// A table's connections by delay, or of one delay, as their delivery to one part needs them.
template <class Real>
struct TableLane {
    std::uint32_t const* words;
    Real const* weights;  // null if there are codes
    CodeView<Real> codes;
    std::size_t population, synapse;
    std::uint32_t least, greatest;  // the part's targets, if there are any, as words have them
    std::uint32_t base;             // the first target, if words have codes
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
    /// the sums of the steps at which they end: sums[0] for `first`. Returns where what is left begins.
    HILLOCK_INLINE std::uint32_t deliver(TableRow row, std::uint32_t first, std::uint32_t last,
                                         Real* const* sums) const {
        if (!weights) return deliver_codes(row, first, last, sums);
        return take(
            row, first, last, sums, [](std::uint32_t word) { return word & target_mask; },
            [&](std::uint32_t at, std::uint32_t) { return weights[one_weight ? 0 : at]; });
    }

private:
    [[gnu::noinline]] std::uint32_t deliver_codes(TableRow row, std::uint32_t first, std::uint32_t last,
                                                  Real* const* sums) const {
        auto const view = codes;
        auto const plain = [](std::uint32_t word) { return word & target_mask; };
        if (view.codes)
            return take(row, first, last, sums, plain,
                        [view](std::uint32_t at, std::uint32_t) { return view.of(view.codes[at]); });
        if (view.wide_codes)
            return take(row, first, last, sums, plain,
                        [view](std::uint32_t at, std::uint32_t) { return view.of(view.wide_codes[at]); });
        return take(
            row, first, last, sums,
            [from = base](std::uint32_t word) { return from + ((word & target_mask) >> code_bits); },
            [view](std::uint32_t, std::uint32_t word) { return view.of(word & code_mask); });
    }
    HILLOCK_INLINE void prefetch_codes(std::uint32_t begin) const {
        constexpr std::uint32_t line = 32;  // codes of two bytes
        if (codes.codes) return __builtin_prefetch(codes.codes + begin);
        if (!codes.wide_codes) return;
        __builtin_prefetch(codes.wide_codes + begin);
        __builtin_prefetch(codes.wide_codes + begin + line);
    }

    /// For `target_in` and `weight` see `deliver`: these find both in a word and its place.
    HILLOCK_INLINE std::uint32_t take(TableRow row, std::uint32_t first, std::uint32_t last,
                                      Real* const* sums, auto const& target_in, auto const& weight) const {
        auto k = row.begin;
        if (one_delay > 0) {
            if (first <= one_delay && one_delay <= last)
                for (auto* const to = sums[one_delay - first]; k < row.end; ++k)
                    to[words[k]] += weight(k, words[k]);
        } else if (is_whole) {
            auto const low = first << target_bits, high = last << target_bits | target_mask;
            if (k < row.end && words[k] < low) k = skip(k, row.end, low);
            for (; k < row.end && words[k] <= high; ++k)
                sums[(words[k] >> target_bits) - first][target_in(words[k])] += weight(k, words[k]);
        } else {
            for (auto delay = first; delay <= last; ++delay) {
                auto const low = delay << target_bits | least, high = delay << target_bits | greatest;
                if (k < row.end && words[k] < low) k = skip(k, row.end, low);
                for (auto* const to = sums[delay - first]; k < row.end && words[k] <= high; ++k)
                    to[target_in(words[k])] += weight(k, words[k]);
            }
        }
        return k;
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
