// SPDX-License-Identifier: MIT
#pragma once

/// Slow delayed rectifier, Kv2-like, of cortical pyramidal cells.
///
///   i = gbar m^2 (h1 + h2)/2 (V - ek)
///
/// Rates in 1/ms, V in mV, of Keren, Peled & Korngreen, J Neurophysiol 94:3730 (2005), with the activation
/// 2.5 times slower, after Liu & Bean, J Neurosci 34:4991 (2014), as in the perisomatic models of the Allen
/// Cell Types Database. They grow by q10 = 2.3^((celsius - 21)/10). Gates start at their steady state.

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
struct basic_kv2 {
    T gbar = 0.01;
    T celsius = 34;

    T q10 = 1;  // derived

    struct State {
        T m, h1, h2;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "Kv2";
    static constexpr auto parameters() {
        using Self = basic_kv2;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h1", "", &State::h1},
                          Field{"h2", "", &State::h2}};
    }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 21) / 10); }

    /// m: a = 0.12 vtrap(43-V, 11)          b = 0.02 exp(-(V+1.27)/120)      1/tau = (a+b)/2.5
    /// h: inf = 1/(1 + exp((V+58)/11))      tau1 = 360 + (1010 + 23.7 (V+54)) exp(-((V+75)/48)^2)
    ///                                      tau2 = 2350 + 1380 exp(-0.011 V) - 210 exp(-0.03 V), but at least
    ///                                             1e-3
    auto rates(T v) const {
        T const x = (v + 75) / 48, h = sigmoid(-(v + 58) / 11);
        T const tau2 = 2350 + 1380 * exp(-0.011, v) - 210 * exp(-0.03, v);
        auto m = gate(0.12 * vtrap(43 - v, 11), 0.02 * capped_exp<60, 30>(-1 / 120., v + 1.27));
        auto h1 = steady_state(h, T(360 + (1010 + 23.7 * (v + 54)) * exp(-(x * x))));
        auto h2 = steady_state(h, T(choose(tau2 > 1e-3, tau2, T(1e-3))));
        return std::tuple{(q10 / 2.5) * m, q10 * h1, q10 * h2};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m * s.m * (0.5 * (s.h1 + s.h2)), e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using Kv2 = basic_kv2<double>;

}  // namespace hillock::inline HILLOCK_ISA
