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

#include <hillock/isa.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/wiring/source_index.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// Connections onto one synapse number of one population. A connection takes 4 bytes for its target, and one
/// number for its weight unless all share it. Delays that differ have no memory of their own: they stand in
/// the upper 8 bits of the target (or, in a population of more than 2^24 cells, in a byte).
///
/// A delay of two bands or more is split: the spike is held back for the table's delay offset, whole bands,
/// and the rest, one to two bands, is the delay that the table stores. So no inbox has to reach further than
/// two bands, however long the delays.
template <class Real>
class ConnectionTable {
public:
    static constexpr Step band = 128;  // steps

    static constexpr Step delay_offset_of(Step delay) {
        return delay < 2 * band ? 0 : (delay / band - 1) * band;
    }

    std::size_t projection() const { return projection_; }
    std::size_t population() const { return population_; }
    std::size_t synapse() const { return synapse_; }
    Step delay_offset() const { return delay_offset_; }
    Step since() const { return since_; }
    /// Whether its synapse takes events one by one, and the number of its list there; 0 if it has none yet.
    bool takes_events() const { return takes_events_; }
    std::uint32_t list() const { return list_; }
    void set_list(std::uint32_t number) { list_ = number; }
    void set_since(Step step) { since_ = step; }
    void visit(auto& archive) { archive(since_, Step{0}); }
    SourceIndex const& sources() const { return sources_; }
    std::size_t size() const { return targets_.size(); }
    /// Bytes used by the connections and their source index.
    std::size_t bytes() const {
        return sources_.bytes() + targets_.size() * sizeof targets_[0] + weights_.size() * sizeof(Real) +
               delays_.size();
    }

    /// The least memory of `n` connections in bytes.
    static double bytes_of(double n, bool uniform_weight) {
        return n * static_cast<double>(sizeof(std::uint32_t) + (uniform_weight ? 0 : sizeof(Real)));
    }

    Step least_delay() const { return delay_offset_ + least_delay_; }
    Step greatest_inbox_delay() const { return greatest_delay_; }

    /// The weights: one, or as many as there are connections, by source and then target.
    std::span<Real> weights() { return weights_; }

    /// Keeps the weights as they are now, the first time.
    void keep_weights() {
        if (kept_weights_.empty()) kept_weights_ = weights_;
    }
    /// Puts back the weights that have been kept.
    void put_back_weights() {
        if (!kept_weights_.empty()) weights_ = kept_weights_;
    }

    /// Calls f(source, target, weight, whole delay) for all connections, by source and then target. A weight
    /// may be written.
    void for_each(auto&& f) {
        for (std::size_t row = 0; row < sources_.rows(); ++row)
            for (auto k = sources_.begin(row); k < sources_.end(row); ++k)
                f(sources_.source_of(row), std::size_t{target_in(targets_[k])}, weights_[one_weight_ ? 0 : k],
                  delay_offset_ + delay_at(k));
    }

    /// Prepares for delivery in parts: part k is the targets from firsts[k] up to the next part's first one.
    /// `firsts` ascends from 0.
    void cut(std::span<std::size_t const> firsts) {
        if (std::ranges::equal(firsts, cut_at_)) return;
        cut_at_.clear();
        cuts_.resize(firsts.size() - 1);
        for (std::size_t part = 1; part < firsts.size(); ++part) {
            auto& cut = cuts_[part - 1];
            cut.resize(sources_.rows());
            for (std::size_t s = 0; s < cut.size(); ++s) {
                auto const row =
                    std::span(targets_).subspan(sources_.begin(s), sources_.end(s) - sources_.begin(s));
                auto const cut_off = std::lower_bound(
                    row.begin(), row.end(), firsts[part],
                    [&](std::uint32_t word, std::size_t first) { return target_in(word) < first; });
                cut[s] = sources_.begin(s) + static_cast<std::uint32_t>(cut_off - row.begin());
            }
        }
        cut_at_.assign(firsts.begin(), firsts.end());
    }

    /// Delivers a spike that `source` fired the delay offset before `step` to the inbox of the table's
    /// population, as far as its targets are in a part.
    template <class Inbox>
    void deliver(Gid source, Step step, std::size_t part, Inbox& inbox) const {
        auto const [begin, end] = row(source, part);
        auto const* const target = targets_.data();
        auto const* const weight = weights_.data();
        if (one_delay_) {
            auto const sums = inbox.at(step + least_delay_, synapse_);
            if (one_weight_)
                for (Real const w = weight[0]; auto const t : std::span(target + begin, target + end))
                    sums[t] += w;
            else
                for (auto k = begin; k < end; ++k) sums[target[k]] += weight[k];
        } else {
            for (auto k = begin; k < end; ++k)
                inbox.at(step + delay_at(k), synapse_)[target_in(target[k])] += weight[one_weight_ ? 0 : k];
        }
    }

