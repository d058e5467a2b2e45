// SPDX-License-Identifier: MIT
#pragma once

/// Numbers one after the other through a function on lanes.

#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include <hillock/simd/bits.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>

namespace lanes {

namespace simd = hillock::simd;

/// f(x), `Arch`'s width at a time; the last register is filled up with the last number.
template <class Arch, class Real, class F>
std::vector<Real> map(std::vector<Real> const& x, F const& f) {
    using L = simd::Lane<Real, Arch>;
    std::vector<Real> y(x.size());
    alignas(simd::alignment) std::array<Real, L::width> in, out;
    for (std::size_t first = 0; first < x.size(); first += L::width) {
        for (std::size_t k = 0; k < L::width; ++k) in[k] = x[std::min(first + k, x.size() - 1)];
        f(L::load(in.data())).store(out.data());
        for (std::size_t k = 0; k < L::width && first + k < x.size(); ++k) y[first + k] = out[k];
    }
    return y;
}

/// How many are not the same bit for bit; NaN equals NaN.
template <class Real>
std::size_t different(std::vector<Real> const& a, std::vector<Real> const& b) {
    std::size_t n = 0;
    for (std::size_t k = 0; k < a.size(); ++k)
        n += std::bit_cast<simd::bits::integer<Real>>(a[k]) !=
                 std::bit_cast<simd::bits::integer<Real>>(b[k]) &&
             !(a[k] != a[k] && b[k] != b[k]);
    return n;
}

/// About `n` numbers from `low` > 0 to `high` by equal steps of the bit pattern, so every binade gets its
/// share.
template <class Real>
std::vector<Real> by_bits(Real low, Real high, std::size_t n) {
    using Int = simd::bits::integer<Real>;
    auto const first = std::bit_cast<Int>(low), last = std::bit_cast<Int>(high);
    auto const step = static_cast<Int>((last - first) / n | 1);
    std::vector<Real> x;
    for (auto at = first; at < last; at += step) {
        x.push_back(std::bit_cast<Real>(at));
        if (last - at < step) break;
    }
    x.push_back(high);
    return x;
}

template <class Real>
std::vector<Real> evenly(Real low, Real high, std::size_t n) {
    std::vector<Real> x;
    for (std::size_t k = 0; k <= n; ++k)
        x.push_back(low + (high - low) * static_cast<Real>(k) / static_cast<Real>(n));
    return x;
}

}  // namespace lanes
