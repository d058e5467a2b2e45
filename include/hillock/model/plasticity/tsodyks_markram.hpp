// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Short-term depression and facilitation (Tsodyks & Markram, PNAS 94:719, 1997; Tsodyks, Uziel & Markram,
/// J Neurosci 20:RC50, 2000). At a spike, `t` ms after the last one,
///
///   R = 1 - (1 - R (1 - u)) exp(-t/tau_rec)
///   u = U + u (1 - U) exp(-t/tau_fac)
///
/// and the synapse gets w R u; at the first spike R = 1 and u = U. Weights do not learn: what is spent and
/// recovers belongs to the source. Its traces are what is missing of R just after a spike, and u.
struct TsodyksMarkram {
    double U = 0.5;        // of the resources, at the first spike
    double tau_rec = 800;  // ms: recovery from depression
    double tau_fac = 0;    // ms: decay of facilitation; 0 for none

    std::array<double, 2> source_traces() const { return {tau_rec, tau_fac == 0 ? 1 : tau_fac}; }
    std::array<double, 0> target_traces() const { return {}; }

    void source_spike(Traces<2>& x) const {
        auto const u = used(x);
        x = {1 - (1 - x[0]) * (1 - u), tau_fac == 0 ? 0 : u};
    }
    double transmitted(double w, Traces<2> const& x) const { return w * ((1 - x[0]) * used(x)); }

    std::vector<plasticity::Parameter> parameters() const {
        return {{"U", U}, {"tau_rec", tau_rec}, {"tau_fac", tau_fac}};
    }
    void check() const {
        require(U > 0 && U <= 1, "TsodyksMarkram: U {}: must be above 0 and at most 1", U);
        plasticity::check_time_constant("TsodyksMarkram", "tau_rec", tau_rec);
        require(tau_fac >= 0 && std::isfinite(tau_fac),
                "TsodyksMarkram: tau_fac {} ms: must be positive and finite, or 0 for no facilitation",
                tau_fac);
    }

private:
    double used(Traces<2> const& x) const { return U + x[1] * (1 - U); }
};

}  // namespace hillock::inline HILLOCK_ISA
