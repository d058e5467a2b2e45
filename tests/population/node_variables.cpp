// SPDX-License-Identifier: MIT

/// Numbers of a node that mechanisms share: a toy calcium of one's own with a current and a concentration, and
/// an ion. Traces against NEURON are in reference/mechanisms.cpp.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/draws.hpp>

#include "../cells.hpp"

namespace node_variables_tests {

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
    using Writes = NodeVariables<cai>;

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
};

/// Shows all that a mechanism can see, and writes a concentration.
template <class T>
struct basic_witness {
    T inside = 8e-5;

    struct State {
        T eca, celsius, diam, area, t_current, t_advance;
    };
    using Uses = NodeVariables<ion::ca::current, ion::ca::inside, ion::ca::reversal, quantity::celsius,
                               quantity::diam, quantity::area, quantity::time>;
    using Writes = NodeVariables<ion::ca::inside>;

    static constexpr std::string_view name = "Witness";
    static constexpr auto parameters() { return std::array{Field{"inside", "mM", &basic_witness::inside}}; }
    static constexpr auto states() {
        return std::array{Field{"e", "mV", &State::eca},        Field{"kelvin", "", &State::celsius},
                          Field{"d", "um", &State::diam},       Field{"membrane", "um2", &State::area},
                          Field{"t0", "ms", &State::t_current}, Field{"t1", "ms", &State::t_advance}};
    }
    State initial(T, Nearby<T, Uses>& at) const {
        at(ion::ca::inside{}) = inside;
        return {at(ion::ca::reversal{}), at(quantity::celsius{}) + 273.15, T(0), T(0), T(0), T(0)};
    }
    Current<T> current(T v, State& s, Nearby<T, Uses>& at) const {
        s.t_current = at(quantity::time{});
        s.diam = at(quantity::diam{});
        s.area = at(quantity::area{});
        s.eca = at(ion::ca::reversal{});
        at(ion::ca::current{}) += 1e-6 * v;
        return differenced(v, [](T u) { return 1e-6 * u; });
    }
    void advance(State& s, T, T, Nearby<T, Uses>& at) const {
        s.t_advance = at(quantity::time{});
        at(ion::ca::inside{}) += 1e-5;
    }
};

/// A current that a point process takes from an ion. It draws random numbers.
template <class T>
struct basic_tap {
    T i = 0.5;

    struct State {
        T noise, draws;
    };
    using Uses = NodeVariables<ion::ca::current, quantity::gid, quantity::place>;

    static constexpr std::string_view name = "Tap";
    static constexpr auto parameters() { return std::array{Field{"i", "nA", &basic_tap::i}}; }
    static constexpr auto states() {
        return std::array{Field{"noise", "", &State::noise}, Field{"draws", "", &State::draws}};
    }
    void receive(State&, T) const {}
    void advance(State& s, T, T, Nearby<T, Uses>& at) const {
        s.noise = normal_draw(at(quantity::gid{}), at(quantity::place{}), s.draws, T(7));
        s.draws += 1;
    }
    Current<T> current(T, State const&, Nearby<T, Uses>& at) const {
        at(ion::ca::current{}) += i;
        return {T(0), -i};
    }
};

/// A current that shows its conductance and writes a concentration.
template <class T>
struct basic_shown {
    T scale = 1e-5;

    struct State {
        T g;
    };
    using Uses = NodeVariables<ica, cai>;
    using Writes = NodeVariables<cai>;

    static constexpr std::string_view name = "Shown";
    static constexpr auto parameters() { return std::array{Field{"scale", "", &basic_shown::scale}}; }
    static constexpr auto states() { return std::array{Field{"g", "S/cm2", &State::g}}; }
    auto rates(T) const { return std::tuple{}; }
    static constexpr bool shows_at_start = true;
    Current<T> current(T v, State& s, Nearby<T, Uses>& at) const {
        s.g = -scale * v;
        at(cai{}) = T(2e-4);
        at(ica{}) += s.g * v;
        return ohmic(s.g, T(0));
    }
};

/// Counts how often it is asked for its current.
template <class T>
struct basic_counting {
    T step = 1;

