// SPDX-License-Identifier: MIT

/// hillock among its peers: writes the files of the networks, and runs a network from its files as the other
/// simulators do.

#include <cstddef>
#include <ctime>
#include <exception>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "../networks.hpp"

namespace hk = hillock;

struct Options {
    std::filesystem::path folder;
    std::string network, rates = "exact", precision = "double", output;
    double tstop = 0;
    std::size_t threads = 1;
};

template <class Real, class Cell>
void simulate(Options const& o, networks::Description const& description) {
    hk::basic_network<Real, hk::simd::native, Cell> network({.dt = description.dt});
    networks::build<Cell>(network, description);
    auto const begin = std::clock();
    auto const spikes = network.run(o.tstop > 0 ? o.tstop : description.tstop, {.threads = o.threads});
    auto const cpu = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    if (!o.output.empty()) hk::write_spikes(o.output, spikes);
    auto const& took = network.statistics();
    fmt::print(R"({{"spikes": {}, "build_s": {:.6f}, "run_s": {:.6f}, "cpu_s": {:.6f}}})"
               "\n",
               took.spikes, took.build_seconds, took.run_seconds, cpu);
}

template <class Real, class Channel>
void with_rates(Options const& o, networks::Description const& description) {
    if (o.rates == "table")
        simulate<Real, TutorialCell<hk::Tabulated<Channel>>>(o, description);
    else
        simulate<Real, TutorialCell<Channel>>(o, description);
}

template <class Real>
void run(Options const& o) {
    auto const description = networks::read(o.folder / o.network, o.network);
    if (o.network == "first")
        with_rates<Real, hk::ConnorStevens>(o, description);
    else if (o.network == "second")
        with_rates<Real, hk::WangBuzsaki>(o, description);
    else
        simulate<Real, networks::CobahhCell>(o, description);
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"Writes the networks that simulators are compared on as files, and runs them from there."};
    app.require_subcommand(1);
    auto* const write = app.add_subcommand("write", "writes FOLDER/first, FOLDER/second, FOLDER/cobahh");
    write->add_option("folder", o.folder)->required();
    auto* const run_it =
        app.add_subcommand("run", "runs FOLDER/NETWORK and prints what that took as one JSON object");
    run_it->add_option("folder", o.folder)->required();
    run_it->add_option("network", o.network)->required()->check(CLI::IsMember({"first", "second", "cobahh"}));
    run_it->add_option("--rates", o.rates, "exact, or from a table of 1 mV (first and second)")
        ->check(CLI::IsMember({"exact", "table"}))
        ->capture_default_str();
    run_it->add_option("--precision", o.precision)
        ->check(CLI::IsMember({"double", "single"}))
        ->capture_default_str();
    run_it->add_option("--threads", o.threads)->capture_default_str();
    run_it->add_option("--tstop", o.tstop, "ms, if not the network's own");
    run_it->add_option("--output", o.output, "spike file to write");
    CLI11_PARSE(app, argc, argv);
    try {
        if (write->parsed()) {
            for (auto const& network : {networks::first(), networks::second(), networks::cobahh()})
                networks::write(o.folder / network.name, network);
        } else if (o.precision == "single") {
            run<float>(o);
        } else {
            run<double>(o);
        }
    } catch (std::exception const& error) {
        fmt::print(stderr, "peer_hillock: {}\n", error.what());
        return 1;
    }
}
