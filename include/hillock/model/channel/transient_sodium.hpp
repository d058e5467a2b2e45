// SPDX-License-Identifier: MIT
#pragma once

/// Transient sodium current of cortical pyramidal cells.
///
///   i = gbar m^3 h (V - ena)
///
/// Rates in 1/ms, V in mV, of Colbert & Pan, Nat Neurosci 5:533 (2002), for the axon; the soma's are those
/// of half_m = -32, half_h = -60 mV. They grow by q10 = 2.3^((celsius - 21)/10). The temperature factor is
/// that of Hay et al., PLoS Comput Biol 7:e1002107 (2011), whose value at 34 degC is the default. Gates
/// start at their steady state.

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
struct basic_transient_sodium {
    T gbar = 0.1;
    T half_m = -38;
    T half_h = -66;
    T celsius = 34;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::na::current, ion::na::reversal>;

    static constexpr std::string_view name = "TransientSodium";
    static constexpr auto parameters() {
        using Self = basic_transient_sodium;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"half_m", "mV", &Self::half_m},
            Field{"half_h", "mV", &Self::half_h},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 21) / 10); }

    /// m: a = 0.182 vtrap(half_m-V, 6)    b = 0.124 vtrap(V-half_m, 6)
    /// h: a = 0.015 vtrap(V-half_h, 6)    b = 0.015 vtrap(half_h-V, 6)
    auto rates(T v) const {
        auto m = gate(0.182 * vtrap(half_m - v, 6), 0.124 * vtrap(v - half_m, 6));
        auto h = gate(0.015 * vtrap(v - half_h, 6), 0.015 * vtrap(half_h - v, 6));
        return std::tuple{q10 * m, q10 * h};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * cube(s.m) * s.h, e = at(ion::na::reversal{});
        at(ion::na::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using TransientSodium = basic_transient_sodium<double>;

}  // namespace hillock::inline HILLOCK_ISA
