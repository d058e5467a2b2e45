// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/population/events.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/run/event_connections.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/weights.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The connections of a network, and the spikes that are on their way along them.
///
/// The sum of the weights that reach a synapse at a step is always taken in the same order: by the time of
/// the spike plus its table's delay offset, shorter offsets first, then by the gid of the source, then by
/// connection; stimuli last. So it depends neither on where epochs begin and end, nor on how the cells are
/// divided among ranks and threads.
///
/// A spike takes the weight that its connection has when it arrives. Spikes are added to the inboxes ahead of
/// that, so where weights have changed in between they are delivered anew, in the same order.
///
/// A synapse that takes its events one by one gets each spike as an event of its own, which finds the
/// numbers of its connection in the lists of the population (population/events.hpp).
template <class Real>
class Connections {
public:
    using Table = wiring::ConnectionTable<Real>;

    using Tables = std::vector<meta::Boxed<Table>>;

    /// Makes room for some tables, so that `add` cannot fail.
    Tables make_room_for(std::vector<Table> made) {
        Tables all;
        for (auto& table : made) all.emplace_back(std::move(table));
        meta::make_room(tables_, all.size());
        return all;
    }
    void add(Tables made) noexcept {
        for (auto& table : made) {
            size_ += table->size();
            tables_.push_back(std::move(table));
        }
        changed_ = true;
    }
    /// Removes all connections, and the spikes that are on their way along them.
    void clear() {
        tables_.clear();
        history_.clear();
        written_.clear();
        size_ = 0;
        time_of_weights_.end();
        changed_ = weights_changed_ = events_changed_ = lists_cleared_ = true;
    }

    std::uint64_t size() const { return size_; }

    /// Calls f(table) for all tables.
    void for_each_table(auto&& f) {
        sort();
        for (auto& table : tables_) f(*table);
    }
    /// Calls f(table) for the tables of one projection.
    void for_each_table(std::size_t projection, auto&& f) {
        for_each_table([&](Table& table) {
            if (table.projection() == projection) f(table);
        });
    }
    /// The weights of the tables of one projection, to be read and written.
    std::vector<Weights<Real>> weights(std::size_t projection) {
        note_written(projection);
        std::vector<Weights<Real>> parts;
        for_each_table(projection,
                       [&](Table& table) { parts.emplace_back(table.weights(), time_of_weights_.age()); });
        return parts;
    }

    /// Takes note that weights of a projection may be written.
    void note_written(std::size_t projection) {
        weights_changed_ = true;
        if (std::find(written_.begin(), written_.end(), projection) != written_.end()) return;
        for_each_table(projection, [](Table& table) { table.keep_weights(); });
        written_.push_back(projection);
    }
    /// Puts all weights back to those of when their connections were made.
    void put_back_weights() {
        for_each_table([](Table& table) { table.put_back_weights(); });
    }
    /// The projections whose weights may have been written.
    std::vector<std::size_t> const& written() const { return written_; }

    std::vector<GridSpike> const& history() const { return history_; }
    /// Puts what is on its way in the place of what was.
    void set_history(std::vector<GridSpike> spikes) {
        history_ = std::move(spikes);
        weights_changed_ = events_changed_ = true;
    }

    /// Gives all connections onto synapses that take their events one by one their numbers, if they have
    /// none.
    void begin_events(auto& world) {
        using Populations = std::remove_reference_t<decltype(world.populations)>;
        if constexpr (Populations::take_events) {
            if (std::exchange(lists_cleared_, false))
                world.populations.for_each([](auto& p, std::size_t) { p.events().clear_lists(); });
            world.populations.for_each([&](auto& population, std::size_t number) {
                if constexpr (std::remove_reference_t<decltype(population)>::takes_events)
                    scheduling::begin_events(population, event_tables(number));
            });
        }
    }

    /// Lets the tables of a projection show the weights that connections have now where they come with
    /// events. What is written there counts from the next run on.
    void show_weights(auto& world, std::size_t projection) {
        begin_events(world);
        note_written(projection);
        for_each_table(projection, [&](Table& table) {
            if (table.takes_events())
                world.populations.with(table.population(), [&](auto& population) {
                    population.events().show(table.list(), table.weights());
                });
        });
    }

