// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

namespace hillock {

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
    return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// What a run took.
struct RunStatistics {
    std::size_t cells = 0;
    std::uint64_t connections = 0;
    std::uint64_t spikes = 0;  // fired, recorded or not
    double duration = 0;       // ms of the network's time
    std::uint64_t steps = 0;
    double build_seconds = 0;  // spent in adding cells, connecting and stimulating, since the network was made
    double run_seconds = 0;    // spent in this run

    double mean_rate() const {  // spikes/s and cell
        return spikes == 0 ? 0 : static_cast<double>(spikes) / static_cast<double>(cells) / (duration * 1e-3);
    }
    double real_time_factor() const { return run_seconds * 1e3 / duration; }  // seconds of computing for one of the network's
    double ns_per_cell_step() const { return run_seconds * 1e9 / (static_cast<double>(cells) * static_cast<double>(steps)); }

    /// All of it, a line each.
    std::string summary() const {
        return fmt::format(
            "cells             {}\n"
            "connections       {}\n"
            "spikes            {}\n"
            "mean rate         {:.2f} spikes/s\n"
            "built in          {:.3f} s\n"
            "ran in            {:.3f} s for {:g} ms\n"
            "real-time factor  {:.2f}\n"
            "per cell and step {:.1f} ns\n"
            "peak memory       {:.1f} MB\n",
            cells, connections, spikes, mean_rate(), build_seconds, run_seconds, duration, real_time_factor(), ns_per_cell_step(),
            static_cast<double>(peak_memory_bytes()) * 1e-6);
    }

    /// All of it as one JSON object on one line.
    std::string json() const {
        return fmt::format(
            R"({{"cells": {}, "connections": {}, "spikes": {}, "build_s": {:.6f}, "run_s": {:.6f}, "ns_per_cell_step": {:.4f}, )"
            R"("real_time_factor": {:.6f}, "peak_memory_bytes": {}}})",
            cells, connections, spikes, build_seconds, run_seconds, ns_per_cell_step(), real_time_factor(), peak_memory_bytes());
    }
};

}  // namespace hillock
