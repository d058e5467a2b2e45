// SPDX-License-Identifier: MIT

/// Bad input: the message names the thing, its value and what is allowed, and nothing is half built.

#include <cmath>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace errors_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

constexpr double NaN = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();

/// Like Leaky, and drives itself, onto a synapse that it lacks.
struct Misdriven : Leaky {
    auto create_stimuli() { return stimuli(stimulus(NetStim{.noise = 0}, {.synapse = 4})); }
    using Leaky::Leaky;
};

struct Fixture {
    Network<Leaky> net;
    Cells all = net.add<Leaky>(10);
};

}  // namespace

TEST_CASE("dt") {
    for (auto const& [dt, value] : {std::pair{0., "0"}, {-0.025, "-0.025"}, {NaN, "nan"}, {inf, "inf"}})
        CHECK(complaint([dt = dt] { Network<Leaky> net({.dt = dt}); }) ==
              "dt " + std::string(value) + " ms: must be positive and finite");
}

TEST_CASE("run") {
    Network<Leaky> net;
    CHECK(complaint([&] { net.run(1, quietly); }) == "run: the network is empty; add cells first");
    net.add<Leaky>(1);
    for (auto const& [duration, value] : {std::pair{0., "0"}, {-1., "-1"}, {NaN, "nan"}, {inf, "inf"}})
        CHECK(complaint([&, d = duration] { net.run(d, quietly); }) ==
              "run(" + std::string(value) + "): the duration in ms must be finite and positive");
    CHECK(complaint([&] { net.run(1e200, quietly); }).starts_with("time 1e+200 ms: must be less than"));
    CHECK(net.now() == 0);
    net.run(0.025, quietly);
    CHECK(net.now() == 0.025);
}

TEST_CASE_FIXTURE(Fixture, "unknown cells") {
    std::string const unknown = ": unknown, the network has 10 cells (gids from 0)";
    CHECK(complaint([&] { net.connect(Cells(0), Cells(10), all_to_all(), {}); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.connect(Cells(12, 14), Cells(0), all_to_all(), {}); }) == "cell 12" + unknown);
    CHECK(complaint([&] { net.connect(Cells(5, 11), Cells(0), all_to_all(), {}); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.stimulate(Cells(11), NetStim{}, {}); }) == "cell 11" + unknown);
    CHECK(complaint([&] { net.stimulate(Cells(11), SpikeTimes{{1}}, {}); }) == "cell 11" + unknown);
    CHECK(complaint([&] { net.stimulate(Cells(11), IClamp{}); }) == "cell 11" + unknown);
    CHECK(complaint([&] { net.stimulate({{.gid = 99}}); }) == "cell 99" + unknown);
    CHECK(complaint([&] { net.check(Connection{10, 0}); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.check(Connection{0, 4294967295}); }) == "cell 4294967295" + unknown);
    CHECK(complaint([&] { net.set_threshold(10, 0); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.set(Cells(10), "g", 1); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.get(10, "v"); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.probe(10, "v"); }) == "cell 10" + unknown);
    CHECK(complaint([&] { net.record_spikes(Cells(0, 11)); }) == "cell 10" + unknown);
}

