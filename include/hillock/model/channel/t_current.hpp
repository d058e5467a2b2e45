// SPDX-License-Identifier: MIT
#pragma once

/// Low-threshold calcium current (T) of thalamic and of low-threshold spiking cortical cells.
///
///   i = gbar m^2 h (V - eca)
///
/// V in mV, of Destexhe et al., J Neurophysiol 76:2049 (1996), after Huguenard & McCormick, J Neurophysiol
/// 68:1373 (1992), as in Pospischil et al., Biol Cybern 99:427 (2008); `shift` is the effect of calcium
/// outside. The rate of h grows by q10 = 3^((celsius - 24)/10). Gates start at their steady state.

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

/// The rates of the T current's gates, of u = V + shift:
/// m: inf = 1/(1 + exp(-(u+57)/6.2)), at once
/// h: inf = 1/(1 + exp((u+81)/4))    tau = 30.8 + (211.4 + exp((u+113.2)/5))/(1 + exp((u+84)/3.2))
template <class T>
auto t_gates(T u, T q10) {
    T const rise = capped_exp<300, 50>(1 / 5., u + 113.2), fall = capped_exp<500, 60>(1 / 3.2, u + 84);
    auto m = Instantaneous<T>{sigmoid((u + 57) / 6.2)};
    auto h = steady_state(sigmoid(-(u + 81) / 4), T(30.8 + (211.4 + rise) / (1 + fall)));
    return std::tuple{m, q10 * h};
}

template <class T>
struct basic_t_current {
    T gbar = 2e-3;
    T shift = 2;
    T celsius = 36;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::ca::current, ion::ca::reversal>;

    static constexpr std::string_view name = "TCurrent";
    static constexpr auto parameters() {
        using Self = basic_t_current;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"shift", "mV", &Self::shift},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    void prepare(double) { q10 = std::pow(3., (celsius - 24) / 10); }

    auto rates(T v) const { return t_gates(T(v + shift), q10); }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m * s.m * s.h, e = at(ion::ca::reversal{});
        at(ion::ca::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using TCurrent = basic_t_current<double>;

}  // namespace hillock::inline HILLOCK_ISA
