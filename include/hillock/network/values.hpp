// SPDX-License-Identifier: MIT
#pragma once

/// Values of a network's cells by name: set, read, recorded.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Real, class Arch, class... C>
template <class Type>
auto const& basic_network<Real, Arch, C...>::anatomy() {
    lifecycle_.require_here("anatomy");
    auto const number = world().populations.template only<Type>();
    return world().populations.template get<Type>(number).anatomy();
}

template <class Real, class Arch, class... C>
template <class Type>
auto const& basic_network<Real, Arch, C...>::anatomy(Gid gid) {
    lifecycle_.require_here("anatomy");
    auto const number = directory_.extent_of(gid).population;
    require(world().populations.template is_of<Type>(number), "cell {} is not a {}", gid,
            meta::type_name<Type>());
    return world().populations.template get<Type>(number).anatomy();
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::for_each_run(scheduling::CellRuns const& runs, auto&& f) {
    for (auto const& run : runs.runs)
        world().populations.with(run.population, [&](auto& population) { f(population, run); });
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::for_each_population_of(Cells const& cells, auto&& f) {
    directory_.for_each_extent(cells, [&](Extent const& part) {
        world().populations.with(part.population, [&](auto& population) { f(population, part); });
    });
}

/// The own ones of some cells by population, each with its place among all of them. There is a run for each
/// population that has any of the cells, also where none is an own one.
template <class Real, class Arch, class... C>
scheduling::CellRuns basic_network<Real, Arch, C...>::runs_of(Cells const& cells) {
    scheduling::CellRuns all{.runs = {}, .size = cells.size()};
    constexpr auto none = static_cast<std::size_t>(-1);
    std::vector<std::size_t> run_of(world().populations.size(), none);
    std::size_t first = 0;
    directory_.for_each_extent(cells, [&](Extent const& part) {
        auto& number = run_of[part.population];
        if (number == none) {
            number = all.runs.size();
            all.runs.push_back({part.population, {}});
        }
        directory_.for_each_own(part, [&](Gid gid, std::uint32_t cell) {
            all.runs[number].cells.push_back({cell, static_cast<std::uint32_t>(first + gid - part.first)});
        });
        first += part.size();
    });
    return all;
}

template <class Real, class Arch, class... C>
template <class Value>
void basic_network<Real, Arch, C...>::set(Cells const& cells, std::string_view name, Value&& value) {
    lifecycle_.require_idle("set");
    auto const runs = runs_of(cells);
    std::vector<double> values(runs.size);
    for_each_run(runs, [&](auto& population, auto const& run) {
        for (auto const& one : run.cells)
            if constexpr (std::is_invocable_v<Value&, Gid>)
                values[one.position] = value(population.gid(one.cell));
            else
                values[one.position] = value;
    });
    write(runs, writing(runs, name), name, values);
}

/// The numbers that a name stands for in the populations of some cells, of each run.
template <class Real, class Arch, class... C>
auto basic_network<Real, Arch, C...>::writing(scheduling::CellRuns const& runs, std::string_view name)
    -> std::vector<Numbers> {
    std::vector<Numbers> all;
    for_each_run(runs, [&](auto& population, auto const&) { all.push_back(population.writing(name)); });
    return all;
}

/// Writes a value for each cell; none if one may not be. Every rank has to do so, also one without own cells.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::write(scheduling::CellRuns const& runs, std::vector<Numbers> const& to,
                                            std::string_view name, std::span<double const> values) {
    auto numbers = to.begin();
    for_each_run(runs, [&](auto& population, auto const& run) {
        for (auto const& one : run.cells) {
            auto const value = values[one.position];
            require(precision::is_finite<Real>(value), "cell {}: {} = {}: must be {}",
                    population.gid(one.cell), name, value, precision::finite<Real>);
            for (auto const& number : *numbers) population.check(number, one.cell, value);
        }
        ++numbers;
    });
    numbers = to.begin();
    for_each_run(runs, [&](auto& population, auto const& run) {
        for (auto const& number : *numbers) population.prepare_to_write(number);
        for (auto const& one : run.cells)
            for (auto const& number : *numbers) population.write(number, one.cell, values[one.position]);
        ++numbers;
    });
}

template <class Real, class Arch, class... C>
double basic_network<Real, Arch, C...>::get(Gid gid, std::string_view name) {
    auto const place = directory_.place_of(gid);
    require(owns(gid), "{} of cell {}: the cell lives on rank {} and is not known on rank {}", name, gid,
            directory_.own().owner(gid), rank());
    double value = 0;
    world().populations.with(place.population, [&](auto& population) {
        value = population.read(population.reading(name), place.cell);
    });
    return value;
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::set_threshold(Cells const& cells, double threshold) {
    lifecycle_.require_idle("set_threshold");
    require(precision::is_finite<Real>(threshold), "threshold {} mV: must be {}", threshold,
            precision::finite<Real>);
    for_each_population_of(cells, [](auto& population, Extent const&) { population.require_threshold(); });
    for_each_population_of(cells, [&](auto& population, Extent const& part) {
        directory_.for_each_own(part,
                                [&](Gid, std::size_t cell) { population.set_threshold(cell, threshold); });
    });
}

template <class Real, class Arch, class... C>
std::shared_ptr<Trace const> basic_network<Real, Arch, C...>::probe(Gid gid, std::string_view variable,
                                                                    ProbeOptions const& options) {
    lifecycle_.require_idle("probe");
    require(options.every > 0, "probe of {}: every {} steps: must be positive", variable, options.every);
    auto const place = directory_.place_of(gid);
    auto trace = std::make_shared<Trace>(Trace{std::string(variable), gid, {}, {}});
    world().populations.with(place.population, [&](auto& population) {
        auto const number = population.reading(variable);
        if (owns(gid)) scheduler_.template join<Probes>().add(trace, place, options.every, number);
    });
    return trace;
}

}  // namespace hillock::inline HILLOCK_ISA
