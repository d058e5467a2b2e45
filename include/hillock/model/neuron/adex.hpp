// SPDX-License-Identifier: MIT
#pragma once

/// The adaptive exponential integrate-and-fire neuron (Brette & Gerstner, J Neurophysiol 94:3637, 2005), with
/// conductances that jump and decay (NEST's aeif_cond_exp, with its defaults):
///
///   C_m v' = -g_L (v - E_L) + g_L Delta_T exp((v - V_T)/Delta_T)
///            - g_ex (v - E_ex) - g_in (v - E_in) - w + I_e + current of electrodes
///   tau_w w' = a (v - E_L) - w
///   g_x' = -g_x/tau_x
///
/// An event of weight w (nS, not negative) at receptor 0 makes g_ex jump by w, at receptor 1 g_in.
///
/// Where v >= V_peak at the end of a step, the neuron spikes at that time, v is set to V_reset, w grows by b,
/// and v stays there for t_ref, rounded up to whole steps.
///
/// Units: mV, ms, pF, nS, pA; electrodes in nA. V_T is called V_th by NEST.
///
/// Method: conductances exact; v and w by Runge-Kutta, of order 4, in which v counts as V_peak where it is
/// above. The upstroke before a spike takes a few tenths of a millisecond: steps of 0.1 ms or less.

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/neuron/propagators.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_adex {
    T C_m = 281;                              // pF
    T g_L = 30;                               // nS
    T E_L = -70.6, V_T = -50.4, Delta_T = 2;  // mV
    T a = 4;                                  // nS
    T b = 80.5;                               // pA
    T tau_w = 144;                            // ms
    T V_peak = 0, V_reset = -60;              // mV
    T t_ref = 0;                              // ms
    T E_ex = 0, E_in = -85;                   // mV
    T tau_ex = 0.2, tau_in = 2;               // ms
    T I_e = 0;                                // pA

    T half_ex = 0, half_in = 0;  // derived: exp(-dt/(2 tau_x))
    T refractory_steps = 0;

    struct State {
        T v;           // mV
        T w;           // pA
        T g_ex, g_in;  // nS
        T refractory;  // steps for which v is still held
    };

    static constexpr std::string_view name = "AdEx";
    static constexpr auto receptors() { return std::array<std::string_view, 2>{"ex", "in"}; }
    static constexpr auto parameters() {
        using Me = basic_adex;
        return std::array{
            Field{"C_m", "pF", &Me::C_m, Allowed::positive},
            Field{"g_L", "nS", &Me::g_L, Allowed::positive},
            Field{"E_L", "mV", &Me::E_L},
            Field{"V_T", "mV", &Me::V_T},
            Field{"Delta_T", "mV", &Me::Delta_T, Allowed::positive},
            Field{"a", "nS", &Me::a},
            Field{"b", "pA", &Me::b},
            Field{"tau_w", "ms", &Me::tau_w, Allowed::positive},
            Field{"V_peak", "mV", &Me::V_peak},
            Field{"V_reset", "mV", &Me::V_reset},
            Field{"t_ref", "ms", &Me::t_ref, Allowed::non_negative},
            Field{"E_ex", "mV", &Me::E_ex},
            Field{"E_in", "mV", &Me::E_in},
            Field{"tau_ex", "ms", &Me::tau_ex, Allowed::positive},
            Field{"tau_in", "ms", &Me::tau_in, Allowed::positive},
            Field{"I_e", "pA", &Me::I_e},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v}, Field{"w", "pA", &State::w},
                          Field{"g_ex", "nS", &State::g_ex}, Field{"g_in", "nS", &State::g_in},
                          Field{"refractory", "steps", &State::refractory}};
    }

    void prepare(double dt) {
        half_ex = std::exp(-dt / (2 * tau_ex));
        half_in = std::exp(-dt / (2 * tau_in));
        refractory_steps = propagators::steps(t_ref, dt);
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau_ex", tau_ex, half_ex * half_ex);
        check_decay<Real>(name, "tau_in", tau_in, half_in * half_in);
    }

    T rest() const { return E_L; }

    void receive(State& s, T ex, T in) const {
        s.g_ex += ex;
        s.g_in += in;
    }
    void advance(State& s, T nA, T dt) const {
        auto const held = s.refractory > T(0);
        T const pA = fma(nA, T(1000), I_e), half_g = s.g_ex * half_ex, half_h = s.g_in * half_in;
        T const end_g = half_g * half_ex, end_h = half_h * half_in;
        auto const slopes = [&](int half, T v, T w) {
            T const g = half == 0 ? s.g_ex : half == 1 ? half_g : end_g;
            T const h = half == 0 ? s.g_in : half == 1 ? half_h : end_h;
            v = min(v, V_peak);
            T const leak = g_L * (E_L - v + Delta_T * exp((v - V_T) / Delta_T));
            T const current = leak + g * (E_ex - v) + h * (E_in - v) - w + pA;
            return propagators::Slopes<T>{choose(held, T(0), current / C_m), (a * (v - E_L) - w) / tau_w};
        };
        propagators::runge_kutta(s.v, s.w, dt, slopes);
        s.refractory = max(s.refractory - T(1), T(0));
        s.g_ex = end_g;
        s.g_in = end_h;
    }
    auto fire(State& s) const {
        auto const fires = s.v >= V_peak;
        s.v = choose(fires, V_reset, s.v);
        s.w = choose(fires, s.w + b, s.w);
        s.refractory = choose(fires, refractory_steps, s.refractory);
        return fires;
    }
};

using AdEx = basic_adex<double>;

}  // namespace hillock::inline HILLOCK_ISA
