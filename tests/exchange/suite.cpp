// SPDX-License-Identifier: MIT

#include "suite.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace suite {

using cells::Leaky;

namespace {

/// A current towards the voltage that a pointer shows: half a gap junction.
template <class T>
struct basic_graded {
    T g = 0;
    struct State {
        T pre;
    };
    static constexpr std::string_view name = "Graded";
    static constexpr auto parameters() { return std::array{hk::Field{"g", "uS", &basic_graded::g}}; }
    static constexpr auto states() { return std::array{hk::Field{"pre", "mV", &State::pre}}; }
    void receive(State&, T) const {}
    void advance(State&, T) const {}
    hk::Current<T> current(T, State const& s) const { return {g, g * s.pre}; }
};

/// A soma with a dendrite, on which one of its synapses is.
struct Dendritic : hk::Cell<Dendritic> {
    hk::Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return hk::sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 15;
        dend.L = 120, dend.diam = 2, dend.nseg = 5;
    }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(soma, hk::HodgkinHuxley{}),
                              hk::insert(dend, hk::Passive{.g = 1e-4, .e = -65}));
    }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, dend(0.7)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)),
                            hk::place(basic_graded<double>{}, soma(0.5)));
    }
};

using Net = hk::Network<CS, Dendritic, Leaky>;

void build(Net& net, Plan const& plan) {
    auto const n = plan.cells;
    auto const cs = net.add<CS>(n), branched = net.add<Dendritic>(n), leaky = net.add<Leaky>(n);
    auto const all = net.cells();
    net.set_threshold(all, -10);
    net.set_threshold(leaky, -60);
    net.stimulate(cs + leaky, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                  {.synapse = 0, .weight = 5e-3});
    net.stimulate(branched, hk::NetStim{.interval = 6, .noise = 0.5, .start = 1, .number = 100, .stream = 1},
                  {.synapse = 0, .weight = 2e-2, .delay = 0.3});
    net.stimulate(leaky.first(n / 2), hk::SpikeTimes{{1, 2.0125, 20, 20}},
                  {.synapse = 3, .weight = 0.5, .delay = 0.1});
    net.stimulate(leaky + cs.first(n / 2), hk::Poisson{.rate = 900, .start = 0.5},
                  {.synapse = 1, .weight = 2e-4, .delay = 0.7});
    net.stimulate(branched.last(n / 2), hk::InhomogeneousPoisson{{1, 8}, {500, 4000}, true, 0, true},
                  {.synapse = 1, .weight = 1e-3, .delay = 0.5});
    net.stimulate(branched, hk::OrnsteinUhlenbeck{.sd = 0.02, .tau = 5, .start = 2, .where = "dend(0.7)"});
    net.stimulate(cs + branched.first(4), hk::CurrentTrace{.times = {2, 5, 9}, .values = {0, 0.1, 0.05}});
    net.stimulate(cs.last(n / 3), hk::IClamp{.delay = 4, .dur = 10.0125, .amp = 0.3});
    net.stimulate(branched.first(5), hk::IClamp{.delay = 6, .dur = 3, .amp = 0.5, .where = "dend(1)"});
    net.stimulate(std::vector<hk::ExternalEvent>{
        {0, 5, 0, 1e-2}, {n, 5.0125, 1, 1e-2}, {n, 5.0125, 0, 1e-2}, {3 * n - 1, 5, 1, 3e-2}});
    auto const longest = plan.long_delays ? 5. : 1.;  // 200 steps
    net.connect(
        cs, all, hk::fixed_indegree(9),
        {.synapse = 0, .weight = hk::LogNormal{std::log(4e-3), 0.5}, .delay = hk::Uniform{0.025, longest}});
    net.connect(all, branched + cs, hk::pairwise_probability(0.05),
                {.synapse = 1, .weight = 6e-3, .delay = 0.1});
    net.connect(branched, leaky, hk::fixed_indegree(5),
                {.synapse = 2, .weight = hk::Uniform{0, 4e-3}, .delay = longest});
    hk::ConnectionList list;
    for (hk::Gid k = 0; k < n; ++k) list.add({3 * n - 1 - k, (7 * k) % (3 * n), 0, 1e-3 * (1 + k % 3), 0.5});
    net.connect(list);
    net.set(cs, "gnabar", [](hk::Gid gid) { return 0.12 * (1 + 0.001 * gid); });
    net.set(branched.first(1), "dend.g", 2e-4);  // of one cell, which most ranks do not have
    net.set(branched.last(1), "v", -64);
    net.set(branched.first(9), "v_init", -70);  // too late for this run, on all ranks
    net.set(leaky.first(n / 2), "v_init", [](hk::Gid gid) { return -70 + 0.01 * gid; });
}

}  // namespace

