// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/spike_history.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/source_buckets.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Spikes on their way along tables whose connections are in the order of their delays.
///
/// Time is cut into blocks of some steps. Before each block every spike is taken down its rows as far as the
/// connections that end in the block; older spikes first, and those of a step by source, so that sums have
/// the order that `Connections` promises. A spike fired in a block is taken to its end at once. Tables form
/// groups that share no sums, and groups take a block in turn: so only the sums of one group are touched at
/// random, and stay in a second-level cache; rows are read once, in order. An inbox of all delays would cost
/// a cache line, there and back, for nearly every event.
template <class Real>
class Arrivals {
public:
    using Table = wiring::ConnectionTable<Real>;
    using Inboxes = std::vector<population::Inbox<Real>*>;

    bool empty() const { return tables_.empty(); }

    /// Which tables are left to arrivals: all those onto a synapse, if some are in the order of delays and
    /// the others of one delay, none with an offset. So all that a synapse gets is summed in one order.
    static std::vector<bool> suited(std::vector<meta::Boxed<Table>> const& tables) {
        BySynapse all;
        for (auto const& table : tables) {
            auto& onto = all[{table->population(), table->synapse()}];
            onto.is_wanted |= table->by_delay();
            onto.is_possible &= table->delay_offset() == 0 && !table->takes_events() &&
                                (table->by_delay() || table->one_delay());
        }
        std::vector<bool> are_suited;
        for (auto const& table : tables) {
            auto const& onto = all[{table->population(), table->synapse()}];
            are_suited.push_back(onto.is_wanted && onto.is_possible);
        }
        return are_suited;
    }

    /// Finds the groups of the tables that are `in_time`, and chooses how many steps a block has: as many as
    /// keep the sums of a group in a second-level cache. Returns the steps that inboxes have to hold.
    Step choose_block(std::vector<meta::Boxed<Table>> const& tables, std::vector<bool> const& in_time,
                      Step epoch, std::size_t parts) {
        std::vector<std::size_t> all;
        std::vector<std::uint32_t> number(tables.size());  // among those in time
        std::size_t widest = 0;
        for (std::size_t t = 0; t < tables.size(); ++t)
            if (in_time[t]) {
                number[t] = static_cast<std::uint32_t>(all.size());
                all.push_back(t);
                widest = std::max<std::size_t>(widest, tables[t]->greatest_target());
            }
        group_of_.resize(all.size());
        meta::sort_by(all, [&](std::size_t t) { return first_sum_of(*tables[t]); });
        groups_ = 0;
        std::uint64_t begin = 0, end = 0;  // of the sums of a group
        std::size_t most = 0;              // sums of a group and a part
        for (auto const t : all) {
            auto const first = first_sum_of(*tables[t]);
            if (groups_ == 0 || first >= end) {
                ++groups_;
                begin = first;
            }
            end = std::max(end, first + tables[t]->greatest_target() - tables[t]->least_target() + 1);
            most = std::max(most, std::min<std::size_t>(end - begin, widest / parts + 1));
            group_of_[number[t]] = groups_ - 1;
        }
        block_ = steps_worth_a_visit(tables, all);
        while (block_ > 1 && static_cast<std::size_t>(block_) * most * sizeof(Real) > cache) block_ /= 2;
        return epoch - 1 + block_;
    }

    /// Takes those tables that are `in_time`, cut for a team, and sends down them the spikes of a history
    /// that are on their way at `now`, if they are not yet.
    void prepare(std::vector<meta::Boxed<Table>> const& tables, std::vector<bool> const& in_time,
                 std::vector<GridSpike> const& history, Step now, auto& team) {
        tables_.clear();
        for (std::size_t t = 0; t < tables.size(); ++t)
            if (in_time[t]) tables_.push_back(&*tables[t]);
        meta::empty_lists(lanes_, team.size());
        rooms_.resize(team.size());
        for (std::size_t part = 0; part < team.size(); ++part)
            for (auto const* table : tables_) lanes_[part].push_back(table->lane(part));
        if (!std::exchange(are_old_, false)) return;
        find_tables();
        meta::empty_lists(ways_, team.size());
        for (auto& of_part : ways_) of_part.resize(groups_);
        auto const first = fired_from(history, now - longest_);
        if (!empty()) team.all([&](std::size_t part) { add({first, history.end()}, part); });
    }

    /// Lets `prepare` look for spikes anew, as tables have been cut anew; where inboxes have been emptied,
    /// these are filled anew as well.
    void renew(bool inboxes_are_empty) {
        are_old_ = true;
        if (inboxes_are_empty) until_ = 0;
    }
    void visit(auto& archive) {
        archive.derived(are_old_, true);
        archive.derived(until_, Step{0});
    }

    /// Begins a block, if the last one does not reach as far as an epoch. One thread.
    void begin(Epoch epoch) {
        from_ = std::max(until_, epoch.begin);
        if (epoch.end > until_) until_ = std::max(epoch.end, from_ + block_);
    }
    /// Adds to the inboxes of a part the weights that arrive in a block that begins.
    void deliver(std::size_t part, Inboxes const& inboxes) {
        if (from_ == until_) return;
        Block const block(from_, until_, lanes_[part], inboxes, rooms_[part].of_block);
        for (auto& ways : ways_[part]) block.deliver(ways, 0, until_ - longest_);
    }

    /// Sends the spikes of an epoch, by step and source, on their way to a part, to the end of the block.
    void take(Epoch epoch, Spikes spikes, std::size_t part, Inboxes const& inboxes) {
        auto& on_the_way = rooms_[part].earlier;
        on_the_way.clear();
        for (auto const& ways : ways_[part]) on_the_way.push_back(ways.size());
        add(spikes, part);
        if (epoch.end == until_) return;
        Block const block(epoch.end, until_, lanes_[part], inboxes, rooms_[part].of_block);
        for (std::uint32_t group = 0; group < groups_; ++group)
            block.deliver(ways_[part][group], on_the_way[group], until_ - longest_);
    }

private:
    using Lane = typename Table::Lane;

