// SPDX-License-Identifier: MIT

/// Numbers of a node that mechanisms share, as an ion's: a toy calcium with a current and a concentration.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <doctest/doctest.h>

#include "../cells.hpp"

using namespace hillock;
using cells::complaint;
using cells::quietly;

namespace {

struct ica {
    static constexpr NodeVariable is{.name = "ica", .unit = "mA/cm2", .summed = true};
};
struct cai {
    static constexpr NodeVariable is{.name = "cai", .unit = "mM", .initial = 5e-5};
};

/// An ohmic calcium current without gates.
template <class T>
struct basic_entry {
    T g = 1e-5;

    struct State {};
    using Uses = NodeVariables<ica>;

    static constexpr std::string_view name = "Entry";
    static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &basic_entry::g}}; }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
    auto rates(T) const { return std::tuple{}; }
    Current<T> current(T v, State const&, Nearby<T, Uses>& at) const {
        at(ica{}) += g * (v - T(120));
        return ohmic(g, T(120));
    }
};

/// cai' = -k ica - (cai - rest)/tau, by implicit Euler. It shares its node's numbers with every mechanism there.
template <class T>
struct basic_pool {
    T k = 1, tau = 20, rest = 1e-4;

    struct State {};
    using Uses = NodeVariables<cai, ica>;

    static constexpr std::string_view name = "Pool";
    static constexpr auto parameters() {
        return std::array{Field{"k", "", &basic_pool::k}, Field{"tau", "ms", &basic_pool::tau},
                          Field{"rest", "mM", &basic_pool::rest}};
    }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
    State initial(T, Nearby<T, Uses>& at) const {
        at(cai{}) = rest;
        return {};
    }
    void advance(State&, T, T dt, Nearby<T, Uses>& at) const {
        at(cai{}) = (at(cai{}) + dt * (rest / tau - k * at(ica{}))) / (T(1) + dt / tau);
    }
    Current<T> current(T, State const&, Nearby<T, Uses>&) const { return ohmic(T(0), T(0)); }
};

using Entry = basic_entry<double>;
using Pool = basic_pool<double>;

template <int sections_>
struct Calcium : Cell<Calcium<sections_>> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() {
        if constexpr (sections_ == 1)
            return sections(soma);
        else
            return sections(soma, dend);
    }
    void build_topology() {
        if (sections_ > 1) dend.connect(soma(1));
    }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 100, dend.diam = 1, dend.nseg = 5;
    }
    auto define_biophysics() {
        return biophysics(insert(soma, Passive{.g = 1e-3, .e = -65}), insert(soma, Entry{}),
                          insert(soma, Pool{}));
    }
    auto create_synapses() { return synapses(); }
};

}  // namespace

TEST_CASE_TEMPLATE("a current, and the concentration that it feeds", C, Calcium<1>, Calcium<2>) {
    double const dt = 0.025;
    Network<C> net({.dt = dt});
    net.template add<C>(11);
    CHECK(net.get(3, "cai") == 1e-4);  // the pool's; where there is none, its own
    if constexpr (std::is_same_v<C, Calcium<2>>) CHECK(net.get(3, "dend.cai") == 5e-5);
    net.set(Cells(3), "Entry.g", 2e-5);
    double expected = 1e-4;
    for (int step = 0; step < 50; ++step) {
        auto const v = net.get(3, "v");
        net.run(dt, quietly);
        auto const i = 2e-5 * (v - 120);
        CHECK(net.get(3, "soma(0.5).ica") == doctest::Approx(i).epsilon(1e-12));
        expected = (expected + dt * (1e-4 / 20 - i)) / (1 + dt / 20);
        CHECK(net.get(3, "cai") == doctest::Approx(expected).epsilon(1e-12));
    }
    CHECK(net.get(3, "cai") > 1.5 * net.get(2, "cai") - 0.5e-4);
    net.set(Cells(4), "cai", 5);
    CHECK(net.get(4, "cai") == 5);
    net.reset();
    CHECK(net.get(4, "cai") == 1e-4);
}

TEST_CASE("node variables: digests see them, and bits do not depend on lanes") {
    Network<Calcium<2>> lanes, other;
    ScalarNetwork<Calcium<2>> single;
    auto const run = [](auto& net, double rest) {
        net.template add<Calcium<2>>(9);
        net.set(net.cells(), "Entry.g", [](Gid gid) { return 1e-5 * (1 + gid); });
        net.set(Cells(8), "Pool.rest", rest);
        net.run(20, quietly);
        return net.digest();
    };
    auto const digest = run(lanes, 1e-4);
    CHECK(run(single, 1e-4) == digest);
    CHECK(run(other, 1.1e-4) != digest);  // nothing else depends on it
    CHECK(complaint([&] { lanes.get(0, "nai"); }).find("it has v, v_init, ica, cai, Passive.g") !=
          std::string::npos);
}
