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

#include <sys/resource.h>

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

/// A tree of a file; the types differ in their channels.
template <class Derived>
struct Tree : hk::Cell<Derived> {
    std::vector<Part> parts;
    std::vector<hk::Section> all;
    hk::Subset active, everywhere;

    explicit Tree(std::vector<Part> p) : parts{std::move(p)}, all(parts.size()) {}

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
    auto create_synapses() { return hk::synapses(); }
    hk::SpikeSource spike_source() { return {all[0](0.5), 0}; }
};

struct Neuron : Tree<Neuron> {
    using Tree::Tree;
    auto define_biophysics() {
        return hk::biophysics(hk::insert(active, hk::HodgkinHuxley{}),
                              hk::insert(everywhere, hk::Passive{.g = 1e-4, .e = -65}));
    }
};

/// Six channels and the calcium that one lets in and another one sees.
struct Cortical : Tree<Cortical> {
    using Tree::Tree;
    auto define_biophysics() {
        return hk::biophysics(
            hk::insert(everywhere, hk::Passive{.g = 1e-4, .e = -65}),
            hk::insert(active, hk::TransientSodium{.gbar = 0.1}), hk::insert(active, hk::Kv3{.gbar = 0.02}),
            hk::insert(active, hk::HighThresholdCalcium{.gbar = 5e-5}),
            hk::insert(active, hk::CalciumPool{.gamma = 5e-4}), hk::insert(active, hk::SK{.gbar = 1e-4}),
            hk::insert(active, hk::HCurrent{.gbar = 1e-5}), hk::insert(active, hk::MCurrent{.gbar = 1e-4}));
    }
};

template <class Type>
std::vector<Type> read(std::string const& name) {
    std::ifstream file(name);
    hk::require(bool(file), "{}: cannot be read", name);
    std::vector<Type> cells;
    for (std::size_t count = 0; file >> count;) {
        std::vector<Part> parts(count);
        for (auto& p : parts) file >> p.parent >> p.at >> p.L >> p.diam >> p.nseg >> p.is_active;
        hk::require(bool(file), "{}: ends in the middle of a cell", name);
        cells.emplace_back(std::move(parts));
    }
    return cells;
}

struct Options {
    std::string file, lanes = "chosen";
    std::size_t copies = 1;
    double tstop = 100, amp = 1;
    bool cortical = false, single = false;
};

double processor() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Net, class Type>
void run(Options const& o) {
    auto const cells = read<Type>(o.file);
    auto const begin = processor();
    Net net({.lanes = o.lanes == "chosen"   ? hk::Lanes::chosen
                      : o.lanes == "across" ? hk::Lanes::across_cells
                                            : hk::Lanes::along_cell});
    for (auto const& cell : cells) net.add(o.copies, cell);
    if (o.cortical) net.set(net.cells(), "celsius", 34);
    net.stimulate(net.cells(), hk::IClamp{.delay = 1, .dur = 1e9, .amp = o.amp});
    auto const spikes = net.run(0.025, {.progress = false});
    auto const started = processor();
    auto const rest = net.run(o.tstop - 0.025, {.progress = false});
    auto const seconds = processor() - started;
    std::vector<std::string> text;
    for (auto const* part : {&spikes, &rest})
        for (auto const& spike : *part)
            text.push_back(fmt::format("[{},{}]", std::lround(spike.time / 0.025), spike.gid));
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    fmt::print("{{\"start\": {}, \"seconds\": {}, \"megabytes\": {}, \"spikes\": [{}]}}\n", started - begin,
               seconds, static_cast<double>(used.ru_maxrss) / 1024, fmt::join(text, ","));
}

template <class Type>
void run(Options const& o) {
    o.single ? run<hk::SingleNetwork<Type>, Type>(o) : run<hk::Network<Type>, Type>(o);
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"Runs the cells of a file for neurons.py."};
    app.add_option("file", o.file,
                   "cells: how many sections; of each parent, x there, L, diam, nseg, whether it is active")
        ->required();
    app.add_option("--copies", o.copies, "of each cell");
    app.add_option("--tstop", o.tstop, "ms");
    app.add_option("--amp", o.amp, "nA into each soma");
    app.add_option("--lanes", o.lanes)->check(CLI::IsMember({"chosen", "across", "along"}));
    app.add_flag("--cortical", o.cortical, "six channels and calcium where Hodgkin's and Huxley's would be");
    app.add_flag("--single", o.single, "in single precision");
    CLI11_PARSE(app, argc, argv);
    try {
        o.cortical ? run<Cortical>(o) : run<Neuron>(o);
    } catch (std::exception const& error) {
        fmt::print(stderr, "peer_neurons: {}\n", error.what());
        return 1;
    }
}
