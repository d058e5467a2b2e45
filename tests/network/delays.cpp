// SPDX-License-Identifier: MIT

/// A spike over a delay of N steps arrives at step N: for delays within an epoch, within an inbox, and held
/// back.

#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace delays_tests {

using namespace hillock;
using cells::Leaky;

namespace {

constexpr double dt = 0.025, weight = 1e-6;
using Net = Network<Leaky>;

/// A network whose cell 0 spikes at the given steps: pushed there by a current that lasts one step.
struct Sender {
    Net net{{.dt = dt}};
    std::vector<Step> spiked;

    explicit Sender(std::vector<Step> const& steps, std::size_t receivers) : spiked{steps} {
        net.add<Leaky>(1 + receivers);
        // leaves again at once: the next pulse pulls V back below the threshold
        for (auto step : steps) {
            net.stimulate(Cells(0),
                          IClamp{.delay = (static_cast<double>(step) - 0.5) * dt, .dur = dt, .amp = 100});
            net.stimulate(Cells(0),
                          IClamp{.delay = (static_cast<double>(step) + 0.5) * dt, .dur = dt, .amp = -100});
        }
        net.set_threshold(net.cells(), 0);
    }

    std::shared_ptr<Trace const> receiver(Gid gid) { return net.probe(gid, "synapses[1].g"); }

    void check_spikes(Raster const& raster) const {
        REQUIRE(raster.size() == spiked.size());
        for (std::size_t k = 0; k < spiked.size(); ++k)
            CHECK(raster[k] == Spike{static_cast<double>(spiked[k]) * dt, 0});
    }
};

/// An ExpSyn's conductance at every step, if spikes arrive at these.
std::vector<double> conductance(std::multiset<Step> const& arrivals, std::size_t steps) {
    auto const decay = std::exp(-dt / 2);
    std::vector<double> g{0};
    for (std::size_t k = 0; k + 1 < steps; ++k)
        g.push_back((g.back() + weight * static_cast<double>(arrivals.count(static_cast<Step>(k)))) * decay);
    return g;
}

std::multiset<Step> arrivals(std::vector<Step> const& spikes, Step delay) {
    std::multiset<Step> all;
    for (auto spike : spikes) all.insert(spike + delay);
    return all;
}

/// How many values differ in their bits.
std::size_t differences(std::vector<double> const& a, std::vector<double> const& b) {
    REQUIRE(a.size() == b.size());
    std::size_t n = 0;
    for (std::size_t k = 0; k < a.size(); ++k) n += a[k] != b[k];
    return n;
}

std::vector<Step> const delays{1,   2,   3,   62,  63,  64,  65,  66,  127,  128,  129,  191,
                               192, 255, 256, 257, 300, 383, 384, 385, 1000, 1024, 40000};
std::vector<Step> const spikes{1, 3, 37, 64, 66, 127, 200, 1000, 1041};

}  // namespace

TEST_CASE("each delay alone: spikes arrive at their step to the bit, wherever epochs and runs begin") {
    for (auto const delay : delays) {
        CAPTURE(delay);
        Sender sender(spikes, 1);
        sender.net.connect(
            Cells(0), Cells(1), all_to_all(),
            {.synapse = Leaky::expsyn, .weight = weight, .delay = static_cast<double>(delay) * dt});
        auto const g = sender.receiver(1);
        auto const total = static_cast<std::size_t>(spikes.back() + delay + 10);
        auto raster = sender.net.run(50 * dt, cells::quietly);
        for (double steps : {1., 100., static_cast<double>(total) - 151}) {
            auto const more = sender.net.run(steps * dt, cells::quietly);
            raster.insert(raster.end(), more.begin(), more.end());
        }
        sender.check_spikes(raster);
        CHECK(differences(g->values, conductance(arrivals(spikes, delay), total + 1)) == 0);
        CHECK(g->times.back() == doctest::Approx(static_cast<double>(total) * dt));
    }
}

TEST_CASE("all delays in one projection") {
    Sender sender(spikes, delays.size());
    auto const targets = sender.net.cells().slice(1, 1 + delays.size());
    auto const connection_delay = [](Gid, Gid target) {
        return static_cast<double>(delays[target - 1]) * dt;
    };
    SUBCASE("by a rule") {
        sender.net.connect(Cells(0), targets, all_to_all(),
                           {.synapse = Leaky::expsyn, .weight = weight, .delay = connection_delay});
    }
    SUBCASE("by a list, the longest first") {
        ConnectionList list;
        for (auto k = delays.size(); k > 0; --k) {
            auto const target = static_cast<Gid>(k);
            list.add({0, target, Leaky::expsyn, weight, connection_delay(0, target)});
        }
        sender.net.connect(list);
    }
    std::vector<std::shared_ptr<Trace const>> g;
    for (auto target : targets) g.push_back(sender.receiver(target));
    sender.check_spikes(sender.net.run(1100, cells::quietly));
    for (std::size_t k = 0; k < delays.size(); ++k) {
        CAPTURE(delays[k]);
        CHECK(differences(g[k]->values, conductance(arrivals(spikes, delays[k]), 44001)) == 0);
    }
}

