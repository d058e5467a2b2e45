// SPDX-License-Identifier: MIT

/// Plastic connections: weights and effects equal to those of a plain loop over all events in order, on any
/// number of ranks, threads and lanes.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/run/thread_exchange.hpp>
#include <hillock/wiring/procedural.hpp>

#include "../cells.hpp"

namespace plasticity_tests {

using namespace hillock;
using cells::complaint;
using cells::Leaky;
using cells::quietly;

namespace {

constexpr double dt = 0.025;

/// Trains of each cell: gaps of 2 steps and more, 40 on average.
std::vector<std::vector<Step>> random_trains(std::size_t cells, Step end) {
    std::vector<std::vector<Step>> trains(cells);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        RandomStream random({.id1 = static_cast<std::uint32_t>(cell), .key0 = 7, .key1 = 9});
        for (Step step = 1; step < end; step += 2 + static_cast<Step>(random.below(77)))
            trains[cell].push_back(step);
    }
    return trains;
}

/// Lets cells spike at given steps, each time by a current of one step that the next one takes back. The
/// weights of plastic connections are too small to matter.
template <class Net>
void play(Net& net, std::vector<std::vector<Step>> const& trains) {
    for (Gid cell = 0; cell < trains.size(); ++cell)
        for (auto const step : trains[cell])
            for (auto const& [shift, amp] : {std::pair{-0.5, 100.}, {0.5, -100.}})
                net.stimulate(
                    Cells(cell),
                    IClamp{.delay = (static_cast<double>(step) + shift) * dt, .dur = dt, .amp = amp});
    net.set_threshold(net.cells(), 0);
}

/// Delays of all lengths: within a band, over several, beyond the longest ring.
Step steps_of(Gid source, Gid target) {
    constexpr std::array<Step, 9> all{1, 2, 3, 17, 64, 129, 300, 1100, 17000};
    return all[(source * 5 + target * 3) % all.size()];
}

constexpr double w0 = 4e-7;
double weight_of(Gid source, Gid target) {
    return w0 * (1 + 0.1 * static_cast<double>((source + target) % 5));
}

/// Connects the first cells, six at most.
auto connect(auto& net, auto const& rule, bool one_delay = false) {
    Cells const all(0, static_cast<Gid>(std::min<std::size_t>(6, net.size())));
    return net.connect(
        all, all, all_to_all(),
        {.synapse = Leaky::expsyn,
         .weight = [](Gid s, Gid t) { return weight_of(s, t); },
         .delay = [=](Gid s, Gid t) { return static_cast<double>(one_delay ? 20 : steps_of(s, t)) * dt; }},
        rule);
}

/// The events of one connection, and what is known of them at each: the steps of those before.
struct History {
    std::vector<Step> arrivals, spikes;

