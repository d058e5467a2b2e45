// SPDX-License-Identifier: MIT
#pragma once

/// The generalised leaky integrate-and-fire neurons of the Allen Institute (Teeter et al., Nat Commun 9:709,
/// 2018):
///
///   C_m v' = -g (v - E_L) + asc_1 + asc_2 + i_syn + I_e + current of electrodes
///   asc_j' = -k_j asc_j           after-spike currents
///   th_s' = -b_s th_s             threshold that spikes raise
///   th_v' = a_v (v - E_L) - b_v th_v   threshold that follows the voltage
///   i_syn' = -i_syn/tau_syn
///
/// Where v > V_th + th_s + th_v at the end of a step, the neuron spikes at that time, and
///
///   v = E_L + f_v (v - E_L) + dv
///   asc_j = r_j exp(-k_j t_ref) asc_j + dI_j
///   th_s = exp(-b_s t_ref) th_s + dth
///
/// which all stay there, th_v too, for t_ref, rounded up to whole steps. An event of weight w (pA) makes
/// i_syn jump by w, of either sign. It is not of the paper, whose cells get currents.
///
/// Levels of the paper, by what is 0:
///
///   1  leaky                    f_v, dv, dth, dI_1, dI_2, a_v
///   2  with reset rules         dI_1, dI_2, a_v
///   3  after-spike currents     f_v, dv, dth, a_v
///   4  both                     a_v
///   5  and adapting threshold   nothing: the defaults, those of NEST's glif_psc (cell 490626718)
///
/// Units: mV, ms, pF, nS, pA, rates 1/ms; electrodes in nA.
///
/// Method: all exact by propagators but th_v, for which v counts as straight within a step, of order 2.

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/neuron/propagators.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_glif {
    T C_m = 58.72;                   // pF
    T g = 9.43;                      // nS
    T E_L = -78.85, V_th = -51.68;   // mV
    T t_ref = 3.75;                  // ms
    T f_v = 0.2, dv = 18.51;         // share of v that stays, and mV added
    T dth = 0.37, b_s = 0.009;       // mV, 1/ms
    T a_v = 0.005, b_v = 0.09;       // 1/ms
    T dI_1 = -9.18, dI_2 = -198.94;  // pA
    T k_1 = 0.003, k_2 = 0.1;        // 1/ms
    T r_1 = 1, r_2 = 1;              // share of an after-spike current that a spike leaves
    T tau_syn = 2;                   // ms
    T I_e = 0;                       // pA

    T p22 = 0, p20 = 0, p11_syn = 0, p11_1 = 0, p11_2 = 0, p21_syn = 0, p21_1 = 0, p21_2 = 0;  // derived
    T p_s = 0, p_v = 0, q_old = 0, q_new = 0, kept_1 = 0, kept_2 = 0, kept_s = 0;              // derived
    T refractory_steps = 0;

    struct State {
        T v;             // mV
        T i_syn;         // pA
        T asc_1, asc_2;  // pA
        T th_s, th_v;    // mV
        T refractory;    // steps for which v is still held
    };

    static constexpr std::string_view name = "Glif";
    static constexpr auto parameters() {
        using Me = basic_glif;
        return std::array{
            Field{"C_m", "pF", &Me::C_m, Allowed::positive},
            Field{"g", "nS", &Me::g, Allowed::positive},
            Field{"E_L", "mV", &Me::E_L},
            Field{"V_th", "mV", &Me::V_th},
            Field{"t_ref", "ms", &Me::t_ref, Allowed::non_negative},
            Field{"f_v", "", &Me::f_v},
            Field{"dv", "mV", &Me::dv},
            Field{"dth", "mV", &Me::dth},
            Field{"b_s", "/ms", &Me::b_s, Allowed::non_negative},
            Field{"a_v", "/ms", &Me::a_v},
            Field{"b_v", "/ms", &Me::b_v, Allowed::non_negative},
            Field{"dI_1", "pA", &Me::dI_1},
            Field{"dI_2", "pA", &Me::dI_2},
            Field{"k_1", "/ms", &Me::k_1, Allowed::non_negative},
            Field{"k_2", "/ms", &Me::k_2, Allowed::non_negative},
            Field{"r_1", "", &Me::r_1},
            Field{"r_2", "", &Me::r_2},
            Field{"tau_syn", "ms", &Me::tau_syn, Allowed::positive},
            Field{"I_e", "pA", &Me::I_e},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v},
                          Field{"i_syn", "pA", &State::i_syn},
                          Field{"asc_1", "pA", &State::asc_1},
                          Field{"asc_2", "pA", &State::asc_2},
                          Field{"th_s", "mV", &State::th_s},
                          Field{"th_v", "mV", &State::th_v},
                          Field{"refractory", "steps", &State::refractory}};
    }

    void prepare(double dt) {
        double const tau_m = C_m / g;
        p22 = std::exp(-dt / tau_m);
        p20 = -std::expm1(-dt / tau_m) / g;
        p11_syn = std::exp(-dt / tau_syn);
        p11_1 = std::exp(-dt * k_1);
        p11_2 = std::exp(-dt * k_2);
        p21_syn = propagators::of_current(dt, C_m, tau_m, 1 / tau_syn);
        p21_1 = propagators::of_current(dt, C_m, tau_m, k_1);
        p21_2 = propagators::of_current(dt, C_m, tau_m, k_2);
        p_s = std::exp(-dt * b_s);
        p_v = std::exp(-dt * b_v);
        double const x = b_v * dt, whole = x == 0 ? 1 : -std::expm1(-x) / x;  // mean of exp(-b_v s)
        double const late = x < 1e-4 ? 0.5 - x / 6 : (1 - whole) / x;         // the same, weighted to the end
        q_new = a_v * dt * late;
        q_old = a_v * dt * (whole - late);
        kept_1 = r_1 * std::exp(-k_1 * t_ref);
        kept_2 = r_2 * std::exp(-k_2 * t_ref);
        kept_s = std::exp(-b_s * t_ref);
        refractory_steps = propagators::steps(t_ref, dt);
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau_syn", tau_syn, p11_syn);
    }

    T rest() const { return E_L; }

    void receive(State& s, T weight) const { s.i_syn += weight; }
    void advance(State& s, T nA, T) const {
        auto const held = s.refractory > T(0);
        T const old = s.v - E_L, constant = p20 * fma(nA, T(1000), I_e);
        T const currents = fma(p21_1, s.asc_1, fma(p21_2, s.asc_2, fma(p21_syn, s.i_syn, constant)));
        T const now = fma(p22, old, currents);
        s.v = choose(held, s.v, now + E_L);
        s.th_v = choose(held, s.th_v, fma(p_v, s.th_v, fma(q_old, old, q_new * now)));
        s.th_s = choose(held, s.th_s, p_s * s.th_s);
        s.asc_1 = choose(held, s.asc_1, p11_1 * s.asc_1);
        s.asc_2 = choose(held, s.asc_2, p11_2 * s.asc_2);
        s.refractory = max(s.refractory - T(1), T(0));
        s.i_syn *= p11_syn;
    }
    auto fire(State& s) const {
        auto const fires = s.v > V_th + (s.th_s + s.th_v);
        s.v = choose(fires, fma(f_v, s.v - E_L, E_L + dv), s.v);
        s.asc_1 = choose(fires, fma(kept_1, s.asc_1, dI_1), s.asc_1);
        s.asc_2 = choose(fires, fma(kept_2, s.asc_2, dI_2), s.asc_2);
        s.th_s = choose(fires, fma(kept_s, s.th_s, dth), s.th_s);
        s.refractory = choose(fires, refractory_steps, s.refractory);
        return fires;
    }
};

using Glif = basic_glif<double>;

}  // namespace hillock::inline HILLOCK_ISA
