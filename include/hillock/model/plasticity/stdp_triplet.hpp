// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/simd/inlining.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Plasticity of pairs and triplets of spikes (Pfister & Gerstner, J Neurosci 26:9673, 2006):
///
///   arrival       w -= w_max y1 (A2_minus + A3_minus x2)
///   target fires  w += w_max x1 (A2_plus + A3_plus y2)
///
/// kept from 0 to w_max. The traces x1, x2 of the source decay with tau_plus and tau_x, y1, y2 of the target
/// with tau_minus and tau_y; they jump by 1 at spikes (to 1 for nearest ones), after the weight has changed.
/// Amplitudes are parts of w_max; the defaults are the paper's, visual cortex, all to all.
struct StdpTriplet {
    double A2_plus = 5e-10, A3_plus = 6.2e-3;   // potentiation by pairs, by triplets
    double A2_minus = 7e-3, A3_minus = 2.3e-4;  // depression
    double tau_plus = 16.8, tau_x = 101;        // ms
    double tau_minus = 33.7, tau_y = 125;       // ms
    double w_max = 1;                           // uS or nA
    Pairs pairs = Pairs::all;                   // the spikes that count
    double dendritic = 0;  // share of the delay that is the dendrite's; the rest is the axon's

    std::array<double, 2> source_traces() const { return {tau_plus, tau_x}; }
    std::array<double, 2> target_traces() const { return {tau_minus, tau_y}; }
    void source_spike(Traces<2>& x) const { plasticity::jump(x, pairs); }
    void target_spike(Traces<2>& y) const { plasticity::jump(y, pairs); }

    template <class Number>
    HILLOCK_INLINE Number on_arrival(Number w, Traces<2, Number> const& x, Traces<2, Number> const& y) const {
        return w_max * plasticity::at_least_0(w / w_max - y[0] * (A2_minus + A3_minus * x[1]));
    }
    template <class Number>
    HILLOCK_INLINE Number on_target_spike(Number w, Traces<2, Number> const& x,
                                          Traces<2, Number> const& y) const {
        return w_max * plasticity::at_most_1(w / w_max + x[0] * (A2_plus + A3_plus * y[1]));
    }

    std::vector<plasticity::Parameter> parameters() const {
        return {{"A2_plus", A2_plus},     {"A3_plus", A3_plus},
                {"A2_minus", A2_minus},   {"A3_minus", A3_minus},
                {"tau_plus", tau_plus},   {"tau_x", tau_x},
                {"tau_minus", tau_minus}, {"tau_y", tau_y},
                {"w_max", w_max},         {"pairs", static_cast<double>(pairs)},
                {"dendritic", dendritic}};
    }
    void check() const {
        plasticity::check_bound("StdpTriplet", "w_max", w_max);
        plasticity::check_not_negative("StdpTriplet", "A2_plus", A2_plus);
        plasticity::check_not_negative("StdpTriplet", "A3_plus", A3_plus);
        plasticity::check_not_negative("StdpTriplet", "A2_minus", A2_minus);
        plasticity::check_not_negative("StdpTriplet", "A3_minus", A3_minus);
        plasticity::check_time_constant("StdpTriplet", "tau_plus", tau_plus);
        plasticity::check_time_constant("StdpTriplet", "tau_x", tau_x);
        plasticity::check_time_constant("StdpTriplet", "tau_minus", tau_minus);
        plasticity::check_time_constant("StdpTriplet", "tau_y", tau_y);
    }
    void check(double weight) const { plasticity::check_bounded("StdpTriplet", weight, w_max); }
};

}  // namespace hillock::inline HILLOCK_ISA
