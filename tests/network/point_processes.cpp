// SPDX-License-Identifier: MIT

/// Synapses that take their events one by one: numbers of connections, order, their own events, voltages
/// watched; against exact formulas and NEURON's voltages (reference/make_point_processes.py).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/run/thread_exchange.hpp>

#include "../cells.hpp"

namespace point_processes_tests {

using namespace hillock;
using cells::complaint;
using cells::quietly;

namespace {

/// Writes down, digit by digit, the weights and flags that it gets, and does what some weights say.
template <class T>
struct basic_scribe {
    T delay = 1, level = -60;

    struct State {
        T log, when, counts;
    };
    struct Connection {
        T weight, count;
    };

    static constexpr double send_two = 6, move = 7, spike = 8, count = 9;  // weights

    static constexpr std::string_view name = "Scribe";
    static constexpr auto parameters() {
        return std::array{Field{"delay", "ms", &basic_scribe::delay},
                          Field{"level", "mV", &basic_scribe::level}};
    }
    static constexpr auto states() {
        return std::array{Field{"log", "", &State::log}, Field{"when", "ms", &State::when},
                          Field{"counts", "", &State::counts}};
    }
    static constexpr auto connection() {
        return std::array{Field{"weight", "", &Connection::weight}, Field{"count", "", &Connection::count}};
    }

    void begin(Connection& c) const { c.count = 10 * c.weight; }

    template <class At>
    void begin(State& s, At& at) const {
        s.when = at.v();
        at.watch_above(level, 3);
    }

    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        c.count += 1;
        s.log = std::fmod(10 * s.log + (at.flag() != 0 ? at.flag() : c.weight), 1e12);
        s.when = at.time();
        if (at.flag() != 0) return;
        if (c.weight == send_two) {
            at.send(delay, 2);
            at.send(delay, 1);
            at.send(0, 4);
        }
        if (c.weight == move) at.move(at.time() + delay);
        if (c.weight == spike) at.spike();
        if (c.weight == count) {
            s.counts = 0;
            at.for_each_connection([&](Connection& each) {
                s.counts = 1000 * s.counts + each.count;
                each.count = 0;
            });
        }
    }

    void advance(State&, T) const {}
};

/// AMPA, and NMDA that magnesium leaves with a time constant of its own; each connection depresses.
template <class T>
struct basic_ampa_nmda {
    T tau_a = 2, tau_b = 5, tau_c = 60, tau_m = 4, tau_rec = 50, U = 0.4;

    struct State {
        T a, b, c, m;
    };
    struct Connection {
        T weight, R, last;
    };

    static constexpr std::string_view name = "AmpaNmda";
    static constexpr auto parameters() { return std::array{Field{"tau_a", "ms", &basic_ampa_nmda::tau_a}}; }
    static constexpr auto states() {
        return std::array{Field{"a", "uS", &State::a}, Field{"b", "uS", &State::b},
                          Field{"c", "uS", &State::c}, Field{"m", "", &State::m}};
    }
    static constexpr auto connection() {
        return std::array{Field{"weight", "uS", &Connection::weight}, Field{"R", "", &Connection::R},
                          Field{"last", "ms", &Connection::last}};
    }

    static T unblocked(T v) { return T(1) / (T(1) + exp(T(-0.062) * v) / T(3.57)); }

    void begin(Connection& c) const { c.R = 1; }
    State initial(T v) const { return {T(0), T(0), T(0), unblocked(v)}; }

    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        c.R = 1 - (1 - c.R) * exp((c.last - at.time()) / tau_rec);
        s.a += c.weight * c.R;
        s.b += 0.5 * c.weight * c.R;
        s.c += 0.5 * c.weight * c.R;
        c.R *= 1 - U;
        c.last = at.time();
    }

    Current<T> current(T v, State const& s) const {
        auto const i = [&](T v) { return (s.a + (s.c - s.b) * s.m * unblocked(v)) * v; };
        return linearised(i(v), (i(v + T(0.001)) - i(v)) * T(1000), v);
    }

    void advance(State& s, T v, T dt) const {
        s.a *= exp(-dt / tau_a);
        s.b *= exp(-dt / tau_b);
        s.c *= exp(-dt / tau_c);
        s.m += (T(1) - exp(-dt / tau_m)) * (unblocked(v) - s.m);
    }
};