    /// Calls arrival(t, spikes before) and spike(t, arrivals before) in order, up to `end`.
    void play(Step end, auto&& arrival, auto&& spike) const {
        std::size_t a = 0, s = 0;
        for (Step step = 0; step < end; ++step) {
            if (a < arrivals.size() && arrivals[a] == step) {
                arrival(step, std::vector(arrivals.begin(), arrivals.begin() + static_cast<Step>(a)),
                        std::vector(spikes.begin(), spikes.begin() + static_cast<Step>(s)));
                ++a;
            }
            if (s < spikes.size() && spikes[s] == step) {
                spike(step, std::vector(arrivals.begin(), arrivals.begin() + static_cast<Step>(a)),
                      std::vector(spikes.begin(), spikes.begin() + static_cast<Step>(s)));
                ++s;
            }
        }
    }
};

/// Events as they come for arrivals: spikes of the target are late by twice the dendrite's share of the delay.
History history_of(std::vector<std::vector<Step>> const& trains, MadeConnection const& c,
                   double dendritic = 0) {
    History all{trains[c.source], trains[c.target]};
    auto const delay = std::lround(c.delay / dt);
    for (auto& step : all.arrivals) step += delay;
    for (auto& step : all.spikes) step += 2 * std::lround(dendritic * static_cast<double>(delay));
    return all;
}

/// The sum over events of exp(-age/tau), or the last one's alone.
double trace(std::vector<Step> const& before, Step now, double tau, bool nearest = false) {
    double sum = 0;
    for (auto const step : before) {
        auto const one = std::exp(-static_cast<double>(now - step) * dt / tau);
        sum = nearest ? one : sum + one;
    }
    return sum;
}

using Steps = std::vector<Step>;

/// Runs all-to-all connections of 6 cells, beside others of another population that spike on their own, and
/// compares every weight with the plain computation at several times: exact(w, arrivals before, spikes before,
/// now) for each of the two kinds of events.
template <class Rule>
void check_weights(Rule const& rule, auto&& exact_arrival, auto&& exact_spike, double dendritic = 0) {
    constexpr Step end = 20000;
    auto const trains = random_trains(9, end);
    Network<Leaky> net({.dt = dt});
    net.add<Leaky>(6);
    Leaky other;
    other.soma.cm = 1.1;
    net.add(3, other);
    play(net, trains);
    auto const projection = connect(net, rule, dendritic > 0);
    std::size_t compared = 0, changed = 0;
    for (Step const now : {1, 500, 501, 4000, 17100, 20000}) {
        net.run_until(static_cast<double>(now) * dt, quietly);
        for (auto const& c : net.connections_of(projection)) {
            double w = weight_of(c.source, c.target);
            auto const begin = w;
            history_of(trains, c, dendritic)
                .play(
                    now, [&](Step t, Steps const& a, Steps const& s) { w = exact_arrival(w, a, s, t); },
                    [&](Step t, Steps const& a, Steps const& s) { w = exact_spike(w, a, s, t); });
            CHECK(c.weight == doctest::Approx(w).epsilon(1e-12));
            ++compared;
            changed += w != begin;
        }
    }
    CHECK(compared == 6 * 30);
    CHECK(changed > 90);
}

}  // namespace

TEST_CASE("pairs of spikes: weights follow an exact computation event by event") {
    for (auto const pairs : {Pairs::all, Pairs::nearest})
        for (auto const& mu : {std::pair{0., 0.}, {1., 1.}, {0.4, 0.7}}) {
            CAPTURE(mu.first);
            Stdp const r{.lambda = 0.02,
                         .alpha = 1.1,
                         .w_max = 3 * w0,
                         .tau_plus = 15,
                         .tau_minus = 30,
                         .mu_plus = mu.first,
                         .mu_minus = mu.second,
                         .pairs = pairs};
            bool const nearest = pairs == Pairs::nearest;
            check_weights(
                r,
                [&](double w, Steps const&, Steps const& s, Step t) {
                    auto const y = trace(s, t, 30, nearest);
                    return std::max(0., w - 0.02 * 1.1 * r.w_max * std::pow(w / r.w_max, r.mu_minus) * y);
                },
                [&](double w, Steps const& a, Steps const&, Step t) {
                    auto const x = trace(a, t, 15, nearest);
                    return std::min(r.w_max, w + 0.02 * r.w_max * std::pow(1 - w / r.w_max, r.mu_plus) * x);
                });
        }
}

TEST_CASE("potentiation by a power of the weight, with delays of the axon, and of both axon and dendrite") {
    for (double const dendritic : {0., 0.35}) {
        CAPTURE(dendritic);
        StdpPowerLaw const r{.lambda = 0.02,
                             .alpha = 0.9,
                             .w0 = 1e-8,
                             .mu = 0.4,
                             .tau_plus = 15,
                             .tau_minus = 30,
                             .dendritic = dendritic};
        check_weights(
            r,
            [&](double w, Steps const&, Steps const& s, Step t) {
                return w - 0.02 * 0.9 * w * trace(s, t, 30);
            },
            [&](double w, Steps const& a, Steps const&, Step t) {
                return w + 0.02 * std::pow(1e-8, 0.6) * std::pow(w, 0.4) * trace(a, t, 15);
            },
            dendritic);
    }
}

