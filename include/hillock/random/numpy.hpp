// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The numbers that numpy draws, in the same order: `numpy.random.seed(seed)`, then calls of
/// `numpy.random.randint(low, high, n)`. numpy's seeded legacy generator is MT19937. An integer in [low,
/// high) takes 32 bits, masked to the smallest 2^k - 1 >= high - low - 1, and is redrawn while above high -
/// low - 1.
class NumpyRandom {
public:
    /// As after `numpy.random.seed(seed)`.
    explicit NumpyRandom(std::uint32_t seed) : engine_{seed} {}

    /// Draws n numbers in [low, high).
    std::vector<Gid> randint(Gid low, Gid high, std::size_t n) {
        require(low < high, "randint({}, {}): low must be below high", low, high);
        auto const range = high - low - 1;
        auto mask = range;
        for (auto shift : {1u, 2u, 4u, 8u, 16u}) mask |= mask >> shift;
        std::vector<Gid> drawn(n, low);
        if (range == 0) return drawn;  // numpy takes no bits for a range of one
        for (auto& number : drawn) {
            auto word = static_cast<std::uint32_t>(engine_()) & mask;
            while (word > range) word = static_cast<std::uint32_t>(engine_()) & mask;
            number = low + word;
        }
        return drawn;
    }

private:
    std::mt19937 engine_;
};

}  // namespace hillock::inline HILLOCK_ISA
