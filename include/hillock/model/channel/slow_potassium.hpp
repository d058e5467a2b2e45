// SPDX-License-Identifier: MIT
#pragma once

/// Slow, slowly inactivating potassium current of layer 5 pyramidal cells.
///
///   i = gbar m^2 h (V - ek)
///
/// V in mV, of Korngreen & Sakmann, J Physiol 525:621 (2000), shifted by a liquid junction potential of 10
/// mV. Rates grow by q10 = 2.3^((celsius - 21)/10). The temperature factor is that of Hay et al., PLoS
/// Comput Biol 7:e1002107 (2011), whose value at 34 degC is the default. Gates start at their steady state.

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
struct basic_slow_potassium {
    T gbar = 0.01;
    T celsius = 34;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "SlowPotassium";
    static constexpr auto parameters() {
        using Self = basic_slow_potassium;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 21) / 10); }

    /// With u = V + 10 mV:
    /// m: inf = 1/(1 + exp(-(u+1)/12))    tau = 1.25 + 175.03 exp(0.026 u) below u = -50 mV,
    ///                                          1.25 + 13 exp(-0.026 u) above
    /// h: inf = 1/(1 + exp((u+54)/11))    tau = 360 + (1010 + 24 (u+55)) exp(-((u+75)/48)^2)
    auto rates(T v) const {
        T const u = v + 10, x = (u + 75) / 48;
        T const bell = choose(u < -50, 175.03 * exp(0.026, u), 13 * exp(-0.026, u));
        auto m = steady_state(sigmoid((u + 1) / 12), T(1.25 + bell));
        auto h = steady_state(sigmoid(-(u + 54) / 11), T(360 + (1010 + 24 * (u + 55)) * exp(-(x * x))));
        return std::tuple{q10 * m, q10 * h};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m * s.m * s.h, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using SlowPotassium = basic_slow_potassium<double>;

}  // namespace hillock::inline HILLOCK_ISA
