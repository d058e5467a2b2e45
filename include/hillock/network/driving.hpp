// SPDX-License-Identifier: MIT
#pragma once

/// A network driven from outside while time passes: currents, variables, spike counts, events.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A variable of some cells; made by `net.variable(cells, name)`. It follows its network when that is moved;
/// using it after the network is gone is an error. With several ranks, all make it and write together; each
/// reads and writes its own cells.
template <class Real, class Arch, class... C>
class CellVariable<basic_network<Real, Arch, C...>> {
    using Network = basic_network<Real, Arch, C...>;

public:
    /// Finds the variable called `name`, as `get` knows it, in each of the cells.
    CellVariable(Network& network, Cells const& cells, std::string_view name)
        : network_{network.address()}, name_{name}, cells_{network.runs_of(cells)} {
        network.for_each_run(
            cells_, [&](auto& population, auto const&) { from_.push_back(population.reading(name)); });
    }

    std::size_t size() const { return cells_.size; }  // the number of cells

    /// The present values, one for each cell in the order of the cells; those of other ranks' cells are left
    /// as they are.
    void read(std::span<double> values) const {
        cells_.require_one_each("variable.read", values.size());
        auto from = from_.begin();
        network().for_each_run(cells_, [&](auto& population, auto const& run) {
            population.with_reader(*from++, [&](auto&& read) {
                for (auto const& one : run.cells) values[one.position] = read(one.cell);
            });
        });
    }

    /// Sets the values as `net.set` does, one for each cell; none is set if one may not be.
    void write(std::span<double const> values) {
        network().lifecycle_.require_idle("variable.write");
        cells_.require_one_each("variable.write", values.size());
        if (to_.empty()) to_ = network().writing(cells_, name_);
        network().write(cells_, to_, name_, values);
    }

private:
    Network& network() const {
        require(*network_ != nullptr, "variable '{}': its network has gone", name_);
        return **network_;
    }

    std::shared_ptr<Network* const> network_;
    std::string name_;
    scheduling::CellRuns cells_;
    std::vector<population::Reference<Real>> from_;  // of each run
    std::vector<typename Network::Numbers> to_;      // the same, once it is written
};

template <class Real, class Arch, class... C>
CurrentDrive<Real> basic_network<Real, Arch, C...>::current(Cells const& cells, std::string_view where) {
    lifecycle_.require_idle("current");
    scheduling::HeldCurrents drive{
        .where = std::string(where), .cells = runs_of(cells), .electrodes = {}, .nA = {}};
    drive.nA.resize(cells.size());
    for_each_run(drive.cells, [&](auto& population, auto const&) {
        drive.electrodes.push_back(population.new_electrode(population.site_of(where)));
    });
    return CurrentDrive<Real>(scheduler_.template join<scheduling::CurrentDrives>().add(std::move(drive)));
}

template <class Real, class Arch, class... C>
SpikeCounter basic_network<Real, Arch, C...>::counter(Cells const& cells) {
    lifecycle_.require_idle("counter");
    directory_.require_known(cells);
    return SpikeCounter(scheduler_.template join<scheduling::SpikeCounters>().add(cells));
}

template <class Real, class Arch, class... C>
CurrentDrive<Real> basic_network<Real, Arch, C...>::counterpart(CurrentDrive<Real> const& drive) {
    return CurrentDrive<Real>(
        scheduler_.template join<scheduling::CurrentDrives>().counterpart(drive.held()));
}

template <class Real, class Arch, class... C>
SpikeCounter basic_network<Real, Arch, C...>::counterpart(SpikeCounter const& counter) {
    return SpikeCounter(scheduler_.template join<scheduling::SpikeCounters>().counterpart(counter.count()));
}

template <class Real, class Arch, class... C>
std::shared_ptr<Trace const> basic_network<Real, Arch, C...>::counterpart(
    std::shared_ptr<Trace const> const& trace) {
    if (!owns(trace->gid)) return std::make_shared<Trace>(Trace{trace->variable, trace->gid, {}, {}});
    return scheduler_.template join<Probes>().counterpart(*trace);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::send(std::span<ExternalEvent const> events) {
    lifecycle_.require_idle("send");
    for (auto const& e : events) check(e);
    for (auto const& e : events)
        if (owns(e.gid)) {
            auto const arrival = arrival_of(e);
            scheduler_.template join<scheduling::Stimuli>().expect(arrival.place.population);
            scheduler_.template join<scheduling::SentEvents>().add(arrival);
        }
}

}  // namespace hillock::inline HILLOCK_ISA