TEST_CASE_FIXTURE(Fixture, "unknown synapses") {
    for (int k : {-1, 4}) {
        auto const it_is_said = [&](auto&& mistake) {
            auto const text = complaint(mistake);
            CHECK_MESSAGE(text.starts_with("synapse " + std::to_string(k) + " of cell 3: "), text);
            CHECK_MESSAGE(text.ends_with("has 4 synapses (numbered from 0)"), text);
        };
        it_is_said([&] { net.connect(Cells(0), Cells(3), all_to_all(), {.synapse = k}); });
        it_is_said([&] { net.check(Connection{0, 3, k}); });
        it_is_said([&] { net.stimulate(Cells(3), NetStim{}, {.synapse = k}); });
        it_is_said([&] { net.stimulate(Cells(3), SpikeTimes{{1}}, {.synapse = k}); });
        it_is_said([&] { net.stimulate({{.gid = 3, .time = 1, .synapse = k}}); });
    }
    CHECK(complaint([&] {
              net.get(3, "synapses[4].tau");
          }).find("has no 'synapses[4].tau'; it has v, v_init") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "weights and delays") {
    auto const connect = [&](ConnectionValue weight, ConnectionValue delay) {
        return complaint(
            [&] { net.connect(Cells(8), Cells(2), all_to_all(), {.weight = weight, .delay = delay}); });
    };
    CHECK(connect(NaN, 1.) == "connection 8 -> 2: weight nan: must be finite");
    CHECK(connect(-inf, 1.) == "connection 8 -> 2: weight -inf: must be finite");
    CHECK(connect(0.1, 0.02) == "connection 8 -> 2: delay 0.02 ms is shorter than dt 0.025 ms");
    CHECK(connect(0.1, -1.) == "connection 8 -> 2: delay -1 ms is shorter than dt 0.025 ms");
    CHECK(connect(0.1, 0.) == "connection 8 -> 2: delay 0 ms is shorter than dt 0.025 ms");
    CHECK(connect(0.1, NaN) ==
          "connection 8 -> 2: delay nan ms is not finite; it must be at least dt 0.025 ms");
    CHECK(connect(0.1, inf) ==
          "connection 8 -> 2: delay inf ms is not finite; it must be at least dt 0.025 ms");
    CHECK(connect(0.1, 1e18) != "(no complaint)");
    CHECK(connect([](Gid, Gid) { return NaN; }, 1.) == "connection 8 -> 2: weight nan: must be finite");
    CHECK(connect(0.1, Normal{-5, 0.1}).starts_with("connection 8 -> 2: delay -"));
    CHECK(complaint([&] {
              net.check(Connection{8, 2, 0, NaN});
          }) == "connection 8 -> 2: weight nan: must be finite");
    CHECK(complaint([&] {
              net.check(Connection{8, 2, 0, 1, 0.02});
          }) == "connection 8 -> 2: delay 0.02 ms is shorter than dt 0.025 ms");
    CHECK(complaint([&] { net.set_threshold(all, NaN); }) == "threshold nan mV: must be finite");
    CHECK(complaint([&] { net.connect(Cells(8), Cells(2), all_to_all(), {.threshold = inf}); }) ==
          "threshold inf mV: must be finite");
    CHECK(net.connections() == 0);
    CHECK(connect(0.1, 0.025) == "(no complaint)");
    CHECK(connect(0.1, 0.1 - 0.075) ==
          "(no complaint)");  // 0.025000000000000008 or a little less: rounding does not decide
    CHECK(net.connections() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a projection is there as a whole or not at all") {
    net.connect(all, all, fixed_indegree(3), {.synapse = 1, .weight = 1e-3});
    CHECK(net.connections() == 30);
    auto const nothing_changed = [&](auto&& mistake) {
        CHECK(complaint(mistake) != "(no complaint)");
        CHECK(net.connections() == 30);
        CHECK(complaint([&] { net.weights(1); }) == "projection 1: unknown; it may have been cleared");
    };
    // the last one of them is wrong
    auto const late = [](Gid, Gid target) { return target == 9 ? NaN : 1; };
    nothing_changed([&] { net.connect(all, all, all_to_all(), {.weight = late}); });
    nothing_changed([&] { net.connect(all, all, all_to_all(), {.delay = late}); });
    nothing_changed([&] { net.connect(all, all, all_to_all(), {.threshold = NaN}); });
    nothing_changed([&] { net.connect(all, all.first(9), one_to_one(), {}); });
    nothing_changed([&] { net.connect(all, all, fixed_indegree(10, Repeats::none), {}); });
    nothing_changed([&] { net.connect(Cells(9), all, fixed_indegree(1), {}); });
    ConnectionList list;
    for (Gid k = 0; k < 9; ++k) list.add({k, 9 - k, 0, 1e-3});
    list.add({3, 4, 0, 1e-3, 0.01});
    nothing_changed([&] { net.connect(list); });
    ConnectionList repeated(Repeats::none);
    for (Gid k : {1, 2, 1}) repeated.add({k, 5, 0, 1e-3});
    nothing_changed([&] { net.connect(repeated); });
    CHECK(net.connect(all, all, one_to_one(), {.self = true}) == 1);
    CHECK(net.connections() == 40);
}

TEST_CASE_FIXTURE(Fixture, "rules that cannot be kept") {
    auto const connect = [&](Cells const& sources, Cells const& targets, auto const& rule) {
        return complaint([&] { net.connect(sources, targets, rule, {}); });
    };
    CHECK(connect(all, all, fixed_indegree(10, Repeats::none)) ==
          "fixed_indegree(10) without repeats onto cell 0: only 9 sources");
    CHECK(connect(all.first(3), all.last(2), fixed_indegree(4, Repeats::none)) ==
          "fixed_indegree(4) without repeats onto cell 8: only 3 sources");
    CHECK(connect(Cells(4), all, fixed_indegree(1)) ==
          "fixed_indegree(1) onto cell 4: none of the 1 sources is another cell");
    CHECK(connect(Cells(), all, fixed_indegree(1)) ==
          "fixed_indegree(1) onto cell 0: none of the 0 sources is another cell");
    CHECK(connect(all.first(3), all.last(2), one_to_one()) ==
          "one_to_one: 3 sources and 2 targets, must be equally many");
    auto const self =
        "connect: each of the 10 sources would be connected to itself alone, for which self must be true";
    CHECK(connect(all, all.first(4) + all.last(6), one_to_one()) == self);
    CHECK(connect(all, all, procedural(one_to_one())) == self);
    CHECK(
        complaint([&] { net.connect(all, all, one_to_one(), GapJunctions{.conductance = 1e-3}); }) ==
        "GapJunctions: each of the 10 sources would be joined to itself alone; a junction of one cell's own "
        "places is given as a GapJunction");
    CHECK(complaint([] { (void)pairwise_probability(1.5); }) ==
          "pairwise_probability(1.5): must be between 0 and 1");
    CHECK(complaint([] { (void)pairwise_probability(-0.1); }) ==
          "pairwise_probability(-0.1): must be between 0 and 1");
    CHECK(complaint([] { (void)pairwise_probability(NaN); }) ==
          "pairwise_probability(nan): must be between 0 and 1");
    CHECK(net.connections() == 0);
    CHECK(connect(Cells(), all, all_to_all()) == "(no complaint)");
    CHECK(connect(all, Cells(), all_to_all()) == "(no complaint)");
    CHECK(connect(Cells(), Cells(), one_to_one()) == "(no complaint)");
    CHECK(connect(Cells(), all, fixed_indegree(0)) == "(no complaint)");
    auto const nobody = [&](Cells const& sources, Cells const& targets, std::string const& numbers) {
        auto const must_be_equal = "one_to_one: " + numbers + ", must be equally many";
        CHECK(connect(sources, targets, one_to_one()) == must_be_equal);
        CHECK(connect(sources, targets, procedural(one_to_one())) == must_be_equal);
        CHECK(complaint([&] {
                  net.connect(sources, targets, one_to_one(), GapJunctions{.conductance = 1e-3});
              }) == must_be_equal);
        CHECK(connect(sources, targets, fixed_total_number(3)) ==
              "fixed_total_number(3): " + numbers + ", there must be some");
        CHECK(connect(sources, targets, fixed_total_number(0)) == "(no complaint)");
    };
    nobody(all, Cells(), "10 sources and 0 targets");  // to draw for
    nobody(Cells(), all, "0 sources and 10 targets");  // to draw from
    CHECK(connect(all, Cells(), fixed_outdegree(3)) == "fixed_outdegree(3) onto 0 targets");
    CHECK(connect(all, Cells(), procedural(fixed_outdegree(3))) == "fixed_outdegree(3) onto 0 targets");
    CHECK(connect(all, Cells(), fixed_outdegree(0)) == "(no complaint)");
    CHECK(connect(Cells(), all, fixed_outdegree(3)) == "(no complaint)");
    CHECK(connect(all, Cells(), fixed_indegree(3)) == "(no complaint)");
    CHECK(net.connections() == 0);
}

TEST_CASE("too many connections are refused before they are drawn") {
    Network<Leaky> net;
    auto const many = net.add<Leaky>(70000);
    auto const start = std::clock();
    CHECK(complaint([&] { net.connect(many, many, all_to_all(), {}); }) ==
          "4900000000 connections: a network can have no more than 2^32");
    CHECK(complaint([&] { net.connect(many, many, fixed_indegree(61357), {}); }) ==
          "4294990000 connections: a network can have no more than 2^32");
    CHECK(complaint([&] { net.connect(many, many, fixed_indegree(-1), {}); }) ==
          "fixed_indegree(-1): must not be negative");
    CHECK(complaint([&] { net.connect(many, many, pairwise_probability(0.9), {}); }) ==
          "4410000000 connections: a network can have no more than 2^32");
    CHECK(std::clock() - start < 60 * CLOCKS_PER_SEC);
    CHECK(net.connections() == 0);
}

TEST_CASE_FIXTURE(Fixture, "stimuli") {
    auto const netstim = [&](NetStim const& s) { return complaint([&] { net.stimulate(all, s, {}); }); };
    CHECK(netstim({.interval = 0}) == "NetStim.interval = 0 ms: must be finite and at least 1e-6");
    CHECK(netstim({.interval = NaN}) == "NetStim.interval = nan ms: must be finite and at least 1e-6");
    CHECK(netstim({.noise = -0.1}) == "NetStim.noise = -0.1: must be between 0 and 1");
    CHECK(netstim({.noise = 1.01}) == "NetStim.noise = 1.01: must be between 0 and 1");
    CHECK(netstim({.noise = NaN}) == "NetStim.noise = nan: must be between 0 and 1");
    CHECK(netstim({.start = inf}) == "NetStim.start = inf ms: must be finite and not negative");
    CHECK(netstim({.interval = 1e-6, .start = 1e10}) ==
          "NetStim.interval = 1e-06 ms with start = 10000000000 ms: must be at least 0.01 ms, 1e-12 of the "
          "start");
    CHECK(netstim({.interval = 1e-6, .start = 1e6}) == "(no complaint)");
    CHECK(netstim({.duration = 0}) == "NetStim.duration = 0 ms: must be positive");
    CHECK(netstim({.duration = NaN}) == "NetStim.duration = nan ms: must be positive");
    CHECK(netstim({.number = -1}) == "NetStim.number = -1: must not be negative");
    CHECK(netstim({.number = NaN}) == "NetStim.number = nan: must not be negative");
    auto const target = [&](StimulusTarget const& t) {
        return complaint([&] { net.stimulate(all, NetStim{}, t); });
    };
    CHECK(target({.weight = NaN}) == "stimulus: weight nan: must be finite");
    CHECK(target({.delay = -1}) == "stimulus: delay -1 ms: must be finite and not negative");
    CHECK(target({.delay = inf}) == "stimulus: delay inf ms: must be finite and not negative");
    CHECK(complaint([&] {
              net.stimulate(all, SpikeTimes{{1, NaN}}, {});
          }) == "SpikeTimes: nan ms: every time must be finite");
    CHECK(complaint([&] { net.stimulate(all, IClamp{.delay = NaN}); }) ==
          "IClamp.delay = nan ms: must be finite");
    CHECK(complaint([&] { net.stimulate(all, IClamp{.dur = -1}); }) ==
          "IClamp.dur = -1 ms: must not be negative");
    CHECK(complaint([&] { net.stimulate(all, IClamp{.dur = NaN}); }) ==
          "IClamp.dur = nan ms: must not be negative");
    CHECK(complaint([&] { net.stimulate(all, IClamp{.dur = 1, .amp = inf}); }) ==
          "IClamp.amp = inf nA: must be finite");
    auto const event = [&](ExternalEvent const& e) {
        return complaint([&] { net.stimulate(std::vector<ExternalEvent>{{1, 2.5, 1, 0.5}, e}); });
    };
    CHECK(event({4, NaN, 0, 1}) == "event at cell 4: time nan ms: must be finite and not negative");
    CHECK(event({4, -1, 0, 1}) == "event at cell 4: time -1 ms: must be finite and not negative");
    CHECK(event({4, 1, 0, NaN}) == "event at cell 4: weight nan: must be finite");
    net.run(2, quietly);
    CHECK(event({4, 1.5, 0, 1}) == "event at cell 4: 1.5 ms has passed, t = 2 ms");
    net.run(1, quietly);
    for (auto gid : all)
        CHECK(net.get(gid, "synapses[1].g") == 0);  // not even the good ones of a list with a mistake
}

TEST_CASE("numbers that single precision does not hold are refused where they are given") {
    /// Like Leaky, with a threshold of its own.
    struct Deaf : Leaky {
        SpikeSource spike_source() { return {soma(0.5), 1e300}; }
    };
    SingleNetwork<Leaky, Deaf> net;
    auto const all = net.add<Leaky>(2);
    std::string const rule = "1e+300: must be finite, and at most 3.4e38 in single precision";
    auto const with_unit = [&](std::string const& unit) { return "1e+300 " + unit + rule.substr(6); };
    CHECK(complaint([&] { net.stimulate({{.weight = 1e300}}); }) == "event at cell 0: weight " + rule);
    CHECK(complaint([&] { net.stimulate(all, NetStim{}, {.weight = 1e300}); }) == "stimulus: weight " + rule);
    CHECK(complaint([&] { net.stimulate(all, SpikeTimes{{1}}, {.weight = -1e300}); }) ==
          "stimulus: weight -" + rule);
    CHECK(complaint([&] { net.stimulate(all, IClamp{.dur = 1, .amp = 1e300}); }) ==
          "IClamp.amp = " + with_unit("nA"));
    CHECK(complaint([&] { net.connect(Cells(0), Cells(1), all_to_all(), {.weight = 1e300}); }) ==
          "connection 0 -> 1: weight " + rule);
    CHECK(complaint([&] { net.connect(Cells(0), Cells(1), all_to_all(), {.threshold = 1e300}); }) ==
          "threshold " + with_unit("mV"));
    CHECK(complaint([&] { net.set(all, "v", 1e300); }) == "cell 0: v = " + rule);
    CHECK(complaint([&] { net.add<Deaf>(1); }).ends_with("Deaf: spike threshold " + with_unit("mV")));
    CHECK(net.connections() == 0);
    CHECK(net.run(60, quietly).empty());
    CHECK(complaint([&] { net.stimulate({{.time = 60, .weight = 3e38}}); }) == "(no complaint)");
}

TEST_CASE_FIXTURE(Fixture, "two noisy NetStims on one cell need different streams") {
    net.stimulate(all.first(5), NetStim{.noise = 1}, {});
    net.stimulate(all.last(5), NetStim{.noise = 1}, {});
    net.stimulate(all, NetStim{.noise = 0}, {});
    CHECK(complaint([&] {
              net.stimulate(all.slice(4, 6), NetStim{.noise = 0.5}, {});
          }).starts_with("NetStim.stream = 0: some of these cells have"));
    CHECK(complaint([&] {
              net.stimulate(Cells(0), NetStim{.noise = 1}, {});
          }).starts_with("NetStim.stream = 0: some of these cells have"));
    net.stimulate(all.slice(4, 6), NetStim{.noise = 0.5, .stream = 1}, {});
    CHECK(complaint([&] {
              net.stimulate(all, NetStim{.noise = 0.5, .stream = 1}, {});
          }).starts_with("NetStim.stream = 1: "));
}

TEST_CASE_FIXTURE(Fixture, "parameters and variables") {
    auto const nonsense = complaint([&] { net.set(all, "gnabar", 1); });
    CHECK_MESSAGE(
        nonsense.find("Leaky has no 'gnabar'; it has v, v_init, Passive.g, Passive.e, synapses[0].tau1") !=
            nonsense.npos,
        nonsense);
    CHECK(complaint([&] { net.set(all, "tau", 1); }) ==
          "cells::Leaky: 'tau' could be several things; write it in full, one of synapses[1].tau, "
          "synapses[2].tau, synapses[3].tau");
    CHECK(complaint([&] { net.get(0, "x"); }).find("Leaky has no 'x'; it has") != std::string::npos);
    CHECK(complaint([&] { net.probe(0, "w"); }).find("Leaky has no 'w'; it has") != std::string::npos);
    CHECK(complaint([&] { net.set(all, "synapses[0].tau1", -1); }) ==
          "synapses[0].tau1 = -1 ms: must be finite and positive");
    CHECK(complaint([&] { net.set(all, "synapses[1].tau", 0); }) ==
          "synapses[1].tau = 0 ms: must be finite and positive");
    CHECK(complaint([&] { net.set(all, "Passive.g", -1e-3); }) ==
          "Passive.g = -0.001 S/cm2: must be finite and not negative");
    CHECK(complaint([&] { net.set(all, "v", NaN); }) == "cell 0: v = nan: must be finite");
    CHECK(complaint([&] { net.set(all, "synapses[0].tau2", [](Gid gid) { return gid == 3 ? inf : 1; }); }) ==
          "cell 3: synapses[0].tau2 = inf: must be finite");
    CHECK(complaint([&] { net.probe(0, "v", {.every = 0}); }) ==
          "probe of v: every 0 steps: must be positive");
}

TEST_CASE_FIXTURE(Fixture, "names of places") {
    auto const asked = [&](char const* name) {
        auto const text = complaint([&] { net.probe(0, name); });
        CHECK(complaint([&] { net.get(0, name); }) == text);
        return text;
    };
    CHECK(asked("ghost(0.5).v") == "cells::Leaky has no section 'ghost'; its sections are soma");
    CHECK(asked("Soma(0.5).v") == "cells::Leaky has no section 'Soma'; its sections are soma");
    CHECK(asked("(0.5).v") == "cells::Leaky has no section ''; its sections are soma");
    CHECK(asked("ghost.v").starts_with("cells::Leaky has no 'ghost.v'; it has v, v_init, Passive.g, "));
    CHECK(asked("ghost.v").ends_with("; its sections are soma"));
    CHECK(asked("soma(0.5)") ==
          "cells::Leaky: 'soma(0.5)' is a place; a variable is missing behind it, as in 'soma(0.5).v'");
    CHECK(asked("soma(1)") ==
          "cells::Leaky: 'soma(1)' is a place; a variable is missing behind it, as in 'soma(1).v'");
    CHECK(asked("soma(0.5).") ==
          "cells::Leaky: 'soma(0.5).' is a place; a variable is missing behind it, as in 'soma(0.5).v'");
    CHECK(asked("soma") ==
          "cells::Leaky: 'soma' is a place; a variable is missing behind it, as in 'soma.v'");
    CHECK(asked("soma(0.5)v") == "'soma(0.5)v': 'soma(0.5)' must be followed by a dot");
    CHECK(asked("soma(0.5.v") ==
          "'soma(0.5.v': behind soma there must be a number between 0 and 1 in parentheses");
    CHECK(asked("soma(-0.5).v") ==
          "'soma(-0.5).v': behind soma there must be a number between 0 and 1 in parentheses");
    CHECK(asked("").starts_with("cells::Leaky has no ''; it has v, "));
    CHECK(complaint([&] { net.set(all, "soma(1).v", -60); }) ==
          "cells::Leaky: 'soma(1).v': nothing is at this end, which has no membrane of its own");
    CHECK(complaint([&] { net.set(all, "synapses[0].g", 1); })
              .find("'synapses[0].g' follows from other variables and cannot be set; what can be set is v, "
                    "v_init, Passive.g") != std::string::npos);
    CHECK(net.get(0, "soma(+0.5).v") == net.get(0, "soma(.5).v"));
    CHECK(net.get(0, "synapses[0].g") == 0);
}

namespace {

/// A soma with very many twigs.
struct Bushy : Cell<Bushy> {
    Section soma{"soma"};
    std::vector<Section> twigs = std::vector<Section>(10000);

    auto create_sections() {
        std::vector<Section*> all{&soma};
        for (std::size_t k = 0; k < twigs.size(); ++k) {
            twigs[k].name = "twig[" + std::to_string(k) + "]";
            all.push_back(&twigs[k]);
        }
        return all;
    }
    void build_topology() {
        for (auto& twig : twigs) twig.connect(soma(0.5));
    }
    void build_subsets() {}
    void define_geometry() {
        for (auto& twig : twigs) twig.nseg = 3;
    }
    auto define_biophysics() {
        Subset all;
        for (auto const& twig : twigs) all.add(twig);
        return biophysics(insert(soma, HodgkinHuxley{}),
                          insert(all, Passive{.g = 1e-4}, [](Segment s, Passive& p) { p.e = -60 - s.x; }));
    }
    auto create_synapses() { return synapses(); }
};

}  // namespace

TEST_CASE("a name is found at once among 30,000 segments") {
    Network<Bushy> net;
    net.add<Bushy>(1);
    CHECK(net.get(0, "twig[9999](0.9).v") == -65);
    auto const start = std::clock();
    for (int k = 0; k < 300; ++k) {
        auto const twig = "twig[" + std::to_string(33 * k) + "]";
        CHECK(net.get(0, twig + "(0.5).Passive.e") == -60.5);
        CHECK(net.get(0, twig + ".Passive.e") == -60.5);
    }
    CHECK(std::clock() - start < 20 * CLOCKS_PER_SEC);  // one by one: a minute
    CHECK(net.get(0, "Passive.e") == doctest::Approx(-60 - 1. / 6));
    auto const text = complaint([&] { net.get(0, "ghost(0.5).v"); });
    CHECK(text.ends_with("twig[48] and 9951 more"));
}

TEST_CASE_FIXTURE(Fixture, "cells cannot join a running network") {
    net.run(1, quietly);
    auto const text = complaint([&] { net.add<Leaky>(1); });
    CHECK(text == "add: t = 1 ms; add all cells before the network is run, or reset() it");
    CHECK(net.size() == 10);
    net.reset();
    CHECK(net.add<Leaky>(1) == Cells(10, 11));
    CHECK(net.size() == 11);
}

TEST_CASE_FIXTURE(Fixture, "cells cannot join others whose states have been set") {
    net.set(Cells(3), "v", -60);
    CHECK(complaint([&] {
              net.add<Leaky>(1);
          }).ends_with("Leaky cells have had their states set; add all cells first, or reset"));
    net.reset();
    CHECK(net.add<Leaky>(1) == Cells(10));
}

TEST_CASE("a cell type whose own stimuli are wrong makes no cells") {
    Network<Leaky, Misdriven> net;
    CHECK(complaint([&] {
              net.add<Misdriven>(1);
          }).ends_with("::Misdriven: stimulus: synapse 4: the cell has 4 (numbered from 0)"));
    CHECK(net.size() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "a rule or a delay function that changes its mind is refused, and nothing is built") {
    auto const changed_its_mind = [](std::string const& text) {
        return text.find("gave different results on its second call") != text.npos;
    };
    double next = 1;
    CHECK(changed_its_mind(complaint(
        [&] { net.connect(all, all, all_to_all(), {.delay = [&](Gid, Gid) { return next += 0.5; }}); })));
    bool odd = false;
    auto const whimsical = [&](Drawing const& d, auto&& connect) {
        if (d.place == 0) odd = !odd;
        connect(d.sources[odd ? 1 : 2]);
    };
    CHECK(changed_its_mind(complaint([&] { net.connect(all, all, whimsical, {}); })));
    int asked = 0;
    auto const shy = [&](Drawing const& d, auto&& connect) {
        if (asked++ < 10) connect(d.sources[0]);
    };
    CHECK(changed_its_mind(complaint([&] { net.connect(all, all, shy, {}); })));
    auto const stray = [](Drawing const&, auto&& connect) { connect(Gid{9}); };
    CHECK(complaint([&] { net.connect(all.first(3), all, stray, {}); }) ==
          "rule: source 9 of cell 0 is not among its sources");
    CHECK(net.connections() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a look at the cells changes nothing; cells can still be added and moved") {
    CHECK(net.get(0, "v") == -65);
    net.set(all, "v_init", -50);
    CHECK(net.get(0, "v") == -50);
    CHECK(net.add<Leaky>(2) == Cells(10, 12));
    CHECK(net.get(11, "v") == -65);
    CHECK(net.add<Leaky>(40) == Cells(12, 52));
    for (Gid gid = 12; gid < 52; ++gid) CHECK(net.get(gid, "v") == -65);
}

TEST_CASE("gids and handles that cannot be") {
    CHECK(complaint([] { Cells const none(Gid(-1)); }) == "cell 4294967295: gids are below 4294967295");
    Network<Leaky> net;
    CHECK(complaint([&] { net.weights(0); }) == "projection 0: unknown; it may have been cleared");
    auto const cells = net.add<Leaky>(3);
    auto const handle = net.connect(cells, cells, all_to_all(), {.weight = 1e-3});
    CHECK(net.weights(handle).size() == 1);
    net.clear_connections();
    CHECK(complaint([&] { net.weights(handle); }) == "projection 0: unknown; it may have been cleared");
    CHECK(net.weights(net.connect(cells, cells, all_to_all(), {.weight = 2e-3}))[0][0] == 2e-3);
}

TEST_CASE("a voltage that overflows stops the run, with the cell and the time; reset makes the network "
          "usable again") {
    for (Gid bad = 0; bad < 17; ++bad) {  // in each lane
        Network<Leaky> net;
        net.add<Leaky>(17);
        net.stimulate(std::vector<ExternalEvent>{{bad, 7, Leaky::expcurrent, 1e308},
                                                 {bad, 7.5, Leaky::expcurrent, 1e308}});
        auto const text = complaint([&] { net.run(50, quietly); });
        CAPTURE(text);
        double from = 0, to = 0;
        Gid gid = 99;
        REQUIRE(std::sscanf(text.c_str(), "cell %u: v has become infinite or NaN between t = %lf and %lf ms",
                            &gid, &from, &to) == 3);
        CHECK(gid == bad);
        CHECK(from <= 7.525);
        CHECK(to > 7);
        CHECK(to - from <= 64 * 0.025 + 1e-9);
        CHECK(net.now() <= 7.525);
        net.reset();
        CHECK(net.run(6, quietly).empty());
        CHECK(std::isfinite(net.get(bad, "v")));
    }
}

TEST_CASE("cells that lie outside of their range") {
    Cells const ten(0, 10);
    CHECK(complaint([&] { (void)ten.slice(3, 11); }) == "slice(3, 11) of 10 cells: must be within 0 and 10");
    CHECK(complaint([&] { (void)ten.slice(5, 4); }) == "slice(5, 4) of 10 cells: must be within 0 and 10");
    CHECK(complaint([&] { (void)ten.first(11); }) == "first(11) of 10 cells: there are not so many");
    CHECK(complaint([&] { (void)ten.last(11); }) == "last(11) of 10 cells: there are not so many");
    CHECK(complaint([&] { (void)ten[10]; }) == "cell 10 of 10: there is none");
    CHECK(complaint([&] { Cells(3, 2); }) == "cells [3, 2): the first gid must not be above the last");
    CHECK(complaint([&] { (void)(ten + Cells(9, 12)); }) == "a union of cells: some are in both");
}

}  // namespace errors_tests
