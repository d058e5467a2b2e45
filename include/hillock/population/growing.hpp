// SPDX-License-Identifier: MIT
#pragma once

/// The cells of a population added and taken back.

#include <cstddef>
#include <limits>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/meta/unroll.hpp>
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
    meta::unroll<Parts::channel_count>([&](auto k) { std::get<k>(parts_.channels).grow(all); });
    meta::unroll<Parts::group_count>([&](auto k) { std::get<k>(parts_.synapses).grow(all); });
    meta::make_room(gids_, gids.size());
    for (auto* column : {&v_init_, &thresholds_})
        meta::make_room(*column, simd::padded(all, width) - column->size());
    state_.clear();
    thresholds_.resize(size());  // without the padding
    gids_.insert(gids_.end(), gids.begin(), gids.end());
    v_init_.resize(padded_size(), static_cast<Real>(resting_potential));
    thresholds_.resize(size(), static_cast<Real>(anatomy_.source.threshold));
    thresholds_.resize(padded_size(), std::numeric_limits<Real>::infinity());  // padding never spikes
}

template <class Real, class Arch, class C>
void Population<Real, Arch, C>::keep(std::size_t n) noexcept {
    gids_.resize(n);
    if constexpr (takes_events) events_.keep_cells(n);
    v_init_.resize(padded_size());
    thresholds_.resize(n);
    thresholds_.resize(padded_size(), std::numeric_limits<Real>::infinity());
}

}  // namespace hillock::inline HILLOCK_ISA::population
