// SPDX-License-Identifier: MIT
#pragma once

/// The run loop. Time passes in epochs, each as long as the smallest delay of the whole network allows: no
/// spike fired in an epoch arrives before its end, so in an epoch no cell depends on another. Every rank has
/// cells, connections and stimuli of its own, and divides them among its threads, its parts: each part is a
/// range of blocks of every population.
///
///   entry      every inbox holds, for each step of the epoch, the weights of all spikes that arrive then; electrodes are set
///              (an epoch also ends where one of their currents changes)
///   advance    each part: events from outside join its inboxes; its blocks, chunk by chunk, take all steps of the epoch;
///              their spikes are collected
///   exchange   one thread: all ranks get the spikes of all and sort them by (step, gid); or learn that one of them has failed
///   deliver    each part: each spike goes down its connections into the part's inboxes, all later than the epoch
///   exit       as entry, for the next epoch
///
/// All threads finish one of these before the next begins, and ranks wait for each other in `exchange` alone.
///
/// The sum of the weights that reach a synapse at a step is always taken in the same order: by the time of
/// the spike plus the time that its connection holds it back (see ConnectionTable), shorter holds first, then
/// by the gid of the source, then by connection; stimuli last. So it does not depend on where epochs begin
/// and end, nor on the width of the lanes, nor on how the cells are divided among ranks and threads.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/population/population.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/probe.hpp>
#include <hillock/run/statistics.hpp>
#include <hillock/run/stimuli.hpp>
#include <hillock/run/team.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ownership.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Real, class Arch, class... C>
class Scheduler {
public:
    using Table = ConnectionTable<Real>;

    explicit Scheduler(TimeGrid grid)
        : populations{Population<Real, Arch, C>(grid.dt())...},
          stimuli{grid},
          electrodes{grid},
          grid_{grid} {}

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

    /// Runs to step `end`, or until stop() holds on a rank; calls collect(spikes, now) with the spikes of
    /// each epoch, of all ranks, sorted. All ranks call it together.
    PhaseTimes run(Step end, Ranks& ranks, Team& team, std::function<bool()> const& stop, auto&& collect) {
        PhaseTimes times;
        auto const longest = prepare(ranks, team);
        set_electrodes();
        for (bool stopped = false; now_ < end && !stopped; ++times.epochs) {
            auto const next = std::min({end, now_ + longest, electrodes.next_edge(now_)});
            Clock clock;
            auto const failure =
                failure_of([&] { team.all([&](std::size_t part) { advance(part, next); }); });
            times.advance += clock.lap();
            stopped = exchange(ranks, failure, stop && stop());
            times.exchange += clock.lap();
            keep_for_holds();
            team.all([&](std::size_t part) { deliver(part, next); });
            forget_held(next);
            now_ = next;
            if (electrodes.change_at(now_)) set_electrodes();
            times.deliver += clock.lap();
            collect(std::as_const(spikes_), now_);
        }
        sample_all(now_);
        return times;
    }

private:
    static constexpr Step longest_epoch = 64;  // steps
    static constexpr std::size_t chunk_bytes = std::size_t{1}
                                               << 14;  // state of a chunk, to stay in a first-level cache

    // -- Before the first epoch

    /// Divides everything among the threads, makes room for states and events; returns the length of an
    /// epoch.
    Step prepare(Ranks& ranks, Team& team) {
        divide(team.size());
        auto epoch = longest_epoch;
        std::array<Step, sizeof...(C)> reach{};
        for (auto& table : tables) {
            table.cut(first_cells_[table.population()]);
            epoch = std::min(epoch, table.least_delay());
            reach[table.population()] = std::max(reach[table.population()], table.greatest_inbox_delay());
        }
        epoch = static_cast<Step>(ranks.least(static_cast<std::uint64_t>(epoch)));
        unroll<sizeof...(C)>([&](auto k) {
            auto& population = std::get<k>(populations);
            inboxes_[k] = &population.inbox();
            if (population.start(now_, static_cast<std::size_t>(std::max(epoch, reach[k]))))
                team.all([&](std::size_t part) {
                    population.initialise(first_block(k, part), first_block(k, part + 1));
                });
        });
        std::sort(probes.begin(), probes.end(),
                  [](auto const& a, auto const& b) { return a.place < b.place; });
        return epoch;
    }

