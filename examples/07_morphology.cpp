// SPDX-License-Identifier: MIT

/// Cells of several sections: a ball and stick, and a branched cell with synapses on its dendrites. Writes
/// the voltage at several places as NEURON computes it, and draws it.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/shape.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// A soma with the channels of Hodgkin and Huxley and one passive dendrite, with an electrode at its tip.
struct BallAndStick : hk::Cell<BallAndStick> {
    hk::Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return hk::sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 12.6157;  // um
        dend.L = 200;
        dend.diam = 1;
        dend.nseg = 101;          // hk::d_lambda(dend) would say 7
        soma.Ra = dend.Ra = 100;  // ohm cm
    }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(soma, hk::HodgkinHuxley{}),
                              hk::insert(dend, hk::Passive{.g = 1e-3, .e = -65}));
    }
    auto create_synapses() { return hk::synapses(hk::place(hk::ExpSyn{.tau = 2, .e = 0}, dend(0.7))); }
    auto create_stimuli() {
        return hk::stimuli(
            hk::stimulus(hk::IClamp{.delay = 5, .dur = 1, .amp = 0.1, .where = "dend(1)"}, {}));
    }
};

/// Dendrites at both ends of the soma and on a dendrite, channels on some, passive others, with a synapse
/// here and there.
struct Branched : hk::Cell<Branched> {
    hk::Section soma{"soma"}, trunk{"trunk"}, tuft1{"tuft1"}, tuft2{"tuft2"}, oblique{"oblique"},
        basal1{"basal1"}, basal2{"basal2"};
    hk::Subset passive;

    auto create_sections() { return hk::sections(soma, trunk, tuft1, tuft2, oblique, basal1, basal2); }
    void build_topology() {
        trunk.connect(soma(1));
        tuft1.connect(trunk(1));
        tuft2.connect(trunk(1));
        oblique.connect(trunk(0.3));
        basal1.connect(soma(0));
        basal2.connect(soma(0));
    }
    void build_subsets() { passive = {tuft1, tuft2, oblique, basal1, basal2}; }
    void define_geometry() {
        auto const shape = [](hk::Section& s, double L, double diam, int nseg, double Ra, double cm) {
            s.L = L, s.diam = diam, s.nseg = nseg, s.Ra = Ra, s.cm = cm;
        };
        shape(soma, 20, 20, 1, 100, 1);
        shape(trunk, 300, 3, 15, 120, 1.5);
        shape(tuft1, 150, 1, 9, 150, 1.5);
        shape(tuft2, 100, 0.8, 7, 150, 1.5);
        shape(oblique, 120, 1.2, 5, 150, 1.5);
        shape(basal1, 180, 1.5, 11, 110, 1);
        shape(basal2, 90, 1, 1, 110, 1);
    }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(soma, hk::ConnorStevens{}),
                              hk::insert(trunk, hk::HodgkinHuxley{.gnabar = 0.03, .gkbar = 0.01}),
                              hk::insert(passive, hk::Passive{.g = 1e-4, .e = -65}));
    }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, tuft1(0.7)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, basal1(0.5)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.5, .tau2 = 5, .e = 0}, oblique(0.9)));
    }
    auto create_stimuli() {
        return hk::stimuli(hk::stimulus(hk::IClamp{.delay = 40, .dur = 20, .amp = 0.8}, {}));
    }
};

/// The stimuli of a cell, and the numbers that are read from it.
struct Experiment {
    double tstop, shape_at;  // ms
    std::vector<std::string> places;
    std::vector<hk::ExternalEvent> events;
};

/// "dend(0.5)" as the column of a table: "dend_0.5".
std::string column(std::string place) {
    place.back() = ' ';
    place[place.find('(')] = '_';
    return place.substr(0, place.size() - 1);
}

template <class Cell>
void simulate(std::string const& name, Experiment const& experiment, std::string const& output) {
    require_different_files({}, {{"--output", output},
                                 {"the picture", "07_" + name + ".png"},
                                 {"the picture", "07_" + name + "_shape.png"}});
    hk::OutputFile file(output);
    hk::Network<Cell> net;
    net.template add<Cell>(1);
    net.stimulate(experiment.events);
    std::vector<std::shared_ptr<hk::Trace const>> traces;
    for (auto const& place : experiment.places) traces.push_back(net.probe(0, place + ".v"));
    fmt::print("{}", psection(net.template anatomy<Cell>()));

    net.run(experiment.shape_at);
    auto const shape = hk::plot::shape(
        "07_" + name + "_shape.png", *net.template anatomy<Cell>().sections,
        [&](hk::Segment s) { return net.get(0, fmt::format("{}({}).v", s.section->name, s.x)); },
        {.title = fmt::format("V at {} ms", experiment.shape_at), .height = 600});
    net.run(experiment.tstop - experiment.shape_at);

    file.print("t");
    for (auto const& place : experiment.places) file.print(",{}", column(place));
    for (std::size_t k = 0; k < traces[0]->times.size(); ++k) {
        file.print("\n{:.3f}", traces[0]->times[k]);
        for (auto const& trace : traces) file.print(",{:.15g}", trace->values[k]);
    }
    file.print("\n");
    file.commit();

    std::vector<hk::plot::Curve> curves;
    for (std::size_t k = 0; k < traces.size(); ++k)
        curves.push_back({experiment.places[k], traces[k]->times, traces[k]->values});
    auto const voltages = hk::plot::lines(
        "07_" + name + ".png", curves, {.title = "V at several places", .x = {"time (ms)"}, .y = {"V (mV)"}});
    fmt::print("{}\n{}\n{}\n", output, voltages.message(), shape.message());
}

int main(int argc, char** argv) {
    std::string cell = "ball_and_stick", output;
    CLI::App app{"Cells of several sections: writes their voltage at several places, and draws it."};
    app.add_option("--cell", cell, "which cell")
        ->capture_default_str()
        ->check(CLI::IsMember({"ball_and_stick", "branched"}));
    app.add_option("--output", output, "table to write; CELL.csv if not given");
    return run_program(app, argc, argv, [&] {
        if (output.empty()) output = cell + ".csv";
        if (cell == "branched")
            simulate<Branched>(cell,
                               {.tstop = 70,
                                .shape_at = 45,
                                .places = {"soma(0.5)", "trunk(0.5)", "tuft1(1)", "tuft1(0.7)", "tuft2(0.5)",
                                           "oblique(0.9)", "basal1(0.5)", "basal2(0.5)"},
                                .events = {{0, 5, 0, 2e-2},
                                           {0, 8, 0, 2e-2},
                                           {0, 12, 2, 1e-2},
                                           {0, 14, 1, 1e-2},
                                           {0, 30, 0, 3e-2},
                                           {0, 30, 2, 3e-2}}},
                               output);
        else
            simulate<BallAndStick>(
                cell,
                {.tstop = 25, .shape_at = 6, .places = {"soma(0.5)", "dend(0.5)", "dend(1)"}, .events = {}},
                output);
    });
}
