// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The part of a cell that a name speaks of, and the rest of the name.
struct Located {
    std::size_t first, last;  // nodes [first, last)
    NodeTree::Site site;      // where one value is read
    bool is_bare_end;         // an end that has no node
    std::string_view rest;    // the name without the place
};

/// Finds the place in front of a name: "dend(0.7).v", "dend.gnabar"; the whole cell if there is none.
template <class Anatomy>
Located locate(Anatomy const& cell, std::string_view type, std::string_view name) {
    auto const place = cell.names.parse(name);
    require(!place.section || !place.rest.empty(),
            "{}: '{}' is a place; a variable is missing behind it, as in '{}{}v'", type, name, name,
            name.ends_with('.') ? "" : ".");
    auto const& section = place.section ? *place.section : cell.root();
    auto const site = cell.site(section(place.x.value_or(0.5)));
    Located found{0, cell.tree.nodes().size(), site, site.megohm > 0, place.rest};
    if (place.x) {
        found.first = site.node;
        found.last = site.node + 1;
    } else if (place.section) {  // the nodes of a section's segments follow each other
        found.first = cell.site(section.segment(0)).node;
        found.last = found.first + static_cast<std::size_t>(section.nseg);
    }
    return found;
}

}  // namespace hillock::inline HILLOCK_ISA::population
