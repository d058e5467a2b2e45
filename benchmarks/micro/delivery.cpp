// SPDX-License-Identifier: MIT

/// What it costs to build connections and to take spikes down them. `cells` cells, `inputs` for each of them;
/// `per_event` and `per_connection` are seconds (1.1n: 1.1 ns), `bytes` a connection's memory. The delivered
/// weights are summed and compared with what the spikes' sources have; a table that is built is compared with
/// its own enumeration.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include <hillock/population/inbox.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/wiring/connection_table.hpp>

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

/// From what fits a second-level cache to 100 million connections.
void sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"cells", "inputs", "own"});
    for (int own : {0, 1}) {
        b->Args({1000, 100, own});
        b->Args({10000, 1000, own});
        b->Args({1000000, 100, own});
    }
}

BENCHMARK(deliver)->Apply(sizes)->MinTime(0.2);
BENCHMARK(build)->Apply(sizes)->MinTime(0.2);

}  // namespace

BENCHMARK_MAIN();