TEST_CASE("rows longer than what is learnt side by side: weights follow the same computation") {
    constexpr Step end = 1000;
    constexpr std::size_t cells = 300;
    auto const trains = random_trains(cells, end);
    Network<Leaky> net({.dt = dt});
    net.add<Leaky>(cells);
    play(net, trains);
    auto const projection = net.connect(Cells(0, 3), net.cells(), all_to_all(),
                                        {.synapse = Leaky::expsyn, .weight = w0, .delay = 20 * dt},
                                        StdpPowerLaw{.lambda = 0.02, .w0 = 1e-8});
    net.run_until(end * dt, quietly);
    auto const made = net.connections_of(projection);
    CHECK(made.size() == 3 * (cells - 1));  // none onto itself
    for (auto const& c : made) {
        double w = w0;
        history_of(trains, c).play(
            end, [&](Step t, Steps const&, Steps const& s) { w -= 0.02 * w * trace(s, t, 20); },
            [&](Step t, Steps const& a, Steps const&) {
                w += 0.02 * std::pow(1e-8, 0.6) * std::pow(w, 0.4) * trace(a, t, 20);
            });
        CHECK(c.weight == doctest::Approx(w).epsilon(1e-12));
    }
}

TEST_CASE("triplets of spikes: the slow traces are those before the event") {
    StdpTriplet const r{.A2_plus = 2e-3, .A2_minus = 5e-3, .A3_minus = 1e-3, .w_max = 3 * w0};
    check_weights(
        r,
        [&](double w, Steps const& a, Steps const& s, Step t) {
            return std::max(0., w - r.w_max * trace(s, t, 33.7) * (5e-3 + 1e-3 * trace(a, t, 101)));
        },
        [&](double w, Steps const& a, Steps const& s, Step t) {
            return std::min(r.w_max, w + r.w_max * trace(a, t, 16.8) * (2e-3 + 6.2e-3 * trace(s, t, 125)));
        });
}

TEST_CASE("inhibitory plasticity: arrivals alone depress, pairs in either order potentiate") {
    InhibitoryStdp const r{.eta = 0.01, .rho = 40, .tau = 20, .w_max = 3 * w0};
    check_weights(
        r,
        [&](double w, Steps const&, Steps const& s, Step t) {
            return std::clamp(w + 0.01 * r.w_max * (trace(s, t, 20) - 2 * 0.04 * 20), 0., r.w_max);
        },
        [&](double w, Steps const& a, Steps const&, Step t) {
            return std::min(r.w_max, w + 0.01 * r.w_max * trace(a, t, 20));
        });
}

