// SPDX-License-Identifier: MIT

/// A balanced random network whose excitatory synapses learn: NEST's hpc_benchmark (Kunkel et al., Front
/// Neuroinform 8:78, 2014; Morrison, Aertsen & Diesmann, Neural Comput 19:1437, 2007). 9000 excitatory and
/// 2250 inhibitory neurons, each with 9000 excitatory and 2250 inhibitory synapses, and Poisson input; synapses
/// between excitatory neurons follow power-law plasticity. Prints rates and a histogram of the weights, draws
/// a raster, and ends with a line of JSON. `--scale` changes the number of neurons, not that of their synapses.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

constexpr double dt = 0.1, delay = 1.5;                                            // ms
constexpr double tau_m = 10, tau_syn = 0.32582722403722841, C_m = 250, V_th = 20;  // ms, ms, pF, mV
constexpr double t_peak = 1.700759;                                                // ms: of a potential
constexpr double psp = 0.14, inhibition = -5, eta = 1.685;  // mV; as a ratio; input over that to reach V_th
constexpr double v_mean = 5.7, v_sd = 7.2;                  // mV, at t = 0
constexpr std::size_t excitatory = 9000, inhibitory = 2250;

/// The weight in pA of a synapse whose potential peaks at one mV.
double pA_per_mV() {
    auto const b = 1 / tau_syn - 1 / tau_m;
    auto const difference = (std::exp(-t_peak / tau_m) - std::exp(-t_peak / tau_syn)) / b;
    return tau_syn * C_m * b / (std::numbers::e * (difference - t_peak * std::exp(-t_peak / tau_syn)));
}

struct Options {
    double scale = 0.1, tstop = 250, presim = 50;
    std::uint32_t seed = 1;
    std::size_t threads = 1;
    std::string output = "spikes_balanced_plastic.dat", picture = "17_balanced_plastic";
};

/// The network, and its parts.
struct Balanced {
    using Net = hk::SingleNetwork<hk::IafPscAlpha>;  // of floats: a synapse takes 8 bytes

    Net net;
    hk::Cells E, I;
    Net::Projection learning{};

    explicit Balanced(Options const& o)
        : net{hk::NetworkOptions{
              .dt = dt, .seed = o.seed, .stimulus_seed = o.seed, .build_threads = o.threads}} {
        auto const scaled = [&](std::size_t n) {
            return static_cast<std::size_t>(static_cast<double>(n) * o.scale);
        };
        hk::require(scaled(inhibitory) > 1, "--scale {}: too few cells are left", o.scale);
        hk::IafPscAlpha const cell{.C_m = C_m,
                                   .tau_m = tau_m,
                                   .tau_ex = tau_syn,
                                   .tau_in = tau_syn,
                                   .t_ref = 0.5,
                                   .E_L = 0,
                                   .V_reset = 0,
                                   .V_th = V_th};
        E = net.add(scaled(excitatory), cell);
        I = net.add(scaled(inhibitory), cell);
        net.set(net.cells(), "v_init", [&](hk::Gid gid) {
            hk::RandomStream random({.id1 = gid, .key0 = o.seed, .key1 = own_key});
            return v_mean + v_sd * random.normal();
        });
        connect(psp * pA_per_mV());
    }

    void connect(double J) {
        hk::StdpPowerLaw const rule{.lambda = 0.1,
                                    .alpha = 0.0513,
                                    .w0 = 1,
                                    .mu = 0.4,
                                    .tau_plus = 15,
                                    .tau_minus = 30,
                                    .dendritic = 1};
        auto const from_E = hk::fixed_indegree(excitatory), from_I = hk::fixed_indegree(inhibitory);
        learning = net.connect(E, E, from_E, {.weight = J, .delay = delay}, rule);
        net.connect(E, I, from_E, {.weight = J, .delay = delay});
        for (auto const& target : {E, I})
            net.connect(I, target, from_I, {.synapse = 1, .weight = inhibition * J, .delay = delay});
        auto const at_threshold = V_th / (tau_m / C_m * J * std::numbers::e * tau_syn);  // spikes/ms
        net.stimulate(net.cells(), hk::Poisson{.rate = 1e3 * eta * at_threshold},
                      {.weight = J, .delay = delay});
    }
};

/// The plastic weights in pA.
struct WeightDistribution {
    double mean = 0, sd = 0, low = 0, median = 0, high = 0;  // low and high: 1st and 99th percentile
    std::vector<std::size_t> histogram;                      // in bins of `width`
    static constexpr double width = 1;                       // pA

