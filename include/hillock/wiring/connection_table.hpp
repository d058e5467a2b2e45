// SPDX-License-Identifier: MIT
#pragma once

/// Connections as the delivery of spikes wants them: compressed, grouped by source, in the order of their
/// targets or, in tables of many, of their delays and then targets.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/shared_column.hpp>
#include <hillock/wiring/source_index.hpp>
#include <hillock/wiring/table_lane.hpp>
#include <hillock/wiring/weight_codes.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

template <class Real>
class TableDrafts;

/// Connections onto one synapse number of one population. A connection takes 4 bytes for its target, and one
/// number for its weight, or a code of 1 or 2 bytes (`wiring/weight_codes.hpp`), unless all share it. Delays
/// that differ have no memory of their own: they stand in the upper 8 bits of the target (or, in a population
/// of more than 2^24 cells, in a byte).
///
/// A delay of two bands or more is split: the spike is held back for the table's delay offset, whole bands,
/// and the rest, one to two bands, is the delay that the table stores. So no inbox has to reach further than
/// two bands, however long the delays.
///
/// In a table `by_delay` the connections of a source are in the order of their delays, so that a spike can be
/// taken down its row as time passes (`run/arrivals.hpp`): each step needs the sums of that step alone, which
/// stay in a second-level cache where an inbox of all steps would not.
///
/// There, codes of one byte are in the lower bits of the words, if fewer than 2^16 targets are before them.
///
/// Copies share all that is large; weights until they are asked for to be written.
template <class Real>
class ConnectionTable {
public:
    static constexpr Step band = 128;  // steps

    using Row = TableRow;
    using Lane = TableLane<Real>;

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
    bool by_delay() const { return by_delay_; }
    bool one_delay() const { return one_delay_; }
    bool has_own_weights() const { return !one_weight_ || size() < 2; }
    /// Bytes used by the connections and their source index.
    std::size_t bytes() const {
        return sources_.bytes() + targets_.size() * sizeof targets_[0] + weights_.size() * sizeof(Real) +
               codes_.size() + wide_codes_.size() * sizeof wide_codes_[0] + delays_.size() +
               rests_.size() * sizeof rests_[0];
    }

    /// The least memory of `n` connections in bytes, of which a weight takes so many.
    static double bytes_of(double n, std::size_t weight_bytes) {
        return n * static_cast<double>(sizeof(std::uint32_t) + weight_bytes);
    }

    Step least_delay() const { return delay_offset_ + least_delay_; }
    Step greatest_inbox_delay() const { return greatest_delay_; }

    /// The weights, to be written: one, or as many as there are connections, in their order. Codes become
    /// numbers.
    std::span<Real> weights() {
        decode();
        return weights_.own();
    }

    /// Keeps the weights as they are now, the first time.
    void keep_weights() {
        decode();
        if (kept_weights_.empty()) kept_weights_ = weights_;
    }
    /// Puts back the weights that have been kept.
    void put_back_weights() {
        if (kept_weights_.empty()) return;
        if (weights_.is_own())  // perhaps handed out
            std::copy(kept_weights_.begin(), kept_weights_.end(), weights_.own().begin());
        else
            weights_ = kept_weights_;
    }

    /// Calls f(source, target, weight, whole delay) for all connections in order. Where `writes`, f may write
    /// the weight, after `weights`.
    template <bool writes = false>
    void for_each(auto&& f) {
        std::span<Real> written;
        if constexpr (writes) written = weights_.own();
        for (std::size_t row = 0; row < sources_.rows(); ++row)
            for (auto k = sources_.begin(row); k < sources_.end(row); ++k) {
                auto const call = [&](auto& weight) {
                    f(sources_.source_of(row), std::size_t{target_in(targets_[k])}, weight,
                      delay_offset_ + delay_at(k));
                };
                if constexpr (writes) {
                    call(written[one_weight_ ? 0 : k]);
                } else {
                    auto const weight = weight_at(k);
                    call(weight);
                }
            }
    }

    /// Prepares for delivery in parts: part k is the targets from firsts[k] up to the next part's first one.
    /// `firsts` ascends from 0.
    void cut(std::span<std::size_t const> firsts) {
        if (std::equal(firsts.begin(), firsts.end(), cut_at_.begin(), cut_at_.end())) return;
        cut_at_.clear();
        cuts_.resize(by_delay_ ? 0 : firsts.size() - 1);
        for (std::size_t part = 1; part <= cuts_.size(); ++part) {
            simd::Column<std::uint32_t> cut(sources_.rows());
            for (std::size_t s = 0; s < cut.size(); ++s) {
                auto const row =
                    std::span(targets_).subspan(sources_.begin(s), sources_.end(s) - sources_.begin(s));
                auto const cut_off = std::lower_bound(
                    row.begin(), row.end(), firsts[part],
                    [&](std::uint32_t word, std::size_t first) { return target_in(word) < first; });
                cut[s] = sources_.begin(s) + static_cast<std::uint32_t>(cut_off - row.begin());
            }
            cuts_[part - 1] = simd::SharedColumn(std::move(cut));
        }
        cut_at_.assign(firsts.begin(), firsts.end());
    }

