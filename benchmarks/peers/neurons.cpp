// SPDX-License-Identifier: MIT

/// hillock's part in neurons.py: runs the cells of a file, prints seconds of the processor and spikes as JSON.

#include <cmath>
#include <cstddef>
#include <ctime>
#include <exception>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hillock/hillock.hpp>

namespace hk = hillock;

struct Part {
    int parent;  // -1: the root
    double at, L, diam;
    int nseg;
    bool is_active;
};

struct Neuron : hk::Cell<Neuron> {
    std::vector<Part> parts;
    std::vector<hk::Section> all;
    hk::Subset active, everywhere;

    explicit Neuron(std::vector<Part> p) : parts{std::move(p)}, all(parts.size()) {}

    auto create_sections() {
        for (std::size_t k = 0; k < all.size(); ++k) all[k].name = fmt::format("s{}", k);
        return hk::sections(all);
    }
    void build_topology() {
        for (std::size_t k = 1; k < all.size(); ++k)
            all[k].connect(all[static_cast<std::size_t>(parts[k].parent)](parts[k].at));
    }
    void build_subsets() {
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (parts[k].is_active) active.add(all[k]);
            everywhere.add(all[k]);
        }
    }
    void define_geometry() {
        for (std::size_t k = 0; k < all.size(); ++k) {
            all[k].L = parts[k].L, all[k].diam = parts[k].diam, all[k].nseg = parts[k].nseg;
            all[k].Ra = 100, all[k].cm = 1;
        }
    }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(active, hk::HodgkinHuxley{}),
                              hk::insert(everywhere, hk::Passive{.g = 1e-4, .e = -65}));
    }
    auto create_synapses() { return hk::synapses(); }
    hk::SpikeSource spike_source() { return {all[0](0.5), 0}; }
};

std::vector<Neuron> read(std::string const& name) {
    std::ifstream file(name);
    hk::require(bool(file), "{}: cannot be read", name);
    std::vector<Neuron> cells;
    for (std::size_t count = 0; file >> count;) {
        std::vector<Part> parts(count);
        for (auto& p : parts) file >> p.parent >> p.at >> p.L >> p.diam >> p.nseg >> p.is_active;
        hk::require(bool(file), "{}: ends in the middle of a cell", name);
        cells.emplace_back(std::move(parts));
    }
    return cells;
}

int main(int argc, char** argv) {
    std::string file, lanes = "chosen";
    std::size_t copies = 1;
    double tstop = 100, amp = 1;
    CLI::App app{"Runs the cells of a file for neurons.py."};
    app.add_option("file", file,
                   "cells: how many sections; of each parent, x there, L, diam, nseg, whether it is active")
        ->required();
    app.add_option("--copies", copies, "of each cell");
    app.add_option("--tstop", tstop, "ms");
    app.add_option("--amp", amp, "nA into each soma");
    app.add_option("--lanes", lanes)->check(CLI::IsMember({"chosen", "across", "along"}));
    CLI11_PARSE(app, argc, argv);
    try {
        hk::Network<Neuron> net({.lanes = lanes == "chosen"   ? hk::Lanes::chosen
                                          : lanes == "across" ? hk::Lanes::across_cells
                                                              : hk::Lanes::along_cell});
        for (auto const& cell : read(file)) net.add(copies, cell);
        net.stimulate(net.cells(), hk::IClamp{.delay = 1, .dur = 1e9, .amp = amp});
        auto const spikes = net.run(0.025, {.progress = false});
        auto const begin = std::clock();
        auto const rest = net.run(tstop - 0.025, {.progress = false});
        auto const seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        std::vector<std::pair<long, hk::Gid>> found;
        for (auto const* part : {&spikes, &rest})
            for (auto const& spike : *part) found.emplace_back(std::lround(spike.time / 0.025), spike.gid);
        std::vector<std::string> text;
        for (auto const& [step, gid] : found) text.push_back(fmt::format("[{},{}]", step, gid));
        fmt::print("{{\"seconds\": {}, \"spikes\": [{}]}}\n", seconds, fmt::join(text, ","));
    } catch (std::exception const& error) {
        fmt::print(stderr, "peer_neurons: {}\n", error.what());
        return 1;
    }
}
