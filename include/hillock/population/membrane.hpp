// SPDX-License-Identifier: MIT
#pragma once

/// The currents through the membranes of a cell, found when somebody asks for them.
///
/// The equations of a step (cable.hpp) say that what flows through the membrane of a node in the step, its
/// capacitance and all mechanisms at the new voltages, is what arrives there along the axis at the new
/// voltages and from electrodes and gap junctions:
///
///   i_i = sum G_ij (V_j - V_i) + injected_i       (nA, outward positive)
///
/// This is NEURON's i_membrane_ (cvode.use_fast_imem), at the same time. Over a cell the first terms cancel.
/// Ends have a current where synapses are placed there.
/// i_membrane is the same as a density. i_cap is cm (V(t) - V(t - dt))/dt, as NEURON's; NaN until a step has
/// been taken since somebody first asked for it. The current `i` of a channel or synapse is that at the
/// voltage and states of now, which NEURON shows a step later; an ion's current, a sum that the step has
/// left, is what NEURON shows now.

#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/schema.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// Calls f(node, parent, nA) with the current along the axis from each node's parent to it.
template <class P>
void for_each_axial_current(P& population, std::size_t cell, auto&& f) {
    auto const& nodes = population.anatomy().tree.nodes();
    for (std::size_t node = 1; node < nodes.size(); ++node) {
        auto const parent = nodes[node].parent;
        f(node, parent,
          nodes[node].conductance * (population.voltage(cell, {parent}) - population.voltage(cell, {node})));
    }
}

/// The currents in nA through the membranes of all nodes of a cell; `nA` has one for each.
template <class P>
void membrane_currents(P& population, std::size_t cell, std::vector<double>& nA) {
    nA.assign(population.anatomy().tree.nodes().size(), 0);
    for_each_axial_current(population, cell, [&](std::size_t node, std::size_t parent, double current) {
        nA[node] += current;
        nA[parent] -= current;
    });
    population.electrodes().for_each_injected(cell,
                                              [&](std::size_t node, double current) { nA[node] += current; });
}

/// The current of one node.
template <class P>
double membrane_current(P& population, std::size_t cell, std::size_t wanted) {
    double nA = 0;
    auto const& nodes = population.anatomy().tree.nodes();
    auto const from = [&](std::size_t other, double conductance) {
        nA += conductance * (population.voltage(cell, {other}) - population.voltage(cell, {wanted}));
    };
    if (nodes[wanted].parent != NodeTree::none) from(nodes[wanted].parent, nodes[wanted].conductance);
    for (auto node = wanted + 1; node < nodes.size(); ++node)
        if (nodes[node].parent == wanted) from(node, nodes[node].conductance);
    population.electrodes().for_each_injected(cell, [&](std::size_t node, double current) {
        if (node == wanted) nA += current;
    });
    return nA;
}

/// Gives i_membrane (mA/cm2), i_membrane_ (nA) and i_cap (mA/cm2) to the names of a population.
template <class Real, class P>
void describe_membrane(Schema<Real>& schema, P& population) {
    auto const& nodes = population.anatomy().tree.nodes();
    std::vector<std::size_t> membranes, all;
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        all.push_back(node);
        if (nodes[node].area > 0) membranes.push_back(node);
    }
    auto const add = [&](std::string_view name, std::string_view unit, auto const& at, auto value, auto ask) {
        schema.add_membrane(name, unit, at, nodes.size(), Derived{value, &population, ask});
    };
    auto const keep_currents = [](void* owner) { static_cast<P*>(owner)->electrodes().keep_currents(); };
    auto const keep_voltages = [](void* owner) { static_cast<P*>(owner)->keep_voltages(); };
    auto const current = [](void* owner, std::size_t cell, std::size_t node) {
        return membrane_current(*static_cast<P*>(owner), cell, node);
    };
    auto const density = [](void* owner, std::size_t cell, std::size_t node) {
        auto& of = *static_cast<P*>(owner);
        return membrane_current(of, cell, node) *
               units::density_per_point(of.anatomy().tree.nodes()[node].area);
    };
    auto const capacitive = [](void* owner, std::size_t cell, std::size_t node) {
        auto& of = *static_cast<P*>(owner);
        return units::capacitive_conductance(of.anatomy().tree.nodes()[node].cm, of.dt()) *
               (of.voltage(cell, {node}) - of.voltage_before(cell, node));
    };
    add("i_membrane", "mA/cm2", membranes, density, keep_currents);
    add("i_membrane_", "nA", all, current, keep_currents);
    add("i_cap", "mA/cm2", membranes, capacitive, keep_voltages);
}

}  // namespace hillock::inline HILLOCK_ISA::population
