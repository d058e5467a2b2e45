// SPDX-License-Identifier: MIT
#pragma once

#include <hillock/isa.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A membrane current that is linear in the voltage, i = g V - ge, outward positive: a mechanism's
/// contribution to the implicit step. Densities in S/cm2 and mA/cm2 for channels; uS and nA for point
/// processes.
template <class T>
struct Current {
    T g, ge;  // slope, and minus the current at V = 0

    /// Both currents.
    friend Current operator+(Current a, Current b) { return {a.g + b.g, a.ge + b.ge}; }
    /// The current, `scale` times as large.
    friend Current operator*(T scale, Current a) { return {scale * a.g, scale * a.ge}; }
};

/// i = g (V - e).
template <class T>
Current<T> ohmic(T g, T e) {
    return {g, g * e};
}

/// A current that does not depend on the voltage; `i` is inward positive, as the amplitude of an electrode
/// is.
template <class T>
Current<T> injected(T i) {
    return {T(0), i};
}

/// A current i(V) of any form, by its value and slope di/dV at `v`: the linearisation that the implicit step
/// needs.
template <class T>
Current<T> linearised(T i, T slope, T v) {
    return {slope, slope * v - i};
}

/// A current i(V) of any form, by its values at `v`, which is `i`, and a little above. In double precision
/// the distance is NEURON's, 0.001 mV; in single precision 0.0625 mV, since differences lose digits.
template <class T>
Current<T> differenced(T v, T i, auto const& current) {
    constexpr double step = simd::is_single<T> ? 0.0625 : 0.001;
    return linearised(i, (current(v + step) - i) * T(1 / step), v);
}
template <class T>
Current<T> differenced(T v, auto const& current) {
    return differenced(v, T(current(v)), current);
}

}  // namespace hillock::inline HILLOCK_ISA
