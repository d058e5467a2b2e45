// SPDX-License-Identifier: MIT
#pragma once

/// Potentials outside of cells. The cable equation has V = V_in - V_ext across the membrane, and currents
/// along the axis follow V_in: so a potential outside acts as a current into each node,
///
///   I_i = sum G_ij (V_ext_j - V_ext_i)       (nA; over a cell the sum is 0)
///
/// which is what NEURON's `extracellular` does where e_extracellular holds V_ext (xg large, xc = 0). `v` and
/// all mechanisms see the potential across the membrane. V_ext is that in the middle of each segment.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/model/varying_current.hpp>
#include <hillock/run/extracellular_field.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/varying_currents.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The currents (nA) that act as the potentials (mV) at a cell's nodes do.
template <class = void>
std::vector<double> currents_of(NodeTree const& tree, std::vector<double> const& mV) {
    auto const& nodes = tree.nodes();
    std::vector<double> nA(nodes.size());
    for (std::size_t node = 1; node < nodes.size(); ++node) {
        auto const parent = nodes[node].parent;
        auto const current = nodes[node].conductance * (mV[parent] - mV[node]);
        nA[node] += current;
        nA[parent] -= current;
    }
    return nA;
}

/// The extracellular fields of a network. All that act on a population share its electrodes, one at each
/// node.
template <class = void>
class basic_extracellular_fields {
public:
    explicit basic_extracellular_fields(TimeGrid grid) : grid_{grid} {}

    /// Own cells of a population, and for each of its nodes the current of each cell at a field of value 1.
    struct Exposed {
        std::size_t population;
        std::vector<std::uint32_t> cells;     // ascending
        std::vector<std::vector<double>> nA;  // by node, then cell
    };

    void add(ExtracellularField const& field, std::uint32_t serial, std::vector<Exposed> exposed) {
        fields_.push_back(
            {serial, PlayedTrace({field.times, field.values, field.stepped, {}}, grid_), std::move(exposed)});
        changed_ = true;
    }

    /// The electrodes at the nodes of a population.
    void place(std::size_t population, std::size_t nodes, auto&& make) {
        auto const of_it = [&](Site const& site) { return site.population == population; };
        if (std::any_of(sites_.begin(), sites_.end(), of_it)) return;
        Site site{population, {}};
        for (std::size_t node = 0; node < nodes; ++node)
            site.electrodes.push_back(make(NodeTree::Site{node}));
        sites_.push_back(std::move(site));
    }

    /// Takes back those from a serial number on.
    void keep(std::uint32_t serial) noexcept {
        erase_if([&](Field const& field) { return field.serial >= serial; });
    }
    /// Removes one call's.
    void remove(std::uint32_t serial) noexcept {
        erase_if([&](Field const& field) { return field.serial == serial; });
    }

    // -- As a participant

    void prepare(auto& world, auto&) {
        if (!std::exchange(changed_, false)) return;
        for (auto const& site : sites_)
            for (auto const electrode : site.electrodes)
                world.electrodes[site.population]->silence(electrode);
    }

    void begin_step(auto& world, auto const& slice) {
        if (fields_.empty()) return;
        for (auto const& site : sites_) {
            if (site.population != slice.number) continue;
            auto& electrodes = *world.electrodes[site.population];
            for (auto const electrode : site.electrodes)
                std::fill(electrodes.amps(electrode) + slice.first, electrodes.amps(electrode) + slice.last,
                          0);
            for (auto const& field : fields_) {
                auto const value = field.course.at(slice.step);
                for (auto const& exposed : field.exposed)
                    if (exposed.population == slice.number) inject(site, exposed, value, slice, electrodes);
            }
        }
    }

private:
    struct Field {
        std::uint32_t serial;  // of the call of `stimulate`
        PlayedTrace course;
        std::vector<Exposed> exposed;
    };
    struct Site {
        std::size_t population;
        std::vector<std::size_t> electrodes;  // of each node
    };

    static void inject(Site const& site, Exposed const& exposed, double value, auto const& slice,
                       auto& electrodes) {
        auto const& cells = exposed.cells;
        auto const at = [&](std::size_t cell) {
            return static_cast<std::size_t>(std::lower_bound(cells.begin(), cells.end(), cell) -
                                            cells.begin());
        };
        auto const first = at(slice.first), last = at(slice.last);
        for (std::size_t node = 0; node < site.electrodes.size(); ++node) {
            auto* const amps = electrodes.amps(site.electrodes[node]);
            for (auto k = first; k < last; ++k)
                amps[cells[k]] +=
                    static_cast<std::remove_reference_t<decltype(*amps)>>(value * exposed.nA[node][k]);
        }
    }

    void erase_if(auto const& is_gone) noexcept {
        meta::erase_if(fields_, is_gone);
        changed_ = true;
    }

    TimeGrid grid_;
    std::vector<Field> fields_;
    std::vector<Site> sites_;
    bool changed_ = false;
};

using ExtracellularFields = basic_extracellular_fields<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
