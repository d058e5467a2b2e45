// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/plasticity/kernel.hpp>
#include <hillock/run/arrival_batch.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/run/target_spikes.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/subnormals.hpp>
#include <hillock/wiring/plastic_table.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Plastic connections by one rule.
template <class Real, class Rule>
class RuleDelivery : public PlasticDelivery<Real> {
    using Kernel = plasticity::Kernel<Rule>;
    using Source = typename Kernel::Source;
    using Target = typename Kernel::Target;

public:
    using PlasticDelivery<Real>::table;
    RuleDelivery(wiring::PlasticTable<Real> made, Kernel const& kernel)
        : PlasticDelivery<Real>(std::move(made)),
          kernel_{kernel},
          late_{Kernel::learns ? kernel.lateness(table.greatest_delay()) : 0},
          ring_(std::bit_ceil(static_cast<std::size_t>(std::min(table.greatest_delay() + 1, longest_ring)))) {
        forget();
    }
    std::unique_ptr<PlasticDelivery<Real>> clone() const override {
        return std::make_unique<RuleDelivery>(*this);
    }

    void send(Spikes spikes) override {
        due_.clear();
        now_ = begin_ + static_cast<Step>(due_ends_.size());
        auto const& sources = table.sources();
        for (auto const& spike : spikes) {
            auto const row = sources.row_of(spike.gid);
            if (row == wiring::SourceIndex::none) continue;
            auto& source = sources_[row];
            for (auto b = sources.begin(row); b < sources.end(row); ++b)
                put_on_its_way(b, spike.step, source);
            source.traces = kernel_.source_after(source.traces, spike.step - source.last);
            kernel_.source_spike(source.traces);
            source.last = spike.step;
        }
    }

    void begin(Epoch epoch, std::size_t parts) override {
        due_.clear();
        due_ends_.clear();
        begin_ = now_ = epoch.begin;
        for (auto step = epoch.begin; step < epoch.end; ++step) {
            auto& slot = slot_of(step);
            std::size_t later = 0;  // by a whole turn of the ring, or more
            for (auto const& arrival : slot)
                if (arrival.step == step)
                    due_.push_back(arrival);
                else
                    slot[later++] = arrival;
            slot.resize(later);
            due_ends_.push_back(due_.size());
        }
        for (auto part = parts; part < parts_.size(); ++part) parts_[0].spikes += parts_[part].spikes;
        parts_.resize(parts);
    }

    void begin_part(std::size_t part, std::size_t first, std::size_t last) override {
        last = std::min(last, table.width());
        if (parts_[part].spikes > longest_lists * (last - std::min(first, last))) {
            catch_up(first, last);
            parts_[part].spikes = 0;
        }
        auto& cursors = parts_[part].cursors;
        cursors.clear();
        for (auto const& arrival : due_)
            cursors.push_back({table.first_from(arrival.bundle, first), table.end(arrival.bundle)});
    }

    void arrive(std::size_t part, std::size_t first, std::size_t last, Step step, Real* sums) override {
        auto const k = static_cast<std::size_t>(step - begin_);
        auto const begin = k == 0 ? 0 : due_ends_[k - 1], end = due_ends_[k];
        if (begin == end) return;
        last = std::min(last, table.width());
        take_late_spikes(part, first, last, step);
        bool const all_now = Kernel::learns_at_arrivals && worth_all_now(end - begin);
        if (all_now)
            for (auto cell = first; cell < last; ++cell) seen_[cell] = traces_at(cell, step);
        auto* const cursors = parts_[part].cursors.data();
        if (all_now)
            arrive(cursors, begin, end, last, sums, [&](auto cell) { return seen_[cell]; });
        else
            arrive(cursors, begin, end, last, sums, [&](auto cell) { return traces_at(cell, step); });
    }

    void fire(std::size_t part, std::size_t cell, Step step) override {
        if (cell >= targets_.size()) return;
        if (late_ > 0)
            late_spikes_[cell].push_back(step);
        else
            take_spike(part, cell, step);
    }

    void catch_up() override {
        if (!parts_.empty()) take_late_spikes(0, 0, targets_.size(), now_);
        for (auto& part : parts_) part.spikes = 0;
        if (spikes_.any()) catch_up(0, table.width());
    }

    void forget() override {
        for (auto& slot : ring_) slot.clear();
        due_.clear();
        for (auto& part : parts_) part.spikes = 0;
        sources_.assign(table.sources().rows(), {never_fired, {}});
        targets_.assign(Kernel::learns ? table.width() : 0, {never_fired, {}});
        spikes_.resize(Kernel::learns_at_spikes ? table.width() : 0);
        seen_.resize(Kernel::learns_at_arrivals ? table.width() : 0);
        late_spikes_.assign(late_ > 0 ? targets_.size() : 0, {});
        begin_ = now_ = 0;
        due_ends_.clear();
    }

