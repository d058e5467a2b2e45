// SPDX-License-Identifier: MIT
#pragma once

/// What must hold over every exchange.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <hillock/run/exchange.hpp>

#include "../cells.hpp"

namespace suite {

namespace hk = hillock;
using cells::CS;

/// A random network of many cell types: all kinds of stimuli, delays of 1 to 200 steps, own and shared
/// weights, electrodes.
struct Plan {
    hk::Gid cells = 90;  // of each type
    std::uint32_t seed = 1;
    bool long_delays = true;
};

/// All that a run leaves behind.
struct Outcome {
    hk::Raster spikes;
    std::vector<std::uint64_t> digests;  // of the state, after each piece
    std::uint64_t fired = 0, connections = 0;

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

Outcome outcome(hk::AnyExchange const& exchange, Plan const& plan, std::vector<double> const& pieces,
                std::size_t threads = 1);
/// The same on one rank.
Outcome alone(Plan const& plan, std::vector<double> const& pieces);

/// A run that begins where `from` ends, with bytes of a snapshot; the first one from the start.
struct Leg {
    Outcome outcome;
    std::vector<std::byte> end;
};
Leg leg(hk::AnyExchange const& exchange, Plan const& plan, std::vector<std::byte> const& from,
        double duration, std::size_t threads);

/// A copy and a network that has moved, which run in turn, take the bits of one rank alone.
void check_forks(hk::AnyExchange const& exchange);
/// All the rest.
void check_all(hk::AnyExchange const& exchange);

}  // namespace suite
