// SPDX-License-Identifier: MIT

/// The cortical microcircuit: a square millimetre of early sensory cortex, four layers of excitatory and
/// inhibitory neurons, 77,169 in all, and 3 x 10^8 synapses (Potjans & Diesmann, Cereb Cortex 24:785, 2014).
/// Prints what the populations do beside the reference, draws a raster and rates, and ends with a line of
/// JSON. `--scale` and `--indegree-scale` make it smaller: fewer cells, and fewer synapses for each of them,
/// of which the weights and a constant current then make up for what is missing.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hillock/analysis/correlation.hpp>
#include <hillock/analysis/intervals.hpp>
#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/rates.hpp>
#include <hillock/analysis/trains.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

constexpr std::size_t populations = 8;
template <class T>
using Each = std::array<T, populations>;  // population

constexpr double dt = 0.1;                                   // ms
constexpr double tau_m = 10, tau_syn = 0.5, C_m = 250;       // ms, ms, pF
constexpr double psp = 0.15, inhibition = -4, spread = 0.1;  // mV; as a ratio; sd of weights over their mean
constexpr double background_rate = 8;                        // spikes/s of each external input
constexpr double delay_excitatory = 1.5, delay_inhibitory = 0.75, delay_spread = 0.5;  // ms, ms, sd over mean

constexpr Each<std::string_view> names{"L2/3E", "L2/3I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"};
constexpr Each<double> full_size{20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948};
constexpr Each<double> full_inputs{1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100};  // from outside, a cell
constexpr Each<double> v_mean{-68.28, -63.16, -63.33, -63.45,
                              -63.11, -61.66, -66.72, -61.43};                // mV, at t = 0
constexpr Each<double> v_sd{5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48};  // mV
constexpr Each<double> reference_rate{0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829};  // spikes/s

/// The probability that a pair is connected: from a source (column) to a target (row).
constexpr Each<Each<double>> probability{{
    {0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0},
    {0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0},
    {0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0},
    {0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0},
    {0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0},
    {0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0},
    {0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252},
    {0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443},
}};

constexpr bool is_excitatory(std::size_t population) { return population % 2 == 0; }

/// The weight in pA of a synapse whose potential peaks at one mV.
double pA_per_mV() {
    auto const ratio = tau_m / tau_syn, difference = tau_syn - tau_m;
    return 1 / (tau_m * tau_syn / (C_m * difference) *
                (std::pow(ratio, tau_m / difference) - std::pow(ratio, tau_syn / difference)));
}

/// The mean weight of a synapse in pA, unscaled; from layer 4 to layer 2/3 excitation is twice as strong.
double full_weight(std::size_t target, std::size_t source) {
    auto const doubled = target == 0 && source == 2 ? 2 : 1;
    return pA_per_mV() * psp * (is_excitatory(source) ? doubled : inhibition);
}

/// The number of synapses, several between two cells allowed, that gives a pair its probability.
double full_synapses(std::size_t target, std::size_t source) {
    auto const pairs = full_size[source] * full_size[target];
    return std::round(std::log1p(-probability[target][source]) / std::log1p(-1 / pairs));
}

/// Normally distributed delays, redrawn where they are not positive in steps.
struct Delay {
    hk::Truncated<hk::Normal> whole;
    explicit Delay(double mean) : whole{hk::Normal{mean, delay_spread * mean}, dt / 2} {}
    double draw(hk::RandomStream& random) const { return std::max(dt, whole.draw(random)); }
};

struct Options {
    double scale = 0.1;
    std::optional<double> indegree_scale;
    std::string input = "poisson";
    double tstop = 1000, presim = 500;
    std::uint32_t seed = 1;
    int weight_bytes = 0;
    std::size_t threads = 1;
    std::string output = "spikes_microcircuit.dat", picture = "16_microcircuit";
};

/// The network, and its parts.
struct Microcircuit {
    using Net = hk::SingleNetwork<hk::IafPscExp>;  // of floats: a synapse takes 8 bytes, or less

    Options const& options;
    double indegrees;  // in units of the full ones
    Net net;
    Each<hk::Cells> parts;

    explicit Microcircuit(Options const& o)
        : options{o},
          indegrees{o.indegree_scale.value_or(o.scale)},
          net{hk::NetworkOptions{
              .dt = dt, .seed = o.seed, .stimulus_seed = o.seed, .build_threads = o.threads}} {
        for (std::size_t k = 0; k < populations; ++k) add(k);
        for (std::size_t target = 0; target < populations; ++target)
            for (std::size_t source = 0; source < populations; ++source) connect(target, source);
        for (std::size_t k = 0; k < populations; ++k) drive(k);
    }