    std::uint64_t digest() override;
    void keep_traces(std::vector<KeptTrace>& kept) const override;
    bool fits(KeptTrace const& kept) const override;
    void put_back(KeptTrace const& kept, Step now) override;

protected:
    static constexpr Step longest_ring = 1 << 14;     // steps
    static constexpr std::size_t longest_lists = 32;  // spikes of a target, on average
    static constexpr std::uint32_t few = 4;           // connections

    using Spike = TargetSpike<Target>;
    using Arrival = PlasticArrival<Source>;

    /// The connections of a bundle that are left to an arrival.
    struct Cursor {
        std::uint32_t from, to;
    };
    /// The numbers that one thread writes, apart from the others'.
    struct alignas(64) Part {
        std::vector<Cursor> cursors;  // of each arrival that is due
        std::size_t spikes = 0;       // in the lists of its targets, roughly where the parts have changed
    };

    std::vector<Arrival>& slot_of(Step step) {
        return ring_[static_cast<std::size_t>(step) & (ring_.size() - 1)];
    }

    void put_on_its_way(std::uint32_t bundle, Step fired, PlasticState<Source> const& source) {
        auto const delay = table.delay(bundle);
        auto const previous = source.last == never_fired ? never_fired : source.last + delay;
        slot_of(fired + delay).push_back({fired + delay, previous, source.traces, bundle});
    }

    /// Keeps a spike of a target for connections that have yet to take it.
    void remember(std::size_t part, std::size_t cell, Spike const& spike) {
        if constexpr (Kernel::learns_at_spikes) {
            spikes_.add(cell, spike);
            ++parts_[part].spikes;
        }
    }

    /// A spike of a target reaches its synapses.
    void take_spike(std::size_t part, std::size_t cell, Step step) {
        auto& target = targets_[cell];
        target.traces = kernel_.target_after(target.traces, step - target.last);
        remember(part, cell, {step, target.traces});
        kernel_.target_spike(target.traces);
        target.last = step;
    }

    /// Takes those that reach the synapses of targets [first, last) before `now`.
    void take_late_spikes(std::size_t part, std::size_t first, std::size_t last, Step now) {
        if (late_ == 0) return;
        for (auto cell = first; cell < last; ++cell) {
            auto& waiting = late_spikes_[cell];
            std::size_t taken = 0;
            for (; taken < waiting.size() && waiting[taken] + late_ < now; ++taken)
                take_spike(part, cell, waiting[taken] + late_);
            if (taken > 0) waiting.erase(waiting.begin(), waiting.begin() + static_cast<Step>(taken));
        }
    }

    void put_back_target(std::size_t cell, KeptTrace kept, Step now);

    /// Whether so many arrivals reach most targets, so that these are looked at once for all.
    bool worth_all_now(std::size_t arrivals) const {
        return arrivals * table.size() > table.bundles() * table.width();
    }
    Target traces_at(std::size_t cell, Step step) const {
        auto const& target = targets_[cell];
        return kernel_.target_after(target.traces, step - target.last);
    }
    /// Asks for the first lines of what an arrival is about to change.
    HILLOCK_INLINE void prefetch(Cursor const& cursor) const {
        constexpr std::uint32_t line = simd::alignment / sizeof(Real);
        auto const to = std::min(cursor.to, cursor.from + 8 * line);
        for (auto k = cursor.from; k < to; k += line) {
            __builtin_prefetch(table.targets() + k);
            if (Kernel::learns) __builtin_prefetch(table.weights_begin() + k, 1);
        }
    }
    /// How many arrivals before its own a bundle is asked for: enough to be waited for at once.
    std::size_t ahead() const {
        constexpr std::size_t connections = 128, most = 12;
        return std::clamp<std::size_t>(connections * table.bundles() / (table.size() + 1), 1, most);
    }