TEST_CASE("plasticity by voltage: weights follow a plain integration of the recorded voltage") {
    constexpr Step end = 6000;
    auto const trains = random_trains(2, 8000);
    for (bool const constant : {true, false}) {
        ClopathStdp const r{.A_LTD = 1e-9,
                            .A_LTP = 3e-9,
                            .theta_plus = -60,
                            .delay_u_bars = 0.5,
                            .w_max = 1e-5,
                            .constant_A_LTD = constant};
        Network<Leaky> net({.dt = dt});
        net.add<Leaky>(2);
        play(net, trains);
        auto const v = net.probe(1, "v");
        auto const projection =
            net.connect(0, 1, all_to_all(), {.synapse = Leaky::expsyn, .weight = w0, .delay = 40 * dt}, r);
        double u_plus = 0, u_minus = 0, u_bar = 0, x = 0, w = w0, taken = 0, given = 0;
        std::vector<double> plus, minus;
        for (Step step = 0; step < end; ++step) {
            if (step % 1500 == 1200) net.run_until(static_cast<double>(step) * dt, quietly);
            if (step % 1500 == 1200) {
                for (auto k = plus.size(); k < static_cast<std::size_t>(step); ++k) {
                    auto const V = v->values[k];
                    if (k == 0) u_plus = u_minus = u_bar = V;
                    auto const before = [&](auto const& all, double now) {
                        return k < 20 ? v->values[0] : all.empty() ? now : all[k - 20];
                    };
                    bool const arrives = std::find(trains[0].begin(), trains[0].end(),
                                                   static_cast<Step>(k) - 40) != trains[0].end();
                    auto const earlier = w;
                    if (arrives) {  // before this step's voltage counts
                        auto const late = k < 21 ? v->values[0] : minus[k - 21];
                        w = std::max(0., w - 1e-9 * (constant ? 1 : u_bar * u_bar / 60) *
                                                 std::max(0., late + 70.6));
                        x += 1 / 15.;
                    }
                    taken += earlier - w;
                    auto const lowered = w;
                    u_plus += (V - u_plus) * (1 - std::exp(-dt / 7));
                    u_minus += (V - u_minus) * (1 - std::exp(-dt / 10));
                    u_bar += (u_minus - u_bar) * (1 - std::exp(-dt / 500));
                    w = std::min(1e-5, w + dt * 3e-9 * x * std::max(0., V + 60) *
                                               std::max(0., before(plus, u_plus) + 70.6));
                    given += w - lowered;
                    plus.push_back(u_plus);
                    minus.push_back(u_minus);
                    x *= std::exp(-dt / 15);
                }
                CHECK(net.connections_of(projection)[0].weight == doctest::Approx(w).epsilon(1e-9));
            }
        }
        CHECK(taken > 0.01 * w0);
        CHECK(given > 0.01 * w0);

        auto other = net;
        net.run_until(170, quietly);
        auto const snapshot = net.save();
        other.restore(snapshot);
        net.run_until(200, quietly);
        other.run_until(200, quietly);
        CHECK(other.connections_of(projection)[0].weight == net.connections_of(projection)[0].weight);
        CHECK(net.connections_of(projection)[0].weight != w);
    }
}

TEST_CASE("events of one step: arrivals come before the spike of the target") {
    Network<Leaky> net({.dt = dt});
    net.add<Leaky>(2);
    play(net, {{100, 300}, {110}});
    auto const projection =
        net.connect(0, 1, all_to_all(), {.synapse = Leaky::expsyn, .weight = w0, .delay = 10 * dt},
                    Stdp{.lambda = 0.1, .w_max = 2 * w0, .mu_plus = 0, .mu_minus = 0});
    auto const g = net.probe(1, "synapses[1].g");
    auto const weight = [&] { return net.connections_of(projection).front().weight; };
    net.run_until(111 * dt, quietly);
    CHECK(weight() == doctest::Approx(w0 * 1.2).epsilon(1e-12));  // a trace of 1: the arrival has just been
    net.run_until(400 * dt, quietly);
    CHECK(g->values[111] == doctest::Approx(w0 * std::exp(-dt / 2)).epsilon(1e-12));
    auto const after = w0 * 1.2 - 0.1 * 2 * w0 * std::exp(-200 * dt / 20);
    CHECK(weight() == doctest::Approx(after).epsilon(1e-12));
    CHECK(g->values[311] - g->values[310] * std::exp(-dt / 2) ==
          doctest::Approx(after * std::exp(-dt / 2)).epsilon(1e-6));
}

