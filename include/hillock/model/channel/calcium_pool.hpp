// SPDX-License-Identifier: MIT
#pragma once

/// Calcium in a shell below the membrane: it comes in by the calcium current and decays to its rest.
///
///   cai' = -gamma ica/(2 F depth) - (cai - rest)/tau
///
/// depth in um, concentrations in mM, ica in mA/cm2 (a factor of 10^4 joins the units); of Destexhe,
/// Contreras, Sejnowski & Steriade, J Neurophysiol 72:803 (1994), with the free share gamma of Hay et al.,
/// PLoS Comput Biol 7:e1002107 (2011). It starts at rest, and is exact for a current that stays as it is
/// during the step. List it after the calcium currents, and before the mechanisms that are to see the new
/// concentration in the same step.

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_calcium_pool {
    T gamma = 0.05;
    T depth = 0.1;
    T tau = 80;
    T rest = 1e-4;

    T decay = 1;  // derived, of one step

    struct State {};
    using Uses = NodeVariables<ion::ca::current, ion::ca::inside>;
    using Writes = NodeVariables<ion::ca::inside>;

    static constexpr std::string_view name = "CalciumPool";
    static constexpr auto parameters() {
        using Self = basic_calcium_pool;
        return std::array{
            Field{"gamma", "", &Self::gamma, Allowed::non_negative},
            Field{"depth", "um", &Self::depth, Allowed::positive},
            Field{"tau", "ms", &Self::tau, Allowed::positive},
            Field{"rest", "mM", &Self::rest, Allowed::positive},
        };
    }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }

    void prepare(double dt) { decay = std::exp(-dt / tau); }

    State initial(T, Nearby<T, Uses>& at) const {
        at(ion::ca::inside{}) = rest;
        return {};
    }

    void advance(State&, T, T, Nearby<T, Uses>& at) const {
        T const entry = -1e4 * gamma * at(ion::ca::current{}) / (2 * ion::faraday * depth);
        T const inf = rest + tau * entry, before = at(ion::ca::inside{});
        at(ion::ca::inside{}) = inf + (before - inf) * decay;
    }
};

using CalciumPool = basic_calcium_pool<double>;

}  // namespace hillock::inline HILLOCK_ISA
