// SPDX-License-Identifier: MIT

/// The tutorial's network: 1000 cells, 80 % excitatory and 20 % inhibitory, wired at random and kicked at the
/// start. The wiring is what the tutorial's calls of numpy.random.randint give for the same seed, and the
/// stimuli are NEURON's Random123 streams, so that every spike is NEURON's. Writes spikes_1.dat and its
/// raster.

#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>

#include "program.hpp"
#include "tutorial_cell.hpp"
#include "tutorial_network.hpp"

namespace hk = hillock;

struct Options {
    hk::Gid cells = 1000;
    double tstop = 250, gexc = 3e-3;
    std::uint32_t seed = 1, stimulus_seed = 0;
    std::size_t threads = 1;
    std::string rates = "exact", output = "spikes_1.dat", picture = "03_random_network.png";
};

template <class Cell>
int simulate(Options const& o) {
    require_different_files({}, {{"--output", o.output}, {"--picture", o.picture}});
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    hk::Network<Cell> net({.stimulus_seed = o.stimulus_seed});
    auto const cells = net.template add<Cell>(o.cells);
    wire_tutorial_network(net, o.gexc, o.seed);

    hk::Interrupt const interrupt;
    auto const spikes = net.run(o.tstop, {.threads = o.threads, .stop = [&] { return interrupt.came(); }});
    hk::write_spikes(output, spikes);
    if (net.statistics().stopped) {
        print_stopped(interrupt, net.now(), o.output);
        return interrupt.exit_code();
    }
    fmt::print("{}", net.statistics().summary());
    auto const picture = hk::plot::raster(
        o.picture, spikes,
        {{"excitatory", cells.first(o.cells / 5 * 4)}, {"inhibitory", cells.last(o.cells / 5)}},
        {.title = fmt::format("{} Connor-Stevens cells wired at random", o.cells),
         .x = {"time (ms)", 0, o.tstop},
         .y = {"cell"}});
    fmt::print("{}\n{}\n", o.output, picture.message());
    return 0;
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{
        "The tutorial's random network of 1000 Connor-Stevens cells: writes its spikes and their raster."};
    app.add_option("--cells", o.cells, "number of cells, a multiple of 5, at least 50")
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms")->check(is_duration)->capture_default_str();
    app.add_option("--gexc", o.gexc, "excitatory weight in uS; the inhibitory one is 5 times as large")
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--seed", o.seed, "of the wiring, as numpy.random.seed")->capture_default_str();
    app.add_option("--stimulus-seed", o.stimulus_seed, "of the stimuli, as NEURON's Random123 global index")
        ->capture_default_str();
    app.add_option("--rates", o.rates, "exact rates, or from a table of 1 mV")
        ->capture_default_str()
        ->check(CLI::IsMember({"exact", "table"}));
    app.add_option("--threads", o.threads, "that share the work")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--output", o.output, "spike file to write")->capture_default_str();
    app.add_option("--picture", o.picture, "raster to draw")->capture_default_str();
    return run_program(app, argc, argv, [&] {
        if (o.rates == "table") return simulate<TutorialCell<hk::Tabulated<hk::ConnorStevens>>>(o);
        return simulate<TutorialCell<hk::ConnorStevens>>(o);
    });
}
