// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A leak: i = g (V - e).
template <class T>
struct basic_passive {
    T g = 1e-3;
    T e = -70;

    struct State {};

    static constexpr std::string_view name = "Passive";
    static constexpr auto parameters() {
        return std::array{
            Field{"g", "S/cm2", &basic_passive::g, Allowed::non_negative},
            Field{"e", "mV", &basic_passive::e},
        };
    }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }

    auto rates(T) const { return std::tuple{}; }

    Current<T> current() const { return ohmic(g, e); }
    Current<T> current(T, State const&) const { return current(); }
};

using Passive = basic_passive<double>;

}  // namespace hillock::inline HILLOCK_ISA
