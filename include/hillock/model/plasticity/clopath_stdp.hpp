// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Plasticity that depends on the voltage of the target (Clopath, Buesing, Vasilaki & Gerstner, Nat Neurosci
/// 13:344, 2010), as NEST's clopath_synapse with aeif_psc_delta_clopath:
///
///   arrival      w -= A_LTD (ubarbar^2/u_ref_squared) [u_minus - theta_minus]+
///   every step   w += dt A_LTP xbar [V - theta_plus]+ [u_plus - theta_minus]+
///
/// kept from w_min to w_max. V is the voltage at the synapse; u_plus and u_minus follow it, and ubarbar
/// follows u_minus, with their time constants, from the first V on; u_plus and u_minus count as they were
/// `delay_u_bars` before. xbar jumps by 1/tau_x at spikes of the source. With `constant_A_LTD` the factor of
/// ubarbar is 1. In a step the arrival comes first, with voltages up to the step before. NEST's
/// delays are the dendrite's, and here they are the axon's.
struct ClopathStdp {
    double A_LTD = 14e-5;           // in the unit of the weight, per mV
    double A_LTP = 8e-5;            // in the unit of the weight, per mV^2
    double theta_plus = -45.3;      // mV
    double theta_minus = -70.6;     // mV
    double tau_u_bar_plus = 7;      // ms
    double tau_u_bar_minus = 10;    // ms
    double tau_u_bar_bar = 500;     // ms: of the homeostasis
    double u_ref_squared = 60;      // mV^2
    double delay_u_bars = 5;        // ms, rounded to steps
    double tau_x = 15;              // ms
    double w_min = 0, w_max = 100;  // uS, nA or pA
    bool constant_A_LTD = true;     // no homeostasis

    std::array<double, 1> source_traces() const { return {tau_x}; }
    /// One number, which does not decay: what voltages say.
    std::array<double, 1> target_traces() const { return {tau_x}; }

    double on_arrival(double w, Traces<1> const&, Traces<1> const& depression) const {
        return std::max(w_min, w - depression[0]);
    }
    double on_target_spike(double w, Traces<1> const& x, Traces<1> const& potentiation) const {
        return std::min(w_max, w + x[0] / tau_x * potentiation[0]);
    }

    /// The voltages that are followed: u_plus, u_minus, ubarbar, and the time constants of each.
    Traces<3> voltage_traces() const { return {tau_u_bar_plus, tau_u_bar_minus, tau_u_bar_bar}; }
    /// The age in ms of the voltages that an event sees.
    double voltage_delay() const { return delay_u_bars; }
    /// The name of that in messages.
    static constexpr char const* voltage_delay_name = "delay_u_bars";

    /// The next u, where `part` is the part of a difference that a step takes away.
    void follow(Traces<3>& u, Traces<3> const& part, double v) const {
        u[0] += part[0] * (v - u[0]);
        u[1] += part[1] * (v - u[1]);
        u[2] += part[2] * (u[1] - u[2]);
    }
    /// The loss of weight at an arrival; `before` is u as it was the delay before.
    double depression(Traces<3> const& u, Traces<3> const& before) const {
        return A_LTD * (constant_A_LTD ? 1 : u[2] * u[2] / u_ref_squared) *
               std::max(0., before[1] - theta_minus);
    }
    /// The gain of weight in a step at voltage v, over xbar.
    double potentiation(Traces<3> const& before, double v, double dt) const {
        return dt * A_LTP * std::max(0., v - theta_plus) * std::max(0., before[0] - theta_minus);
    }

    std::vector<plasticity::Parameter> parameters() const {
        return {{"A_LTD", A_LTD},
                {"A_LTP", A_LTP},
                {"theta_plus", theta_plus},
                {"theta_minus", theta_minus},
                {"tau_u_bar_plus", tau_u_bar_plus},
                {"tau_u_bar_minus", tau_u_bar_minus},
                {"tau_u_bar_bar", tau_u_bar_bar},
                {"u_ref_squared", u_ref_squared},
                {"delay_u_bars", delay_u_bars},
                {"tau_x", tau_x},
                {"w_min", w_min},
                {"w_max", w_max},
                {"constant_A_LTD", static_cast<double>(constant_A_LTD)}};
    }
    void check() const {
        plasticity::check_not_negative("ClopathStdp", "A_LTD", A_LTD);
        plasticity::check_not_negative("ClopathStdp", "A_LTP", A_LTP);
        plasticity::check_not_negative("ClopathStdp", "delay_u_bars", delay_u_bars);
        plasticity::check_time_constant("ClopathStdp", "tau_u_bar_plus", tau_u_bar_plus);
        plasticity::check_time_constant("ClopathStdp", "tau_u_bar_minus", tau_u_bar_minus);
        plasticity::check_time_constant("ClopathStdp", "tau_u_bar_bar", tau_u_bar_bar);
        plasticity::check_time_constant("ClopathStdp", "tau_x", tau_x);
        require(std::isfinite(theta_plus), "ClopathStdp: theta_plus {} mV: must be finite", theta_plus);
        require(std::isfinite(theta_minus), "ClopathStdp: theta_minus {} mV: must be finite", theta_minus);
        require(u_ref_squared > 0 && std::isfinite(u_ref_squared),
                "ClopathStdp: u_ref_squared {} mV^2: must be positive and finite", u_ref_squared);
        require(!std::isnan(w_min), "ClopathStdp: w_min {}: must be a number", w_min);
        require(!std::isnan(w_max), "ClopathStdp: w_max {}: must be a number", w_max);
        require(w_min <= w_max, "ClopathStdp: w_min {} is above w_max {}", w_min, w_max);
    }
    void check(double weight) const {
        require(w_min <= weight && weight <= w_max,
                "ClopathStdp: weight {}: must be from w_min {} to w_max {}", weight, w_min, w_max);
    }
};

}  // namespace hillock::inline HILLOCK_ISA
