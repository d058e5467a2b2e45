// SPDX-License-Identifier: MIT
#pragma once

/// Persistent sodium current of entorhinal layer II cells.
///
///   i = gbar m^3 h (V - ena)
///
/// Rates in 1/ms, V in mV, of Magistretti & Alonso, J Gen Physiol 114:491 (1999), with the activation six
/// times slower than that of the transient current, as in Hay et al., PLoS Comput Biol 7:e1002107 (2011).
/// They grow by q10 = 2.3^((celsius - 21)/10). Gates start at their steady state.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_persistent_sodium {
    T gbar = 1e-3;
    T celsius = 34;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::na::current, ion::na::reversal>;

    static constexpr std::string_view name = "PersistentSodium";
    static constexpr auto parameters() {
        using Self = basic_persistent_sodium;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 21) / 10); }

    /// m: inf = 1/(1 + exp(-(V+52.6)/4.6))    1/tau = (0.182 vtrap(-(V+38), 6) + 0.124 vtrap(V+38, 6))/6
    /// h: inf = 1/(1 + exp((V+48.8)/10))
    ///    1/tau = 2.88e-6 vtrap(V+17, 4.63) + 6.94e-6 vtrap(-(V+64.4), 2.63)
    auto rates(T v) const {
        auto m = gate(0.182 * vtrap(-(v + 38), 6), 0.124 * vtrap(v + 38, 6));
        auto h = gate(2.88e-6 * vtrap(v + 17, 4.63), 6.94e-6 * vtrap(-(v + 64.4), 2.63));
        m.inf = sigmoid((v + 52.6) / 4.6);
        h.inf = sigmoid(-(v + 48.8) / 10);
        return std::tuple{(q10 / 6) * m, q10 * h};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * cube(s.m) * s.h, e = at(ion::na::reversal{});
        at(ion::na::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using PersistentSodium = basic_persistent_sodium<double>;

}  // namespace hillock::inline HILLOCK_ISA