    /// Delivers such a spike again, as far as it arrives at `now` or later.
    template <class Inbox>
    void redeliver(Gid source, Step step, std::size_t part, Inbox& inbox, Step now) const {
        auto const [begin, end] = row(source, part);
        for (auto k = begin; k < end; ++k)
            if (step + delay_at(k) >= now)
                inbox.at(step + delay_at(k), synapse_)[target_in(targets_[k])] +=
                    weights_[one_weight_ ? 0 : k];
    }

    /// Calls f(number, target, delay beyond the offset) for the connections of a source onto a part.
    void for_each_of(Gid source, std::size_t part, auto&& f) const {
        auto const [begin, end] = row(source, part);
        for (auto k = begin; k < end; ++k) f(k, target_in(targets_[k]), delay_at(k));
    }

    /// Prefetches a source's row. (Always inlined: to g++ a function that
    /// does no more than that does nothing, and need not be called.)
    HILLOCK_INLINE void prefetch(Gid source, std::size_t part) const {
        auto const [begin, end] = row(source, part);
        prefetch(targets_.data(), begin, end);
        if (!one_weight_) prefetch(weights_.data(), begin, end);
    }

    /// The properties that a table's connections share.
    struct Shape {
        std::size_t projection, population, synapse;
        Gid first_source, last_source;  // inclusive
        bool uniform_weight;
        Step since = 0;  // when the connections were made: earlier spikes do not take them
        bool takes_events = false;
    };

    /// The tables for the connections that `each` enumerates, one for each delay offset that occurs.
    /// `each(counting, f)` calls f(source, target, weight, delay in steps), targets ascending. It is called
    /// twice, to count (when no weight matters) and to fill, so that no list of all connections is needed in
    /// between; an `Error` if the calls differ.
    template <class Each>
    static std::vector<ConnectionTable> build(Shape const& shape, Each const& each) {
        std::map<Step, ConnectionTable> by_offset;
        ConnectionTable* table = nullptr;  // that of the last connection: most often the next one's
        each(true, [&](Gid source, std::uint32_t target, double, Step delay) {
            if (table == nullptr || delay_offset_of(delay) != table->delay_offset_) {
                auto const [at, is_new] = by_offset.try_emplace(delay_offset_of(delay));
                table = &at->second;
                if (is_new) table->prepare(shape, at->first);
            }
            table->count(source, target, delay);
        });
        for (auto& [offset, counted] : by_offset) {
            counted.count_pending();
            counted.allocate(shape);
        }
        each(false, [&](Gid source, std::uint32_t target, double weight, Step delay) {
            if (table == nullptr || delay_offset_of(delay) != table->delay_offset_) {
                auto const at = by_offset.find(delay_offset_of(delay));
                require_same(at != by_offset.end());
                table = &at->second;
            }
            table->put(source, target, weight, delay);
        });
        std::vector<ConnectionTable> tables;
        for (auto& [offset, full] : by_offset) {
            full.put_pending();
            for (std::size_t row = 0; row < full.next_.size(); ++row)
                require_same(full.next_[row] == full.sources_.end(row));
            full.next_ = decltype(full.next_)();  // gives its memory back
            full.pending_ = decltype(full.pending_)();
            tables.push_back(std::move(full));
        }
        return tables;
    }

private:
    /// Where a source's connections onto a part are.
    struct Row {
        std::uint32_t begin, end;
    };
    Row row(Gid source, std::size_t part) const {
        auto const s = sources_.row_of(source);
        if (s == SourceIndex::none) return {0, 0};
        return {part == 0 ? sources_.begin(s) : cuts_[part - 1][s],
                part == cuts_.size() ? sources_.end(s) : cuts_[part][s]};
    }

    /// The first lines of a row; of a longer one the processor guesses the rest.
    template <class T>
    HILLOCK_INLINE static void prefetch(T const* all, std::uint32_t begin, std::uint32_t end) {
        constexpr auto line = static_cast<std::uint32_t>(simd::alignment / sizeof(T));
        end = std::min(end, begin + 16 * line);
        for (auto k = begin; k < end; k += line) __builtin_prefetch(all + k);
    }

    static void require_same(bool same) {
        require(same,
                "a connection rule, or a function that gives delays, gave different results on its "
                "second call; it must depend on its arguments alone (and draw from the drawing's stream)");
    }

