// SPDX-License-Identifier: MIT
#pragma once

/// Wang-Buzsaki: sodium with instantaneous activation, delayed rectifier and leak of a hippocampal
/// interneuron.
///
///   i_Na = gnabar minf^3 h (V - ena)     i_K = gkbar n^4 (V - ek)     i_l = gl (V - el)
///
/// Rates in 1/ms, V in mV, of Wang & Buzsaki, J Neurosci 16:6402 (1996), section "Model neuron"; the rates of
/// h and n are `phi` = 5 times those of the formulas. The reversal potentials are NEURON's ion defaults, 50
/// and -77 mV (not the paper's 55 and -90), as the tutorial's cell really runs. m takes its steady state each
/// time gates advance. Gates start at theirs.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_wang_buzsaki {
    T gnabar = 0.035;
    T gkbar = 0.009;
    T gl = 1e-4;
    T ena = 50;
    T ek = -77;
    T el = -65;
    T phi = 5;

    struct State {
        T m, h, n;
    };

    static constexpr std::string_view name = "WangBuzsaki";
    static constexpr auto parameters() {
        using Self = basic_wang_buzsaki;
        return std::array{
            Field{"gnabar", "S/cm2", &Self::gnabar, Allowed::non_negative},
            Field{"gkbar", "S/cm2", &Self::gkbar, Allowed::non_negative},
            Field{"gl", "S/cm2", &Self::gl, Allowed::non_negative},
            Field{"ena", "mV", &Self::ena},
            Field{"ek", "mV", &Self::ek},
            Field{"el", "mV", &Self::el},
            Field{"phi", "", &Self::phi, Allowed::positive},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}, Field{"n", "", &State::n}};
    }

    /// m: a = 0.1 vtrap(-(V+35), 10)     b = 4 exp(-(V+60)/18)
    /// h: a = 0.07 exp(-(V+58)/20)       b = 1/(exp(-(V+28)/10) + 1)
    /// n: a = 0.01 vtrap(-(V+34), 10)    b = 0.125 exp(-(V+44)/80)
    ///
    /// Five of the exponentials are powers of one: with e = exp(-(V+44)/80), exp(-(V+44)/20) = e^4 and
    /// exp(-(V+44)/10) = e^8, which the shifts of the voltage multiply by constants.
    ///
    /// Far from rest a power of e is capped, so that no product in a gate overflows: in double precision at V
    /// < -2200 mV, in single precision at V < -580 mV. The errors that this leaves are below 1e-10.
    auto rates(T v) const {
        T const e = capped_exp<40, 31>(-1 / 80., v + 44), e4 = capped_single<39>(fourth_power(e)),
                e8 = e4 * e4;
        auto m =
            gate(0.1 * vtrap(-(v + 35), 10, std::exp(0.9) * e8), 4 * capped_exp<364, 44>(-1 / 18., v + 60));
        auto h = gate(0.07 * std::exp(-0.7) * e4, ratio(1, std::exp(1.6) * e8 + 1));
        auto n = gate(0.01 * vtrap(-(v + 34), 10, std::exp(1.) * e8), 0.125 * e);
        return std::tuple{instantaneous(m), phi * h, phi * n};
    }

    Current<T> current(T, State const& s) const {
        auto const i_na = ohmic(gnabar * cube(s.m) * s.h, ena);
        auto const i_k = ohmic(gkbar * fourth_power(s.n), ek);
        auto const i_l = ohmic(gl, el);
        return i_na + i_k + i_l;
    }
};

using WangBuzsaki = basic_wang_buzsaki<double>;

}  // namespace hillock::inline HILLOCK_ISA
