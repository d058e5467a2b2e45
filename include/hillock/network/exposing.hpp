// SPDX-License-Identifier: MIT
#pragma once

/// Cells exposed to an extracellular field.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/extracellular_fields.hpp>
#include <hillock/run/lfp.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::extracellular {

/// The currents that act as a field does in cells of a population, which gets electrodes for them.
template <class P>
scheduling::ExtracellularFields::Exposed exposed(ExtracellularField const& field, P& population,
                                                 auto const& run, scheduling::ExtracellularFields& fields) {
    scheduling::ExtracellularFields::Exposed made{run.population, {}, {}};
    if constexpr (!requires { population.anatomy().tree; }) {
        throw Error("ExtracellularField: a point neuron has no membrane in space; give cells with sections");
    } else {
        auto const& anatomy = population.anatomy();
        Shape const shape(*anatomy.sections, anatomy.tree);
        std::vector<double> of_nodes(anatomy.tree.nodes().size());
        for (auto const& one : run.cells) made.cells.push_back(one.cell);
        std::sort(made.cells.begin(), made.cells.end());
        made.nA.resize(of_nodes.size());
        for (auto const cell : made.cells) {
            for (std::size_t k = 0; k < shape.nodes.size(); ++k) {
                auto const& p = shape.pieces[k].middle;
                auto const mV = field.potential(population.gid(cell), {p.x, p.y, p.z});
                require(std::abs(mV) <= 1e12,
                        "ExtracellularField: {} mV at ({}, {}, {}) um of cell {}: must be finite, and at "
                        "most 1e12",
                        mV, p.x, p.y, p.z, population.gid(cell));
                of_nodes[shape.nodes[k]] = mV;
            }
            auto const currents = scheduling::currents_of(anatomy.tree, of_nodes);
            for (std::size_t node = 0; node < currents.size(); ++node)
                made.nA[node].push_back(currents[node]);
        }
        fields.place(run.population, of_nodes.size(),
                     [&](NodeTree::Site site) { return population.new_electrode(site); });
    }
    return made;
}

}  // namespace hillock::inline HILLOCK_ISA::extracellular
