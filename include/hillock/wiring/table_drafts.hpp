// SPDX-License-Identifier: MIT
#pragma once

/// Connection tables counted and filled, by any number of threads with the same result.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/shared_column.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/source_index.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// A crew of one: see `scheduling::Team`.
struct Alone {
    std::size_t size() const { return 1; }
    void all(auto&& f) { f(std::size_t{0}); }
};

/// The share of one thread in the tables of a projection.
template <class Real>
class TableDrafts {
public:
    using Table = ConnectionTable<Real>;

    explicit TableDrafts(typename Table::Shape const& shape) : shape_{shape} {}

    // Connections are counted and put some at a time: the places in memory that they go to, anywhere in the
    // table, are then asked for together, and one is not waited for after the other.

    void count(Gid source, std::uint32_t target, GridTime const& delay) {
        auto& draft = draft_of(delay.step);
        draft.pending.push_back({source, target, static_cast<std::uint32_t>(delay.step - draft.delay_offset),
                                 static_cast<float>(delay.offset), 0});
        if (draft.pending.size() == together) count_pending(draft);
    }
    void finish_counting() {
        for (auto& [offset, draft] : by_offset_) count_pending(draft);
    }

    /// The tables that all these have counted, empty.
    static std::vector<Table> allocate(typename Table::Shape const& shape, std::vector<TableDrafts>& all) {
        std::vector<Table> tables;
        for (auto const& drafts : all)
            for (auto const& [offset, draft] : drafts.by_offset_) add(table_of(tables, shape, offset), draft);
        meta::sort_by(tables,
                      [](Table const& table) { return static_cast<std::uint64_t>(table.delay_offset_); });
        for (auto& table : tables) {
            allocate(table, shape);
            simd::Column<std::uint32_t> next(table.sources_.rows());
            for (std::size_t row = 0; row < next.size(); ++row) next[row] = table.sources_.begin(row);
            for (auto& drafts : all)
                if (auto const found = drafts.by_offset_.find(table.delay_offset_);
                    found != drafts.by_offset_.end())
                    found->second.reserve(table.sources_, next);
        }
        return tables;
    }

    /// Where the tables are that `put` fills.
    void fill(std::vector<Table>& tables) {
        for (auto& table : tables)
            if (auto const found = by_offset_.find(table.delay_offset_); found != by_offset_.end())
                found->second.table = &table;
        last_ = nullptr;
    }
    void put(Gid source, std::uint32_t target, double weight, GridTime const& delay) {
        auto& draft = draft_of(delay.step);
        require_same(draft.table != nullptr);
        auto const& sources = draft.table->sources_;
        auto const row = sources.row_of(source);
        require_same(row != SourceIndex::none);
        auto const s = static_cast<std::uint32_t>(row);
        __builtin_prefetch(&draft.rows[s], 1);
        draft.pending.push_back({s, target, static_cast<std::uint32_t>(delay.step - draft.delay_offset),
                                 static_cast<float>(delay.offset), static_cast<Real>(weight)});
        if (draft.pending.size() == together) put_pending(draft);
    }
    void finish_filling() {
        for (auto& [offset, draft] : by_offset_) {
            put_pending(draft);
            for (auto const& row : draft.rows) require_same(row.begin == row.end);
        }
    }

    /// Puts the rows [first, last) of a table in the order of delays, each delay's as they are.
    static void order_by_delay(Table& table, std::size_t first, std::size_t last) {
        std::vector<std::uint32_t> words, places;
        Moved<Real> weights(table.one_weight_ ? std::span<Real>() : table.weights_.own());
        Moved<std::uint8_t> codes(table.codes_.own());
        Moved<std::uint16_t> wide_codes(table.wide_codes_.own());
        auto const all_words = table.targets_.own();
        for (auto row = first; row < last; ++row) {
            auto const begin = table.sources_.begin(row), end = table.sources_.end(row);
            words.resize(end - begin);
            places.resize(end - begin);
            std::copy(&all_words[begin], &all_words[begin] + words.size(), words.begin());
            std::array<std::uint32_t, 257> next{};  // for each delay, where its next connection goes
            for (auto const word : words) ++next[(word >> target_bits) + 1];
            for (std::size_t delay = 1; delay < next.size(); ++delay) next[delay] += next[delay - 1];
            for (std::size_t k = 0; k < words.size(); ++k) {
                places[k] = next[words[k] >> target_bits]++;
                all_words[begin + places[k]] = words[k];
            }
            weights.move(begin, places);
            codes.move(begin, places);
            wide_codes.move(begin, places);
        }
    }

private:
    /// A column of numbers, if there are any, whose rows change their order.
    template <class T>
    struct Moved {
        std::span<T> all;
        std::vector<T> row = {};

