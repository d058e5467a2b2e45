// SPDX-License-Identifier: MIT
#pragma once

/// A leaky integrate-and-fire neuron with currents that jump and decay (NEST's iaf_psc_exp; Rotter &
/// Diesmann, Biol Cybern 81:381, 1999):
///
///   C_m v' = -C_m (v - E_L)/tau_m + i_ex + i_in + I_e + current of electrodes
///   i_x' = -i_x/tau_x
///
/// An event of weight w (pA) at receptor 0 makes i_ex jump by w, at receptor 1 i_in, whatever the sign of w:
/// -50 for inhibition.
///
/// `IafPscExpPooled` is the same neuron where tau_ex = tau_in: both currents are one, of events of either
/// sign at its only receptor. In a large network that halves the memory of what is on its way to it.
///
/// Where v >= V_th at the end of a step, the neuron spikes at that time, v is set to V_reset and stays there
/// for t_ref, rounded up to whole steps; currents go on meanwhile.
///
/// Units: mV, ms, pF, pA. Electrodes are in nA as everywhere: 0.1 nA add 100 pA.
///
/// Method: exact for events and currents on the grid of steps, whatever dt, by propagators:
///
///   v - E_L <- P22 (v - E_L) + P21_ex i_ex + P21_in i_in + P20 (I_e + ...)      i_x <- P11_x i_x
///   P22 = exp(-dt/tau_m)   P11_x = exp(-dt/tau_x)   P20 = tau_m/C_m (1 - P22)
///   P21_x = tau_m tau_x/(C_m (tau_x - tau_m)) (P11_x - P22)
///
/// written so that equal time constants are no exception. Spike times are those steps after which v is above
/// threshold. Defaults are NEST's.

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
struct basic_iaf_psc_exp {
    T C_m = 250;                             // pF
    T tau_m = 10, tau_ex = 2, tau_in = 2;    // ms
    T t_ref = 2;                             // ms
    T E_L = -70, V_reset = -70, V_th = -55;  // mV
    T I_e = 0;                               // pA

    T p22 = 0, p11_ex = 0, p11_in = 0;  // derived, as above
    T p21_ex = 0, p21_in = 0, p20 = 0;  // mV/pA
    T refractory_steps = 0;

    struct State {
        T v;           // mV
        T i_ex, i_in;  // pA
        T refractory;  // steps for which v is still held
    };

    static constexpr std::string_view name = "IafPscExp";
    static constexpr auto receptors() { return std::array<std::string_view, 2>{"ex", "in"}; }
    static constexpr auto parameters() {
        using Me = basic_iaf_psc_exp;
        return std::array{
            Field{"C_m", "pF", &Me::C_m, Allowed::positive},
            Field{"tau_m", "ms", &Me::tau_m, Allowed::positive},
            Field{"tau_ex", "ms", &Me::tau_ex, Allowed::positive},
            Field{"tau_in", "ms", &Me::tau_in, Allowed::positive},
            Field{"t_ref", "ms", &Me::t_ref, Allowed::non_negative},
            Field{"E_L", "mV", &Me::E_L},
            Field{"V_reset", "mV", &Me::V_reset},
            Field{"V_th", "mV", &Me::V_th},
            Field{"I_e", "pA", &Me::I_e},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v}, Field{"i_ex", "pA", &State::i_ex},
                          Field{"i_in", "pA", &State::i_in},
                          Field{"refractory", "steps", &State::refractory}};
    }

    void prepare(double dt) {
        p22 = std::exp(-dt / tau_m);
        p11_ex = std::exp(-dt / tau_ex);
        p11_in = std::exp(-dt / tau_in);
        p20 = -tau_m / C_m * std::expm1(-dt / tau_m);
        p21_ex = propagators::of_current(dt, C_m, tau_m, 1 / tau_ex);
        p21_in = propagators::of_current(dt, C_m, tau_m, 1 / tau_in);
        refractory_steps = propagators::steps(t_ref, dt);
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau_m", tau_m, p22);
        check_decay<Real>(name, "tau_ex", tau_ex, p11_ex);
        check_decay<Real>(name, "tau_in", tau_in, p11_in);
    }

    T rest() const { return E_L; }

    void receive(State& s, T ex, T in) const {
        s.i_ex += ex;
        s.i_in += in;
    }
    void advance(State& s, T nA, T) const {
        T const driven = fma(p21_ex, s.i_ex, fma(p21_in, s.i_in, p20 * fma(nA, T(1000), I_e)));
        s.v = choose(s.refractory > T(0), s.v, fma(p22, s.v - E_L, driven) + E_L);
        s.refractory = max(s.refractory - T(1), T(0));
        s.i_ex *= p11_ex;
        s.i_in *= p11_in;
    }
    auto fire(State& s) const {
        auto const fires = s.v >= V_th;
        s.v = choose(fires, V_reset, s.v);
        s.refractory = choose(fires, refractory_steps, s.refractory);
        return fires;
    }
};