    struct State {
        T n;
    };

    static constexpr std::string_view name = "Counting";
    static constexpr auto parameters() { return std::array{Field{"step", "", &basic_counting::step}}; }
    static constexpr auto states() { return std::array{Field{"n", "", &State::n}}; }
    auto rates(T) const { return std::tuple{}; }
    Current<T> current(T, State& s) const {
        s.n += step;
        return ohmic(T(0), T(0));
    }
};

struct Shown : Cell<Shown> {
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
    auto define_biophysics() {
        return biophysics(insert(soma, basic_shown<double>{}), insert(dend, basic_shown<double>{}),
                          insert(soma, basic_counting<double>{}));
    }
    auto create_synapses() { return synapses(); }
};

/// Keeps what its events see.
template <class T>
struct basic_listener {
    T tau = 5;

    struct State {
        T cai, v, count;
    };
    struct Connection {
        T weight, before;
    };
    using Uses = NodeVariables<cai>;

    static constexpr std::string_view name = "Listener";
    static constexpr auto parameters() { return std::array{Field{"tau", "ms", &basic_listener::tau}}; }
    static constexpr auto states() {
        return std::array{Field{"seen", "mM", &State::cai}, Field{"volts", "mV", &State::v},
                          Field{"count", "", &State::count}};
    }
    static constexpr auto connection() {
        return std::array{Field{"weight", "", &Connection::weight}, Field{"before", "", &Connection::before}};
    }
    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        s.cai = at(cai{});
        s.v = at.v() + tau;
        s.count = ++c.before + 10 * at.flag();
        at.watch_below(-70, 3);
    }
    void advance(State& s, T) const { s.count = 0.5 * s.count; }
};

struct Seer : Cell<Seer> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 100, dend.diam = 2, dend.nseg = 2;
    }
    auto define_biophysics() {
        return biophysics(insert(dend, Passive{.g = 1e-3, .e = -65}), insert(soma, basic_witness<double>{}));
    }
    auto create_synapses() {
        return synapses(place(basic_tap<double>{}, dend(0.25)), place(basic_tap<double>{}, dend(0.25)));
    }
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
    auto create_synapses() {
        if constexpr (sections_ == 1)
            return synapses();
        else
            return synapses(place(basic_listener<double>{}, dend(0.9)),
                            place(basic_listener<double>{}, soma(0.5)));
    }
};

/// A conductance that decays the faster the warmer it is.
template <class T>
struct basic_warm_synapse {
    T celsius = 6.3;

    struct State {
        T g;
    };
    static constexpr std::string_view name = "WarmSynapse";
    static constexpr auto parameters() {
        return std::array{Field{"celsius", "degC", &basic_warm_synapse::celsius}};
    }
    static constexpr auto states() { return std::array{Field{"g", "uS", &State::g}}; }
    void receive(State& s, T weight) const { s.g += weight; }
    void advance(State& s, T dt) const { s.g -= dt * s.g * celsius / 100; }
    Current<T> current(T, State const& s) const { return {s.g, T(0)}; }
};

/// A cell of two such synapses.
struct Brewery : Cell<Brewery> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Passive{})); }
    auto create_synapses() {
        using WarmSynapse = basic_warm_synapse<double>;
        return synapses(place(WarmSynapse{}, soma(0.5)), place(WarmSynapse{}, soma(0.5)));
    }
};

}  // namespace

