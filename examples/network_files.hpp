// SPDX-License-Identifier: MIT
#pragma once

/// A network of one-compartment cells that files describe: what `network` and `network_mpi` run.
///
///   connections  pre,post,synapse,weight,delay,threshold   uS, ms, mV
///                the last threshold given for a source counts; every row is a connection (but see --repeats)
///   stimuli      gid,time,synapse,weight                   arrival times of events from outside, ms and uS

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/files/csv.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"
#include "tutorial_cell.hpp"

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
    auto* const save = app.add_option(
        "--save", o.save, "file for the state at --save-at, or when a signal stops the run before");
    save->needs(app.add_option("--save-at", o.save_at, "when to save the state, in ms")->needs(save));
    app.add_option("--restore", o.restore,
                   "file that --save has written: go on from there, on any number of ranks and threads, with "
                   "the same other options; only the spikes from there on are written");
    app.add_option("--digest-every", o.digest_every, "steps between digests")
        ->check(CLI::Range(1, 1000000000))
        ->capture_default_str();
}

/// Throws unless the options make sense together.
inline void check(Options const& o) {
    hk::require(std::isfinite(o.tstop) && o.tstop > 0,
                "--tstop {}: the duration in ms must be finite and positive", o.tstop);
    hk::require(hk::TimeGrid(o.dt).step_of(o.tstop) > 0, "--tstop {}: shorter than one step of {} ms",
                o.tstop, o.dt);
    if (o.save)
        hk::require(*o.save_at > 0 && *o.save_at <= o.tstop, "--save-at {}: must be above 0 and up to {} ms",
                    *o.save_at, o.tstop);
    hk::require(!o.digests || !(o.save || o.restore), "--digests: not together with --save or --restore");
    std::vector<FileOption> inputs, outputs{{"--output", o.output}};
    if (o.restore) inputs.push_back({"--restore", *o.restore});
    if (o.save) outputs.push_back({"--save", *o.save});
    if (o.connections) inputs.push_back({"--connections", *o.connections});
    if (o.stimuli) inputs.push_back({"--stimuli", *o.stimuli});
    if (o.digests) outputs.push_back({"--digests", *o.digests});
    require_different_files(inputs, outputs);
}

inline hk::Repeats to_repeats(std::string const& word) {
    return word == "keep"      ? hk::Repeats::allowed
           : word == "replace" ? hk::Repeats::replaced
                               : hk::Repeats::none;
}

template <class Network>
void read_connections(Network& network, std::string const& path, hk::Repeats repeats) {
    hk::CsvReader<hk::Gid, hk::Gid, int, double, double, double> file(
        path, {"pre", "post", "synapse", "weight", "delay", "threshold"});
    hk::ConnectionList list(repeats);
    while (auto const row = file.next()) {
        auto const [pre, post, synapse, weight, delay, threshold] = *row;
        try {
            network.check({pre, post, synapse, weight, delay});
            network.set_threshold(pre, threshold);
        } catch (hk::Error const& error) {
            file.fail("{}", error.what());
        }
        if (network.owns(post)) list.add({pre, post, synapse, weight, delay});
    }
    try {
        network.connect(list);
    } catch (hk::Error const& error) {
        throw hk::Error(fmt::format("{}: {}", path, error.what()));
    }
}

template <class Network>
void read_stimuli(Network& network, std::string const& path) {
    hk::CsvReader<hk::Gid, double, int, double> file(path, {"gid", "time", "synapse", "weight"});
    std::vector<hk::ExternalEvent> events;
    while (auto const row = file.next()) {
        auto const [gid, time, synapse, weight] = *row;
        events.push_back({gid, time, synapse, weight});
        try {
            network.check(events.back());
        } catch (hk::Error const& error) {
            file.fail("{}", error.what());
        }
    }
    network.stimulate(events);
}

/// Runs the network on this rank.
int run_network(Options const& o, hk::AnyExchange exchange);

inline constexpr auto network_description = "Runs a network of one-compartment cells that files describe.";
