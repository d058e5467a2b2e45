// SPDX-License-Identifier: MIT

/// What it costs to build connections and to take spikes down them. `cells` cells, `inputs` for each of them;
/// `per_event` and `per_connection` are seconds (1.1n: 1.1 ns), `bytes` a connection's memory. The delivered
/// weights are summed and compared with what the spikes' sources have; a table that is built is compared with
/// its own enumeration. `arrive` is delivery to so many cells that spikes are taken down their rows as time
/// passes, each connection with a weight and a delay of its own, in single precision or `weight_bytes`; `bare` is
/// a loop over the same rows that adds the weights to the sums of one step, the least that could be done.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <hillock/meta/boxed.hpp>
#include <hillock/population/grid_spike.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/arrivals.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/weight_codes.hpp>

namespace {

namespace hk = hillock;
using Table = hk::wiring::ConnectionTable<double>;

/// Connections from random sources: of one weight and delay, or each with its own.
struct Wiring {
    std::size_t cells, inputs;
    bool own;

    static constexpr double weight = 0.5;

    void operator()(bool, auto&& connection) const {
        for (std::size_t target = 0; target < cells; ++target) {
            hk::RandomStream random({.id1 = static_cast<std::uint32_t>(target)});
            for (std::size_t k = 0; k < inputs; ++k) {
                auto const source = random.below(static_cast<std::uint32_t>(cells));
                connection(source, static_cast<std::uint32_t>(target),
                           own ? weight * (1 + source % 3) : weight,
                           own ? hk::Step{4} + source % 16 : hk::Step{4});
            }
        }
    }
    Table table() const {
        return std::move(Table::build({0, 0, 0, 0, static_cast<hk::Gid>(cells - 1), !own}, *this).front());
    }
};

Wiring wiring(benchmark::State const& state) {
    return {static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
            state.range(2) != 0};
}

/// Seconds of the processor for each of `n`.
benchmark::Counter per(double n) { return {n, benchmark::Counter::kIsRate | benchmark::Counter::kInvert}; }

/// Spikes of every 97th cell, a step each hundred of them, as after an epoch.
void deliver(benchmark::State& state) {
    auto const wires = wiring(state);
    auto const table = wires.table();
    hk::population::Inbox<double> inbox(1, wires.cells, 32);
    inbox.clear();
    std::vector<hk::Gid> sources;
    std::vector<std::size_t> fan_out(wires.cells);
    wires(false, [&](hk::Gid source, std::uint32_t, double, hk::Step) { ++fan_out[source]; });
    std::size_t events = 0;
    for (std::size_t k = 0; k < std::min<std::size_t>(wires.cells, 10000); ++k) {
        sources.push_back(static_cast<hk::Gid>(k * 97 % wires.cells));
        events += fan_out[sources.back()];
    }
    double rounds = 0;
    for (auto _ : state) {
        for (std::size_t k = 0; k < sources.size(); ++k) {
            if (k + 4 < sources.size()) table.prefetch(sources[k + 4], 0);
            table.deliver(sources[k], static_cast<hk::Step>(k / 100 % 4), 0, inbox);
        }
        ++rounds;
    }
    double found = 0, expected = 0;
    for (hk::Step step = 0; step < 32; ++step)
        for (std::size_t cell = 0; cell < wires.cells; ++cell) found += inbox.at(step)[cell];
    for (auto const source : sources)
        expected += static_cast<double>(fan_out[source]) * Wiring::weight * (wires.own ? 1 + source % 3 : 1);
    if (!(std::abs(found - rounds * expected) <= 1e-9 * found)) state.SkipWithError("weights have been lost");
    state.counters["per_event"] = per(rounds * static_cast<double>(events));
}

void build(benchmark::State& state) {
    auto const wires = wiring(state);
    auto const connections = static_cast<double>(wires.cells * wires.inputs);
    double rounds = 0;
    for (auto _ : state) {
        auto const table = wires.table();
        ++rounds;
        if (static_cast<double>(table.size()) != connections)
            state.SkipWithError("connections have been lost");
        state.counters["bytes"] = static_cast<double>(table.bytes()) / connections;
    }
    state.counters["per_connection"] = per(rounds * connections);
}

/// Connections of 8 bytes, or of 5 or 6, onto groups of cells, each cell with inputs from all.
struct Circuit {
    using Table = hk::wiring::ConnectionTable<float>;

    std::size_t cells, inputs;
    int weight_bytes;
    std::vector<hk::meta::Boxed<Table>> tables;

    Circuit(std::size_t n, std::size_t k, std::size_t groups, int bytes)
        : cells{n}, inputs{k}, weight_bytes{bytes} {
        hk::wiring::WeightCodes codes;
        if (bytes > 0) codes = {bytes, {0, bytes == 1 ? 255. : 65535.}};  // each code is its weight
        for (std::size_t group = 0; group < groups; ++group) {
            auto const each = [&](bool, auto&& connection) {
                for (auto target = n * group / groups; target < n * (group + 1) / groups; ++target) {
                    hk::RandomStream random({.id1 = static_cast<std::uint32_t>(target)});
                    for (std::size_t input = 0; input < k; ++input) {
                        auto const source = random.below(static_cast<std::uint32_t>(n));
                        auto const delay = hk::Step{1} + random.below(20) + random.below(20);
                        connection(source, static_cast<std::uint32_t>(target), 1 + source % 3, delay);
                    }
                }
            };
            auto made = Table::build({.projection = group,
                                      .population = 0,
                                      .synapse = 0,
                                      .first_source = 0,
                                      .last_source = static_cast<hk::Gid>(n - 1),
                                      .uniform_weight = false,
                                      .by_delay = true,
                                      .codes = codes},
                                     each);
            tables.emplace_back(std::move(made.front()));
        }
    }

