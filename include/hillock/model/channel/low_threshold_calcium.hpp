// SPDX-License-Identifier: MIT
#pragma once

/// Low-threshold calcium current (T) of pyramidal cells.
///
///   i = gbar m^2 h (V - eca)
///
/// V in mV, shifted by a liquid junction potential of 10 mV; activation of Avery & Johnston, J Neurosci
/// 16:5567 (1996), time constants of Randall & Tsien, Neuropharmacology 36:879 (1997). Rates grow by q10 =
/// 2.3^((celsius - 21)/10). The temperature factor is that of Hay et al., PLoS Comput Biol 7:e1002107
/// (2011), whose value at 34 degC is the default. Gates start at their steady state. The T current of the
/// thalamus is TCurrent.

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
struct basic_low_threshold_calcium {
    T gbar = 1e-4;
    T celsius = 34;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::ca::current, ion::ca::reversal>;

    static constexpr std::string_view name = "LowThresholdCalcium";
    static constexpr auto parameters() {
        using Self = basic_low_threshold_calcium;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 21) / 10); }

    /// m: inf = 1/(1 + exp(-(V+40)/6))      tau = 5 + 20/(1 + exp((V+35)/5))
    /// h: inf = 1/(1 + exp((V+90)/6.4))     tau = 20 + 50/(1 + exp((V+50)/7))
    auto rates(T v) const {
        auto m = steady_state(sigmoid((v + 40) / 6), T(5 + 20 * sigmoid(-(v + 35) / 5)));
        auto h = steady_state(sigmoid(-(v + 90) / 6.4), T(20 + 50 * sigmoid(-(v + 50) / 7)));
        return std::tuple{q10 * m, q10 * h};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m * s.m * s.h, e = at(ion::ca::reversal{});
        at(ion::ca::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using LowThresholdCalcium = basic_low_threshold_calcium<double>;

}  // namespace hillock::inline HILLOCK_ISA
