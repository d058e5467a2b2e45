// SPDX-License-Identifier: MIT
#pragma once

/// The tutorial's first network, without its cells' type: 80 % excitatory and 20 % inhibitory cells, wired at
/// random and kicked at the start.

#include <hillock/hillock.hpp>

/// The wiring is what the tutorial's calls of numpy.random.randint give for the same seed; the inhibitory
/// weight is 5 times `gexc` (uS).
template <class Network>
void wire_tutorial_network(Network& net, double gexc, std::uint32_t seed) {
    namespace hk = hillock;
    auto const cells = net.cells();
    hk::require(cells.size() % 5 == 0 && cells.size() >= 50, "{} cells: must be a multiple of 5, at least 50",
                cells.size());
    auto const excitatory = cells.first(cells.size() / 5 * 4), inhibitory = cells.last(cells.size() / 5);
    net.set_threshold(cells, -10);
    net.stimulate(cells, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                  {.synapse = 0, .weight = 5e-3, .delay = 1});

    hk::NumpyRandom numpy(seed);
    hk::ConnectionList wiring(hk::Repeats::replaced);  // as the tutorial's dictionary does
    for (auto const cell : cells) {
        wiring.draw(numpy, excitatory.size() / 10, excitatory, cell,
                    {.synapse = 0, .weight = gexc, .delay = 0.1});
        wiring.draw(numpy, inhibitory.size() / 10, inhibitory, cell,
                    {.synapse = 1, .weight = 5 * gexc, .delay = 0.1});
    }
    net.connect(wiring);
}
