// SPDX-License-Identifier: MIT
#pragma once

/// GABA-B receptors: bound receptors r activate a G-protein s, of which four open a potassium channel.
///
///   r' = -K2 r    s' = K3 r - K4 s    i = gbar s^4/(s^4 + KD) (V - e)
///
/// An event of weight w binds the share w of the receptors. Rates in 1/ms, of Destexhe & Sejnowski, PNAS
/// 92:9515 (1995), where a pulse of transmitter binds some: here events add up without saturating r. r is
/// solved exactly, and s exactly for the r of the end of the step.

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_gaba_b {
    T gbar = 0.001;
    T e = -95;
    T K2 = 0.0012;
    T K3 = 0.18;
    T K4 = 0.034;
    T KD = 100;

    T decay_r = 1, decay_s = 1;  // derived, of one step

    struct State {
        T r, s;
    };

    static constexpr std::string_view name = "GabaB";
    static constexpr auto parameters() {
        using Self = basic_gaba_b;
        return std::array{
            Field{"gbar", "uS", &Self::gbar, Allowed::non_negative},
            Field{"e", "mV", &Self::e},
            Field{"K2", "1/ms", &Self::K2, Allowed::positive},
            Field{"K3", "1/ms", &Self::K3, Allowed::positive},
            Field{"K4", "1/ms", &Self::K4, Allowed::positive},
            Field{"KD", "", &Self::KD, Allowed::positive},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"r", "", &State::r}, Field{"s", "", &State::s}};
    }

    void prepare(double dt) {
        decay_r = std::exp(-dt * K2);
        decay_s = std::exp(-dt * K4);
    }
    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "1/K2", 1 / K2, decay_r);
    }

    void receive(State& state, T weight) const { state.r += weight; }
    Current<T> current(T, State const& state) const {
        T const open = fourth_power(state.s);
        return ohmic(gbar * open / (open + KD), e);
    }
    void advance(State& state, T) const {
        state.r *= decay_r;
        T const inf = K3 / K4 * state.r;
        state.s = inf + (state.s - inf) * decay_s;
    }
};

using GabaB = basic_gaba_b<double>;

}  // namespace hillock::inline HILLOCK_ISA
