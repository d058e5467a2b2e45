// SPDX-License-Identifier: MIT
#pragma once

/// Gates: first-order kinetics x' = (inf - x)/tau, written as the papers write them and computed with one
/// division each, in single precision two.
///
/// The products by which rates are combined overflow far from rest, where exponentials are large: in single
/// precision at several hundred mV, in double precision at several thousand. Strong currents drive cells that
/// far. A channel that is to stay finite there caps its exponentials: capped_exp<330, 50>(k, u) is e^(k u),
/// at most 2^330 in double and 2^50 in single precision, at no cost.

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/cmath.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A quotient that is not divided out yet. Rates of the form u/(exp(u)-1) or c/(1+exp(u)) stay quotients
/// until a gate combines them, which spares a division or two.
template <class T>
struct Ratio {
    T numerator, denominator;  // not divided out

    /// The product, still a quotient.
    friend Ratio operator*(T a, Ratio b) { return {a * b.numerator, b.denominator}; }
    /// The sum, still a quotient.
    friend Ratio operator+(T a, Ratio b) { return {fma(a, b.denominator, b.numerator), b.denominator}; }
    friend Ratio operator+(Ratio a, T b) { return b + a; }
    friend Ratio operator+(Ratio a, Ratio b) {
        return {fma(a.numerator, b.denominator, b.numerator * a.denominator), a.denominator * b.denominator};
    }
    /// A number over the quotient, still a quotient.
    friend Ratio operator/(T a, Ratio b) { return {a * b.denominator, b.numerator}; }
};

/// Whether a type is a Ratio.
template <class>
inline constexpr bool is_ratio = false;
/// Whether a type is a Ratio.
template <class T>
inline constexpr bool is_ratio<Ratio<T>> = true;

/// The quotient of two numbers, not divided out.
template <class T>
Ratio<T> ratio(std::type_identity_t<T> numerator, T denominator) {
    return {numerator, denominator};
}

namespace gating {

/// above/below, or near u = 0 the series of vtrap, where both vanish.
template <class T>
Ratio<T> continued(T u, double s, T above, T below) {
    using Real = typename simd::number<T>::type;
    auto const is_near_zero = abs(u) < static_cast<Real>((simd::is_single<T> ? 0.2 : 1e-6) * s);
    auto const series = [&]() -> T {
        if constexpr (simd::is_single<T>)
            return fma(u, fma(u, T(static_cast<Real>(1 / (12 * s))), T(-0.5f)), T(static_cast<Real>(s)));
        else
            return s - 0.5 * u;
    }();
    return {choose(is_near_zero, series, above), choose(is_near_zero, T(1), below)};
}

}  // namespace gating

/// u/(exp(u/s) - 1) with s > 0, continued through u = 0 by its series: in double precision s - u/2 where
/// |u/s| < 1e-6, as in NEURON's channel files; in single precision, where exp(u/s) - 1 loses more digits,
/// s - u/2 + u^2/(12 s) where |u/s| < 0.2. The error is below 2e-10 of the whole, in single precision 1e-5.
///
/// A channel that has exp(u/s) at hand, as a product of other exponentials say, gives it as the third
/// argument; where it has exp(-u/s), as a quotient.
template <class T>
Ratio<T> vtrap(T u, double s, T exp_u_over_s) {
    return gating::continued(u, s, u, exp_u_over_s - 1);
}
template <class T>
Ratio<T> vtrap(T u, double s, Ratio<T> exp_u_over_s) {
    auto const& [above, below] = exp_u_over_s;
    return gating::continued(u, s, T(u * below), T(above - below));
}
template <class T>
Ratio<T> vtrap(T u, double s) {
    return vtrap(u, s, capped_exp<320, 60>(1 / s, u));
}

/// A gate at one voltage: its steady state and the rate 1/tau (1/ms) at which it is approached. (Name one
/// `auto`, not `auto const`: g++ 12 would keep it in memory.)
template <class T>
struct Gate {
    T inf, rate;  // from 0 to 1, and 1/ms

    Gate() {}  // unset
    /// The gate with this steady state and rate (1/ms).
    Gate(T inf_, T rate_) : inf{inf_}, rate{rate_} {}

    T tau() const { return 1 / rate; }  // ms

    /// The exact solution over `dt` ms at fixed voltage.
    T after(double dt, T x) const { return fma(x - inf, exp(-dt, rate), inf); }
};

/// A gate so fast that it always stands at its steady state.
template <class T>
struct Instantaneous {
    T inf;  // from 0 to 1

