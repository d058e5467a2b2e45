// SPDX-License-Identifier: MIT

/// hillock's part in calcium.py: a network of the cell of mod/calcium, prints seconds of the processor and spikes as
/// JSON.

#include <cmath>
#include <cstddef>
#include <ctime>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hillock/hillock.hpp>

#include "calcium_ca.hpp"
#include "calcium_kca.hpp"
#include "calcium_kdr.hpp"
#include "calcium_m.hpp"
#include "calcium_na.hpp"
#include "calcium_pool.hpp"

namespace hk = hillock;

struct CalciumCell : hk::Cell<CalciumCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        // As in NEURON: what writes a concentration comes first.
        return hk::biophysics(
            hk::insert(soma, hk::Passive{.g = 1e-4, .e = -70}), hk::insert(soma, hk::mod::calcium_pool{}),
            hk::insert(soma, hk::mod::calcium_ca{}), hk::insert(soma, hk::mod::calcium_kca{}),
            hk::insert(soma, hk::mod::calcium_kdr{}), hk::insert(soma, hk::mod::calcium_m{}),
            hk::insert(soma, hk::mod::calcium_na{}));
    }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.5, .tau2 = 3, .e = 0}, soma(0.5)));
    }
    hk::SpikeSource spike_source() { return {soma(0.5), 0}; }
};

/// Each cell hears `indegree` others and is driven by a current of its own, from 0.1 to 0.3 nA.
void build(hk::Network<CalciumCell>& net, std::size_t cells, std::size_t indegree) {
    auto const all = net.add<CalciumCell>(cells);
    net.set(all, "celsius", 34);
    net.set(all, "v_init", -70);
    hk::ConnectionList list(hk::Repeats::allowed);
    for (auto const gid : all) {
        auto const part = static_cast<double>(gid) / static_cast<double>(cells);
        net.stimulate(hk::Cells(gid, gid + 1), hk::IClamp{.delay = 1, .dur = 1e9, .amp = 0.1 + 0.2 * part});
        for (std::size_t k = 1; k <= indegree; ++k)
            list.add({.source = static_cast<hk::Gid>((gid * 37 + k * 101 + 7) % cells),
                      .target = gid,
                      .synapse = 0,
                      .weight = 2e-4,
                      .delay = 1.5});
    }
    net.connect(list);
}

int main(int argc, char** argv) {
    std::size_t cells = 500, indegree = 40;
    double tstop = 500;
    CLI::App app{"Runs a network of calcium cells for calcium.py."};
    app.add_option("--cells", cells);
    app.add_option("--indegree", indegree, "connections to each cell");
    app.add_option("--tstop", tstop, "ms");
    CLI11_PARSE(app, argc, argv);
    try {
        hk::Network<CalciumCell> net({.dt = 0.025});
        build(net, cells, indegree);
        auto const first = net.run(0.025, {.progress = false});
        auto const begin = std::clock();
        auto const rest = net.run(tstop - 0.025, {.progress = false});
        auto const seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        std::vector<std::string> text;
        for (auto const* part : {&first, &rest})
            for (auto const& spike : *part)
                text.push_back(fmt::format("[{},{}]", std::lround(spike.time / 0.025), spike.gid));
        fmt::print("{{\"seconds\": {}, \"spikes\": [{}]}}\n", seconds, fmt::join(text, ","));
    } catch (std::exception const& error) {
        fmt::print(stderr, "peer_calcium: {}\n", error.what());
        return 1;
    }
}