    void add(std::size_t k) {
        auto const n = std::lround(full_size[k] * options.scale);
        hk::require(n > 0, "--scale {}: no cell is left of {}", options.scale, names[k]);
        parts[k] = net.add(static_cast<std::size_t>(n), hk::IafPscExp{.C_m = C_m,
                                                                      .tau_m = tau_m,
                                                                      .tau_ex = tau_syn,
                                                                      .tau_in = tau_syn,
                                                                      .t_ref = 2,
                                                                      .E_L = -65,
                                                                      .V_reset = -65,
                                                                      .V_th = -50});
        net.set(parts[k], "v_init", [&](hk::Gid gid) {
            hk::RandomStream random({.id1 = gid, .key0 = options.seed, .key1 = own_key});
            return v_mean[k] + v_sd[k] * random.normal();
        });
    }

    void connect(std::size_t target, std::size_t source) {
        auto const n = std::lround(full_synapses(target, source) * options.scale * indegrees);
        if (n == 0) return;
        auto const mean = full_weight(target, source) / std::sqrt(indegrees);
        hk::Normal const weight{mean, spread * std::abs(mean)};
        constexpr auto endless = std::numeric_limits<double>::infinity();
        bool const excites = is_excitatory(source);
        net.connect(
            parts[source], parts[target], hk::fixed_total_number(n),
            {.synapse = excites ? 0 : 1,
             .weight = excites ? hk::Truncated{weight, 0, endless} : hk::Truncated{weight, -endless, 0},
             .delay = Delay(excites ? delay_excitatory : delay_inhibitory),
             .self = true,
             .weight_bytes = options.weight_bytes});
    }

    /// Input from outside, and the current that makes up for scaled in-degrees.
    void drive(std::size_t k) {
        auto const weight = pA_per_mV() * psp;
        auto const external = full_inputs[k] * background_rate;  // spikes/s
        auto missing = options.input == "poisson" ? weight * external : 0;
        for (std::size_t source = 0; source < populations; ++source)
            missing +=
                full_weight(k, source) * full_synapses(k, source) / full_size[k] * reference_rate[source];
        auto current = 1e-3 * tau_syn * (1 - std::sqrt(indegrees)) * missing;  // pA
        if (options.input == "dc") current += 1e-3 * tau_syn * weight * external;
        net.set(parts[k], "I_e", current);
        if (options.input == "poisson")
            net.stimulate(parts[k],
                          hk::Poisson{.rate = background_rate * std::round(full_inputs[k] * indegrees)},
                          {.synapse = 0, .weight = weight / std::sqrt(indegrees), .delay = delay_excitatory});
    }
};

/// The activity of a population's cells.
struct Activity {
    double rate;         // spikes/s
    double variation;    // mean CV of the intervals of cells with at least three
    double correlation;  // mean over pairs of cells that spike, in bins of 2 ms
};

double mean_of(std::vector<double> const& x) {
    double sum = 0;
    for (auto const each : x) sum += each;
    return x.empty() ? std::nan("") : sum / static_cast<double>(x.size());
}

/// The mean correlation of the first cells that spike.
double correlation_of(std::span<hk::analysis::Train const> trains, double start, double stop) {
    constexpr std::size_t most = 200;
    constexpr double bin = 2;  // ms
    std::vector<std::vector<double>> counts;
    for (auto const& train : trains) {
        if (train.empty() || counts.size() == most) continue;
        counts.emplace_back(static_cast<std::size_t>((stop - start) / bin));
        for (auto const t : train)
            if (auto const k = static_cast<std::size_t>((t - start) / bin); k < counts.back().size())
                counts.back()[k] += 1;
    }
    std::vector<double> all;
    for (std::size_t a = 0; a < counts.size(); ++a)
        for (std::size_t b = 0; b < a; ++b)
            if (auto const c = hk::analysis::correlation(counts[a], counts[b]); !std::isnan(c))
                all.push_back(c);
    return mean_of(all);
}

Activity activity_of(std::span<hk::analysis::Train const> trains, double start, double stop) {
    std::size_t spikes = 0;
    std::vector<double> variations;
    for (auto const& train : trains) {
        spikes += train.size();
        if (train.size() > 3)
            variations.push_back(hk::analysis::coefficient_of_variation(hk::analysis::intervals(train)));
    }
    return {static_cast<double>(spikes) / static_cast<double>(trains.size()) / (stop - start) * 1e3,
            mean_of(variations), correlation_of(trains, start, stop)};
}

