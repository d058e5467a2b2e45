// SPDX-License-Identifier: MIT
#pragma once

/// AMPA receptors: a conductance that rises with tau1 and decays with tau2 and peaks at the weight (uS) after
/// each event, i = g (V - e). Time constants of layer 5 pyramidal cells, Haeusser & Roth, J Neurosci 17:7606
/// (1997).

#include <array>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/synapse/dual_exponential.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_ampa {
    T tau1 = 0.2;
    T tau2 = 1.7;
    T e = 0;

    DualExponential<T> course = {};  // derived

    using State = typename DualExponential<T>::State;

    static constexpr std::string_view name = "Ampa";
    static constexpr auto parameters() {
        using Self = basic_ampa;
        return std::array{
            Field{"tau1", "ms", &Self::tau1, Allowed::positive},
            Field{"tau2", "ms", &Self::tau2, Allowed::positive},
            Field{"e", "mV", &Self::e},
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

using Ampa = basic_ampa<double>;

}  // namespace hillock::inline HILLOCK_ISA
