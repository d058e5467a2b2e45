// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The most memory that the process has had at one time, in bytes.
inline std::size_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return static_cast<std::size_t>(usage.ru_maxrss);
#else
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;  // in KiB there
#endif
}

/// The memory of the machine in bytes.
inline std::size_t physical_memory_bytes() {
    return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// A stopwatch.
class Clock {
public:
    /// Seconds since the last call, or since the clock was made.
    double lap() {
        auto const now = std::chrono::steady_clock::now();
        return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// The seconds that a rank spent in each phase of its epochs; waiting for its threads or for other ranks
/// counts.
struct PhaseTimes {
    double advance = 0, exchange = 0, deliver = 0;
    std::uint64_t epochs = 0;
};

/// What one rank had and did in a run.
struct RankLoad {
    std::uint64_t cells = 0, connections = 0;
    PhaseTimes times;
    std::uint64_t peak_memory = 0;  // bytes
};

/// A table of what the ranks had and did, a line each.
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

/// What a run took, on all ranks together; seconds are those of this rank.
struct RunStatistics {
    std::size_t cells = 0;
    std::uint64_t connections = 0;
    std::uint64_t spikes = 0;            // fired, recorded or not
    std::size_t ranks = 1, threads = 1;  // threads of each rank
    bool stopped = false;                // before its end, because RunOptions.stop said so
    double duration = 0;                 // ms of the network's time
    std::uint64_t steps = 0;
    double build_seconds =
        0;                   // spent in adding cells, connecting and stimulating, since the network was made
    double run_seconds = 0;  // spent in this run

    double mean_rate() const {  // spikes/s and cell
        return spikes == 0 ? 0 : static_cast<double>(spikes) / static_cast<double>(cells) / (duration * 1e-3);
    }
    double real_time_factor() const {
        return run_seconds * 1e3 / duration;
    }  // seconds of computing for one of the network's
    double ns_per_cell_step() const {
        return run_seconds * 1e9 / (static_cast<double>(cells) * static_cast<double>(steps));
    }

    /// All of it, a line each.
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
                           static_cast<double>(peak_memory_bytes()) * 1e-6);
    }

    /// All of it as one JSON object on one line.
    std::string json() const {
        return fmt::format(
            R"({{"cells": {}, "connections": {}, "spikes": {}, "build_s": {:.6f}, "run_s": {:.6f}, "ns_per_cell_step": {:.4f}, )"
            R"("real_time_factor": {:.6f}, "ranks": {}, "threads": {}, "peak_memory_bytes": {}}})",
            cells, connections, spikes, build_seconds, run_seconds, ns_per_cell_step(), real_time_factor(),
            ranks, threads, peak_memory_bytes());
    }
};

}  // namespace hillock::inline HILLOCK_ISA
