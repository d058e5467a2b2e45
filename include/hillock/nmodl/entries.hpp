// SPDX-License-Identifier: MIT
#pragma once

/// Results of a mechanism's functions, and refusal of files that have none.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/receiver.hpp>
#include <hillock/nmodl/scopes.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The results of one function of the mechanism.
struct Entry {
    Environment values;
    std::vector<std::pair<std::string, Value>> states, nodes;  // written: State's members, node variables
    std::vector<Action> actions;
};

/// A current that leaves the cell.
struct Leak {
    std::string name, node;  // node: of the ion's current, in C++; none: empty
    Value value;
};

/// The effects of an event on a point process.
struct Events {
    std::vector<std::string> numbers;        // of each connection, the weight first
    std::vector<Value> given, after, begin;  // of each: its input, what becomes of it, how it begins
    Value flag = 0;
    std::optional<Value> v;  // to which events set V, if they do
    bool is_summed = false;  // linear, without memory: weights may be added up before they come
};

/// Refuses what no mechanism is made of.
inline void refuse_what_is_not_translated(Mod const& m, Names const& names) {
    if (m.kind == Kind::none)
        refuse({m.texts.front().get(), 0}, "there is no SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL");
    if (m.kind == Kind::density && m.suffix == "nothing")
        refuse(m.suffix_at, "SUFFIX nothing: there is no mechanism in this file");
    if (m.kind == Kind::density && m.block("NET_RECEIVE"))
        refuse(m.block("NET_RECEIVE")->at, "NET_RECEIVE in a density mechanism");
    if (!m.external.empty())
        refuse(m.external[0].second, "EXTERNAL {}: variables of other files are not translated",
               m.external[0].first);
    for (auto const& block : m.blocks) {
        bool const is_known = block.kind == "BEFORE BREAKPOINT" || block.kind == "AFTER SOLVE" ||
                              block.kind == "BEFORE INITIAL" || block.kind == "AFTER INITIAL";
        if (!is_known && (block.kind.starts_with("BEFORE") || block.kind.starts_with("AFTER")))
            refuse(block.at, "{} blocks are not translated", block.kind);
        if (block.kind == "BEFORE BREAKPOINT" && names.leaving().empty())
            refuse(block.at, "BEFORE BREAKPOINT in a mechanism without a current");
    }
    std::size_t numbers = 0;
    for (auto const& name : names.order()) numbers += names.find(name)->size;
    if (numbers > 2000)
        refuse(m.suffix_at, "arrays of {} elements in all: at most 2000 are translated", numbers);
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
