// SPDX-License-Identifier: MIT
#pragma once

/// Which cells of a type are the same, and so belong in one population.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/assembly.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Whether two cells of a type are the same: sections, mechanisms, places, to the last number.
template <class... Parts>
bool alike(Assembly<Parts...> const& a, Assembly<Parts...> const& b) {
    auto const number = [](auto const& cell, Section const* section) {
        return section ? section - cell.sections->data() : -1;
    };
    auto const same_place = [&](Segment p, Segment q) {
        return number(a, p.section) == number(b, q.section) && p.x == q.x;
    };
    auto const same_section = [&](Section const& s, Section const& t) {
        return s.name == t.name && s.L == t.L && s.diam == t.diam && s.nseg == t.nseg && s.Ra == t.Ra &&
               s.cm == t.cm && s.points == t.points && same_place(s.parent, t.parent);
    };
    auto const same_mechanism = []<class M>(M const& m, M const& n) {
        constexpr auto parameters = M::parameters();
        return std::all_of(parameters.begin(), parameters.end(),
                           [&](auto const& field) { return m.*field.member == n.*field.member; });
    };
    auto const same_insertion = [&]<class M>(Insertion<M> const& i, Insertion<M> const& j) {
        using E = Evaluation<M>;
        return std::equal(i.sections.begin(), i.sections.end(), j.sections.begin(), j.sections.end(),
                          [&](auto const* s, auto const* t) { return number(a, s) == number(b, t); }) &&
               same_mechanism(E::channel(i.mechanism), E::channel(j.mechanism)) &&
               std::equal(
                   i.varied.begin(), i.varied.end(), j.varied.begin(), j.varied.end(),
                   [&](M const& m, M const& n) { return same_mechanism(E::channel(m), E::channel(n)); });
    };
    auto const same_synapse = [&](auto const& s, auto const& t) {
        return same_mechanism(synapse(s), synapse(t)) && same_place(s.where, t.where);
    };
    auto const same_group = [&](auto const& g, auto const& h) {
        return std::ranges::equal(synapse_group::members(g), synapse_group::members(h), same_synapse);
    };
    auto const all_same = []<class T>(T const& t, T const& u, auto const& same) {
        bool all = true;
        meta::unroll<std::tuple_size_v<T>>(
            [&](auto k) { all = all && same(std::get<k>(t), std::get<k>(u)); });
        return all;
    };
    return std::equal(a.sections->begin(), a.sections->end(), b.sections->begin(), b.sections->end(),
                      same_section) &&
           all_same(a.biophysics, b.biophysics, same_insertion) &&
           all_same(synapse_group::all_of(a.synlist), synapse_group::all_of(b.synlist), same_group) &&
           same_place(a.source.where, b.source.where) && a.source.threshold == b.source.threshold;
}

/// A number that is equal for cells that are alike, and most often differs for others.
template <class... Parts>
std::uint64_t fingerprint(Assembly<Parts...> const& cell) {
    Digest digest;
    for (auto const& section : *cell.sections)
        for (auto const number : {section.L, section.diam, section.Ra, section.cm, section.parent.x})
            digest.add(number);
    auto const add_mechanism = [&]<class M>(M const& mechanism) {
        for (auto const& field : M::parameters()) digest.add(static_cast<double>(mechanism.*field.member));
    };
    for_each_insertion(cell.biophysics, [&]<class M>(Insertion<M> const& insertion) {
        add_mechanism(Evaluation<M>::channel(insertion.mechanism));
        for (auto const& varied : insertion.varied) add_mechanism(Evaluation<M>::channel(varied));
    });
    for_each_synapse(cell.synlist, [&](auto const& placed, std::size_t) {
        add_mechanism(synapse(placed));
        digest.add(placed.where.x);
    });
    return digest.value();
}

}  // namespace hillock::inline HILLOCK_ISA
