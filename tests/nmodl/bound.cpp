// SPDX-License-Identifier: MIT

/// A translated kinetic scheme with a product of states and a CONSERVE beside NEURON 8.2.2 (bound.csv, by
/// make_bound.py): its iteration ends where NEURON's does.

#include <array>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "beside_neuron.hpp"
#include "testbound.hpp"

using namespace hillock;

namespace {

struct BoundCell : Cell<BoundCell> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        return biophysics(insert(soma, HodgkinHuxley{}), insert(soma, mod::testbound{}));
    }
    auto create_synapses() { return synapses(); }
};

}  // namespace

TEST_CASE("a kinetic scheme with CONSERVE ends its iteration where NEURON does") {
    Network<BoundCell> net({.dt = 0.025});
    net.add(1);
    net.stimulate(0, IClamp{.delay = 5, .dur = 60, .amp = 0.3});
    auto const v = net.probe(0, "v"), open = net.probe(0, "testbound.open");
    net.run(100, {.progress = false});
    auto const differs = beside_neuron::difference({v->values, open->values}, "nmodl/bound.csv");
    CHECK(differs.rows == 201);
    CHECK(differs.most[0] < 1e-9);  // mV
    CHECK(differs.most[1] < 1e-12);
}

TEST_CASE("changes of what CONSERVE leaves out count for the end of the iteration") {
    auto const turns = [](double size) {
        int calls = 0;
        implicit_euler_kinetic(std::array{0.3}, 0.1, [&](std::array<double, 1> const& x) {
            ++calls;
            return std::array{1 - x[0] * x[0] * x[0], size * (1 - x[0])};
        });
        return calls;
    };
    CHECK(turns(1e6) > turns(1e-6));
    CHECK(turns(1e6) < 40);
}
