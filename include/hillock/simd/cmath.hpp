// SPDX-License-Identifier: MIT
#pragma once

/// Says why `std::exp(v)` and its like do not take lanes. Without these overloads the compiler lists
/// everything of that name, in hundreds of lines. They are the only names that hillock adds to `std`, no
/// program that compiles calls them, and after `using std::exp` the lanes' own functions are the better
/// match.

#include <cmath>

#include <hillock/isa.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

template <class L>
concept AnyLane = is_lane<L>;

}  // namespace hillock::inline HILLOCK_ISA::simd

#define HILLOCK_NO_LANES(function)                                                                           \
    template <hillock::simd::AnyLane L, class... More>                                                       \
    L function(L x, More const&...) {                                                                        \
        static_assert(hillock::simd::never<L>,                                                               \
                      "hillock: std::" #function                                                             \
                      " takes single numbers; in rates() and the like write exp, expm1, exprel, sigmoid, "   \
                      "tanh, log, pow, sqrt, cbrt, abs, min and max without std:: (hillock/simd/math.hpp)"); \
        return x;                                                                                            \
    }

namespace std {

HILLOCK_NO_LANES(exp)
HILLOCK_NO_LANES(exp2)
HILLOCK_NO_LANES(expm1)
HILLOCK_NO_LANES(log)
HILLOCK_NO_LANES(log1p)
HILLOCK_NO_LANES(log2)
HILLOCK_NO_LANES(log10)
HILLOCK_NO_LANES(pow)
HILLOCK_NO_LANES(sqrt)
HILLOCK_NO_LANES(cbrt)
HILLOCK_NO_LANES(sin)
HILLOCK_NO_LANES(cos)
HILLOCK_NO_LANES(sinh)
HILLOCK_NO_LANES(cosh)
HILLOCK_NO_LANES(tanh)
HILLOCK_NO_LANES(abs)
HILLOCK_NO_LANES(fabs)
HILLOCK_NO_LANES(fmin)
HILLOCK_NO_LANES(fmax)

}  // namespace std

#undef HILLOCK_NO_LANES
