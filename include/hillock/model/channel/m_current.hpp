// SPDX-License-Identifier: MIT
#pragma once

/// Slow potassium current (M) that makes cortical cells adapt.
///
///   i = gbar m (V - ek)
///
/// V in mV, of Yamada, Koch & Adams, in "Methods in Neuronal Modeling" (1989), as in Pospischil et al.,
/// Biol Cybern 99:427 (2008). The rate grows by q10 = 2.3^((celsius - 36)/10); at 36 degC tau is at most
/// tau_max/3.63. The gate starts at its steady state.

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
struct basic_m_current {
    T gbar = 7e-5;
    T tau_max = 1000;
    T celsius = 36;

    T q10 = 1;  // derived

    struct State {
        T m;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "MCurrent";
    static constexpr auto parameters() {
        using Self = basic_m_current;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"tau_max", "ms", &Self::tau_max, Allowed::positive},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }

    void prepare(double) { q10 = std::pow(2.3, (celsius - 36) / 10); }

    /// m: inf = 1/(1 + exp(-(V+35)/10))    tau = tau_max/(3.3 exp((V+35)/20) + exp(-(V+35)/20))
    auto rates(T v) const {
        T const rise = capped_exp<200, 50>(1 / 20., v + 35), fall = capped_exp<200, 50>(-1 / 20., v + 35);
        return std::tuple{Gate<T>(sigmoid((v + 35) / 10), q10 / tau_max * (3.3 * rise + fall))};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using MCurrent = basic_m_current<double>;

}  // namespace hillock::inline HILLOCK_ISA
