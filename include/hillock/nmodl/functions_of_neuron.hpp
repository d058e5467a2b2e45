// SPDX-License-Identifier: MIT
#pragma once

/// Functions that NEURON gives to mechanisms, as expressions.

#include <set>
#include <string>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Whether a call, as a statement, changes nothing that a mechanism computes.
inline bool has_no_effect(std::string const& name) {
    static std::set<std::string> const known{"printf", "fprintf",  "at_time",
                                             "prterr", "set_seed", "state_discontinuity"};
    return known.contains(name);
}

/// at_time: whether `time` is passed in the step that ends at `t`.
inline Value is_time(Graph& g, Value time, Value t, Value dt) {
    auto const x = g.subtract(time, g.number("1e-11"));
    return g.logic(true, g.call(Op::compare, "<=", {x, t}), g.call(Op::compare, ">", {x, g.subtract(t, dt)}));
}

/// nrn_ghk: the current of constant field in mA/cm2 for a permeability of 1 cm/s; `given` are V in mV, the
/// concentrations inside and outside in mM, and the valence.
inline Value constant_field(Graph& g, std::vector<Value> const& given, Value celsius) {
    auto const kelvin = g.add(celsius, g.number("273.15"));
    auto const scale = g.number(1000 * 8.31446261815324 / 96485.3321233100141);
    auto const x = g.divide(g.multiply(given[3], given[0]), g.multiply(scale, kelvin));
    auto const flow = [&](Value u) {  // u/(exp(u) - 1)
        auto const is_small = g.call(Op::compare, "<", {g.call(Op::call, "abs", {u}), g.number("0.0001")});
        auto const one = g.number("1");
        return g.choose(is_small, g.subtract(one, g.divide(u, g.number("2"))),
                        g.divide(u, g.subtract(g.call(Op::call, "exp", {u}), one)));
    };
    auto const net = g.subtract(g.multiply(given[1], flow(g.negative(x))), g.multiply(given[2], flow(x)));
    return g.multiply(g.multiply(g.number(96.4853321233100141), given[3]), net);
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
