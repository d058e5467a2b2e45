// SPDX-License-Identifier: MIT
#pragma once

/// A leaky integrate-and-fire neuron with currents in the form of an alpha function (NEST's iaf_psc_alpha;
/// Rotter & Diesmann, Biol Cybern 81:381, 1999):
///
///   C_m v' = -C_m (v - E_L)/tau_m + i_ex + i_in + I_e + current of electrodes
///   i_x' = di_x - i_x/tau_x        di_x' = -di_x/tau_x
///
/// An event of weight w (pA) at receptor 0 makes di_ex jump by w e/tau_ex, so that i_ex = w t/tau_ex exp(1 -
/// t/tau_ex) peaks at w after tau_ex; at receptor 1 likewise i_in: the sign is that of w, -50 for inhibition.
///
/// Where v >= V_th at the end of a step, the neuron spikes at that time, v is set to V_reset and stays there
/// for t_ref, rounded up to whole steps; currents go on meanwhile.
///
/// Units: mV, ms, pF, pA. Electrodes are in nA as everywhere: 0.1 nA add 100 pA.
///
/// Method: exact for events and currents on the grid of steps, whatever dt, by propagators:
///
///   v - E_L <- P33 (v - E_L) + sum over x of (P31_x di_x + P32_x i_x) + P30 (I_e + ...)
///   i_x <- P11_x (i_x + dt di_x)   di_x <- P11_x di_x
///   P33 = exp(-dt/tau_m)   P11_x = exp(-dt/tau_x)   P30 = tau_m/C_m (1 - P33)
///   P32_x = dt/C_m P33 int_0^1 exp(u d) du   P31_x = dt^2/C_m P33 int_0^1 u exp(u d) du
///   d = dt/tau_m - dt/tau_x
///
/// Defaults are NEST's.

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/neuron/propagators.hpp>
#include <hillock/model/point_cell.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_iaf_psc_alpha {
    T C_m = 250;                             // pF
    T tau_m = 10, tau_ex = 2, tau_in = 2;    // ms
    T t_ref = 2;                             // ms
    T E_L = -70, V_reset = -70, V_th = -55;  // mV
    T I_e = 0;                               // pA

    T p33 = 0, p11_ex = 0, p11_in = 0;  // derived, as above
    T p32_ex = 0, p32_in = 0, p30 = 0;  // mV/pA
    T p31_ex = 0, p31_in = 0;           // mV ms/pA
    T jump_ex = 0, jump_in = 0;         // 1/ms: of di, for an event of weight 1
    T refractory_steps = 0;

    struct State {
        T v;             // mV
        T di_ex, di_in;  // pA/ms
        T i_ex, i_in;    // pA
        T refractory;    // steps for which v is still held
    };

    static constexpr std::string_view name = "IafPscAlpha";
    static constexpr auto receptors() { return std::array<std::string_view, 2>{"ex", "in"}; }
    static constexpr auto parameters() {
        using Me = basic_iaf_psc_alpha;
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
        return std::array{Field{"v", "mV", &State::v},
                          Field{"di_ex", "pA/ms", &State::di_ex},
                          Field{"di_in", "pA/ms", &State::di_in},
                          Field{"i_ex", "pA", &State::i_ex},
                          Field{"i_in", "pA", &State::i_in},
                          Field{"refractory", "steps", &State::refractory}};
    }

    void prepare(double dt) {
        p33 = std::exp(-dt / tau_m);
        p11_ex = std::exp(-dt / tau_ex);
        p11_in = std::exp(-dt / tau_in);
        p30 = -tau_m / C_m * std::expm1(-dt / tau_m);
        p32_ex = dt / C_m * p33 * moment(0, dt / tau_m - dt / tau_ex);
        p32_in = dt / C_m * p33 * moment(0, dt / tau_m - dt / tau_in);
        p31_ex = dt * dt / C_m * p33 * moment(1, dt / tau_m - dt / tau_ex);
        p31_in = dt * dt / C_m * p33 * moment(1, dt / tau_m - dt / tau_in);
        jump_ex = std::numbers::e / tau_ex;
        jump_in = std::numbers::e / tau_in;
        refractory_steps = propagators::steps(t_ref, dt);
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau_m", tau_m, p33);
        check_decay<Real>(name, "tau_ex", tau_ex, p11_ex);
        check_decay<Real>(name, "tau_in", tau_in, p11_in);
    }

    T rest() const { return E_L; }
    State initial(T v) const { return {v, 0, 0, 0, 0, 0}; }

    void receive(State& s, T ex, T in) const {
        s.di_ex = fma(jump_ex, ex, s.di_ex);
        s.di_in = fma(jump_in, in, s.di_in);
    }
    void advance(State& s, T nA, T dt) const {
        T const ex = fma(p31_ex, s.di_ex, p32_ex * s.i_ex), in = fma(p31_in, s.di_in, p32_in * s.i_in);
        T const driven = ex + in + p30 * fma(nA, T(1000), I_e);
        s.v = choose(s.refractory > T(0), s.v, fma(p33, s.v - E_L, driven) + E_L);
        s.refractory = max(s.refractory - T(1), T(0));
        s.i_ex = p11_ex * fma(dt, s.di_ex, s.i_ex);
        s.i_in = p11_in * fma(dt, s.di_in, s.i_in);
        s.di_ex *= p11_ex;
        s.di_in *= p11_in;
    }
    auto fire(State& s) const {
        auto const fires = s.v >= V_th;
        s.v = choose(fires, V_reset, s.v);
        s.refractory = choose(fires, refractory_steps, s.refractory);
        return fires;
    }

private:
    /// The integral of u^n exp(u x) from 0 to 1, n 0 or 1: by its series, or in closed form.
    static double moment(int n, double x) {
        if (std::abs(x) > 1) return n == 0 ? std::expm1(x) / x : (std::exp(x) * (x - 1) + 1) / (x * x);
        double sum = 0, term = 1;  // x^k/k!
        for (int k = 0; k < 20; ++k, term *= x / k) sum += term / (k + n + 1);
        return sum;
    }
};

using IafPscAlpha = basic_iaf_psc_alpha<double>;

}  // namespace hillock::inline HILLOCK_ISA