    /// The smallest delay, in steps, of own connections; no epoch of any rank may be longer.
    Step least_delay() const {
        auto least = longest_epoch;
        for (auto const& table : tables_) least = std::min(least, table->least_delay());
        return least;
    }
    /// Sets the length of epochs, in steps: the smallest delay of all ranks; and the populations that get
    /// events from outside, by number.
    void set_epoch(Step steps, std::vector<bool> const& stimulated) {
        epoch_ = steps;
        stimulated_ = stimulated;
    }

    // -- As a participant

    /// Weights that somebody can still write are the original's alone.
    void copied(auto&) {
        if (!weights_changed_) return;
        for (auto const projection : written_)
            for_each_table(projection, [](Table& table) { table.weights(); });
    }

    Step horizon(Step now) const { return now + epoch_; }

    /// Makes room for what is to come, and starts populations that have no states.
    void prepare(auto& world, auto& team) {
        time_of_weights_.end();
        sort();
        inboxes_ = world.inboxes;
        events_ = world.events;
        cut(world.division);
        auto const first_block = [&](auto& population, std::size_t number, std::size_t part) {
            return world.division.first_block(population, number, part);
        };
        world.populations.for_each([&](auto& population, std::size_t number) {
            if (population.start(world.now, inbox_steps(number)))
                team.all([&](std::size_t part) {
                    population.initialise(first_block(population, number, part),
                                          first_block(population, number, part + 1));
                });
        });
        if (world.now == 0)  // weights may have been written since connections began
            for (auto* events : events_) events->forget_numbers();
        begin_events(world);
        bool const anew = std::exchange(events_changed_, false);
        if (!std::exchange(weights_changed_, false)) return;
        for (auto* inbox : inboxes_) inbox->clear();
        if (anew)
            for (auto* events : events_) events->forget_arriving();
        team.all([&](std::size_t part) { redeliver(world.now, part, anew); });
    }

    void end_epoch(auto&, Epoch epoch, Spikes spikes) {
        forget_spikes_before(epoch.end - longest_offset() - 2 * Table::band);
        history_.insert(history_.end(), spikes.begin(), spikes.end());
    }

    void end_part(auto&, Epoch epoch, Spikes spikes, std::size_t part) {
        if (longest_offset() > 0)
            for (auto step = epoch.begin; step < epoch.end; ++step) deliver_at(step, part);
        else if (tables_.size() <= few_tables)
            deliver_at_once(spikes, part);
        else
            for (auto const& spike : spikes)
                for (auto const t : tables_of(spike.gid)) deliver(*tables_[t], spike.gid, spike.step, part);
    }

    void visit(auto& archive) {
        archive(history_, {});
        for (auto& table : tables_) table->visit(archive);
    }

private:
    static constexpr Step longest_epoch = 64;  // steps
    static constexpr std::size_t few_tables = 16;
    static constexpr Gid bucket = 64;  // sources

    /// Puts shorter delay offsets first.
    void sort() {
        if (!changed_) return;
        meta::sort_by(tables_,
                      [](auto const& table) { return static_cast<std::uint64_t>(table->delay_offset()); });
        cut_for_ = 0;
        index_sources();
        changed_ = false;
    }

    /// The tables of a population's synapses that take their events one by one.
    std::vector<Table*> event_tables(std::size_t population) {
        std::vector<Table*> all;
        for (auto& table : tables_)
            if (table->takes_events() && table->population() == population) all.push_back(&*table);
        return all;
    }

    /// Cuts the tables at the borders of the parts.
    void cut(auto const& division) {
        if (cut_for_ == division.version()) return;
        reach_.assign(division.populations(), 0);
        for (auto& table : tables_) {
            table->cut(division.first_cells(table->population()));
            if (table->takes_events()) continue;
            auto& reach = reach_[table->population()];
            reach = std::max(reach, table->greatest_inbox_delay());
        }
        cut_for_ = division.version();
    }

    /// The steps that an inbox has to hold; one, which stays empty, where nothing ever arrives.
    std::size_t inbox_steps(std::size_t population) const {
        bool const stimulated = population < stimulated_.size() && stimulated_[population];
        return static_cast<std::size_t>(std::max(stimulated ? epoch_ : 1, reach_[population]));
    }

