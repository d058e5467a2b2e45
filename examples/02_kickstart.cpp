// SPDX-License-Identifier: MIT

/// 1000 cells without a connection, each kicked by a random stimulus of its own during the first 7 ms: what
/// the network of the next example starts from. Writes spikes_0.dat and its raster.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>

#include "program.hpp"
#include "tutorial_cell.hpp"

namespace hk = hillock;

int main(int argc, char** argv) {
    hk::Gid n = 1000;
    double tstop = 50;
    CLI::App app{
        "1000 unconnected cells kicked by random stimuli: writes spikes_0.dat and 02_kickstart.png."};
    app.add_option("--cells", n, "number of cells")->capture_default_str();
    app.add_option("--tstop", tstop, "duration in ms")->check(is_duration)->capture_default_str();
    return run_program(app, argc, argv, [&] {
        using Cell = TutorialCell<hk::ConnorStevens>;
        hk::Network<Cell> net;
        auto const cells = net.add<Cell>(n);
        net.set_threshold(cells, -10);
        net.stimulate(cells, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                      {.synapse = 0, .weight = 5e-3, .delay = 1});

        auto const spikes = net.run(tstop);
        hk::write_spikes("spikes_0.dat", spikes);
        fmt::print("{}", net.statistics().summary());
        auto const picture = hk::plot::raster(
            "02_kickstart.png", spikes, {},
            {.title = "Kickstart, no connections", .x = {"time (ms)", 0, tstop}, .y = {"cell"}});
        fmt::print("spikes_0.dat\n{}\n", picture.message());
    });
}
