// SPDX-License-Identifier: MIT

#include "network_files.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/hillock.hpp>

namespace {

/// Runs piece by piece and writes the digests of the spikes and of the state after each piece: where those of
/// two runs differ first, they went apart. `file` is there on rank 0.
template <class Network>
hk::Raster run_with_digests(Network& network, Options const& o, hk::RunOptions const& options,
                            std::optional<hk::OutputFile>& file) {
    if (file) file->print("time,spikes,state\n");
    hk::Raster all;
    hk::Digest digest;  // of all
    auto const steps = hk::TimeGrid(o.dt).step_of(o.tstop);
    for (hk::Step step = 0; step < steps && !network.statistics().stopped; step += o.digest_every) {
        auto const spikes = network.run(
            static_cast<double>(std::min<hk::Step>(o.digest_every, steps - step)) * o.dt, options);
        for (auto const& [time, gid] : spikes) {
            digest.add(time);
            digest.add(gid);
        }
        all.insert(all.end(), spikes.begin(), spikes.end());
        auto const state = network.digest();
        if (file) file->print("{:.12g},{:016x},{:016x}\n", network.now(), digest.value(), state);
    }
    if (file) file->commit();
    return all;
}

/// Runs to the end, and writes the state on the way if that is wanted. `file` is there on rank 0.
template <class Network>
hk::Raster run_and_save(Network& network, Options const& o, hk::RunOptions options,
                        std::optional<hk::OutputFile>& file) {
    if (o.save) {
        hk::TimeGrid const grid(o.dt);
        hk::require(grid.step_of(*o.save_at) > grid.step_of(network.now()),
                    "--save-at {}: must be a step or more after the {} ms of {}", *o.save_at, network.now(),
                    o.restore.value_or("the beginning"));
        options.every = std::max(o.dt, *o.save_at - network.now());
        options.at = [&, saved = false](double, std::span<hk::Spike const>) mutable {
            if (std::exchange(saved, true)) return;
            auto const state = network.save();
            if (file) hk::write_snapshot(*file, state);
        };
    }
    auto const spikes = network.run_until(o.tstop, options);
    return {spikes.begin(), spikes.end()};
}

template <class Real, class Cell>
int simulate(Options const& o, hk::AnyExchange exchange) {
    check(o);
    std::optional<hk::OutputFile> output, digests, save;  // opened before the work: it must not be in vain
    if (exchange.rank() == 0) {
        output.emplace(o.output);
        if (o.digests) digests.emplace(*o.digests);
        if (o.save) save.emplace(*o.save);
    }
    hk::basic_network<Real, hk::simd::native, Cell> network(std::move(exchange), {.dt = o.dt});
    auto const cells = network.template add<Cell>(o.cells);
    network.set_threshold(cells, o.threshold);
    if (o.connections) read_connections(network, *o.connections, to_repeats(o.repeats));
    if (o.stimuli) read_stimuli(network, *o.stimuli);
    if (o.restore) network.restore(hk::read_snapshot(*o.restore));

    hk::Interrupt const interrupt;
    hk::RunOptions const options{.threads = o.threads, .stop = [&] { return interrupt.came(); }};
    auto const spikes =
        o.digests ? run_with_digests(network, o, options, digests) : run_and_save(network, o, options, save);
    auto const loads = network.loads();
    if (output) {
        hk::write_spikes(*output, spikes);
        if (network.statistics().stopped) print_stopped(interrupt, network.now(), o.output);
        if (!o.digests) fmt::print("{}\n", network.statistics().json());
        if (o.balance) fmt::print("{}", hk::balance(loads));
    }
    return network.statistics().stopped ? interrupt.exit_code() : 0;
}

template <class Real, class Channel>
int with_rates(Options const& o, hk::AnyExchange exchange) {
    if (o.rates == "table")
        return simulate<Real, TutorialCell<hk::Tabulated<Channel>>>(o, std::move(exchange));
    return simulate<Real, TutorialCell<Channel>>(o, std::move(exchange));
}

template <class Real>
int with_model(Options const& o, hk::AnyExchange exchange) {
    if (o.model == "connor-stevens") return with_rates<Real, hk::ConnorStevens>(o, std::move(exchange));
    if (o.model == "wang-buzsaki") return with_rates<Real, hk::WangBuzsaki>(o, std::move(exchange));
    return with_rates<Real, hk::HodgkinHuxley>(o, std::move(exchange));
}

}  // namespace

int run_network(Options const& o, hk::AnyExchange exchange) {
    return o.precision == "single" ? with_model<float>(o, std::move(exchange))
                                   : with_model<double>(o, std::move(exchange));
}