    /// Which tables may have connections of a source; where there are few or delay offsets, all are asked.
    void index_sources() {
        by_bucket_.clear();
        if (tables_.size() <= few_tables || longest_offset() > 0) return;
        for (std::size_t t = 0; t < tables_.size(); ++t) {
            tables_[t]->sources().for_each_bucket(bucket, [&](Gid b) {
                if (by_bucket_.size() <= b) by_bucket_.resize(b + 1);
                by_bucket_[b].push_back(static_cast<std::uint32_t>(t));
            });
        }
    }
    std::span<std::uint32_t const> tables_of(Gid source) const {
        auto const b = source / bucket;
        return b < by_bucket_.size() ? std::span(by_bucket_[b]) : std::span<std::uint32_t const>();
    }

    void deliver(Table const& table, Gid source, Step step, std::size_t part) const {
        if (table.takes_events())
            send(table, source, step, part, step);
        else
            table.deliver(source, step, part, *inboxes_[table.population()]);
    }
    /// Sends the events of a spike that arrive at `now` or later.
    [[gnu::noinline]] void send(Table const& table, Gid source, Step step, std::size_t part, Step now) const {
        auto& events = *events_[table.population()];
        table.for_each_of(source, part, [&](std::uint32_t number, std::size_t target, Step delay) {
            if (step + delay >= now)
                events.arrive(step + delay, source, {table.list(), number}, target, table.synapse());
        });
    }

    /// Without delay offsets: each spike down all tables, with those of the spikes behind it fetched ahead.
    void deliver_at_once(Spikes spikes, std::size_t part) const {
        for (std::size_t k = 0; k < spikes.size(); ++k) {
            if (k + 4 < spikes.size())
                for (auto const& table : tables_) table->prefetch(spikes[k + 4].gid, part);
            for (auto const& table : tables_) deliver(*table, spikes[k].gid, spikes[k].step, part);
        }
    }

    /// Calls f(table, spike) for all tables and spikes whose delay offset ends at `step`.
    void for_each_due(Step step, auto&& f) const {
        for (std::size_t k = 0; k < tables_.size();) {
            auto same = k;
            while (same < tables_.size() && tables_[same]->delay_offset() == tables_[k]->delay_offset())
                ++same;
            for (auto [s, end] = fired_at(step - tables_[k]->delay_offset()); s != end; ++s)
                for (auto t = k; t < same; ++t)
                    if (s->step >= tables_[t]->since()) f(*tables_[t], *s);
            k = same;
        }
    }
    void deliver_at(Step step, std::size_t part) const {
        for_each_due(
            step, [&](Table const& table, GridSpike const& spike) { deliver(table, spike.gid, step, part); });
    }
    void redeliver(Step now, std::size_t part, bool events_too) const {
        for (auto step = now - 2 * Table::band; step < now; ++step)
            for_each_due(step, [&](Table const& table, GridSpike const& spike) {
                if (table.takes_events())
                    return events_too ? send(table, spike.gid, step, part, now) : void();
                table.redeliver(spike.gid, step, part, *inboxes_[table.population()], now);
            });
    }

    Step longest_offset() const { return tables_.empty() ? 0 : tables_.back()->delay_offset(); }

    auto fired_at(Step step) const {
        return std::pair{std::lower_bound(history_.begin(), history_.end(), GridSpike{step, 0}),
                         std::lower_bound(history_.begin(), history_.end(), GridSpike{step + 1, 0})};
    }
    /// Not at once, but before the old ones outnumber the others.
    void forget_spikes_before(Step step) {
        auto const old = std::lower_bound(history_.begin(), history_.end(), GridSpike{step, 0});
        if (old - history_.begin() >= history_.end() - old) history_.erase(history_.begin(), old);
    }

    Tables tables_;                   // shorter delay offsets first, once they are sorted
    std::uint64_t size_ = 0;          // how many connections they have
    std::vector<GridSpike> history_;  // as far back as spikes may still be on their way
    std::vector<std::size_t> written_;
    Step epoch_ = longest_epoch;
    std::vector<bool> stimulated_;  // populations
    bool changed_ = true, weights_changed_ = false;
    bool events_changed_ = false, lists_cleared_ = false;
    wiring::TimeOfWeights time_of_weights_;
    std::uint64_t cut_for_ = 0;                          // the version of the division
    std::vector<Step> reach_;                            // the greatest delay of inboxes, by population
    std::vector<population::Inbox<Real>*> inboxes_;      // by population
    std::vector<population::Events*> events_;            // by population
    std::vector<std::vector<std::uint32_t>> by_bucket_;  // tables by source, if they are many
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
