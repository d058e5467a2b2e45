// SPDX-License-Identifier: MIT
#pragma once

/// Adding cells to a network, and running it.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Real, class Arch, class... C>
template <class Type>
Cells basic_network<Real, Arch, C...>::add(std::size_t n) {
    static_assert(!std::is_void_v<Type>,
                  "add(n): the network has several cell types, so say which: add<MyCell>(n)");
    static_assert(std::is_void_v<Type> || (std::is_same_v<Type, C> || ...),
                  "add<Type>: the network was not declared with this cell type");
    if constexpr ((std::is_same_v<Type, C> || ...))
        return add_to<Type>(world().populations.template like_default<Type>(), n);
}

template <class Real, class Arch, class... C>
template <class Type>
Cells basic_network<Real, Arch, C...>::add(std::size_t n, Type const& prototype) {
    static_assert((std::is_same_v<Type, C> || ...), "add: the network was not declared with this cell type");
    if constexpr ((std::is_same_v<Type, C> || ...))
        return add_to<Type>(world().populations.like(prototype), n);
}

template <class Real, class Arch, class... C>
template <class Type>
Cells basic_network<Real, Arch, C...>::add_to(std::size_t number, std::size_t n) {
    lifecycle_.require_outside("add");
    scheduling::Stopwatch const watch(build_seconds_);
    require(n <= std::numeric_limits<Gid>::max() - size(),
            "add({}): {} cells and no more than 2^32 - 1 in all", n, size());
    require(world().now == 0, "add: t = {} ms; add all cells before the network is run, or reset() it",
            now());
    auto const first = static_cast<Gid>(size()), last = static_cast<Gid>(size() + n);
    auto& population = world().populations.template get<Type>(number);
    auto const own = directory_.own().count(first, last);
    machine::require_memory(fmt::format("add({}): takes", n),
                            static_cast<double>(own) * static_cast<double>(population.cell_bytes()));
    std::vector<Gid> gids;
    gids.reserve(own);
    directory_.own().for_each(first, last, [&](Gid gid) { gids.push_back(gid); });
    Cells cells(first, last);
    std::vector<bool> takers;  // synapses that take their events one by one
    if constexpr (population::Population<Real, Arch, Type>::takes_events)
        takers = population.events().takers();
    directory_.describe(number, meta::type_name<Type>(), population.synapse_count(), takers);
    auto const place = population.size();
    try {
        population.add(gids);
        directory_.add(n, number, place);
        drive<Type>(cells, population);
    } catch (...) {
        directory_.keep(first);
        population.keep(place);
        throw;
    }
    return cells;
}

/// Gives new cells the stimuli of their type; all or, if that fails, none.
template <class Real, class Arch, class... C>
template <class Type>
void basic_network<Real, Arch, C...>::drive(Cells const& cells,
                                            population::Population<Real, Arch, Type> const& population) {
    auto const& own_stimuli = population.anatomy().stimuli;
    if constexpr (std::tuple_size_v<std::remove_cvref_t<decltype(own_stimuli)>> > 0) {
        auto const before = given_.next();
        try {
            std::apply([&](auto const&... own) { (stimulate(cells, own.source, own.target), ...); },
                       own_stimuli);
        } catch (...) {
            keep_stimuli(before);
            throw;
        }
    }
}

/// The threads of the last run, or as many new ones.
template <class Real, class Arch, class... C>
scheduling::Team& basic_network<Real, Arch, C...>::team_of(std::size_t threads) {
    if (!team_ || team_->size() != threads) {
        team_.reset();
        team_ = std::make_unique<scheduling::Team>(threads);
    }
    return *team_;
}

