// SPDX-License-Identifier: MIT
#pragma once

/// Counter-based random streams (Philox4x32-10; Salmon et al., SC'11): a stream is named by what it is for,
/// not by who draws first, so that results do not depend on the order of creation, on threads or on ranks.
/// The distributions are our own: those of the standard library differ between vendors.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <Random123/philox.h>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The three ids and the key that name a stream, as NEURON's `noiseFromRandom123(id1, id2, id3)` and global
/// index do.
struct StreamId {
    std::uint32_t id1 = 0, id2 = 0, id3 = 0;
    std::uint32_t key0 = 0, key1 = 0;
};

/// The number below which a normal variable of mean 0 and standard deviation 1 is with probability `p`, for p
/// from 1e-11 to 1 - 1e-11; relative error about 1e-16 (Wichura, Appl Stat 37:477, 1988: algorithm AS 241).
inline double normal_quantile(double p) {
    auto const ratio = [](double r, std::array<double, 8> const& over, std::array<double, 8> const& under) {
        double a = over[7], b = under[7];
        for (std::size_t k = 7; k-- > 0;) {
            a = a * r + over[k];
            b = b * r + under[k];
        }
        return a / b;
    };
    static constexpr std::array<double, 8> middle_over{
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727},
        middle_under{1,
                     42.313330701600911252,
                     687.18700749205790830,
                     5394.1960214247511077,
                     21213.794301586595867,
                     39307.895800092710610,
                     28729.085735721942674,
                     5226.4952788528545610},
        tail_over{1.42343711074968357734,   4.63033784615654529590,   5.76949722146069140550,
                  3.64784832476320460504,   1.27045825245236838258,   0.241780725177450611770,
                  0.0227238449892691845833, 7.74545014278341407640e-4},
        tail_under{1,
                   2.05319162663775882187,
                   1.67638483018380384940,
                   0.689767334985100004550,
                   0.148103976427480074590,
                   0.0151986665636164571966,
                   5.47593808499534494600e-4,
                   1.05075007164441684324e-9};
    auto const q = p - 0.5;
    if (std::abs(q) <= 0.425) return q * ratio(0.180625 - q * q, middle_over, middle_under);
    auto const tail = ratio(std::sqrt(-std::log(std::min(p, 1 - p))) - 1.6, tail_over, tail_under);
    return q < 0 ? -tail : tail;
}

/// A stream of 32-bit words: Philox with counter {seq, id3, id1, id2}, seq = 0, 1, ..., and key {key0, key1};
/// the four words of a block are used in order. With key1 = 0 it is NEURON's Random123 stream, to the last
/// bit.
class RandomStream {
public:
    RandomStream() = default;
    explicit RandomStream(StreamId const& id)
        : counter_{{0, id.id3, id.id1, id.id2}}, key_{{id.key0, id.key1}} {}

    std::uint32_t next() {
        if (used_ == words_.size()) refill();
        return words_[used_++];
    }

    /// Uniform in the open interval (0, 1).
    double uniform() { return (next() + 1.) / 4294967297.; }

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

/// `numpy.random.seed(seed)` and the `numpy.random.randint(low, high, n)` that follow it: the same numbers in
/// the same order. numpy's seeded legacy generator is MT19937; an integer of [low, high) takes 32 bits at a
/// time, masked to the smallest 2^k - 1 that reaches high - low - 1, redrawn while above it.
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

}  // namespace hillock::inline HILLOCK_ISA
