// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>

#include <hillock/isa.hpp>
#include <hillock/random/stream.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace binomial {

/// ln k! by Stirling's series, from k = 10 on within 6e-11; below by multiplication. (`std::lgamma`
/// writes a global variable.)
inline double log_factorial(double k) {
    if (k < 10) {
        double product = 1;
        for (double factor = 2; factor <= k; ++factor) product *= factor;
        return std::log(product);
    }
    constexpr double half_log_2_pi = 0.918938533204672741780329736406;
    auto const r = 1 / k, r2 = r * r;
    return (k + 0.5) * std::log(k) - k + half_log_2_pi + r * (1. / 12 - r2 * (1. / 360 - r2 / 1260));
}

/// Adds up probabilities from 0 on until they reach a uniform number: for small means.
inline std::uint64_t by_inversion(RandomStream& random, std::uint64_t n, double p) {
    auto const whole = static_cast<double>(n);
    auto const odds = p / (1 - p);
    auto probability = std::exp(whole * std::log1p(-p));
    auto left = random.uniform();
    std::uint64_t k = 0;
    for (; left > probability && k < n; ++k) {
        left -= probability;
        probability *= odds * (whole - static_cast<double>(k)) / (static_cast<double>(k) + 1);
    }
    return k;
}

/// Transformed rejection for means of 10 and more (Hoermann, J Stat Comput Simul 46:101, 1993: BTRS).
inline std::uint64_t by_rejection(RandomStream& random, std::uint64_t n, double p) {
    auto const whole = static_cast<double>(n);
    auto const sd = std::sqrt(whole * p * (1 - p));
    auto const b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p;
    auto const centre = whole * p + 0.5, quick = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * sd;
    auto const log_odds = std::log(p / (1 - p)), mode = std::floor((whole + 1) * p);
    auto const at_mode = log_factorial(mode) + log_factorial(whole - mode);
    for (;;) {
        auto const u = random.uniform() - 0.5;
        auto const v = random.uniform();
        auto const us = 0.5 - std::abs(u);
        auto const k = std::floor((2 * a / us + b) * u + centre);
        if (k < 0 || k > whole) continue;
        if (us >= 0.07 && v <= quick) return static_cast<std::uint64_t>(k);
        auto const density = at_mode - log_factorial(k) - log_factorial(whole - k) + (k - mode) * log_odds;
        if (std::log(v * alpha / (a / (us * us) + b)) <= density) return static_cast<std::uint64_t>(k);
    }
}

}  // namespace binomial

/// How many of `n` trials succeed that each do with probability `p`, from 0 to 1.
inline std::uint64_t draw_binomial(RandomStream& random, std::uint64_t n, double p) {
    if (n == 0 || p <= 0) return 0;
    if (p > 0.5) return n - draw_binomial(random, n, 1 - p);
    return static_cast<double>(n) * p < 10 ? binomial::by_inversion(random, n, p)
                                           : binomial::by_rejection(random, n, p);
}

}  // namespace hillock::inline HILLOCK_ISA