TEST_CASE("several delays onto one synapse add up, short and long ones, held back in different tables") {
    Sender sender(spikes, 1);
    ConnectionList list(Repeats::allowed);
    std::multiset<Step> all;
    for (Step delay : {64, 64, 300, 384, 384, 700}) {
        list.add({0, 1, Leaky::expsyn, weight, static_cast<double>(delay) * dt});
        all.merge(arrivals(spikes, delay));
    }
    sender.net.connect(list);
    auto const g = sender.receiver(1);
    sender.net.run(50, cells::quietly);
    // sums of weights round in an order of their own
    auto const expected = conductance(all, 2001);
    double largest = 0;
    for (std::size_t k = 0; k < expected.size(); ++k)
        largest = std::max(largest, std::abs(g->values[k] - expected[k]));
    CHECK(g->values.size() == expected.size());
    CHECK(largest < 1e-12 * weight * 10);
}

TEST_CASE("a delay between two steps is rounded, ties to the later step") {
    for (auto const& each : std::map<double, Step>{
             {0.025, 1}, {0.0374, 1}, {0.0375, 2}, {0.0376, 2}, {0.1, 4}, {0.3, 12}, {0.35, 14}}) {
        double const delay = each.first;
        CAPTURE(delay);
        Sender sender({5}, 1);
        sender.net.connect(Cells(0), Cells(1), one_to_one(),
                           {.synapse = Leaky::expsyn, .weight = weight, .delay = delay});
        auto const g = sender.receiver(1);
        sender.net.run(1, cells::quietly);
        CHECK(differences(g->values, conductance({5 + each.second}, 41)) == 0);
    }
}

TEST_CASE("clear_connections drops the spikes that are on their way, and reset does too") {
    for (Step delay : {40, 200, 700}) {
        CAPTURE(delay);
        Sender sender({20}, 1);
        auto const connect = [&] {
            sender.net.connect(
                Cells(0), Cells(1), all_to_all(),
                {.synapse = Leaky::expsyn, .weight = weight, .delay = static_cast<double>(delay) * dt});
        };
        connect();
        auto const g = sender.receiver(1);
        sender.net.run(30 * dt, cells::quietly);
        SUBCASE("clear_connections") {
            sender.net.clear_connections();
            CHECK(sender.net.connections() == 0);
            connect();
            sender.net.run(1000 * dt, cells::quietly);
            CHECK(differences(g->values, conductance({}, 1031)) == 0);
        }
        SUBCASE("reset") {
            sender.net.reset();
            CHECK(sender.net.now() == 0);
            CHECK(g->values.empty());
            sender.check_spikes(sender.net.run(1000 * dt, cells::quietly));
            CHECK(differences(g->values, conductance({20 + delay}, 1001)) == 0);
        }
    }
}

TEST_CASE(
    "a new connection carries no spike fired before it was made, whatever other connections there are") {
    for (bool const other : {false, true}) {
        CAPTURE(other);
        Sender sender({20}, 2);
        if (other)
            sender.net.connect(Cells(0), Cells(2), all_to_all(),
                               {.synapse = Leaky::expsyn, .weight = weight, .delay = 20});
        auto const g = sender.receiver(1);
        sender.net.run(30 * dt, cells::quietly);
        sender.net.connect(Cells(0), Cells(1), all_to_all(),
                           {.synapse = Leaky::expsyn, .weight = weight, .delay = 12.5});
        sender.net.run(25, cells::quietly);
        CHECK(differences(g->values, conductance({}, 1031)) == 0);
    }
}

namespace {

/// A population so large that spikes are taken down their rows in time, with two projections onto one
/// synapse: delays of its own for each connection, and one delay. Cells 0 to 3 spike at steps of their own.
/// Weights that differ are kept as numbers or in bytes.
struct Crowd {
    static constexpr Gid cells = 16400, sources = 4;
    static constexpr Step end = 150;

    Net net{{.dt = dt}};
    std::vector<Step> fired_at[sources] = {{1, 3, 40, 66}, {3, 41}, {1, 66, 69}, {2, 100}};
    std::vector<Step> since = {0, 0};  // of each projection: earlier spikes do not take its connections
    int weight_bytes;

    explicit Crowd(int bytes_of_weight, Step least_delay = 1) : weight_bytes{bytes_of_weight} {
        auto const all = net.add<Leaky>(cells);
        net.set_threshold(all, 0);
        net.set(all, "synapses[1].tau", 1e300);  // no decay: g is the sum of all weights
        for (Gid gid = 0; gid < sources; ++gid)
            for (auto const step : fired_at[gid])
                for (auto const& [when, amp] : {std::pair(step, 100.), std::pair(step + 1, -100.)})
                    net.stimulate(
                        Cells(gid),
                        IClamp{.delay = (static_cast<double>(when) - 0.5) * dt, .dur = dt, .amp = amp});
        net.connect(all.first(sources), all, fixed_indegree(5),
                    {.synapse = 1,
                     .weight = Uniform{0, 1e-9},
                     .delay = Uniform{static_cast<double>(least_delay) * dt, 60 * dt},
                     .weight_bytes = weight_bytes});
        net.connect(all.first(2), all.last(9000), fixed_indegree(2),
                    {.synapse = 1, .weight = 3e-10, .delay = 10 * dt});
    }

