// SPDX-License-Identifier: MIT
#pragma once

/// The run loop. Time passes in epochs, each as long as the smallest delay allows: no spike fired in an epoch arrives before
/// its end, so in an epoch no cell depends on another.
///
///   entry      every inbox holds, for each step of the epoch, the weights of all spikes that arrive then; electrodes are set
///              (an epoch also ends where one of their currents changes)
///   stimulate  events from outside join the inboxes
///   advance    each population, chunk by chunk of blocks, takes all steps of the epoch; its spikes are collected
///   order      spikes are sorted by (step, gid)
///   deliver    each spike goes down its connections into the inboxes, all later than the epoch
///   exit       as entry, for the next epoch
///
/// The sum of the weights that reach a synapse at a step is always taken in the same order: by the time of the spike plus the
/// time that its connection holds it back (see ConnectionTable), shorter holds first, then by the gid of the source, then by
/// connection; stimuli last. So it does not depend on where epochs begin and end, nor on the width of the lanes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/population/population.hpp>
#include <hillock/run/probe.hpp>
#include <hillock/run/stimuli.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/time.hpp>

namespace hillock {

template <class Real, class Arch, class... C>
class Scheduler {
public:
    using Table = ConnectionTable<Real>;

    explicit Scheduler(TimeGrid grid) : populations{Population<Real, Arch, C>(grid.dt())...}, stimuli{grid}, electrodes{grid}, grid_{grid} {}

    std::tuple<Population<Real, Arch, C>...> populations;
    std::vector<Table> tables;  // shorter holds first
    Stimuli stimuli;
    Electrodes electrodes;
    std::vector<Probe> probes;

    TimeGrid const& grid() const { return grid_; }
    Step now() const { return now_; }

    /// Calls f(population) for the population with number `k`.
    void with_population(std::size_t k, auto&& f) {
        unroll<sizeof...(C)>([&](auto i) {
            if (i == k) f(std::get<i>(populations));
        });
    }
    void for_each_population(auto&& f) {
        std::apply([&](auto&... each) { (f(each), ...); }, populations);
    }

    /// All cells at rest, nothing on its way, t = 0.
    void reset() {
        now_ = 0;
        history_.clear();
        stimuli.reset();
        for_each_population([](auto& p) { p.reset(); });
        for (auto& table : tables) table.reset();
        for (auto& probe : probes) {
            probe.trace->times.clear();
            probe.trace->values.clear();
            probe.sampled = -1;
        }
    }

    /// Forgets the spikes that are on their way.
    void drop_spikes() {
        history_.clear();
        for_each_population([](auto& p) { p.inbox().clear(); });
    }

    /// Runs to step `end`; calls collect(spikes, now) with the spikes of each epoch, sorted.
    void run(Step end, auto&& collect) {
        for_each_population([](auto& p) { p.initialise(); });
        auto const longest = prepare();
        set_electrodes();
        while (now_ < end) {
            auto const next = std::min({end, now_ + longest, electrodes.next_edge(now_)});
            advance_epoch(next);
            deliver(next);
            now_ = next;
            if (electrodes.change_at(now_)) set_electrodes();
            collect(std::as_const(spikes_), now_);
        }
        sample_all(now_);
    }

private:
    static constexpr Step longest_epoch = 64;                    // steps
    static constexpr std::size_t chunk_bytes = std::size_t{1} << 14;  // state of a chunk, to stay in a first-level cache

    /// Makes the inboxes reach far enough; returns the length of an epoch.
    Step prepare() {
        auto epoch = longest_epoch;
        std::vector<Step> reach(sizeof...(C), 0);
        for (auto const& table : tables) {
            epoch = std::min(epoch, table.least_delay());
            reach[table.population()] = std::max(reach[table.population()], table.greatest_inbox_delay());
        }
        unroll<sizeof...(C)>([&](auto k) {
            inboxes_[k] = &std::get<k>(populations).inbox();
            inboxes_[k]->reach(now_, static_cast<std::size_t>(epoch + reach[k]));
        });
        std::sort(probes.begin(), probes.end(), [](auto const& a, auto const& b) { return a.place < b.place; });
        return epoch;
    }

