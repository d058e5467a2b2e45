// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/plasticity/kernel.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/simd/subnormals.hpp>
#include <hillock/wiring/plastic_table.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Plastic connections by one rule.
template <class Real, class Rule>
class RuleDelivery final : public PlasticDelivery<Real> {
    using Kernel = plasticity::Kernel<Rule>;
    using Source = typename Kernel::Source;
    using Target = typename Kernel::Target;
    using PlasticDelivery<Real>::table;

public:
    RuleDelivery(wiring::PlasticTable<Real> made, Kernel const& kernel)
        : PlasticDelivery<Real>(std::move(made)),
          kernel_{kernel},
          ring_(std::bit_ceil(static_cast<std::size_t>(std::min(table.greatest_delay() + 1, longest_ring)))) {
        forget();
    }
    std::unique_ptr<PlasticDelivery<Real>> clone() const override {
        return std::make_unique<RuleDelivery>(*this);
    }

    void send(Spikes spikes) override {
        due_.clear();
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
        begin_ = epoch.begin;
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
        cursors_.resize(parts);
        for (auto part = parts; part < fired_.size(); ++part) fired_[0].spikes += fired_[part].spikes;
        fired_.resize(parts);
    }

    void begin_part(std::size_t part, std::size_t first, std::size_t last) override {
        if (fired_[part].spikes > longest_lists * (std::min(last, table.width()) - std::min(first, last))) {
            catch_up(first, last);
            fired_[part].spikes = 0;
        }
        auto& cursors = cursors_[part].at;
        cursors.clear();
        for (auto const& arrival : due_) cursors.push_back(table.first_from(arrival.bundle, first));
    }

    void arrive(std::size_t part, std::size_t last, Step step, Real* sums) override {
        auto const k = static_cast<std::size_t>(step - begin_);
        auto* const cursors = cursors_[part].at.data();
        for (auto a = k == 0 ? 0 : due_ends_[k - 1]; a < due_ends_[k]; ++a)
            cursors[a] = arrive(due_[a], cursors[a], last, sums);
    }

    void fire(std::size_t part, std::size_t cell, Step step) override {
        if (cell >= targets_.size()) return;
        auto& target = targets_[cell];
        target.traces = kernel_.target_after(target.traces, step - target.last);
        if constexpr (Kernel::learns_at_spikes) {
            lists_[cell].push_back({step, target.traces});
            ++fired_[part].spikes;
        }
        kernel_.target_spike(target.traces);
        target.last = step;
    }

    void catch_up() override {
        std::size_t spikes = 0;
        for (auto& part : fired_) spikes += std::exchange(part.spikes, 0);
        if (spikes > 0) catch_up(0, table.width());
    }

    void forget() override {
        for (auto& slot : ring_) slot.clear();
        due_.clear();
        for (auto& part : fired_) part.spikes = 0;
        sources_.assign(table.sources().rows(), {never, {}});
        targets_.assign(Kernel::learns ? table.width() : 0, {never, {}});
        lists_.assign(Kernel::learns_at_spikes ? table.width() : 0, {});
    }

    std::uint64_t digest() override {
        catch_up();
        std::uint64_t sum = 0;
        std::size_t row = 0;
        table.for_each([&](Gid gid, Gid target, Real weight, Step delay) {
            if (table.sources().source_of(row) != gid) row = table.sources().row_of(gid);
            Digest one;
            one.add(table.projection());
            one.add(gid);
            one.add(target);
            one.add(static_cast<std::uint64_t>(delay));
            one.add(weight);
            for (auto const trace : sources_[row].traces) one.add(trace);
            sum += one.value();
        });
        return sum;
    }

    void keep_traces(std::vector<KeptTrace>& kept) const override {
        for (std::size_t row = 0; row < sources_.size(); ++row)
            keep(kept, KeptTrace::source, table.sources().source_of(row), sources_[row], 0);
        for (std::size_t cell = 0; cell < targets_.size(); ++cell)
            keep(kept, KeptTrace::target, table.gids()[cell], targets_[cell], 0);
        for (auto const& [source, arrival] : on_their_way()) {
            auto const delay = table.delay(arrival.bundle);
            keep(kept, KeptTrace::on_its_way, source, State<Source>{arrival.step - delay, arrival.traces},
                 arrival.previous == never ? never : arrival.previous - delay);
        }
    }

    void put_back(KeptTrace const& kept, Step now) override {
        if (kept.owner == KeptTrace::target) {
            auto const at = std::lower_bound(table.gids().begin(), table.gids().end(), kept.gid);
            if (Kernel::learns && at != table.gids().end() && *at == kept.gid)
                put_back(targets_[static_cast<std::size_t>(at - table.gids().begin())], kept);
            return;
        }
        auto const row = table.sources().row_of(kept.gid);
        if (row == wiring::SourceIndex::none) return;
        if (kept.owner == KeptTrace::source) return put_back(sources_[row], kept);
        for (auto b = table.sources().begin(row); b < table.sources().end(row); ++b) {
            auto const step = kept.step + table.delay(b);
            if (step < now) continue;
            auto& slot = slot_of(step);
            if (kept.index == 0) {
                auto const previous = static_cast<Step>(kept.bits);
                slot.push_back({step, previous == never ? never : previous + table.delay(b), {}, b});
            } else if constexpr (std::tuple_size_v<Source> > 0) {
                auto const at = std::find_if(slot.rbegin(), slot.rend(),
                                             [&](auto const& a) { return a.step == step && a.bundle == b; });
                at->traces[kept.index - 1] = std::bit_cast<double>(kept.bits);
            }
        }
    }

private:
    static constexpr Step never = std::numeric_limits<Step>::min() / 2;
    static constexpr Step longest_ring = 1 << 14;     // steps
    static constexpr std::size_t longest_lists = 32;  // spikes of a target, on average