/// A conductance whose connections grow by how much they have been used, each time V rises.
template <class T>
struct basic_watcher {
    T tau = 3, th = -55;

    struct State {
        T g;
    };
    struct Connection {
        T weight, n;
    };

    static constexpr std::string_view name = "Watcher";
    static constexpr auto parameters() {
        return std::array{Field{"tau", "ms", &basic_watcher::tau}, Field{"th", "mV", &basic_watcher::th}};
    }
    static constexpr auto states() { return std::array{Field{"g", "uS", &State::g}}; }
    static constexpr auto connection() {
        return std::array{Field{"weight", "uS", &Connection::weight}, Field{"n", "", &Connection::n}};
    }

    template <class At>
    void begin(State&, At& at) const {
        at.send(0, 1);
    }
    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        if (at.flag() == 0) {
            s.g += c.weight;
            c.n += 1;
        } else if (at.flag() == 2) {
            at.for_each_connection([](Connection& each) {
                each.weight *= 1 + 0.2 * each.n;
                each.n = 0;
            });
            at.watch_below(th - 2, 3);
        } else {
            at.watch_above(th, 2);
        }
    }

    Current<T> current(T, State const& s) const { return ohmic(s.g, T(0)); }
    void advance(State& s, T dt) const { s.g *= exp(-dt / tau); }
};

struct Nerve : Cell<Nerve> {
    Section soma{"soma"};

    static constexpr int depressing = 1, gaba = 2, scribe = 3, nmda = 4, watcher = 5;

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Passive{.g = 1e-4, .e = -65})); }
    auto create_synapses() {
        return synapses(
            place(ExpSyn{.tau = 2, .e = 0}, soma(0.5)),
            place(TsodyksMarkramSyn{.tau = 3, .U = 0.3, .tau_rec = 120, .tau_fac = 70}, soma(0.5)),
            place(GabaA{}, soma(0.5)), place(basic_scribe<double>{}, soma(0.5)),
            place(basic_ampa_nmda<double>{}, soma(0.5)), place(basic_watcher<double>{}, soma(0.5)));
    }
};

using Net = Network<Nerve>;

/// A net whose cell `gid` spikes in the steps of these times (ms).
void let_spike(auto& net, Gid gid, std::vector<double> const& times) {
    net.stimulate(gid, SpikeTimes{times}, {.synapse = Nerve::scribe, .weight = 8, .delay = 0});
}

/// Tsodyks and Markram's conductance `until` ms after spikes at these times.
double depressing(std::vector<double> const& times, double weight, double until) {
    double R = 1, u = 0, g = 0, last = 0;
    for (double const t : times) {
        R = 1 - (1 - R * (1 - u)) * std::exp(-(t - last) / 120);
        u = 0.3 + u * 0.7 * std::exp(-(t - last) / 70);
        g = g * std::exp(-(t - last) / 3) + weight * R * u;
        last = t;
    }
    return g * std::exp(-(until - last) / 3);
}

/// A network in which everything happens at once.
template <class N>
void build(N& net) {
    auto const all = net.template add<Nerve>(23);
    net.set_threshold(all, -57);
    for (int synapse = 0; synapse < 6; ++synapse)
        net.stimulate(all,
                      NetStim{.interval = 6,
                              .noise = 1,
                              .start = 0,
                              .number = 1e9,
                              .stream = static_cast<std::uint32_t>(synapse)},
                      {.synapse = synapse, .weight = synapse == Nerve::scribe ? 8 : 0.004});
    for (int synapse = 0; synapse < 6; ++synapse)
        net.connect(all, all, fixed_indegree(4),
                    {.synapse = synapse, .weight = Uniform{0, 0.003}, .delay = Uniform{0.5, 9}});
    net.stimulate(std::vector<ExternalEvent>{
        {3, 10, Nerve::depressing, 0.004}, {3, 25, Nerve::depressing, 0.004}, {3, 30, Nerve::gaba, 0.004}});
    net.set(all, "synapses[3].level", -58);
}

struct Outcome {
    Raster raster;
    std::uint64_t digest;

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

template <class N>
Outcome run(N& net, double duration, std::size_t threads = 1) {
    auto raster = net.run(duration, {.threads = threads, .progress = false});
    return {std::move(raster), net.digest()};
}

}  // namespace

