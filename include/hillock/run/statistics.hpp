// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/run/memory.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The seconds that a rank spent in each phase of its epochs, waiting for its threads or for other ranks
/// included.
struct PhaseTimes {
    double advance = 0, exchange = 0, deliver = 0;  // s
    std::uint64_t epochs = 0;                       // how many
};

/// The load of one rank in a run.
struct RankLoad {
    std::uint64_t cells = 0, connections = 0;  // of this rank
    PhaseTimes times;                          // where its time went
    std::uint64_t peak_memory = 0;             // bytes
};

/// The loads of all ranks as a table, a line each.
inline std::string balance(std::vector<RankLoad> const& ranks) {
    auto text =
        fmt::format("{:>4} {:>10} {:>12} {:>11} {:>11} {:>11} {:>12} {:>10}\n", "rank", "cells",
                    "connections", "advance (s)", "exchange (s)", "deliver (s)", "us/exchange", "peak (MB)");
    for (std::size_t k = 0; k < ranks.size(); ++k) {
        auto const& [cells, connections, times, memory] = ranks[k];
        text +=
            fmt::format("{:>4} {:>10} {:>12} {:>11.3f} {:>12.3f} {:>11.3f} {:>12.2f} {:>10.1f}\n", k, cells,
                        connections, times.advance, times.exchange, times.deliver,
                        times.exchange * 1e6 / static_cast<double>(std::max<std::uint64_t>(times.epochs, 1)),
                        static_cast<double>(memory) * 1e-6);
    }
    return text;
}

/// The size and cost of a run, on all ranks together; seconds are those of this rank.
struct RunStatistics {
    std::size_t cells = 0;               // in the network
    std::uint64_t connections = 0;       // in the network
    std::uint64_t spikes = 0;            // fired, recorded or not
    std::size_t ranks = 1, threads = 1;  // threads of each rank
    bool stopped = false;                // before its end, because RunOptions.stop said so
    double duration = 0;                 // ms of the network's time
    std::uint64_t steps = 0;             // of dt
    double build_seconds = 0;  // adding cells, connecting and stimulating, since the network was made
    double run_seconds = 0;    // this run

    // Rates of a run without cells or without steps are 0.

    /// Spikes a cell in a second of the network's time.
    double mean_rate() const {
        return ratio(static_cast<double>(spikes), static_cast<double>(cells) * duration * 1e-3);
    }
    /// Seconds of computing for a second of the network's time.
    double real_time_factor() const { return ratio(run_seconds * 1e3, duration); }
    /// Nanoseconds of computing for a step of a cell.
    double ns_per_cell_step() const {
        return ratio(run_seconds * 1e9, static_cast<double>(cells) * static_cast<double>(steps));
    }

    /// All numbers, a line each.
    std::string summary() const {
        return fmt::format("cells             {}\n"
                           "connections       {}\n"
                           "spikes            {}\n"
                           "mean rate         {:.2f} spikes/s\n"
                           "built in          {:.3f} s\n"
                           "ran in            {:.3f} s for {:g} ms\n"
                           "real-time factor  {:.2f}\n"
                           "per cell and step {:.1f} ns\n"
                           "ranks x threads   {} x {}\n"
                           "peak memory       {:.1f} MB\n",
                           cells, connections, spikes, mean_rate(), build_seconds, run_seconds, duration,
                           real_time_factor(), ns_per_cell_step(), ranks, threads,
                           static_cast<double>(machine::peak_memory_bytes()) * 1e-6);
    }

    /// All numbers as a JSON object on one line.
    std::string json() const {
        return fmt::format(
            R"({{"cells": {}, "connections": {}, "spikes": {}, "build_s": {:.6f}, "run_s": {:.6f}, )"
            R"("ns_per_cell_step": {:.4f}, "real_time_factor": {:.6f}, "ranks": {}, "threads": {}, )"
            R"("peak_memory_bytes": {}}})",
            cells, connections, spikes, build_seconds, run_seconds, ns_per_cell_step(), real_time_factor(),
            ranks, threads, machine::peak_memory_bytes());
    }

private:
    static double ratio(double numerator, double denominator) {
        return denominator > 0 ? numerator / denominator : 0;
    }
};

}  // namespace hillock::inline HILLOCK_ISA
