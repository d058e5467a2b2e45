// SPDX-License-Identifier: MIT
#pragma once

/// Traub-Miles: sodium, delayed rectifier and leak of the hippocampal pyramidal cell in the form that became
/// the field's benchmark, COBAHH.
///
///   i_Na = gnabar m^3 h (V - ena)     i_K = gkbar n^4 (V - ek)     i_l = gl (V - el)
///
/// Rates in 1/ms, V in mV, u = V - VT, of Traub & Miles, "Neuronal Networks of the Hippocampus" (1991), as in
/// Brette et al., J Comput Neurosci 23:349 (2007), benchmark 3, whose numbers are the defaults here (for a
/// soma of 20,000 um2). VT shifts all rates and so the threshold. No temperature dependence. Gates start at
/// their steady state.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_traub_miles {
    T gnabar = 0.1;
    T gkbar = 0.03;
    T gl = 5e-5;
    T ena = 50;
    T ek = -90;
    T el = -60;
    T VT = -63;

    struct State {
        T m, h, n;
    };

    static constexpr std::string_view name = "TraubMiles";
    static constexpr auto parameters() {
        using Self = basic_traub_miles;
        return std::array{
            Field{"gnabar", "S/cm2", &Self::gnabar, Allowed::non_negative},
            Field{"gkbar", "S/cm2", &Self::gkbar, Allowed::non_negative},
            Field{"gl", "S/cm2", &Self::gl, Allowed::non_negative},
            Field{"ena", "mV", &Self::ena},
            Field{"ek", "mV", &Self::ek},
            Field{"el", "mV", &Self::el},
            Field{"VT", "mV", &Self::VT},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}, Field{"n", "", &State::n}};
    }

    /// m: a = 0.32 vtrap(13-u, 4)        b = 0.28 vtrap(u-40, 5)
    /// h: a = 0.128 exp((17-u)/18)       b = 4/(1 + exp((40-u)/5))
    /// n: a = 0.032 vtrap(15-u, 5)       b = 0.5 exp((10-u)/40)
    ///
    /// Five of the exponentials are powers of one: with e = exp((10-u)/40), exp((10-u)/5) = e^8 and
    /// exp((10-u)/4) = e^10, which the shifts of the voltage multiply by constants. b of m is written by
    /// vtrap(-x, s) = exp(x/s) vtrap(x, s).
    ///
    /// Far from rest a power of e is capped, so that no product in a gate overflows: in double precision at u
    /// < -730 mV, in single precision at u < -155 mV. The errors that this leaves are below 1e-10.
    auto rates(T v) const {
        T const u = v - VT;
        T const e = capped_exp<27, 62>((10. - u) * (1 / 40.)), e2 = capped_single<12>(e * e),
                e8 = fourth_power(e2);
        T const e_40 = std::exp(6.) * e8;  // exp((40-u)/5)
        auto m = gate(0.32 * vtrap(13. - u, 4, std::exp(0.75) * (e8 * e2)),
                      (0.28 * e_40) * vtrap(40. - u, 5, e_40));
        auto h = gate(0.128 * capped_exp<360, 50>((17. - u) * (1 / 18.)), ratio(4, 1 + e_40));
        auto n = gate(0.032 * vtrap(15. - u, 5, std::exp(1.) * e8), 0.5 * e);
        return std::tuple{m, h, n};
    }

    Current<T> current(T, State const& s) const {
        auto const i_na = ohmic(gnabar * cube(s.m) * s.h, ena);
        auto const i_k = ohmic(gkbar * fourth_power(s.n), ek);
        auto const i_l = ohmic(gl, el);
        return i_na + i_k + i_l;
    }
};

using TraubMiles = basic_traub_miles<double>;

}  // namespace hillock::inline HILLOCK_ISA
