// SPDX-License-Identifier: MIT
#pragma once

/// Calcium-activated potassium current of small conductance (SK).
///
///   i = gbar z (V - ek)    z' = (z_inf - z)/tau    z_inf = 1/(1 + (half/cai)^4.8)
///
/// cai and half in mM; of Koehler et al., Science 273:1709 (1996), as in Hay et al., PLoS Comput Biol
/// 7:e1002107 (2011). It does not depend on V. A concentration below 1e-7 mM counts as 1e-7 mM more than it
/// is. The gate starts at its steady state, with the concentration that mechanisms listed before it have
/// written.

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
struct basic_sk {
    T gbar = 1e-3;
    T half = 4.3e-4;
    T tau = 1;

    struct State {
        T z;
    };
    using Uses = NodeVariables<ion::k::current, ion::k::reversal, ion::ca::inside>;

    static constexpr std::string_view name = "SK";
    static constexpr auto parameters() {
        using Self = basic_sk;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"half", "mM", &Self::half, Allowed::positive},
            Field{"tau", "ms", &Self::tau, Allowed::positive},
        };
    }
    static constexpr auto states() { return std::array{Field{"z", "", &State::z}}; }

    auto rates(T, Nearby<T, Uses> const& at) const {
        T const inside = at(ion::ca::inside{}), ca = choose(inside < 1e-7, inside + 1e-7, inside);
        return std::tuple{steady_state(T(1 / (1 + pow(half / ca, T(4.8)))), tau)};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const g = gbar * s.z, e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

using SK = basic_sk<double>;

}  // namespace hillock::inline HILLOCK_ISA
