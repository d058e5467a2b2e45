// SPDX-License-Identifier: MIT
#pragma once

/// A network driven from outside while time passes: currents, variables, spike counts, events.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A variable of some cells; made by `net.variable(cells, name)`. Good as long as its network. On several
/// ranks all make it and write together; each reads and writes its own cells.
template <class Real, class Arch, class... C>
class CellVariable<basic_network<Real, Arch, C...>> {
    using Network = basic_network<Real, Arch, C...>;

public:
    CellVariable(Network& network, Cells const& cells, std::string_view name)
        : network_{&network}, name_{name}, cells_{network.runs_of(cells)} {
        for_each_run([&](auto& population, auto const&) { from_.push_back(population.reading(name)); });
    }

    std::size_t size() const { return cells_.size; }

    /// The values now, one for each cell in the order of the cells; the numbers of other ranks' cells stay
    /// what they are.
    void read(std::span<double> values) const {
        cells_.require_one_each("variable.read", values.size());
        std::size_t k = 0;
        for_each_run([&](auto& population, auto const& run) {
            auto const& from = from_[k++];
            population.with_reader(from, [&](auto&& read) {
                for (auto const& one : run.cells) values[one.position] = read(one.cell);
            });
        });
    }

    /// Sets the values as `net.set` does, one for each cell; none is set if one may not be.
    void write(std::span<double const> values) {
        network_->lifecycle_.require_idle("variable.write");
        cells_.require_one_each("variable.write", values.size());
        if (to_.empty())
            for_each_run([&](auto& population, auto const&) { to_.push_back(population.writing(name_)); });
        std::size_t k = 0;
        for_each_run([&](auto& population, auto const& run) {
            for (auto const& one : run.cells) {
                auto const value = values[one.position];
                require(precision::is_finite<Real>(value), "cell {}: {} = {}: must be {}",
                        population.gid(one.cell), name_, value, precision::finite<Real>);
                for (auto const& number : to_[k]) population.check(number, one.cell, value);
            }
            ++k;
        });
        k = 0;
        for_each_run([&](auto& population, auto const& run) {
            for (auto const& number : to_[k]) {
                population.prepare_to_write(number);
                for (auto const& one : run.cells) population.write(number, one.cell, values[one.position]);
            }
            ++k;
        });
    }

private:
    void for_each_run(auto&& f) const {
        for (auto const& run : cells_.runs)
            network_->world().populations.with(run.population, [&](auto& population) { f(population, run); });
    }

    Network* network_;
    std::string name_;
    scheduling::CellRuns cells_;
    std::vector<population::Reference<Real>> from_;             // of each run
    std::vector<std::vector<population::Reference<Real>>> to_;  // the same, once it is written
};

/// Some cells by population.
template <class Real, class Arch, class... C>
scheduling::CellRuns basic_network<Real, Arch, C...>::runs_of(Cells const& cells) {
    scheduling::CellRuns all{.runs = {}, .size = cells.size()};
    std::size_t first = 0;
    directory_.for_each_extent(cells, [&](Extent const& part) {
        auto& run = all.runs.emplace_back(scheduling::CellRuns::Run{part.population, {}});
        directory_.for_each_own(part, [&](Gid gid, std::uint32_t cell) {
            run.cells.push_back({cell, static_cast<std::uint32_t>(first + gid - part.first)});
        });
        first += part.size();
    });
    return all;
}

template <class Real, class Arch, class... C>
CurrentDrive<Real> basic_network<Real, Arch, C...>::current(Cells const& cells, std::string_view where) {
    lifecycle_.require_idle("current");
    scheduling::HeldCurrents drive{
        .where = std::string(where), .cells = runs_of(cells), .electrodes = {}, .nA = {}};
    drive.nA.resize(cells.size());
    for (auto const& run : drive.cells.runs)
        world().populations.with(run.population, [&](auto& population) {
            drive.electrodes.push_back(population.new_electrode(where));
        });
    return CurrentDrive<Real>(
        scheduler_.participants.template get<scheduling::CurrentDrives>().add(std::move(drive)));
}

template <class Real, class Arch, class... C>
SpikeCounter basic_network<Real, Arch, C...>::counter(Cells const& cells) {
    lifecycle_.require_idle("counter");
    directory_.require_known(cells);
    return SpikeCounter(scheduler_.participants.template get<scheduling::SpikeCounters>().add(cells));
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::send(std::span<ExternalEvent const> events) {
    lifecycle_.require_idle("send");
    for (auto const& e : events) check(e);
    auto& participants = scheduler_.participants;
    for (auto const& e : events)
        if (owns(e.gid)) {
            auto const arrival = arrival_of(e);
            participants.template get<scheduling::Stimuli>().expect(arrival.place.population);
            participants.template get<scheduling::SentEvents>().add(arrival);
        }
}

}  // namespace hillock::inline HILLOCK_ISA