TEST_CASE("short-term plasticity: conductances are those of NET_RECEIVE's formulas") {
    constexpr Step end = 8000;
    auto const trains = random_trains(5, end);
    for (double const tau_fac : {0., 50.}) {
        TsodyksMarkram const rule{.U = 0.3, .tau_rec = 100, .tau_fac = tau_fac};
        Network<Leaky> net({.dt = dt});
        net.add<Leaky>(trains.size());
        play(net, trains);
        auto const projection = connect(net, rule);
        auto const g = net.probe(2, "synapses[1].g");
        net.run_until(end * dt, quietly);

        std::vector<double> arrived(end, 0.);
        for (auto const& c : net.connections_of(projection)) {
            CHECK(c.weight == weight_of(c.source, c.target));
            if (c.target != 2) continue;
            double R = 1, u = rule.U, last = -1e9;
            for (auto const step : history_of(trains, c).arrivals) {
                auto const t = static_cast<double>(step) * dt;
                if (last > -1e9) {
                    R = 1 - (1 - R * (1 - u)) * std::exp(-(t - last) / 100);
                    u = 0.3 + (tau_fac == 0 ? 0 : u * (1 - 0.3) * std::exp(-(t - last) / tau_fac));
                }
                last = t;
                if (step < end) arrived[static_cast<std::size_t>(step)] += c.weight * R * u;
            }
        }
        double exact = 0;
        for (std::size_t k = 0; k + 1 < end; ++k) {
            exact = (exact + arrived[k]) * std::exp(-dt / 2);
            REQUIRE(g->values[k + 1] == doctest::Approx(exact).epsilon(1e-11));
        }
    }
}

namespace {

/// A rule of one's own: a target that fires takes its synapses up by a fixed amount, an arrival takes its own
/// down in proportion; and what is transmitted is less the more the source has fired.
struct Balance {
    double step = 1e-8, part = 0.05, tau = 10, dendritic = 0.75;

    std::array<double, 1> source_traces() const { return {tau}; }
    std::array<double, 0> target_traces() const { return {}; }
    double on_arrival(double w, Traces<1> const&, Traces<0> const&) const { return w * (1 - part); }
    double on_target_spike(double w, Traces<1> const&, Traces<0> const&) const { return w + step; }
    double transmitted(double w, Traces<1> const& x) const { return w / (1 + x[0]); }
};

/// A network with plastic connections that matter: noise makes cells fire, and so do they.
template <class Net>
struct Learning {
    Net net;
    std::vector<typename Net::Projection> projections;

    explicit Learning(auto exchange) : net{exchange, {.dt = dt}} {
        auto const all = net.template add<Leaky>(23);
        net.set_threshold(all, -55);
        net.stimulate(all, NetStim{.interval = 2, .noise = 1, .start = 0, .number = 1e9},
                      {.synapse = Leaky::expsyn, .weight = 8e-3});
        auto const delay = [](Gid s, Gid t) { return static_cast<double>(steps_of(s, t) + 30) * dt; };
        projections = {
            net.connect(all, all, fixed_indegree(7),
                        {.synapse = Leaky::expsyn, .weight = Uniform{0, 4e-4}, .delay = delay},
                        Stdp{.lambda = 0.05, .w_max = 5e-4, .mu_plus = 0.4, .mu_minus = 0}),
            net.connect(all, all, fixed_indegree(5), {.synapse = Leaky::expsyn, .weight = 4e-4, .delay = 3},
                        Balance{.step = 1e-5}),
            net.connect(all, all, fixed_indegree(5),
                        {.synapse = Leaky::exp2syn, .weight = 1e-3, .delay = delay},
                        TsodyksMarkram{.tau_fac = 20}),
        };
        net.connect(all, all, fixed_indegree(5), {.synapse = Leaky::expsyn, .weight = 1e-4, .delay = 7});
        net.connect(all, all, procedural(fixed_outdegree(6)),
                    {.synapse = Leaky::expsyn, .weight = Uniform{0, 4e-3}, .delay = delay});
    }
};

/// The spikes, the digest, and a sum of weights of every run must be those of the first.
struct Result {
    Raster spikes;
    std::uint64_t digest;

    bool operator==(Result const&) const = default;
};

}  // namespace

