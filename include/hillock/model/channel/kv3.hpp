// SPDX-License-Identifier: MIT
#pragma once

/// Fast delayed rectifier, Kv3.1.
///
///   i = gbar m (V - ek)
///
/// V in mV, of Rettig et al., EMBO J 11:2473 (1992), as in Hay et al., PLoS Comput Biol 7:e1002107 (2011).
/// No temperature dependence. The gate starts at its steady state.

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
struct basic_kv3 {
    T gbar = 0.01;

    struct State {
        T m;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "Kv3";
    static constexpr auto parameters() {
        using Self = basic_kv3;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
        };
    }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }

    /// m: inf = 1/(1 + exp(-(V-18.7)/9.7))    tau = 4/(1 + exp(-(V+46.56)/44.14))
    auto rates(T v) const {
        return std::tuple{
            steady_state(sigmoid((v - 18.7) / 9.7), ratio(4, T(1 + exp(-1 / 44.14, v + 46.56))))};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.m, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using Kv3 = basic_kv3<double>;

}  // namespace hillock::inline HILLOCK_ISA
