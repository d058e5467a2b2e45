// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/random/numpy.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// One connection in full, NEURON's NetCon: weight in uS (nA for current-based synapses), delay in ms.
struct Connection {
    Gid source = 0, target = 0;  // gids
    int synapse = 0;             // its number in create_synapses
    double weight = 0;           // uS or nA
    double delay = 1;            // ms
};

/// A connection as it was made: `for (auto [source, target, weight, delay] :
/// net.connections_of(projection))`.
struct MadeConnection {
    Gid source, target;    // gids
    double weight, delay;  // uS or nA; ms, in whole steps
};

/// Connections one by one, as a file or a wiring of your own gives them. `repeats` says what a connection
/// with the source, target and synapse of an earlier one does: `allowed`, both stay, as NetCons do;
/// `replaced`, it takes the earlier one's place (the tutorial's dictionary); `none`, it is an error when the
/// list is connected.
class ConnectionList {
public:
    /// The properties that the connections of one draw share.
    struct Properties {
        int synapse = 0;    // its number in create_synapses
        double weight = 0;  // uS or nA
        double delay = 1;   // ms
    };

    /// An empty list.
    explicit ConnectionList(Repeats repeats = Repeats::allowed) : repeats_{repeats} {}

    /// Adds a connection; it is checked when the list is connected.
    void add(Connection const& connection) { connections_.push_back(connection); }

    /// Draws the sources of one target as the tutorial does: `n` by `numpy.random.randint(first, last + 1,
    /// n)`, those that are the target itself left out. `sources` is one range of consecutive gids.
    void draw(NumpyRandom& numpy, std::size_t n, Cells const& sources, Gid target, Properties const& p) {
        auto const intervals = sources.intervals();
        require(intervals.size() == 1, "draw from {} ranges of cells: must be one", intervals.size());
        auto const [first, last] = intervals.front();
        for (auto const source : numpy.randint(first, last, n))
            if (source != target) add({source, target, p.synapse, p.weight, p.delay});
    }

    std::vector<Connection> const& connections() const { return connections_; }  // in order
    Repeats repeats() const { return repeats_; }                                 // as given

private:
    Repeats repeats_;
    std::vector<Connection> connections_;
};

}  // namespace hillock::inline HILLOCK_ISA
