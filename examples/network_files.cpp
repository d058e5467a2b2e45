// SPDX-License-Identifier: MIT

#include "network_files.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

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

/// A network of any of the models. All belong to one type of network, so that what they share compiles once.
template <class Real, class... Channel>
using NetworkOf = hk::basic_network<Real, hk::simd::native, TutorialCell<Channel>...,
                                    TutorialCell<hk::Tabulated<Channel>>...>;
template <class Real>
using AnyNetwork = NetworkOf<Real, hk::ConnorStevens, hk::WangBuzsaki, hk::HodgkinHuxley>;

template <class Channel, class Network>
hk::Cells add_cells_with(Network& network, Options const& o) {
    return o.rates == "table" ? network.template add<TutorialCell<hk::Tabulated<Channel>>>(o.cells)
                              : network.template add<TutorialCell<Channel>>(o.cells);
}

template <class Network>
hk::Cells add_cells(Network& network, Options const& o) {
    if (o.model == "connor-stevens") return add_cells_with<hk::ConnorStevens>(network, o);
    if (o.model == "wang-buzsaki") return add_cells_with<hk::WangBuzsaki>(network, o);
    return add_cells_with<hk::HodgkinHuxley>(network, o);
}

template <class Real>
int simulate(Options const& o, hk::AnyExchange exchange) {
    check(o);
    std::optional<hk::OutputFile> output, digests, save;  // opened before the work: it must not be in vain
    if (exchange.rank() == 0) {
        output.emplace(o.output);
        if (o.digests) digests.emplace(*o.digests);
        if (o.save) save.emplace(*o.save);
    }
    AnyNetwork<Real> network(std::move(exchange), {.dt = o.dt});
    auto const cells = add_cells(network, o);
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

}  // namespace

int run_network(Options const& o, hk::AnyExchange exchange) {
    return o.precision == "single" ? simulate<float>(o, std::move(exchange))
                                   : simulate<double>(o, std::move(exchange));
}
