// SPDX-License-Identifier: MIT
#pragma once

/// Leak through which potassium and sodium pass.
///
///   i = g (V - e)    e = R T/F ln((ko + p_na nao)/(ki + p_na nai))
///
/// e is the potential of Goldman, Hodgkin & Katz (J Physiol 108:37, 1949), with the permeability p_na of
/// sodium relative to that of potassium, 0.04 in their axon at rest; concentrations and temperature are the
/// cell's. The current counts for no ion.

#include <array>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/ion.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_goldman_leak {
    T g = 1e-4;
    T p_na = 0.04;

    struct State {};
    using Uses =
        NodeVariables<ion::k::inside, ion::k::outside, ion::na::inside, ion::na::outside, quantity::celsius>;

    static constexpr std::string_view name = "GoldmanLeak";
    static constexpr auto parameters() {
        using Self = basic_goldman_leak;
        return std::array{
            Field{"g", "S/cm2", &Self::g, Allowed::non_negative},
            Field{"p_na", "", &Self::p_na, Allowed::non_negative},
        };
    }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }

    /// The reversal potential in mV.
    T reversal(Nearby<T, Uses> const& at) const {
        T const inside = at(ion::k::inside{}) + p_na * at(ion::na::inside{}),
                outside = at(ion::k::outside{}) + p_na * at(ion::na::outside{});
        return ion::k::nernst(inside, outside, at(quantity::celsius{}));
    }

    Current<T> current(T, State const&, Nearby<T, Uses>& at) const { return ohmic(g, reversal(at)); }
};

using GoldmanLeak = basic_goldman_leak<double>;

}  // namespace hillock::inline HILLOCK_ISA
