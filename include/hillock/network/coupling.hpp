// SPDX-License-Identifier: MIT
#pragma once

/// Cells joined by gap junctions and pointers.

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::connect(std::span<GapJunction const> junctions) {
    lifecycle_.require_idle("connect");
    scheduling::Stopwatch const watch(build_seconds_);
    auto const place = [&](GapJunction::End const& end, auto&& f) {
        auto const& part = directory_.extent_of(end.gid);
        world().populations.with(part.population, [&](auto& population) { f(population, part.population); });
    };
    for (auto const& j : junctions) {
        hillock::check(j);
        require(precision::is_finite<Real>(j.conductance),
                "GapJunction between cells {} and {}: conductance {} uS: must be {}", j.a.gid, j.b.gid,
                j.conductance, precision::finite<Real>);
        for (auto const* end : {&j.a, &j.b})
            place(*end, [&](auto& population, std::size_t) { population.check_junction(end->where); });
    }
    auto const end_at = [&](GapJunction::End const& end) {
        scheduling::GapJunctionEnds::End made{end.gid, directory_.own().owner(end.gid), {}, {}};
        place(end, [&](auto& population, std::size_t number) {
            made.place = directory_.place_of(end.gid);
            made.place.population = number;
            made.place.electrode = population.junction(end.where);
            made.site = population.site_of(end.where);
        });
        return made;
    };
    auto& ends = scheduler_.template join<scheduling::GapJunctionEnds>();
    for (auto const& j : junctions) {
        auto const a = end_at(j.a), b = end_at(j.b);  // on all ranks in this order
        ends.add(a, b, j.conductance, directory_.own());
    }
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::connect(Pointer const& pointer) {
    lifecycle_.require_idle("connect");
    using Pointers = scheduling::Pointers<Real>;
    auto const end_at = [&](Pointer::End const& end, bool shows) {
        auto const number = directory_.extent_of(end.gid).population;
        world().populations.with(number, [&](auto& population) {
            auto const found = population.reading(end.name);
            bool const is_state =
                found.column && found.column->kind == population::Kind::state && !found.column->owner.empty();
            require(is_state || !shows, "Pointer: '{}' of cell {} is no state of a mechanism", end.name,
                    end.gid);
        });
        typename Pointers::End made{directory_.own().owner(end.gid), directory_.place_of(end.gid), end.name};
        made.place.population = number;
        return made;
    };
    auto from = end_at(pointer.from, true), to = end_at(pointer.to, false);
    scheduler_.template join<Pointers>().add(std::move(from), std::move(to));
}

template <class Real, class Arch, class... C>
template <TargetRule Rule, std::same_as<GapJunctions> Junctions>
void basic_network<Real, Arch, C...>::connect(Cells const& sources, Cells const& targets, Rule const& rule,
                                              Junctions const& junctions) {
    lifecycle_.require_idle("connect");
    directory_.require_known(sources);
    directory_.require_known(targets);
    require_possible(rule, sources, targets);
    require(
        !joins_same_cells(rule, sources, targets),
        "GapJunctions: each of the {} sources would be joined to itself alone; a junction of one cell's own "
        "places is given as a GapJunction",
        sources.size());
    auto& ends = scheduler_.template join<scheduling::GapJunctionEnds>();
    std::vector<GapJunction> all;
    std::size_t place = 0;
    StreamId const shared{.id2 = ends.rules(), .id3 = 1, .key0 = options_.seed, .key1 = 6};
    for (auto const target : targets) {
        RandomStream random{{.id1 = target, .id2 = ends.rules(), .key0 = options_.seed, .key1 = 2}};
        rule(Drawing{sources, targets.size(), target, place++, false, random, shared}, [&](Gid source) {
            all.push_back({{source, junctions.source}, {target, junctions.target}, junctions.conductance});
        });
    }
    connect(all);
    ends.count_rule();
}

}  // namespace hillock::inline HILLOCK_ISA
