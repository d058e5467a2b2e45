// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A current that jumps and decays, whatever the voltage: i' = -i/tau; an event of weight w (nA): i += w.
/// Positive weights depolarise. The synapse of current-based networks (NEST's `psc_exp`).
template <class T>
struct basic_expcurrent {
    T tau = 2;

    T decay = 1;  // derived: exp(-dt/tau)

    struct State {
        T i;
    };

    static constexpr std::string_view name = "ExpCurrent";
    static constexpr auto parameters() {
        return std::array{Field{"tau", "ms", &basic_expcurrent::tau, Allowed::positive}};
    }
    static constexpr auto states() { return std::array{Field{"i", "nA", &State::i}}; }

    void prepare(double dt) { decay = std::exp(-dt / tau); }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau", tau, decay);
    }

    void receive(State& s, T weight) const { s.i += weight; }

    Current<T> current(T, State const& s) const { return injected(s.i); }

    void advance(State& s, T) const { s.i *= decay; }
};

using ExpCurrent = basic_expcurrent<double>;

}  // namespace hillock::inline HILLOCK_ISA
