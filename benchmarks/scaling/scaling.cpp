// SPDX-License-Identifier: MIT

/// How a run gets faster on more threads and ranks: the tutorial's first network at any size, weights scaled
/// so that the drive of a cell stays the same. Prints one line: what it took, and the digests of spikes and
/// state, which must not depend on the split.

#include <cstddef>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/hillock.hpp>
#ifdef SCALING_OVER_MPI
#include <hillock/mpi.hpp>
#endif

#include "../../examples/tutorial_cell.hpp"

namespace hk = hillock;

template <class Exchange>
int scaling(int argc, char** argv, Exchange const& exchange) {
    hk::Gid cells = 10000, inputs = 1000;
    double tstop = 100, delay = 0.1;
    std::size_t threads = 1;
    bool balance = false;
    CLI::App app{
        "Runs the tutorial's network at any size on some threads and ranks; prints times and digests."};
    app.add_option("--cells", cells, "number of cells, a multiple of 5")->capture_default_str();
    app.add_option("--inputs", inputs, "of each cell, a multiple of 5")->capture_default_str();
    app.add_option("--tstop", tstop, "duration in ms")->capture_default_str();
    app.add_option("--delay", delay, "of all connections in ms")->capture_default_str();
    app.add_option("--threads", threads, "of each rank")->capture_default_str();
    app.add_flag("--balance", balance, "print what each rank had and did");
    CLI11_PARSE(app, argc, argv);

    using Cell = TutorialCell<hk::ConnorStevens>;
    hk::Network<Cell> net(exchange);
    auto const all = net.template add<Cell>(cells), excitatory = all.first(cells / 5 * 4),
               inhibitory = all.last(cells / 5);
    auto const gexc = 3e-3 * 100 / inputs;
    net.stimulate(all, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                  {.synapse = 0, .weight = 5e-3, .delay = 1});
    net.connect(excitatory, all, hk::fixed_indegree(inputs / 5 * 4),
                {.synapse = 0, .weight = gexc, .delay = delay, .threshold = -10});
    net.connect(inhibitory, all, hk::fixed_indegree(inputs / 5),
                {.synapse = 1, .weight = 5 * gexc, .delay = delay, .threshold = -10});
    auto const spikes = net.run(tstop, {.threads = threads});
    auto const loads = net.loads();
    auto const state = net.digest();
    if (net.rank() > 0) return 0;
    auto const& s = net.statistics();
    auto const epoch_us = [&](double seconds) {
        return seconds * 1e6 / static_cast<double>(loads[0].times.epochs);
    };
    fmt::print("{} ranks x {} threads: built {:.3f} s, ran {:.3f} s, {:.2f} ns per cell and step; per epoch "
               "advance {:.1f}, exchange {:.2f}, deliver {:.1f} us; "
               "{} spikes, digests {:016x} {:016x}\n",
               s.ranks, s.threads, s.build_seconds, s.run_seconds, s.ns_per_cell_step(),
               epoch_us(loads[0].times.advance), epoch_us(loads[0].times.exchange),
               epoch_us(loads[0].times.deliver), s.spikes, hk::digest(spikes), state);
    if (balance) fmt::print("{}", hk::balance(loads));
    return 0;
}

int main(int argc, char** argv) {
#ifdef SCALING_OVER_MPI
    return hk::mpi_main(argc, argv, [&](hk::MpiExchange const& world) { return scaling(argc, argv, world); });
#else
    return scaling(argc, argv, hk::SerialExchange{});
#endif
}
