// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/spike_history.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/source_buckets.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Spikes on their way along tables whose connections are in the order of their delays.
///
/// Before each step every spike is taken down its rows as far as the connections that end there; older spikes
/// first, and those of a step by source, so that sums have the order that `Connections` promises. Only the
/// sums of one step are touched at random, and stay in a second-level cache; rows are read once, in order. An
/// inbox of all delays would cost a cache line, there and back, for nearly every event.
template <class Real>
class Arrivals {
public:
    using Table = wiring::ConnectionTable<Real>;
    using Inboxes = std::vector<population::Inbox<Real>*>;

    bool empty() const { return tables_.empty(); }

    /// Which tables are left to arrivals: all those onto a synapse, if some are in the order of delays and
    /// the others of one delay, none with an offset. So all that a synapse gets is summed in one order.
    static std::vector<bool> suited(std::vector<meta::Boxed<Table>> const& tables) {
        struct Wish {
            bool possible = true, wanted = false;
        };
        std::map<std::pair<std::size_t, std::size_t>, Wish> wishes;
        for (auto const& table : tables) {
            auto& wish = wishes[{table->population(), table->synapse()}];
            wish.wanted |= table->by_delay();
            wish.possible &= table->delay_offset() == 0 && !table->takes_events() &&
                             (table->by_delay() || table->one_delay());
        }
        std::vector<bool> all;
        for (auto const& table : tables) {
            auto const& wish = wishes[{table->population(), table->synapse()}];
            all.push_back(wish.wanted && wish.possible);
        }
        return all;
    }

    /// Takes those tables that are `in_time`, cut for a team; `anew` sends down them the spikes of a history
    /// that are on their way at `now`.
    void prepare(std::vector<meta::Boxed<Table>> const& tables, std::vector<bool> const& in_time, bool anew,
                 std::vector<GridSpike> const& history, Step now, auto& team) {
        tables_.clear();
        for (std::size_t t = 0; t < tables.size(); ++t)
            if (in_time[t]) tables_.push_back(&*tables[t]);
        lanes_.assign(team.size(), {});
        for (std::size_t part = 0; part < team.size(); ++part)
            for (auto const* table : tables_) lanes_[part].push_back(table->lane(part));
        if (!anew) return;
        find_tables();
        ways_.assign(team.size(), {});
        for (auto& by_step : ways_) by_step.resize(std::bit_ceil(static_cast<std::size_t>(longest_) + 1));
        auto const first = fired_from(history, now - longest_);
        if (!empty()) team.all([&](std::size_t part) { add({first, history.end()}, part); });
    }

    /// Sends the spikes of an epoch, by step and source, on their way to a part; those that are too old make
    /// room for them.
    void take(Epoch epoch, Spikes spikes, std::size_t part) {
        for (auto step = epoch.begin; step < epoch.end; ++step) fired_at(step, part).clear();
        add(spikes, part);
    }

    /// Adds to the inboxes of a part the weights that arrive in an epoch.
    void deliver(Epoch epoch, std::size_t part, Inboxes const& inboxes) {
        auto const& lanes = lanes_[part];
        std::vector<Real*> sums(lanes.size());
        for (auto step = epoch.begin; step < epoch.end; ++step) {
            for (std::size_t t = 0; t < lanes.size(); ++t)
                sums[t] = inboxes[lanes[t].population]->at(step, lanes[t].synapse);
            for (auto delay = longest_; delay > 0; --delay)
                deliver(fired_at(step - delay, part), static_cast<std::uint32_t>(delay), lanes, sums);
        }
    }

private:
    using Lane = typename Table::Lane;

    /// A row that a spike is on.
    struct Way {
        typename Table::Row row;
        std::uint32_t table;
    };
    using Ways = std::vector<Way>;

    static constexpr std::size_t ahead = 12;  // rows: enough to be waited for at once

    void add(Spikes spikes, std::size_t part) {
        for (auto const& spike : spikes)
            for (auto const t : buckets_.tables_of(spike.gid)) tables_[t]->prefetch_row(spike.gid);
        for (auto const& spike : spikes)
            for (auto const t : buckets_.tables_of(spike.gid)) {
                auto const& table = *tables_[t];
                if (!table.reaches(part) || spike.step < table.since()) continue;
                auto const row = table.row(spike.gid, part);
                if (row.begin < row.end) fired_at(spike.step, part).push_back({row, t});
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

    Ways& fired_at(Step step, std::size_t part) {
        auto& by_step = ways_[part];
        return by_step[static_cast<std::size_t>(step) & (by_step.size() - 1)];
    }

    static void deliver(Ways& ways, std::uint32_t delay, std::vector<Lane> const& lanes,
                        std::vector<Real*> const& sums) {
        for (std::size_t k = 0; k < std::min(ahead, ways.size()); ++k)
            lanes[ways[k].table].prefetch(ways[k].row);
        std::size_t left = 0;
        for (std::size_t k = 0; k < ways.size(); ++k) {
            if (k + ahead < ways.size()) lanes[ways[k + ahead].table].prefetch(ways[k + ahead].row);
            auto way = ways[k];
            lanes[way.table].deliver(way.row, delay, sums[way.table]);
            if (way.row.begin < way.row.end) ways[left++] = way;
        }
        ways.resize(left);
    }

    std::vector<Table const*> tables_;
    std::vector<std::vector<Lane>> lanes_;  // of each part, by table
    wiring::SourceBuckets buckets_;
    Step longest_ = 0;                     // delay
    std::vector<std::vector<Ways>> ways_;  // of each part, by the step of the spike
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
