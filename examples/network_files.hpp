// SPDX-License-Identifier: MIT
#pragma once

/// A network of one-compartment cells that files describe: what `network` and `network_mpi` run.
///
///   connections  pre,post,synapse,weight,delay,threshold   uS, ms, mV; the last threshold given for a source counts
///   stimuli      gid,time,synapse,weight                   arrival times of events from outside, ms and uS

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/files/csv.hpp>

#include "tutorial_cell.hpp"

namespace hk = hillock;

struct Options {
    std::string model, rates = "exact", precision = "double";
    std::string connections, stimuli, output;
    hk::Gid cells = 0;
    double tstop = 0, dt = 0.025, threshold = -10;
    std::size_t threads = 1;
    bool balance = false;
    std::string digests;
    int digest_every = 40;
};

template <class Network>
void read_connections(Network& network, std::string const& path) {
    hk::CsvReader<hk::Gid, hk::Gid, int, double, double, double> file(
        path, {"pre", "post", "synapse", "weight", "delay", "threshold"});
    hk::ConnectionList list;
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
    network.connect(list);
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

/// Runs piece by piece and writes the digests of the spikes and of the state after each piece: where those of
/// two runs differ first, they went apart.
template <class Network>
hk::Raster run_with_digests(Network& network, Options const& o, hk::RunOptions const& options) {
    std::optional<hk::OutputFile> file;
    if (network.rank() == 0) file.emplace(o.digests), file->print("time,spikes,state\n");
    hk::Raster all;
    auto const steps = hk::TimeGrid(o.dt).step_of(o.tstop);
    for (hk::Step step = 0; step < steps && !network.statistics().stopped; step += o.digest_every) {
        auto const spikes = network.run(
            static_cast<double>(std::min<hk::Step>(o.digest_every, steps - step)) * o.dt, options);
        all.insert(all.end(), spikes.begin(), spikes.end());
        auto const state = network.digest();
        if (file) file->print("{:.12g},{:016x},{:016x}\n", network.now(), hk::digest(all), state);
    }
    if (file) file->commit();
    return all;
}

template <class Real, class Cell, class Exchange>
int simulate(Options const& o, Exchange const& exchange) {
    for (auto const& input : {o.connections, o.stimuli})
        hk::require(!std::filesystem::exists(o.output) || input.empty() || !std::filesystem::exists(input) ||
                        !std::filesystem::equivalent(input, o.output),
                    "--output {}: is an input file", o.output);
    std::optional<hk::OutputFile> output;
    if (exchange.rank() == 0) output.emplace(o.output);  // before the work, so that it is not in vain
    hk::basic_network<Real, hk::simd::native, Cell> network(exchange, {.dt = o.dt});
    auto const cells = network.template add<Cell>(o.cells);
    network.set_threshold(cells, o.threshold);
    if (!o.connections.empty()) read_connections(network, o.connections);
    if (!o.stimuli.empty()) read_stimuli(network, o.stimuli);

    hk::Interrupt const interrupt;
    hk::RunOptions const options{.threads = o.threads, .stop = [&] { return interrupt.came(); }};
    auto const spikes =
        o.digests.empty() ? network.run(o.tstop, options) : run_with_digests(network, o, options);
    auto const loads = network.loads();
    if (output) {
        hk::write_spikes(*output, spikes);
        if (o.digests.empty()) fmt::print("{}\n", network.statistics().json());
        if (o.balance) fmt::print("{}", hk::balance(loads));
        if (network.statistics().stopped)
            fmt::print(stderr, "{}: stopped at t = {} ms; the spikes so far are in {}\n", interrupt.name(),
                       network.now(), o.output);
    }
    return network.statistics().stopped ? interrupt.exit_code() : 0;
}

template <class Real, class Channel, class Exchange>
int with_rates(Options const& o, Exchange const& exchange) {
    if (o.rates == "table") return simulate<Real, TutorialCell<hk::Tabulated<Channel>>>(o, exchange);
    return simulate<Real, TutorialCell<Channel>>(o, exchange);
}

template <class Real, class Exchange>
int with_model(Options const& o, Exchange const& exchange) {
    if (o.model == "connor-stevens") return with_rates<Real, hk::ConnorStevens>(o, exchange);
    if (o.model == "wang-buzsaki") return with_rates<Real, hk::WangBuzsaki>(o, exchange);
    return with_rates<Real, hk::HodgkinHuxley>(o, exchange);
}

/// Reads the options and runs the network on this rank.
template <class Exchange>
int network_program(int argc, char** argv, Exchange const& exchange) {
    Options o;
    CLI::App app{"Runs a network of one-compartment cells that files describe."};
    app.add_option("--model", o.model, "channels of the cells")
        ->required()
        ->check(CLI::IsMember({"connor-stevens", "wang-buzsaki", "hodgkin-huxley"}));
    app.add_option("--rates", o.rates, "exact rates, or inf and tau from a table of 1 mV")
        ->check(CLI::IsMember({"exact", "table"}))
        ->capture_default_str();
    app.add_option("--cells", o.cells, "number of cells")->required();
    app.add_option("--connections", o.connections, "CSV file: pre,post,synapse,weight,delay,threshold");
    app.add_option("--stimuli", o.stimuli, "CSV file: gid,time,synapse,weight");
    app.add_option("--tstop", o.tstop, "duration in ms")->required();
    app.add_option("--dt", o.dt, "time step in ms")->capture_default_str();
    app.add_option("--threshold", o.threshold, "of sources that the connections do not name, in mV")
        ->capture_default_str();
    app.add_option("--precision", o.precision)
        ->check(CLI::IsMember({"double", "single"}))
        ->capture_default_str();
    app.add_option("--threads", o.threads, "of each rank")->check(CLI::Range(1, 1024))->capture_default_str();
    app.add_option("--output", o.output, "spike file to write")->required();
    app.add_flag("--balance", o.balance, "print what each rank had and did, and the time per phase");
    app.add_option("--digests", o.digests,
                   "file for digests of spikes and state, to find where two runs part; no statistics then");
    app.add_option("--digest-every", o.digest_every, "steps between digests")
        ->check(CLI::Range(1, 1000000000))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return exchange.rank() == 0 ? app.exit(error) : error.get_exit_code();
    }
    return o.precision == "single" ? with_model<float>(o, exchange) : with_model<double>(o, exchange);
}