TEST_CASE("a synapse uses from none to all of its resources") {
    Net net;
    net.add(3);
    for (auto const U : {0., 0.5, 1.}) CHECK_NOTHROW(net.set(net.cells(), "synapses[1].U", U));
    for (auto const U : {-0.1, 1.1})
        CHECK(complaint([&] { net.set(net.cells(), "synapses[1].U", U); }) ==
              fmt::format("synapses[1].U = {}: must be from 0 to 1", U));
    CHECK(net.get(0, "synapses[1].U") == 1);
}

TEST_CASE("Tsodyks and Markram's synapse follows its formulas, each connection by itself") {
    Net net;
    auto const all = net.add<Nerve>(11);
    std::vector<double> const regular{5, 15, 25, 35, 45}, random{1.2, 1.225, 9.7, 30.05, 31.5};
    let_spike(net, 3, regular);
    let_spike(net, 7, random);
    net.stimulate(10, SpikeTimes{regular}, {.synapse = 1, .weight = 0.001, .delay = 2});
    net.connect(3, 10, all_to_all(), {.synapse = Nerve::depressing, .weight = 0.002, .delay = 1.5});
    net.connect(7, 10, all_to_all(), {.synapse = 1, .weight = 0.003, .delay = 7.125});
    net.run(60, quietly);
    auto const expected = depressing(regular, 0.001, 58) + depressing(regular, 0.002, 58.5) +
                          depressing(random, 0.003, 60 - 7.125);
    CHECK(net.get(10, "synapses[1].g") == doctest::Approx(expected).epsilon(1e-12));
    CHECK(net.get(9, "synapses[1].g") == 0);
}

TEST_CASE("events of one step come by source, then connection, stimuli, own events, voltages") {
    Net net;
    net.add<Nerve>(6);
    for (Gid const gid : {4, 1, 2}) let_spike(net, gid, {5});
    ConnectionList list(Repeats::allowed);
    list.add({4, 0, Nerve::scribe, 4, 1});
    list.add({2, 0, Nerve::scribe, 6, 1});  // sends 2 and 1, and at once 4
    list.add({2, 0, Nerve::scribe, 3, 1});
    net.connect(list);
    net.stimulate(0, SpikeTimes{{6, 7}}, {.synapse = Nerve::scribe, .weight = 5, .delay = 0});
    net.connect(1, 0, all_to_all(), {.synapse = Nerve::scribe, .weight = 1, .delay = 1});
    net.send({0, 6, Nerve::scribe, 9});
    net.stimulate(0, IClamp{.delay = 5.98, .dur = 0.02, .amp = 4});
    net.run(8, quietly);
    // at 6 ms the sources 1, 2 (twice) and 4, two stimuli, the event sent at once, V; at 7 ms a stimulus and two
    // that were sent
    CHECK(net.get(0, "synapses[3].log") == 1634'59'43 * 1e3 + 521);
}

