// SPDX-License-Identifier: MIT
#pragma once

/// Connections of a network: expected, counted, kept.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Throws if there cannot be so many more connections.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::require_room(double more) const {
    auto const all = static_cast<double>(connections()) + more;
    require(all <= 4294967296., "{:.0f} connections: a network can have no more than 2^32", all);
}

/// Throws before so many more connections are drawn if there is no room or no memory for them.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::expect(double more, bool uniform_weight) const {
    require_room(more);
    machine::require_memory(fmt::format("connect: {:.0f} connections take", more),
                            wiring::ConnectionTable<Real>::bytes_of(more, uniform_weight));
}

/// Keeps a projection and sets the threshold of its sources; both or, if that fails, neither.
template <class Real, class Arch, class... C>
auto basic_network<Real, Arch, C...>::commit(std::vector<wiring::ConnectionTable<Real>> made,
                                             Cells const& sources, std::optional<double> threshold)
    -> Projection {
    std::uint64_t more = 0;
    for (auto const& table : made) more += table.size();
    require_room(static_cast<double>(more));
    auto tables = connected().make_room_for(std::move(made));
    if (threshold) set_threshold(sources, *threshold);
    connected().add(std::move(tables));
    return projections_++;
}

}  // namespace hillock::inline HILLOCK_ISA
