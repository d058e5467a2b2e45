// SPDX-License-Identifier: MIT
#pragma once

/// Hodgkin-Huxley: sodium, delayed rectifier and leak of the squid giant axon.
///
///   i_Na = gnabar m^3 h (V - ena)     i_K = gkbar n^4 (V - ek)     i_l = gl (V - el)
///
/// Rates in 1/ms, V in mV, of Hodgkin & Huxley, J Physiol 117:500 (1952), with V shifted so that rest is at
/// -65 mV, as NEURON's `hh`; all rates grow by q10 = 3^((celsius - 6.3)/10). The temperature is a parameter
/// of the channel: `net.set(cells, "celsius", 20)` sets the cell's and the channel's. Gates start at their
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
struct basic_hodgkin_huxley {
    T gnabar = 0.12;
    T gkbar = 0.036;
    T gl = 3e-4;
    T ena = 50;
    T ek = -77;
    T el = -54.3;
    T celsius = 6.3;

    T q10 = 1;  // derived

    struct State {
        T m, h, n;
    };

    static constexpr std::string_view name = "HodgkinHuxley";
    static constexpr auto parameters() {
        using Self = basic_hodgkin_huxley;
        return std::array{
            Field{"gnabar", "S/cm2", &Self::gnabar, Allowed::non_negative},
            Field{"gkbar", "S/cm2", &Self::gkbar, Allowed::non_negative},
            Field{"gl", "S/cm2", &Self::gl, Allowed::non_negative},
            Field{"ena", "mV", &Self::ena},
            Field{"ek", "mV", &Self::ek},
            Field{"el", "mV", &Self::el},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}, Field{"n", "", &State::n}};
    }

    void prepare(double) { q10 = std::pow(3., (celsius - 6.3) / 10); }

    /// m: a = 0.1 vtrap(-(V+40), 10)     b = 4 exp(-(V+65)/18)
    /// h: a = 0.07 exp(-(V+65)/20)       b = 1/(exp(-(V+35)/10) + 1)
    /// n: a = 0.01 vtrap(-(V+55), 10)    b = 0.125 exp(-(V+65)/80)
    ///
    /// Five of the exponentials are powers of one: with e = exp(-(V+65)/80), exp(-(V+65)/20) = e^4 and
    /// exp(-(V+65)/10) = e^8, which the shifts of the voltage multiply by constants.
    ///
    /// Far from rest a power of e is capped, so that no product in a gate overflows: in double precision at V
    /// < -2200 mV, in single precision at V < -600 mV. The errors that this leaves are below 1e-10.
    auto rates(T v) const {
        T const e = capped_exp<40, 31>(-1 / 80., v + 65), e4 = capped_single<39>(fourth_power(e)),
                e8 = e4 * e4;
        auto m =
            gate(0.1 * vtrap(-(v + 40), 10, std::exp(2.5) * e8), 4 * capped_exp<364, 44>(-1 / 18., v + 65));
        auto h = gate(0.07 * e4, ratio(1, std::exp(3.) * e8 + 1));
        auto n = gate(0.01 * vtrap(-(v + 55), 10, std::exp(1.) * e8), 0.125 * e);
        return std::tuple{q10 * m, q10 * h, q10 * n};
    }

    Current<T> current(T, State const& s) const {
        auto const i_na = ohmic(gnabar * cube(s.m) * s.h, ena);
        auto const i_k = ohmic(gkbar * fourth_power(s.n), ek);
        auto const i_l = ohmic(gl, el);
        return i_na + i_k + i_l;
    }
};

using HodgkinHuxley = basic_hodgkin_huxley<double>;

}  // namespace hillock::inline HILLOCK_ISA
