// SPDX-License-Identifier: MIT

/// Variants of a pyramidal cell: conductances drawn at random, many cells at a time in the lanes, and of
/// each variant features of its answer to a current, found while it runs. Writes the table 13_sweep.csv
/// and draws the rate over two of the conductances as 13_sweep.png. In single precision it takes half the
/// time and counts the same spikes.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/sweep.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// Strong channels in the soma, weak ones in the apical dendrite, leaks everywhere. 62 segments.
struct Pyramidal : hk::Cell<Pyramidal> {
    hk::Section soma{"soma"}, trunk{"trunk"}, tuft1{"tuft1"}, tuft2{"tuft2"}, oblique{"oblique"},
        basal1{"basal1"}, basal2{"basal2"}, basal3{"basal3"};
    hk::Subset all, apical;

    auto create_sections() {
        return hk::sections(soma, trunk, tuft1, tuft2, oblique, basal1, basal2, basal3);
    }
    void build_topology() {
        trunk.connect(soma(1));
        tuft1.connect(trunk(1));
        tuft2.connect(trunk(1));
        oblique.connect(trunk(0.5));
        basal1.connect(soma(0));
        basal2.connect(soma(0));
        basal3.connect(soma(0));
    }
    void build_subsets() {
        for (auto* section : {&trunk, &tuft1, &tuft2, &oblique}) apical.add(*section), all.add(*section);
        for (auto* section : {&soma, &basal1, &basal2, &basal3}) all.add(*section);
    }
    void define_geometry() {
        soma.L = soma.diam = 20;  // um
        trunk.L = 400, trunk.diam = 3, trunk.nseg = 15;
        for (auto* section : {&tuft1, &tuft2}) section->L = 200, section->diam = 1, section->nseg = 9;
        for (auto* section : {&oblique, &basal1, &basal2, &basal3})
            section->L = 150, section->diam = 1.5, section->nseg = 7;
        for (auto* section : {&soma, &trunk, &tuft1, &tuft2, &oblique, &basal1, &basal2, &basal3})
            section->Ra = 100;  // ohm cm
    }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(all, hk::Passive{.g = 1e-4, .e = -65}),
                              hk::insert(soma, hk::HodgkinHuxley{}),
                              hk::insert(apical, hk::HodgkinHuxley{.gnabar = 0.02, .gkbar = 0.01, .gl = 0}));
    }
    auto create_synapses() { return hk::synapses(); }
};

struct Options {
    std::size_t variants = 2000, threads = 1;
    std::uint32_t seed = 1;
    double tstop = 200, amp = 1;  // ms, nA
    std::string precision = "double", output = "13_sweep.csv";
};

void show(std::size_t done, std::size_t all) {
    if (isatty(STDERR_FILENO) != 0)
        fmt::print(stderr, "\r{} of {} variants{}", done, all, done == all ? "\n" : "");
}

void simulate(Options const& o) {
    require_different_files({}, {{"--output", o.output}, {"the picture", "13_sweep.png"}});
    hk::OutputFile output(o.output);  // complains before the run
    // Maximal conductances in S/cm2. A grid would be hk::grid({{"soma.gnabar", {0.1, 0.2, 0.3}}, ...}).
    auto const variants = hk::random_draws(o.variants,
                                           {{"soma.gnabar", hk::Uniform{0.05, 0.4}},
                                            {"soma.gkbar", hk::Uniform{0.01, 0.1}},
                                            {"trunk.gnabar", hk::Uniform{0, 0.04}},
                                            {"Passive.g", hk::Uniform{5e-5, 2e-4}}},
                                           o.seed);
    double seconds = 0;
    hk::SweepOptions const options{.currents = {{.delay = 20, .dur = o.tstop, .amp = o.amp}},
                                   .duration = o.tstop,
                                   .from = 20,
                                   .threads = o.threads,
                                   .progress = show};
    auto const table = [&] {
        hk::scheduling::Stopwatch const watch(seconds);
        return o.precision == "single"
                   ? hk::sweep<hk::SingleNetwork<Pyramidal>>(Pyramidal{}, variants, options)
                   : hk::sweep(Pyramidal{}, variants, options);
    }();
    hk::write_sweep(output, table);
    std::size_t silent = 0;
    for (auto const& each : table.features) silent += each.spikes == 0;
    fmt::print("{} variants, of which {} are silent, {} ms each: {:.3g} s\n", o.variants, silent, o.tstop,
               seconds);
    auto const picture = hk::plot::sweep("13_sweep.png", table, "soma.gnabar", "soma.gkbar", "rate",
                                         {.title = fmt::format("Rate (spikes/s) at {} nA", o.amp),
                                          .x = {"soma.gnabar (S/cm2)"},
                                          .y = {"soma.gkbar (S/cm2)"}});
    fmt::print("{}\n{}\n", o.output, picture.message());
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"Variants of a pyramidal cell's conductances: features of each, as a table and a picture."};
    app.add_option("--variants", o.variants, "how many")
        ->check(CLI::Range(std::size_t{1}, std::size_t{10'000'000}))
        ->capture_default_str();
    app.add_option("--seed", o.seed, "of the draws")->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration of each in ms, from 20 ms on with the current")
        ->check(CLI::Range(21., 1e6))
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--amp", o.amp, "current in nA")->check(is_number)->capture_default_str();
    app.add_option("--precision", o.precision)
        ->check(CLI::IsMember({"double", "single"}))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "number of threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--output", o.output, "table to write")->capture_default_str();
    return run_program(app, argc, argv, [&] { simulate(o); });
}
