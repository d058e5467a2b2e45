// SPDX-License-Identifier: MIT
#pragma once

/// Slowly inactivating potassium current (D), Kv1-like, that delays the first spike.
///
///   i = gbar m h (V - ek)
///
/// V in mV, of Foust et al., J Neurosci 31:15490 (2011), as in the perisomatic models of the Allen Cell
/// Types Database. No temperature dependence. Gates start at their steady state.

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
struct basic_d_current {
    T gbar = 1e-4;

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "DCurrent";
    static constexpr auto parameters() {
        using Self = basic_d_current;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"m", "", &State::m}, Field{"h", "", &State::h}};
    }

    /// m: inf = 1/(1 + exp(-(V+43)/8))     tau = 1
    /// h: inf = 1/(1 + exp((V+67)/7.3))    tau = 1500
    auto rates(T v) const {
        return std::tuple{steady_state(sigmoid((v + 43) / 8), T(1)),
                          steady_state(sigmoid(-(v + 67) / 7.3), T(1500))};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m * s.h, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using DCurrent = basic_d_current<double>;

}  // namespace hillock::inline HILLOCK_ISA
