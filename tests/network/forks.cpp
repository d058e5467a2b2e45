// SPDX-License-Identifier: MIT

/// Copies of a network, networks that move, and what a snapshot puts back.

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace forks_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

/// A soma with channels, a dendrite and a passive axon, whose far ends have no nodes.
struct Branched : Cell<Branched> {
    Section soma{"soma"}, dend{"dend"}, axon{"axon"};

    auto create_sections() { return sections(soma, dend, axon); }
    void build_topology() {
        dend.connect(soma(1));
        axon.connect(soma(0));
    }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 200;
        dend.diam = 2;
        dend.nseg = 3;
        axon.L = 300;
        axon.diam = 1;
        axon.nseg = 4;
    }
    auto define_biophysics() {
        return biophysics(insert(soma, HodgkinHuxley{}), insert(dend, Passive{}),
                          insert(axon, Passive{.g = 2e-4}));
    }
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 2}, dend(0.5)), place(ExpSyn{.tau = 4, .e = -80}, soma(0.5)));
    }
};

using Net = Network<Leaky, Branched>;
static_assert(std::is_nothrow_move_constructible_v<Net> && std::is_nothrow_move_assignable_v<Net>,
              "else a vector that grows would copy its networks");

/// Two types of cells that differ, driven in every way, with delays from one step to many inboxes' lengths.
Net made() {
    Net net;
    auto const leaky = net.add<Leaky>(21), branched = net.add<Branched>(13), all = leaky + branched;
    net.set_threshold(leaky, -55);
    net.set(branched, "gnabar", [](Gid gid) { return 0.12 * (1 + 0.01 * gid); });
    net.set(branched.first(3), "dend(0.5).Passive.g", 2e-4);
    net.stimulate(all, NetStim{.interval = 3, .noise = 1, .start = 0, .number = 1e9},
                  {.synapse = 0, .weight = 2e-2});
    net.stimulate(std::vector<ExternalEvent>{{3, 31, 0, 1e-2}, {25, 39.5, 0, 1e-1}});
    net.stimulate(branched.first(4), IClamp{.delay = 25, .dur = 9, .amp = 0.4, .where = "dend(1)"});
    net.connect(all, all, fixed_indegree(6),
                {.synapse = 0, .weight = Uniform{0, 4e-3}, .delay = LogNormal{1.5, 1}});
    net.connect(branched, leaky, all_to_all(), {.synapse = 1, .weight = 1e-3, .delay = 12});
    return net;
}

void write_weights(Net& net, Net::Projection projection) {
    for (auto part : net.weights(projection))
        for (auto& weight : part) weight = 9e-3;
}

/// Something that can be done to a network at 30 ms and that its next milliseconds show.
struct Change {
    std::string what;
    void (*make)(Net& net);
};
/// Changes that a restore takes back.
std::vector<Change> const restorable{
    Change{"weights that differ", [](Net& net) { write_weights(net, 0); }},
    Change{"one weight", [](Net& net) { write_weights(net, 1); }},
    Change{"a parameter", [](Net& net) { net.set(20, "Passive.g", 5e-3); }},
    Change{"a parameter that differs already", [](Net& net) { net.set(30, "gnabar", 0.05); }},
    Change{"a parameter at a place", [](Net& net) { net.set(29, "dend(0.2).Passive.g", 5e-3); }},
    Change{"a parameter that all share", [](Net& net) { net.set(33, "axon.Passive.g", 1e-3); }},
    Change{"a state", [](Net& net) { net.set(22, "h", 0.1); }},
    Change{"a threshold", [](Net& net) { net.set_threshold(net.cells(), -60); }},
    Change{"an event sent",
           [](Net& net) {
               net.send(ExternalEvent{2, 33, 0, 5e-2});
           }},
    Change{"a held current", [](Net& net) { net.current(24).write(0.3); }},
    Change{"a new beginning",
           [](Net& net) {
               net.reset();
               net.set(0, "v", -30);
           }},
};

/// Changes that belong to the making of a network.
std::vector<Change> const others{
    Change{"a generator more",
           [](Net& net) {
               net.stimulate(net.cells(), NetStim{.interval = 1, .start = 31, .number = 5, .stream = 1},
                             {.synapse = 0, .weight = 1e-2});
           }},
    Change{"a listed event more",
           [](Net& net) {
               net.stimulate(std::vector<ExternalEvent>{{3, 32, 0, 1e-2}});
           }},
    Change{"an electrode more",
           [](Net& net) { net.stimulate(21, IClamp{.delay = 31, .dur = 5, .amp = 0.5}); }},
    Change{"no stimuli", [](Net& net) { net.clear_stimuli(); }},
    Change{"a projection more",
           [](Net& net) {
               net.connect(net.cells(), net.cells(), all_to_all(), {.weight = 1e-3, .delay = 0.5});
           }},
    Change{"no connections", [](Net& net) { net.clear_connections(); }},
};

/// The states at 42 ms.
std::uint64_t outcome_of(Net& net) {
    net.run_until(42, quietly);
    return net.digest();
}

}  // namespace

