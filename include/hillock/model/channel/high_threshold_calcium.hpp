// SPDX-License-Identifier: MIT
#pragma once

/// High-threshold calcium current (L).
///
///   i = gbar m^2 h (V - eca)
///
/// Rates in 1/ms, V in mV, of Reuveni et al., J Neurosci 13:4609 (1993), the Ca_HVA of Hay et al., PLoS
/// Comput Biol 7:e1002107 (2011), and I_L of Pospischil et al., Biol Cybern 99:427 (2008). No temperature
/// dependence. Gates start at their steady state.

#include <array>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_high_threshold_calcium {
    T gbar = 1e-4;

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::ca::current, ion::ca::reversal>;

    static constexpr std::string_view name = "HighThresholdCalcium";
    static constexpr auto parameters() {
        using Self = basic_high_threshold_calcium;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    /// m: a = 0.055 vtrap(-(V+27), 3.8)     b = 0.94 exp(-(V+75)/17)
    /// h: a = 0.000457 exp(-(V+13)/50)      b = 0.0065/(1 + exp(-(V+15)/28))
    auto rates(T v) const {
        auto m = gate(0.055 * vtrap(-(v + 27), 3.8), 0.94 * capped_exp<100, 30>(-1 / 17., v + 75));
        auto h = gate(4.57e-4 * capped_exp<60, 30>(-1 / 50., v + 13),
                      ratio(0.0065, T(1 + capped_exp<100, 30>(-1 / 28., v + 15))));
        return std::tuple{m, h};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m * s.m * s.h, e = at(ion::ca::reversal{});
        at(ion::ca::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using HighThresholdCalcium = basic_high_threshold_calcium<double>;

}  // namespace hillock::inline HILLOCK_ISA
