// SPDX-License-Identifier: MIT
#pragma once

/// Hyperpolarisation-activated cation current (h) of layer 5 pyramidal cells.
///
///   i = gbar m (V - e)
///
/// Rates in 1/ms, V in mV, of Kole, Hallermann & Stuart, J Neurosci 26:1677 (2006). No temperature
/// dependence. The gate starts at its steady state.

#include <array>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_h_current {
    T gbar = 1e-4;
    T e = -45;

    struct State {
        T m;
    };

    static constexpr std::string_view name = "HCurrent";
    static constexpr auto parameters() {
        using Self = basic_h_current;
        return std::array{
            Field{"gbar", "S/cm2", &Self::gbar, Allowed::non_negative},
            Field{"e", "mV", &Self::e},
        };
    }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }

    /// m: a = 0.00643 vtrap(V+154.9, 11.9)    b = 0.193 exp(V/33.1)
    auto rates(T v) const {
        return std::tuple{gate(6.43e-3 * vtrap(v + 154.9, 11.9), 0.193 * capped_exp<60, 30>(1 / 33.1, v))};
    }

    Current<T> current(T, State const& s) const { return ohmic(gbar * s.m, e); }
};

using HCurrent = basic_h_current<double>;

}  // namespace hillock::inline HILLOCK_ISA
