// SPDX-License-Identifier: MIT

/// A cell whose sections come from an SWC file: channels by kind of section, fewer of them with distance from
/// the soma, as many segments as the d_lambda rule asks for, a synapse far out, and an electrode in the soma.

#include <cmath>
#include <filesystem>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/shape.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// Only the types of the mechanisms are fixed before the program runs; sections and places come from the
/// file.
struct NeuronFromFile : hk::Cell<NeuronFromFile> {
    hk::Morphology shape;
    double d_lambda;

    NeuronFromFile(hk::Morphology morphology, double d) : shape{std::move(morphology)}, d_lambda{d} {}

    auto create_sections() { return hk::sections(shape); }
    void build_topology() {}  // the file's
    void build_subsets() {}   // shape.soma(), axon(), dend(), apic(), of_type(7)
    void define_geometry() {
        for (auto& section : shape) {
            section.Ra = 120;
            section.nseg = hk::d_lambda(section, d_lambda);
        }
    }
    auto define_biophysics() {
        auto const& root = shape.root();
        auto const fade = [&](hk::Segment s, hk::HodgkinHuxley& hh) {
            hh.gnabar *= std::exp(-hk::distance(root(0.5), s) / 100);
        };
        return hk::biophysics(
            hk::insert(shape.all(), hk::Passive{.g = 5e-5, .e = -65}),
            hk::insert(shape.soma(), hk::HodgkinHuxley{}), hk::insert(shape.axon(), hk::HodgkinHuxley{}),
            hk::insert(shape.apic(), hk::HodgkinHuxley{.gnabar = 0.06, .gkbar = 0.018}, fade));
    }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.5, .tau2 = 3, .e = 0}, farthest()));
    }

    /// The last segment of the section that reaches farthest from the root. In its middle: the axial
    /// resistance to the very end of a tip of radius 0 is infinite.
    hk::Segment farthest() const {
        auto const* end = &shape.root();
        auto const reach = [&](hk::Section const& section) {
            return hk::distance(shape.root()(0.5), section(1));
        };
        for (auto const& section : shape)
            if (reach(section) > reach(*end)) end = &section;
        return end->segment(end->nseg - 1);
    }
};

struct Options {
    std::string file, output = "09_swc.csv";
    hk::SwcOptions swc;
    double d_lambda = 0.1, amp = 1, weight = 5e-3, tstop = 40, shape_at = 7;
};

void simulate(Options const& o) {
    require_different_files(
        {{"file", o.file}},
        {{"--output", o.output}, {"the picture", "09_swc.png"}, {"the picture", "09_swc_shape.png"}});
    hk::OutputFile output(o.output);
    NeuronFromFile const neuron(hk::read_swc(o.file, o.swc), o.d_lambda);
    for (auto const& notice : neuron.shape.notices) fmt::print("notice: {}\n", notice);
    hk::Network<NeuronFromFile> net;
    net.add(1, neuron);
    auto const& cell = net.anatomy<NeuronFromFile>();
    int segments = 0;
    double length = 0, area = 0;
    for (auto const& section : *cell.sections) {
        segments += section.nseg;
        length += section.L;
        for (auto const& segment : section.shapes()) area += segment.area;
    }
    fmt::print("{} sections, {} segments, {:.6g} um, {:.6g} um2\n", cell.sections->size(), segments, length,
               area);

    net.stimulate(net.cells(), hk::IClamp{.delay = 5, .dur = 2, .amp = o.amp});
    net.stimulate({{.gid = 0, .time = 20, .synapse = 0, .weight = o.weight}});
    auto const& far = cell.synlist[0].where;
    auto const far_name = fmt::format("{}({:.4g})", far.section->name, far.x);
    auto const soma = net.probe(0, "v"), dendrite = net.probe(0, far_name + ".v");
    auto const voltage = [&](hk::Segment s) {
        return net.get(0, fmt::format("{}({}).v", s.section->name, s.x));
    };

    auto spikes = net.run(o.shape_at);
    auto const shape =
        hk::plot::shape("09_swc_shape.png", *cell.sections, voltage,
                        {.title = fmt::format("V at {} ms", o.shape_at), .width = 900, .height = 1100});
    auto const more = net.run(o.tstop - o.shape_at);
    spikes.insert(spikes.end(), more.begin(), more.end());
    for (auto const& spike : spikes) fmt::print("spike at {:.3f} ms\n", spike.time);

    output.print("t,soma,{}\n", far_name);
    for (std::size_t k = 0; k < soma->times.size(); ++k)
        output.print("{:.3f},{:.15g},{:.15g}\n", soma->times[k], soma->values[k], dendrite->values[k]);
    output.commit();
    auto const traces = hk::plot::lines(
        "09_swc.png", {{"soma", soma->times, soma->values}, {far_name, dendrite->times, dendrite->values}},
        {.title = std::filesystem::path(o.file).filename().string(),
         .x = {"time (ms)"},
         .y = {"V (mV)"},
         .height = 500});
    fmt::print("{}\n{}\n{}\n", o.output, traces.message(), shape.message());
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"A cell from an SWC file: writes and draws its voltage, and draws its shape."};
    app.add_option("file", o.file, "SWC file, for example examples/pyramidal.swc")
        ->required()
        ->check(CLI::ExistingFile);
    app.add_option("--min-radius", o.swc.min_radius, "in um; smaller radii become this, 0 too")
        ->capture_default_str();
    std::string other_roots = "refuse";
    app.add_option("--other-roots", other_roots,
                   "more trees in the file: refuse, attach (to soma(0.5)) or drop them")
        ->check(CLI::IsMember({"refuse", "attach", "drop"}))
        ->capture_default_str();
    app.add_flag("--import3d", o.swc.import3d,
                 "makes the sections of NEURON's Import3d also where hillock's differ");
    app.add_option("--d-lambda", o.d_lambda,
                   "longest segment, as a fraction of the length constant at 100 Hz")
        ->capture_default_str();
    app.add_option("--amp", o.amp, "current of the electrode in the soma from 5 to 7 ms, in nA")
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--weight", o.weight, "weight of the event at 20 ms on the farthest segment, in uS")
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms")->check(is_duration)->capture_default_str();
    app.add_option("--shape-at", o.shape_at, "time at which the shape is drawn, in ms, before the end")
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--output", o.output, "table to write")->capture_default_str();
    return run_program(app, argc, argv, [&] {
        if (other_roots == "attach") o.swc.other_roots = hk::OtherRoots::attach;
        if (other_roots == "drop") o.swc.other_roots = hk::OtherRoots::drop;
        hk::require(o.shape_at > 0 && o.shape_at < o.tstop, "--shape-at {}: must be between 0 and --tstop {}",
                    o.shape_at, o.tstop);
        simulate(o);
    });
}
