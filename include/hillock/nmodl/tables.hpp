// SPDX-License-Identifier: MIT
#pragma once

/// TABLE statements: where one is, and which names it lists.

#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/scopes.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The TABLE statement of a block, or none.
inline Statement const* table_of(Block const& block) {
    for (auto const& each : block.body)
        if (each.act == Act::table) return &each;
    return nullptr;
}

/// Whether the file turns its tables off: `usetable = 0` among its PARAMETERs.
inline bool is_table_off(Program const& program) {
    auto const* known = program.names.find("usetable");
    return known && !known->value.empty() && Graph::to_double(known->value) == 0;
}

/// The names in the list of a TABLE, arrays element by element; none: the FUNCTION itself. `size_of` gives
/// the size of an array.
inline std::vector<std::string> table_names(Block const& block, Statement const& table, auto const& size_of) {
    if (table.names.empty()) return {block.name};
    std::vector<std::string> all;
    for (auto const& name : table.names) {
        auto const size = size_of(name);
        if (size == 0) all.push_back(name);
        for (std::size_t k = 0; k < size; ++k) all.push_back(fmt::format("{}[{}]", name, k));
    }
    return all;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
