// SPDX-License-Identifier: MIT

/// A ring of branched cells that pass a spike around, the field's benchmark of cells with dendrites: a soma
/// with the channels of Hodgkin and Huxley, passive branches that fork at their ends, and a synapse in the
/// middle of the first branch, which the cell before excites. `--rings` such rings run side by side.

#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

struct BranchedCell : hk::Cell<BranchedCell> {
    hk::Section soma{"soma"};
    std::vector<hk::Section> branches;
    int compartments;

    BranchedCell(int number, int each) : compartments{each} {
        for (int k = 0; k < number; ++k) branches.push_back({.name = fmt::format("branch[{}]", k)});
    }

    auto create_sections() {
        std::vector<hk::Section*> all{&soma};
        for (auto& branch : branches) all.push_back(&branch);
        return all;
    }
    /// A binary tree: the first branch on the soma, two on each branch.
    void build_topology() {
        for (std::size_t k = 0; k < branches.size(); ++k)
            branches[k].connect(k == 0 ? soma(1) : branches[(k - 1) / 2](1));
    }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 12.6157;
        soma.Ra = 100;
        for (auto& branch : branches) {
            branch.L = 50;
            branch.diam = 1;
            branch.nseg = compartments;
            branch.Ra = 100;
        }
    }
    auto define_biophysics() {
        hk::Subset dendrites;
        for (auto const& branch : branches) dendrites.add(branch);
        return hk::biophysics(hk::insert(soma, hk::HodgkinHuxley{}),
                              hk::insert(dendrites, hk::Passive{.g = 1e-3, .e = -65}));
    }
    auto create_synapses() {
        return hk::synapses(
            hk::place(hk::ExpSyn{.tau = 2, .e = 0}, branches.empty() ? soma(0.5) : branches[0](0.5)));
    }
};

struct Options {
    hk::Gid cells = 1000, rings = 10;
    int branches = 31, compartments = 1;
    double tstop = 200, weight = 0.04, delay = 5;
    std::string output = "spikes_ring.dat";
};

void simulate(Options const& o) {
    hk::require(o.cells > 0, "--cells 0: there must be at least one");
    auto const compartments = 1 + static_cast<long>(o.branches) * o.compartments;
    hk::require(compartments <= 1000000,
                "--branches {} --compartments {}: {} compartments a cell, must be no more than 1000000",
                o.branches, o.compartments, compartments);
    hk::require(o.rings > 0 && o.cells % o.rings == 0, "--rings {}: must divide the number of cells, {}",
                o.rings, o.cells);
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    hk::Network<BranchedCell> net;
    auto const cells = net.add(o.cells, BranchedCell(o.branches, o.compartments));
    auto const length = o.cells / o.rings;
    hk::ConnectionList wiring;
    for (hk::Gid ring = 0; ring < o.rings; ++ring) {
        for (hk::Gid k = 0; k < length; ++k)
            wiring.add({.source = ring * length + k,
                        .target = ring * length + (k + 1) % length,
                        .synapse = 0,
                        .weight = o.weight,
                        .delay = o.delay});
        net.stimulate({{.gid = ring * length, .time = 1, .synapse = 0, .weight = o.weight}});
    }
    net.connect(wiring);

    auto const spikes = net.run(o.tstop);
    hk::write_spikes(output, spikes);
    auto const& statistics = net.statistics();
    fmt::print("{}compartments      {} a cell\nper compartment and step {:.3f} ns\n{}\n",
               statistics.summary(), compartments,
               statistics.ns_per_cell_step() / static_cast<double>(compartments), o.output);
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"Rings of branched cells that pass a spike around: writes their spikes and what a "
                 "compartment's step takes."};
    app.add_option("--cells", o.cells, "number of cells")->capture_default_str();
    app.add_option("--rings", o.rings, "number of rings that they form")->capture_default_str();
    app.add_option("--branches", o.branches, "branches a cell")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000000));
    app.add_option("--compartments", o.compartments, "compartments a branch")
        ->capture_default_str()
        ->check(CLI::Range(1, hk::Section::most_segments));
    app.add_option("--tstop", o.tstop, "duration in ms")->check(is_duration)->capture_default_str();
    app.add_option("--weight", o.weight, "of a connection, in uS")->check(is_number)->capture_default_str();
    app.add_option("--delay", o.delay, "of a connection, in ms")->check(is_positive)->capture_default_str();
    app.add_option("--output", o.output, "spike file to write")->capture_default_str();
    return run_program(app, argc, argv, [&] { simulate(o); });
}