TEST_CASE("plastic networks: the same bits on ranks, threads, lanes, in pieces, restored, reset, copied") {
    constexpr double half = 30, end = 60, some_sum = 1e-3;
    Result first;
    std::unique_ptr<Snapshot> middle;
    {
        Learning<ScalarNetwork<Leaky>> one{SerialExchange{}};
        first.spikes = one.net.run(half, quietly);
        one.net.normalise(one.projections[0], some_sum);
        auto const more = one.net.run_until(end, quietly);
        first.spikes.insert(first.spikes.end(), more.begin(), more.end());
        first.digest = one.net.digest();
        CHECK(first.spikes.size() > 50);
    }
    std::mutex mutex;
    for (std::size_t const ranks : {1, 2, 3})
        for (std::size_t const threads : {1, 2}) {
            CAPTURE(ranks);
            CAPTURE(threads);
            run_ranks(ranks, [&](ThreadExchange exchange) {
                RunOptions const options{.threads = threads, .progress = false};
                Learning<Network<Leaky>> some{exchange};
                auto spikes = some.net.run(half, options);
                auto const here = some.net.save();
                auto const go_on = [&](Network<Leaky>& net) {
                    Result result{spikes, 0};
                    net.normalise(some.projections[0], some_sum);
                    for (double t = half; t < end; t += 7.3) {
                        auto const more = net.run_until(std::min(t + 7.3, end), options);
                        result.spikes.insert(result.spikes.end(), more.begin(), more.end());
                        if (t > 40) net.weights(some.projections[0]);
                    }
                    result.digest = net.digest();
                    return result;
                };
                auto copy = some.net;
                std::vector<Result> results{go_on(some.net), go_on(copy)};
                if (ranks == 1) {
                    some.net.reset();
                    spikes = some.net.run(half, options);
                    results.push_back(go_on(some.net));
                }
                Learning<Network<Leaky>> other{exchange};
                other.net.restore(*[&] {
                    std::lock_guard const lock(mutex);
                    if (!middle) middle = std::make_unique<Snapshot>(here);
                    return middle.get();
                }());
                results.push_back(go_on(other.net));
                std::lock_guard const lock(mutex);
                CHECK(std::equal(here.bytes().begin(), here.bytes().end(), middle->bytes().begin(),
                                 middle->bytes().end()));
                for (auto const& result : results) CHECK((result == first));
            });
        }
}

TEST_CASE("plastic weights are up to date when another number of threads goes on") {
    auto const learnt = [](std::size_t threads) {
        Network<Leaky> net({.dt = dt});
        net.add<Leaky>(6);                  // one block: with two threads, one of them has no cell
        play(net, random_trains(6, 1100));  // nobody spikes in the last run
        auto const learning = connect(net, Stdp{.w_max = 1e-6});
        net.run(29, quietly);
        net.run(1, {.threads = threads, .progress = false});
        std::vector<double> weights;
        for (auto const& c : net.connections_of(learning)) weights.push_back(c.weight);
        return weights;
    };
    CHECK(learnt(2) == learnt(1));
}

TEST_CASE("plastic weights are read, written, and go back at a reset") {
    Learning<Network<Leaky>> one{SerialExchange{}};
    auto const projection = one.projections[0];
    auto const begun = one.net.connections_of(projection);
    one.net.run(50, quietly);
    auto const learned = one.net.connections_of(projection);
    std::size_t k = 0, changed = 0;
    for (auto part : one.net.weights(projection))
        for (auto& weight : part) {
            CHECK(weight == learned[k].weight);
            changed += weight != begun[k++].weight;
            weight = 5e-4;
        }
    CHECK(k == 7 * 23);
    CHECK(changed > 100);
    CHECK(one.net.connections_of(projection)[3].weight == 5e-4);
    one.net.reset();
    CHECK(one.net.connections_of(projection)[3].weight == begun[3].weight);
    CHECK(one.net.connections() == 28 * 23);
    one.net.clear_connections();
    CHECK(one.net.connections() == 0);
    one.net.run(10, quietly);

    ConnectionList list;  // two connections that no table can share, each with the one weight of its table
    list.add({0, 1, Leaky::expsyn, 1e-4, 1});
    list.add({0, 2, Leaky::expsyn, 2e-4, 300 * dt + 1});
    auto const made = one.net.connections_of(one.net.connect(list, TsodyksMarkram{}));
    REQUIRE(made.size() == 2);
    CHECK(made[0].weight == 1e-4);
    CHECK(made[1].weight == 2e-4);
}

