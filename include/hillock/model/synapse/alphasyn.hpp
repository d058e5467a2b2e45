// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>

namespace hillock::inline HILLOCK_ISA {

/// An alpha-function conductance, driven by events: after one of weight w (uS) g(t) = w (t/tau) exp(1 -
/// t/tau), which peaks at w after tau; i = g (V - e). As two states: y' = -y/tau, g' = (y - g)/tau, advanced
/// exactly; an event: y += e w. (NEURON's AlphaSynapse has the same shape but one fixed onset; NEST calls
/// this one `cond_alpha`.)
template <class T>
struct basic_alphasyn {
    T tau = 0.1;
    T e = 0;

    T decay = 1, passed = 0;  // derived: exp(-dt/tau) and dt/tau

    struct State {
        T y, g;
    };

    static constexpr std::string_view name = "AlphaSyn";
    static constexpr auto parameters() {
        return std::array{
            Field{"tau", "ms", &basic_alphasyn::tau, Allowed::positive},
            Field{"e", "mV", &basic_alphasyn::e},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"y", "uS", &State::y}, Field{"g", "uS", &State::g}};
    }

    void prepare(double dt) {
        decay = std::exp(-dt / tau);
        passed = dt / tau;
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau", tau, decay);
    }

    void receive(State& s, T weight) const { s.y += std::numbers::e * weight; }

    Current<T> current(T, State const& s) const { return ohmic(s.g, e); }

    void advance(State& s, T) const {
        s.g = (s.g + passed * s.y) * decay;
        s.y *= decay;
    }
};

using AlphaSyn = basic_alphasyn<double>;

}  // namespace hillock::inline HILLOCK_ISA
