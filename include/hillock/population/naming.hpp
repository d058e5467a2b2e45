// SPDX-License-Identifier: MIT
#pragma once

/// The numbers of a population's cells that have a name: listed, checked, made ready to differ from cell to
/// cell.

#include <array>
#include <cstddef>
#include <variant>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/population.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class Real, class Arch, class C>
Tree::Site Population<Real, Arch, C>::site_of(std::string_view where) const {
    return anatomy_.site(where.empty() ? anatomy_.root()(0.5) : anatomy_.names.place(where));
}

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::electrode(std::string_view where) {
    auto const known = electrodes_.find(site_of(where));
    return known ? *known : new_electrode(where);
}

template <class Real, class Arch, class C>
std::size_t Population<Real, Arch, C>::new_electrode(std::string_view where) {
    auto const place = electrodes_.add(site_of(where), padded_size());
    if (!state_.empty())
        for (std::size_t block = 0; block < blocks(); ++block)
            electrodes_.initialise(block, block_at(block), place);
    return place;
}

/// Throws if a number may not have this value.
template <class Real, class Arch, class C>
void Population<Real, Arch, C>::check(Reference<Real> const& to, std::size_t cell, double value) const {
    auto const& column = *to.column;
    auto const* parameter = std::get_if<Parameter>(&to.source);
    require(admits(column.allowed, value), "{} = {}{}{}: must be {}", column.full_name(to.places.front()),
            value, column.unit.empty() ? "" : " ", column.unit, name_of(column.allowed));
    if (!parameter) return;
    require_free(*parameter, value);
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
        if (store.distinguish_cells(store.parameters)) branches_.fold_leaks(parts_);
    }
}

/// Throws if the table that a channel's rates come from would be another one with this value.
template <class Real, class Arch, class C>
void Population<Real, Arch, C>::require_free(Parameter const& parameter, double value) const {
    meta::unroll<Parts::channel_count>([&](auto k) {
        auto const& channel = std::get<k>(parts_.channels);
        if (&channel != parameter.store.parameters) return;
        auto changed = channel.shared();
        auto const field = changed.parameters()[parameter.field];
        changed.*field.member = value;
        prepare(changed, dt_);
        require(std::get<k>(parts_.rates).serves(changed),
                "{}.{} = {}: the rates are tabulated for {}; give the value where the channel is inserted",
                changed.name, field.name, value, channel.shared().*field.member);
    });
}

/// Lists everything of a cell that has a name.
template <class Real, class Arch, class C>
void Population<Real, Arch, C>::describe() {
    schema_.add_cell_columns(v_init_, parts_);
    meta::unroll<Parts::channel_count>([&](auto k) { schema_.template add_channel<k>(parts_); });
    meta::unroll<Parts::group_count>([&](auto k) {
        auto const conductance_at = [](void* population, std::size_t cell, std::size_t place) {
            return static_cast<Population*>(population)
                ->template conductance<decltype(k)::value>(cell, place);
        };
        schema_.template add_synapses<k>(parts_, Derived{conductance_at, this});
    });
}

/// The conductance of a synapse of one cell in uS.
template <class Real, class Arch, class C>
template <std::size_t k>
double Population<Real, Arch, C>::conductance(std::size_t cell, std::size_t number) {
    make_states();
    Block<L, Parts, false> const block(parts_, cell / width, block_at(cell / width), nullptr, 0);
    auto const place = block.template synapse<k>(number);
    alignas(simd::alignment) std::array<Real, width> g;
    current_of(place, place.state()).g.store(g.data());
    return static_cast<double>(g[cell % width]);
}

}  // namespace hillock::inline HILLOCK_ISA::population
