// SPDX-License-Identifier: MIT

/// Who drives a network's time: runs to a time, runs in pieces, callbacks, errors half-way.

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace time_tests {

using namespace hillock;
using cells::complaint;
using cells::HH;
using cells::Leaky;
using cells::quietly;

namespace {

/// Five cells that excite each other, kicked at random.
void wire(Network<HH>& net) {
    net.add<HH>(5);
    net.stimulate(net.cells(), NetStim{.interval = 5, .noise = 1, .start = 0, .number = 1e9},
                  {.synapse = 0, .weight = 5e-3});
    net.connect(net.cells(), net.cells(), all_to_all(),
                {.synapse = 0, .weight = 1e-3, .delay = 1, .threshold = -10});
}

}  // namespace

TEST_CASE("durations that are no multiples of dt add up without loss") {
    Network<Leaky> a({.dt = 0.025}), b({.dt = 0.1}), c({.dt = 0.1});
    for (auto* net : {&a, &b, &c}) net->add<Leaky>(1);
    for (int k = 0; k < 300; ++k) a.run(1 / 30., quietly);
    for (int k = 0; k < 10; ++k) b.run(0.05, quietly);
    for (int k = 0; k < 10; ++k) c.run(0.14, quietly);
    CHECK(a.now() == doctest::Approx(10).epsilon(1e-12));
    CHECK(b.now() == doctest::Approx(0.5).epsilon(1e-12));
    CHECK(c.now() == doctest::Approx(1.4).epsilon(1e-12));
}

TEST_CASE("run_until takes the steps that one run takes, and returns their spikes") {
    Network<HH> whole, pieces;
    wire(whole);
    wire(pieces);
    auto const expected = whole.run(30, quietly);
    REQUIRE(expected.size() > 10);
    Raster found;
    for (double t : {0., 0.31, 0.31, 7., 7.0001, 12.5, 30.}) {
        auto const spikes = pieces.run_until(t, quietly);
        for (auto const& spike : spikes) found.push_back(spike);
        CHECK(std::abs(pieces.now() - t) <= 0.0125 + 1e-9);
    }
    CHECK(found == expected);
    CHECK(pieces.digest() == whole.digest());
    CHECK(complaint([&] { pieces.run_until(29, quietly); }) ==
          "run_until(29): this time has passed, t = 30 ms");
    CHECK(complaint([&] { pieces.run_until(std::nan(""), quietly); }) ==
          "run_until(nan): the time in ms must be finite");
    pieces.run(1, quietly);
    CHECK(pieces.now() == 31);
}

TEST_CASE("stop is asked at the end of an epoch: time, states and spikes are of one moment") {
    Network<HH> net, whole;
    wire(net);
    wire(whole);
    whole.run(4, quietly);
    std::vector<double> times, voltages;
    net.run(30, {.progress = false, .stop = [&] {
                     times.push_back(net.now());
                     voltages.push_back(net.get(2, "v"));
                     return net.now() >= 4;
                 }});
    CHECK(net.now() == 4);
    CHECK(net.statistics().stopped);
    CHECK(net.statistics().steps == 160);
    CHECK(net.statistics().duration == doctest::Approx(4));
    CHECK(times.back() == 4);
    CHECK(voltages.back() == whole.get(2, "v"));
    CHECK(net.digest() == whole.digest());
    net.run(26, quietly);
    CHECK(net.now() == 30);  // from where it was stopped
    CHECK_FALSE(net.statistics().stopped);

    net.reset();
    int pauses = 0;
    net.run(30, {
                    .progress = false,
                    .stop = [&] { return net.now() >= 4; },
                    .every = 0.5,  // shorter than an epoch, so that each ends at a pause
                    .at = [&](double, auto) { ++pauses; },
                });
    CHECK(net.now() == 4);
    CHECK(net.statistics().stopped);
    CHECK(pauses == 8);
}

TEST_CASE("each of many cells has rates of its own") {
    auto const run = [](Network<HH>& net, Gid first, Gid last) {
        net.add<HH>(last - first);
        net.set(net.cells(), "celsius", [=](Gid gid) { return 6.3 + 0.05 * (first + gid); });
        net.set(net.cells(), "v", -50);
        net.run(0.1, quietly);
    };
    Network<HH> all;
    run(all, 0, 700);  // more than a chunk of blocks
    for (Gid const gid : {0, 1, 30, 500, 699}) {
        Network<HH> alone;
        run(alone, gid, gid + 1);
        for (auto const* name : {"m", "h", "n"}) CHECK(all.get(gid, name) == alone.get(0, name));
    }
}

TEST_CASE("nothing may be changed from inside a run") {
    Network<HH> net;
    wire(net);
    std::vector<std::string> said;
    net.run(3, {.progress = false, .stop = [&] {
                    auto const try_to = [&](auto&& f) { said.push_back(complaint(f)); };
                    try_to([&] { net.reset(); });
                    try_to([&] { net.run(1, quietly); });
                    try_to([&] { net.run_until(9, quietly); });
                    try_to([&] { net.add<HH>(1); });
                    try_to([&] { net.set(0, "v", -60); });
                    try_to([&] { net.connect(0, 1, all_to_all(), {}); });
                    try_to([&] { net.weights(0); });
                    try_to([&] { net.clear_connections(); });
                    try_to([&] { net.stimulate({{0, 9, 0, 1}}); });
                    try_to([&] { net.stimulate(Cells(0), IClamp{}); });
                    try_to([&] { net.probe(0, "v"); });
                    try_to([&] { net.record_spikes(Cells(0)); });
                    try_to([&] { net.set_threshold(0, -20); });
                    return true;
                }});
    CHECK(said.size() == 13);
    for (auto const& text : said)
        CHECK_MESSAGE(text.ends_with(": called from inside a run, where nothing may be changed"), text);
    Network<HH> untouched;
    wire(untouched);
    untouched.run_until(net.now(), quietly);
    CHECK(net.digest() == untouched.digest());
}

TEST_CASE("a network that an error has left half-way is refused until it is reset") {
    for (std::size_t const threads : {1, 2}) {
        Network<HH> net, straight;
        wire(net);
        wire(straight);
        int asked = 0;
        CHECK_THROWS_AS(net.run(20, {.threads = threads,
                                     .progress = false,
                                     .stop = [&]() -> bool {
                                         if (++asked == 3) throw std::runtime_error("the user's own");
                                         return false;
                                     }}),
                        std::runtime_error);
        CHECK(complaint([&] { net.run(1, quietly); }) ==
              "run: an error has ended the last run half-way; reset() the network first");
        CHECK(complaint([&] { net.run_until(50, quietly); }).starts_with("run: an error has ended"));
        net.reset();
        CHECK(net.run(20, quietly) == straight.run(20, quietly));
        CHECK(net.digest() == straight.digest());
    }
    Network<HH> net;
    wire(net);
    CHECK(complaint([&] { net.run(1e200, quietly); }) !=
          "(no complaint)");  // found at the edge: nothing has begun
    CHECK(net.run(1, quietly).size() < 100);
}

TEST_CASE("a spike takes the weight that its connection has when it arrives, whatever the delay") {
    for (double const delay : {0.3, 1., 5., 6.375, 6.4, 6.5, 10.}) {
        CAPTURE(delay);
        Network<Leaky> net;
        net.add<Leaky>(2);
        net.set_threshold(0, 0);
        net.stimulate(Cells(0), IClamp{.delay = 0.025, .dur = 0.2, .amp = 50});
        auto const p = net.connect(0, 1, all_to_all(), {.synapse = 1, .weight = 1e-6, .delay = delay});
        auto const g = net.probe(1, "synapses[1].g");
        REQUIRE(net.run(0.25, quietly).size() == 1);
        net.weights(p)[0][0] = 1e-3;
        net.run(delay + 1, quietly);
        CHECK(*std::max_element(g->values.begin(), g->values.end()) ==
              doctest::Approx(1e-3 * std::exp(-0.025 / 2)).epsilon(1e-9));
    }
}

TEST_CASE("to look at weights, or to write back what they were, changes no bit") {
    for (double const longest : {1., 9.}) {
        Network<HH> net, untouched;
        for (auto* each : {&net, &untouched}) {
            wire(*each);
            each->connect(each->cells(), each->cells(), fixed_indegree(3),
                          {.synapse = 1, .weight = Uniform{1e-4, 1e-3}, .delay = Uniform{0.1, longest}});
        }
        for (int k = 0; k < 40; ++k) {
            net.run(0.7, {.threads = 1 + static_cast<std::size_t>(k) % 3, .progress = false});
            for (auto const& table : net.weights(1))
                std::ranges::copy(std::vector(table.begin(), table.end()), table.begin());
        }
        untouched.run(28, quietly);
        CHECK(net.digest() == untouched.digest());
    }
}

TEST_CASE("connections made one by one are those of a list") {
    Gid const n = 60;
    Network<HH> one_by_one, listed;
    ConnectionList list;
    for (auto* net : {&one_by_one, &listed}) {
        net->add<HH>(n);
        net->set_threshold(net->cells(), -10);
        net->stimulate(net->cells(), NetStim{.interval = 8, .noise = 1, .start = 0, .number = 1e9},
                       {.synapse = 0, .weight = 8e-3});
    }
    for (Gid k = 0; k < n; ++k)
        for (Gid j : {1u, 7u, 13u}) {
            Connection const c{k, (k + j) % n, static_cast<int>(j % 2), 1e-3 * j, j == 13 ? 8. : 0.5};
            list.add(c);
            one_by_one.connect(c.source, c.target, all_to_all(),
                               {.synapse = c.synapse, .weight = c.weight, .delay = c.delay});
        }
    listed.connect(list);
    auto const spikes = one_by_one.run(40, quietly);
    CHECK(spikes.size() > 100);
    CHECK(spikes == listed.run(40, quietly));
}

TEST_CASE("a place may be given as a segment where it is given as text") {
    Network<Leaky> net;
    net.add<Leaky>(1);
    auto const& soma = net.anatomy<Leaky>().root();
    net.stimulate(Cells(0), IClamp{.delay = 0, .dur = 5, .amp = 0.1, .where = soma(0.5)});
    auto const trace = net.probe(0, soma(0.5), "v");
    net.set(0, soma(0.5), "Passive.g", 2e-3);
    net.run(5, quietly);
    CHECK(net.get(0, soma(0.5), "v") == net.get(0, "v"));
    CHECK(trace->values.back() == net.get(0, "v"));
    CHECK(net.get(0, "v") > -69.9);
    CHECK(net.get(0, soma(0.2), "Passive.g") == 2e-3);
    CHECK(complaint([&] { net.get(0, Segment{}, "v"); }) ==
          "a place without a section; places are written as soma(0.5)");
}

TEST_CASE("a conductance that nothing reaches any more is 0 after its last normal number, and nobody else's "
          "subnormal numbers are touched") {
    constexpr double weight = 1e-3;
    basic_network<double, simd::scalar, Leaky> net;
    auto const cell = net.add<Leaky>(1);
    net.stimulate(cell, SpikeTimes{{1.}}, {.synapse = Leaky::expsyn, .weight = weight});
    net.run(1400, quietly);  // exp(-700) is normal
    CHECK(net.get(0, "synapses[1].g") == doctest::Approx(weight * std::exp(-(1400 - 1) / 2.)).epsilon(1e-9));
    net.run(100, quietly);
    CHECK(net.get(0, "synapses[1].g") == 0);

    double volatile smallest = std::numeric_limits<double>::min();
    CHECK(smallest / 2 > 0);
}

}  // namespace time_tests
