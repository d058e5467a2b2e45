// SPDX-License-Identifier: MIT

/// Networks driven from outside, in a loop of somebody else's.

#include <array>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace driving_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

/// A leak on a soma and a dendrite of one segment, whose far end has no node.
struct Stick : Cell<Stick> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 100;
        dend.diam = 1;
    }
    auto define_biophysics() { return biophysics(insert(soma, Passive{}), insert(dend, Passive{})); }
    auto create_synapses() { return synapses(place(ExpSyn{.tau = 2}, dend(0.5))); }
};

using Net = Network<Leaky, Stick>;
using Spikes = std::span<Spike const>;

constexpr double NaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a held current is an IClamp's while it is held, at any place and of any number of drives") {
    for (auto const* where : {"", "soma(0.5)", "dend(1)"}) {
        Net clamped, driven;
        for (auto* net : {&clamped, &driven}) {
            net->add<Leaky>(1);
            net->add<Stick>(3);
        }
        Cells const sticks(1, 4);
        clamped.stimulate(sticks, IClamp{.delay = 2, .dur = 3, .amp = 0.1, .where = where});
        clamped.stimulate(2, IClamp{.delay = 3, .dur = 1, .amp = 0.02, .where = where});
        auto one = driven.current(sticks, where), other = driven.current(2, where);
        auto const in = [&](double t) {
            clamped.run_until(t, quietly);
            driven.run_until(t, quietly);
            for (Gid gid = 0; gid < 4; ++gid)
                for (auto const* name : {"v", "dend.v", "dend(1).v"})
                    if (gid > 0 || name[0] == 'v')
                        CHECK(driven.get(gid, name) ==
                              doctest::Approx(clamped.get(gid, name)).epsilon(1e-13));
        };
        in(2);
        one.write(std::array{0.1, 0.1, 0.1});
        in(3);
        other.write(0.02);
        in(4);
        other.write(0);
        in(5);
        one.write(0);
        in(6);
        CHECK(driven.get(2, "v") > -70);
    }
}

TEST_CASE("an electrode at an end without a node is another one than that at the node before it") {
    Net alone, together;
    for (auto* net : {&alone, &together}) {
        auto const stick = net->add<Stick>(1);
        if (net == &together) net->stimulate(stick, IClamp{.dur = 9, .amp = 0, .where = "dend(0.5)"});
        net->stimulate(stick, IClamp{.delay = 0, .dur = 9, .amp = 0.1, .where = "dend(1)"});
        net->run(5, quietly);
    }
    CHECK(alone.get(0, "dend(1).v") > alone.get(0, "dend(0.5).v") + 1);
    CHECK(together.get(0, "dend(1).v") == doctest::Approx(alone.get(0, "dend(1).v")).epsilon(1e-12));
}

TEST_CASE("a held current stays over runs, also one written before the first, and is 0 again after a reset") {
    Net net;
    auto const all = net.add<Leaky>(2);
    auto drive = net.current(all);
    drive.write(std::array{0.05, 0.1});
    net.run(200, quietly);
    net.run(200, quietly);
    auto const megohm = 1 / (Leaky::g * std::numbers::pi * Leaky::L * Leaky::L * 1e-8) * 1e-6;
    CHECK(net.get(0, "v") == doctest::Approx(Leaky::e + 0.05 * megohm).epsilon(1e-9));
    CHECK(net.get(1, "v") == doctest::Approx(Leaky::e + 0.1 * megohm).epsilon(1e-9));
    net.reset();
    net.run(400, quietly);
    CHECK(net.get(1, "v") == doctest::Approx(Leaky::e).epsilon(1e-9));
}

TEST_CASE("a variable reads what get reads and writes what set writes, of cells in any order") {
    Net net;
    net.add<Leaky>(5);
    net.add<Stick>(2);
    net.add<Leaky>(4);
    auto const some = Cells(8) + Cells(2, 4) + Cells(9, 11);
    net.set(net.cells(), "v", [](Gid gid) { return -60. - gid; });
    auto v = net.variable(some, "v");
    REQUIRE(v.size() == 5);
    std::array<double, 5> mV{};
    v.read(mV);
    CHECK(mV == std::array{-68., -62., -63., -69., -70.});

    v.write(std::array{-1., -2., -3., -4., -5.});
    CHECK(net.get(8, "v") == -1);
    CHECK(net.get(3, "v") == -3);
    CHECK(net.get(10, "v") == -5);
    CHECK(net.get(4, "v") == -64);

    auto const mixed = Cells(8) + Cells(6) + Cells(2) + Cells(5);  // of two types in turn
    auto both = net.variable(mixed, "v");
    both.write(std::array{-11., -12., -13., -14.});
    CHECK(net.get(6, "v") == -12);
    CHECK(net.get(2, "v") == -13);
    std::array<double, 4> back{};
    both.read(back);
    CHECK(back == std::array{-11., -12., -13., -14.});
    net.set(mixed, "v", [](Gid gid) { return -1. * gid; });
    both.read(back);
    CHECK(back == std::array{-8., -6., -2., -5.});

    auto tau = net.variable(some, "synapses[1].tau");
    tau.write(std::array{1., 2., 3., 4., 5.});
    CHECK(net.get(9, "synapses[1].tau") == 4);
    CHECK(net.get(0, "synapses[1].tau") == 2);
    std::array<double, 5> ms{};
    tau.read(ms);
    CHECK(ms == std::array{1., 2., 3., 4., 5.});
}

