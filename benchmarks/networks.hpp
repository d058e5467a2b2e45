// SPDX-License-Identifier: MIT
#pragma once

/// The networks that simulators are compared on, as lists that any of them can be built from:
///
///   first    the tutorial's 1000 Connor-Stevens cells wired at random, 250 ms
///   second   its 1000 Wang-Buzsaki cells in two halves with 100 external cells, 500 ms
///   cobahh   4000 Traub-Miles cells with exponential synapses, 1000 ms: Brette et al., J Comput Neurosci 23:349 (2007),
///            benchmark 3, with a delay of 0.1 ms (the smallest that all simulators here can have)
///
/// All with dt 0.025 ms. The files of a network: cells.csv (gid,v,threshold: mV at t = 0, mV),
/// connections.csv (pre,post,synapse,weight,delay,threshold), stimuli.csv (gid,time,synapse,weight: arrivals
/// from outside), and network.json with the rest. Weights in uS, times in ms.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numbers>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/files/csv.hpp>
#include <hillock/hillock.hpp>

#include "../examples/tutorial_cell.hpp"

namespace networks {

namespace hk = hillock;

struct CobahhCell : hk::Cell<CobahhCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = std::sqrt(20'000 / std::numbers::pi); }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::TraubMiles{})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::ExpSyn{.tau = 5, .e = 0}, soma(0.5)),
                            hk::place(hk::ExpSyn{.tau = 10, .e = -80}, soma(0.5)));
    }
};

struct Start {
    double v = -65, threshold = -10;  // mV
};

struct Description {
    std::string name, model;
    double tstop;  // ms
    std::vector<Start> cells = {};
    std::vector<hk::Connection> connections = {};
    std::vector<hk::ExternalEvent> stimuli = {};

    static constexpr double dt = 0.025;  // ms
};

/// Without its lists yet.
inline Description unlisted(std::string_view name) {
    if (name == "first") return {.name = "first", .model = "connor-stevens", .tstop = 250};
    if (name == "second") return {.name = "second", .model = "wang-buzsaki", .tstop = 500};
    hk::require(name == "cobahh", "network '{}': must be first, second or cobahh", name);
    return {.name = "cobahh", .model = "traub-miles", .tstop = 1000};
}

/// The arrivals of a kickstart at synapse 0 of each of the cells, 1 ms after each spike of its NetStim.
inline void kick(Description& network, hk::Cells const& cells, hk::NetStim const& source, double weight) {
    for (auto const gid : cells)
        for (hk::scheduling::NetStimSpikes spikes(source, {.id1 = gid}); spikes.pending(); spikes.next())
            network.stimuli.push_back({gid, spikes.time() + 1, 0, weight});
}

/// The connections of a list, of those with one source, target and synapse the last: the tutorial's
/// dictionary.
inline std::vector<hk::Connection> without_repeats(hk::ConnectionList const& list) {
    auto const key = [](hk::Connection const& c) { return std::tuple(c.target, c.synapse, c.source); };
    auto connections = list.connections();
    std::stable_sort(connections.begin(), connections.end(),
                     [&](auto const& a, auto const& b) { return key(a) < key(b); });
    std::vector<hk::Connection> last;
    for (auto const& c : connections) {
        if (last.empty() || key(last.back()) != key(c)) last.emplace_back();
        last.back() = c;
    }
    return last;
}

inline Description first() {
    auto network = unlisted("first");
    network.cells.resize(1000);
    hk::Cells const cells(0, 1000);
    kick(network, cells, {.interval = 3, .noise = 1, .start = 0, .duration = 7}, 5e-3);
    hk::NumpyRandom numpy(1);
    hk::ConnectionList list(hk::Repeats::replaced);
    for (auto const cell : cells) {
        list.draw(numpy, 80, cells.first(800), cell, {.synapse = 0, .weight = 3e-3, .delay = 0.1});
        list.draw(numpy, 20, cells.last(200), cell, {.synapse = 1, .weight = 15e-3, .delay = 0.1});
    }
    network.connections = without_repeats(list);
    return network;
}

inline Description second() {
    auto network = unlisted("second");
    network.cells.resize(1100);
    hk::Cells const cells(0, 1000), external(1000, 1100);
    for (auto const cell : cells) network.cells[cell].threshold = 0;
    kick(network, cells, {.interval = 3, .noise = 1, .start = 0, .duration = 7}, 1.5e-4);
    kick(network, external, {.interval = 5, .noise = 1, .start = 100, .duration = 50}, 5e-4);

    auto const [left_excitatory, right_excitatory] = cells.first(800).halves();
    auto const [left_inhibitory, right_inhibitory] = cells.last(200).halves();
    auto const left = left_excitatory + left_inhibitory;
    hk::ConnectionList::Properties const excitation{.synapse = 0, .weight = 3e-5, .delay = 0.1};
    hk::ConnectionList::Properties const inhibition{.synapse = 1, .weight = 3e-4, .delay = 0.1};
    hk::NumpyRandom numpy(1);
    hk::ConnectionList list(hk::Repeats::replaced);
    for (auto const cell : cells) {
        bool const is_left = left.contains(cell);
        list.draw(numpy, is_left ? 52 : 28, left_excitatory, cell, excitation);
        list.draw(numpy, is_left ? 28 : 52, right_excitatory, cell, excitation);
        if (cell >= 800) {
            list.draw(numpy, 20, cells.last(200), cell, inhibition);
        } else {
            list.draw(numpy, is_left ? 11 : 9, left_inhibitory, cell, inhibition);
            list.draw(numpy, is_left ? 9 : 11, right_inhibitory, cell, inhibition);
        }
    }
    for (auto const cell : left)
        list.draw(numpy, 4, external, cell, {.synapse = 0, .weight = 5e-5, .delay = 0.1});
    network.connections = without_repeats(list);
    return network;
}