TEST_CASE_TEMPLATE("what currents leave can be read at t = 0", Net, Network<Shown>, ScalarNetwork<Shown>,
                   SingleNetwork<Shown>) {
    for (auto const lanes : {Lanes::across_cells, Lanes::along_cell}) {
        Net net({.dt = 0.025, .lanes = lanes});
        net.add(5);
        net.set(3, "v_init", -70);
        auto const check = [&] {
            CHECK(net.get(3, "soma(0.5).Shown.g") == doctest::Approx(7e-4));
            CHECK(net.get(3, "dend(0.7).Shown.g") == doctest::Approx(7e-4));
            CHECK(net.get(0, "soma(0.5).Shown.g") == doctest::Approx(6.5e-4));
            CHECK(net.get(3, "soma(0.5).Counting.n") == 0);  // says nothing
            CHECK(net.get(3, "soma(0.5).ica") == doctest::Approx(7e-4 * -70));
            CHECK(net.get(3, "soma(0.5).cai") == doctest::Approx(2e-4));
        };
        check();
        auto const g = net.probe(3, "soma(0.5).Shown.g"), n = net.probe(3, "soma(0.5).Counting.n");
        net.run(0.05, {.progress = false});
        CHECK(g->values[0] == doctest::Approx(7e-4));
        CHECK(n->values == std::vector<typename decltype(n->values)::value_type>{0, 1, 2});
        net.reset();
        check();
    }
}

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
    Network<Calcium<2>> lanes, other, along({.lanes = Lanes::along_cell});
    ScalarNetwork<Calcium<2>> single;
    auto const run = [](auto& net, double rest) {
        net.template add<Calcium<2>>(9);
        net.set(net.cells(), "Entry.g", [](Gid gid) { return 1e-5 * (1 + gid); });
        net.set(Cells(8), "Pool.rest", rest);
        net.set(net.cells(), "synapses[0].tau", [](Gid gid) { return 1. + gid; });
        for (auto const gid : net.cells())
            net.stimulate(gid, SpikeTimes{{1, 3, 5. + gid}}, {.synapse = 1, .weight = 1});
        net.stimulate(net.cells(), IClamp{.delay = 2, .dur = 4, .amp = -0.2});
        net.stimulate(net.cells(), SpikeTimes{{2.5, 10}}, {.synapse = 0, .weight = 2});
        net.run(20, quietly);
        if (rest == 1e-4) CHECK(net.get(7, "synapses[1].seen") > 0);
        return net.digest();
    };
    auto const digest = run(lanes, 1e-4);
    CHECK(run(single, 1e-4) == digest);
    CHECK(run(along, 1e-4) == digest);
    CHECK(run(other, 1.1e-4) != digest);  // nothing else depends on it
    CHECK(complaint([&] { lanes.get(0, "nai"); }).find("it has v, v_init, ica, cai, Passive.g") !=
          std::string::npos);
}

