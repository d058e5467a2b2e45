// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>
#include <vector>

struct Baseline;
struct Avx2;

/// A network behind a class that shows nothing of hillock: a unit that includes this header needs neither hillock nor its
/// flags. `Machine` is the one that the network was compiled for.
template <class Machine>
class Simulation {
public:
    Simulation();
    ~Simulation();

    /// Runs on for `duration` ms and returns the spikes: t in ms, and the gid.
    std::vector<std::pair<double, unsigned>> run(double duration);

private:
    struct Network;
    std::unique_ptr<Network> network_;
};