    /// The tables onto one synapse: whether they can be left to arrivals, and whether one wants to be.
    struct Onto {
        bool is_possible = true, is_wanted = false;
    };
    using BySynapse = std::map<std::pair<std::size_t, std::size_t>, Onto>;  // by population, synapse

    /// A row that a spike is on.
    struct Way {
        typename Table::Row row;
        std::uint32_t table;
        std::uint32_t fired;  // the step, of which differences count
    };
    using Ways = std::vector<Way>;

    static constexpr Step least_steps = 4, most_steps = 8;      // of a block
    static constexpr double worth_a_visit = 12;                 // connections of a row
    static constexpr std::size_t cache = std::size_t{5} << 18;  // bytes for sums, of a second-level cache
    static constexpr std::size_t ahead = 8;                     // rows: enough to be waited for at once

    /// What a part uses again and again.
    struct Room {
        std::vector<Real*> of_block;       // sums, by table, then step
        std::vector<std::size_t> earlier;  // how many rows the spikes before an epoch are on, by group
    };

    /// The steps [from, to), and the sums of a part for them, in a list that is used again.
    class Block {
    public:
        Block(Step from, Step to, std::vector<Lane> const& lanes, Inboxes const& inboxes,
              std::vector<Real*>& sums)
            : from_{from}, steps_{static_cast<std::size_t>(to - from)}, lanes_{lanes} {
            sums.clear();
            for (auto const& lane : lanes)
                for (auto step = from; step < to; ++step)
                    sums.push_back(inboxes[lane.population]->at(step, lane.synapse));
            sums_ = sums.data();
        }

        /// Takes spikes, from number `start` on, down their rows as far as they arrive. Forgets those that
        /// are at the end or were fired before `oldest`.
        void deliver(Ways& ways, std::size_t start, Step oldest) const {
            auto const n = ways.size();
            auto const longest = static_cast<std::uint32_t>(std::max<Step>(from_ - oldest, 0));
            for (auto k = start; k < std::min(start + ahead, n); ++k) prefetch(ways[k]);
            auto left = start;
            for (auto k = start; k < n; ++k) {
                if (k + ahead < n) prefetch(ways[k + ahead]);
                auto const way = ways[k];
                auto const first = static_cast<std::uint32_t>(from_) - way.fired;
                auto const last = first + static_cast<std::uint32_t>(steps_) - 1;
                auto const rest = lanes_[way.table].deliver(way.row, first, last, sums_ + way.table * steps_);
                ways[left] = {{rest, way.row.end}, way.table, way.fired};
                left += rest < way.row.end && first <= longest;
            }
            ways.resize(left);
        }

    private:
        HILLOCK_INLINE void prefetch(Way const& way) const { lanes_[way.table].prefetch(way.row); }

        Step from_;
        std::size_t steps_;
        std::vector<Lane> const& lanes_;
        Real* const* sums_;  // by table, then step
    };

    void add(Spikes spikes, std::size_t part) {
        for (auto const& spike : spikes)
            for (auto const t : buckets_.tables_of(spike.gid)) tables_[t]->prefetch_row(spike.gid);
        for (auto const& spike : spikes)
            for (auto const t : buckets_.tables_of(spike.gid)) {
                auto const& table = *tables_[t];
                if (!table.reaches(part) || spike.step < table.since()) continue;
                auto const row = table.row(spike.gid, part);
                if (row.begin < row.end)
                    ways_[part][group_of_[t]].push_back({row, t, static_cast<std::uint32_t>(spike.step)});
            }
    }

    void find_tables() {
        longest_ = 0;
        buckets_.clear();
        for (std::size_t t = 0; t < tables_.size(); ++t) {
            longest_ = std::max(longest_, tables_[t]->greatest_inbox_delay());
            buckets_.add(t, tables_[t]->sources());
        }
    }

    /// So many steps that a visit of a row finds enough connections on average; no more, as the sums of many
    /// steps take more of a cache.
    static Step steps_worth_a_visit(std::vector<meta::Boxed<Table>> const& tables,
                                    std::vector<std::size_t> const& in_time) {
        double connections = 0, steps = 0;  // of all rows
        for (auto const t : in_time) {
            auto const& table = *tables[t];
            connections += static_cast<double>(table.size());
            steps += static_cast<double>(table.sources().rows()) *
                     static_cast<double>(table.greatest_inbox_delay());
        }
        auto block = least_steps;
        while (block < most_steps && connections * static_cast<double>(block) < worth_a_visit * steps)
            block *= 2;
        return block;
    }

    /// A number for the first sum of a table, in the order of populations, synapses and targets.
    static std::uint64_t first_sum_of(Table const& table) {
        return std::uint64_t{table.population()} << 48 | std::uint64_t{table.synapse()} << 32 |
               table.least_target();
    }

    std::vector<Table const*> tables_;
    std::vector<std::vector<Lane>> lanes_;  // of each part, by table
    std::vector<Room> rooms_;               // of each part
    wiring::SourceBuckets buckets_;
    std::vector<std::uint32_t> group_of_;  // of each table
    std::uint32_t groups_ = 0;
    Step longest_ = 0;                     // delay
    std::vector<std::vector<Ways>> ways_;  // of each part, by group: older spikes first
    bool are_old_ = true;
    Step block_ = 1;             // steps
    Step from_ = 0, until_ = 0;  // the block; inboxes have all that arrives before its end
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
