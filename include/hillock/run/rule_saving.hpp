// SPDX-License-Identifier: MIT
#pragma once

/// Plastic connections by one rule: their digest, and what a snapshot has to hold of their traces.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/run/rule_delivery.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

template <class Real, class Rule>
std::uint64_t RuleDelivery<Real, Rule>::digest() {
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

template <class Real, class Rule>
auto RuleDelivery<Real, Rule>::on_their_way() const -> std::vector<std::pair<Gid, Arrival>> {
    std::vector<std::pair<Gid, Arrival>> all;
    for (auto const& arrival : due_) all.push_back({0, arrival});
    for (auto const& slot : ring_)
        for (auto const& arrival : slot) all.push_back({0, arrival});
    std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
        return std::pair(a.second.bundle, a.second.step) < std::pair(b.second.bundle, b.second.step);
    });
    std::size_t row = 0;
    for (auto& [source, arrival] : all) {
        while (arrival.bundle >= table.sources().end(row)) ++row;
        source = table.sources().source_of(row);
    }
    return all;
}

template <class Real, class Rule>
void RuleDelivery<Real, Rule>::keep_traces(std::vector<KeptTrace>& kept) const {
    for (std::size_t row = 0; row < sources_.size(); ++row)
        scheduling::keep(kept, KeptTrace::source, table.sources().source_of(row), sources_[row], 0);
    for (std::size_t cell = 0; cell < targets_.size(); ++cell) {
        auto fired = targets_[cell];
        if (fired.last != never_fired) fired.last -= late_;
        scheduling::keep(kept, KeptTrace::target, table.gids()[cell], fired, 0);
        if (late_ > 0)
            for (std::size_t k = 0; k < late_spikes_[cell].size(); ++k)  // each has other bits
                kept.push_back({KeptTrace::target, table.gids()[cell], late_spikes_[cell][k], 0, k});
    }
    auto const all = on_their_way();
    for (std::size_t k = 0, number = 0; k < all.size(); ++k) {
        auto const& arrival = all[k].second;
        bool const again =
            k > 0 && all[k - 1].second.bundle == arrival.bundle && all[k - 1].second.step == arrival.step;
        number = again ? number + 1 : 0;
        auto const delay = table.delay(arrival.bundle);
        scheduling::keep(kept, KeptTrace::on_its_way, all[k].first,
                         PlasticState<Source>{arrival.step - delay, arrival.traces},
                         arrival.previous == never_fired ? never_fired : arrival.previous - delay, number);
    }
}

template <class Real, class Rule>
bool RuleDelivery<Real, Rule>::fits(KeptTrace const& kept) const {
    switch (kept.owner) {
        case KeptTrace::source: return kept.index <= std::tuple_size_v<Source>;
        case KeptTrace::on_its_way: return true;
        case KeptTrace::target: return kept.index <= std::tuple_size_v<Target>;
        default: return false;
    }
}

template <class Real, class Rule>
void RuleDelivery<Real, Rule>::put_back(KeptTrace const& kept, Step now) {
    if (kept.owner == KeptTrace::target) {
        auto const at = std::lower_bound(table.gids().begin(), table.gids().end(), kept.gid);
        if (Kernel::learns && at != table.gids().end() && *at == kept.gid)
            put_back_target(static_cast<std::size_t>(at - table.gids().begin()), kept, now);
        return;
    }
    auto const row = table.sources().row_of(kept.gid);
    if (row == wiring::SourceIndex::none) return;
    if (kept.owner == KeptTrace::source) return scheduling::put_back(sources_[row], kept);
    auto const index = kept.index % (std::tuple_size_v<Source> + 1);
    for (auto b = table.sources().begin(row); b < table.sources().end(row); ++b) {
        auto const step = kept.step + table.delay(b);
        if (step < now) continue;
        auto& slot = slot_of(step);
        if (index == 0) {
            auto const previous = static_cast<Step>(kept.bits);
            slot.push_back({step, previous == never_fired ? never_fired : previous + table.delay(b), {}, b});
        } else if constexpr (std::tuple_size_v<Source> > 0) {
            auto const at = std::find_if(slot.rbegin(), slot.rend(),
                                         [&](auto const& a) { return a.step == step && a.bundle == b; });
            if (at != slot.rend()) at->traces[index - 1] = std::bit_cast<double>(kept.bits);
        }
    }
}

template <class Real, class Rule>
void RuleDelivery<Real, Rule>::put_back_target(std::size_t cell, KeptTrace kept, Step now) {
    now_ = now;
    auto const fired = kept.step;
    kept.step += late_;
    if (kept.step < now)
        scheduling::put_back(targets_[cell], kept);
    else if (late_ > 0 && kept.index == 0)
        late_spikes_[cell].push_back(fired);
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
