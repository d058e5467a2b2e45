// SPDX-License-Identifier: MIT
#pragma once

/// Gates: first-order kinetics x' = (inf - x)/tau, written as the papers write them and computed with one or
/// two divisions each.

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/math.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A quotient that is not divided out yet. Rates of the form u/(exp(u)-1) or c/(1+exp(u)) stay quotients
/// until a gate combines them, which spares a division or two.
template <class T>
struct Ratio {
    T over, under;

    friend Ratio operator*(T a, Ratio b) { return {a * b.over, b.under}; }
    friend Ratio operator+(T a, Ratio b) { return {fma(a, b.under, b.over), b.under}; }
};

template <class T>
Ratio<T> ratio(std::type_identity_t<T> over, T under) {
    return {over, under};
}

/// u/(exp(u/s) - 1), continued through u = 0 as NEURON's channel files do: s (1 - u/(2s)) where |u/s| < 1e-6.
/// For a channel that has exp(u/s) at hand, as its product with another exponential say, this is the third
/// argument.
template <class T>
Ratio<T> vtrap(T u, double s, T exp_u_over_s) {
    auto const near_zero = abs(u) < 1e-6 * s;
    return {select(near_zero, s - 0.5 * u, u), select(near_zero, T(1), exp_u_over_s - 1)};
}
template <class T>
Ratio<T> vtrap(T u, double s) {
    return vtrap(u, s, exp(1 / s, u));
}

/// A gate at one voltage: its steady state and the rate 1/tau (1/ms) at which it is approached. (Name one
/// `auto`, not `auto const`: g++ 12 would keep it in memory.)
template <class T>
struct Gate {
    T inf, rate;

    Gate() {}  // unset
    Gate(T inf_, T rate_) : inf{inf_}, rate{rate_} {}

    T tau() const { return 1 / rate; }

    /// The exact solution over `dt` ms at fixed voltage.
    T after(double dt, T x) const { return fma(x - inf, exp(-dt, rate), inf); }
};

/// A gate so fast that it always stands at its steady state.
template <class T>
struct Instantaneous {
    T inf;

    Instantaneous() {}  // unset
    explicit Instantaneous(T inf_) : inf{inf_} {}

    T after(double, T) const { return inf; }
};

template <class>
inline constexpr bool is_slow = false;
template <class T>
inline constexpr bool is_slow<Gate<T>> = true;
template <class>
inline constexpr bool is_instantaneous = false;
template <class T>
inline constexpr bool is_instantaneous<Instantaneous<T>> = true;

/// Which of the gates of a tuple are slow, or are not.
template <bool slow, class... G>
constexpr auto gates_that_are(std::type_identity<std::tuple<G...>>) {
    static_assert(((is_slow<G> || is_instantaneous<G>)&&...),
                  "rates() must give gates: gate(), steady_state(), instantaneous()");
    std::array<std::size_t, (std::size_t{is_slow<G> == slow} + ... + 0)> numbers{};
    [[maybe_unused]] std::size_t gate = 0, found = 0;
    ((is_slow<G> == slow ? void(numbers[found++] = gate++) : void(++gate)), ...);
    return numbers;
}

/// The gate that opens at rate alpha and closes at rate beta (1/ms), each a number or a quotient: inf =
/// a/(a+b), 1/tau = a+b. With a = p/q and b = r/s: (a+b) q s = p s + r q.
template <class A, class B>
    requires requires(A a, B b) { Gate(a / (a + b), a + b); }
auto gate(A a, B b) {
    auto const sum = a + b;
    return Gate(a / sum, sum);
}
template <class T>
Gate<T> gate(Ratio<T> a, std::type_identity_t<T> b) {
    T const sum = fma(b, a.under, a.over);
    return {a.over / sum, sum / a.under};
}
template <class T>
Gate<T> gate(std::type_identity_t<T> a, Ratio<T> b) {
    T const opening = a * b.under, sum = opening + b.over;
    return {opening / sum, sum / b.under};
}
template <class T>
Gate<T> gate(Ratio<T> a, Ratio<T> b) {
    T const opening = a.over * b.under, sum = fma(b.over, a.under, opening);
    return {opening / sum, sum / (a.under * b.under)};
}

/// `phi` times faster: the temperature factor q10 or phi of the papers.
template <class T>
Gate<T> operator*(T phi, Gate<T> g) {
    return {g.inf, phi * g.rate};
}

/// x^3 and x^4, the powers in which gates multiply a conductance.
template <class T>
T cube(T x) {
    return x * x * x;
}
template <class T>
T fourth_power(T x) {
    T const square = x * x;
    return square * square;
}

/// The gate given by its steady state and its time constant (ms).
template <class T>
Gate<T> steady_state(T inf, Ratio<T> tau) {
    return {inf, tau.under / tau.over};
}
template <class T>
Gate<T> steady_state(T inf, T tau) {
    return {inf, 1 / tau};
}

/// The steady state alone of a gate.
template <class T>
Instantaneous<T> instantaneous(Gate<T> g) {
    return Instantaneous<T>{g.inf};
}

}  // namespace hillock::inline HILLOCK_ISA
