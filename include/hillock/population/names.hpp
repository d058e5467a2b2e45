// SPDX-License-Identifier: MIT
#pragma once

/// What a name means: "v", "ConnorStevens.gnabar", "synapses[1].tau2", and with a section or a segment in front, "dend.v",
/// "dend(0.7).HodgkinHuxley.m".

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>


#include <hillock/model/places.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/words/error.hpp>

namespace hillock {

/// A variable or parameter of a cell, which has a value at each of some nodes; `act` is what is done with it.
template <class Act>
struct Named {
    std::string qualifier, name;
    std::vector<std::size_t> nodes;
    Act act;

    std::string full_name() const { return qualifier.empty() ? name : qualifier + "." + name; }
};

/// One of them at some of its nodes; `places` are their indices in all of its nodes.
template <class Act>
struct Chosen {
    Act act;
    std::vector<std::size_t> places = {}, nodes = {};
};

/// What the last part of a name means on the nodes in `scope` (all, if that is empty): several only if they have the same full
/// name and are at different nodes.
template <class Act>
std::vector<Chosen<Act>> resolved(std::vector<Named<Act>> const& all, std::string_view type, std::string_view name, std::vector<std::size_t> const& scope) {
    std::vector<Chosen<Act>> chosen;
    std::vector<std::size_t> taken;
    std::string known, meant;
    bool exists = false, clear = true;
    for (auto const& each : all) {
        auto const full = each.full_name();
        known += (known.empty() ? "" : ", ") + full;
        if (name != each.name && name != full) continue;
        exists = true;
        Chosen<Act> here{each.act};
        for (std::size_t k = 0; k < each.nodes.size(); ++k) {
            auto const node = each.nodes[k];
            if (!scope.empty() && std::find(scope.begin(), scope.end(), node) == scope.end()) continue;
            clear = clear && std::find(taken.begin(), taken.end(), node) == taken.end();
            taken.push_back(node);
            here.places.push_back(k);
            here.nodes.push_back(node);
        }
        if (here.places.empty()) continue;
        clear = clear && (meant.empty() || meant == full);
        meant = full;
        chosen.push_back(std::move(here));
    }
    require(exists, "{} has no '{}'; it has {}", type, name, known);
    require(clear, "{}: '{}' could be several things; write it in full, one of {}", type, name, known);
    return chosen;
}

}  // namespace hillock
