// SPDX-License-Identifier: MIT
#include <cstdio>

#include "simulation.hpp"

/// The network spikes, and does so alike with vectors of both lengths.
int main() {
    auto const spikes = Simulation<Baseline>().run(50);
    std::printf("%zu spikes\n", spikes.size());
    if (spikes.empty()) return 1;
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
    return Simulation<Avx2>().run(50) == spikes ? 0 : 1;
}
