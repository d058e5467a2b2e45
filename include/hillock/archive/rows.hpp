// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <hillock/archive/record.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::archive {

/// Rows of `N` numbers that are gathered from all ranks, or found in a snapshot.
template <std::size_t N>
struct Rows {
    std::vector<std::array<std::uint64_t, N>> all;

    void add(auto... numbers) { all.push_back({bits_of(numbers)...}); }

    /// Those of all ranks, in the order of the first `keys` of their numbers, else in that of their ranks.
    void gather(auto& ranks, std::size_t keys) {
        Words mine;
        for (auto const& row : all) mine.insert(mine.end(), row.begin(), row.end());
        auto const& words = ranks.gather(mine).words;
        all.resize(words.size() / N);
        for (std::size_t k = 0; k < words.size(); ++k) all[k / N][k % N] = words[k];
        sort(keys);
    }
    /// Rows with equal keys stay in their order.
    void sort(std::size_t keys) {
        std::vector<std::size_t> order(all.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            for (std::size_t k = 0; k < keys; ++k)
                if (all[a][k] != all[b][k]) return all[a][k] < all[b][k];
            return a < b;
        });
        std::vector<std::array<std::uint64_t, N>> sorted;
        for (auto const row : order) sorted.push_back(all[row]);
        all = std::move(sorted);
    }

    void write(RecordWriter& file) const {
        file(all.size());
        for (auto const& row : all)
            for (auto const number : row) file(number);
    }
    void read(auto& file) {
        auto const words = [&] {
            auto const n = file.next();
            require(n < std::uint64_t{1} << 48, "snapshot: {} rows: it is damaged", n);
            return file.take(n * N);
        }();
        all.resize(words.size() / N);
        for (std::size_t k = 0; k < words.size(); ++k) all[k / N][k % N] = words[k];
    }
};

}  // namespace hillock::inline HILLOCK_ISA::archive