        explicit Moved(std::span<T> numbers) : all{numbers} {}
        void move(std::size_t begin, std::vector<std::uint32_t> const& places) {
            if (all.empty()) return;
            row.assign(&all[begin], &all[begin] + places.size());
            for (std::size_t k = 0; k < row.size(); ++k) all[begin + places[k]] = row[k];
        }
    };

    /// A connection on its way into a table.
    struct Pending {
        std::uint32_t at;             // its source, or that one's row; then its place in the table
        std::uint32_t target, delay;  // the steps of the delay beyond its offset
        float rest;                   // the ms beyond these
        Real weight;                  // or its code
    };
    static constexpr std::size_t together =
        64;  // enough to be waited for at once, few enough for a first-level cache

    /// The part of a table that is made here.
    struct Draft {
        Step delay_offset;
        SourceIndex counted;
        Step least_delay = std::numeric_limits<Step>::max() / 2, greatest_delay = 0;
        std::uint32_t least_target = std::numeric_limits<std::uint32_t>::max(), greatest_target = 0;
        bool has_rests = false;
        Table* table = nullptr;
        simd::Column<typename Table::Row> rows = {};  // of each: the places kept for it that are still empty
        std::vector<Pending> pending = {};            // fewer than `together`

        /// Keeps the next places of each row, as many as have been counted.
        void reserve(SourceIndex const& sources, simd::Column<std::uint32_t>& from) {
            rows.resize(from.size());
            for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = {from[row], from[row]};
            counted.for_each_count([&](Gid source, std::uint32_t n) {
                auto const row = sources.row_of(source);
                from[row] += n;
                rows[row].end = from[row];
            });
            counted = {};
        }
    };

    HILLOCK_INLINE Draft& draft_of(Step delay) {
        auto const offset = Table::delay_offset_of(delay);
        if (last_ == nullptr || offset != last_->delay_offset) last_ = &find_draft(offset);
        return *last_;
    }
    [[gnu::noinline]] Draft& find_draft(Step offset) {
        Draft fresh{offset, SourceIndex(shape_.first_source, shape_.last_source)};
        return by_offset_.try_emplace(offset, std::move(fresh)).first->second;
    }

    static void count_pending(Draft& draft) {
        draft.counted.count(draft.pending, [](Pending const& c) { return c.at; });
        for (auto const& c : draft.pending) {
            draft.least_target = std::min(draft.least_target, c.target);
            draft.greatest_target = std::max(draft.greatest_target, c.target);
            draft.least_delay = std::min(draft.least_delay, Step{c.delay});
            draft.greatest_delay = std::max(draft.greatest_delay, Step{c.delay});
            draft.has_rests = draft.has_rests || c.rest != 0;
        }
        draft.pending.clear();
    }

    static void put_pending(Draft& draft) {
        if (draft.pending.empty()) return;
        auto& table = *draft.table;
        auto const targets = table.targets_.own();
        auto const weights = table.weights_.own();
        auto const codes = table.codes_.own();
        auto const wide_codes = table.wide_codes_.own();
        auto const delays = table.delays_.own();
        auto const rests = table.rests_.own();
        auto* const rows = draft.rows.data();
        auto const least_delay = draft.least_delay, greatest_delay = draft.greatest_delay;
        auto const least_target = draft.least_target, greatest_target = draft.greatest_target;
        bool const own_weights = !table.one_weight_ && !table.is_coded();
        bool const one_weight = table.one_weight_, packed = table.packed_;
        for (auto& c : draft.pending) {
            auto& row = rows[c.at];
            require_same(row.begin < row.end && least_target <= c.target && c.target <= greatest_target &&
                         least_delay <= c.delay && c.delay <= greatest_delay);
            c.at = row.begin++;
            __builtin_prefetch(&targets[c.at], 1);
            if (own_weights) __builtin_prefetch(&weights[c.at], 1);
        }
        for (auto const& c : draft.pending) {
            auto const code = table.is_coded() ? static_cast<std::uint32_t>(c.weight) : 0;
            auto const target = table.word_of(c.target, code);
            targets[c.at] = packed ? target | c.delay << target_bits : target;
            if (own_weights || (one_weight && c.at == 0)) weights[c.at] = c.weight;
            if (!codes.empty()) codes[c.at] = static_cast<std::uint8_t>(c.weight);
            if (!wide_codes.empty()) wide_codes[c.at] = static_cast<std::uint16_t>(c.weight);
            if (!delays.empty()) delays[c.at] = static_cast<std::uint8_t>(c.delay);
            if (!rests.empty()) rests[c.at] = c.rest;
        }
        draft.pending.clear();
    }

    static void require_same(bool same) {
        require(same,
                "a connection rule, or a function that gives delays, gave different results on its "
                "second call; it must depend on its arguments alone (and draw from the drawing's stream)");
    }