Outcome outcome(hk::AnyExchange const& exchange, Plan const& plan, std::vector<double> const& pieces,
                std::size_t threads) {
    Net net(exchange, {.seed = plan.seed});
    build(net, plan);
    Outcome all;
    for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
        auto const now = threads == 1 ? 1 : threads + piece % 2;  // the number may change from run to run
        auto const spikes = net.run(pieces[piece], {.threads = now, .progress = false});
        all.spikes.insert(all.spikes.end(), spikes.begin(), spikes.end());
        all.digests.push_back(net.digest());
        all.fired += net.statistics().spikes;
        all.connections = net.statistics().connections;
    }
    return all;
}

Leg leg(hk::AnyExchange const& exchange, Plan const& plan, std::vector<std::byte> const& from,
        double duration, std::size_t threads) {
    Net net(exchange, {.seed = plan.seed});
    build(net, plan);
    auto drive = net.current(hk::Cells(3, 9), "soma(0.5)");
    auto const written = net.connect(hk::Cells(0, 20), hk::Cells(30, 60), hk::fixed_indegree(4),
                                     {.weight = hk::Uniform{0, 1e-3}, .delay = 4});
    if (from.empty()) {
        drive.write(0.1);
        net.run(2, {.progress = false});
        net.set(hk::Cells(1, 3), "gkbar", 0.03);
        net.set(plan.cells, "dend(0.3).g", 3e-4);
        for (auto weights : net.weights(written))
            for (auto& weight : weights) weight *= 2;
        net.send(hk::ExternalEvent{1, 9.3, 0, 1e-2});
        net.send(hk::ExternalEvent{2 * plan.cells, 15, 3, 1e-2});
    } else {
        net.restore(hk::Snapshot(from));
    }
    Leg all;
    all.outcome.spikes = net.run(duration, {.threads = threads, .progress = false});
    all.outcome.digests.push_back(net.digest());
    auto const end = net.save();
    all.end.assign(end.bytes().begin(), end.bytes().end());
    return all;
}

Outcome alone(Plan const& plan, std::vector<double> const& pieces) {
    return outcome(hk::SerialExchange{}, plan, pieces);
}

