// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/plain.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The spikes that make pairs.
enum class Pairs {
    all,      // every one with every other
    nearest,  // a spike with the last one of the other side
};

namespace plasticity {

/// A jump by 1, or to 1 where only the last spike counts.
template <std::size_t N>
void jump(Traces<N>& traces, Pairs pairs) {
    for (auto& trace : traces) trace = pairs == Pairs::all ? trace + 1 : 1;
}

/// x^mu of numbers or lanes; quick where mu is 0 or 1.
template <class Number>
HILLOCK_INLINE Number power(Number x, double mu) {
    if (mu == 0) return Number(1);
    if (mu == 1) return x;
    return quick_pow(x, Number(mu));
}
/// x, but not below 0, or above 1.
template <class Number>
HILLOCK_INLINE Number at_least_0(Number x) {
    return choose(x > Number(0), x, Number(0));
}
template <class Number>
HILLOCK_INLINE Number at_most_1(Number x) {
    return choose(x < Number(1), x, Number(1));
}

/// Throws unless a bound of weights is finite and not 0.
inline void check_bound(char const* rule, char const* name, double w) {
    require(std::isfinite(w) && w != 0, "{}: {} {}: must be finite and not 0", rule, name, w);
}
/// Throws unless a weight is from 0 to its bound.
inline void check_bounded(char const* rule, double weight, double w_max) {
    require(weight / w_max >= 0 && weight / w_max <= 1, "{}: weight {}: must be from 0 to w_max {}", rule,
            weight, w_max);
}
inline void check_not_negative(char const* rule, char const* name, double value) {
    require(std::isfinite(value) && value >= 0, "{}: {} {}: must be finite and not negative", rule, name,
            value);
}
/// Throws unless a time constant is positive and finite.
inline void check_time_constant(char const* rule, char const* name, double tau) {
    require(std::isfinite(tau) && tau > 0, "{}: {} {} ms: must be positive and finite", rule, name, tau);
}

}  // namespace plasticity

/// Spike-timing dependent plasticity of pairs (Song, Miller & Abbott, Nat Neurosci 3:919, 2000), with the
/// exponents of Guetig et al. (J Neurosci 23:3697, 2003), as NEST's stdp_synapse and stdp_nn_symm_synapse.
///
///   arrival       w -= w_max alpha lambda (w/w_max)^mu_minus y,    y' = -y/tau_minus
///   target fires  w += w_max lambda (1 - w/w_max)^mu_plus x,       x' = -x/tau_plus
///
/// kept from 0 to w_max. x jumps at spikes of the source, y at those of the target: by 1, or to 1 for nearest
/// pairs. Exponents 0 are the additive rule, 1 the multiplicative one. A negative w_max is for negative
/// weights.
struct Stdp {
    double lambda = 0.01;                  // learning rate
    double alpha = 1;                      // depression over potentiation
    double w_max = 1;                      // uS or nA
    double tau_plus = 20, tau_minus = 20;  // ms
    double mu_plus = 1, mu_minus = 1;      // exponents
    Pairs pairs = Pairs::all;              // which spikes count
    double dendritic = 0;  // share of the delay that is the dendrite's; the rest is the axon's

    std::array<double, 1> source_traces() const { return {tau_plus}; }
    std::array<double, 1> target_traces() const { return {tau_minus}; }
    void source_spike(Traces<1>& x) const { plasticity::jump(x, pairs); }
    void target_spike(Traces<1>& y) const { plasticity::jump(y, pairs); }

    template <class Number>
    HILLOCK_INLINE Number on_arrival(Number w, Traces<1, Number> const&, Traces<1, Number> const& y) const {
        auto const part = w / w_max;
        return w_max *
               plasticity::at_least_0(part - alpha * lambda * plasticity::power(part, mu_minus) * y[0]);
    }
    template <class Number>
    HILLOCK_INLINE Number on_target_spike(Number w, Traces<1, Number> const& x,
                                          Traces<1, Number> const&) const {
        auto const part = w / w_max;
        auto const room = plasticity::power(plasticity::at_least_0(1 - part), mu_plus);
        return w_max * plasticity::at_most_1(part + lambda * room * x[0]);
    }

    std::vector<plasticity::Parameter> parameters() const {
        return {{"lambda", lambda},       {"alpha", alpha},
                {"w_max", w_max},         {"tau_plus", tau_plus},
                {"tau_minus", tau_minus}, {"mu_plus", mu_plus},
                {"mu_minus", mu_minus},   {"pairs", static_cast<double>(pairs)},
                {"dendritic", dendritic}};
    }
    void check() const {
        plasticity::check_bound("Stdp", "w_max", w_max);
        plasticity::check_not_negative("Stdp", "lambda", lambda);
        plasticity::check_not_negative("Stdp", "alpha", alpha);
        plasticity::check_not_negative("Stdp", "mu_plus", mu_plus);
        plasticity::check_not_negative("Stdp", "mu_minus", mu_minus);
        plasticity::check_time_constant("Stdp", "tau_plus", tau_plus);
        plasticity::check_time_constant("Stdp", "tau_minus", tau_minus);
    }
    void check(double weight) const { plasticity::check_bounded("Stdp", weight, w_max); }
};

}  // namespace hillock::inline HILLOCK_ISA