    void prepare(Shape const& shape, Step delay_offset) {
        projection_ = shape.projection;
        population_ = shape.population;
        synapse_ = shape.synapse;
        delay_offset_ = delay_offset;
        since_ = shape.since;
        takes_events_ = shape.takes_events;
        sources_ = SourceIndex(shape.first_source, shape.last_source);
    }

    /// A connection on its way into the table.
    struct Pending {
        std::uint32_t at;             // its source, or that one's row; then its place in the table
        std::uint32_t target, delay;  // what is left of the delay
        Real weight;
    };
    static constexpr std::size_t together =
        64;  // enough to be waited for at once, few enough for a first-level cache

    // Connections are counted and put some at a time: the places in memory that they go to, anywhere in the
    // table, are then asked for together, and one is not waited for after the other.

    void count(Gid source, std::uint32_t target, Step delay) {
        pending_.push_back({source, target, static_cast<std::uint32_t>(delay - delay_offset_), 0});
        if (pending_.size() == together) count_pending();
    }
    void count_pending() {
        sources_.count(pending_, [](Pending const& c) { return c.at; });
        for (auto const& c : pending_) {
            greatest_target_ = std::max(greatest_target_, c.target);
            least_delay_ = std::min(least_delay_, Step{c.delay});
            greatest_delay_ = std::max(greatest_delay_, Step{c.delay});
        }
        pending_.clear();
    }

    void allocate(Shape const& shape) {
        auto const total = sources_.finish();
        require(total <= std::numeric_limits<std::uint32_t>::max(),
                "{} connections in one projection: must be fewer than 2^32", total);
        next_.resize(sources_.rows());
        for (std::size_t row = 0; row < next_.size(); ++row) next_[row] = sources_.begin(row);
        targets_.resize(total);
        one_weight_ = shape.uniform_weight && !takes_events_;
        weights_.resize(one_weight_ ? 1 : total);
        one_delay_ = least_delay_ == greatest_delay_;
        packed_ = !one_delay_ && greatest_target_ <= target_mask;
        if (!one_delay_ && !packed_) delays_.resize(total);
    }
    void put(Gid source, std::uint32_t target, double weight, Step delay) {
        auto const s = static_cast<std::uint32_t>(sources_.row_of(source));
        __builtin_prefetch(&next_[s], 1);
        sources_.prefetch(s);
        pending_.push_back(
            {s, target, static_cast<std::uint32_t>(delay - delay_offset_), static_cast<Real>(weight)});
        if (pending_.size() == together) put_pending();
    }
    void put_pending() {
        for (auto& c : pending_) {
            require_same(c.at < next_.size() && next_[c.at] < sources_.end(c.at) &&
                         c.target <= greatest_target_ && least_delay_ <= c.delay &&
                         c.delay <= greatest_delay_);
            c.at = next_[c.at]++;
            __builtin_prefetch(&targets_[c.at], 1);
            if (!one_weight_) __builtin_prefetch(&weights_[c.at], 1);
        }
        for (auto const& c : pending_) {
            targets_[c.at] = packed_ ? c.target | c.delay << target_bits : c.target;
            weights_[one_weight_ ? 0 : c.at] = c.weight;
            if (!delays_.empty()) delays_[c.at] = static_cast<std::uint8_t>(c.delay);
        }
        pending_.clear();
    }

    std::uint32_t target_in(std::uint32_t word) const { return packed_ ? word & target_mask : word; }
    Step delay_at(std::size_t k) const {
        if (one_delay_) return least_delay_;
        return packed_ ? targets_[k] >> target_bits : delays_[k];
    }

    static constexpr int target_bits = 24;
    static constexpr std::uint32_t target_mask = (std::uint32_t{1} << target_bits) - 1;
    static_assert(2 * band <= 256, "what is left of a delay has 8 bits");

    std::size_t projection_ = 0, population_ = 0, synapse_ = 0;
    Step delay_offset_ = 0, since_ = 0;
    Step least_delay_ = std::numeric_limits<Step>::max() / 2, greatest_delay_ = 0;
    std::uint32_t greatest_target_ = 0;
    bool one_weight_ = true, one_delay_ = true, packed_ = false, takes_events_ = false;
    std::uint32_t list_ = 0;
    SourceIndex sources_;
    simd::Column<std::uint32_t>
        next_;                      // while the table is filled: where the next connection of each row goes
    std::vector<Pending> pending_;  // while it is filled: fewer than `together`
    std::vector<std::size_t> cut_at_;  // what `cut` was given
    std::vector<std::vector<std::uint32_t>>
        cuts_;  // where, in the row of each source, the second part begins, the third, ...
    simd::Column<std::uint32_t>
        targets_;  // places in the population, with the delays above them if these are `packed_`
    simd::Column<Real> weights_, kept_weights_;
    std::vector<std::uint8_t> delays_;
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