TEST_CASE("a counter takes the spikes since it was last taken") {
    Net net;
    auto const all = net.add<Leaky>(4);
    net.set_threshold(all, -50);
    auto first = net.counter(all.first(2)), last = net.counter(all.last(1));
    auto drive = net.current(all);
    drive.write(std::array{1., 0., 1., 0.});
    CHECK(net.run(20, quietly).size() == 2);
    CHECK(first.take() == 1);
    CHECK(first.take() == 0);
    CHECK(last.take() == 0);
    drive.write(0);
    net.run(100, quietly);
    drive.write(1);
    net.run(20, quietly);
    CHECK(first.take() == 2);
    net.reset();
    CHECK(last.take() == 0);
}

TEST_CASE("a sent event is a listed one, but gone when it has arrived or the network is reset") {
    auto const events =
        std::array{ExternalEvent{0, 3.01, Leaky::expsyn, 0.1}, ExternalEvent{1, 1, Leaky::expcurrent, 0.1},
                   ExternalEvent{0, 3.01, Leaky::expsyn, 0.2}, ExternalEvent{0, 3.01, Leaky::expsyn, 0.3}};
    REQUIRE((0.1 + 0.2) + 0.3 != (0.3 + 0.2) + 0.1);  // so that their order shows
    for (std::size_t threads : {1, 2}) {
        Net listed, sent;
        for (auto* net : {&listed, &sent}) net->add<Leaky>(20);
        listed.stimulate({events.begin(), events.end()});
        sent.send(events);
        RunOptions const options{.threads = threads, .progress = false};
        listed.run(2, options);
        sent.run(2, options);
        CHECK(sent.digest() == listed.digest());
        listed.stimulate({ExternalEvent{19, 2, Leaky::expsyn, 1e-3}});
        sent.send(ExternalEvent{19, 2, Leaky::expsyn, 1e-3});
        listed.run(2, options);
        sent.run(2, options);
        CHECK(sent.digest() == listed.digest());
        CHECK(sent.get(0, "v") > Leaky::e + 0.1);

        sent.send(ExternalEvent{0, 9, Leaky::expsyn, 1e-3});
        sent.reset();
        sent.run(10, options);
        Net silent;
        silent.add<Leaky>(20);
        silent.run(10, options);
        CHECK(sent.digest() == silent.digest());
    }
}

TEST_CASE("run pauses every so many ms: the same run, in which the network may be driven") {
    Net whole, paused;
    for (auto* net : {&whole, &paused}) {
        auto const all = net->add<Leaky>(3);
        net->set_threshold(all, -50);
        net->stimulate(all, IClamp{.delay = 1, .dur = 50, .amp = 1});
        net->connect(all, all, all_to_all(), {.synapse = Leaky::expsyn, .weight = 1e-2, .delay = 0.7});
    }
    auto const expected = whole.run(10.1, quietly);
    std::vector<double> times;
    Raster since_all;
    auto const spikes = paused.run(10.1, {.progress = false, .every = 2.5, .at = [&](double t, Spikes since) {
                                              times.push_back(t);
                                              since_all.insert(since_all.end(), since.begin(), since.end());
                                          }});
    CHECK(times == std::vector{100 * 0.025, 200 * 0.025, 300 * 0.025, 400 * 0.025, 404 * 0.025});
    CHECK(spikes == expected);
    CHECK(since_all == expected);
    CHECK(paused.digest() == whole.digest());
    CHECK(paused.statistics().steps == whole.statistics().steps);
    CHECK(paused.statistics().spikes == whole.statistics().spikes);

    auto drive = paused.current(0);
    paused.run(
        2, {.progress = false, .every = 1, .at = [&](double t, Spikes) { drive.write(t > 11.5 ? 0 : -5); }});
    CHECK(paused.get(0, "v") < paused.get(1, "v"));
}

