// SPDX-License-Identifier: MIT
#pragma once

/// What a name means: "v", "ConnorStevens.gnabar", "synapses[1].tau2", and with a section or a segment in
/// front, "dend.v", "dend(0.7).HodgkinHuxley.m".

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/places.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The part of a cell that a name speaks of, and what of it.
struct Located {
    std::size_t first, last;  // nodes [first, last)
    Tree::Site site;          // where one value is read
    bool is_bare_end;         // an end that has no node
    std::string_view rest;    // the name without the place
};

/// The nodes at which something is, to be found by node: the k-th of `nodes` is its place k.
class Places {
public:
    struct Place {
        std::size_t node, number;
    };

    Places() = default;
    explicit Places(std::vector<std::size_t> const& nodes) {
        for (auto const node : nodes) by_node_.push_back({node, by_node_.size()});
        std::sort(by_node_.begin(), by_node_.end(), [](Place a, Place b) { return a.node < b.node; });
    }

    std::size_t size() const { return by_node_.size(); }

    /// Those in a part of the cell.
    std::span<Place const> in(Located const& part) const {
        auto const from = [&](std::size_t node) {
            return std::lower_bound(by_node_.begin(), by_node_.end(), node,
                                    [](Place p, std::size_t n) { return p.node < n; });
        };
        return {from(part.first), from(part.last)};
    }

private:
    std::vector<Place> by_node_;
};

/// A variable or parameter of a cell, which has a value at each of some places.
struct Variable {
    using Set = std::function<void(std::size_t cell, double value)>;

    std::string owner, name;
    Places const* places;
    std::function<double(std::size_t cell, std::size_t place)> get;
    std::function<Set(std::vector<std::size_t> const& places)> setter;  // none: it follows from others

    std::string full_name() const { return owner.empty() ? name : owner + "." + name; }
    bool is_called(std::string_view text) const {
        return text == name || (text.size() == owner.size() + 1 + name.size() && text.starts_with(owner) &&
                                text[owner.size()] == '.' && text.ends_with(name));
    }
};

/// What the cell type `type` has by that name in that part: several variables only if they have one full
/// name, as those of a channel that is inserted in two subsets.
inline std::vector<Variable const*> meant(std::vector<Variable> const& all, std::string_view type,
                                          std::string_view name, Located const& where,
                                          SectionNames const& sections, bool to_set) {
    std::vector<Variable const*> found;
    bool exists = false, is_clear = true;
    for (auto const& each : all) {
        if (!each.is_called(where.rest) || (to_set && !each.setter)) continue;
        exists = true;
        if (each.places->in(where).empty()) continue;
        is_clear = is_clear && (found.empty() || found[0]->owner == each.owner);
        found.push_back(&each);
    }
    if (!found.empty() && is_clear) return found;

    std::vector<std::string> names;
    std::string known;
    for (auto const& each : all) {
        if ((to_set && !each.setter) ||
            std::find(names.begin(), names.end(), each.full_name()) != names.end())
            continue;
        names.push_back(each.full_name());
        known += (known.empty() ? "" : ", ") + names.back();
    }
    require(is_clear, "{}: '{}' could be several things; write it in full, one of {}", type, where.rest,
            known);
    require(!exists, "{} has no '{}': '{}' is elsewhere", type, name, where.rest);
    auto const mark = where.rest == name ? name.find_first_of(".(") : name.npos;
    require(mark == name.npos || name[mark] == '.', "{} has no section '{}'; its sections are {}", type,
            name.substr(0, mark), sections.list());
    throw Error(fmt::format("{} has no '{}'; it has {}{}", type, where.rest, known,
                            mark == name.npos ? "" : "; its sections are " + sections.list()));
}

}  // namespace hillock::inline HILLOCK_ISA
