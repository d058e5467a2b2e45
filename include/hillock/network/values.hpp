// SPDX-License-Identifier: MIT
#pragma once

/// Values of a network's cells by name: set, read, recorded.

#include <cstddef>
#include <memory>
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
    auto const number = world().populations.template only<Type>();
    return world().populations.template get<Type>(number).anatomy();
}

template <class Real, class Arch, class... C>
template <class Type>
auto const& basic_network<Real, Arch, C...>::anatomy(Gid gid) {
    auto const number = directory_.extent_of(gid).population;
    require(world().populations.template is_of<Type>(number), "cell {} is not a {}", gid,
            meta::type_name<Type>());
    return world().populations.template get<Type>(number).anatomy();
}

template <class Real, class Arch, class... C>
template <class Value>
void basic_network<Real, Arch, C...>::set(Cells const& cells, std::string_view name, Value&& value) {
    lifecycle_.require_idle("set");
    std::vector<double> values;
    for_each_population_of(cells, [&](auto& population, Extent const& part) {
        auto const numbers = population.writing(name);
        directory_.for_each_own(part, [&](Gid gid, std::size_t cell) {
            values.push_back(value_for(gid, value));
            require(precision::is_finite<Real>(values.back()), "cell {}: {} = {}: must be {}", gid, name,
                    values.back(), precision::finite<Real>);
            for (auto const& number : numbers) population.check(number, cell, values.back());
        });
    });
    auto next = values.begin();
    for_each_population_of(cells, [&](auto& population, Extent const& part) {
        auto const numbers = population.writing(name);
        for (auto const& number : numbers) population.prepare_to_write(number);
        directory_.for_each_own(part, [&](Gid, std::size_t cell) {
            for (auto const& number : numbers) population.write(number, cell, *next);
            ++next;
        });
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
        if (owns(gid))
            scheduler_.participants.template get<Probes>().add(trace, place, options.every, number);
    });
    return trace;
}

}  // namespace hillock::inline HILLOCK_ISA
