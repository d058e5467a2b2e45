// SPDX-License-Identifier: MIT

/// Cells as objects: a cell type by the Template Method, a type derived from it, what is in them, and one of
/// them at work.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// A cell type fills in the steps; hk::Cell runs them in this order, once for the type.
struct ConnorStevensCell : hk::Cell<ConnorStevensCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}  // one compartment: nothing to connect
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::ConnorStevens{})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)));
    }
};

/// A cell type derived from another replaces the steps that differ: a smaller soma, spikes read at -10 mV, a
/// stimulus of its own.
struct SmallCell : ConnorStevensCell {
    void define_geometry() { soma.L = soma.diam = 10; }
    hk::SpikeSource spike_source() { return {soma(0.5), -10}; }
    auto create_stimuli() {
        return hk::stimuli(hk::stimulus(hk::NetStim{.interval = 10, .start = 5, .number = 3},
                                        {.synapse = 0, .weight = 1e-2, .delay = 1}));
    }
};

int main(int argc, char** argv) {
    CLI::App app{"Cells as objects: writes 01_cell_objects.png, the voltage of two cells."};
    return run_program(app, argc, argv, [&] {
        auto const cell1 = hk::assemble<ConnorStevensCell>();
        fmt::print("{}", psection(cell1));
        // soma: L=15 um, diam=15 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2
        //   ConnorStevens: gnabar=0.12 S/cm2, gkbar=0.02 S/cm2, gabar=0.0477 S/cm2, gl=0.0003 S/cm2, ena=50 mV, ...
        //   synapse 0 at 0.5, Exp2Syn: tau1=0.1 ms, tau2=2 ms, e=0 mV
        //   synapse 1 at 0.5, Exp2Syn: tau1=0.1 ms, tau2=2 ms, e=-75 mV
        //   spikes read at 0.5, threshold 10 mV
        fmt::print("reversal potentials of the synapses: {} and {} mV\n", cell1.synlist[0].e,
                   cell1.synlist[1].e);
        // reversal potentials of the synapses: 0 and -75 mV

        hk::Network<ConnorStevensCell, SmallCell> net;
        auto const large = net.add<ConnorStevensCell>(1), small = net.add<SmallCell>(1);
        net.stimulate(large, hk::IClamp{.delay = 5, .dur = 30, .amp = 0.4});
        auto const v_large = net.probe(large[0], "v"), v_small = net.probe(small[0], "v");
        for (auto const& [time, gid] : net.run(50)) fmt::print("cell {} spikes at {:.3f} ms\n", gid, time);
        // cell 0 spikes at 7.225 ms ...

        auto const picture = hk::plot::lines(
            "01_cell_objects.png",
            {{"15 um, 0.4 nA from 5 to 35 ms", v_large->times, v_large->values},
             {"10 um, three synaptic events", v_small->times, v_small->values}},
            {.title = "Two Connor-Stevens cells", .x = {"time (ms)"}, .y = {"V (mV)"}, .height = 500});
        fmt::print("{}\n", picture.message());
    });
}
