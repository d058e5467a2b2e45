// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

#include <hillock/isa.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A number that depends on every bit added and on the order of the additions; no protection against forgery.
/// Mixes as splitmix64 does (Steele, Lea & Flood, OOPSLA 2014).
class Digest {
public:
    /// Adds the bits of a number.
    void add(std::uint64_t bits) {
        value_ = (value_ ^ bits) + 0x9e3779b97f4a7c15;
        value_ = (value_ ^ (value_ >> 30)) * 0xbf58476d1ce4e5b9;
        value_ = (value_ ^ (value_ >> 27)) * 0x94d049bb133111eb;
        value_ ^= value_ >> 31;
    }
    void add(std::unsigned_integral auto number) { add(static_cast<std::uint64_t>(number)); }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    void add(float number) { add(std::bit_cast<std::uint32_t>(number)); }

    std::uint64_t value() const { return value_; }  // the digest so far

private:
    std::uint64_t value_ = 0;
};

/// The digest of a raster; equal rasters have equal digests.
inline std::uint64_t digest(Raster const& spikes) {
    Digest all;
    for (auto const& [time, gid] : spikes) {
        all.add(time);
        all.add(gid);
    }
    return all.value();
}

}  // namespace hillock::inline HILLOCK_ISA
