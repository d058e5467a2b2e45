// SPDX-License-Identifier: MIT

/// What is changed between runs, while spikes are on their way, and what of it a reset takes back.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace late_changes_tests {

using namespace hillock;
using cells::Leaky;
using cells::quietly;

namespace {

/// A second leak.
template <class T>
struct basic_drain {
    T k = 3e-3;
    T rev = -50;

    struct State {};

    static constexpr std::string_view name = "Drain";
    static constexpr auto parameters() {
        return std::array{Field{"k", "S/cm2", &basic_drain::k, Allowed::non_negative},
                          Field{"rev", "mV", &basic_drain::rev}};
    }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }

    auto rates(T) const { return std::tuple{}; }
    Current<T> current() const { return ohmic(k, rev); }
    Current<T> current(T, State const&) const { return current(); }
};
using Drain = basic_drain<double>;

/// A soma and a dendrite with two leaks in all segments.
struct TwoLeaks : Cell<TwoLeaks> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 15;
        dend.L = 60, dend.diam = 2, dend.nseg = 3;
    }
    auto define_biophysics() {
        Subset const all{soma, dend};
        return biophysics(insert(all, Passive{.g = 1e-3, .e = -70}), insert(all, Drain{}));
    }
    auto create_synapses() { return synapses(place(ExpSyn{.tau = 2}, dend(0.5))); }
    SpikeSource spike_source() { return {dend(0.9), 0}; }
};

using Net = Network<Leaky, TwoLeaks>;

/// Cell 0 sends to cell 1, and spikes when it is told to.
struct Pair {
    Net net;
    std::shared_ptr<Trace const> g;

    Pair() {
        net.add<Leaky>(2);
        net.set_threshold(net.cells(), 0);
        g = net.probe(1, "synapses[1].g");
    }
    auto connect(double delay) {
        return net.connect(0, 1, all_to_all(), {.synapse = Leaky::expsyn, .weight = 1e-6, .delay = delay});
    }
    void fire() { net.set(0, "v", 50); }

    /// The times at which something arrives: the conductance has risen a step later.
    std::vector<double> arrivals() const {
        std::vector<double> times;
        for (std::size_t k = 1; k < g->values.size(); ++k)
            if (g->values[k] > g->values[k - 1]) times.push_back(g->times[k - 1]);
        return times;
    }
};

/// The correlation coefficient of uniform numbers from 0 to 1.
double correlation(std::vector<double> const& x, std::vector<double> const& y) {
    REQUIRE(x.size() == y.size());
    double product = 0, squares_x = 0, squares_y = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        product += (x[k] - 0.5) * (y[k] - 0.5);
        squares_x += (x[k] - 0.5) * (x[k] - 0.5);
        squares_y += (y[k] - 0.5) * (y[k] - 0.5);
    }
    return product / std::sqrt(squares_x * squares_y);
}

/// Numbers from 0 to 1, of which it keeps a list.
struct Noted {
    std::vector<double>* list;
    double low;
    double draw(RandomStream& random) const {
        list->push_back(random.uniform());
        return low + list->back();
    }
};

}  // namespace

TEST_CASE("a projection over a longer delay made before one over 1 ms") {
    for (double const longer : {5., 20.}) {
        CAPTURE(longer);
        Pair pair;
        pair.connect(longer);
        pair.connect(1);
        pair.fire();
        pair.net.run(22, quietly);
        CHECK(pair.arrivals() == std::vector<double>{1, longer});
    }
}

TEST_CASE("a longer delay connected while spikes are on their way") {
    Pair pair;
    pair.connect(2);
    pair.net.run(2, quietly);
    pair.fire();
    pair.net.run(1, quietly);
    pair.connect(5);  // a larger inbox
    pair.net.run(6, quietly);
    CHECK(pair.arrivals() == std::vector<double>{4});
}

TEST_CASE("connections made at t > 0 carry, after a reset, the spikes of before that time") {
    for (double const delay : {1., 20.}) {
        CAPTURE(delay);
        Pair pair;
        pair.connect(15);
        pair.net.run(5, quietly);
        pair.net.clear_connections();
        pair.connect(delay);
        pair.net.reset();
        pair.fire();
        pair.net.run(22, quietly);
        CHECK(pair.arrivals() == std::vector<double>{delay});
    }
}

TEST_CASE("a cell that begins above its threshold spikes at t = 0, and is heard after 20 ms") {
    Pair pair;
    pair.net.set(0, "v_init", 50);
    pair.connect(20);
    auto const spikes = pair.net.run(22, quietly);
    CHECK(spikes == Raster{{0, 0}});
    CHECK(pair.arrivals() == std::vector<double>{20});
}

TEST_CASE("the weights of a projection are its own, whatever comes after") {
    Pair pair;
    auto const first = pair.connect(1), second = pair.connect(20), third = pair.connect(2);
    for (auto const projection : {first, second, third}) {
        auto const parts = pair.net.weights(projection);
        REQUIRE(parts.size() == 1);
        CHECK(parts[0].size() == 1);
        parts[0][0] = 1. + static_cast<double>(projection);
    }
    for (auto const projection : {first, second, third})
        CHECK(pair.net.weights(projection)[0][0] == 1. + static_cast<double>(projection));
}

