// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/synapse/dual_exponential.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A conductance that rises with tau1 and decays with tau2 and peaks at the weight (uS) after each event, i =
/// g (V - e): NEURON's Exp2Syn.
template <class T>
struct basic_exp2syn {
    T tau1 = 0.1;
    T tau2 = 10;
    T e = 0;

    DualExponential<T> course = {};  // derived

    using State = typename DualExponential<T>::State;

    static constexpr std::string_view name = "Exp2Syn";
    static constexpr auto parameters() {
        return std::array{
            Field{"tau1", "ms", &basic_exp2syn::tau1, Allowed::positive},
            Field{"tau2", "ms", &basic_exp2syn::tau2, Allowed::positive},
            Field{"e", "mV", &basic_exp2syn::e},
        };
    }
    static constexpr auto states() { return DualExponential<T>::states(); }

    void prepare(double dt) { course.prepare(tau1, tau2, dt); }
    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau2", tau2, course.decay2);
    }

    void receive(State& s, T weight) const { course.receive(s, weight); }
    Current<T> current(T, State const& s) const { return ohmic(course.value(s), e); }
    void advance(State& s, T) const { course.advance(s); }
};

using Exp2Syn = basic_exp2syn<double>;

}  // namespace hillock::inline HILLOCK_ISA