TEST_CASE("a fork and its original run on alike, bit for bit, on any number of threads") {
    auto net = made();
    net.run(30, quietly);
    auto drive = net.current(net.cells(), "soma(0.5)");
    drive.write(0.02);
    net.send(ExternalEvent{2, 38, 0, 5e-2});
    for (auto part : net.weights(0)) part[0] = 1e-2;
    auto fork = net;
    auto again = fork;
    auto const spikes = net.run(40, quietly);
    CHECK(spikes.size() > 20);
    CHECK(fork.run(40, {.threads = 2, .progress = false}) == spikes);
    CHECK(fork.digest() == net.digest());
    again.run_until(41.3, quietly);
    auto const third = again;
    again.run_until(70, quietly);
    CHECK(again.digest() == net.digest());
    auto fourth = third;
    fourth.run_until(70, quietly);
    CHECK(fourth.digest() == net.digest());
}

TEST_CASE("whatever is changed in one of a network and its fork stays there") {
    auto net = made();
    net.run(30, quietly);
    auto alone = net;
    auto const expected = outcome_of(alone);
    for (auto const* changes : {&restorable, &others})
        for (auto const& change : *changes) {
            CAPTURE(change.what);
            auto original = net;
            auto fork = original;
            change.make(fork);
            CHECK(outcome_of(original) == expected);
            CHECK(outcome_of(fork) != expected);
            auto changed = net;
            auto kept = changed;
            change.make(changed);
            CHECK(outcome_of(kept) == expected);
            CHECK(outcome_of(changed) == outcome_of(fork));
        }
    CHECK(outcome_of(net) == expected);
}

TEST_CASE("a snapshot puts back what has been changed since, and every voltage at once") {
    auto net = made();
    auto drive = net.current(Cells(21, 34), "dend(0)");
    drive.write(0.01);
    net.run(30, quietly);
    drive.write(0.02);
    auto const here = net.save();
    auto const values = [](Net& of) {
        std::vector<double> all;
        for (Gid gid = 21; gid < of.size(); ++gid)
            for (auto const* name : {"soma(0).v", "dend(0.5).v", "dend(1).v", "axon(1).v", "gnabar"})
                all.push_back(of.get(gid, name));
        return all;
    };
    auto const before = values(net);
    auto alone = net;
    auto const expected = outcome_of(alone);
    for (auto const& change : restorable) {
        CAPTURE(change.what);
        auto fork = net;
        change.make(fork);
        fork.run(3, quietly);
        CHECK(values(fork) != before);
        fork.restore(here);
        CHECK(values(fork) == before);
        CHECK(outcome_of(fork) == expected);
    }
}

TEST_CASE("weights that have been handed out are the original's alone, and stay shared where they are not") {
    auto net = made();
    net.run(10, quietly);
    auto alone = net;
    auto const mine = net.weights(0);
    auto fork = net;
    for (auto const& part : mine)
        for (auto& weight : part) weight = 0;
    CHECK(fork.weights(0)[0][0] == alone.weights(0)[0][0]);
    CHECK(net.weights(0)[0][0] == 0);
    CHECK(fork.run(30, quietly) == alone.run(30, quietly));
    CHECK(net.weights(0)[0].data() == mine[0].data());
    auto later = std::make_unique<Net>(net);
    write_weights(*later, 1);
    later.reset();  // the shared ones have one owner again
    CHECK(net.weights(1)[0][0] == 1e-3);
}

TEST_CASE("a fork's handles are found by those of its original") {
    auto net = made();
    auto const cells = net.cells();
    auto first = net.current(cells), drive = net.current(cells, "soma(0.5)");
    auto dropped = std::make_unique<SpikeCounter>(net.counter(0));
    auto fired = net.counter(cells);
    auto const other = net.probe(2, "v"), trace = net.probe(25, "dend(1).v"), early = net.probe(1, "v");
    net.run(10, quietly);
    dropped.reset();
    net.run(10, quietly);
    auto const before = fired.take();
    first.write(0.01);
    drive.write(0.04);
    auto fork = net;
    CHECK(fork.run(10, quietly) == net.run(10, quietly));
    auto again = fork.counterpart(fired);
    auto const copy = fork.counterpart(trace);
    CHECK(before > 0);
    CHECK(again.take() == fired.take());
    CHECK(copy->values.back() == trace->values.back());
    CHECK(copy->times.front() == doctest::Approx(20.025));
    CHECK(fork.counterpart(early)->gid == 1);
    fork.counterpart(drive).write(0.2);
    drive.write(0.2);
    CHECK(fork.run(10, quietly) == net.run(10, quietly));
    CHECK(again.take() == fired.take());
    CHECK(copy->values.back() == trace->values.back());
    auto fresh = made();
    CHECK(complaint([&] { fresh.counterpart(drive); }) ==
          "counterpart: this network has no copy of the current at 'soma(0.5)'");
    CHECK(complaint([&] { fresh.counterpart(fired); }) ==
          "counterpart: this network has no copy of the counter");
    CHECK(complaint([&] { fresh.counterpart(trace); }) ==
          "counterpart: this network has no copy of the probe of dend(1).v of cell 25");
}