    /// Evenly; the parts of a population begin on cache lines.
    void divide(std::size_t parts) {
        parts_.resize(parts);
        unroll<sizeof...(C)>([&](auto k) {
            using P = std::tuple_element_t<k, decltype(populations)>;
            constexpr auto unit =
                std::max<std::size_t>(1, simd::alignment / sizeof(Real) / P::width);  // blocks
            auto const units = (std::get<k>(populations).blocks() + unit - 1) / unit;
            first_cells_[k].clear();
            for (std::size_t part = 0; part < parts; ++part)
                first_cells_[k].push_back(units * part / parts * unit * P::width);
        });
        stimuli.split(parts, [this](Place const& place) { return part_of(place); });
    }
    std::size_t part_of(Place const& place) const {
        auto const& firsts = first_cells_[place.population];
        return static_cast<std::size_t>(std::upper_bound(firsts.begin(), firsts.end(), place.cell) -
                                        firsts.begin()) -
               1;
    }
    /// The blocks of part `p` of population `k` are those from first_block(k, p) up to first_block(k, p + 1).
    template <std::size_t K>
    std::size_t first_block(std::integral_constant<std::size_t, K>, std::size_t part) const {
        auto const& population = std::get<K>(populations);
        return part == parts_.size() ? population.blocks() : first_cells_[K][part] / population.width;
    }

    void set_electrodes() {
        electrodes.apply(now_, [&](Place place, double amp) {
            with_population(place.population,
                            [&](auto& p) { p.set_injected(place.cell, place.electrode, amp); });
        });
    }

    // -- Advance

    void advance(std::size_t part, Step next) {
        auto& spikes = parts_[part].spikes;
        spikes.clear();
        stimuli.deliver(part, now_, next, [&](Arrival const& a) {
            inboxes_[a.place.population]->at(a.step, a.synapse)[a.place.cell] += static_cast<Real>(a.weight);
        });
        unroll<sizeof...(C)>([&](auto k) {
            advance(std::get<k>(populations), k, first_block(k, part), first_block(k, part + 1), next,
                    spikes);
        });
    }

    void advance(auto& population, std::size_t number, std::size_t begin, std::size_t end, Step next,
                 std::vector<GridSpike>& spikes) {
        using P = std::remove_cvref_t<decltype(population)>;
        auto const chunk =
            std::max<std::size_t>(1, chunk_bytes / std::max<std::size_t>(1, population.block_bytes()));
        for (auto first = begin; first < end; first += chunk) {
            auto const last = std::min(first + chunk, end);
            for (auto step = now_; step < next; ++step) {
                if (!probes.empty()) sample(number, first * P::width, last * P::width, step);
                population.advance(first, last, step, spikes);
            }
            require_finite(population, first, last, next);
        }
    }

    void require_finite(auto const& population, std::size_t first, std::size_t last, Step next) const {
        auto const cell = population.first_not_finite(first, last);
        require(cell >= population.size(),
                "cell {}: v has become infinite or NaN between t = {:.10g} and {:.10g} ms",
                cell < population.size() ? population.gid(cell) : 0, grid_.time_of(now_),
                grid_.time_of(next));
    }

    // -- Exchange

