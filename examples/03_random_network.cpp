// SPDX-License-Identifier: MIT

/// The tutorial's network: 1000 cells, 80 % excitatory and 20 % inhibitory, wired at random and kicked at the start. The wiring is
/// what the tutorial's calls of numpy.random.randint give for the same seed, and the stimuli are NEURON's Random123 streams, so
/// that every spike is NEURON's. Writes spikes_1.dat and its raster.

#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>

#include "tutorial_cell.hpp"

namespace hk = hillock;

struct Options {
    hk::Gid cells = 1000;
    double tstop = 250, gexc = 3e-3;
    std::uint32_t seed = 1, stimulus_seed = 0;
    std::string rates = "exact", output = "spikes_1.dat", picture = "03_random_network.png";
};

template <class Cell>
void simulate(Options const& o) {
    hk::require(o.cells % 5 == 0 && o.cells >= 50, "--cells {}: must be a multiple of 5, at least 50", o.cells);
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    hk::Network<Cell> net({.stimulus_seed = o.stimulus_seed});
    auto const cells = net.template add<Cell>(o.cells);
    auto const excitatory = cells.first(o.cells / 5 * 4), inhibitory = cells.last(o.cells - o.cells / 5 * 4);
    net.set_threshold(cells, -10);
    net.stimulate(cells, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7}, {.synapse = 0, .weight = 5e-3, .delay = 1});

    hk::NumpyRandom numpy(o.seed);
    hk::ConnectionList wiring;  // a source drawn twice replaces itself, as in the tutorial's dictionary
    for (auto const cell : cells) {
        wiring.draw(numpy, excitatory.size() / 10, excitatory, cell, {.synapse = 0, .weight = o.gexc, .delay = 0.1});
        wiring.draw(numpy, inhibitory.size() / 10, inhibitory, cell, {.synapse = 1, .weight = 5 * o.gexc, .delay = 0.1});
    }
    net.connect(wiring);

    auto const spikes = net.run(o.tstop);
    hk::write_spikes(output, spikes);
    fmt::print("{}", net.statistics().summary());
    auto const picture = hk::plot::raster(o.picture, spikes, {{"excitatory", excitatory}, {"inhibitory", inhibitory}},
                                          {.title = fmt::format("{} Connor-Stevens cells wired at random", o.cells), .x = {"time (ms)", 0, o.tstop}, .y = {"cell"}});
    fmt::print("{}\n{}\n", o.output, picture.message());
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"The tutorial's random network of 1000 Connor-Stevens cells: writes its spikes and their raster."};
    app.add_option("--cells", o.cells, "number of cells, a multiple of 5, at least 50")->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms")->capture_default_str();
    app.add_option("--gexc", o.gexc, "excitatory weight in uS; the inhibitory one is 5 times as large")->capture_default_str();
    app.add_option("--seed", o.seed, "of the wiring, as numpy.random.seed")->capture_default_str();
    app.add_option("--stimulus-seed", o.stimulus_seed, "of the stimuli, as NEURON's Random123 global index")->capture_default_str();
    app.add_option("--rates", o.rates, "exact rates, or from a table of 1 mV")->capture_default_str()->check(CLI::IsMember({"exact", "table"}));
    app.add_option("--output", o.output, "spike file to write")->capture_default_str();
    app.add_option("--picture", o.picture, "raster to draw")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        if (o.rates == "table") simulate<TutorialCell<hk::Tabulated<hk::ConnorStevens>>>(o);
        else simulate<TutorialCell<hk::ConnorStevens>>(o);
    } catch (std::exception const& error) {
        fmt::print(stderr, "03_random_network: {}\n", error.what());
        return 1;
    }
}