    explicit WeightDistribution(std::vector<float> w) {
        auto const n = static_cast<double>(w.size());
        for (auto const each : w) mean += static_cast<double>(each) / n;
        for (auto const each : w) sd += (each - mean) * (each - mean) / n;
        sd = std::sqrt(sd);
        auto const part = [&](double p) {
            auto const at = w.begin() + static_cast<std::ptrdiff_t>(p * (n - 1));
            std::nth_element(w.begin(), at, w.end());
            return static_cast<double>(*at);
        };
        low = part(0.01), median = part(0.5), high = part(0.99);
        for (auto const each : w) {
            auto const bin = static_cast<std::size_t>(each / width);
            if (bin >= histogram.size()) histogram.resize(bin + 1);
            ++histogram[bin];
        }
    }
};

WeightDistribution weights_of(Balanced& network) {
    std::vector<float> all;
    for (auto const& part : network.net.weights(network.learning))
        all.insert(all.end(), part.begin(), part.end());
    return WeightDistribution(std::move(all));
}

double rate_of(hk::Raster const& spikes, hk::Cells const& cells, double duration) {
    auto const n =
        std::count_if(spikes.begin(), spikes.end(), [&](auto& s) { return cells.contains(s.gid); });
    return static_cast<double>(n) / static_cast<double>(cells.size()) / duration * 1e3;
}

void draw(Balanced const& network, hk::Raster const& spikes, Options const& o) {
    hk::Raster some;
    auto const every = std::max<hk::Gid>(1, static_cast<hk::Gid>(network.net.size() / 1000));
    for (auto const& spike : spikes)
        if (spike.gid % every == 0) some.push_back(spike);
    auto const raster = hk::plot::raster(o.picture + "_raster.png", some,
                                         {{"excitatory", network.E}, {"inhibitory", network.I}},
                                         {.title = "balanced network" + one_cell_in(every),
                                          .x = {"time (ms)", o.presim, o.presim + o.tstop},
                                          .y = {"cell"}});
    fmt::print("{}\n", raster.message());
}

int simulate(Options const& o) {
    require_different_files({}, {{"--output", o.output}, {"--picture", o.picture + "_raster.png"}});
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    Balanced network(o);
    auto& net = network.net;
    hk::Interrupt const interrupt;
    auto const stop = [&] { return interrupt.came(); };
    if (o.presim > 0) net.run(o.presim, {.threads = o.threads, .stop = stop});
    auto const spikes =
        interrupt.came() ? hk::Raster() : net.run(o.tstop, {.threads = o.threads, .stop = stop});
    hk::write_spikes(output, spikes);
    if (interrupt.came()) {
        print_stopped(interrupt, net.now(), o.output);
        return interrupt.exit_code();
    }

    auto const cost = net.statistics();
    auto const rate_E = rate_of(spikes, network.E, o.tstop), rate_I = rate_of(spikes, network.I, o.tstop);
    auto const w = weights_of(network);
    fmt::print("{}\nrates: excitatory {:.3f}, inhibitory {:.3f} spikes/s\n", cost.summary(), rate_E, rate_I);
    fmt::print("weights: mean {:.3f}, sd {:.3f}, 1 % {:.3f}, median {:.3f}, 99 % {:.3f} pA\n", w.mean, w.sd,
               w.low, w.median, w.high);
    auto const most = std::max<std::size_t>(1, *std::max_element(w.histogram.begin(), w.histogram.end()));
    for (std::size_t k = 0; k < w.histogram.size(); ++k)
        if (auto const length = w.histogram[k] * 60 / most; length > 0)
            fmt::print("{:4} pA {:*^{}}\n", static_cast<double>(k) * w.width, "", length);
    fmt::print("{}\n", o.output);
    draw(network, spikes, o);
    fmt::print(R"({{"cells": {}, "connections": {}, "spikes": {}, "rates": [{:.6g}, {:.6g}], )"
               R"("weight_mean": {:.6g}, "weight_sd": {:.6g}, "build_s": {:.3f}, "run_s": {:.3f}, )"
               R"("real_time_factor": {:.4f}, "peak_memory_bytes": {}}})"
               "\n",
               cost.cells, cost.connections, cost.spikes, rate_E, rate_I, w.mean, w.sd, cost.build_seconds,
               cost.run_seconds, cost.real_time_factor(), hk::machine::peak_memory_bytes());
    return 0;
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"A balanced random network with power-law plasticity, NEST's hpc_benchmark: writes its "
                 "spikes, prints "
                 "rates and the distribution of weights, and draws a raster."};
    app.add_option("--scale", o.scale, "number of cells in units of 11250; each has 11250 synapses")
        ->check(CLI::Range(1e-3, 10.))
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms, after --presim")
        ->check(is_duration)
        ->capture_default_str();
    app.add_option("--presim", o.presim, "ms before that, which are thrown away")
        ->check(is_duration_or_none)
        ->capture_default_str();
    app.add_option("--seed", o.seed, "of wiring, initial potentials and input")->capture_default_str();
    app.add_option("--threads", o.threads, "that build and run it")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--output", o.output, "spike file to write")->capture_default_str();
    app.add_option("--picture", o.picture, "beginning of the picture's name")->capture_default_str();
    return run_program(app, argc, argv, [&] { return simulate(o); });
}
