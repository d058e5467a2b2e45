// SPDX-License-Identifier: MIT
#pragma once

/// Connor-Stevens: sodium, delayed rectifier, transient A current and leak of a walking-leg axon.
///
///   i_Na = gnabar m^3 h (V - ena)        i_K = gkbar n^4 (V - ek)
///   i_A  = gabar a^3 b (V - ek + ashift) i_l = gl (V - el)
///
/// Rates in 1/ms, V in mV, of Connor & Stevens, J Physiol 213:31 (1971), as in Dayan & Abbott, "Theoretical
/// Neuroscience" (2001), chapter 6. The reversal potentials are NEURON's ion defaults, 50 and -77 mV (not the
/// book's 55 and -75), as the tutorial's cell really runs. No temperature dependence. Gates start at their
/// steady state.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_connor_stevens {
    T gnabar = 0.12;
    T gkbar = 0.02;
    T gabar = 0.0477;
    T gl = 3e-4;
    T ena = 50;
    T ek = -77;
    T el = -70;
    T ashift = 3;

    struct State {
        T m, h, n, a, b;
    };

    static constexpr std::string_view name = "ConnorStevens";
    static constexpr auto parameters() {
        using Self = basic_connor_stevens;
        return std::array{
            Field{"gnabar", "S/cm2", &Self::gnabar, Allowed::non_negative},
            Field{"gkbar", "S/cm2", &Self::gkbar, Allowed::non_negative},
            Field{"gabar", "S/cm2", &Self::gabar, Allowed::non_negative},
            Field{"gl", "S/cm2", &Self::gl, Allowed::non_negative},
            Field{"ena", "mV", &Self::ena},
            Field{"ek", "mV", &Self::ek},
            Field{"el", "mV", &Self::el},
            Field{"ashift", "mV", &Self::ashift},
        };
    }
    static constexpr auto states() {
        return std::array{
            Field{"m", "", &State::m}, Field{"h", "", &State::h}, Field{"n", "", &State::n},
            Field{"a", "", &State::a}, Field{"b", "", &State::b},
        };
    }

    /// m: a = 0.38 vtrap(-(V+29.7), 10)   b = 15.2 exp(-0.0556 (V+54.7))
    /// h: a = 0.266 exp(-0.05 (V+48))     b = 3.8/(1 + exp(-0.1 (V+18)))
    /// n: a = 0.02 vtrap(-(V+45.7), 10)   b = 0.25 exp(-0.0125 (V+55.7))
    /// a: inf = (0.0761 exp(0.0314 (V+94.22)) / (1 + exp(0.0346 (V+1.17))))^(1/3)
    ///    tau = 0.3632 + 1.158/(1 + exp(0.0497 (V+55.96)))
    /// b: inf = (1/(1 + exp(0.0688 (V+53.3))))^4
    ///    tau = 1.24 + 2.678/(1 + exp(0.0624 (V+50)))
    ///
    /// Five of the exponentials are powers of one: with e = exp(-(V+55.7)/80), exp(-(V+55.7)/20) = e^4 and
    /// exp(-(V+55.7)/10) = e^8, which the shifts of the voltage multiply by constants. The cube root of an
    /// exponential is an exponential, and a factor is another shift. The exponentials stand first, since
    /// those that wait for no other are best begun together; the longest chain, a's, comes before the rest.
    ///
    /// Far from rest a power of e is capped, so that no product in a gate overflows: in double precision at V
    /// < -2200 mV, in single precision at V < -590 mV. The errors that this leaves are below 1e-10.
    auto rates(T v) const {
        T const e = capped_exp<40, 31>(-1 / 80., v + 55.7), e4 = capped_single<39>(fourth_power(e)),
                e8 = e4 * e4;
        T const m_closing = capped_exp<365, 45>(-0.0556, v + (54.7 - std::log(15.2) / 0.0556));
        T const a_rise = capped_exp<310, 39>(0.0314 / 3, v + (94.22 + std::log(0.0761) / 0.0314)),
                a_fall = exp(0.0346, v + 1.17), a_tau = exp(0.0497, v + 55.96);
        T const b_fall = exp(0.0688, v + 53.3), b_tau = exp(0.0624, v + 50);
        auto a = steady_state(a_rise * rcbrt(1 + a_fall), 0.3632 + ratio(1.158, 1 + a_tau));
        auto m = gate(0.38 * vtrap(-(v + 29.7), 10, std::exp(2.6) * e8), m_closing);
        auto h = gate(0.266 * std::exp(0.385) * e4, ratio(3.8, 1 + std::exp(3.77) * e8));
        auto n = gate(0.02 * vtrap(-(v + 45.7), 10, std::exp(1.) * e8), 0.25 * e);
        auto b = steady_state(fourth_power(1 / (1 + b_fall)), 1.24 + ratio(2.678, 1 + b_tau));
        return std::tuple{m, h, n, a, b};
    }

    Current<T> current(T, State const& s) const {
        auto const i_na = ohmic(gnabar * cube(s.m) * s.h, ena);
        auto const i_k = ohmic(gkbar * fourth_power(s.n), ek);
        auto const i_a = ohmic(gabar * cube(s.a) * s.b, ek - ashift);
        auto const i_l = ohmic(gl, el);
        return i_na + i_k + i_a + i_l;
    }
};

using ConnorStevens = basic_connor_stevens<double>;

}  // namespace hillock::inline HILLOCK_ISA
