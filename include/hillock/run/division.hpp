// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/wiring/directory.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The cells of all populations divided among threads: each has a part, a range of blocks of every
/// population.
class Division {
public:
    /// Divides anew if the number of parts or of blocks has changed. The parts of a population begin on cache
    /// lines; populations of few blocks go to different parts in turn.
    template <class Real>
    void divide(std::size_t parts, auto& populations) {
        std::size_t blocks = 0;
        populations.for_each([&](auto& population, std::size_t) { blocks += population.blocks(); });
        if (parts == parts_ && blocks == blocks_ && populations.size() == first_cells_.size()) return;
        parts_ = 0;  // until all has been divided
        blocks_ = blocks;
        ++version_;
        meta::empty_lists(first_cells_, populations.size());
        populations.for_each([&](auto& population, std::size_t number) {
            auto const width = population.width;
            auto const unit = std::max<std::size_t>(1, simd::alignment / sizeof(Real) / width);  // blocks
            auto const units = (population.blocks() + unit - 1) / unit;
            for (std::size_t part = 0; part < parts; ++part) {
                auto const rounding = part == 0 ? 0 : number % parts;
                first_cells_[number].push_back((units * part + rounding) / parts * unit * width);
            }
        });
        parts_ = parts;
    }

    std::size_t parts() const { return parts_; }
    std::size_t populations() const { return first_cells_.size(); }
    /// Rises whenever the division changes.
    std::uint64_t version() const { return version_; }

    /// The first cell of each part of a population.
    std::span<std::size_t const> first_cells(std::size_t population) const {
        return first_cells_[population];
    }
    /// The first block of a part; that of part `parts()` is the end.
    std::size_t first_block(auto const& population, std::size_t number, std::size_t part) const {
        return part == parts_ ? population.blocks()
                              : std::min(population.blocks(), first_cells_[number][part] / population.width);
    }

    std::size_t part_of(wiring::Place const& place) const {
        auto const& firsts = first_cells_[place.population];
        return static_cast<std::size_t>(std::upper_bound(firsts.begin(), firsts.end(), place.cell) -
                                        firsts.begin()) -
               1;
    }

private:
    std::size_t parts_ = 0, blocks_ = 0;
    std::uint64_t version_ = 0;
    std::vector<std::vector<std::size_t>> first_cells_;  // of each part, by population
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