namespace {

/// Every rank says something of another length each time, and hears what all have said.
void check_gather(hk::AnyExchange exchange) {
    auto const length = [](std::size_t round, std::size_t rank) {
        return std::vector<std::size_t>{0, 1, 30, 31, 32, 5000}[(round + rank * rank) % 6];
    };
    auto const word = [](std::size_t round, std::size_t rank, std::size_t k) {
        return std::uint64_t{round * 1000003 + rank * 10007 + k};
    };
    hk::Gathered heard;
    for (std::size_t round = 0; round < 24; ++round) {
        std::vector<std::uint64_t> mine(length(round, exchange.rank()));
        for (std::size_t k = 0; k < mine.size(); ++k) mine[k] = word(round, exchange.rank(), k);
        exchange.all_gather(mine, heard);
        bool all = heard.first.size() == exchange.ranks() + 1 && heard.words.size() == heard.first.back();
        for (std::size_t rank = 0; all && rank < exchange.ranks(); ++rank) {
            auto const words = heard.of(rank);
            all = words.size() == length(round, rank);
            for (std::size_t k = 0; all && k < words.size(); ++k) all = words[k] == word(round, rank, k);
        }
        CHECK(all);
    }
}

/// The same bits as alone.
void check_equality(hk::AnyExchange const& exchange, Plan const& plan, std::vector<double> const& pieces,
                    std::vector<std::size_t> const& threads) {
    auto const expected = alone(plan, pieces);
    CHECK(expected.spikes.size() > 3 * plan.cells);
    for (auto const n : threads) {
        auto const found = outcome(exchange, plan, pieces, n);
        INFO("rank ", exchange.rank(), " of ", exchange.ranks(), ", ", n, " threads");
        CHECK(found.spikes == expected.spikes);
        CHECK(found.digests == expected.digests);
        CHECK(found.fired == expected.fired);
        CHECK(found.connections == expected.connections);
    }
}

/// More ranks than cells: some have none.
void check_few_cells(hk::AnyExchange const& exchange) {
    auto const run = [](hk::AnyExchange const& over) {
        hk::Network<CS> net(over);
        auto const two = net.add<CS>(2);
        net.stimulate(two.first(1), hk::NetStim{.interval = 5, .noise = 1, .number = 10}, {.weight = 5e-2});
        net.stimulate(two.last(1), hk::IClamp{.delay = 7.3, .dur = 2, .amp = 0.05});
        net.connect(two.first(1), two.last(1), hk::all_to_all(), {.weight = 5e-2, .threshold = -10});
        return net.run(60, cells::quietly);
    };
    auto const expected = run(hk::SerialExchange{});
    REQUIRE(!expected.empty());
    CHECK(std::set<hk::Gid>{expected.front().gid, expected.back().gid} == std::set<hk::Gid>{0, 1});
    CHECK(run(exchange) == expected);
}

/// Each rank keeps its own: together they have everything, once.
void check_shares(hk::AnyExchange const& exchange) {
    hk::communication::Ranks ranks(exchange);
    Net net(exchange), whole;
    build(net, {});
    build(whole, {});
    CHECK(ranks.sum(net.connections()) == whole.connections());
    if (exchange.ranks() > 1) CHECK(net.connections() < whole.connections());

    std::map<hk::Gid, std::shared_ptr<hk::Trace const>> traces, expected;
    for (hk::Gid const gid : {0, 1, 2, 100, 269}) {
        traces[gid] = net.probe(gid, "v");
        expected[gid] = whole.probe(gid, "v");
    }
    auto const own = net.run(10, {.progress = false, .gather = false}), all = whole.run(10, cells::quietly);
    CHECK(std::all_of(own.begin(), own.end(), [&](hk::Spike const& s) { return net.owns(s.gid); }));
    CHECK(ranks.sum(own.size()) == all.size());
    for (auto const& each : traces) {
        auto const gid = each.first;
        auto const& trace = each.second;
        if (net.owns(gid))
            CHECK(trace->values == expected[gid]->values);
        else
            CHECK(trace->values.empty());
        if (net.owns(gid))
            CHECK(net.get(gid, "v") == whole.get(gid, "v"));
        else
            CHECK(cells::complaint([&] { net.get(gid, "v"); }) ==
                  fmt::format("v of cell {}: the cell lives on rank {} and is not known on rank {}", gid,
                              gid % exchange.ranks(), exchange.rank()));
    }
    auto const loads = net.loads();
    CHECK(loads.size() == exchange.ranks());
    std::uint64_t cells = 0, connections = 0;
    for (auto const& load : loads) cells += load.cells, connections += load.connections;
    CHECK(cells == whole.size());
    CHECK(connections == whole.connections());
    CHECK(loads[0].times.epochs > 0);
}

/// A failure of one rank alone is an error on all, with that rank's message.
void check_failures(hk::AnyExchange const& exchange) {
    auto const message = [&](auto&& f) { return cells::complaint(f); };
    auto const last = exchange.ranks() - 1;
    {
        Net net(exchange);
        build(net, {});
        net.run(1, cells::quietly);
        auto const gid = static_cast<hk::Gid>(last);  // a cell of the last rank
        net.set(hk::Cells(gid), "m", 1e200);
        auto const said = message([&] { net.run(50, {.threads = 2, .progress = false}); });
        auto const error =
            fmt::format("cell {}: v has become infinite or NaN between t = 1 and 1.025 ms", gid);
        CHECK(said == (exchange.rank() == last ? error : fmt::format("rank {}: {}", last, error)));
    }
    if (exchange.ranks() == 1) return;
    auto const said_of = [&](auto&& differently) {
        Net net(exchange);
        build(net, {});
        if (exchange.rank() == last) return message([&] { differently(net); });
        return message([&] { net.run(5, cells::quietly); });
    };
    CHECK(said_of([](Net& net) { net.run(6, cells::quietly); }) ==
          fmt::format(
              "steps to run to: 200 on rank 0, 240 on rank {}; all ranks must do the same with a network",
              last));
    CHECK(said_of([](Net& net) {
              net.connect(net.cells(), net.cells(), hk::one_to_one(), {.self = true});
              net.run(5, cells::quietly);
          }) ==
          fmt::format("projections: 4 on rank 0, 5 on rank {}; all ranks must do the same with a network",
                      last));
    {  // 200 steps everywhere, which take another time on the last rank
        auto const times = exchange.rank() == last ? 2. : 1.;
        hk::Network<CS> net(exchange, {.dt = 0.025 * times});
        net.add<CS>(1);
        auto const said = message([&] { net.run(5 * times, cells::quietly); });
        CHECK(said ==
              fmt::format(
                  "dt in ms: 0.025 on rank 0, 0.05 on rank {}; all ranks must do the same with a network",
                  last));
    }
}

/// One rank's wish to stop, whichever it is, stops all after the same epoch; the run can go on.
void check_stop(hk::AnyExchange const& exchange) {
    auto const whole = alone({}, {20});
    Net net(exchange);
    build(net, {});
    int asked = 0;
    hk::RunOptions options = cells::quietly;  // of two ranks the last, of three the one in the middle
    if (exchange.rank() == exchange.ranks() / 2) options.stop = [&] { return ++asked > 100; };
    auto spikes = net.run(20, options);
    CHECK(net.statistics().stopped);
    CHECK(net.now() == doctest::Approx(101 * 0.025));
    auto const rest = net.run(20 - net.now(), cells::quietly);
    CHECK(!net.statistics().stopped);
    spikes.insert(spikes.end(), rest.begin(), rest.end());
    CHECK(spikes == whole.spikes);
    CHECK(net.digest() == whole.digests[0]);
}

/// Cells joined at segments and ends of sections, as NEURON has them (make_gap_junctions.py); a rule draws the
/// same junctions on any number of ranks; a run goes on from a snapshot,
/// from a fork, and after a reset.
void check_gap_junctions(hk::AnyExchange const& exchange) {
    auto const make = [](hk::AnyExchange const& over, bool by_rule) {
        Net net(over);
        auto const cells = net.add<Dendritic>(5);
        if (by_rule)
            net.connect(cells, cells, hk::fixed_indegree(2), hk::GapJunctions{"dend(1)", "soma(0)", 4e-3});
        else
            net.connect(std::vector<hk::GapJunction>{{{0, "soma(0.5)"}, {1, "dend(0.3)"}, 2e-3},
                                                     {{1, "dend(1)"}, {2, "soma(0)"}, 3e-3},
                                                     {{2, "dend(0.7)"}, {3, "dend(1)"}, 1e-3},
                                                     {{3, "dend(1)"}, {4, "soma(0.5)"}, 2e-3},
                                                     {{0, "dend(1)"}, {4, "dend(0.3)"}, 1e-3},
                                                     {{0, "soma(0.5)"}, {3, "soma(1)"}, 5e-3}});
        net.stimulate(hk::Cells(0), hk::IClamp{.delay = 1, .dur = 12, .amp = 0.4, .where = "soma(0.5)"});
        return net;
    };
    std::ifstream file("reference/data/gap_junctions.csv");
    REQUIRE(file);
    std::string line;
    std::getline(file, line);
    std::vector<std::pair<hk::Gid, std::string>> places;
    for (auto rest = line.substr(2) + ","; !rest.empty(); rest = rest.substr(rest.find(',') + 1))
        places.emplace_back(rest[0] - '0', rest.substr(2, rest.find(',') - 2) + ".v");

    auto net = make(exchange, false);
    double worst = 0;
    while (std::getline(file, line)) {
        std::istringstream row(line);
        double t = 0, v = 0;
        char comma = 0;
        row >> t;
        if (t > 0) net.run_until(t, cells::quietly);
        for (auto const& [gid, name] : places) {
            row >> comma >> v;
            if (net.owns(gid)) worst = std::max(worst, std::abs(net.get(gid, name) - v));
        }
    }
    CHECK(worst < 1e-6);
    CHECK(net.loads()[0].times.epochs == 10);  // one a step, in the last run of 0.25 ms

    auto const digest = net.digest();
    auto again = make(hk::SerialExchange{}, false);
    again.run_until(20, cells::quietly);
    CHECK(again.digest() == digest);
    net.reset();
    net.run_until(7, cells::quietly);
    auto const middle = net.save();
    auto restored = make(exchange, false);
    restored.restore(middle);
    restored.run_until(20, cells::quietly);
    CHECK(restored.digest() == digest);
    auto fork = net;
    fork.run_until(20, cells::quietly);
    CHECK(fork.digest() == digest);

    auto drawn = make(exchange, true), drawn_alone = make(hk::SerialExchange{}, true);
    drawn.run_until(3, {.threads = 2, .progress = false});
    drawn_alone.run_until(3, cells::quietly);
    CHECK(drawn.digest() == drawn_alone.digest());
    CHECK(drawn.digest() != digest);

    CHECK(cells::complaint([&] {
              net.connect(hk::GapJunction{{0, "soma(0.5)"}, {1, "axon(0.5)"}, 1e-3});
          }).find("axon") != std::string::npos);
    CHECK(cells::complaint([&] {
              net.connect(hk::GapJunction{{0, "soma"}, {0, "soma"}, 1e-3});
          }).find("two places") != std::string::npos);
    CHECK(cells::complaint([&] {
              net.connect(hk::GapJunction{{0, "soma(0.5)"}, {7, "soma(0.5)"}, 1e-3});
          }).find("cell 7: unknown") != std::string::npos);
    CHECK(cells::complaint([&] {
              net.connect(hk::GapJunction{{0, "soma(0.5)"}, {1, "soma(0.5)"}, -1e-3});
          }).find("conductance -0.001 uS") != std::string::npos);
    CHECK(cells::complaint([&] {
              net.stimulate(hk::Cells(1), hk::IClamp{.delay = 1, .dur = 1, .amp = 1, .where = "dend(1)"});
          }).find("gap junction at one end") != std::string::npos);
    fork.run_until(21, cells::quietly);  // refused calls have left nothing
    again.run_until(21, cells::quietly);
    CHECK(fork.digest() == again.digest());
}

/// Two pointers are a gap junction; they are saved, forked and reset as it is.
void check_pointers(hk::AnyExchange const& exchange) {
    auto const make = [](hk::AnyExchange const& over, bool by_pointers) {
        Net net(over);
        auto const cells = net.add<Dendritic>(5);
        if (by_pointers) {
            net.set(hk::Cells(0), "synapses[2].g", 2e-3);
            net.set(hk::Cells(3), "synapses[2].g", 2e-3);
            net.connect(hk::Pointer{{4, "synapses[2].pre"}, {4, "soma(0.5).v"}});  // that never travels
            net.connect(hk::Pointer{{0, "synapses[2].pre"}, {3, "soma(0.5).v"}});
            net.connect(hk::Pointer{{3, "synapses[2].pre"}, {0, "soma(0.5).v"}});
        } else {
            net.connect(hk::GapJunction{{0, "soma(0.5)"}, {3, "soma(0.5)"}, 2e-3});
        }
        net.stimulate(hk::Cells(0), hk::IClamp{.delay = 1, .dur = 12, .amp = 0.4, .where = "soma(0.5)"});
        return net;
    };
    auto net = make(exchange, true), joined = make(exchange, false), alone = make(hk::SerialExchange{}, true);
    net.run_until(4, {.threads = 2, .progress = false});
    auto const here = net.save();
    for (auto* each : {&net, &joined, &alone}) each->run_until(8, cells::quietly);
    auto const digest = net.digest();
    CHECK(digest == alone.digest());
    if (net.owns(3)) {
        CHECK(std::abs(net.get(3, "v") + 65) > 5);  // it was stimulated through the pointer alone
        CHECK(net.get(3, "v") == doctest::Approx(joined.get(3, "v")).epsilon(1e-9));
    }
    net.restore(here);
    auto fork = net;
    fork.run_until(8, cells::quietly);
    CHECK(fork.digest() == digest);
    net.reset();
    net.run_until(8, cells::quietly);
    CHECK(net.digest() == digest);
    CHECK(cells::complaint([&] {
              net.connect(hk::Pointer{{0, "synapses[2].g"}, {1, "v"}});
          }).find("'synapses[2].g' of cell 0 is no state of a mechanism") != std::string::npos);
    CHECK(cells::complaint([&] {
              net.connect(hk::Pointer{{0, "synapses[2].pre"}, {1, "w"}});
          }).find("'w'") != std::string::npos);
}

}  // namespace

