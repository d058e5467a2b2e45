// SPDX-License-Identifier: MIT
#pragma once

/// Muscarinic potassium current (M), Kv7.
///
///   i = gbar m (V - ek)
///
/// Rates in 1/ms, V in mV, of Adams, Brown & Constanti, J Physiol 330:537 (1982). They grow by q10 =
/// 2.3^((celsius - 21)/10). The temperature factor is that of Hay et al., PLoS Comput Biol 7:e1002107
/// (2011), whose value at 34 degC is the default. The gate starts at its steady state. The M current of
/// single-compartment cortical models is MCurrent.

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
struct basic_kv7 {
    T gbar = 1e-4;
    T celsius = 34;

    T q10 = 1;  // derived

    struct State {
        T m;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "Kv7";
    static constexpr auto parameters() {
        using Self = basic_kv7;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 21) / 10); }

    /// m: a = 0.0033 exp(0.1 (V+35))    b = 0.0033 exp(-0.1 (V+35))
    auto rates(T v) const {
        T const a = 3.3e-3 * capped_exp<200, 50>(0.1, v + 35), b = 3.3e-3 * capped_exp<200, 50>(-0.1, v + 35);
        return std::tuple{q10 * gate(a, b)};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using Kv7 = basic_kv7<double>;

}  // namespace hillock::inline HILLOCK_ISA
