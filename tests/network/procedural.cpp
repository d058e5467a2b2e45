// SPDX-License-Identifier: MIT

/// Connections that are drawn at each spike: those that are stored when the same is drawn by source. Ranks,
/// threads and snapshots are in plasticity.cpp, beside connections of other kinds.

#include <cstddef>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/wiring/procedural.hpp>

#include "../cells.hpp"

namespace procedural_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

/// The same draws, stored.
template <class Rule>
struct BySource {
    Rule rule;

    void operator()(SourceDrawing const& d, auto&& connect) const { rule(d.reversed(), connect); }
};

/// Cells that fire by noise, and three projections by rules of which `wrap` makes others.
struct Noisy {
    Network<Leaky> net{{.dt = 0.025, .seed = 3, .build_threads = 2}};
    std::vector<Network<Leaky>::Projection> projections;

    explicit Noisy(auto const& wrap) {
        auto const all = net.add<Leaky>(30);
        net.set_threshold(all, -55);
        net.stimulate(all, NetStim{.interval = 2, .noise = 1, .start = 0, .number = 1e9},
                      {.synapse = Leaky::expsyn, .weight = 8e-3});
        auto const some = all.slice(20, 27) + all.slice(3, 9);
        auto const connect = [&](Cells const& from, Cells const& to, auto const& rule, auto weight,
                                 auto delay) {
            projections.push_back(
                net.connect(from, to, rule, {.synapse = Leaky::expsyn, .weight = weight, .delay = delay}));
        };
        connect(all, some, wrap(fixed_outdegree(6)), Truncated{Normal{2e-3, 1e-3}, 0}, Uniform{1, 6.3});
        connect(some, all, wrap(pairwise_probability(0.2)), LogNormal{-7, 1}, 0.7);
        connect(some, all.first(13), wrap(one_to_one()), 1e-3,
                [](Gid s, Gid t) { return 1 + 0.1 * (s + t); });
        connect(all, all, wrap(all_to_all()), 1e-4, 2.3);
    }
};

bool operator==(MadeConnection const& a, MadeConnection const& b) {
    return a.source == b.source && a.target == b.target && a.weight == b.weight && a.delay == b.delay;
}

}  // namespace

TEST_CASE("procedural connections: those that are stored, their spikes and states to the bit") {
    Noisy stored([](auto rule) {
        if constexpr (SourceRule<decltype(rule)>)
            return rule;
        else
            return BySource<decltype(rule)>{rule};
    });
    Noisy drawn([](auto rule) { return procedural(rule); });
    CHECK(drawn.net.connections() == stored.net.connections());
    CHECK(drawn.net.connections() > 30 * 6 + 30 * 29);
    for (std::size_t k = 0; k < stored.projections.size(); ++k) {
        auto const a = stored.net.connections_of(stored.projections[k]);
        auto const b = drawn.net.connections_of(drawn.projections[k]);
        REQUIRE(a.size() == b.size());
        for (std::size_t c = 0; c < a.size(); ++c) CHECK(a[c] == b[c]);
    }
    auto const spikes = stored.net.run(50, quietly);
    CHECK(spikes.size() > 50);
    CHECK(drawn.net.run(50, quietly) == spikes);
    CHECK(drawn.net.digest() == stored.net.digest());

    drawn.net.reset();
    auto pieces = drawn.net.run(20, {.threads = 2, .progress = false});
    auto const rest =
        drawn.net.run(30, {.threads = 3, .progress = false});  // the first ones' events are under way
    pieces.insert(pieces.end(), rest.begin(), rest.end());
    CHECK(pieces == spikes);
    drawn.net.clear_connections();
    CHECK(drawn.net.connections() == 0);
    drawn.net.run(10, quietly);
}

TEST_CASE("procedural connections made while time passes carry only later spikes, until a reset; others "
          "theirs once") {
    for (std::size_t const threads : {1, 2}) {
        CAPTURE(threads);
        Network<Leaky> net({.dt = 0.025});
        auto const all = net.add<Leaky>(2);
        for (double const t : {1., 4.})  // a spike each: a current of one step, and its opposite
            for (auto const& [shift, amp] : {std::pair{-0.5, 100.}, {0.5, -100.}})
                net.stimulate(0, IClamp{.delay = t + shift * 0.025, .dur = 0.025, .amp = amp});
        net.set_threshold(all, 0);
        auto const connect = [&](double delay) {
            net.connect(0, 1, procedural(all_to_all()),
                        {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = delay});
        };
        connect(1);
        connect(2);
        net.run(3, quietly);  // when one event of the first spike has arrived, and the other is about to
        connect(10);
        auto const g = net.probe(1, "synapses[1].g");
        auto const jumps = [&](double until) {
            net.run_until(until, {.threads = threads, .progress = false});
            std::size_t n = 0;
            for (std::size_t k = 1; k < g->values.size(); ++k) n += g->values[k] > g->values[k - 1];
            return n;
        };
        CHECK(jumps(20) == 4);  // 1 + 2, 4 + 1, 4 + 2, 4 + 10 ms
        net.reset();
        CHECK(jumps(20) == 6);
    }
}

TEST_CASE("what procedural connections cannot do is one sentence") {
    Network<Leaky> net;
    auto const all = net.add<Leaky>(3);
    auto const projection = net.connect(all, all, procedural(all_to_all()), {.weight = 1, .delay = 1});
    CHECK(complaint([&] { net.weights(projection); }) ==
          "weights: projection 0 is procedural: its weights are drawn at each spike; use connections_of");
    CHECK(complaint([&] { net.connect(all, all, procedural(all_to_all()), {.weight = 1, .delay = 0}); }) ==
          "connection 0 -> 1: delay 0 ms is shorter than dt 0.025 ms");
    ProjectionOptions options{.weight = Uniform{0, 1}, .weight_bytes = 2};
    CHECK(complaint([&] { net.connect(all, all, procedural(all_to_all()), options); }) ==
          "connect: weight_bytes 2: connections that learn, that are procedural, or whose synapse takes its "
          "events one by one have no weights to be kept in bytes; leave it out");
    options.weight_bytes = 3;
    CHECK(complaint([&] { net.connect(all, all, procedural(all_to_all()), options); }) ==
          "connect: weight_bytes 3: must be 1 or 2, or 0 for numbers of the network's type");
    CHECK(net.connections() == 6);
}

}  // namespace procedural_tests
