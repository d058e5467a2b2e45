// SPDX-License-Identifier: MIT

/// Events between two steps have their own times in a translated NET_RECEIVE, as in NEURON 8.2.2 (trains.csv and
/// relayed.csv, by make_trains.py).

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
    SpikeSource spike_source() { return {soma(0.5), -30}; }
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

/// Three cells that fire three times, each connected to the fourth with delays that end between steps.
Net relayed() {
    Net net({.dt = 0.025});
    net.add(4);
    for (Gid k = 0; k < 3; ++k) {
        auto const first = 10. + 3 * k;
        net.stimulate(k, SpikeTimes{{first, first + 25, first + 50}},
                      {.synapse = 0, .weight = 0.3, .delay = 0});
    }
    ConnectionList list(Repeats::allowed);
    list.add({.source = 0, .target = 3, .weight = 4e-3, .delay = 1.0037});
    list.add({.source = 1, .target = 3, .weight = 3e-3, .delay = 2.5111});
    list.add({.source = 2, .target = 3, .weight = 5e-3, .delay = 0.7});
    list.add({.source = 0, .target = 3, .weight = 2e-3, .delay = 7.3333});
    list.add({.source = 1, .target = 3, .weight = 1e-3, .delay = 2.5});
    net.connect(list);
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

TEST_CASE("an event along a connection whose delay ends between steps has its own time, as in NEURON") {
    auto net = relayed();
    auto const v = net.probe(3, "v"), total = net.probe(3, "synapses[0].total");
    net.run(100, quietly);
    auto const differs = beside_neuron::difference({v->values, total->values}, "nmodl/relayed.csv");
    CHECK(differs.rows == 201);
    CHECK(differs.most[0] < 1e-9);  // mV
    CHECK(differs.most[1] < 2e-8);  // ms, the sum of the times of 15 events, each 1e-10 late in NEURON

    for (auto saved_at : {12., 20., 68.}) {  // also while events are on their way
        auto before = relayed(), after = relayed();
        before.run_until(saved_at, {.threads = 2, .progress = false});
        after.restore(before.save());
        after.run_until(100, quietly);
        CHECK(after.digest() == net.digest());
    }
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
