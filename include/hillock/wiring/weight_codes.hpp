// SPDX-License-Identifier: MIT
#pragma once

/// Weights of one or two bytes.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>

#include <hillock/isa.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// The range of some weights.
struct WeightRange {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();

    void add(double weight) {
        least = std::min(least, weight);
        greatest = std::max(greatest, weight);
    }
    void add(WeightRange const& other) {
        least = std::min(least, other.least);
        greatest = std::max(greatest, other.greatest);
    }
};

/// The range of the weights of connections that all members of a crew enumerate.
WeightRange range_of(auto const& each, auto& crew) {
    std::mutex mutex;
    WeightRange range;
    crew.all([&](std::size_t member) {
        WeightRange own;
        each(member, false, [&](Gid, std::uint32_t, double weight, auto) { own.add(weight); });
        std::lock_guard const lock(mutex);
        range.add(own);
    });
    return range;
}

/// The range of the weights of all ranks. Collective.
inline WeightRange range_of_all(auto& ranks, WeightRange range) {
    auto const& words = ranks.gather(std::bit_cast<std::array<std::uint64_t, 2>>(range)).words;
    for (std::size_t k = 0; k < words.size(); k += 2)
        range.add({std::bit_cast<double>(words[k]), std::bit_cast<double>(words[k + 1])});
    return range;
}

/// Codes of the weights of a projection, whole numbers of one or two bytes: equal steps from the end of their
/// range that is nearer to 0, so that no weight changes its sign.
///
/// A weight between two steps becomes one of them at random, as often as it is near: so the mean of `n`
/// weights is kept, with a standard error of at most step/(2 sqrt(n)), and the variance grows by at most
/// step^2/4, and by step^2/6 where the weights cover many steps. The range has 255 or 65535 steps. Chance is
/// a hash of the weight and its cells, the same whoever makes the connection.
struct WeightCodes {
    int bytes = 0;                // 0: weights are no codes
    double origin = 0, step = 0;  // uS, nA or pA

    WeightCodes() = default;
    WeightCodes(int bytes_of_one, WeightRange const& range) : bytes{bytes_of_one} {
        if (!(range.least <= range.greatest)) return;  // none
        bool const is_negative = std::abs(range.greatest) < std::abs(range.least);
        origin = is_negative ? range.greatest : range.least;
        step = ((is_negative ? range.least : range.greatest) - origin) / most();
    }

    double most() const { return bytes == 1 ? 0xff : 0xffff; }

    std::uint16_t code_of(double weight, Gid source, Gid target) const {
        if (step == 0) return 0;
        auto const place = std::clamp((weight - origin) / step, 0., most());
        auto const below = std::floor(place);
        bool const up = chance(std::bit_cast<std::uint64_t>(weight), source, target) < place - below;
        return static_cast<std::uint16_t>(below + (up ? 1 : 0));
    }

private:
    /// A number from 0 to 1, from the finaliser of Steele, Lea & Flood (OOPSLA 2014).
    static double chance(std::uint64_t weight, Gid source, Gid target) {
        auto bits = mixed(weight) + (std::uint64_t{source} << 32 | target);
        return static_cast<double>(mixed(bits) >> 11) * 0x1p-53;
    }
    static std::uint64_t mixed(std::uint64_t x) {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
