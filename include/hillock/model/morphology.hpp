// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The kinds of neurites and the soma, with their numbers in SWC files.
enum class Kind { soma = 1, axon = 2, dend = 3, apic = 4 };

/// Connected sections, each of one kind, that come from data such as a file.
///
///     auto shape = read_swc("cell.swc");
///     for (auto& section : shape) section.Ra = 120;                // also `section.kind` and `section.type`
///     shape.remove(shape.axon());                                  // and what grows out of it
///     shape.add({.name = "stub", .L = 30, .diam = 1}, Kind::axon).connect(shape["soma"](0.5));
///
/// A section keeps its address until it is removed, so references to it and places on it stay valid. A copy's
/// sections are connected among themselves.
class Morphology {
public:
    /// A section and its kind.
    struct Part : Section {
        Kind kind;          // soma, axon, dend or apic
        std::int64_t type;  ///< the number in the file, which need not be that of a kind
    };

    /// The reader's remarks: changes it made to the file's data, and differences from NEURON's reading.
    std::vector<std::string> notices = {};

    Morphology() = default;
    Morphology(Morphology&&) = default;  // a list that is moved keeps its elements where they are
    /// The copy has sections of its own.
    Morphology(Morphology const& other) : notices{other.notices}, parts_{other.parts_} {
        std::map<Section const*, Section const*> copies;
        auto copy = parts_.begin();
        for (auto const& part : other.parts_) copies[&part] = &*copy++;
        for (auto& part : parts_)
            if (auto const parent = copies.find(part.parent.section); parent != copies.end())
                part.parent.section = parent->second;
    }
    /// Replaces all sections.
    Morphology& operator=(Morphology other) {
        notices.swap(other.notices);
        parts_.swap(other.parts_);
        return *this;
    }

    auto begin() { return parts_.begin(); }
    auto end() { return parts_.end(); }
    auto begin() const { return parts_.begin(); }
    auto end() const { return parts_.end(); }
    std::size_t size() const { return parts_.size(); }  // the number of sections

    /// The section called `name`.
    Section& operator[](std::string_view name) { return const_cast<Section&>(std::as_const(*this)[name]); }
    Section const& operator[](std::string_view name) const {
        for (auto const& part : parts_)
            if (part.name == name) return part;
        raise("there is no section '{}'; there are {}", name, names_of(parts_));
    }

    /// The section without a parent.
    Section& root() { return const_cast<Section&>(std::as_const(*this).root()); }
    Section const& root() const {
        for (auto const& part : parts_)
            if (!part.parent.section) return part;
        throw Error("a morphology without sections has no root");
    }

    /// All sections; possibly none, as all subsets here.
    Subset all() const {
        return those([](Part const&) { return true; });
    }
    /// The sections of a kind.
    Subset of(Kind kind) const {
        return those([&](Part const& part) { return part.kind == kind; });
    }
    /// The sections of a type in the file.
    Subset of_type(std::int64_t type) const {
        return those([&](Part const& part) { return part.type == type; });
    }
    Subset soma() const { return of(Kind::soma); }  // sections of that kind
    Subset axon() const { return of(Kind::axon); }  // sections of that kind
    Subset dend() const { return of(Kind::dend); }  // sections of that kind
    Subset apic() const { return of(Kind::apic); }  // sections of that kind

    /// Adds a section, which has to be connected next; its type is the kind's number unless given.
    Section& add(Section section, Kind kind) {
        return add(std::move(section), kind, static_cast<std::int64_t>(kind));
    }
    Section& add(Section section, Kind kind, std::int64_t type) {
        return parts_.emplace_back(Part{std::move(section), kind, type});
    }

    /// Removes sections and everything that grows out of them.
    void remove(Subset const& these) {
        std::map<Section const*, std::vector<Section const*>> children;
        for (auto const& part : parts_) {
            children[&part];
            children[part.parent.section].push_back(&part);
        }
        for (auto const* section : these.sections())
            require(section && children.contains(section),
                    "remove: one of the sections is not of this morphology");
        std::set<Section const*> gone;
        for (auto next = these.sections(); !next.empty();) {
            auto const* section = next.back();
            next.pop_back();
            if (!gone.insert(section).second) continue;
            auto const& more = children[section];
            next.insert(next.end(), more.begin(), more.end());
        }
        if (!gone.empty())
            require(!gone.contains(&root()), "remove: {} is the root, which all other sections grow out of",
                    title(root()));
        parts_.remove_if([&](Part const& part) { return gone.contains(&part); });
    }

private:
    Subset those(auto const& belongs) const {
        Subset subset;
        for (auto const& part : parts_)
            if (belongs(part)) subset.add(part);
        return subset;
    }

    std::list<Part> parts_;
};

/// Pointers to all sections, for create_sections().
template <class = void>
std::vector<Section*> sections(Morphology& morphology) {
    std::vector<Section*> each;
    for (auto& section : morphology) each.push_back(&section);
    return each;
}

}  // namespace hillock::inline HILLOCK_ISA
