// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/population/events.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/run/arrivals.hpp>
#include <hillock/run/event_connections.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/spike_history.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/source_buckets.hpp>
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
/// Where the tables onto a synapse are in the order of delays, they are left to `Arrivals`.
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
        if constexpr (std::remove_reference_t<decltype(world.populations)>::take_events) {
            send_ = [](Connections const& all, Table const& table, Gid source, Step step, std::size_t part,
                       Step now) { all.send_events(table, source, step, part, now); };
            if (std::exchange(lists_cleared_, false))
                for_each_events(world, [](auto& events) { events.clear_lists(); });
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
                for_events_of(world, table.population(),
                              [&](auto& events) { events.show(table.list(), table.weights()); });
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
            for_each_events(world, [](auto& events) { events.forget_numbers(); });
        begin_events(world);
        bool const anew = std::exchange(events_changed_, false);
        if (weights_changed_) arrivals_.renew(true);
        arrivals_.prepare(tables_, in_time_, history_, world.now, team);
        if (!std::exchange(weights_changed_, false)) return;
        for (auto* inbox : inboxes_) inbox->clear();
        if (anew) for_each_events(world, [](auto& events) { events.forget_arriving(); });
        team.all([&](std::size_t part) { redeliver(world.now, part, anew); });
    }

    void begin_epoch(auto&, Epoch epoch) { arrivals_.begin(epoch); }
    void begin_part(auto&, Epoch, std::size_t part) { arrivals_.deliver(part, inboxes_); }

    void end_epoch(auto&, Epoch epoch, Spikes spikes) {
        forget_spikes_before(history_, epoch.end - longest_offset() - 2 * Table::band);
        for (auto const& spike : spikes) history_.push_back(spike);
    }

    void end_part(auto&, Epoch epoch, Spikes spikes, std::size_t part) {
        if (!arrivals_.empty()) arrivals_.take(epoch, spikes, part, inboxes_);
        if (longest_offset() > 0)
            for (auto step = epoch.begin; step < epoch.end; ++step) deliver_at(step, part);
        else if (at_once_.size() <= few_tables)
            deliver_at_once(spikes, part);
        else
            for (auto const& spike : spikes)
                for (auto const t : buckets_.tables_of(spike.gid))
                    deliver(*tables_[t], spike.gid, spike.step, part);
    }

    void visit(auto& archive) {
        archive(history_, {});
        arrivals_.visit(archive);
        for (auto& table : tables_) table->visit(archive);
    }

