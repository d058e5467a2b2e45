// SPDX-License-Identifier: MIT
#pragma once

/// Extracellular potentials of a network's cells.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/network.hpp>
#include <hillock/population/membrane.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace extracellular {

/// The potentials that the membrane currents of cells make at electrodes. `poses` are those of `cells`.
template <class P>
Sources sources_of(Lfp const& lfp, std::size_t number, P& population, std::vector<std::uint32_t> cells,
                   std::vector<Pose> const& poses) {
    auto const& anatomy = population.anatomy();
    Shape shape(*anatomy.sections, anatomy.tree);
    auto const currents = [](void* of, std::size_t cell, std::vector<double>& nA) {
        population::membrane_currents(*static_cast<P*>(of), cell, nA);
    };
    Sources made{number, &population, currents, std::move(shape.nodes), std::move(cells), {}};
    auto const size = made.cells.size() * shape.pieces.size() * lfp.electrodes.size();
    machine::require_memory("record Lfp: takes", static_cast<double>(size * sizeof(double)));
    made.coefficients.reserve(size);
    for (auto const& pose : poses)
        for (auto const& [begin, middle, end, radius] : shape.pieces)
            for (auto const& electrode : lfp.electrodes)
                made.coefficients.push_back(potential({pose.of(begin), pose.of(middle), pose.of(end), radius},
                                                      electrode, lfp.source, lfp.conductivity));
    population.electrodes().keep_currents();
    return made;
}

inline Pose pose_of(Pose const& pose) { return pose; }
inline Pose pose_of(Position const& p) { return {p.x, p.y, p.z}; }

}  // namespace extracellular

template <class Real, class Arch, class... C>
template <class Where>
std::shared_ptr<LfpRecord const> basic_network<Real, Arch, C...>::record(Lfp const& lfp, Cells const& cells,
                                                                         Where const& where) {
    lifecycle_.require_idle("record");
    hillock::check(lfp);
    std::vector<extracellular::Sources> all;
    for_each_run(runs_of(cells), [&]<class P>(P& population, scheduling::CellRuns::Run const& run) {
        if constexpr (!requires { population.anatomy().tree; }) {
            throw Error("record Lfp: a point neuron has no membrane in space; give cells with sections");
        } else {
            auto own = run.cells;
            std::ranges::sort(own, {}, &scheduling::CellRuns::One::cell);
            std::vector<std::uint32_t> numbers;
            std::vector<Pose> poses;
            for (auto const& one : own) {
                numbers.push_back(one.cell);
                auto const gid = population.gid(one.cell);
                auto const pose = poses.emplace_back(extracellular::pose_of(where(gid)));
                require(std::isfinite(pose.x) && std::isfinite(pose.y) && std::isfinite(pose.z) &&
                            std::isfinite(pose.turn),
                        "record Lfp: cell {} is at ({}, {}, {}) um, turned by {} degrees: must be finite",
                        gid, pose.x, pose.y, pose.z, pose.turn);
            }
            all.push_back(
                extracellular::sources_of(lfp, run.population, population, std::move(numbers), poses));
        }
    });
    auto record = std::make_shared<LfpRecord>(LfpRecord{lfp.electrodes, {}, {}});
    scheduler_.template join<scheduling::LfpRecorders>().add(
        std::make_unique<extracellular::Recorder>(lfp, record, std::move(all)));
    return record;
}

}  // namespace hillock::inline HILLOCK_ISA
