// SPDX-License-Identifier: MIT

/// Translated kinetic schemes beside NEURON 8.2.2: one with a product of states and a CONSERVE (bound.csv,
/// by make_bound.py), whose iteration ends where NEURON's does, and two with rates and sources that follow
/// states (pumps.csv, by make_pumps.py).

#include <array>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "beside_neuron.hpp"
#include "testbound.hpp"
#include "testca.hpp"
#include "testopens.hpp"
#include "testpumps.hpp"

using namespace hillock;

namespace {

template <class... Mechanisms>
struct Soma : Cell<Soma<Mechanisms...>> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        return biophysics(insert(soma, HodgkinHuxley{}), insert(soma, Mechanisms{})...);
    }
    auto create_synapses() { return synapses(); }
};

/// How far two numbers of a cell are from NEURON's.
template <class... Mechanisms>
beside_neuron::Difference differences(char const* first, char const* second, char const* csv) {
    Network<Soma<Mechanisms...>> net({.dt = 0.025});
    net.add(1);
    net.stimulate(0, IClamp{.delay = 5, .dur = 60, .amp = 0.3});
    auto const a = net.probe(0, first), b = net.probe(0, second);
    net.run(100, {.progress = false});
    return beside_neuron::difference({a->values, b->values}, csv);
}

}  // namespace

TEST_CASE("a kinetic scheme with CONSERVE ends its iteration where NEURON does") {
    auto const differs = differences<mod::testbound>("v", "testbound.open", "nmodl/bound.csv");
    CHECK(differs.rows == 201);
    CHECK(differs.most[0] < 1e-9);  // mV
    CHECK(differs.most[1] < 1e-12);
}

TEST_CASE("rates and sources that follow states do so as far as NEURON iterates") {
    auto const differs =
        differences<mod::testpumps, mod::testca, mod::testopens>("cai", "testopens.open", "nmodl/pumps.csv");
    CHECK(differs.rows == 201);
    CHECK(differs.most[0] < 1e-11);  // mM
    CHECK(differs.most[1] < 1e-11);
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
