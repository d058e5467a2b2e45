// SPDX-License-Identifier: MIT

/// The four classes of cortical cells of Pospischil et al., "Minimal Hodgkin-Huxley type models for different
/// classes of cortical and thalamic neurons", Biol Cybern 99:427 (2008), from the library's mechanisms: regular
/// spiking, fast spiking, intrinsically bursting, low-threshold spiking. Each answers a step of current.
/// Writes 12_cortical_cells.png.
///
/// They are prototypes of one cell type: what a class lacks has a conductance of 0. Conductances are those of
/// the authors' programs, but for the bursting cell's calcium (there 2.2e-4 S/cm2), with which bursts are
/// longer. The calcium pool has no pump and lets calcium out as well as in.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// A single compartment; conductances in S/cm2.
struct Cortical : hk::Cell<Cortical> {
    double diam = 96, gl = 1e-5, el = -85, gkbar = 0.005, gm = 3e-5, gl_ca = 0, gt_ca = 0;
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = diam; }
    auto define_biophysics() {
        return hk::biophysics(
            hk::insert(soma, hk::TraubMiles{.gnabar = 0.05, .gkbar = gkbar, .gl = gl, .el = el, .VT = -55}),
            hk::insert(soma, hk::MCurrent{.gbar = gm}),
            hk::insert(soma, hk::CalciumPool{.gamma = 1, .depth = 1, .tau = 5, .rest = 2.4e-4}),
            hk::insert(soma, hk::HighThresholdCalcium{.gbar = gl_ca}),
            hk::insert(soma, hk::TCurrent{.gbar = gt_ca}));
    }
    auto create_synapses() { return hk::synapses(); }
};

/// A class of cells and the step of current that it is shown with.
struct Class {
    std::string name;
    Cortical cell;
    hk::IClamp current;
};

std::vector<Class> classes() {
    Cortical regular, fast, bursting, low_threshold;
    regular.gl = 1e-4, regular.el = -70, regular.gm = 7e-5;
    fast.diam = 67, fast.gl = 1.5e-4, fast.el = -70, fast.gkbar = 0.01, fast.gm = 0;
    bursting.gl_ca = 3e-4;
    low_threshold.gt_ca = 1e-3;
    return {{"regular spiking, 0.75 nA", regular, {.delay = 200, .dur = 400, .amp = 0.75}},
            {"fast spiking, 0.5 nA", fast, {.delay = 200, .dur = 400, .amp = 0.5}},
            {"intrinsically bursting, 0.2 nA", bursting, {.delay = 200, .dur = 400, .amp = 0.2}},
            {"low-threshold spiking, 0.15 nA", low_threshold, {.delay = 200, .dur = 400, .amp = 0.15}}};
}

int main(int argc, char** argv) {
    double tstop = 1000;
    CLI::App app{"Four classes of cortical cells and a step of current: writes 12_cortical_cells.png."};
    app.add_option("--tstop", tstop, "duration in ms")->check(is_duration)->capture_default_str();
    return run_program(app, argc, argv, [&] {
        hk::Network<Cortical> net;
        std::vector<std::shared_ptr<hk::Trace const>> traces;
        auto const all = classes();
        for (auto const& one : all) {
            auto const cell = net.add<Cortical>(1, one.cell);
            net.set(cell, "v_init", one.cell.el);
            net.stimulate(cell, one.current);
            traces.push_back(net.probe(cell[0], "v"));
        }
        net.set(net.cells(), "celsius", 36);
        net.set(net.cells(), "ek", -100);  // of the ion, and of TraubMiles
        auto const spikes = net.run(tstop);

        constexpr double apart = 150;  // mV between the curves
        std::vector<hk::plot::Curve> curves;
        for (std::size_t k = 0; k < all.size(); ++k) {
            curves.push_back({all[k].name, traces[k]->times, traces[k]->values});
            for (auto& v : curves.back().y) v -= apart * static_cast<double>(k);
            auto const count =
                std::count_if(spikes.begin(), spikes.end(), [&](auto const& s) { return s.gid == k; });
            fmt::print("{}: {} spikes\n", all[k].name, count);
        }
        auto const picture =
            hk::plot::lines("12_cortical_cells.png", curves,
                            {.title = "Cortical cells of Pospischil et al. (2008)",
                             .x = {"time (ms)", 0, tstop},
                             .y = {fmt::format("V (mV), each {:g} mV below the one before", apart)}});
        fmt::print("{}\n", picture.message());
    });
}