/// The same neuron with one receptor: events of either sign share one current, of time constant tau_syn.
template <class T>
struct basic_iaf_psc_exp_pooled {
    T C_m = 250;                             // pF
    T tau_m = 10, tau_syn = 2;               // ms
    T t_ref = 2;                             // ms
    T E_L = -70, V_reset = -70, V_th = -55;  // mV
    T I_e = 0;                               // pA

    T p22 = 0, p11 = 0, p21 = 0, p20 = 0;  // derived, as above
    T refractory_steps = 0;

    struct State {
        T v;           // mV
        T i_syn;       // pA
        T refractory;  // steps for which v is still held
    };

    static constexpr std::string_view name = "IafPscExpPooled";
    static constexpr auto parameters() {
        using Me = basic_iaf_psc_exp_pooled;
        return std::array{
            Field{"C_m", "pF", &Me::C_m, Allowed::positive},
            Field{"tau_m", "ms", &Me::tau_m, Allowed::positive},
            Field{"tau_syn", "ms", &Me::tau_syn, Allowed::positive},
            Field{"t_ref", "ms", &Me::t_ref, Allowed::non_negative},
            Field{"E_L", "mV", &Me::E_L},
            Field{"V_reset", "mV", &Me::V_reset},
            Field{"V_th", "mV", &Me::V_th},
            Field{"I_e", "pA", &Me::I_e},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v}, Field{"i_syn", "pA", &State::i_syn},
                          Field{"refractory", "steps", &State::refractory}};
    }

    void prepare(double dt) {
        p22 = std::exp(-dt / tau_m);
        p11 = std::exp(-dt / tau_syn);
        p20 = -tau_m / C_m * std::expm1(-dt / tau_m);
        p21 = propagators::of_current(dt, C_m, tau_m, 1 / tau_syn);
        refractory_steps = propagators::steps(t_ref, dt);
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau_m", tau_m, p22);
        check_decay<Real>(name, "tau_syn", tau_syn, p11);
    }

    T rest() const { return E_L; }

    void receive(State& s, T weight) const { s.i_syn += weight; }
    void advance(State& s, T nA, T) const {
        T const driven = fma(p21, s.i_syn, p20 * fma(nA, T(1000), I_e));
        s.v = choose(s.refractory > T(0), s.v, fma(p22, s.v - E_L, driven) + E_L);
        s.refractory = max(s.refractory - T(1), T(0));
        s.i_syn *= p11;
    }
    auto fire(State& s) const {
        auto const fires = s.v >= V_th;
        s.v = choose(fires, V_reset, s.v);
        s.refractory = choose(fires, refractory_steps, s.refractory);
        return fires;
    }
};

using IafPscExp = basic_iaf_psc_exp<double>;
using IafPscExpPooled = basic_iaf_psc_exp_pooled<double>;

}  // namespace hillock::inline HILLOCK_ISA
