// SPDX-License-Identifier: MIT
#pragma once

/// The numbers of a population's cells that have a name: listed, checked, made ready to differ from cell to
/// cell.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

#include <hillock/isa.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/population.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::electrode(std::string_view where) {
    auto const known = electrodes_.find(step_.site_of(where), false);
    return known ? *known : add_place(step_.site_of(where), false);
}

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::junction(std::string_view where) {
    auto const site = step_.site_of(where);
    if (auto const known = electrodes_.find(site, true)) return *known;
    auto const place = add_place(site, true);
    step_.conduct_at(site.node);
    return place;
}

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::add_place(NodeTree::Site site, bool conducts) {
    auto const place = electrodes_.add(site, padded_size(), conducts);
    if (!state_.empty())
        for (std::size_t block = 0; block < blocks(); ++block)
            electrodes_.initialise(block, place, voltages_of(block));
    return place;
}

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::nodes() const {
    if constexpr (requires { step_.anatomy().tree; })
        return step_.anatomy().tree.nodes().size();
    else
        return 0;
}

template <class Real, class Arch, class C>
double Population<Real, Arch, C>::found(std::size_t cell, auto const& f) {
    make_states();
    step_.bring_up_to_date(size());
    return static_cast<double>(f(step_, block_at(cell / width)));
}

template <class Real, class Arch, class C>
double Population<Real, Arch, C>::voltage_before(std::size_t cell, std::size_t node) const {
    return static_cast<double>(before_[cell * nodes() + node]);
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::keep_voltages() {
    if (std::exchange(keeps_voltages_, true)) return;
    before_.assign(padded_size() * nodes(), std::numeric_limits<Real>::quiet_NaN());
    if (!touched_ && !state_.empty()) keep_voltages(0, blocks());
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::keep_voltages(std::size_t first, std::size_t last) {
    for (auto cell = first * width; cell < std::min(last * width, size()); ++cell)
        for (std::size_t node = 0; node < nodes(); ++node) before_[cell * nodes() + node] = state(cell, node);
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::visit_voltages_before(auto& io, std::size_t cell) {
    auto const saved = io.count(keeps_voltages_ ? nodes() : 0, nodes());
    for (std::size_t node = 0; node < saved; ++node) {
        Real unknown = 0;
        io(keeps_voltages_ ? before_[cell * nodes() + node] : unknown);
    }
}

/// Throws if a number may not have this value.
template <class Real, class Arch, class C>
void Population<Real, Arch, C>::check(Reference<Real> const& to, std::size_t cell, double value) const {
    auto const& column = *to.column;
    auto const* parameter = std::get_if<Parameter>(&to.source);
    require(admits(column.allowed, value), "{} = {}{}{}: must be {}", column.full_name(to.places.front()),
            value, column.unit.empty() ? "" : " ", column.unit, name_of(column.allowed));
    if (!parameter) return;
    step_.require_free(*parameter, value);
    for (auto const place : to.places)
        parameter->store.check(parameter->store.parameters, cell, parameter->field, value, place);
}

/// Prepares for numbers that differ from cell to cell. Every rank has to do so, also one without those
/// cells: the equations of a cell are put together alike everywhere.
template <class Real, class Arch, class C>
void Population<Real, Arch, C>::prepare_to_write(Reference<Real> const& to) {
    if (std::holds_alternative<Rows>(to.source)) {
        make_states();
        touched_ = true;
    }
    if (auto const* parameter = std::get_if<Parameter>(&to.source)) {
        auto const& store = parameter->store;
        if (to.places.size() < to.column->places->size()) store.distinguish_places(store.parameters);
        if (store.distinguish_cells(store.parameters)) step_.parameters_differ();
    }
}

}  // namespace hillock::inline HILLOCK_ISA::population
