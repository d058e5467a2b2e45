// SPDX-License-Identifier: MIT

/// The tutorial's random network on several ranks: mpirun -n 4 04_parallel. Each rank holds every fourth cell
/// and the connections onto it; the spikes are those of 03_random_network, bit for bit, whatever the number
/// of ranks and threads. Rank 0 writes spikes_1.dat.

#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/mpi.hpp>

#include "program.hpp"
#include "tutorial_cell.hpp"
#include "tutorial_network.hpp"

namespace hk = hillock;

struct Options {
    hk::Gid cells = 1000;
    double tstop = 250, gexc = 3e-3;
    std::uint32_t seed = 1;
    std::size_t threads = 1;
    std::string output = "spikes_1.dat";
};

int simulate(Options const& o, hk::MpiExchange const& world) {
    std::optional<hk::OutputFile> output;
    if (world.rank() == 0) output.emplace(o.output);  // before the work, so that it is not in vain

    hk::Network<TutorialCell<hk::ConnorStevens>> net{world};
    net.add<TutorialCell<hk::ConnorStevens>>(o.cells);
    wire_tutorial_network(net, o.gexc, o.seed);

    hk::Interrupt const interrupt;
    auto const spikes = net.run(o.tstop, {.threads = o.threads, .stop = [&] { return interrupt.came(); }});
    auto const loads = net.loads();
    if (output) {
        hk::write_spikes(*output, spikes);
        fmt::print("{}\n{}{}: {} spikes\n", net.statistics().summary(), hk::balance(loads), o.output,
                   spikes.size());
        if (net.statistics().stopped) print_stopped(interrupt, net.now(), o.output);
    }
    return net.statistics().stopped ? interrupt.exit_code() : 0;
}

int main(int argc, char** argv) {
    return hk::mpi_main(argc, argv, [&](hk::MpiExchange const& world) {
        Options o;
        CLI::App app{
            "The tutorial's random network on several ranks: writes its spikes. mpirun -n 4 04_parallel"};
        app.add_option("--cells", o.cells, "number of cells, a multiple of 5, at least 50")
            ->capture_default_str();
        app.add_option("--tstop", o.tstop, "duration in ms")->check(is_duration)->capture_default_str();
        app.add_option("--gexc", o.gexc, "excitatory weight in uS; the inhibitory one is 5 times as large")
            ->check(is_number)
            ->capture_default_str();
        app.add_option("--seed", o.seed, "of the wiring, as numpy.random.seed")->capture_default_str();
        app.add_option("--threads", o.threads, "of each rank")
            ->check(CLI::Range(1, 1024))
            ->capture_default_str();
        app.add_option("--output", o.output, "spike file to write")->capture_default_str();
        return run_with_options(
            app, argc, argv, [&] { return simulate(o, world); }, world.rank() == 0);
    });
}
