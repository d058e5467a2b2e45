// SPDX-License-Identifier: MIT

/// Runs a network of one-compartment cells that files describe, and writes its spikes. The peer of a script in another
/// simulator: same input, same output.
///
///   connections  pre,post,synapse,weight,delay,threshold   uS, ms, mV; the last threshold given for a source counts
///   stimuli      gid,time,synapse,weight                   arrival times of events from outside, ms and uS

#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/words/csv.hpp>

#include "tutorial_cell.hpp"

namespace hk = hillock;

struct Options {
    std::string model, rates = "exact", precision = "double";
    std::string connections, stimuli, output;
    hk::Gid cells = 0;
    double tstop = 0, dt = 0.025, threshold = -10;
};

template <class Network>
void read_connections(Network& network, std::string const& path) {
    hk::CsvReader<hk::Gid, hk::Gid, int, double, double, double> file(path, {"pre", "post", "synapse", "weight", "delay", "threshold"});
    hk::ConnectionList list;
    while (auto const row = file.next()) {
        auto const [pre, post, synapse, weight, delay, threshold] = *row;
        try {
            network.check({pre, post, synapse, weight, delay});
            network.set_threshold(pre, threshold);
        } catch (hk::Error const& error) {
            file.fail("{}", error.what());
        }
        list.add({pre, post, synapse, weight, delay});
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

template <class Real, class Cell>
void simulate(Options const& o) {
    for (auto const& input : {o.connections, o.stimuli})
        hk::require(!std::filesystem::exists(o.output) || input.empty() || !std::filesystem::exists(input) ||
                        !std::filesystem::equivalent(input, o.output), "--output {}: is an input file", o.output);
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    hk::basic_network<Real, hk::simd::native, Cell> network({.dt = o.dt});
    auto const cells = network.template add<Cell>(o.cells);
    network.set_threshold(cells, o.threshold);
    if (!o.connections.empty()) read_connections(network, o.connections);
    if (!o.stimuli.empty()) read_stimuli(network, o.stimuli);

    hk::write_spikes(output, network.run(o.tstop));
    fmt::print("{}\n", network.statistics().json());
}

template <class Real, class Channel>
void with_rates(Options const& o) {
    if (o.rates == "table") simulate<Real, TutorialCell<hk::Tabulated<Channel>>>(o);
    else simulate<Real, TutorialCell<Channel>>(o);
}

template <class Real>
void with_model(Options const& o) {
    if (o.model == "connor-stevens") with_rates<Real, hk::ConnorStevens>(o);
    else if (o.model == "wang-buzsaki") with_rates<Real, hk::WangBuzsaki>(o);
    else with_rates<Real, hk::HodgkinHuxley>(o);
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"Runs a network of one-compartment cells that files describe."};
    app.add_option("--model", o.model, "channels of the cells")
        ->required()
        ->check(CLI::IsMember({"connor-stevens", "wang-buzsaki", "hodgkin-huxley"}));
    app.add_option("--rates", o.rates, "exact rates, or inf and tau from a table of 1 mV")->check(CLI::IsMember({"exact", "table"}))->capture_default_str();
    app.add_option("--cells", o.cells, "number of cells")->required();
    app.add_option("--connections", o.connections, "CSV file: pre,post,synapse,weight,delay,threshold");
    app.add_option("--stimuli", o.stimuli, "CSV file: gid,time,synapse,weight");
    app.add_option("--tstop", o.tstop, "duration in ms")->required();
    app.add_option("--dt", o.dt, "time step in ms")->capture_default_str();
    app.add_option("--threshold", o.threshold, "of sources that the connections do not name, in mV")->capture_default_str();
    app.add_option("--precision", o.precision)->check(CLI::IsMember({"double", "single"}))->capture_default_str();
    app.add_option("--output", o.output, "spike file to write")->required();
    CLI11_PARSE(app, argc, argv);

    try {
        if (o.precision == "single") with_model<float>(o);
        else with_model<double>(o);
    } catch (std::exception const& error) {
        fmt::print(stderr, "network: {}\n", error.what());
        return 1;
    }
}
