// SPDX-License-Identifier: MIT

/// Copies of a network, and networks that move.

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

/// A soma with channels and a dendrite, whose far end has no node.
struct Branched : Cell<Branched> {
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 200;
        dend.diam = 2;
        dend.nseg = 3;
    }
    auto define_biophysics() { return biophysics(insert(soma, HodgkinHuxley{}), insert(dend, Passive{})); }
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
