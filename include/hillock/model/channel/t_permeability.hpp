// SPDX-License-Identifier: MIT
#pragma once

/// Low-threshold calcium current (T) of thalamic relay cells, by constant-field theory.
///
///   i = pbar m^2 h GHK(V, cai, cao)
///
/// with pbar in cm/s and GHK of ion.hpp; gates of TCurrent. Of Huguenard & McCormick, J Neurophysiol
/// 68:1373 (1992), and Destexhe et al., J Neurosci 18:3574 (1998). The rate of h grows by q10 = 3^((celsius
/// - 24)/10). Gates start at their steady state.

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/channel/t_current.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_t_permeability {
    T pbar = 2e-4;
    T shift = 2;
    T celsius = 36;

    T q10 = 1;  // derived

    struct State {
        T m, h;
    };
    using Uses = NodeVariables<ion::ca::current, ion::ca::inside, ion::ca::outside>;

    static constexpr std::string_view name = "TPermeability";
    static constexpr auto parameters() {
        using Self = basic_t_permeability;
        return std::array{
            Field{"pbar", "cm/s", &Self::pbar, Allowed::non_negative},
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
        T const p = pbar * s.m * s.m * s.h, inside = at(ion::ca::inside{}), outside = at(ion::ca::outside{});
        auto const i = [&](T u) { return p * ion::ca::constant_field(u, inside, outside, celsius); };
        at(ion::ca::current{}) += i(v);
        return differenced(v, i);
    }
};

using TPermeability = basic_t_permeability<double>;

}  // namespace hillock::inline HILLOCK_ISA
