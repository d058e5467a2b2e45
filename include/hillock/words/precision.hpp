// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <limits>
#include <string_view>
#include <type_traits>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::precision {

/// Whether a number is finite, also as one of type `Real`.
template <class Real>
bool is_finite(double number) {
    return std::abs(number) <= double{std::numeric_limits<Real>::max()};
}

/// The same in the words of an error, behind "must be".
template <class Real>
inline constexpr std::string_view finite =
    std::is_same_v<Real, float> ? "finite, and at most 3.4e38 in single precision" : "finite";

}  // namespace hillock::inline HILLOCK_ISA::precision