    /// Gives every rank the spikes of all in `spikes_`. True if a rank wants to stop; throws if one has
    /// failed.
    ///
    /// What a rank says: how it is, then its spikes, a word each, or what has gone wrong.
    bool exchange(Ranks& ranks, std::exception_ptr const& failure, bool stop) {
        said_.assign(1, failure ? failed : stop ? stopping : well);
        if (failure)
            append_text(said_, message_of(failure));
        else
            for (auto const& part : parts_)
                for (auto const& spike : part.spikes) said_.push_back(word_of(spike));

        auto const& heard = ranks.gather(said_);
        if (failure) std::rethrow_exception(failure);
        words_.clear();
        bool stopped = false;
        for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank) {
            auto const words = heard.of(rank);
            if (words[0] == failed) throw ForeignError(rank, text_of(words.subspan(1)));
            stopped = stopped || words[0] == stopping;
            words_.insert(words_.end(), words.begin() + 1, words.end());
        }
        std::sort(words_.begin(), words_.end());
        spikes_.clear();
        for (auto const word : words_) spikes_.push_back(spike_of(word));
        return stopped;
    }

    static constexpr std::uint64_t well = 0, stopping = 1, failed = 2;

    /// A spike of this epoch; words ascend as (step, gid) does.
    std::uint64_t word_of(GridSpike const& spike) const {
        return static_cast<std::uint64_t>(spike.step - now_) << 32 | spike.gid;
    }
    GridSpike spike_of(std::uint64_t word) const {
        return {now_ + static_cast<Step>(word >> 32), static_cast<Gid>(word)};
    }

    static void append_text(std::vector<std::uint64_t>& words, std::string const& text) {
        auto const first = words.size();
        words.resize(first + (text.size() + sizeof words[0] - 1) / sizeof words[0], 0);
        std::memcpy(words.data() + first, text.data(), text.size());
    }
    static std::string text_of(std::span<std::uint64_t const> words) {
        std::string text(words.size_bytes(), '\0');
        std::memcpy(text.data(), words.data(), words.size_bytes());
        return text.substr(0, text.find('\0'));
    }
    static std::exception_ptr failure_of(auto&& job) {
        try {
            job();
        } catch (...) {
            return std::current_exception();
        }
        return nullptr;
    }
    static std::string message_of(std::exception_ptr const& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& error) {
            return error.what();
        } catch (...) {
            return "unknown error";
        }
    }

    // -- Deliver

    /// Each spike down its connections. Spikes that a table holds back come from the history.
    void deliver(std::size_t part, Step next) {
        if (longest_hold() == 0) {
            for (std::size_t k = 0; k < spikes_.size(); ++k) {
                if (k + 4 < spikes_.size())
                    for (auto const& table : tables) table.prefetch(spikes_[k + 4].gid, part);
                for (auto const& table : tables) deliver(part, table, spikes_[k].gid, spikes_[k].step);
            }
            return;
        }
        for (auto step = now_; step < next; ++step)
            for (std::size_t k = 0; k < tables.size();) {
                auto same = k;
                while (same < tables.size() && tables[same].hold() == tables[k].hold()) ++same;
                for (auto [s, end] = fired_at(step - tables[k].hold()); s != end; ++s)
                    for (auto t = k; t < same; ++t)
                        if (s->step >= tables[t].since()) deliver(part, tables[t], s->gid, step);
                k = same;
            }
    }

    void deliver(std::size_t part, Table const& table, Gid source, Step step) const {
        table.deliver(source, step, part, *inboxes_[table.population()]);
    }

    Step longest_hold() const { return tables.empty() ? 0 : tables.back().hold(); }
    void keep_for_holds() {
        if (longest_hold() > 0) history_.insert(history_.end(), spikes_.begin(), spikes_.end());
    }
    void forget_held(Step next) {
        auto const old =
            std::lower_bound(history_.begin(), history_.end(), GridSpike{next - longest_hold(), 0});
        history_.erase(history_.begin(), old);
    }

    auto fired_at(Step step) const {
        return std::pair{std::lower_bound(history_.begin(), history_.end(), GridSpike{step, 0}),
                         std::lower_bound(history_.begin(), history_.end(), GridSpike{step + 1, 0})};
    }

    /// Samples what is due at `step` of the cells [first, last) of a population.
    void sample(std::size_t population, std::size_t first, std::size_t last, Step step) {
        auto const before = [](Probe const& probe, Place const& place) { return probe.place < place; };
        auto const end = std::lower_bound(probes.begin(), probes.end(), Place{population, last}, before);
        for (auto probe = std::lower_bound(probes.begin(), end, Place{population, first}, before);
             probe != end; ++probe) {
            if (step % probe->every != 0 || step <= probe->sampled) continue;
            probe->sampled = step;
            probe->trace->times.push_back(grid_.time_of(step));
            probe->trace->values.push_back(probe->read(probe->place.cell));
        }
    }

    /// The state at the end of a run, which the next run will not sample again.
    void sample_all(Step step) {
        for (std::size_t k = 0; k < sizeof...(C); ++k)
            sample(k, 0, std::numeric_limits<std::size_t>::max(), step);
    }

    /// What one thread has to itself.
    struct alignas(64) Part {
        std::vector<GridSpike> spikes;  // of the epoch
    };

    TimeGrid grid_;
    Step now_ = 0;
    std::vector<Part> parts_;
    std::array<std::vector<std::size_t>, sizeof...(C)> first_cells_;  // of each part of each population
    std::array<Inbox<Real>*, sizeof...(C)> inboxes_{};
    std::vector<std::uint64_t> said_, words_;  // what this rank says to the others; the spikes of all
    std::vector<GridSpike> spikes_;            // of the epoch, of all ranks
    std::vector<GridSpike> history_;           // as far back as a table holds spikes
};

}  // namespace hillock::inline HILLOCK_ISA