    /// Lets those of `due_` from `begin` to `end` arrive at their connections onto targets before `last`.
    void arrive(Cursor* cursors, std::size_t begin, std::size_t end, std::size_t last, Real* sums,
                auto const& target_traces) {
        auto const distance = ahead();
        for (auto a = begin; a < std::min(end, begin + distance); ++a) prefetch(cursors[a]);
        auto const each = [&](auto const& take) {
            for (auto a = begin; a < end; ++a) {
                if (a + distance < end) prefetch(cursors[a + distance]);
                take(due_[a], cursors[a]);
            }
        };
        if constexpr (!Kernel::learns) {
            each([&](Arrival const& arrival, Cursor& cursor) { transmit(arrival, cursor, last, sums); });
        } else {
            ArrivalBatch<Real, Kernel> batch(kernel_, spikes_);
            each([&](Arrival const& arrival, Cursor& cursor) {
                learn(batch, arrival, cursor, last, sums, target_traces);
            });
        }
    }
    void transmit(Arrival const& arrival, Cursor& cursor, std::size_t last, Real* sums) const {
        auto const* const targets = table.targets();
        auto const* const weights = table.weights_begin();
        bool const one_weight = table.has_one_weight();
        auto const source = source_at(arrival);
        auto k = cursor.from;
        for (auto const to = cursor.to; k < to && targets[k] < last; ++k) {
            auto const w = static_cast<double>(weights[one_weight ? 0 : k]);
            sums[targets[k]] += static_cast<Real>(kernel_.transmitted(w, source));
        }
        cursor.from = k;
    }
    void learn(auto& batch, Arrival const& arrival, Cursor& cursor, std::size_t last, Real* sums,
               auto const& target_traces) {
        auto const* const targets = table.targets();
        auto& [from, to] = cursor;
        while (from < to && targets[from] < last) {
            auto const next = end_of_batch(from, to, last);
            if (next - from < few)
                learn_one_by_one(arrival, from, next, sums, target_traces);
            else
                batch.arrive(arrival, targets + from, table.weights_begin() + from, next - from, sums,
                             target_traces);
            from = next;
        }
    }
    /// The end of a batch that begins with connection `from`: of those up to `to` onto targets before `last`.
    std::uint32_t end_of_batch(std::uint32_t from, std::uint32_t to, std::size_t last) const {
        auto const* const targets = table.targets();
        for (auto const near = std::min(to, from + few); from < near; ++from)
            if (targets[from] >= last) return from;
        to = std::min(to, from + static_cast<std::uint32_t>(ArrivalBatch<Real, Kernel>::capacity) - few);
        if (targets[to - 1] < last) return to;
        return static_cast<std::uint32_t>(std::lower_bound(targets + from, targets + to, last) - targets);
    }
    /// As a batch does, for so few connections that its passes are not worth while.
    void learn_one_by_one(Arrival const& arrival, std::uint32_t from, std::uint32_t to, Real* sums,
                          auto const& target_traces) {
        auto const source = source_at(arrival);
        for (auto k = from; k < to; ++k) {
            auto const cell = table.targets()[k];
            auto& weight = table.weight(k);
            if constexpr (Kernel::learns_at_spikes)
                spikes_.take(kernel_, weight, cell, arrival.previous, arrival.traces);
            if constexpr (Kernel::learns_at_arrivals) kernel_.arrive(weight, source, target_traces(cell));
            sums[cell] += static_cast<Real>(kernel_.transmitted(static_cast<double>(weight), source));
        }
    }
    Source source_at(Arrival const& arrival) const {
        return kernel_.source_after(arrival.traces, arrival.step - arrival.previous);
    }

    /// Brings the weights of connections onto targets [first, last) up to date, and empties their lists.
    void catch_up(std::size_t first, std::size_t last) {
        if constexpr (Kernel::learns_at_spikes) {
            simd::FlushSubnormals const quick;
            last = std::min(last, table.width());
            auto const waiting = on_their_way();
            auto next = waiting.begin();
            for (std::size_t row = 0; row < sources_.size(); ++row)
                for (auto b = table.sources().begin(row); b < table.sources().end(row); ++b) {
                    auto const& source = sources_[row];
                    auto arrived = source.last == never_fired ? never_fired : source.last + table.delay(b);
                    auto const* traces = &source.traces;
                    if (next != waiting.end() && next->second.bundle == b) {
                        arrived = next->second.previous;
                        traces = &next->second.traces;
                    }
                    while (next != waiting.end() && next->second.bundle == b) ++next;
                    for (auto k = table.first_from(b, first); k < table.end(b) && table.targets()[k] < last;
                         ++k)
                        spikes_.take(kernel_, table.weight(k), table.targets()[k], arrived, *traces);
                }
            for (auto cell = first; cell < last; ++cell) spikes_.clear(cell);
        }
    }

    /// All spikes on their way, with their sources, by bundle and step.
    std::vector<std::pair<Gid, Arrival>> on_their_way() const;

    Kernel kernel_;
    Step late_;                                  // between a target's spike and its effect on connections
    std::vector<PlasticState<Source>> sources_;  // of each row
    std::vector<PlasticState<Target>> targets_;  // of each place
    TargetSpikes<Kernel> spikes_;                // of each place: since its connections were up to date
    std::vector<std::vector<Arrival>> ring_;     // of spikes on their way, by the step of their arrival
    std::vector<Arrival> due_;                   // in this epoch, by step
    std::vector<std::size_t> due_ends_;          // where those of each step of it end
    Step begin_ = 0, now_ = 0;                   // of the epoch; its begin or, when it is over, its end
    std::vector<Part> parts_;
    std::vector<Target> seen_;                    // of each place: traces in the step under way
    std::vector<std::vector<Step>> late_spikes_;  // of each place: those that have not reached its synapses
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling

#include <hillock/run/rule_saving.hpp>
