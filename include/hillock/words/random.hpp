// SPDX-License-Identifier: MIT
#pragma once

/// Counter-based random streams (Philox4x32-10; Salmon et al., SC'11): a stream is named by what it is for, not by who
/// draws first, so that results do not depend on the order of creation, on threads or on ranks. The distributions are
/// our own: those of the standard library differ between vendors.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

#include <Random123/philox.h>

#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock {

/// The three ids and the key that name a stream, as NEURON's `noiseFromRandom123(id1, id2, id3)` and global index do.
struct StreamId {
    std::uint32_t id1 = 0, id2 = 0, id3 = 0;
    std::uint32_t key0 = 0, key1 = 0;
};

/// A stream of 32-bit words: Philox with counter {seq, id3, id1, id2}, seq = 0, 1, ..., and key {key0, key1}; the four words
/// of a block are used in order. With key1 = 0 it is NEURON's Random123 stream, to the last bit.
class RandomStream {
public:
    RandomStream() = default;
    explicit RandomStream(StreamId const& id) : counter_{{0, id.id3, id.id1, id.id2}}, key_{{id.key0, id.key1}} {}

    std::uint32_t next() {
        if (used_ == 4) {
            block_ = philox_(counter_, key_);
            ++counter_.v[0];
            used_ = 0;
        }
        return block_.v[used_++];
    }

    /// Uniform in the open interval (0, 1).
    double uniform() { return (next() + 1.) / 4294967297.; }

    /// Exponential with mean 1.
    double exponential() { return -std::log(uniform()); }

    /// Normal with mean 0 and standard deviation 1 (Box & Muller 1958).
    double normal() {
        auto const radius = std::sqrt(2 * exponential());
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

    /// A whole number in [0, n), every one equally likely (multiply-and-shift with rejection; Lemire 2019). `n` > 0.
    std::uint32_t below(std::uint32_t n) {
        auto product = std::uint64_t{next()} * n;
        if (static_cast<std::uint32_t>(product) < n)
            for (std::uint32_t const least = (0u - n) % n; static_cast<std::uint32_t>(product) < least;)
                product = std::uint64_t{next()} * n;
        return static_cast<std::uint32_t>(product >> 32);
    }

private:
    r123::Philox4x32 philox_;
    r123::Philox4x32::ctr_type counter_{}, block_{};
    r123::Philox4x32::key_type key_{};
    std::uint32_t used_ = 4;
};

/// `numpy.random.seed(seed)` and the `numpy.random.randint(low, high, n)` that follow it: the same numbers in the same order.
/// numpy's seeded legacy generator is MT19937; an integer of [low, high) takes 32 bits at a time, masked to the smallest
/// 2^k - 1 that reaches high - low - 1, redrawn while above it.
class NumpyRandom {
public:
    explicit NumpyRandom(std::uint32_t seed) : engine_{seed} {}

    std::vector<Gid> randint(Gid low, Gid high, std::size_t n) {
        require(low < high, "randint({}, {}): low must be below high", low, high);
        auto const range = high - low - 1;
        auto mask = range;
        for (auto shift : {1u, 2u, 4u, 8u, 16u}) mask |= mask >> shift;
        std::vector<Gid> drawn(n, low);
        if (range == 0) return drawn;  // numpy draws nothing for a range of one
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

}  // namespace hillock