    void connect_later() {
        net.connect(net.cells().first(sources), net.cells(), fixed_indegree(1),
                    {.synapse = 1,
                     .weight = Uniform{0, 1e-9},
                     .delay = Uniform{dt, 50 * dt},
                     .weight_bytes = weight_bytes});
        since.push_back(std::lround(net.now() / dt));
    }

    std::vector<double> sums() {
        std::vector<double> all;
        for (auto const gid : net.cells()) all.push_back(net.get(gid, "synapses[1].g"));
        return all;
    }

    /// The sums that should be there at `now`: in each step by the time of the spike, then its source, then
    /// the connection.
    std::vector<double> expected(Step now) {
        using Arriving = std::tuple<Step, Step, Gid, std::size_t>;  // arrival, spike, source, number
        std::vector<std::map<Arriving, double>> arriving(cells);
        std::size_t number = 0;
        for (std::size_t projection = 0; projection < since.size(); ++projection)
            for (auto const& c : net.connections_of(projection)) {
                ++number;
                for (auto const spike : fired_at[c.source])
                    if (auto const arrival = spike + std::lround(c.delay / dt);
                        arrival < now && spike >= since[projection])
                        arriving[c.target][{arrival, spike, c.source, number}] = c.weight;
            }
        std::vector<double> all;
        for (auto const& of_cell : arriving) {
            double g = 0, sum = 0;
            Step step = -1;
            for (auto const& [key, weight] : of_cell) {
                if (std::get<0>(key) != step) g += std::exchange(sum, 0.);
                step = std::get<0>(key);
                sum += weight;
            }
            all.push_back(g + sum);
        }
        return all;
    }
};

}  // namespace

TEST_CASE("many cells: each spike arrives at its step, summed in order, on any threads, in any pieces") {
    for (std::size_t const threads : {1, 2, 3}) {
        CAPTURE(threads);
        Crowd crowd(static_cast<int>(threads) - 1);
        for (double const t : {4 * dt, 5 * dt, 44 * dt, 70 * dt, Crowd::end * dt}) {
            crowd.net.run_until(t, {.threads = threads, .progress = false});
            CHECK(crowd.sums() == crowd.expected(std::lround(t / dt)));
            if (std::lround(t / dt) == 44) crowd.connect_later();
        }
    }
}

TEST_CASE("many cells: an inbox holds a block of steps that begins in the last step of an epoch") {
    Crowd crowd(0, 2);
    for (Step const step : {1, 4, 5, 9}) {  // epochs of two steps from 1 on, blocks of four from 0 on
        crowd.net.run_until(static_cast<double>(step) * dt, {.progress = false});
        CHECK(crowd.sums() == crowd.expected(step));
    }
}

TEST_CASE("many cells: connections onto a few of them are summed in order with those onto all") {
    Crowd crowd(0);
    for (auto const& few :
         {Cells(100, 200), Cells(5000, 6000)}) {  // the one that reaches further is the wide one
        crowd.net.connect(
            Cells(0, Crowd::sources), few, fixed_indegree(5),
            {.synapse = 1, .weight = Uniform{0, 1e-9}, .delay = Uniform{dt, 20 * dt}, .weight_bytes = 0});
        crowd.since.push_back(0);
    }
    crowd.net.run_until(Crowd::end * dt, {.progress = false});
    CHECK(crowd.sums() == crowd.expected(Crowd::end));
}

TEST_CASE("many cells: a snapshot, a reset and new weights in the middle of spikes' ways") {
    Crowd crowd(2);
    auto const run = [&](Net& net, Step step, std::size_t threads) {
        net.run_until(static_cast<double>(step) * dt, {.threads = threads, .progress = false});
    };
    run(crowd.net, 63, 2);  // when what was fired at 3 arrives over the longest delay
    auto const here = crowd.net.save();
    auto const before = crowd.sums();
    run(crowd.net, Crowd::end, 1);
    auto const all = crowd.sums();
    CHECK(all == crowd.expected(Crowd::end));
    crowd.net.reset();
    run(crowd.net, Crowd::end, 2);
    CHECK(crowd.sums() == all);
    crowd.net.restore(here);
    run(crowd.net, Crowd::end, 3);
    CHECK(crowd.sums() == all);
    crowd.net.restore(here);
    for (std::size_t projection : {0, 1})
        for (auto part : crowd.net.weights(projection))
            for (auto& weight : part) weight *= 2;
    run(crowd.net, Crowd::end, 2);
    auto const changed = crowd.sums();
    for (Gid gid = 0; gid < Crowd::cells; ++gid)
        CHECK(changed[gid] - before[gid] == doctest::Approx(2 * (all[gid] - before[gid])));
    auto const later = crowd.net.save();
    crowd.net.reset();
    crowd.net.restore(later);
    CHECK(crowd.sums() == changed);
}

}  // namespace delays_tests
