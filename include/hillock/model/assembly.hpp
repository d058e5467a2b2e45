// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/insertion.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/model/places.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/synapses.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Where a cell's spikes are read, and the threshold (mV) that V must cross from below unless a connection
/// sets another.
struct SpikeSource {
    Segment where;          // the place whose V is compared
    double threshold = 10;  // mV
};

/// A cell as its steps built it, of which a population makes many. `Sections` is the type that
/// create_sections returned.
template <class Sections, class Biophysics, class Synapses, class Stimuli>
struct Assembly {
    std::shared_ptr<std::vector<Section> const> sections;  // to which everything below points
    SectionNames names;                                    // sections by name
    NodeTree tree;                                         // the nodes of the cable equation
    Biophysics biophysics;                                 // insertions of channels
    Synapses synlist;                                      // placed synapses, in order
    Stimuli stimuli;                                       // the stimuli that every cell gets
    SpikeSource source;                                    // where spikes are read

    /// Whether it can be known before the program runs that there is more than one section.
    static constexpr bool has_branches = !std::is_same_v<Sections, std::array<Section*, 1>>;

    /// The number of synapses.
    std::size_t synapse_count() const { return hillock::synapse_count(synlist); }

    NodeTree::Site site(Segment place) const { return tree.site(*sections, place); }  // the node of a place

    /// The section without a parent.
    Section const& root() const {
        auto root = sections->begin();
        while (root->parent.section) ++root;
        return *root;
    }
};

/// Throws if a channel is in a segment twice, where its conductances would add up unseen.
template <class... Parts>
void check_insertions(Assembly<Parts...> const& cell) {
    std::set<std::pair<std::string_view, Section const*>> inserted;
    auto const check_insertion = [&](auto const& insertion) {
        constexpr std::string_view channel =
            Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>::Channel::name;
        for (auto const* section : insertion.sections)
            require(inserted.emplace(channel, section).second,
                    "section {}: {} is inserted twice; a section has it once, also where subsets overlap",
                    title(*section), channel);
    };
    for_each_insertion(cell.biophysics, check_insertion);
}

/// Throws if a section has the name of something that cells have: what "m" means would be a guess.
template <class... Parts>
void check_names(Assembly<Parts...> const& cell) {
    auto const taken = [&](std::string_view name) {
        require(!cell.names.find(name),
                "section {}: '{}' is a variable or mechanism of the cell; the section needs another name",
                name, name);
    };
    auto const taken_by = [&]<class M>(M const&) {
        for (auto const& field : M::parameters()) taken(field.name);
        for (auto const& field : M::states()) taken(field.name);
        UsesOf<M>::type::for_each([&]<class V>(V) {
            if constexpr (!IsGiven<V>) taken(V::is.name);
        });
    };
    for (auto const* name : {"v", "v_init", "celsius", "i", "i_membrane", "i_membrane_", "i_cap"})
        taken(name);
    auto const check_channel = [&](auto const& insertion) {
        auto const channel =
            Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>::channel(insertion.mechanism);
        taken(channel.name);
        taken_by(channel);
    };
    auto const check_synapse = [&](auto const& placed, std::size_t number) {
        taken(fmt::format("synapses[{}]", number));
        taken("g");
        taken_by(synapse(placed));
    };
    for_each_insertion(cell.biophysics, check_channel);
    for_each_synapse(cell.synlist, check_synapse);
}

/// Throws if anything in the assembly is not allowed.
template <class... Parts>
void check(Assembly<Parts...> const& cell) {
    check_names(cell);
    check_insertions(cell);
    auto const check_fields = [](auto const& mechanism) {
        constexpr auto parameters = std::remove_cvref_t<decltype(mechanism)>::parameters();
        for (auto const& field : parameters) check_value(mechanism.name, field, mechanism.*field.member);
    };
    auto const check_insertion = [&](auto const& insertion) {
        using E = Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>;
        check_fields(E::channel(insertion.mechanism));
        for (auto const& varied : insertion.varied) check_fields(E::channel(varied));
        if (insertion.varied.empty()) return;
        std::size_t count = 0;
        for (auto const* section : insertion.sections) count += static_cast<std::size_t>(section->nseg);
        require(insertion.varied.size() == count,
                "{}: inserted in {} segments that have become {}; nseg belongs in define_geometry()",
                E::Channel::name, insertion.varied.size(), count);
    };
    for_each_insertion(cell.biophysics, check_insertion);
    for_each_synapse(cell.synlist, [&](auto const& placed, std::size_t) { check_fields(synapse(placed)); });
    auto const check_stimulus = [&](auto const& own) {
        check(own, cell.synapse_count());
        if constexpr (requires { own.source.where; })
            if (!own.source.where.empty()) cell.names.place(own.source.where);
    };
    std::apply([&](auto const&... each) { (check_stimulus(each), ...); }, cell.stimuli);
    require(std::isfinite(cell.source.threshold), "spike threshold {} mV: must be finite",
            cell.source.threshold);
}

}  // namespace hillock::inline HILLOCK_ISA