    /// The spikes of a step: every cell has fired before one fires again.
    std::vector<hk::population::GridSpike> spikes(hk::Step step) const {
        constexpr std::size_t each_step = 24, stride = 40503;
        std::vector<hk::population::GridSpike> all;
        for (std::size_t k = 0; k < each_step; ++k)
            all.push_back({step, static_cast<hk::Gid>((static_cast<std::size_t>(step) * each_step + k) *
                                                      stride % cells)});
        std::sort(all.begin(), all.end());
        return all;
    }
};

Circuit const& circuit(benchmark::State const& state) {
    static std::unique_ptr<Circuit> last;
    auto const n = static_cast<std::size_t>(state.range(0)), k = static_cast<std::size_t>(state.range(1)),
               groups = static_cast<std::size_t>(state.range(2));
    auto const bytes = static_cast<int>(state.range(3));
    if (!last || last->cells != n || last->inputs != k || last->tables.size() != groups ||
        last->weight_bytes != bytes)
        last = std::make_unique<Circuit>(n, k, groups, bytes);
    return *last;
}

/// A team of one.
struct Alone {
    std::size_t size() const { return 1; }
    void all(auto&& f) { f(std::size_t{0}); }
};

void arrive(benchmark::State& state) {
    auto const& from = circuit(state);
    using Arrivals = hk::scheduling::Arrivals<float>;
    Arrivals arrivals;
    auto const in_time = Arrivals::suited(from.tables);
    auto const block = arrivals.choose_block(from.tables, in_time, 1, 1);
    hk::population::Inbox<float> inbox(1, from.cells, static_cast<std::size_t>(block));
    inbox.clear();
    Alone alone;
    arrivals.prepare(from.tables, in_time, {}, 0, alone);
    std::vector const inboxes{&inbox};
    double found = 0, expected = 0, events = 0;
    hk::Step step = 0;
    auto const take_step = [&](auto const& spikes, auto&& look) {
        hk::scheduling::Epoch const epoch{step, step + 1};
        arrivals.begin(epoch);
        arrivals.deliver(0, inboxes);
        look();
        arrivals.take(epoch, spikes, 0, inboxes);
        ++step;
    };
    auto const look = [&] {  // as cells do
        auto* const sums = inbox.at(step);
        for (std::size_t cell = 0; cell < from.cells; ++cell) found += static_cast<double>(sums[cell]);
        std::fill_n(sums, from.cells, 0.f);
    };
    for (auto _ : state)
        take_step(from.spikes(step), [&] {
            state.PauseTiming();
            look();
            state.ResumeTiming();
        });
    for (hk::Step k = 0; k < step; ++k)
        for (auto const& spike : from.spikes(k))
            for (auto const& table : from.tables) {
                auto const row = table->row(spike.gid, 0);
                expected += (row.end - row.begin) * (1. + spike.gid % 3);
                events += row.end - row.begin;
            }
    for (int k = 0; k < 40; ++k) take_step(std::vector<hk::population::GridSpike>(), look);
    if (found != expected) state.SkipWithError("weights have been lost");
    state.counters["per_event"] = per(events);
}

void bare(benchmark::State& state) {
    auto const& from = circuit(state);
    std::vector<float> sums(from.cells);
    double events = 0, expected = 0, found = 0;
    hk::Step step = 0;
    for (auto _ : state) {
        auto const spikes = from.spikes(step++);
        for (auto const& table : from.tables) {
            auto const lane = table->lane(0);
            for (std::size_t k = 0; k < spikes.size(); ++k) {
                if (k + 1 < spikes.size()) lane.prefetch(table->row(spikes[k + 1].gid, 0));
                auto const row = table->row(spikes[k].gid, 0);
                for (auto c = row.begin; c < row.end; ++c) sums[lane.words[c] & 0xffffff] += lane.weights[c];
                events += row.end - row.begin;
                expected += (row.end - row.begin) * (1. + spikes[k].gid % 3);
            }
        }
    }
    for (auto const sum : sums) found += static_cast<double>(sum);
    if (!(std::abs(found - expected) <= 1e-4 * expected)) state.SkipWithError("weights have been lost");
    state.counters["per_event"] = per(events);
}

/// A small one, one of a quarter of the connections of the cortical microcircuit, and one of as many: 3 x 10^8 onto
/// eight populations.
void circuits(benchmark::internal::Benchmark* b) {
    b->ArgNames({"cells", "inputs", "groups", "weight_bytes"});
    b->Args({20000, 100, 4, 0});
    b->Args({77169, 1000, 4, 0});
    b->Args({77169, 3888, 8, 0});
}
void circuits_in_bytes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"cells", "inputs", "groups", "weight_bytes"});
    b->Args({20000, 100, 4, 0});
    for (int bytes : {0, 2, 1}) b->Args({77169, 1000, 4, bytes});
    for (int bytes : {0, 2, 1}) b->Args({77169, 3888, 8, bytes});
}

/// From what fits a second-level cache to 100 million connections.
void sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"cells", "inputs", "own"});
    for (int own : {0, 1}) {
        b->Args({1000, 100, own});
        b->Args({10000, 1000, own});
        b->Args({1000000, 100, own});
    }
}

BENCHMARK(arrive)->Apply(circuits_in_bytes)->MinTime(0.2);
BENCHMARK(bare)->Apply(circuits)->MinTime(0.2);
BENCHMARK(deliver)->Apply(sizes)->MinTime(0.2);
BENCHMARK(build)->Apply(sizes)->MinTime(0.2);

}  // namespace

BENCHMARK_MAIN();