void check_forks(hk::AnyExchange const& exchange) {
    Plan const plan{.cells = 31, .seed = 5};
    auto const expected = alone(plan, {6, 5});
    Net net(exchange, {.seed = plan.seed});
    build(net, plan);
    auto const before = net.run(6, {.threads = 2, .progress = false});
    auto fork = net;
    auto moved = std::move(net);
    hk::Raster spikes[] = {before, before};
    for (double const t : {6.1, 8., 11.})
        for (std::size_t const k : {0, 1}) {
            auto const since = (k == 0 ? fork : moved).run_until(t, {.threads = 2 - k, .progress = false});
            spikes[k].insert(spikes[k].end(), since.begin(), since.end());
        }
    CHECK(expected.spikes.size() > before.size() + 20);
    for (auto const& each : spikes) CHECK(each == expected.spikes);
    for (auto* each : {&fork, &moved}) CHECK(each->digest() == expected.digests[1]);
}

void check_all(hk::AnyExchange const& exchange) {
    check_gap_junctions(exchange);
    check_pointers(exchange);
    check_gather(exchange);
    check_equality(exchange, {.seed = 1}, {20}, {1, 2, 4});
    check_equality(exchange, {.cells = 31, .seed = 2, .long_delays = false}, {3.1, 0.025, 20}, {1, 3});
    check_few_cells(exchange);
    check_shares(exchange);
    check_failures(exchange);
    check_stop(exchange);
}

}  // namespace suite
