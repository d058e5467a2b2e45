// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/model/plasticity/stdp.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Plasticity of inhibitory synapses that takes their targets to a rate (Vogels, Sprekeler, Zenke, Clopath &
/// Gerstner, Science 334:1569, 2011):
///
///   arrival       w += w_max eta (y - 2 rho tau),   y' = -y/tau
///   target fires  w += w_max eta x,                 x' = -x/tau
///
/// kept from 0 to w_max. x jumps by 1 at spikes of the source, y at those of the target. Currents that
/// inhibit have negative weights, and a negative w_max.
struct InhibitoryStdp {
    double eta = 0.005;    // learning rate
    double rho = 5;        // spikes/s: the rate that targets are taken to
    double tau = 20;       // ms
    double w_max = 1;      // uS or nA
    double dendritic = 0;  // share of the delay that is the dendrite's; the rest is the axon's

    std::array<double, 1> source_traces() const { return {tau}; }
    std::array<double, 1> target_traces() const { return {tau}; }

    double on_arrival(double w, Traces<1> const&, Traces<1> const& y) const {
        constexpr double ms = 1e-3;  // s
        return w_max * std::clamp(w / w_max + eta * (y[0] - 2 * rho * tau * ms), 0., 1.);
    }
    double on_target_spike(double w, Traces<1> const& x, Traces<1> const&) const {
        return w_max * std::min(1., w / w_max + eta * x[0]);
    }

    std::vector<plasticity::Parameter> parameters() const {
        return {{"eta", eta}, {"rho", rho}, {"tau", tau}, {"w_max", w_max}, {"dendritic", dendritic}};
    }
    void check() const {
        plasticity::check_bound("InhibitoryStdp", "w_max", w_max);
        plasticity::check_not_negative("InhibitoryStdp", "eta", eta);
        plasticity::check_not_negative("InhibitoryStdp", "rho", rho);
        plasticity::check_time_constant("InhibitoryStdp", "tau", tau);
    }
    void check(double weight) const { plasticity::check_bounded("InhibitoryStdp", weight, w_max); }
};

}  // namespace hillock::inline HILLOCK_ISA