TEST_CASE("traces decay alike over few steps and over very many") {
    plasticity::Decay const decay(1e5, 0.1);
    for (Step const steps : {0, 1, 511, 512, 262143, 262144, 1000000})
        CHECK(decay(steps) == doctest::Approx(std::exp(-1e-6 * static_cast<double>(steps))).epsilon(1e-13));
}

TEST_CASE("sums of weights by target are those of the connections, and can be set") {
    Learning<Network<Leaky>> one{SerialExchange{}};
    auto const last = one.net.cells()[22];
    auto const few = one.net.connect(Cells(0, 3), last, all_to_all(),
                                     {.weight = [](Gid source, Gid) { return 1. + source; }, .delay = 1});
    CHECK(one.net.weight_sums(few).size() == 1);
    CHECK(one.net.weight_sums(few)[0].target == last);
    CHECK(one.net.weight_sums(few)[0].sum == 6);
    one.net.normalise(few, 12);
    auto const made = one.net.connections_of(few);
    for (std::size_t k = 0; k < 3; ++k) CHECK(made[k].weight == 2 * (1. + static_cast<double>(k)));

    one.net.run(50, quietly);
    auto const learned = one.net.connections_of(one.projections[0]);
    one.net.normalise(one.projections[0], 2e-3);
    auto const sums = one.net.weight_sums(one.projections[0]);
    CHECK(sums.size() == 23);
    std::vector<double> before(23), after(23);
    for (auto const& c : learned) before[c.target] += c.weight;
    auto const normal = one.net.connections_of(one.projections[0]);
    for (std::size_t k = 0; k < normal.size(); ++k) {
        after[normal[k].target] += normal[k].weight;
        CHECK(normal[k].weight ==
              doctest::Approx(learned[k].weight * 2e-3 / before[learned[k].target]).epsilon(1e-12));
    }
    for (auto const& [target, sum] : sums) {
        CHECK(sum == doctest::Approx(2e-3).epsilon(1e-12));
        CHECK(sum == doctest::Approx(after[target]).epsilon(1e-14));
    }
    CHECK(complaint([&] { one.net.normalise(one.projections[0], -1); }).find("which cannot become -1") !=
          std::string::npos);
    auto const balanced =
        one.net.connect(Cells(0, 2), last, all_to_all(),
                        {.weight = [](Gid source, Gid) { return source ? -1 : 1; }, .delay = 1});
    one.net.normalise(balanced, 5);  // a sum of 0 stays
    CHECK(one.net.connections_of(balanced)[0].weight == 1);
    CHECK(one.net.connections_of(balanced)[1].weight == -1);

    auto const opposed =
        one.net.connect(Cells(0, 2), last, all_to_all(),
                        {.weight = [](Gid source, Gid) { return source ? -1e200 : 2e200; }, .delay = 1});
    for (auto part : one.net.weights(opposed)) part[0] = std::nextafter(1e200, 2e200);
    CHECK(complaint([&] { one.net.normalise(opposed, 1e307); }).find("would become") != std::string::npos);
    CHECK(one.net.weight_sums(opposed)[0].sum > 0);
    CHECK(one.net.weight_sums(opposed)[0].sum < 1e190);
    CHECK(complaint([&] { one.net.normalise(one.projections[2] + 1, 1); }).find("share one weight") !=
          std::string::npos);
    CHECK(complaint([&] { one.net.weight_sums(one.projections[2] + 2); }).find("is procedural") !=
          std::string::npos);
}

TEST_CASE("a spike on its way takes the weight that normalise has given its connection") {
    Network<Leaky> net({.dt = dt});
    net.add<Leaky>(2);
    play(net, {{9}, {}});
    auto const projection =
        net.connect(0, 1, all_to_all(),
                    {.synapse = Leaky::expcurrent, .weight = [](Gid, Gid) { return 1.; }, .delay = 5});
    auto const i = net.probe(1, "synapses[3].i");
    net.run(2, quietly);
    net.normalise(projection, 3);
    net.run(5, quietly);
    auto const [least, most] = std::minmax_element(i->values.begin(), i->values.end());
    CHECK(std::max(-*least, *most) == doctest::Approx(3).epsilon(0.01));
}