void draw(Microcircuit const& circuit, hk::Raster const& spikes, Options const& o) {
    std::vector<hk::plot::Group> shown;  // every so many cells of each population
    hk::Raster some;
    auto const stop = o.presim + o.tstop, start = std::max(o.presim, stop - 500);
    for (std::size_t k = 0; k < populations; ++k) shown.push_back({std::string(names[k]), circuit.parts[k]});
    auto const every = std::max<hk::Gid>(1, static_cast<hk::Gid>(circuit.net.size() / 2000));
    for (auto const& spike : spikes)
        if (spike.gid % every == 0 && spike.time >= start) some.push_back(spike);
    auto const raster = hk::plot::raster(o.picture + "_raster.png", some, shown,
                                         {.title = "cortical microcircuit" + one_cell_in(every),
                                          .x = {"time (ms)", start, stop},
                                          .y = {"cell"},
                                          .height = 900});
    hk::analysis::Bins const bins(5, stop, o.presim);
    std::vector<hk::plot::Series> series;
    for (std::size_t k = 0; k < populations; ++k)
        series.push_back({std::string(names[k]), hk::analysis::rates(spikes, bins, circuit.parts[k])});
    auto const rates = hk::plot::steps(
        o.picture + "_rates.png", bins, series,
        {.title = "rates of the populations", .x = {"time (ms)"}, .y = {"spikes/s of a cell"}});
    fmt::print("{}\n{}\n", raster.message(), rates.message());
}

int simulate(Options const& o) {
    require_different_files({}, {{"--output", o.output},
                                 {"--picture", o.picture + "_raster.png"},
                                 {"--picture", o.picture + "_rates.png"}});
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    Microcircuit circuit(o);
    hk::Interrupt const interrupt;
    auto const stop = [&] { return interrupt.came(); };
    if (o.presim > 0) circuit.net.run(o.presim, {.threads = o.threads, .stop = stop});
    auto const spikes =
        interrupt.came() ? hk::Raster() : circuit.net.run(o.tstop, {.threads = o.threads, .stop = stop});
    hk::write_spikes(output, spikes);
    if (interrupt.came()) {
        print_stopped(interrupt, circuit.net.now(), o.output);
        return interrupt.exit_code();
    }

    auto const& cost = circuit.net.statistics();
    auto const trains = hk::analysis::trains_by_cell(spikes, circuit.net.size());
    fmt::print("{}\n{:10} {:>7} {:>15} {:>10} {:>6} {:>12}\n", cost.summary(), "population", "cells",
               "rate (spikes/s)", "reference", "CV", "correlation");
    Each<Activity> all;
    for (std::size_t k = 0; k < populations; ++k) {
        auto const first = circuit.parts[k][0];
        all[k] = activity_of(std::span(trains).subspan(first, circuit.parts[k].size()), o.presim,
                             o.presim + o.tstop);
        fmt::print("{:10} {:>7} {:>15.3f} {:>10.3f} {:>6.2f} {:>12.5f}\n", names[k], circuit.parts[k].size(),
                   all[k].rate, reference_rate[k], all[k].variation, all[k].correlation);
    }
    fmt::print("{}\n", o.output);
    draw(circuit, spikes, o);

    auto const list = [&](double Activity::*member) {
        std::vector<std::string> numbers;
        for (auto const& each : all)
            numbers.push_back(std::isnan(each.*member) ? "null" : fmt::format("{:.6g}", each.*member));
        return fmt::format("[{}]", fmt::join(numbers, ", "));
    };
    fmt::print(
        R"({{"cells": {}, "connections": {}, "spikes": {}, "rates": {}, "cv": {}, "correlations": {}, )"
        R"("build_s": {:.3f}, "run_s": {:.3f}, "real_time_factor": {:.4f}, "peak_memory_bytes": {}}})"
        "\n",
        cost.cells, cost.connections, cost.spikes, list(&Activity::rate), list(&Activity::variation),
        list(&Activity::correlation), cost.build_seconds, cost.run_seconds, cost.real_time_factor(),
        hk::machine::peak_memory_bytes());
    return 0;
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{
        "The cortical microcircuit of Potjans and Diesmann: writes its spikes, prints rates, variation "
        "and correlations of its eight populations, and draws a raster and rates."};
    app.add_option("--scale", o.scale, "number of cells in units of 77169")
        ->check(CLI::Range(1e-3, 10.))
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--indegree-scale", o.indegree_scale,
                   "synapses of a cell in units of the full number; by default as --scale")
        ->check(CLI::Range(1e-3, 1.))
        ->check(is_number);
    app.add_option("--input", o.input, "from outside: poisson trains, or a constant current (dc)")
        ->check(CLI::IsMember({"poisson", "dc"}))
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms, after --presim")
        ->check(is_duration)
        ->capture_default_str();
    app.add_option("--presim", o.presim, "ms before that, which are thrown away")
        ->check(is_duration_or_none)
        ->capture_default_str();
    app.add_option("--weight-bytes", o.weight_bytes, "memory of a weight: 1, 2, or 0 for a number of 4 bytes")
        ->check(CLI::Range(0, 2))
        ->capture_default_str();
    app.add_option("--seed", o.seed, "of wiring, initial potentials and input")->capture_default_str();
    app.add_option("--threads", o.threads, "that build and run it")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--output", o.output, "spike file to write")->capture_default_str();
    app.add_option("--picture", o.picture, "beginning of the pictures' names")->capture_default_str();
    return run_program(app, argc, argv, [&] { return simulate(o); });
}