TEST_CASE("own events are sent and moved to the nearest step, ties to the later one, and know their time") {
    Net net;
    auto const all = net.add<Nerve>(3);
    net.set(all, "synapses[3].delay", [](Gid gid) { return gid == 0 ? 1 : gid == 1 ? 1.0125 : 1.0124; });
    net.stimulate(all, SpikeTimes{{2}}, {.synapse = Nerve::scribe, .weight = 6, .delay = 0});
    auto const one = net.probe(1, "synapses[3].when"), two = net.probe(2, "synapses[3].when");
    net.run(5, quietly);
    auto const steps_before = [](auto const& probe) {
        return std::count_if(probe->values.begin(), probe->values.end(), [](double t) { return t < 2.5; });
    };
    CHECK(steps_before(one) == steps_before(two) + 1);
    CHECK(net.get(0, "synapses[3].log") == 6421);
    CHECK(net.get(0, "synapses[3].when") == doctest::Approx(3).epsilon(1e-12));
    CHECK(net.get(1, "synapses[3].when") == doctest::Approx(3.0125).epsilon(1e-12));
    CHECK(net.get(2, "synapses[3].when") == doctest::Approx(3.0124).epsilon(1e-12));
    net.stimulate(0, SpikeTimes{{6}}, {.synapse = Nerve::scribe, .weight = 6, .delay = 0});
    net.stimulate(0, SpikeTimes{{6.5}}, {.synapse = Nerve::scribe, .weight = 7, .delay = 0});
    net.run(5, quietly);
    CHECK(net.get(0, "synapses[3].log") == 6421'64721);
    CHECK(net.get(0, "synapses[3].when") == doctest::Approx(7.5).epsilon(1e-12));
    net.stimulate(0, SpikeTimes{{11}}, {.synapse = Nerve::scribe, .weight = 7, .delay = 0});
    CHECK(complaint([&] { net.run(5, quietly); }) ==
          "Scribe: no event with flag 1 is on its way that could be moved to 12 ms");
}

TEST_CASE("a voltage that is watched sends an event when it has risen, once") {
    Net net;
    net.add<Nerve>(1);
    net.stimulate(0, IClamp{.delay = 2, .dur = 10, .amp = 0.01});
    auto const v = net.probe(0, "v", {.every = 1});
    net.run(12, quietly);
    std::size_t step = 0;
    while (v->values[step] <= -60) ++step;
    CHECK(step > 100);
    CHECK(net.get(0, "synapses[3].when") == doctest::Approx(v->times[step]).epsilon(1e-12));
    CHECK(net.get(0, "synapses[3].log") == 3);
}

TEST_CASE("all connections of a synapse are shown, and can be changed; weights too are theirs") {
    Net net;
    net.add<Nerve>(5);
    for (Gid const gid : {4, 2}) let_spike(net, gid, {1, 2, 3});
    auto const projection =
        net.connect({2, 5}, 0, all_to_all(), {.synapse = Nerve::scribe, .weight = 1, .delay = 1});
    net.stimulate(0, SpikeTimes{{5, 6}}, {.synapse = Nerve::scribe, .weight = 9, .delay = 0});
    net.run(5.5, quietly);
    CHECK(net.get(0, "synapses[3].counts") == 13'010'013'091);  // 10 times the weight, and the events so far
    net.run(1, quietly);
    CHECK(net.get(0, "synapses[3].counts") == 1);
    net.reset();
    net.weights(projection)[0][0] = 2;  // of source 2
    net.run(5.5, quietly);
    CHECK(net.get(0, "synapses[3].counts") == 23'010'013'091);
    CHECK(net.connections_of(projection)[0].weight == 2);
}

TEST_CASE("weights that events have changed are those of the connections until a reset") {
    Net net;
    net.add<Nerve>(2);
    let_spike(net, 1, {1, 2, 3});
    auto const projection =
        net.connect(1, 0, all_to_all(), {.synapse = Nerve::watcher, .weight = 0.01, .delay = 1});
    net.run(10, quietly);
    CHECK(net.connections_of(projection)[0].weight == doctest::Approx(0.012).epsilon(1e-12));
    auto fork = net;
    CHECK(fork.weights(projection)[0][0] == doctest::Approx(0.012).epsilon(1e-12));
    net.reset();
    CHECK(net.connections_of(projection)[0].weight == 0.01);
    CHECK(fork.connections_of(projection)[0].weight == doctest::Approx(0.012).epsilon(1e-12));
    CHECK(net.digest() != fork.digest());
}

TEST_CASE("the same bits on any threads, lanes and ranks, in pieces, copied and restored") {
    Net net;
    build(net);
    net.run(19, quietly);
    net.send({4, 35, Nerve::depressing, 0.002});
    net.run(1, quietly);
    auto const here = net.save();
    auto fork = net;
    auto const whole = run(net, 30);
    CHECK(whole.raster.size() > 50);
    CHECK(run(fork, 30, 3) == whole);
    fork.restore(here);
    CHECK(run(fork, 30) == whole);
    net.reset();
    net.run(19, {.threads = 2, .progress = false});
    net.send({4, 35, Nerve::depressing, 0.002});
    net.run(1, {.threads = 2, .progress = false});
    CHECK(run(net, 30) == whole);
    ScalarNetwork<Nerve> scalar;
    build(scalar);
    scalar.restore(here);
    CHECK(run(scalar, 30, 3) == whole);
    run_ranks(3, [&](ThreadExchange exchange) {
        Network<Nerve> one(exchange);
        build(one);
        one.restore(here);
        auto copy = one;
        CHECK(run(one, 30) == whole);
        auto moved = std::move(copy);
        CHECK(run(moved, 30, 2) == whole);
        one.reset();
        one.run(19, quietly);
        one.send({4, 35, Nerve::depressing, 0.002});
        one.run(1, quietly);
        CHECK(one.save().contents().size() == here.contents().size());
        CHECK(run(one, 30) == whole);
    });
}

TEST_CASE("artificial cells integrate, spike when they say so, and are deaf then") {
    Network<ArtificialCell<IntFire1>> net;
    auto const all = net.add(2, ArtificialCell{IntFire1{.tau = 8, .refractory = 3}});
    net.stimulate(0, SpikeTimes{{1, 2, 3, 4, 5.975, 6, 6.025, 7}}, {.weight = 0.4, .delay = 0});
    net.connect(0, 1, all_to_all(), {.weight = 1.1, .delay = 1});
    // m(3) = 0.4 (1 + e^(-1/8) + e^(-1/4)) > 1; deaf until 6 ms, when it wakes after the event of that step; then
    // events at 6.025 and 7
    CHECK(net.run(10, quietly) == Raster{{3, 0}, {4, 1}});
    CHECK(net.get(0, "synapses[0].m") == doctest::Approx(0.4 * (1 + std::exp(-0.975 / 8))).epsilon(1e-12));
    CHECK(net.get(1, "synapses[0].deaf") == 0);
    CHECK(all.size() == 2);
}

TEST_CASE("voltages are NEURON's: depression, pulses of transmitter, weights by WATCH and FOR_NETCONS") {
    Net net;
    auto const all = net.add<Nerve>(3);
    struct Source {
        double start, interval, number, weight;
    };
    for (auto const& s : {Source{3, 11, 8, 0.004}, {5, 17.5, 5, 0.006}, {36.5, 0.5, 8, 0.003}})
        for (Gid const gid : all) {
            int const synapses[] = {Nerve::nmda, Nerve::gaba, Nerve::watcher};
            net.stimulate(gid, NetStim{.interval = s.interval, .start = s.start, .number = s.number},
                          {.synapse = synapses[gid], .weight = s.weight * (gid == 2 ? 0.06 : 1)});
        }
    std::vector<std::shared_ptr<Trace const>> traces;
    for (Gid const gid : all) traces.push_back(net.probe(gid, "v", {.every = 20}));
    net.run(100, quietly);
    std::ifstream file("reference/data/point_processes.csv");
    std::string line;
    std::getline(file, line);
    double worst[3] = {};
    std::size_t row = 0;
    for (; std::getline(file, line); ++row)
        for (std::size_t k = 0, at = 0; k < 3; ++k) {
            auto const end = line.find(',', at);
            auto const v = std::stod(line.substr(at, end - at));
            worst[k] = std::max(worst[k], std::abs(v - traces[k]->values.at(row)));
            at = end + 1;
        }
    CHECK(row == 201);
    for (auto const each : worst) CHECK(each < 1e-6);
}

TEST_CASE("each event of a Poisson process is one of its own, as many as reach a synapse that sums weights") {
    Net drawn, given;
    Poisson const source{.rate = 3000, .start = 1};
    for (auto* net : {&drawn, &given}) net->add<Nerve>(3);
    drawn.stimulate(2, source, {.synapse = 1, .weight = 0.001});
    auto const expected = drawn.probe(2, "synapses[1].g");
    drawn.run(20, quietly);

    Net summed;
    summed.add<Nerve>(3);
    summed.stimulate(2, source, {.synapse = 0, .weight = 1});
    auto const g = summed.probe(2, "synapses[0].g");
    summed.run(20, quietly);
    SpikeTimes times;
    for (std::size_t k = 0; k + 1 < g->values.size(); ++k)
        for (auto n = std::lround(g->values[k + 1] * std::exp(summed.dt() / 2) - g->values[k]); n > 0; --n)
            times.times.push_back(g->times[k]);
    CHECK(times.times.size() > 40);
    given.stimulate(2, times, {.synapse = 1, .weight = 0.001, .delay = 0});
    auto const found = given.probe(2, "synapses[1].g");
    given.run(20, quietly);
    CHECK(found->values == expected->values);
}

}  // namespace point_processes_tests