    /// The connections of a source onto a part; in a table by delay, onto all.
    Row row(Gid source, std::size_t part) const {
        auto const s = sources_.row_of(source);
        if (s == SourceIndex::none) return {0, 0};
        if (by_delay_) return {sources_.begin(s), sources_.end(s)};
        return {part == 0 ? sources_.begin(s) : cuts_[part - 1][s],
                part == cuts_.size() ? sources_.end(s) : cuts_[part][s]};
    }
    /// Prefetches the place where a row is looked up.
    HILLOCK_INLINE void prefetch_row(Gid source) const {
        if (auto const s = sources_.row_of(source); s != SourceIndex::none) sources_.prefetch(s);
    }

    /// Delivers a spike that `source` fired the delay offset before `step` to the inbox of the table's
    /// population, as far as its targets are in a part.
    template <class Inbox>
    void deliver(Gid source, Step step, std::size_t part, Inbox& inbox) const {
        auto const [begin, end] = row(source, part);
        if (by_delay_) return deliver_some({begin, end}, step, part, inbox, step);
        auto const* const target = targets_.data();
        auto const* const weight = weights_.data();
        if (one_delay_) {
            auto const sums = inbox.at(step + least_delay_, synapse_);
            if (one_weight_)
                for (Real const w = weight[0]; auto const t : std::span(target + begin, target + end))
                    sums[t] += w;
            else if (!is_coded())
                for (auto k = begin; k < end; ++k) sums[target[k]] += weight[k];
            else
                for (auto k = begin; k < end; ++k) sums[target[k]] += weight_at(k);
        } else if (is_coded()) {
            deliver_some({begin, end}, step, part, inbox, step);
        } else {
            for (auto k = begin; k < end; ++k)
                inbox.at(step + delay_at(k), synapse_)[target_in(target[k])] += weight[one_weight_ ? 0 : k];
        }
    }

    /// Delivers such a spike again, as far as it arrives at `now` or later.
    template <class Inbox>
    void redeliver(Gid source, Step step, std::size_t part, Inbox& inbox, Step now) const {
        deliver_some(row(source, part), step, part, inbox, now);
    }

    /// For a part, after `cut`; only without a delay offset, and by delay or of one delay.
    Lane lane(std::size_t part) const {
        auto const last = part + 1 < cut_at_.size() ? cut_at_[part + 1] : std::size_t{greatest_target_} + 1;
        auto const first = std::max<std::size_t>(cut_at_[part], least_target_);
        auto const end = std::min<std::size_t>(last, greatest_target_ + 1ull);
        return {.words = targets_.data(),
                .weights = weights_.data(),
                .codes = code_view(),
                .population = population_,
                .synapse = synapse_,
                .least = word_of(static_cast<std::uint32_t>(first), 0),
                .greatest = word_of(static_cast<std::uint32_t>(end - 1), code_mask),
                .base = least_target_,
                .one_delay = one_delay_ ? static_cast<std::uint32_t>(least_delay_) : 0,
                .one_weight = one_weight_,
                .is_whole = cut_at_[part] <= least_target_ && greatest_target_ < last};
    }
    std::uint32_t least_target() const { return least_target_; }
    std::uint32_t greatest_target() const { return greatest_target_; }
    /// Whether there are targets in a part.
    bool reaches(std::size_t part) const {
        return size() > 0 && cut_at_[part] <= greatest_target_ &&
               (part + 1 == cut_at_.size() || cut_at_[part + 1] > least_target_);
    }

    /// The ms from the end of the steps of a connection's delay to its own, at most half a step either way;
    /// kept where its event has a time of its own.
    double rest_of_delay(std::size_t k) const { return rests_.empty() ? 0 : double{rests_[k]}; }

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
        if (!one_weight_ && !is_coded()) prefetch(weights_.data(), begin, end);
    }

    /// The properties that a table's connections share.
    struct Shape {
        std::size_t projection, population, synapse;
        Gid first_source, last_source;  // inclusive
        bool uniform_weight;
        Step since = 0;  // when the connections were made: earlier spikes do not take them
        bool takes_events = false;
        bool by_delay = false;   // in the order of their delays, where these differ and there is no offset
        WeightCodes codes = {};  // of which weights come as codes
    };

    /// The tables for the connections that `each` enumerates, one for each delay offset that occurs.
    /// `each(counting, f)` calls f(source, target, weight, delay), a source's targets ascending. It
    /// is called twice, to count (when no weight matters) and to fill, so that no list of all connections is
    /// needed in between; an `Error` if the calls differ.
    template <class Each>
    static std::vector<ConnectionTable> build(Shape const& shape, Each const& each);
    /// The same by all members of a crew: `each(member, counting, f)` enumerates the connections of one
    /// member; for any source, the targets of a member are below those of the next or equal.
    template <class Each>
    static std::vector<ConnectionTable> build(Shape const& shape, Each const& each, auto& crew);