TEST_CASE("an ion: Nernst where its concentration is written, a parameter elsewhere") {
    double const dt = 0.025, warm = 134.01654040987262;  // NEURON's at 8e-5 and 2 mM, 34 degC
    auto lanes = Lanes::across_cells;
    SUBCASE("with lanes across cells") {}
    SUBCASE("with lanes along the cell") { lanes = Lanes::along_cell; }
    Network<Seer> net({.dt = dt, .lanes = lanes});
    net.add<Seer>(9);
    net.set(net.cells(), "celsius", [](Gid gid) { return gid == 8 ? 6.3 : 34; });
    CHECK(net.get(3, "celsius") == 34);
    CHECK(net.get(3, "eca") == doctest::Approx(warm).epsilon(1e-14));
    CHECK(net.get(8, "eca") == doctest::Approx(warm / 307.15 * 279.45).epsilon(1e-14));
    CHECK(net.get(3, "kelvin") == doctest::Approx(307.15));
    // before the mechanism has written its own
    CHECK(net.get(8, "Witness.e") == doctest::Approx(ion::ca::nernst(5e-5, 2., 6.3)).epsilon(1e-14));
    CHECK(net.get(3, "dend(0.75).eca") == 132.4579341637009);

    net.set(Cells(3), "dend.eca", 120);
    CHECK(net.get(3, "dend(0.25).eca") == 120);
    net.run(2 * dt, quietly);
    CHECK(net.get(3, "cai") == doctest::Approx(1e-4).epsilon(1e-12));
    CHECK(net.get(3, "eca") == doctest::Approx(ion::ca::nernst(9e-5, 2., 34.)).epsilon(1e-14));
    CHECK(net.get(3, "Witness.e") == net.get(3, "eca"));
    CHECK(net.get(3, "t0") == doctest::Approx(1.5 * dt).epsilon(1e-14));
    CHECK(net.get(3, "t1") == doctest::Approx(2 * dt).epsilon(1e-14));
    CHECK(net.get(3, "d") == 20);
    CHECK(net.get(3, "membrane") == doctest::Approx(std::acos(-1.) * 400).epsilon(1e-14));
    // two taps of 0.5 nA, in mA/cm2
    CHECK(net.get(3, "dend(0.25).ica") == doctest::Approx(100 / (std::acos(-1.) * 100)).epsilon(1e-14));
    CHECK(net.get(3, "dend(0.75).ica") == 0);
    CHECK(net.get(3, "synapses[1].g") == 0);  // asking does not tap
    CHECK(net.get(3, "dend(0.25).ica") == doctest::Approx(100 / (std::acos(-1.) * 100)).epsilon(1e-14));
    net.set(Cells(3), "dend.cao", 3);
    CHECK(net.get(3, "cao") == 2);

    net.reset();
    CHECK(net.get(3, "cai") == 8e-5);
    CHECK(net.get(3, "dend(0.75).eca") == 120);  // parameters stay
    CHECK(net.get(4, "dend(0.75).eca") == 132.4579341637009);
    CHECK(net.get(3, "celsius") == 34);
    auto const saved = net.save();
    Network<Seer> other({.dt = dt});
    other.add<Seer>(9);
    other.restore(saved);
    for (auto* each : {&net, &other}) each->run(1, quietly);
    CHECK(net.get(3, "synapses[1].draws") == 40);
    CHECK(net.get(3, "synapses[1].noise") != net.get(3, "synapses[0].noise"));
    CHECK(net.get(3, "synapses[1].noise") != net.get(4, "synapses[1].noise"));
    CHECK(other.digest() == net.digest());
    CHECK(other.get(3, "celsius") == 34);
    CHECK(other.get(3, "dend.eca") == 120);
}

TEST_CASE("random numbers of mechanisms: the same in lanes, normal, other ones by gid, place and seed") {
    using Lane = simd::Lane<double>;
    double sum = 0, squares = 0;
    for (int n = 0; n < 10000; ++n) {
        auto const one = normal_draw(5., 3., static_cast<double>(n), 0.);
        sum += one;
        squares += one * one;
    }
    CHECK(std::abs(sum / 10000) < 0.03);  // three standard errors
    CHECK(std::abs(squares / 10000 - 1) < 0.05);
    auto const one = uniform_draw(5., 3., 17., 0.);
    alignas(simd::alignment) std::array<double, Lane::width> numbers;
    uniform_draw(Lane(5.), Lane(3.), Lane(17.), Lane(0.)).store(numbers.data());
    CHECK(numbers.back() == one);
    CHECK(uniform_draw(6., 3., 17., 0.) != one);
    CHECK(uniform_draw(5., 4., 17., 0.) != one);
    CHECK(uniform_draw(5., 3., 18., 0.) != one);
    CHECK(uniform_draw(5., 3., 17., 1.) != one);
}

TEST_CASE("celsius is the cell's, and its mechanisms' that have their own") {
    Network<cells::HH, cells::Leaky> net;
    net.add<cells::HH>(2);
    net.add<cells::Leaky>(2);
    net.set(net.cells(), "celsius", [](Gid gid) { return 20. + gid; });
    CHECK(net.get(1, "HodgkinHuxley.celsius") == 21);
    CHECK(net.get(1, "celsius") == 21);
    CHECK(net.get(3, "celsius") == 23);
}

TEST_CASE("celsius is set in all synapses that have their own, and is ambiguous where the cell has none") {
    Network<Brewery> net;
    net.add<Brewery>(1);
    net.set(net.cells(), "celsius", 34);
    CHECK(net.get(0, "celsius") == 34);
    CHECK(net.get(0, "synapses[0].celsius") == 34);
    CHECK(net.get(0, "synapses[1].celsius") == 34);
    CHECK(complaint([&] { net.set(net.cells(), "soma.celsius", 20); }).find("write it in full") !=
          std::string::npos);
}

}  // namespace node_variables_tests
