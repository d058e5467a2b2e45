// SPDX-License-Identifier: MIT

/// Snapshots: what they hold, and what is wrong with those that do not fit.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/artificial_cell.hpp>
#include <hillock/model/neuron/int_fire1.hpp>
#include <hillock/run/thread_exchange.hpp>

#include "../cells.hpp"

namespace saving_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

using Net = Network<Leaky>;

void build(Net& net, Gid n = 6) {
    auto const all = net.add<Leaky>(n);
    net.set_threshold(all, -55);
    net.stimulate(all, NetStim{.interval = 2, .noise = 1, .start = 0, .number = 1e9},
                  {.synapse = Leaky::expsyn, .weight = 8e-3});
    net.connect(all, all, all_to_all(), {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 7});
}

/// A rule that says nothing of its parameters.
struct Own {
    double tau = 5;
    std::array<double, 0> source_traces() const { return {}; }
    std::array<double, 1> target_traces() const { return {tau}; }
    double on_arrival(double w, Traces<0> const&, Traces<1> const& y) const { return w - 1e-6 * y[0]; }
};

/// A cell whose list of synapses is empty, and a channel that is in none of its sections.
struct Bare : Cell<Bare> {
    Section soma{"soma"};
    Subset nowhere;

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Passive{}), insert(nowhere, MCurrent{})); }
    auto create_synapses() { return synapses(std::vector<PlacedSynapse<ExpSyn>>{}); }
};

}  // namespace

TEST_CASE("a network goes back to a snapshot as often as one likes, whatever has happened since") {
    Net net;
    build(net);
    auto drive = net.current(0);
    auto fired = net.counter(net.cells());
    auto const trace = net.probe(0, "v");
    drive.write(0.05);
    net.set(1, "synapses[1].tau", 3);
    net.run(20, quietly);
    net.send(ExternalEvent{2, 24, Leaky::expsyn, 1e-2});
    auto const here = net.save();
    auto const t = net.now();
    auto const samples = trace->values.size();
    auto const spikes = net.run(30, quietly);
    auto const digest = net.digest();
    auto const count = fired.take();
    auto const values = trace->values;
    CHECK(spikes.size() > 5);
    for (int again = 0; again < 2; ++again) {
        drive.write(1);
        net.set(0, "synapses[1].tau", 9);
        net.set(net.cells(), "Passive.g", 2e-3);
        net.set_threshold(3, 0);
        net.send(ExternalEvent{4, net.now() + 1, Leaky::expsyn, 1});
        for (auto part : net.weights(0))
            for (auto& weight : part) weight = 0.1;
        net.run(3, quietly);
        if (again == 1) net.reset();
        for (int twice = 0; twice < 2; ++twice) net.restore(here);
        CHECK(net.now() == t);
        CHECK(trace->values.size() <= samples);
        CHECK(net.run(30, quietly) == spikes);
        CHECK(net.digest() == digest);
        CHECK(fired.take() == count);
        if (again == 0) CHECK(trace->values == values);
        CHECK(net.get(1, "synapses[1].tau") == 3);
    }
}

TEST_CASE("a cell with mechanisms in no place is saved and restored") {
    auto const made = [] {
        Network<Bare> net;
        net.add<Bare>(1);
        net.stimulate(0, IClamp{.delay = 1, .dur = 9, .amp = 0.1});
        return net;
    };
    auto net = made(), other = made();
    net.run(3, quietly);
    other.restore(net.save());
    for (auto* each : {&net, &other}) each->run(3, quietly);
    CHECK(other.digest() == net.digest());
    CHECK(other.get(0, "v") == net.get(0, "v"));
}

TEST_CASE("spikes fired before a connection was made do not take it, also when it is restored") {
    Net late, fresh;
    build(late);
    late.run(8, quietly);
    auto const fired = late.run(8, quietly).size();
    CHECK(fired > 0);
    for (auto* net : {&late, &fresh}) {
        if (net == &fresh) build(fresh);
        net->connect(net->cells(), net->cells(), all_to_all(),
                     {.synapse = Leaky::expcurrent, .weight = 0.02, .delay = 12});
    }
    late.run(1, quietly);
    fresh.restore(late.save());
    late.run(30, quietly);
    fresh.run(30, quietly);
    CHECK(fresh.digest() == late.digest());
}

