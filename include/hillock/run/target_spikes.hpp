// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// A spike of a target, and its traces just before.
template <class Traces>
struct TargetSpike {
    Step step;
    Traces traces;
};

/// The spikes of targets that their connections may not have taken yet. Kernels look at the newest one, and
/// whether there is another, at one place of memory.
template <class Kernel>
class TargetSpikes {
public:
    using Spike = TargetSpike<typename Kernel::Target>;

    /// The newest spike of a target, and the step of the one before it.
    struct alignas(std::bit_ceil(sizeof(Spike) + sizeof(Step))) Newest {
        Spike spike = {never_fired - 1, {}};
        Step before = never_fired - 1;
    };

    void resize(std::size_t targets) {
        newest_.assign(targets, {});
        lists_.assign(targets, {});
    }
    void add(std::size_t target, Spike const& spike) {
        lists_[target].push_back(spike);
        newest_[target] = {spike, newest_[target].spike.step};
    }
    void clear(std::size_t target) {
        lists_[target].clear();
        newest_[target] = {};
    }

    /// Whether there is one of any target.
    bool any() const {
        return std::any_of(lists_.begin(), lists_.end(), [](auto const& list) { return !list.empty(); });
    }

    HILLOCK_INLINE Newest const& newest(std::size_t target) const { return newest_[target]; }
    /// The last spike of a target, and the first one that is not before `step`. There is one.
    Spike const* last(std::size_t target) const { return &lists_[target].back(); }
    Spike const* first_from(std::size_t target, Step step) const {
        auto const& list = lists_[target];
        auto first = list.size() - 1;
        while (first > 0 && list[first - 1].step >= step) --first;
        return &list[first];
    }

    /// Takes one connection through the spikes of its target since an arrival, after which the source had
    /// these traces.
    template <class Real>
    HILLOCK_INLINE void take(Kernel const& kernel, Real& weight, std::size_t target, Step arrived,
                             typename Kernel::Source const& traces) const {
        auto const take = [&](Spike const& spike) {
            auto const source = kernel.source_after(traces, spike.step - arrived);
            kernel.take_target_spike(weight, source, spike.traces);
        };
        auto const& [newest, before] = newest_[target];
        if (newest.step < arrived) return;
        if (before >= arrived)
            for (auto* spike = first_from(target, arrived); spike != last(target); ++spike) take(*spike);
        take(newest);
    }

private:
    std::vector<Newest> newest_;             // of each place
    std::vector<std::vector<Spike>> lists_;  // of each place, by step
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