private:
    static constexpr Step longest_epoch = 64;  // steps
    static constexpr std::size_t few_tables = 16;

    /// Puts shorter delay offsets first.
    void sort() {
        if (!changed_) return;
        meta::sort_by(tables_,
                      [](auto const& table) { return static_cast<std::uint64_t>(table->delay_offset()); });
        cut_for_ = 0;
        divide_tables();
        changed_ = false;
    }

    /// The tables of a population's synapses that take their events one by one.
    std::vector<Table*> const& event_tables(std::size_t population) {
        event_tables_.clear();
        for (auto& table : tables_)
            if (table->takes_events() && table->population() == population) event_tables_.push_back(&*table);
        return event_tables_;
    }

    /// Cuts the tables at the borders of the parts.
    void cut(auto const& division) {
        if (cut_for_ == division.version()) return;
        reach_.assign(division.populations(), 0);
        auto const block = arrivals_.choose_block(tables_, in_time_, epoch_, division.parts());
        for (std::size_t t = 0; t < tables_.size(); ++t) {
            auto& table = *tables_[t];
            table.cut(division.first_cells(table.population()));
            if (table.takes_events()) continue;
            auto& reach = reach_[table.population()];
            reach = std::max(reach, in_time_[t] ? block : table.greatest_inbox_delay());
        }
        cut_for_ = division.version();
        arrivals_.renew(false);
    }

    /// The steps that an inbox has to hold; one, which stays empty, where nothing ever arrives.
    std::size_t inbox_steps(std::size_t population) const {
        bool const stimulated = population < stimulated_.size() && stimulated_[population];
        return static_cast<std::size_t>(std::max(stimulated ? epoch_ : 1, reach_[population]));
    }

    void divide_tables() {
        at_once_.clear();
        buckets_.clear();
        in_time_ = Arrivals<Real>::suited(tables_);
        // spikes on their way may go another way from here on
        weights_changed_ |=
            !arrivals_.empty() || std::find(in_time_.begin(), in_time_.end(), true) != in_time_.end();
        for (std::size_t t = 0; t < tables_.size(); ++t)
            if (!in_time_[t]) at_once_.push_back(t);
        if (at_once_.size() <= few_tables || longest_offset() > 0) return;  // all are asked
        for (auto const t : at_once_) buckets_.add(t, tables_[t]->sources());
    }

    void deliver(Table const& table, Gid source, Step step, std::size_t part) const {
        if (table.takes_events())
            send_(*this, table, source, step, part, step);
        else
            table.deliver(source, step, part, *inboxes_[table.population()]);
    }
    /// Sends the events of a spike that arrive at `now` or later; not compiled where weights are summed.
    void send_events(Table const& table, Gid source, Step step, std::size_t part, Step now) const {
        table.for_each_of(source, part, [&](std::uint32_t number, std::size_t target, Step delay) {
            if (step + delay >= now)
                events_[table.population()]->arrive(step + delay, source, {table.list(), number}, target,
                                                    table.synapse(), table.rest_of_delay(number));
        });
    }

    /// Without delay offsets: each spike down all tables, with those of the spikes behind it fetched ahead.
    void deliver_at_once(Spikes spikes, std::size_t part) const {
        for (std::size_t k = 0; k < spikes.size(); ++k) {
            if (k + 4 < spikes.size())
                for (auto const t : at_once_) tables_[t]->prefetch(spikes[k + 4].gid, part);
            for (auto const t : at_once_) deliver(*tables_[t], spikes[k].gid, spikes[k].step, part);
        }
    }

    /// Calls f(table, spike) for all tables and spikes whose delay offset ends at `step`.
    void for_each_due(Step step, auto&& f) const {
        for (std::size_t k = 0; k < at_once_.size();) {
            auto same = k;
            auto const offset = tables_[at_once_[k]]->delay_offset();
            while (same < at_once_.size() && tables_[at_once_[same]]->delay_offset() == offset) ++same;
            for (auto [s, end] = fired_at(history_, step - offset); s != end; ++s)
                for (auto t = k; t < same; ++t)
                    if (auto const& table = *tables_[at_once_[t]]; s->step >= table.since()) f(table, *s);
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
                    return events_too ? send_(*this, table, spike.gid, step, part, now) : void();
                table.redeliver(spike.gid, step, part, *inboxes_[table.population()], now);
            });
    }

    Step longest_offset() const { return tables_.empty() ? 0 : tables_.back()->delay_offset(); }

    Tables tables_;                   // shorter delay offsets first, once they are sorted
    std::uint64_t size_ = 0;          // how many connections they have
    std::vector<GridSpike> history_;  // as far back as spikes may still be on their way
    std::vector<std::size_t> written_;
    std::vector<Table*> event_tables_;  // of the population last asked for
    Step epoch_ = longest_epoch;
    std::vector<bool> stimulated_;  // populations
    bool changed_ = true, weights_changed_ = false, events_changed_ = false, lists_cleared_ = false;
    wiring::TimeOfWeights time_of_weights_;
    std::uint64_t cut_for_ = 0;                      // the version of the division
    std::vector<Step> reach_;                        // the greatest delay of inboxes, by population
    std::vector<population::Inbox<Real>*> inboxes_;  // by population
    std::vector<population::Events*> events_;        // by population; null where weights are summed
    void (*send_)(Connections const&, Table const&, Gid, Step, std::size_t, Step) = nullptr;  // if some do
    std::vector<bool> in_time_;         // whether tables are left to `arrivals_`
    std::vector<std::size_t> at_once_;  // the others, by number
    wiring::SourceBuckets buckets_;     // of those at once, if they are many
    Arrivals<Real> arrivals_;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