/// The conductances at the start arrive as events of step 0.
inline Description cobahh() {
    constexpr hk::Gid excitatory = 3200, all = 4000;
    auto network = unlisted("cobahh");
    network.cells.resize(all);
    auto const stream = [](hk::Gid cell, std::uint32_t purpose) {
        return hk::RandomStream({.id1 = cell, .id2 = purpose, .key0 = 1, .key1 = 1});
    };
    hk::PairwiseProbability const rule = hk::pairwise_probability(0.02);
    for (hk::Gid cell = 0; cell < all; ++cell) {
        auto start = stream(cell, 0);
        network.cells[cell] = {.v = -65 + 5 * start.normal(), .threshold = -20};  // -60 + N(-5, 5)
        network.stimuli.push_back({cell, 0.01, 0, (4 + 1.5 * start.normal()) * 10e-3});
        network.stimuli.push_back({cell, 0.01, 1, (20 + 12 * start.normal()) * 10e-3});
        for (int synapse : {0, 1}) {
            auto wiring = stream(cell, static_cast<std::uint32_t>(1 + synapse));
            auto const sources = synapse == 0 ? hk::Cells(0, excitatory) : hk::Cells(excitatory, all);
            rule(hk::Drawing{sources, all, cell, cell, false, wiring}, [&](hk::Gid source) {
                network.connections.push_back({source, cell, synapse, synapse == 0 ? 6e-3 : 67e-3, 0.1});
            });
        }
    }
    return network;
}

/// Makes a network of what the description lists.
template <class Cell>
void build(auto& network, Description const& d) {
    auto const cells = network.template add<Cell>(d.cells.size());
    network.set(cells, "v_init", [&](hk::Gid gid) { return d.cells[gid].v; });
    for (auto const gid : cells) network.set_threshold(gid, d.cells[gid].threshold);
    hk::ConnectionList list(hk::Repeats::none);  // other simulators would have both
    for (auto const& connection : d.connections) list.add(connection);
    network.connect(list);
    network.stimulate(d.stimuli);
}

inline void write(std::filesystem::path const& folder, Description const& d) {
    std::filesystem::create_directories(folder);
    hk::OutputFile cells(folder / "cells.csv"), connections(folder / "connections.csv"),
        stimuli(folder / "stimuli.csv"), rest(folder / "network.json");
    cells.print("gid,v,threshold\n");
    for (std::size_t gid = 0; gid < d.cells.size(); ++gid)
        cells.print("{},{},{}\n", gid, d.cells[gid].v, d.cells[gid].threshold);
    connections.print("pre,post,synapse,weight,delay,threshold\n");
    for (auto const& c : d.connections)
        connections.print("{},{},{},{},{},{}\n", c.source, c.target, c.synapse, c.weight, c.delay,
                          d.cells[c.source].threshold);
    stimuli.print("gid,time,synapse,weight\n");
    for (auto const& e : d.stimuli) stimuli.print("{},{},{},{}\n", e.gid, e.time, e.synapse, e.weight);
    rest.print(R"({{"name": "{}", "model": "{}", "cells": {}, "connections": {}, "tstop": {}, "dt": {}}})"
               "\n",
               d.name, d.model, d.cells.size(), d.connections.size(), d.tstop, Description::dt);
    for (auto* file : {&cells, &connections, &stimuli, &rest}) file->commit();
}

/// A network from its files in a folder.
inline Description read(std::filesystem::path const& folder, std::string_view name) {
    auto network = unlisted(name);
    hk::CsvReader<hk::Gid, double, double> cells(folder / "cells.csv", {"gid", "v", "threshold"});
    while (auto const row = cells.next()) {
        auto const [gid, v, threshold] = *row;
        if (gid != network.cells.size())
            cells.fail("cell {}: must be {}, one line for each cell in order", gid, network.cells.size());
        network.cells.push_back({v, threshold});
    }
    hk::CsvReader<hk::Gid, hk::Gid, int, double, double, double> connections(
        folder / "connections.csv", {"pre", "post", "synapse", "weight", "delay", "threshold"});
    while (auto const row = connections.next()) {
        auto const [pre, post, synapse, weight, delay, threshold] = *row;
        network.connections.push_back({pre, post, synapse, weight, delay});
    }
    hk::CsvReader<hk::Gid, double, int, double> stimuli(folder / "stimuli.csv",
                                                        {"gid", "time", "synapse", "weight"});
    while (auto const row = stimuli.next()) {
        auto const [gid, time, synapse, weight] = *row;
        network.stimuli.push_back({gid, time, synapse, weight});
    }
    return network;
}

/// A number that two rasters share only if they are equal, to the step.
inline std::uint64_t digest(hk::Raster const& spikes) {
    hk::Digest all;
    for (auto const& [time, gid] : spikes) {
        all.add(static_cast<std::uint64_t>(std::llround(time / Description::dt)));
        all.add(gid);
    }
    return all.value();
}

}  // namespace networks
