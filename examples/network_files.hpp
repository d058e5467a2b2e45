// SPDX-License-Identifier: MIT
#pragma once

/// A network of one-compartment cells that files describe: what `network` and `network_mpi` run.
///
///   connections  pre,post,synapse,weight,delay,threshold   uS, ms, mV
///                the last threshold given for a source counts; every row is a connection (but see --repeats)
///   stimuli      gid,time,synapse,weight                   arrival times of events from outside, ms and uS

#include <cstddef>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/words/ids.hpp>

#include "program.hpp"

namespace hk = hillock;

struct Options {
    std::string model, rates = "exact", precision = "double", repeats = "keep", output;
    std::optional<std::string> connections, stimuli, digests, save, restore;
    std::optional<double> save_at;
    hk::Gid cells = 0;
    double tstop = 0, dt = 0.025, threshold = -10;
    std::size_t threads = 1;
    bool balance = false;
    int digest_every = 40;
};

inline void add_options(CLI::App& app, Options& o) {
    app.add_option("--model", o.model, "channels of the cells")
        ->required()
        ->check(CLI::IsMember({"connor-stevens", "wang-buzsaki", "hodgkin-huxley"}));
    app.add_option("--rates", o.rates, "exact rates, or inf and tau from a table of 1 mV")
        ->check(CLI::IsMember({"exact", "table"}))
        ->capture_default_str();
    app.add_option("--cells", o.cells, "number of cells")->required();
    app.add_option("--connections", o.connections, "CSV file: pre,post,synapse,weight,delay,threshold");
    app.add_option("--repeats", o.repeats,
                   "rows of the same pre, post and synapse: keep them all, as NEURON does with a NetCon for "
                   "each row; replace the earlier ones by the last; or refuse the file")
        ->check(CLI::IsMember({"keep", "replace", "refuse"}))
        ->capture_default_str();
    app.add_option("--stimuli", o.stimuli, "CSV file: gid,time,synapse,weight");
    app.add_option("--tstop", o.tstop, "duration in ms")->required();
    app.add_option("--dt", o.dt, "time step in ms")->capture_default_str();
    app.add_option("--threshold", o.threshold, "of sources that the connections do not name, in mV")
        ->capture_default_str();
    app.add_option("--precision", o.precision)
        ->check(CLI::IsMember({"double", "single"}))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "of each rank")->check(CLI::Range(1, 1024))->capture_default_str();
    app.add_option("--output", o.output, "spike file to write; no other file may be the same")->required();
    app.add_flag("--balance", o.balance, "print what each rank had and did, and the time per phase");
    app.add_option("--digests", o.digests,
                   "file for digests of spikes and state, to find where two runs part; no statistics then");
    auto* const save = app.add_option("--save", o.save, "file for the state at --save-at");
    save->needs(app.add_option("--save-at", o.save_at, "when to save the state, in ms")->needs(save));
    app.add_option("--restore", o.restore,
                   "file that --save has written: go on from there, on any number of ranks and threads, with "
                   "the same other options; only the spikes from there on are written");
    app.add_option("--digest-every", o.digest_every, "steps between digests")
        ->check(CLI::Range(1, 1000000000))
        ->capture_default_str();
}

/// Runs the network on this rank.
int run_network(Options const& o, hk::AnyExchange exchange);

inline constexpr auto network_description = "Runs a network of one-compartment cells that files describe.";
