// SPDX-License-Identifier: MIT
#pragma once

/// Counter-based random streams (Philox4x32-10; Salmon et al., SC'11). The name of a stream says its purpose,
/// so results do not depend on the order in which streams are made, on threads or on ranks. The distributions
/// are our own, since those of the standard library differ between vendors.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

// By itself Random123 includes all intrinsics that a compiler has: 0.3 s and 100 MB, of which it uses these.
#if defined(__SSE2__) && !defined(R123_USE_X86INTRIN_H)
#define R123_USE_X86INTRIN_H 0
#define R123_USE_EMMINTRIN_H 1
#if defined(__SSE4_1__)
#define R123_USE_SMMINTRIN_H 1
#endif
#if defined(__AES__)
#define R123_USE_WMMINTRIN_H 1
#endif
#endif
#include <Random123/philox.h>

#include <hillock/isa.hpp>
#include <hillock/random/normal.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The three ids and the key that name a stream, as NEURON's `noiseFromRandom123(id1, id2, id3)` and global
/// index do. `key1` is 0 for NetStims, 1 for connections, 2 and 3 for Poisson trains, 4 for noise, 5 for
/// sweeps, 6 for gap junctions; give streams of your own another one.
struct StreamId {
    std::uint32_t id1 = 0, id2 = 0, id3 = 0;  // of noiseFromRandom123
    std::uint32_t key0 = 0, key1 = 0;         // key0 is the global index, key1 says whose stream it is
};

/// Block `number` of a stream that has only numbered blocks, all within reach: Philox with counter {number,
/// id1, id2}; `id3` is not used.
inline std::array<std::uint32_t, 4> random_block(StreamId const& id, std::uint64_t number) {
    r123::Philox4x32::ctr_type const counter{
        {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32), id.id1, id.id2}};
    auto const block = r123::Philox4x32{}(counter, {{id.key0, id.key1}});
    return {block[0], block[1], block[2], block[3]};
}

/// A word as a number, uniform in the open interval (0, 1).
inline double uniform_of(std::uint32_t word) { return (word + 1.) / 4294967297.; }

/// A stream of 32-bit words: Philox with counter {seq, id3, id1, id2}, seq = 0, 1, ..., and key {key0, key1};
/// the four words of a block are used in order. With key1 = 0 it is NEURON's Random123 stream, to the last
/// bit.
class RandomStream {
public:
    RandomStream() = default;
    /// The stream from its beginning.
    explicit RandomStream(StreamId const& id)
        : counter_{{0, id.id3, id.id1, id.id2}}, key_{{id.key0, id.key1}} {}

    /// The next 32 bits.
    std::uint32_t next() {
        if (used_ == words_.size()) refill();
        return words_[used_++];
    }

    /// Uniform in the open interval (0, 1).
    double uniform() { return uniform_of(next()); }

    /// Exponential with mean 1.
    double exponential() { return -std::log(uniform()); }

    /// Normal with mean 0 and standard deviation 1.
    double normal() { return normal_quantile(uniform()); }

    /// A whole number in [0, n), every one equally likely (multiply-and-shift with rejection; Lemire 2019).
    /// `n` > 0.
    std::uint32_t below(std::uint32_t n) {
        auto product = std::uint64_t{next()} * n;
        if (static_cast<std::uint32_t>(product) < n)
            for (std::uint32_t const least = (0u - n) % n; static_cast<std::uint32_t>(product) < least;)
                product = std::uint64_t{next()} * n;
        return static_cast<std::uint32_t>(product >> 32);
    }

private:
    static constexpr std::size_t blocks = 4;  // at once: they do not wait for each other

    void refill() {
        for (std::size_t k = 0; k < blocks; ++k, ++counter_.v[0]) {
            auto const block = r123::Philox4x32{}(counter_, key_);
            std::copy(block.begin(), block.end(), words_.begin() + 4 * k);
        }
        used_ = 0;
    }

    r123::Philox4x32::ctr_type counter_{};
    r123::Philox4x32::key_type key_{};
    std::array<std::uint32_t, 4 * blocks> words_;
    std::uint32_t used_ = 4 * blocks;
};

}  // namespace hillock::inline HILLOCK_ISA
