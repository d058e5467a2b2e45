// SPDX-License-Identifier: MIT
#pragma once

/// The cells of a population added and taken back.

#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/population/population.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::add(std::vector<Gid> const& gids) {
    require(!touched_, "add: {} cells have had their states set; add all cells first, or reset",
            meta::type_name<C>());
    auto const all = size() + gids.size();
    // parameters of cells that then are not made are those of the next ones
    step_.make_room(all);
    meta::make_room(gids_, gids.size());
    meta::make_room(v_init_, simd::padded(all, width) - v_init_.size());
    forget_states();
    step_.resize(size(), all);
    meta::append(gids_, gids);
    if constexpr (requires { step_.name_cells(gids_); }) step_.name_cells(gids_);
    v_init_.resize(padded_size(), static_cast<Real>(step_.resting_potential()));
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::keep(std::size_t n) noexcept {
    gids_.resize(n);
    if constexpr (takes_events) events_.keep_cells(n);
    v_init_.resize(padded_size());
    step_.resize(n, n);
    if constexpr (requires { step_.name_cells(gids_); }) step_.name_cells(gids_);
}

}  // namespace hillock::inline HILLOCK_ISA::population