TEST_CASE("more projections than are all asked for each spike") {
    Net net;
    net.add<Leaky>(140);
    net.set_threshold(net.cells(), 0);
    double sum = 0;
    for (int k = 0; k < 30; ++k) {
        auto const weight = std::ldexp(1e-15, k);
        Cells const one(60 + 2 * static_cast<Gid>(k)), far(139);
        net.connect(k % 2 == 0 ? one : one + far, 0, all_to_all(),
                    {.synapse = Leaky::expsyn, .weight = weight, .delay = 1});
        sum += k % 2 == 0 ? weight : 2 * weight;
    }
    net.set(net.cells().slice(60, 140), "v", 50);
    net.run(1.025, quietly);
    CHECK(net.get(0, "synapses[1].g") == doctest::Approx(sum * std::exp(-0.025 / 2)).epsilon(1e-12));
}

TEST_CASE("sources, weights and delays are drawn independently of each other") {
    std::vector<double> sources, weights, delays;
    Network<Leaky> net;
    net.add<Leaky>(50);
    auto const rule = [&](Drawing const& d, auto&& connect) {
        for (int k = 0; k < 50; ++k) {
            sources.push_back(d.random.uniform());
            connect(d.sources[0]);
        }
    };
    net.connect(net.cells(), net.cells(), rule, {.weight = Noted{&weights, 0}, .delay = Noted{&delays, 1}});
    for (auto* list : {&sources, &delays}) list->resize(weights.size());  // they are drawn twice, alike
    CHECK(std::abs(correlation(weights, delays)) < 0.1);                  // 0.02 by chance
    CHECK(std::abs(correlation(sources, weights)) < 0.1);
    CHECK(std::abs(correlation(sources, delays)) < 0.1);
    // the second key is 0 for NetStims alone
    CHECK(weights[0] == RandomStream({.id3 = 1, .key0 = 1, .key1 = 1}).uniform());
}

TEST_CASE("two leaks at each node: V rests between them; one set in one cell moves that cell alone") {
    Net net;
    net.add<TwoLeaks>(3);
    auto const rests_at = [&](Gid gid, double v) {
        for (auto const* place : {"soma.v", "dend.v"})
            CHECK(net.get(gid, place) == doctest::Approx(v).epsilon(1e-6));
    };
    net.run(100, quietly);
    for (auto const gid : net.cells()) rests_at(gid, -55);
    net.set(1, "Passive.e", -30);
    net.run(100, quietly);
    rests_at(0, -55);
    rests_at(1, -45);
    rests_at(2, -55);
    net.set(2, "dend.Drain.rev", -40);
    net.run(100, quietly);
    rests_at(0, -55);
    CHECK(net.get(2, "soma.v") > -54.9);
    CHECK(net.get(2, "soma.v") < net.get(2, "dend.v"));
}

TEST_CASE("an electrode that is put in between two runs changes nothing before its pulse") {
    Net net, untouched;
    for (auto* each : {&net, &untouched}) {
        each->add<Leaky>(3);
        each->add<TwoLeaks>(3);
        each->run(1, quietly);
    }
    net.stimulate(Cells(1), IClamp{.delay = 50, .dur = 1, .amp = 1});
    net.stimulate(Cells(4), IClamp{.delay = 50, .dur = 1, .amp = 1, .where = "dend(1)"});
    for (auto* each : {&net, &untouched}) each->run(1, quietly);
    CHECK(net.digest() == untouched.digest());
    CHECK(net.get(3, "dend(1).v") == net.get(5, "dend(1).v"));
    CHECK(net.get(4, "dend(1).v") == untouched.get(4, "dend(1).v"));
}

TEST_CASE("spikes are those of the place where the cell type reads them") {
    Net net;
    net.add<TwoLeaks>(2);
    net.set(0, "soma.v", 50);
    net.set(1, "dend(0.9).v", 50);
    CHECK(net.run(0.025, quietly) == Raster{{0, 1}});
}

TEST_CASE("the digest changes with whose a state is, with the last of a cell, and with any population's") {
    std::vector<std::uint64_t> digests;
    auto const after = [&](auto&& change) {
        Net net;
        net.add<Leaky>(2);
        net.add<TwoLeaks>(2);
        change(net);
        for (auto const other : digests) CHECK(net.digest() != other);
        digests.push_back(net.digest());
    };
    after([](Net&) {});
    for (Gid const gid : {0, 1}) {
        after([=](Net& net) { net.set(gid, "v", -60); });
        after([=](Net& net) { net.set(gid, "synapses[3].i", 1); });  // the last
    }
    for (Gid const gid : {2, 3}) {
        after([=](Net& net) { net.set(gid, "soma.v", -60); });
        after([=](Net& net) { net.set(gid, "synapses[0].g", 1); });
    }
}

}  // namespace late_changes_tests