    void set_electrodes() {
        electrodes.apply(now_, [&](Place place, double amp) {
            with_population(place.population, [&](auto& p) { p.set_injected(place.cell, place.electrode, amp); });
        });
    }

    void advance_epoch(Step next) {
        stimuli.deliver(now_, next, [&](Arrival const& a) {
            with_population(a.place.population, [&](auto& p) {
                p.inbox().at(a.step, a.synapse)[a.place.cell] += static_cast<Real>(a.weight);
            });
        });
        spikes_.clear();
        std::size_t number = 0;
        for_each_population([&](auto& p) { advance_population(p, number++, next); });
        std::sort(spikes_.begin(), spikes_.end());
    }

    void advance_population(auto& population, std::size_t number, Step next) {
        using P = std::remove_cvref_t<decltype(population)>;
        auto const chunk = std::max<std::size_t>(1, chunk_bytes / std::max<std::size_t>(1, population.block_bytes()));
        for (std::size_t first = 0; first < population.blocks(); first += chunk) {
            auto const last = std::min(first + chunk, population.blocks());
            for (auto step = now_; step < next; ++step) {
                if (!probes.empty()) sample(number, first * P::width, last * P::width, step);
                population.advance(first, last, step, spikes_);
            }
            require_finite(population, first, last, next);
        }
    }

    void require_finite(auto const& population, std::size_t first, std::size_t last, Step next) const {
        auto const cell = population.first_not_finite(first, last);
        require(cell >= population.size(), "cell {}: v has become infinite or NaN between t = {} and {} ms",
                cell < population.size() ? population.gid(cell) : 0, grid_.time_of(now_), grid_.time_of(next));
    }

    /// Each spike down its connections. Spikes that a table holds back come from the history.
    void deliver(Step next) {
        auto const longest_hold = tables.empty() ? Step{0} : tables.back().hold();
        if (longest_hold == 0) {
            for (auto const& spike : spikes_)
                for (auto const& table : tables) deliver(table, spike.gid, spike.step);
            return;
        }
        history_.insert(history_.end(), spikes_.begin(), spikes_.end());
        for (auto step = now_; step < next; ++step)
            for (std::size_t k = 0; k < tables.size();) {
                auto same = k;
                while (same < tables.size() && tables[same].hold() == tables[k].hold()) ++same;
                for (auto [s, end] = fired_at(step - tables[k].hold()); s != end; ++s)
                    for (auto t = k; t < same; ++t)
                        if (s->step >= tables[t].since()) deliver(tables[t], s->gid, step);
                k = same;
            }
        auto const old = std::lower_bound(history_.begin(), history_.end(), GridSpike{next - longest_hold, 0});
        history_.erase(history_.begin(), old);
    }

    void deliver(Table const& table, Gid source, Step step) {
        table.deliver(source, step, *inboxes_[table.population()]);
    }

    auto fired_at(Step step) const {
        return std::pair{std::lower_bound(history_.begin(), history_.end(), GridSpike{step, 0}),
                         std::lower_bound(history_.begin(), history_.end(), GridSpike{step + 1, 0})};
    }

    /// Samples what is due at `step` of the cells [first, last) of a population.
    void sample(std::size_t population, std::size_t first, std::size_t last, Step step) {
        auto const before = [](Probe const& probe, Place const& place) { return probe.place < place; };
        auto const end = std::lower_bound(probes.begin(), probes.end(), Place{population, last}, before);
        for (auto probe = std::lower_bound(probes.begin(), end, Place{population, first}, before); probe != end; ++probe) {
            if (step % probe->every != 0 || step <= probe->sampled) continue;
            probe->sampled = step;
            probe->trace->times.push_back(grid_.time_of(step));
            probe->trace->values.push_back(probe->read(probe->place.cell));
        }
    }

    /// The state at the end of a run, which the next run will not sample again.
    void sample_all(Step step) {
        for (std::size_t k = 0; k < sizeof...(C); ++k) sample(k, 0, std::numeric_limits<std::size_t>::max(), step);
    }

    TimeGrid grid_;
    Step now_ = 0;
    std::array<Inbox<Real>*, sizeof...(C)> inboxes_{};
    std::vector<GridSpike> spikes_;   // of the epoch
    std::vector<GridSpike> history_;  // as far back as a table holds spikes
};

}  // namespace hillock
