// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Spike-timing dependent plasticity whose potentiation follows a power of the weight (Morrison, Aertsen &
/// Diesmann, Neural Comput 19:1437, 2007), as NEST's stdp_pl_synapse_hom, where the whole delay is the
/// dendrite's (`dendritic` 1):
///
///   arrival       w -= lambda alpha w y,              y' = -y/tau_minus, not below 0
///   target fires  w += lambda w0 (w/w0)^mu x,         x' = -x/tau_plus
///
/// x jumps by 1 at spikes of the source, y at those of the target. NEST has w0 = 1 pA. There is no upper
/// bound.
struct StdpPowerLaw {
    double lambda = 0.1;  // learning rate
    double alpha = 1;     // depression over potentiation
    double w0 = 1;        // uS, nA or pA: weights are measured by it; negative for negative ones
    double mu = 0.4;      // exponent
    double tau_plus = 20, tau_minus = 20;  // ms
    Pairs pairs = Pairs::all;              // the spikes that count
    double dendritic = 0;  // share of the delay that is the dendrite's; the rest is the axon's

    std::array<double, 1> source_traces() const { return {tau_plus}; }
    std::array<double, 1> target_traces() const { return {tau_minus}; }
    void source_spike(Traces<1>& x) const { plasticity::jump(x, pairs); }
    void target_spike(Traces<1>& y) const { plasticity::jump(y, pairs); }

    template <class Number>
    HILLOCK_INLINE Number on_arrival(Number w, Traces<1, Number> const&, Traces<1, Number> const& y) const {
        return w * plasticity::at_least_0(1 - lambda * alpha * y[0]);
    }
    template <class Number>
    HILLOCK_INLINE Number on_target_spike(Number w, Traces<1, Number> const& x,
                                          Traces<1, Number> const&) const {
        return w + lambda * w0 * plasticity::power(w / w0, mu) * x[0];
    }

    std::vector<plasticity::Parameter> parameters() const {
        return {{"lambda", lambda},
                {"alpha", alpha},
                {"w0", w0},
                {"mu", mu},
                {"tau_plus", tau_plus},
                {"tau_minus", tau_minus},
                {"pairs", static_cast<double>(pairs)},
                {"dendritic", dendritic}};
    }
    void check() const {
        plasticity::check_bound("StdpPowerLaw", "w0", w0);
        plasticity::check_not_negative("StdpPowerLaw", "lambda", lambda);
        plasticity::check_not_negative("StdpPowerLaw", "alpha", alpha);
        plasticity::check_not_negative("StdpPowerLaw", "mu", mu);
        plasticity::check_time_constant("StdpPowerLaw", "tau_plus", tau_plus);
        plasticity::check_time_constant("StdpPowerLaw", "tau_minus", tau_minus);
    }
    void check(double weight) const {
        require(weight / w0 >= 0, "StdpPowerLaw: weight {}: must have the sign of w0 {}", weight, w0);
    }
};

}  // namespace hillock::inline HILLOCK_ISA
