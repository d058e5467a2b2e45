// SPDX-License-Identifier: MIT
#pragma once

/// A leaky integrate-and-fire neuron with conductances that jump and decay (Meffin, Burkitt & Grayden, J
/// Comput Neurosci 16:159, 2004; NEST's iaf_cond_exp, with its defaults):
///
///   C_m v' = -g_L (v - E_L) - g_ex (v - E_ex) - g_in (v - E_in) + I_e + current of electrodes
///   g_x' = -g_x/tau_x
///
/// An event of weight w (nS, not negative) at receptor 0 makes g_ex jump by w, at receptor 1 g_in.
///
/// Where v >= V_th at the end of a step, the neuron spikes at that time, v is set to V_reset and stays there
/// for t_ref, rounded up to whole steps; conductances go on meanwhile.
///
/// Units: mV, ms, pF, nS, pA; electrodes in nA.
///
/// Method: conductances exact. v by the exponential midpoint rule, of order 2: exact for conductances that
/// stay what they are in the middle of the step, so that no conductance is too large for a step.

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
struct basic_iaf_cond_exp {
    T C_m = 250;                        // pF
    T g_L = 16.6667;                    // nS
    T tau_ex = 0.2, tau_in = 2;         // ms
    T t_ref = 2;                        // ms
    T E_L = -70, E_ex = 0, E_in = -85;  // mV
    T V_reset = -60, V_th = -55;        // mV
    T I_e = 0;                          // pA

    T half_ex = 0, half_in = 0;  // derived: exp(-dt/(2 tau_x))
    T steps_over_C = 0;          // dt/C_m
    T refractory_steps = 0;

    struct State {
        T v;           // mV
        T g_ex, g_in;  // nS
        T refractory;  // steps for which v is still held
    };

    static constexpr std::string_view name = "IafCondExp";
    static constexpr auto receptors() { return std::array<std::string_view, 2>{"ex", "in"}; }
    static constexpr auto parameters() {
        using Me = basic_iaf_cond_exp;
        return std::array{
            Field{"C_m", "pF", &Me::C_m, Allowed::positive},
            Field{"g_L", "nS", &Me::g_L, Allowed::positive},
            Field{"tau_ex", "ms", &Me::tau_ex, Allowed::positive},
            Field{"tau_in", "ms", &Me::tau_in, Allowed::positive},
            Field{"t_ref", "ms", &Me::t_ref, Allowed::non_negative},
            Field{"E_L", "mV", &Me::E_L},
            Field{"E_ex", "mV", &Me::E_ex},
            Field{"E_in", "mV", &Me::E_in},
            Field{"V_reset", "mV", &Me::V_reset},
            Field{"V_th", "mV", &Me::V_th},
            Field{"I_e", "pA", &Me::I_e},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v}, Field{"g_ex", "nS", &State::g_ex},
                          Field{"g_in", "nS", &State::g_in},
                          Field{"refractory", "steps", &State::refractory}};
    }

    void prepare(double dt) {
        half_ex = std::exp(-dt / (2 * tau_ex));
        half_in = std::exp(-dt / (2 * tau_in));
        steps_over_C = dt / C_m;
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
    void advance(State& s, T nA, T) const {
        T const ex = s.g_ex * half_ex, in = s.g_in * half_in, g = g_L + (ex + in);
        T const pA = fma(nA, T(1000), I_e);
        T const end = fma(g_L, E_L, fma(ex, E_ex, fma(in, E_in, pA))) / g;
        T const v = fma(exp(-(g * steps_over_C)), s.v - end, end);
        s.v = choose(s.refractory > T(0), s.v, v);
        s.refractory = max(s.refractory - T(1), T(0));
        s.g_ex = ex * half_ex;
        s.g_in = in * half_in;
    }
    auto fire(State& s) const {
        auto const fires = s.v >= V_th;
        s.v = choose(fires, V_reset, s.v);
        s.refractory = choose(fires, refractory_steps, s.refractory);
        return fires;
    }
};

using IafCondExp = basic_iaf_cond_exp<double>;

}  // namespace hillock::inline HILLOCK_ISA