private:
    friend TableDrafts<Real>;

    /// Delivers a row's connections to a part that arrive at `now` or later.
    template <class Inbox>
    void deliver_some(Row const& row, Step step, std::size_t part, Inbox& inbox, Step now) const {
        auto const last = part + 1 < cut_at_.size() ? cut_at_[part + 1] : std::size_t{greatest_target_} + 1;
        for (auto k = row.begin; k < row.end; ++k) {
            auto const target = target_in(targets_[k]);
            if (by_delay_ && !(cut_at_[part] <= target && target < last)) continue;
            if (auto const arrival = step + delay_at(k); arrival >= now)
                inbox.at(arrival, synapse_)[target] += weight_at(k);
        }
    }

    bool is_coded() const { return coding_.bytes > 0; }
    CodeView<Real> code_view() const {
        return {codes_.data(), wide_codes_.data(), static_cast<Real>(coding_.origin),
                static_cast<Real>(coding_.step)};
    }
    Real weight_at(std::size_t k) const {
        if (is_coded()) return code_view().at(k, targets_[k]);
        return weights_[one_weight_ ? 0 : k];
    }
    /// Makes numbers of codes.
    void decode() {
        if (!is_coded()) return;
        simd::Column<Real> numbers(size());
        for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = weight_at(k);
        simd::SharedColumn weights(std::move(numbers));
        if (codes_in_words_)
            for (auto& word : targets_.own()) word = (word & ~target_mask) | target_in(word);
        codes_in_words_ = false;  // from here on nothing fails
        weights_ = std::move(weights);
        coding_ = {};
        codes_ = decltype(codes_)();  // from {}, clang 14 does not destroy the column that is replaced
        wide_codes_ = decltype(wide_codes_)();
    }

    /// The first lines of a row; of a longer one the processor guesses the rest.
    template <class T>
    HILLOCK_INLINE static void prefetch(T const* all, std::uint32_t begin, std::uint32_t end) {
        constexpr auto line = static_cast<std::uint32_t>(simd::alignment / sizeof(T));
        end = std::min(end, begin + 16 * line);
        for (auto k = begin; k < end; k += line) __builtin_prefetch(all + k);
    }

    std::uint32_t target_in(std::uint32_t word) const {
        if (codes_in_words_) return least_target_ + ((word & target_mask) >> code_bits);
        return packed_ ? word & target_mask : word;
    }
    /// A target, and a code if there is room for it, as they are in words.
    std::uint32_t word_of(std::uint32_t target, std::uint32_t code) const {
        return codes_in_words_ ? (target - least_target_) << code_bits | code : target;
    }
    Step delay_at(std::size_t k) const {
        if (one_delay_) return least_delay_;
        return packed_ ? targets_[k] >> target_bits : delays_[k];
    }

    static_assert(2 * band <= 256, "what is left of a delay has 8 bits");

    std::size_t projection_ = 0, population_ = 0, synapse_ = 0;
    Step delay_offset_ = 0, since_ = 0;
    Step least_delay_ = std::numeric_limits<Step>::max() / 2, greatest_delay_ = 0;
    std::uint32_t least_target_ = std::numeric_limits<std::uint32_t>::max(), greatest_target_ = 0;
    bool one_weight_ = true, one_delay_ = true, packed_ = false, by_delay_ = false, takes_events_ = false;
    bool codes_in_words_ = false, has_rests_ = false;
    std::uint32_t list_ = 0;
    SourceIndex sources_;
    std::vector<std::size_t> cut_at_ = {0};  // what `cut` was given
    std::vector<simd::SharedColumn<std::uint32_t>>
        cuts_;  // where, in the row of each source, the second part begins, the third, ...
    simd::SharedColumn<std::uint32_t>
        targets_;  // places in the population, with the delays above them if these are `packed_`
    simd::SharedColumn<Real> weights_, kept_weights_;
    WeightCodes coding_;  // of the weights, if there are codes
    simd::SharedColumn<std::uint8_t> codes_;
    simd::SharedColumn<std::uint16_t> wide_codes_;  // instead, of two bytes
    simd::SharedColumn<std::uint8_t> delays_;
    simd::SharedColumn<float> rests_;  // ms of delays beyond whole steps, to 1e-9 ms for dt = 0.025 ms
};

}  // namespace hillock::inline HILLOCK_ISA::wiring

#include <hillock/wiring/table_drafts.hpp>
