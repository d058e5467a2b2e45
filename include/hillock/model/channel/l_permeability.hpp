// SPDX-License-Identifier: MIT
#pragma once

/// High-threshold calcium current (L) of thalamic relay cells, by constant-field theory.
///
///   i = pbar m^2 GHK(V, cai, cao)
///
/// with pbar in cm/s and GHK of ion.hpp. Rates in 1/ms, V in mV, of McCormick & Huguenard, J Neurophysiol
/// 68:1384 (1992). They grow by q10 = 3^((celsius - 23)/10). The gate starts at its steady state.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/gating.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_l_permeability {
    T pbar = 1e-4;
    T celsius = 23;

    T q10 = 1;  // derived

    struct State {
        T m;
    };
    using Uses = NodeVariables<ion::ca::current, ion::ca::inside, ion::ca::outside>;

    static constexpr std::string_view name = "LPermeability";
    static constexpr auto parameters() {
        using Self = basic_l_permeability;
        return std::array{
            Field{"pbar", "cm/s", &Self::pbar, Allowed::non_negative},
            Field{"celsius", "degC", &Self::celsius},
        };
    }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }

    void prepare(double) { q10 = std::pow(3., (celsius - 23) / 10); }

    /// m: a = 1.6/(1 + exp(-0.072 (V-5)))    b = 0.02 vtrap(V+1.31, 5.36)
    auto rates(T v) const {
        auto m = gate(ratio(1.6, T(1 + capped_exp<200, 50>(-0.072, v - 5))), 0.02 * vtrap(v + 1.31, 5.36));
        return std::tuple{q10 * m};
    }

    Current<T> current(T v, State const& s, Nearby<T, Uses>& at) const {
        T const p = pbar * s.m * s.m, inside = at(ion::ca::inside{}), outside = at(ion::ca::outside{});
        auto const i = [&](T u) { return p * ion::ca::constant_field(u, inside, outside, celsius); };
        at(ion::ca::current{}) += i(v);
        return differenced(v, i);
    }
};

using LPermeability = basic_l_permeability<double>;

}  // namespace hillock::inline HILLOCK_ISA
