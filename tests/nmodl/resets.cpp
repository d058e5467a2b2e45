// SPDX-License-Identifier: MIT

/// A neuron whose events set V, beside NEURON 8.2.2 (resets.csv, by make_resets.py).

#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "beside_neuron.hpp"
#include "testizh.hpp"

using namespace hillock;

namespace {

struct Izhikevich1 : Cell<Izhikevich1> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(); }
    auto create_synapses() { return synapses(place(mod::testizh{}, soma(0.5))); }
    SpikeSource spike_source() { return {soma(0.5), 1e30}; }  // its event says that it spikes
};

struct WithDendrite : Cell<WithDendrite> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 100;
        dend.diam = 1;
        dend.nseg = 5;
    }
    auto define_biophysics() { return biophysics(insert(dend, Passive{.g = 1e-5, .e = -65})); }
    auto create_synapses() { return synapses(place(mod::testizh{}, soma(0.5))); }
    SpikeSource spike_source() { return {soma(0.5), 1e30}; }
};

struct Found {
    std::vector<double> v, u;
    std::vector<Spike> spikes;
};

/// The last of so many cells with the events of make_resets.py.
template <class Net>
Found run(std::size_t count, Lanes lanes = Lanes::chosen) {
    Net net({.dt = 0.025, .lanes = lanes});
    auto const cells = net.add(count);
    auto const gid = static_cast<Gid>(count - 1);
    net.stimulate(cells, SpikeTimes{{20.01, 20.9, 55.13, 77.31, 130.11, 131.02}},
                  {.synapse = 0, .weight = 0.05, .delay = 0});
    net.stimulate(gid, SpikeTimes{{40.103, 90.27, 150.1}}, {.synapse = 0, .weight = -12, .delay = 0});
    net.record_spikes(gid);
    auto const v = net.probe(gid, "soma(0.5).v"), u = net.probe(gid, "synapses[0].u");
    auto spikes = net.run(200, {.progress = false});
    for (auto& each : spikes) each.gid = 0;
    return {{v->values.begin(), v->values.end()}, {u->values.begin(), u->values.end()}, spikes};
}

}  // namespace

TEST_CASE("events that set V reset a neuron when NEURON's do") {
    auto const found = run<Network<Izhikevich1>>(1);
    CHECK(found.spikes.size() == 6);
    auto const differs = beside_neuron::difference({found.v, found.u}, "nmodl/resets.csv");
    CHECK(differs.rows == 401);
    CHECK(differs.most[0] < 1e-9);  // mV
    CHECK(differs.most[1] < 1e-9);
    auto const single = run<SingleNetwork<Izhikevich1>>(1);
    CHECK(single.spikes.size() == found.spikes.size());
    for (auto const v : single.v) CHECK(std::isfinite(v));
}

TEST_CASE("events set V in each lane, whichever way the lanes lie") {
    auto const across = run<Network<WithDendrite>>(5, Lanes::across_cells),
               along = run<Network<WithDendrite>>(5, Lanes::along_cell);
    CHECK(across.spikes.size() > 3);
    CHECK(along.spikes == across.spikes);
    CHECK(along.v == across.v);
    CHECK(run<ScalarNetwork<WithDendrite>>(1).v == across.v);
}
