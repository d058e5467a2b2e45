// SPDX-License-Identifier: MIT
#pragma once

/// The steps of the Template Method: which of them a cell type has, and what they returned put in its final
/// place.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/assembly.hpp>
#include <hillock/model/places.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::steps {

template <class C>
concept creates_sections = requires(C c) { c.create_sections(); };
template <class C>
concept builds_topology = requires(C c) { c.build_topology(); };
template <class C>
concept builds_subsets = requires(C c) { c.build_subsets(); };
template <class C>
concept defines_geometry = requires(C c) { c.define_geometry(); };
template <class C>
concept defines_biophysics = requires(C c) { c.define_biophysics(); };
template <class C>
concept creates_synapses = requires(C c) { c.create_synapses(); };

template <class C>
concept complete = creates_sections<C> && builds_topology<C> && builds_subsets<C> && defines_geometry<C> &&
                   defines_biophysics<C> && creates_synapses<C>;

/// Points what the steps of a cell returned to the sections' final place.
class Relocation {
public:
    Relocation(auto const& cell, auto const& from, std::vector<Section> const& to)
        : cell_{reinterpret_cast<std::byte const*>(&cell)}, cell_end_{cell_ + sizeof cell} {
        std::size_t k = 0;
        for (auto const* section : from) to_[section] = &to[k++];
    }

    /// `user` refers to `section`.
    Section const* operator()(Section const* section, std::string_view user) const {
        require(section, "{}: a place without a section; places are written as soma(0.5)", user);
        auto const found = to_.find(section);
        if (found == to_.end()) fail(section, user);
        return found->second;
    }
    Segment operator()(Segment s, std::string_view user) const { return {(*this)(s.section, user), s.x}; }

private:
    /// Reads nothing outside of the cell, which may have ceased to exist.
    [[noreturn]] void fail(Section const* section, std::string_view user) const {
        auto const* at = reinterpret_cast<std::byte const*>(section);
        bool const is_member = !std::less<>{}(at, cell_) && std::less<>{}(at, cell_end_);
        require(!is_member, "{}: section '{}' is used but create_sections() does not return it", user,
                is_member ? section->name : "");
        raise("{}: a section is used that create_sections() does not return. connect() belongs in "
              "build_topology(), subsets in build_subsets(): made in a constructor they refer to "
              "the cell of which this one is a copy",
              user);
    }

    std::byte const *cell_, *cell_end_;
    std::map<Section const*, Section const*> to_;
};

template <class C>
auto stimuli_of(C& cell) {
    if constexpr (requires { cell.create_stimuli(); })
        return cell.create_stimuli();
    else
        return std::tuple{};
}

template <class C>
SpikeSource source_of(C& cell, auto const& created) {
    if constexpr (requires { cell.spike_source(); }) return cell.spike_source();
    for (auto* section : created)
        if (!section->parent.section) return {(*section)(0.5)};
    return {(**created.begin())(0.5)};
}

/// Copies the sections that a cell created into their final place, where they refer to each other.
inline std::shared_ptr<std::vector<Section>> in_place(auto const& cell, auto const& created) {
    auto sections = std::make_shared<std::vector<Section>>();
    for (auto const* section : created) sections->push_back(*section);
    Relocation const moved(cell, created, *sections);
    (void)SectionNames(*sections);  // throws if they cannot be told apart
    for (auto& section : *sections) {
        check(section);
        if (!section.parent.section) continue;
        section.parent = moved(section.parent, fmt::format("parent of section {}", title(section)));
        check(section.parent);
    }
    return sections;
}

/// Throws unless there are sections, each of them once.
void check_sections(auto const& created) {
    require(created.size() > 0, "create_sections(): a cell needs at least one section");
    std::map<Section const*, Section const*> returned;
    for (std::size_t k = 0; k < created.size(); ++k) {
        require(created[k] != nullptr, "create_sections(): the section at index {} is a null pointer", k);
        auto& known = returned[created[k]];
        require(!known, "create_sections(): section {} is returned twice", title(*created[k]));
        known = created[k];
    }
}

}  // namespace hillock::inline HILLOCK_ISA::steps