TEST_CASE("networks that run in turn, or at once on threads of their own, run as they do alone") {
    auto net = made();
    net.run(20, quietly);
    auto other = net, alone = net, other_alone = net;
    write_weights(other_alone, 1);
    alone.run(20, quietly);
    other_alone.run(20, quietly);
    auto turn = net, other_turn = net;
    write_weights(other_turn, 1);
    for (double t = 21; t <= 40; ++t) {
        turn.run_until(t, quietly);
        other_turn.run_until(t, quietly);
    }
    CHECK(turn.digest() == alone.digest());
    CHECK(other_turn.digest() == other_alone.digest());
    {
        machine::Threads threads;
        threads.start([&] {
            write_weights(other, 1);
            other.run(20, quietly);
        });
        threads.start([&] { net.run(20, {.threads = 2, .progress = false}); });
    }
    CHECK(net.digest() == alone.digest());
    CHECK(other.digest() == other_alone.digest());
    CHECK(other.digest() != net.digest());
}

TEST_CASE("a copy from inside a run is refused, and leaves the run going") {
    auto net = made();
    auto const copy = [&] { Net{net}; };
    std::string at_pause, in_epoch;
    net.run(2, {.progress = false,
                .stop = [&] { return in_epoch = complaint(copy), false; },
                .every = 1,
                .at = [&](double, auto) { at_pause = complaint(copy); }});
    CHECK(at_pause == "copy: called from inside a run, by RunOptions.at");
    CHECK(in_epoch == "copy: called from inside a run, where nothing may be changed");
    CHECK(net.now() == 2);
    CHECK(complaint([&] {
              net.run(2, {.progress = false, .stop = []() -> bool { throw Error("stop"); }});
          }) == "stop");
    CHECK(complaint(copy) == "copy: an error has ended the last run half-way; reset() the network first");
}

TEST_CASE("a network that moves goes on, and its handles follow it") {
    auto still = made(), moved = made();
    auto const cells = moved.cells();
    auto drive = moved.current(cells), same = still.current(cells);
    auto v = moved.variable(cells, "v");
    auto fired = moved.counter(cells);
    auto const trace = moved.probe(25, "dend(1).v");
    moved.run(10, quietly);
    still.run(10, quietly);
    std::vector<Net> all;
    all.push_back(std::move(moved));
    for (int k = 0; k < 5; ++k) all.push_back(made());  // it moves again where the vector grows
    drive.write(0.05);
    same.write(0.05);
    CHECK(all[0].run(20, quietly) == still.run(20, quietly));
    CHECK(all[0].digest() == still.digest());
    CHECK(fired.take() > 0);
    CHECK(trace->values.back() == all[0].get(25, "dend(1).v"));
    std::vector<double> mV(cells.size());
    v.read(mV);
    CHECK(mV[25] == all[0].get(25, "v"));
    all[0] = all[1];
    CHECK(complaint([&] { v.read(mV); }) == "variable 'v': its network has gone");
    CHECK(all[0].now() == 0);
    CHECK(all[0].run(10, quietly) == all[1].run(10, quietly));
}

TEST_CASE("a network that has been moved away says so, until another is assigned to it") {
    auto net = made();
    auto other = std::move(net);
    auto const refused = [&](std::string const& call, auto&& f) {
        CHECK(complaint(f) == call + ": the network has been moved; use the one that it was moved to");
    };
    refused("run", [&] { net.run(1, quietly); });
    refused("reset", [&] { net.reset(); });
    refused("digest", [&] { net.digest(); });
    refused("save", [&] { net.save(); });
    refused("restore", [&] { net.restore(other.save()); });
    refused("loads", [&] { net.loads(); });
    refused("copy", [&] { auto const copy = net; });
    refused("add", [&] { net.add<Leaky>(1); });
    refused("set", [&] { net.set(Cells(), "v", 0); });
    refused("anatomy", [&] { net.anatomy<Leaky>(); });
    refused("anatomy", [&] { net.anatomy<Leaky>(0); });
    refused("connect", [&] { net.connect(Cells(), Cells(), all_to_all(), {}); });
    refused("current", [&] { net.current(Cells()); });
    refused("counter", [&] { net.counter(Cells()); });
    refused("send", [&] { net.send(ExternalEvent{0, 1, 0, 1}); });
    CHECK(complaint([&] { net.get(0, "v"); }) == "cell 0: unknown, the network has 0 cells (gids from 0)");
    CHECK(other.digest() == made().digest());
    auto third = std::move(net);  // of what has gone, nothing
    refused("run", [&] { third.run(1, quietly); });
    net = std::move(other);
    CHECK(net.digest() == made().digest());
    CHECK(net.run(10, quietly) == made().run(10, quietly));
}

}  // namespace forks_tests
