// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A course of time that rises with tau1 and decays with tau2, a member of the synapses that have one: A' =
/// -A/tau1, B' = -B/tau2, g = B - A. An event of weight w: A += w f, B += w f, with f such that one event
/// peaks at w. As in NEURON's Exp2Syn, tau1 above 0.9999 tau2 counts as 0.9999 tau2 and below 1e-9 tau2 as
/// 1e-9 tau2.
///
/// Where tau1 is close to tau2 the factor f is large (27,000 where they are equal), and B - A would lose all
/// digits of single precision. There the states are A and g itself, which follows g' = -g/tau2 + (1/tau1 -
/// 1/tau2) A: nothing cancels.
template <class T>
struct DualExponential {
    T factor = 1, decay1 = 1, decay2 = 1, faster = 0;  // faster: decay2 - decay1

    /// Whether the states are A and g.
    static constexpr bool is_single = simd::is_single<T>;
    struct RiseAndDecay {
        T A, B;
    };
    struct RiseAndSum {
        T A, g;
    };
    /// A and B, in single precision A and g (uS).
    using State = std::conditional_t<is_single, RiseAndSum, RiseAndDecay>;

    /// The states, for the synapse's own states().
    static constexpr auto states() {
        if constexpr (is_single)
            return std::array{Field{"A", "uS", &State::A}, Field{"g", "uS", &State::g}};
        else
            return std::array{Field{"A", "uS", &State::A}, Field{"B", "uS", &State::B}};
    }

    /// Derives all from the time constants and the step, in ms.
    void prepare(double tau1, double tau2, double dt) {
        double const rise = std::clamp(tau1, 1e-9 * tau2, 0.9999 * tau2);
        double const peak = rise * tau2 / (tau2 - rise) * std::log(tau2 / rise);
        factor = 1 / (std::exp(-peak / tau2) - std::exp(-peak / rise));
        decay1 = std::exp(-dt / rise);
        decay2 = std::exp(-dt / tau2);
        faster = decay2 * -std::expm1(dt / tau2 - dt / rise);
    }

    /// Takes events of summed weight.
    void receive(State& s, T weight) const {
        s.A += weight * factor;
        if constexpr (!is_single) s.B += weight * factor;
    }
    /// The present value.
    T value(State const& s) const {
        if constexpr (is_single)
            return s.g;
        else
            return s.B - s.A;
    }
    /// Decays over one step.
    void advance(State& s) const {
        if constexpr (is_single)
            s.g = fma(faster, s.A, decay2 * s.g);
        else
            s.B *= decay2;
        s.A *= decay1;
    }
};

}  // namespace hillock::inline HILLOCK_ISA