TEST_CASE("what is wrong in a loop is said, and nothing of it is done") {
    Net net;
    auto const all = net.add<Leaky>(3);
    auto drive = net.current(all);
    auto v = net.variable(all, "v");
    net.run(1, quietly);
    auto const before = net.digest();
    std::vector<double> two(2);
    CHECK(complaint([&] { drive.write(two); }) ==
          "current.write: 2 numbers for 3 cells: must be one for each");
    CHECK(complaint([&] { v.read(two); }) == "variable.read: 2 numbers for 3 cells: must be one for each");
    CHECK(complaint([&] { v.write(two); }) == "variable.write: 2 numbers for 3 cells: must be one for each");
    CHECK(complaint([&] {
              drive.write(std::array{1., NaN, 1.});
          }) == "current in the middle of the root: nan nA: must be finite");
    CHECK(complaint([&] { drive.write(NaN); }) ==
          "current in the middle of the root: nan nA: must be finite");
    CHECK(complaint([&] { v.write(std::array{-60., -60., NaN}); }) == "cell 2: v = nan: must be finite");
    CHECK(complaint([&] {
              net.send(std::array{ExternalEvent{0, 2, 0, 1e-3}, ExternalEvent{0, 0.5, 0, 1e-3}});
          }) == "event at cell 0: 0.5 ms has passed, t = 1 ms");
    CHECK(complaint([&] { net.current(all, "axon(0.5)"); }).find("axon") != std::string::npos);
    CHECK(complaint([&] { net.variable(all, "u"); }).find("has no 'u'") != std::string::npos);
    CHECK(complaint([&] { net.run(1, {.progress = false, .every = 1}); }) ==
          "RunOptions.every = 1 ms: there is no `at` to call");
    CHECK(complaint([&] { net.run(1, {.progress = false, .at = [](double, Spikes) {}}); }) ==
          "RunOptions.every = 0 ms: must be at least dt, 0.025 ms");
    CHECK(net.digest() == before);
    net.run(49, quietly);
    CHECK(net.get(0, "v") == doctest::Approx(Leaky::e).epsilon(1e-9));

    for (auto const* call : {"run", "reset", "add"}) {
        CHECK(complaint([&] {
                  net.run(1, {.progress = false, .every = 0.5, .at = [&](double, Spikes) {
                                  if (call[0] == 'a') net.add<Leaky>(1);
                                  if (call[1] == 'u') net.run(1, quietly);
                                  if (call[1] == 'e') net.reset();
                              }});
              }) == fmt::format("{}: called from inside a run, by RunOptions.at", call));
        CHECK(complaint([&] { net.run(1, quietly); }).find("reset() the network first") != std::string::npos);
        net.reset();
        net.run(1, quietly);
        CHECK(net.digest() == before);
    }
}

TEST_CASE("the connections of a projection, with weights that can be rewritten") {
    Net net;
    net.add<Leaky>(3);
    net.add<Stick>(2);
    net.connect(Cells(0, 2), Cells(1, 5), all_to_all(), {.weight = 1e-3, .delay = 1});
    auto const drawn = net.connect(Cells(0, 2), Cells(1, 5), all_to_all(),
                                   {.weight = [](Gid s, Gid t) { return s * 1e-3 + t * 1e-4; },
                                    .delay = [](Gid s, Gid t) { return s == 0 ? 1. : 5. + t; }});
    std::size_t count = 0;
    for (auto const [source, target, weight, delay] : net.connections_of(drawn)) {
        CHECK(weight == doctest::Approx(source * 1e-3 + target * 1e-4));
        CHECK(delay == doctest::Approx(source == 0 ? 1. : 5. + target));
        ++count;
    }
    CHECK(count == 7);  // without (1, 1)
    double next = 1;
    for (auto part : net.weights(drawn))
        for (auto& weight : part) weight = next++;
    next = 1;
    for (auto const& made : net.connections_of(drawn)) CHECK(made.weight == next++);
    CHECK(complaint([&] { net.connections_of(7); }) == "projection 7: unknown; it may have been cleared");
}

TEST_CASE("without its stimuli a network comes to rest") {
    Net net;
    auto const all = net.add<Leaky>(2);
    NetStim const noise{.interval = 1, .noise = 1, .start = 0, .number = 1e9};
    net.stimulate(all, noise, {.synapse = Leaky::expsyn, .weight = 1e-3});
    net.stimulate(all, IClamp{.delay = 0, .dur = 1e9, .amp = 0.1});
    net.stimulate({ExternalEvent{0, 20, Leaky::expsyn, 1e-3}});
    net.send(ExternalEvent{0, 20, Leaky::expsyn, 1e-3});
    net.run(10, quietly);
    CHECK(net.get(0, "v") > Leaky::e + 1);
    net.clear_stimuli();
    net.run(400, quietly);
    CHECK(net.get(0, "v") == doctest::Approx(Leaky::e).epsilon(1e-9));
    net.reset();
    net.stimulate(all, noise, {.synapse = Leaky::expsyn, .weight = 1e-3});
    net.run(10, quietly);
    CHECK(net.get(0, "v") > Leaky::e + 0.5);
}

TEST_CASE("an IClamp leaves a held current alone that was there before it") {
    Net net;
    net.add<Leaky>(1);
    auto drive = net.current(0);
    drive.write(0.1);
    net.stimulate(0, IClamp{.delay = 1, .dur = 1, .amp = 0.5});
    net.run(300, quietly);
    auto const megohm = 1 / (Leaky::g * std::numbers::pi * Leaky::L * Leaky::L * 1e-8) * 1e-6;
    CHECK(net.get(0, "v") == doctest::Approx(Leaky::e + 0.1 * megohm).epsilon(1e-9));
}

}  // namespace driving_tests