    /// A source or a target: its last spike, and its traces just after that.
    template <class Some>
    struct State {
        Step last;
        Some traces;
    };
    /// A spike of a target, and its traces just before.
    struct TargetSpike {
        Step step;
        Target traces;
    };
    /// A spike of a source that reaches a bundle.
    struct Arrival {
        Step step, previous;  // this one, and the one before
        Source traces;        // just after the one before
        std::uint32_t bundle;
    };
    /// What the threads write, apart from each other.
    struct alignas(64) Cursors {
        std::vector<std::uint32_t> at;  // of each arrival that is due
    };
    struct alignas(64) Fired {
        std::size_t spikes = 0;  // in the lists of a part's targets
    };

    std::vector<Arrival>& slot_of(Step step) {
        return ring_[static_cast<std::size_t>(step) & (ring_.size() - 1)];
    }

    void put_on_its_way(std::uint32_t bundle, Step fired, State<Source> const& source) {
        auto const delay = table.delay(bundle);
        auto const previous = source.last == never ? never : source.last + delay;
        slot_of(fired + delay).push_back({fired + delay, previous, source.traces, bundle});
    }

    /// Lets a spike arrive at connections from `at` on, up to a target `last`; returns where it stopped.
    std::uint32_t arrive(Arrival const& arrival, std::uint32_t at, std::size_t last, Real* sums) {
        auto const* const targets = table.targets();
        auto const end = table.end(arrival.bundle);
        auto const source = kernel_.source_after(arrival.traces, arrival.step - arrival.previous);
        for (; at < end && targets[at] < last; ++at) {
            auto const cell = targets[at];
            auto& weight = table.weight(at);
            if constexpr (Kernel::learns) {
                take_target_spikes(weight, cell, arrival.previous, arrival.traces);
                auto const& target = targets_[cell];
                auto const traces = kernel_.target_after(target.traces, arrival.step - target.last);
                weight = static_cast<Real>(kernel_.on_arrival(static_cast<double>(weight), source, traces));
            }
            sums[cell] += static_cast<Real>(kernel_.transmitted(static_cast<double>(weight), source));
        }
        return at;
    }

    /// Applies the spikes of a target since an arrival, after which the source had these traces.
    void take_target_spikes(Real& weight, std::size_t cell, Step arrived, Source const& traces) {
        if constexpr (Kernel::learns_at_spikes) {
            auto const& list = lists_[cell];
            auto first = list.size();
            while (first > 0 && list[first - 1].step >= arrived) --first;
            for (; first < list.size(); ++first) {
                auto const& spike = list[first];
                auto const source = kernel_.source_after(traces, spike.step - arrived);
                weight = static_cast<Real>(
                    kernel_.on_target_spike(static_cast<double>(weight), source, spike.traces));
            }
        }
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
                    auto arrived = source.last == never ? never : source.last + table.delay(b);
                    auto const* traces = &source.traces;
                    if (next != waiting.end() && next->second.bundle == b) {
                        arrived = next->second.previous;
                        traces = &next->second.traces;
                    }
                    while (next != waiting.end() && next->second.bundle == b) ++next;
                    for (auto k = table.first_from(b, first); k < table.end(b) && table.targets()[k] < last;
                         ++k)
                        take_target_spikes(table.weight(k), table.targets()[k], arrived, *traces);
                }
            for (auto cell = first; cell < last; ++cell) lists_[cell].clear();
        }
    }

    /// All spikes on their way, with their sources, by bundle and step.
    std::vector<std::pair<Gid, Arrival>> on_their_way() const {
        std::vector<std::pair<Gid, Arrival>> all;
        for (auto const& arrival : due_) all.push_back({0, arrival});
        for (auto const& slot : ring_)
            for (auto const& arrival : slot) all.push_back({0, arrival});
        std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
            return std::pair(a.second.bundle, a.second.step) < std::pair(b.second.bundle, b.second.step);
        });
        std::size_t row = 0;
        for (auto& [source, arrival] : all) {
            while (arrival.bundle >= table.sources().end(row)) ++row;
            source = table.sources().source_of(row);
        }
        return all;
    }

    /// Keeps the traces of one that has fired.
    template <class Some>
    static void keep(std::vector<KeptTrace>& kept, KeptTrace::Owner owner, Gid gid, State<Some> const& state,
                     Step previous) {
        if (state.last == never) return;
        kept.push_back({owner, gid, state.last, 0, static_cast<std::uint64_t>(previous)});
        for (std::size_t k = 0; k < state.traces.size(); ++k)
            kept.push_back({owner, gid, state.last, k + 1, std::bit_cast<std::uint64_t>(state.traces[k])});
    }
    template <class Some>
    static void put_back(State<Some>& state, KeptTrace const& kept) {
        state.last = kept.step;
        if constexpr (std::tuple_size_v<Some> > 0)
            if (kept.index > 0) state.traces[kept.index - 1] = std::bit_cast<double>(kept.bits);
    }

    Kernel kernel_;
    std::vector<State<Source>> sources_;           // of each row
    std::vector<State<Target>> targets_;           // of each place
    std::vector<std::vector<TargetSpike>> lists_;  // of each place: since its connections were up to date
    std::vector<std::vector<Arrival>> ring_;       // of spikes on their way, by the step of their arrival
    std::vector<Arrival> due_;                     // in this epoch, by step
    std::vector<std::size_t> due_ends_;            // where those of each step of it end
    Step begin_ = 0;                               // of the epoch
    std::vector<Cursors> cursors_;                 // of each part
    std::vector<Fired> fired_;                     // of each part
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
