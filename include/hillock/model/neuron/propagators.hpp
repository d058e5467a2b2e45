// SPDX-License-Identifier: MIT
#pragma once

/// Steps in time that several neurons share.

#include <cmath>

#include <hillock/isa.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA::propagators {

/// The change of v (mV) over `dt` ms for each pA that a current has at its beginning, where the current
/// decays at `rate` (1/ms) and v with the time constant `tau_m` (ms) at the capacitance `C_m` (pF):
/// (exp(-dt rate) - exp(-dt/tau_m))/(C_m (1/tau_m - rate)), with its limit at equal rates.
inline double of_current(double dt, double C_m, double tau_m, double rate) {
    auto const x = dt / tau_m - dt * rate;
    return dt / C_m * std::exp(-dt / tau_m) * (x == 0 ? 1 : std::expm1(x) / x);
}

/// `t` ms in whole steps of `dt`, rounded up.
inline double steps(double t, double dt) { return std::ceil(t / dt - 1e-9); }

/// The slopes of two variables.
template <class T>
struct Slopes {
    T x, y;
};

/// One step of the classical method of Runge and Kutta, of order 4. `slopes(half, x, y)` gives x' and y'
/// after 0, 1 or 2 halves of the step.
template <class T, class F>
HILLOCK_INLINE void runge_kutta(T& x, T& y, T dt, F const& slopes) {
    T const half = T(0.5) * dt;
    auto const a = slopes(0, x, y);
    auto const b = slopes(1, fma(half, a.x, x), fma(half, a.y, y));
    auto const c = slopes(1, fma(half, b.x, x), fma(half, b.y, y));
    auto const d = slopes(2, fma(dt, c.x, x), fma(dt, c.y, y));
    T const sixth = dt * T(1. / 6);
    x = fma(sixth, a.x + T(2) * (b.x + c.x) + d.x, x);
    y = fma(sixth, a.y + T(2) * (b.y + c.y) + d.y, y);
}

}  // namespace hillock::inline HILLOCK_ISA::propagators