template <class Real, class Arch, class... C>
std::span<Spike const> basic_network<Real, Arch, C...>::run_until(double t, RunOptions const& options) {
    lifecycle_.require_ready("run");
    require(size() > 0, "run: the network is empty; add cells first");
    require(std::isfinite(t), "run_until({}): the time in ms must be finite", t);
    if (options.at)
        require(options.every >= dt(), "RunOptions.every = {} ms: must be at least dt, {} ms", options.every,
                dt());
    else
        require(options.every == 0, "RunOptions.every = {} ms: there is no `at` to call", options.every);
    auto const& grid = world().grid;
    auto const begin = world().now, end = grid.step_of(t);
    require(end >= begin, "run_until({}): this time has passed, t = {} ms", t, now());
    auto& team = team_of(options.threads);
    std::optional<Progress> progress;
    if (options.progress && rank() == 0) progress.emplace(now(), t);

    statistics_ = {
        .cells = size(), .ranks = ranks(), .threads = options.threads, .build_seconds = build_seconds_};
    load_.times = {};
    raster_.clear();
    auto const observe = [&](scheduling::Spikes spikes) {
        collect(spikes, options.gather);
        if (progress) progress->at(now());
        return options.stop && options.stop();
    };
    scheduling::Lifecycle::Run running(lifecycle_);
    std::uint64_t pauses = 0;
    bool stopped = false;
    do {
        auto const next = grid.time_of(begin) + static_cast<double>(++pauses) * options.every;
        auto const pause = options.at && next < t ? grid.step_of(next) : end;
        auto const found = agree_to_run_to(pause, options);
        auto const known = raster_.size();
        running.go();
        {
            scheduling::Stopwatch const watch(statistics_.run_seconds);
            stopped = scheduler_.run(pause, ranks_, team, found.observed, load_.times, observe);
        }
        running.pause();
        if (options.at)
            scheduler_.share(ranks_, scheduling::failure_of(
                                         [&] { options.at(now(), std::span(raster_).subspan(known)); }));
    } while (world().now < end && !stopped);
    running.complete();
    target_ = world().now < end ? now() : t;
    statistics_.steps = static_cast<std::uint64_t>(world().now - begin);
    statistics_.duration = static_cast<double>(statistics_.steps) * dt();
    statistics_.stopped = world().now < end;
    return raster_;
}

template <class Real, class Arch, class... C>
Raster basic_network<Real, Arch, C...>::run(double duration, RunOptions const& options) {
    require(std::isfinite(duration) && duration > 0,
            "run({}): the duration in ms must be finite and positive", duration);
    run_until(target_ + duration, options);
    return std::move(raster_);
}

/// Makes sure that all ranks are about to do the same, and sets the length of epochs.
template <class Real, class Arch, class... C>
scheduling::Agreement basic_network<Real, Arch, C...>::agree_to_run_to(Step end, RunOptions const& options) {
    using scheduling::Shared;
    auto least_delay = connected().least_delay();
    if (auto const* const plastic = scheduler_.template find<Plastic>())
        least_delay = plastic->least_delay(least_delay);
    if (auto const* const unstored = scheduler_.template find<Unstored>())
        least_delay = unstored->least_delay(least_delay);
    auto const found =
        scheduling::agree(ranks_,
                          std::array{Shared{"steps to run to", static_cast<std::uint64_t>(end)},
                                     Shared{"dt in ms", std::bit_cast<std::uint64_t>(dt()), true},
                                     Shared{"cells", size()}, Shared{"projections", projections_ - cleared_},
                                     Shared{"calls of RunOptions.at", options.at ? 1u : 0u}},
                          {connections(), least_delay, static_cast<bool>(options.stop)});
    statistics_.connections = found.connections;
    static std::vector<bool> const none;
    auto const* const stimuli = scheduler_.template find<scheduling::Stimuli>();
    connected().set_epoch(found.least_delay, stimuli ? stimuli->stimulated() : none);
    return found;
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::reset() {
    lifecycle_.require_outside("reset");
    archive::Reset back;
    lifecycle_.visit(back);
    back(target_, 0.);
    scheduler_.visit(back);
    for (auto& given : given_.all())
        if (std::exchange(given.from, 0) != 0) Giving{*this}.tell(given);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::record_spikes(Cells const& cells) {
    lifecycle_.require_idle("record_spikes");
    directory_.require_known(cells);
    recorded_ = cells;
}

/// Keeps the spikes of an epoch that the caller of `run` wants.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::collect(scheduling::Spikes spikes, bool gather) {
    statistics_.spikes += spikes.size();
    for (auto const& spike : spikes)
        if ((gather || owns(spike.gid)) && (!recorded_ || recorded_->contains(spike.gid)))
            raster_.push_back({world().grid.time_of(spike.step), spike.gid});
}

template <class Real, class Arch, class... C>
std::vector<RankLoad> basic_network<Real, Arch, C...>::loads() {
    lifecycle_.require_here("loads");
    load_.cells = directory_.own().count(static_cast<std::uint64_t>(size()));
    load_.connections = connections();
    load_.peak_memory = machine::peak_memory_bytes();
    using Words = std::array<std::uint64_t, sizeof(RankLoad) / sizeof(std::uint64_t)>;
    auto const& received = ranks_.gather(std::bit_cast<Words>(load_));
    std::vector<RankLoad> all;
    for (std::size_t k = 0; k < ranks(); ++k) {
        Words words;
        std::ranges::copy(received.of(k), words.begin());
        all.push_back(std::bit_cast<RankLoad>(words));
    }
    return all;
}

template <class Real, class Arch, class... C>
std::uint64_t basic_network<Real, Arch, C...>::digest() {
    lifecycle_.require_here("digest");
    connected().begin_events(world());
    archive::StateDigest digest;
    scheduler_.visit(digest);
    return ranks_.sum(digest.value());
}

}  // namespace hillock::inline HILLOCK_ISA
