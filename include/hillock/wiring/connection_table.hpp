// SPDX-License-Identifier: MIT
#pragma once

/// Connections as the delivery of spikes wants them: compressed, grouped by source, targets ascending.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock {

/// Connections onto one synapse number of one population. A weight or a delay that all of them share is stored once; otherwise a
/// connection takes 4 bytes for its target, one number for its weight and 2 bytes for its delay.
///
/// A delay of two bands or more is split: the spike is held back for `hold` steps, whole bands, and the rest, one to two
/// bands, is the delay that the table stores. So no inbox has to reach further than two bands, however long the delays.
template <class Real>
class ConnectionTable {
public:
    static constexpr Step band = 128;  // steps

    static constexpr Step hold_of(Step delay) { return delay < 2 * band ? 0 : (delay / band - 1) * band; }

    std::size_t projection() const { return projection_; }
    std::size_t population() const { return population_; }
    std::size_t synapse() const { return synapse_; }
    Step hold() const { return hold_; }
    Step since() const { return since_; }
    void reset() { since_ = 0; }
    std::size_t size() const { return targets_.size(); }

    Step least_delay() const { return hold_ + least_delay_; }
    Step greatest_inbox_delay() const { return greatest_delay_; }

    /// The weights: one, or as many as there are connections, by source and then target.
    std::span<Real> weights() { return weights_; }

    /// Prepares for delivery in parts: part k is the targets from firsts[k] up to the next part's first one. `firsts` ascends from 0.
    void cut(std::span<std::size_t const> firsts) {
        if (std::ranges::equal(firsts, cut_at_)) return;
        cut_at_.assign(firsts.begin(), firsts.end());
        cuts_.resize(firsts.size() - 1);
        for (std::size_t part = 1; part < firsts.size(); ++part) {
            auto& cut = cuts_[part - 1];
            cut.resize(offsets_.size() - 1);
            for (std::size_t s = 0; s < cut.size(); ++s) {
                auto const row = std::span(targets_).subspan(offsets_[s], offsets_[s + 1] - offsets_[s]);
                cut[s] = offsets_[s] + static_cast<std::uint32_t>(std::lower_bound(row.begin(), row.end(), firsts[part]) - row.begin());
            }
        }
    }

    /// Delivers a spike that `source` fired `hold` steps before `step` to the inbox of the table's population, as far as its
    /// targets are in a part.
    template <class Inbox>
    void deliver(Gid source, Step step, std::size_t part, Inbox& inbox) const {
        auto const s = source - first_source_;
        if (source < first_source_ || s >= offsets_.size() - 1) return;
        auto const begin = part == 0 ? offsets_[s] : cuts_[part - 1][s];
        auto const end = part == cuts_.size() ? offsets_[s + 1] : cuts_[part][s];
        bool const one_weight = weights_.size() == 1, one_delay = delays_.size() == 1;
        if (one_delay) {
            Real* const sums = inbox.at(step + delays_[0], synapse_);
            if (one_weight)
                for (auto k = begin; k < end; ++k) sums[targets_[k]] += weights_[0];
            else
                for (auto k = begin; k < end; ++k) sums[targets_[k]] += weights_[k];
        } else {
            for (auto k = begin; k < end; ++k)
                inbox.at(step + delays_[k], synapse_)[targets_[k]] += weights_[one_weight ? 0 : k];
        }
    }

    /// What a table's connections have in common.
    struct Shape {
        std::size_t projection, population, synapse;
        Gid first_source, last_source;  // inclusive
        bool uniform_weight, uniform_delay;
        Step since = 0;  // when the connections were made: earlier spikes do not take them
    };

    /// The tables for the connections that `each` enumerates, one for each hold that occurs. `each(f)` calls
    /// f(source, target, weight, delay in steps), targets ascending. It is called twice, to count and to fill, so that no list of
    /// all connections is needed in between; an `Error` if it does not say the same both times.
    template <class Each>
    static std::vector<ConnectionTable> build(Shape const& shape, Each const& each) {
        std::map<Step, ConnectionTable> by_hold;
        auto const table_of = [&](Step delay) -> ConnectionTable& {
            auto const [at, is_new] = by_hold.try_emplace(hold_of(delay));
            if (is_new) at->second.prepare(shape, at->first);
            return at->second;
        };
        each([&](Gid source, std::uint32_t, double, Step delay) { table_of(delay).count(source); });
        for (auto& [hold, table] : by_hold) table.allocate(shape);
        each([&](Gid source, std::uint32_t target, double weight, Step delay) {
            auto const at = by_hold.find(hold_of(delay));
            require_same(at != by_hold.end());
            at->second.put(source, target, weight, delay);
        });
        std::vector<ConnectionTable> tables;
        for (auto& [hold, table] : by_hold) {
            require_same(std::equal(table.next_.begin(), table.next_.end(), table.offsets_.begin() + 1));
            table.next_ = {};
            tables.push_back(std::move(table));
        }
        return tables;
    }

private:
    static void require_same(bool same) {
        require(same, "a connection rule, or a function that gives weights or delays, said something else when it was asked again; "
                      "it must depend on its arguments alone (and draw from the drawing's stream)");
    }

    void prepare(Shape const& shape, Step hold) {
        projection_ = shape.projection;
        population_ = shape.population;
        synapse_ = shape.synapse;
        hold_ = hold;
        since_ = shape.since;
        first_source_ = shape.first_source;
        offsets_.assign(std::size_t{shape.last_source} - shape.first_source + 2, 0);
    }
    void count(Gid source) { ++offsets_[source - first_source_ + 1]; }

    void allocate(Shape const& shape) {
        std::uint64_t total = 0;
        for (auto& offset : offsets_) {  // so far offsets_[s + 1] counts the connections of source s
            total += offset;
            offset = static_cast<std::uint32_t>(total);
        }
        require(total <= std::numeric_limits<std::uint32_t>::max(), "{} connections in one projection: must be fewer than 2^32",
                total);
        next_.assign(offsets_.begin(), offsets_.end() - 1);
        targets_.resize(total);
        weights_.resize(shape.uniform_weight ? 1 : total);
        delays_.resize(shape.uniform_delay ? 1 : total);
    }
    void put(Gid source, std::uint32_t target, double weight, Step delay) {
        auto const s = source - first_source_;
        require_same(next_[s] < offsets_[s + 1]);
        auto const k = next_[s]++;
        targets_[k] = target;
        weights_[weights_.size() == 1 ? 0 : k] = static_cast<Real>(weight);
        delays_[delays_.size() == 1 ? 0 : k] = static_cast<std::uint16_t>(delay - hold_);
        least_delay_ = std::min(least_delay_, delay - hold_);
        greatest_delay_ = std::max(greatest_delay_, delay - hold_);
    }

    std::size_t projection_ = 0, population_ = 0, synapse_ = 0;
    Step hold_ = 0, since_ = 0;
    Step least_delay_ = std::numeric_limits<Step>::max() / 2, greatest_delay_ = 0;
    Gid first_source_ = 0;
    std::vector<std::uint32_t> offsets_;  // of source first_source_ + s: offsets_[s] up to offsets_[s + 1]
    std::vector<std::uint32_t> next_;     // while the table is filled: where the next connection of each source goes
    std::vector<std::size_t> cut_at_;  // what `cut` was given
    std::vector<std::vector<std::uint32_t>> cuts_;  // where, in the row of each source, the second part begins, the third, ...
    std::vector<std::uint32_t> targets_;  // places in the population
    std::vector<Real> weights_;
    std::vector<std::uint16_t> delays_;
};

}  // namespace hillock
