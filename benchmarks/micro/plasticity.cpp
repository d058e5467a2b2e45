// SPDX-License-Identifier: MIT

/// What it costs to let a spike arrive at a connection that learns. `cells` cells, each with `inputs` from
/// the others over `delays` different delays, fire once in 1000 steps, in an order that looks like none; so
/// a connection has one spike of its target between two arrivals. `per_event` is seconds for an arrival and
/// what the target has fired before it (6n: 6 ns), in single precision; cells take the steps of an epoch
/// `chunk` by chunk, as in the run loop. Weights of some connections are compared with a plain loop over
/// their events.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <hillock/model/plasticity/kernel.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/model/plasticity/stdp_power_law.hpp>
#include <hillock/model/plasticity/stdp_triplet.hpp>
#include <hillock/model/plasticity/tsodyks_markram.hpp>
#include <hillock/population/grid_spike.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/rule_delivery.hpp>
#include <hillock/simd/subnormals.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/plastic_table.hpp>

namespace {

namespace hk = hillock;

constexpr double dt = 0.1, w0 = 1;
constexpr hk::Step epoch = 15, period = 1000;

/// When cells fire, and how they are connected.
struct Circuit {
    std::size_t cells, inputs;
    std::uint32_t delays;

    hk::wiring::PlasticTable<float> table() const {
        auto const each = [&](bool, auto&& connection) {
            for (std::size_t target = 0; target < cells; ++target) {
                hk::RandomStream random({.id1 = static_cast<std::uint32_t>(target)});
                for (std::size_t k = 0; k < inputs; ++k) {
                    auto const source = random.below(static_cast<std::uint32_t>(cells));
                    connection(source, static_cast<std::uint32_t>(target), w0, epoch + random.below(delays));
                }
            }
        };
        auto made = hk::wiring::ConnectionTable<float>::build(
            {0, 0, 0, 0, static_cast<hk::Gid>(cells - 1), true}, each);
        return {made, true, [](std::size_t cell) { return static_cast<hk::Gid>(cell); }};
    }

    /// The cells that fire at a step: number k of a period at step k period/cells.
    std::vector<hk::Gid> fired(hk::Step step) const {
        auto const at = static_cast<std::size_t>(step % period), n = static_cast<std::size_t>(period);
        std::vector<hk::Gid> all;
        for (auto k = at * cells / n; k < (at + 1) * cells / n; ++k)
            all.push_back(static_cast<hk::Gid>(k * stride % cells));
        std::sort(all.begin(), all.end());
        return all;
    }
    static constexpr std::size_t stride = 40503;  // a multiple of no number of cells below
};

/// The circuit under way.
template <class Rule>
struct Learning {
    Circuit circuit;
    hk::scheduling::RuleDelivery<float, Rule> delivery;
    std::vector<float> sums;
    std::vector<std::vector<hk::Gid>> fired;  // in each step of a period
    std::vector<hk::Gid> fan_out;             // of each cell
    hk::Step now = 0;

    Learning(Circuit const& c, Rule const& rule)
        : circuit{c}, delivery{c.table(), {rule, dt}}, sums(c.cells), fan_out(c.cells) {
        for (hk::Step step = 0; step < period; ++step) fired.push_back(c.fired(step));
        for (std::size_t row = 0; row < delivery.table.sources().rows(); ++row)
            for (auto b = delivery.table.sources().begin(row); b < delivery.table.sources().end(row); ++b)
                fan_out[delivery.table.sources().source_of(row)] +=
                    delivery.table.end(b) - delivery.table.begin(b);
    }

    std::vector<hk::Gid> const& fired_at(hk::Step step) const {
        return fired[static_cast<std::size_t>(step % period)];
    }