TEST_CASE("what a plasticity rule does not allow is one sentence, and connects nothing") {
    Network<Leaky> net({.dt = dt});
    auto const all = net.add<Leaky>(2);
    auto const refuse = [&](auto const& rule) {
        return complaint([&] { net.connect(all, all, all_to_all(), {.weight = 2, .delay = 1}, rule); });
    };
    CHECK(refuse(Stdp{.w_max = 1}) == "Stdp: weight 2: must be from 0 to w_max 1");
    CHECK(refuse(Stdp{.w_max = 0}) == "Stdp: w_max 0: must be finite and not 0");
    CHECK(refuse(Stdp{.lambda = -1, .w_max = 9}) == "Stdp: lambda -1: must be finite and not negative");
    CHECK(refuse(Stdp{.w_max = 9, .tau_plus = 0}) == "Stdp: tau_plus 0 ms: must be positive and finite");
    CHECK(refuse(Stdp{.w_max = 9, .dendritic = 1.5}) ==
          "Stdp: dendritic 1.5: must be from 0 to 1, a share of the delay");
    CHECK(meta::type_name<std::vector<Stdp>>().find("hillock") == std::string_view::npos);
    CHECK(
        refuse(Balance{.tau = -1})
            .ends_with("Balance: time constant -1 ms of a trace of the source: must be positive and finite"));
    CHECK(refuse(StdpPowerLaw{.tau_minus = -2}) ==
          "StdpPowerLaw: tau_minus -2 ms: must be positive and finite");
    CHECK(refuse(StdpTriplet{.tau_y = 0}) == "StdpTriplet: tau_y 0 ms: must be positive and finite");
    CHECK(refuse(InhibitoryStdp{.tau = 0}) == "InhibitoryStdp: tau 0 ms: must be positive and finite");
    CHECK(refuse(TsodyksMarkram{.tau_rec = 0}) ==
          "TsodyksMarkram: tau_rec 0 ms: must be positive and finite");
    CHECK(refuse(TsodyksMarkram{.tau_fac = -1}) ==
          "TsodyksMarkram: tau_fac -1 ms: must be positive and finite, or 0 for no facilitation");
    CHECK(refuse(ClopathStdp{.tau_x = 0}) == "ClopathStdp: tau_x 0 ms: must be positive and finite");
    for (double const delay : {1e18, 1e9, 410.})
        CHECK(
            refuse(ClopathStdp{.delay_u_bars = delay}) ==
            fmt::format("ClopathStdp: delay_u_bars {} ms: must be from 0 to 409.6 ms, which are 16384 steps",
                        delay));
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(refuse(ClopathStdp{.theta_plus = nan}) == "ClopathStdp: theta_plus nan mV: must be finite");
    CHECK(refuse(ClopathStdp{.theta_minus = nan}) == "ClopathStdp: theta_minus nan mV: must be finite");
    CHECK(refuse(ClopathStdp{.w_min = nan}) == "ClopathStdp: w_min nan: must be a number");
    CHECK(refuse(ClopathStdp{.w_max = nan}) == "ClopathStdp: w_max nan: must be a number");
    CHECK(complaint([&] {
              connect(net, Stdp{.dendritic = 1});
          }).find("ms and a dendritic share of them: must be one delay") != std::string::npos);
    CHECK(refuse(TsodyksMarkram{.U = 2}) == "TsodyksMarkram: U 2: must be above 0 and at most 1");
    CHECK(complaint([&] {
              net.connect(all, all, all_to_all(), {.weight = 2, .delay = 1, .weight_bytes = 1}, Stdp{});
          }).find("connect: weight_bytes 1: connections that learn") != std::string::npos);
    CHECK(net.connections() == 0);
}

}  // namespace plasticity_tests
