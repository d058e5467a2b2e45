// SPDX-License-Identifier: MIT

/// Events between two steps have their own times in a translated NET_RECEIVE, as in NEURON 8.2.2 (trains.csv, by
/// make_trains.py).

#include <cmath>
#include <cstddef>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "beside_neuron.hpp"
#include "testtrain.hpp"

using namespace hillock;

namespace {

struct TrainCell : Cell<TrainCell> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Passive{.g = 1e-4, .e = -65})); }
    auto create_synapses() { return synapses(place(mod::testtrain{}, soma(0.5))); }
};

using Net = Network<TrainCell>;
RunOptions const quietly{.progress = false};

/// A network of so many cells with the events of make_trains.py.
Net stimulated(std::size_t cells) {
    Net net({.dt = 0.025});
    auto const all = net.add(cells);
    net.stimulate(all, SpikeTimes{{10.007, 10.0183, 17.3333, 60.0124, 60.0126}},
                  {.synapse = 0, .weight = 4e-3, .delay = 0});
    net.stimulate(all, NetStim{.interval = 7.0113, .start = 20.0031, .number = 8},
                  {.synapse = 0, .weight = 6e-3, .delay = 1.0037});
    return net;
}

}  // namespace

TEST_CASE("events between steps have their own times, as in NEURON") {
    beside_neuron::Traces found;
    for (std::size_t cells : {1, 9}) {
        auto net = stimulated(cells);
        auto const v = net.probe(0, "v"), total = net.probe(0, "synapses[0].total");
        net.run(100, quietly);
        if (cells > 1) CHECK(v->values == found[0]);
        found = {v->values, total->values};
    }
    auto const differs = beside_neuron::difference(found, "nmodl/trains.csv");
    CHECK(differs.rows == 201);
    CHECK(differs.most[0] < 1e-9);  // mV
    CHECK(differs.most[1] < 1e-9);  // ms, the sum of the times of 13 events
}

TEST_CASE("an event that is sent keeps its own time, in a snapshot too") {
    auto const total_of = [](bool restores) {
        auto net = stimulated(1);
        net.run(5, quietly);
        net.send(ExternalEvent{0, 12.0071, 0, 1e-3});
        net.send(ExternalEvent{0, 12.0371, 0, 1e-3});
        if (restores) {
            auto const saved = net.save();
            net = stimulated(1);
            net.restore(saved);
        }
        net.run(10, quietly);
        return net.get(0, "synapses[0].total");
    };
    CHECK(std::abs(total_of(false) - (10.007 + 10.0183 + 12.0071 + 12.0371)) < 1e-10);
    CHECK(total_of(true) == total_of(false));
}
