// SPDX-License-Identifier: MIT
#pragma once

/// A population saved and restored.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <variant>

#include <hillock/isa.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/event_saving.hpp>
#include <hillock/population/population.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::visit_kinds(auto& io) {
    constexpr bool commits = std::remove_reference_t<decltype(io)>::commits;
    names();
    for (auto const& column : schema_.columns()) {
        auto const* parameter = std::get_if<Parameter>(&column.source);
        if (!parameter) continue;
        auto const& store = parameter->store;
        auto kinds = store.kinds(store.parameters);
        io(kinds);
        if constexpr (commits) {
            if (kinds & ParameterStore::by_place) store.distinguish_places(store.parameters);
            auto const change =
                kinds & ParameterStore::by_cell ? store.distinguish_cells : store.share_with_all_cells;
            if (change(store.parameters)) step_.parameters_differ();
        }
    }
}

/// Visits a parameter of one of `cells` cells: one number, or one for each of its places.
void visit_parameter(auto& io, Parameter const& parameter, std::size_t places, std::size_t cell,
                     std::size_t cells) {
    using Io = std::remove_reference_t<decltype(io)>;
    auto const& store = parameter.store;
    bool const by_place = store.kinds(store.parameters) & ParameterStore::by_place;
    auto const saved = io.count(by_place ? places : std::min<std::size_t>(places, 1), places);
    double value = 0;
    for (std::size_t place = 0; place < (Io::reads ? places : saved); ++place) {
        auto const here = store.value(store.parameters, cell, parameter.field, place);
        if constexpr (!Io::reads) value = here;
        if (place < saved) io(value);
        if constexpr (Io::commits)
            if (value != here) store.set(store.parameters, cell, cells, parameter.field, value, place);
    }
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::visit_cell(auto& io, std::size_t cell) {
    using Io = std::remove_reference_t<decltype(io)>;
    for (std::size_t row = 0; row < step_.rows(); ++row) io(state(cell, row));
    step_.visit_cell(io, cell);
    electrodes_.visit_ends(io, cell);
    visit_voltages_before(io, cell);
    io(v_init_[cell]);
    auto& marks = marks_[cell / width];
    auto const bit = std::uint32_t{1} << cell % width;
    bool is_marked = marks & bit;
    io(is_marked);
    if constexpr (Io::commits) {
        marks = is_marked ? marks | bit : marks & ~bit;
        touched_ = true;
    }
    for (auto const& column : schema_.columns()) {
        auto const* parameter = std::get_if<Parameter>(&column.source);
        if (!parameter) continue;
        visit_parameter(io, *parameter, column.places->size(), cell, size());
    }
    if constexpr (Io::commits) step_.parameters_changed();
    if constexpr (takes_events) visit_events(io, cell);
}

/// Visits what a cell has of events that arrive one by one.
template <class Real, class Arch, class C>
void Population<Real, Arch, C>::visit_events(auto& io, std::size_t cell) {
    make_states();
    auto const node_of = [&](std::size_t synapse) { return step_.node_of(synapse); };
    EventsOfCell(io, events_, cell, node_of).visit();
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::for_each_state(std::size_t cell, auto const& f) {
    for (std::size_t row = 0; row < step_.rows(); ++row) f(state(cell, row));
    if constexpr (takes_events) {
        EachNumber<std::remove_cvref_t<decltype(f)>> each{f};
        visit_events(each, cell);
    }
}

}  // namespace hillock::inline HILLOCK_ISA::population
