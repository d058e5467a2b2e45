// SPDX-License-Identifier: MIT
#pragma once

/// NMDA receptors: a conductance that rises with tau1 and decays with tau2 and that magnesium blocks,
///
///   i = g B(V) (V - e)    B(V) = 1/(1 + mg/3.57 exp(-0.062 V))
///
/// g peaks at the weight (uS) after each event; V in mV, mg in mM, of Jahr & Stevens, J Neurosci 10:3178
/// (1990). Time constants of Sarid et al., PNAS 104:16353 (2007).

#include <array>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/synapse/dual_exponential.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_nmda {
    T tau1 = 0.29;
    T tau2 = 43;
    T e = 0;
    T mg = 1;

    DualExponential<T> course = {};  // derived

    using State = typename DualExponential<T>::State;

    static constexpr std::string_view name = "Nmda";
    static constexpr auto parameters() {
        using Self = basic_nmda;
        return std::array{
            Field{"tau1", "ms", &Self::tau1, Allowed::positive},
            Field{"tau2", "ms", &Self::tau2, Allowed::positive},
            Field{"e", "mV", &Self::e},
            Field{"mg", "mM", &Self::mg, Allowed::non_negative},
        };
    }
    static constexpr auto states() { return DualExponential<T>::states(); }

    void prepare(double dt) { course.prepare(tau1, tau2, dt); }
    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau2", tau2, course.decay2);
    }

    void receive(State& s, T weight) const { course.receive(s, weight); }
    Current<T> current(T v, State const& s) const {
        T const g = course.value(s);
        return differenced(
            v, [&](T u) { return g * (u - e) / (1 + mg / 3.57 * capped_exp<100, 50>(-0.062, u)); });
    }
    void advance(State& s, T) const { course.advance(s); }
};

using Nmda = basic_nmda<double>;

}  // namespace hillock::inline HILLOCK_ISA
