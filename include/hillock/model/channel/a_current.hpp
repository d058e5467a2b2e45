// SPDX-License-Identifier: MIT
#pragma once

/// Transient potassium current (A) of thalamic relay cells.
///
///   i = gbar m^4 h (V - ek)
///
/// V in mV, of Huguenard & McCormick, J Neurophysiol 68:1373 (1992), the greater one of their two
/// components. Rates grow by q10 = 3^((celsius - 23)/10). Gates start at their steady state.

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
struct basic_a_current {
    T gbar = 2e-3;
    T celsius = 23;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "ACurrent";
    static constexpr auto parameters() {
        using Self = basic_a_current;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    void prepare(double) { q10 = std::pow(3., (celsius - 23) / 10); }

    /// m: inf = 1/(1 + exp(-(V+60)/8.5))    tau = 0.37 + 1/(exp((V+35.82)/19.69) + exp(-(V+79.69)/12.7))
    /// h: inf = 1/(1 + exp((V+78)/6))       tau = 1/(exp((V+46.05)/5) + exp(-(V+238.4)/37.45)) below -63 mV,
    ///                                      19 above
    auto rates(T v) const {
        T const m_rate = exp(1 / 19.69, v + 35.82) + exp(-1 / 12.7, v + 79.69);
        T const h_rate = exp(1 / 5., v + 46.05) + exp(-1 / 37.45, v + 238.4);
        auto m = steady_state(sigmoid((v + 60) / 8.5), T(0.37 + 1 / m_rate));
        Gate<T> h{sigmoid(-(v + 78) / 6), choose(v < -63, h_rate, T(1 / 19.))};
        return std::tuple{q10 * m, q10 * h};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * fourth_power(s.m) * s.h, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using ACurrent = basic_a_current<double>;

}  // namespace hillock::inline HILLOCK_ISA
