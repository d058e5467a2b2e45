// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <hillock/model/cell.hpp>

namespace hillock {

/// The text of `psection`, a line for each thing.
namespace description {

template <class M>
std::string parameters(M const& mechanism) {
    std::string text;
    for (auto const& field : M::parameters())
        text += fmt::format("{}{}={:g}{}{}", text.empty() ? "" : ", ", field.name, mechanism.*field.member,
                            field.unit.empty() ? "" : " ", field.unit);
    return text;
}

template <class M>
std::string rates(M const&) {
    return "";
}
template <class C, int From, int To, int Points>
std::string rates(Tabulated<C, From, To, Points> const&) {
    return fmt::format(" (rates tabulated at {} points from {} to {} mV)", Points, From, To);
}

}  // namespace description

/// What is in a cell, in the manner of NEURON's psection(): its sections with their geometry, the mechanisms inserted and
/// the synapses placed there, with every parameter and its unit.
template <class... Parts>
std::string psection(Assembly<Parts...> const& cell) {
    std::string text;
    for (auto const& section : *cell.sections) {
        text += fmt::format("{}: L={:g} um, diam={:g} um, nseg={}, Ra={:g} ohm cm, cm={:g} uF/cm2\n", section.name, section.L,
                            section.diam, section.nseg, section.Ra, section.cm);
        auto const describe_channel = [&](auto const& insertion) {
            using E = Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>;
            if (std::find(insertion.sections.begin(), insertion.sections.end(), &section) != insertion.sections.end())
                text += fmt::format("  {}{}: {}\n", E::Channel::name, description::rates(insertion.mechanism),
                                    description::parameters(E::channel(insertion.mechanism)));
        };
        int number = 0;
        auto const describe_synapse = [&](auto const& placed) {
            if (placed.where.section == &section)
                text += fmt::format("  synapse {} at {:g}, {}: {}\n", number, placed.where.x, placed.name,
                                    description::parameters(synapse(placed)));
            ++number;
        };
        std::apply([&](auto const&... each) { (describe_channel(each), ...); }, cell.biophysics);
        std::apply([&](auto const&... each) { (describe_synapse(each), ...); }, cell.synlist);
        if (cell.source.where.section == &section)
            text += fmt::format("  spikes read at {:g}, threshold {:g} mV\n", cell.source.where.x, cell.source.threshold);
    }
    return text;
}

}  // namespace hillock