    Instantaneous() {}  // unset
    /// The gate with this steady state.
    explicit Instantaneous(T inf_) : inf{inf_} {}

    /// The steady state, whatever the time.
    T after(double, T) const { return inf; }
};

/// Whether a type is a Gate.
template <class>
inline constexpr bool is_slow = false;
/// Whether a type is a Gate.
template <class T>
inline constexpr bool is_slow<Gate<T>> = true;
/// Whether a type is an Instantaneous gate.
template <class>
inline constexpr bool is_instantaneous = false;
/// Whether a type is an Instantaneous gate.
template <class T>
inline constexpr bool is_instantaneous<Instantaneous<T>> = true;

/// The numbers of those gates of a tuple that are slow, or of those that are not.
template <bool slow, class... G>
constexpr auto gates_that_are(std::type_identity<std::tuple<G...>>) {
    static_assert(((is_slow<G> || is_instantaneous<G>)&&...),
                  "rates() must give gates: gate(), steady_state(), instantaneous()");
    std::array<std::size_t, (std::size_t{is_slow<G> == slow} + ... + 0)> numbers{};
    [[maybe_unused]] std::size_t gate = 0, found = 0;
    ((is_slow<G> == slow ? void(numbers[found++] = gate++) : void(++gate)), ...);
    return numbers;
}

namespace gating {

/// The gate with inf = opening/sum and 1/tau = sum/denominator. In double precision they share a division,
/// for whose time 16 to 32 products can be had; in single precision sum times denominator would overflow.
template <class T>
Gate<T> gate_of(T opening, T sum, T denominator) {
    if constexpr (simd::is_single<T>) {
        return {opening / sum, sum / denominator};
    } else {
        T const both = 1 / (sum * denominator);
        return {opening * (denominator * both), sum * (sum * both)};
    }
}

}  // namespace gating

/// The gate that opens at rate alpha and closes at rate beta (1/ms), each a number or a quotient: inf =
/// a/(a+b), 1/tau = a+b. With a = p/q and b = r/s: (a+b) q s = p s + r q.
template <class A, class B>
    requires(!is_ratio<B>) && requires(A a, B b) { Gate(a / (a + b), a + b); }
auto gate(A a, B b) {
    auto const sum = a + b;
    return Gate(a / sum, sum);
}
template <class T>
Gate<T> gate(Ratio<T> a, std::type_identity_t<T> b) {
    T const sum = fma(b, a.denominator, a.numerator);
    return gating::gate_of(a.numerator, sum, a.denominator);
}
template <class T>
Gate<T> gate(std::type_identity_t<T> a, Ratio<T> b) {
    T const opening = a * b.denominator, sum = opening + b.numerator;
    return gating::gate_of(opening, sum, b.denominator);
}
template <class T>
Gate<T> gate(Ratio<T> a, Ratio<T> b) {
    T const opening = a.numerator * b.denominator, sum = fma(b.numerator, a.denominator, opening);
    return gating::gate_of(opening, sum, a.denominator * b.denominator);
}

/// `phi` times faster: the temperature factor q10 or phi of the papers.
template <class T>
Gate<T> operator*(T phi, Gate<T> g) {
    return {g.inf, phi * g.rate};
}

/// x^3 and x^4, the powers of gates in a conductance.
template <class T>
T cube(T x) {
    return x * x * x;
}
/// x^4.
template <class T>
T fourth_power(T x) {
    T const square = x * x;
    return square * square;
}

/// The gate given by its steady state and its time constant (ms).
template <class T>
Gate<T> steady_state(T inf, Ratio<T> tau) {
    return {inf, tau.denominator / tau.numerator};
}
template <class T>
Gate<T> steady_state(T inf, T tau) {
    return {inf, 1 / tau};
}
/// The same with one division, where the denominator of `inf` is not near 0.
template <class T>
Gate<T> steady_state(Ratio<T> inf, Ratio<T> tau) {
    if constexpr (simd::is_single<T>) {
        return {inf.numerator / inf.denominator, tau.denominator / tau.numerator};
    } else {
        T const above = tau.numerator + 1e-250;  // tau may be 0
        T const both = 1 / (inf.denominator * above);
        return {inf.numerator * (above * both), tau.denominator * (inf.denominator * both)};
    }
}

/// The gate that stands at the steady state of `g` at any time.
template <class T>
Instantaneous<T> instantaneous(Gate<T> g) {
    return Instantaneous<T>{g.inf};
}

}  // namespace hillock::inline HILLOCK_ISA