    /// Takes an epoch; returns its events.
    std::size_t advance(std::size_t chunk) {
        auto const end = now + epoch;
        delivery.begin({now, end}, 1);
        delivery.begin_part(0, 0, circuit.cells);
        for (std::size_t first = 0; first < circuit.cells; first += chunk) {
            auto const last = std::min(first + chunk, circuit.cells);
            for (auto step = now; step < end; ++step) {
                delivery.arrive(0, first, last, step, sums.data());
                auto const& cells = fired_at(step);
                for (auto at = std::lower_bound(cells.begin(), cells.end(), first);
                     at != cells.end() && *at < last; ++at)
                    delivery.fire(0, *at, step);
            }
        }
        std::vector<hk::population::GridSpike> spikes;
        for (auto step = now; step < end; ++step)
            for (auto const cell : fired_at(step)) spikes.push_back({step, cell});
        delivery.send(spikes);
        now = end;
        std::size_t events = 0;
        for (auto const& spike : spikes) events += fan_out[spike.gid];
        return events;
    }
};

/// The weight of a connection after the events of each side, one by one.
template <class Rule>
double exact(Rule const& rule, Circuit const& circuit, hk::Gid source, hk::Gid target, hk::Step delay,
             hk::Step end) {
    hk::plasticity::Kernel<Rule> const kernel(rule, dt);
    typename hk::plasticity::Kernel<Rule>::Source x{};
    typename hk::plasticity::Kernel<Rule>::Target y{};
    std::vector<char> source_fires, target_fires;
    for (hk::Step step = 0; step < period; ++step) {
        auto const all = circuit.fired(step);
        source_fires.push_back(std::binary_search(all.begin(), all.end(), source));
        target_fires.push_back(std::binary_search(all.begin(), all.end(), target));
    }
    double w = w0;
    for (hk::Step step = 0; step < end; ++step) {
        if (step >= delay && source_fires[static_cast<std::size_t>((step - delay) % period)]) {
            w = kernel.on_arrival(rule, w, x, y);
            kernel.source_spike(x);
        }
        if (target_fires[static_cast<std::size_t>(step % period)]) {
            w = kernel.on_target_spike(rule, w, x, y);
            kernel.target_spike(y);
        }
        x = kernel.source_after(x, 1);
        y = kernel.target_after(y, 1);
    }
    return w;
}

template <class Rule>
bool weights_are_exact(Learning<Rule>& learning, Rule const& rule) {
    learning.delivery.catch_up();
    auto& table = learning.delivery.table;
    bool all = true;
    for (std::size_t row = 0; row < table.sources().rows(); row += table.sources().rows() / 3)
        for (auto b = table.sources().begin(row); b < table.sources().end(row); ++b) {
            if (table.begin(b) == table.end(b)) continue;
            auto const k = table.begin(b);
            auto const w = exact(rule, learning.circuit, table.sources().source_of(row), table.targets()[k],
                                 table.delay(b), learning.now);
            all = all && std::abs(static_cast<double>(table.weight(k)) - w) < 1e-4 * w0;  // also where w is 0
        }
    return all;
}

std::shared_ptr<void> kept;                  // the circuit of the last case,
void (*maker)(benchmark::State&) = nullptr;  // and who made it

template <class Rule>
void learn(benchmark::State& state) {
    Rule rule;
    if constexpr (requires { rule.w_max; }) rule.w_max = 2;
    if constexpr (requires { rule.mu_plus; }) rule.mu_plus = 0, rule.mu_minus = 1;
    Circuit const circuit{static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
                          static_cast<std::uint32_t>(state.range(2))};
    auto const chunk = static_cast<std::size_t>(state.range(3));
    auto* last = maker == learn<Rule> ? static_cast<Learning<Rule>*>(kept.get()) : nullptr;
    if (!last || last->circuit.cells != circuit.cells || last->circuit.inputs != circuit.inputs ||
        last->circuit.delays != circuit.delays) {
        kept.reset();
        kept = std::make_shared<Learning<Rule>>(circuit, rule);
        maker = learn<Rule>;
        last = static_cast<Learning<Rule>*>(kept.get());
    }
    hk::simd::FlushSubnormals const quick;
    while (last->now < period + 5 * epoch) last->advance(chunk);  // until all have fired
    double events = 0;
    for (auto _ : state) events += static_cast<double>(last->advance(chunk));
    if (!weights_are_exact(*last, rule)) state.SkipWithError("weights differ from those of a plain loop");
    if (!(std::accumulate(last->sums.begin(), last->sums.end(), 0.) > 0))
        state.SkipWithError("nothing has arrived");
    state.counters["per_event"] = {events, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

void circuits(benchmark::internal::Benchmark* b) {
    b->ArgNames({"cells", "inputs", "delays", "chunk"});
    for (int const delays : {1, 40})
        for (int const chunk : {400, 1 << 30}) {
            b->Args({4000, 25, delays, chunk});
            b->Args({4000, 250, delays, chunk});
            b->Args({4000, 2500, delays, chunk});
            b->Args({100000, 25, delays, chunk});
        }
    b->Args({100000, 250, 1, 1 << 30});
    b->Args({400000, 250, 1, 1 << 30});
    b->Args({40000, 2500, 1, 1 << 30});
    for (int const chunk : {400, 1 << 30})
        b->Args({11250, 9000, 1, chunk});  // 10^8, as in NEST's hpc_benchmark
    b->MinTime(0.2);
}

BENCHMARK(learn<hk::Stdp>)->Apply(circuits);
BENCHMARK(learn<hk::StdpPowerLaw>)->Apply(circuits);
BENCHMARK(learn<hk::StdpTriplet>)->Apply(circuits);
BENCHMARK(learn<hk::TsodyksMarkram>)->Apply(circuits);

}  // namespace

BENCHMARK_MAIN();
