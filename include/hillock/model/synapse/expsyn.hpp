// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A conductance that jumps and decays: g' = -g/tau, i = g (V - e); an event of weight w (uS): g += w.
/// NEURON's ExpSyn.
template <class T>
struct basic_expsyn {
    T tau = 0.1;
    T e = 0;

    T decay = 1;  // derived: exp(-dt/tau)

    struct State {
        T g;
    };

    static constexpr std::string_view name = "ExpSyn";
    static constexpr auto parameters() {
        return std::array{
            Field{"tau", "ms", &basic_expsyn::tau, Allowed::positive},
            Field{"e", "mV", &basic_expsyn::e},
        };
    }
    static constexpr auto states() { return std::array{Field{"g", "uS", &State::g}}; }

    void prepare(double dt) { decay = std::exp(-dt / tau); }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau", tau, decay);
    }

    void receive(State& s, T weight) const { s.g += weight; }

    Current<T> current(T, State const& s) const { return ohmic(s.g, e); }

    void advance(State& s, T) const { s.g *= decay; }
};

using ExpSyn = basic_expsyn<double>;

}  // namespace hillock::inline HILLOCK_ISA