TEST_CASE("a snapshot that is damaged or of another network is one error, and changes nothing") {
    Net net;
    build(net);
    net.run(10, quietly);
    auto const here = net.save();
    std::vector<std::byte> const bytes(here.bytes().begin(), here.bytes().end());
    net.run(1, quietly);
    auto const before = net.digest();

    for (std::size_t length = 0; length < bytes.size(); length += 7)
        CHECK(complaint([&] { Snapshot{std::span(bytes).first(length)}; }).starts_with("snapshot: "));
    for (std::size_t at = 0; at < bytes.size(); at += 5) {
        auto changed = bytes;
        changed[at] ^= std::byte{16};
        CHECK(complaint([&] { Snapshot{std::span(changed)}; }).starts_with("snapshot: "));
    }

    struct Other {
        char const* said;
        std::unique_ptr<Net> net;
    };
    std::vector<Other> others;
    auto const other = [&](char const* said, NetworkOptions const& options = {}) -> Net& {
        return *others.emplace_back(Other{said, std::make_unique<Net>(options)}).net;
    };
    build(other("cells: 5 there, 6 here"), 5);
    build(other("dt in ms: 0.05 there, 0.025 here", {.dt = 0.05}));
    build(other("seed: 2 there, 1 here", {.seed = 2}));
    build(other("stimulus seed: 3 there, 0 here", {.stimulus_seed = 3}));
    auto& connected = other("projections: 2 there, 1 here");
    build(connected);
    connected.connect(0, 1, all_to_all(), {.synapse = 0, .weight = 1, .delay = 1});
    auto& joined = other("gap junctions: 1 there, 0 here");
    build(joined);
    joined.connect(GapJunction{{0}, {1}});
    auto& driven = other("held current 0 of cell 0: make it before you restore");
    build(driven);
    driven.current(0).write(1);
    for (auto const& one : others) {
        auto const message = complaint([&] { net.restore(one.net->save()); });
        CHECK_MESSAGE(message.starts_with("snapshot of another network: "), message);
        CHECK_MESSAGE(message.find(one.said) != std::string::npos, message);
        CHECK(net.digest() == before);
        CHECK(net.now() == doctest::Approx(11));
    }
    CHECK(complaint([&] {
              net.run(1, {.progress = false, .every = 1, .at = [&](double, auto) { net.restore(here); }});
          }) == "restore: called from inside a run, by RunOptions.at");
    net.restore(here);
    net.run(1, quietly);
    CHECK(net.digest() == before);
}

TEST_CASE("two spikes of one cell in one step are on their way twice where a snapshot is restored") {
    std::mutex mutex;
    std::set<std::uint64_t> digests;
    std::unique_ptr<Snapshot> middle;
    for (std::size_t const ranks : {1, 2, 3})
        run_ranks(ranks, [&](ThreadExchange exchange) {
            using Both = Network<Leaky, ArtificialCell<IntFire1>>;
            auto const made = [&] {
                Both net{exchange};
                auto const twice = net.add(1, ArtificialCell{IntFire1{.refractory = 0}});
                auto const other = net.add<Leaky>(2);
                net.stimulate(twice, SpikeTimes{{0.2, 1, 1.005}}, {.weight = 1.1, .delay = 0});
                auto const connect = [&](double delay, auto const& rule) {
                    ProjectionOptions const options{.synapse = Leaky::expsyn, .weight = 1e-3, .delay = delay};
                    net.connect(twice, other, all_to_all(), options, rule);
                };
                connect(9, plasticity::None{});
                connect(8, TsodyksMarkram{.tau_fac = 20});
                connect(7, StdpTriplet{.A2_minus = 0.5});
                net.connect(other, other, all_to_all(), {.weight = 1e-3, .delay = 1});
                return net;
            };
            auto one = made(), restored = made();
            CHECK(one.run(5, quietly).size() == 3);
            auto const here = one.save();
            {
                std::lock_guard const lock(mutex);
                if (!middle) middle = std::make_unique<Snapshot>(here);
            }
            restored.restore(*middle);
            for (auto* net : {&one, &restored}) {
                net->run_until(20, quietly);
                auto const digest = net->digest();
                std::lock_guard const lock(mutex);
                digests.insert(digest);
            }
        });
    CHECK(digests.size() == 1);
}

TEST_CASE("a snapshot of another rule of plasticity is an error, and changes nothing") {
    auto const made = [](auto const& rule) {
        Net net;
        net.add<Leaky>(2);
        net.set_threshold(net.cells(), -55);
        net.stimulate(net.cells(), NetStim{.interval = 2, .number = 1e9}, {.synapse = 1, .weight = 0.1});
        net.connect(0, 1, all_to_all(), {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 7}, rule);
        net.run(20, quietly);
        return net;
    };
    std::array nets{made(plasticity::None{}), made(Stdp{}), made(StdpTriplet{})};
    for (auto const& from : nets)
        for (auto const& to : nets) {
            auto saved = from, net = to;
            auto const digest = net.digest();
            auto const message = complaint([&] { net.restore(saved.save()); });
            CHECK_MESSAGE(message.starts_with(&from == &to
                                                  ? "(no complaint)"
                                                  : "snapshot of another network: rule of plasticity "
                                                    "of projection 0, by number (0 for none): "),
                          message);
            CHECK(net.digest() == digest);
        }
    auto const refused = [&](auto const& there, auto const& here) {
        auto saved = made(there), net = made(here);
        auto const digest = net.digest();
        auto const message = complaint([&] { net.restore(saved.save()); });
        CHECK(net.digest() == digest);
        return message;
    };
    std::string const start = "snapshot of another network: ", end = " of the rule of projection 0: ";
    CHECK(refused(Stdp{.tau_plus = 10}, Stdp{}) == start + "tau_plus" + end + "10 there, 20 here");
    CHECK(refused(Stdp{}, Stdp{.pairs = Pairs::nearest}) == start + "pairs" + end + "0 there, 1 here");
    CHECK(refused(Stdp{.lambda = 0}, Stdp{}) == start + "lambda" + end + "0 there, 0.01 here");
    CHECK(refused(Own{.tau = 5}, Own{.tau = 6}) ==
          start + "a time constant of targets" + end + "5 there, 6 here");
    CHECK(refused(Own{}, Own{}) == "(no complaint)");
}

}  // namespace saving_tests