    /// The table of a delay offset, made if there is none.
    static Table& table_of(std::vector<Table>& tables, typename Table::Shape const& shape,
                           Step delay_offset) {
        for (auto& table : tables)
            if (table.delay_offset_ == delay_offset) return table;
        auto& table = tables.emplace_back();
        table.projection_ = shape.projection;
        table.population_ = shape.population;
        table.synapse_ = shape.synapse;
        table.delay_offset_ = delay_offset;
        table.since_ = shape.since;
        table.takes_events_ = shape.takes_events;
        table.sources_ = SourceIndex(shape.first_source, shape.last_source);
        return table;
    }

    static void add(Table& table, Draft const& draft) {
        table.sources_.add(draft.counted);
        table.least_target_ = std::min(table.least_target_, draft.least_target);
        table.greatest_target_ = std::max(table.greatest_target_, draft.greatest_target);
        table.least_delay_ = std::min(table.least_delay_, draft.least_delay);
        table.greatest_delay_ = std::max(table.greatest_delay_, draft.greatest_delay);
        table.has_rests_ = table.has_rests_ || (table.takes_events_ && draft.has_rests);
    }

    static void allocate(Table& table, typename Table::Shape const& shape) {
        auto const total = table.sources_.finish();
        require(total <= std::numeric_limits<std::uint32_t>::max(),
                "{} connections in one projection: must be fewer than 2^32", total);
        table.targets_ = simd::SharedColumn(simd::Column<std::uint32_t>(total));
        table.one_weight_ = shape.uniform_weight && !table.takes_events_;
        table.one_delay_ = table.least_delay_ == table.greatest_delay_;
        table.packed_ = !table.one_delay_ && table.greatest_target_ <= target_mask;
        table.by_delay_ = table.packed_ && shape.by_delay && table.delay_offset_ == 0 && !table.takes_events_;
        allocate_weights(table, total, shape.codes);
        if (!table.one_delay_ && !table.packed_)
            table.delays_ = simd::SharedColumn(simd::Column<std::uint8_t>(total));
        if (table.has_rests_) table.rests_ = simd::SharedColumn(simd::Column<float>(total));
    }

    static void allocate_weights(Table& table, std::size_t total, WeightCodes const& codes) {
        if (!table.one_weight_) table.coding_ = codes;
        auto const bytes = table.coding_.bytes;
        table.codes_in_words_ =
            bytes == 1 && table.by_delay_ &&
            table.greatest_target_ - table.least_target_ < 1u << (target_bits - code_bits);
        if (bytes == 0)
            table.weights_ = simd::SharedColumn(simd::Column<Real>(table.one_weight_ ? 1 : total));
        if (bytes == 1 && !table.codes_in_words_)
            table.codes_ = simd::SharedColumn(simd::Column<std::uint8_t>(total));
        if (bytes == 2) table.wide_codes_ = simd::SharedColumn(simd::Column<std::uint16_t>(total));
    }

    typename Table::Shape shape_;
    std::map<Step, Draft> by_offset_;
    Draft* last_ = nullptr;  // that of the last connection: most often the next one's
};

template <class Real>
template <class Each>
auto ConnectionTable<Real>::build(Shape const& shape, Each const& each, auto& crew)
    -> std::vector<ConnectionTable> {
    using Drafts = TableDrafts<Real>;
    std::vector<Drafts> all;
    for (std::size_t member = 0; member < crew.size(); ++member) all.emplace_back(shape);
    crew.all([&](std::size_t member) {
        auto drafts = Drafts(shape);  // on its own cache lines
        each(member, true, [&](Gid source, std::uint32_t target, double, GridTime const& delay) {
            drafts.count(source, target, delay);
        });
        drafts.finish_counting();
        all[member] = std::move(drafts);
    });
    auto tables = Drafts::allocate(shape, all);
    crew.all([&](std::size_t member) {
        auto drafts = std::move(all[member]);
        drafts.fill(tables);
        each(member, false, [&](Gid source, std::uint32_t target, double weight, GridTime const& delay) {
            drafts.put(source, target, weight, delay);
        });
        drafts.finish_filling();
    });
    for (auto& table : tables)
        if (table.by_delay_)
            crew.all([&](std::size_t member) {
                auto const rows = table.sources_.rows();
                Drafts::order_by_delay(table, rows * member / crew.size(), rows * (member + 1) / crew.size());
            });
    return tables;
}

template <class Real>
template <class Each>
auto ConnectionTable<Real>::build(Shape const& shape, Each const& each) -> std::vector<ConnectionTable> {
    Alone alone;
    return build(
        shape, [&](std::size_t, bool counting, auto&& f) { each(counting, f); }, alone);
}

}  // namespace hillock::inline HILLOCK_ISA::wiring
