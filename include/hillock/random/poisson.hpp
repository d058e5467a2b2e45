// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Draws numbers of Poisson events by inversion: one word of 32 random bits each. Probabilities are multiples
/// of 2^-32, so rarer numbers are never drawn. Computed without transcendental functions: the same on every
/// machine.
class PoissonTable {
public:
    static constexpr double largest_mean = 1e4;  // for which there is a table

    PoissonTable() = default;
    /// The table for a mean.
    explicit PoissonTable(double mean) { set(mean); }

    /// Makes the table for a mean from 0 to `largest_mean`; without allocating, once it has been as long.
    void set(double mean) {
        auto const mode = std::floor(mean);
        // probabilities relative to that of the mode, from it downwards and then upwards
        numbers_.assign(1, 1.);
        for (auto n = mode; n > 0 && numbers_.back() > negligible; --n)
            numbers_.push_back(numbers_.back() * n / mean);
        std::reverse(numbers_.begin(), numbers_.end());
        lowest_ = static_cast<std::uint32_t>(mode) - static_cast<std::uint32_t>(numbers_.size() - 1);
        for (auto n = mode + 1; numbers_.back() > negligible; ++n)
            numbers_.push_back(numbers_.back() * mean / n);
        invert();
    }

    std::uint32_t lowest() const { return lowest_; }         // the smallest number that can be drawn
    std::size_t size() const { return last_words_.size(); }  // how many numbers can be drawn
    /// How far above the lowest number the one is that a random word stands for.
    std::size_t index(std::uint32_t word) const {
        std::size_t k = guide_[word >> guide_shift];
        while (word > last_words_[k]) ++k;
        return k;
    }
    /// The number that a random word stands for.
    std::uint32_t operator()(std::uint32_t word) const {
        return lowest_ + static_cast<std::uint32_t>(index(word));
    }

private:
    static constexpr double negligible = 1e-16;
    static constexpr int guide_shift = 24;

    /// From relative probabilities to the last word that stands for each number.
    void invert() {
        double total = 0, sum = 0;
        for (auto const p : numbers_) total += p;
        last_words_.clear();
        std::size_t impossible = 0;
        for (auto const p : numbers_) {
            sum += p;
            auto const words = std::min(std::floor(sum / total * 0x1p32 + 0.5), 0x1p32);
            if (words < 1)
                ++impossible;
            else
                last_words_.push_back(static_cast<std::uint32_t>(words - 1));
            if (words == 0x1p32) break;
        }
        last_words_.back() = ~std::uint32_t{0};
        lowest_ += static_cast<std::uint32_t>(impossible);
        std::uint16_t k = 0;
        for (std::size_t g = 0; g < guide_.size(); ++g) {
            while (last_words_[k] < static_cast<std::uint32_t>(g << guide_shift)) ++k;
            guide_[g] = k;
        }
    }

    std::uint32_t lowest_ = 0;
    std::vector<std::uint32_t> last_words_ = {~std::uint32_t{0}};  // by number, from the lowest on
    std::array<std::uint16_t, std::size_t{1} << (32 - guide_shift)>
        guide_{};                  // where to begin, by upper bits
    std::vector<double> numbers_;  // while the table is made
};

}  // namespace hillock::inline HILLOCK_ISA
