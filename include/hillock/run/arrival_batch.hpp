// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// A spike of a target, and its traces just before.
template <class Traces>
struct TargetSpike {
    Step step;
    Traces traces;
};

/// A target as its connections see it: its last spike, its traces just after that, and those spikes that
/// connections may not have taken yet, the newest first. With one trace it is one cache line.
template <class Traces>
struct alignas(64) PlasticTarget : PlasticState<Traces> {
    static constexpr std::size_t count = 3;

    PlasticTarget() : PlasticState<Traces>{never_fired, {}} { forget_recent(); }
    void remember(TargetSpike<Traces> const& spike) {
        for (auto k = count - 1; k > 0; --k) recent[k] = recent[k - 1];
        recent[0] = spike;
    }
    void forget_recent() { recent.fill({never_fired - 1, {}}); }
    bool fired_since(Step step) const { return recent[0].step >= step; }
    /// How many of the recent spikes are not before a step. If all are, there may be older ones.
    std::uint32_t recent_since(Step step) const {
        std::uint32_t n = 0;
        for (auto const& spike : recent) n += spike.step >= step;
        return n;
    }

    std::array<TargetSpike<Traces>, count> recent;
};

/// A spike of a source that reaches a bundle.
template <class Traces>
struct PlasticArrival {
    Step step, previous;  // this one, and the one before
    Traces traces;        // just after the one before
    std::uint32_t bundle;
};

/// Some arrivals of a step, which change the weights of their connections side by side: no connection is
/// among them twice. Events are applied in passes, each a plain loop over numbers that have been laid side by
/// side: a branch that nobody can foresee, whether a target has fired, is in none of them, and a pass waits
/// for all that it needs of memory at once. Weights are those of events taken one by one, to the bit.
template <class Real, class Kernel>
class ArrivalBatch {
    using Source = typename Kernel::Source;
    using Target = typename Kernel::Target;
    using Arrival = PlasticArrival<Source>;

public:
    ArrivalBatch(Kernel const& kernel, std::uint32_t const* targets, Real* weights,
                 PlasticTarget<Target> const* states)
        : kernel_{kernel}, targets_{targets}, weights_{weights}, states_{states} {}

    bool empty() const { return size_ == 0; }
    bool is_full() const { return size_ == capacity; }

    /// Takes connections from `from` on, at most up to `to`, whose targets are before `last`, as long as
    /// there is room; returns the first one that it has not taken.
    std::uint32_t add(Arrival const& arrival, std::uint32_t from, std::uint32_t to, std::size_t last) {
        auto const begin = size_;
        auto end = begin;
        to = std::min(to, from + static_cast<std::uint32_t>(capacity - begin));
        for (; from < to && targets_[from] < last; ++from, ++end) {
            connection_[end] = from;
            cell_[end] = targets_[from];
        }
        size_ = end;
        auto const now = kernel_.source_after(arrival.traces, arrival.step - arrival.previous);
        for (std::size_t k = 0; k < now.size(); ++k)
            std::fill(source_[k].data() + begin, source_[k].data() + end, now[k]);
        if constexpr (Kernel::learns_at_spikes) {
            std::fill(arrival_.data() + begin, arrival_.data() + end, &arrival);
            auto n = touched_size_;
            for (auto e = begin; e < end; ++e) {
                touched_[n] = static_cast<std::uint32_t>(e);
                n += states_[cell_[e]].fired_since(arrival.previous);
            }
            touched_size_ = n;
        }
        return from;
    }

    /// Lets all arrive, and becomes empty. `traces_of(cell)` are those of a target now; `take_all(weight,
    /// cell, arrival)` applies all its spikes since the arrival before.
    void arrive(Real* sums, auto const& traces_of, auto const& take_all) {
        if constexpr (Kernel::learns_at_spikes) take_target_spikes(take_all);
        if constexpr (Kernel::learns_at_arrivals) {
            for (std::size_t e = 0; e < size_; ++e) {
                weight_[e] = static_cast<double>(weights_[connection_[e]]);
                put(target_, e, traces_of(cell_[e]));
            }
            for_each(size_, source_, [&](auto const& w, auto const& x, auto const& y) {
                return kernel_.on_arrival(w, x, y);
            });
        }
        for (std::size_t e = 0; e < size_; ++e) {
            auto& weight = weights_[connection_[e]];
            if constexpr (Kernel::learns_at_arrivals) weight = static_cast<Real>(weight_[e]);
            auto const w = static_cast<double>(weight);
            sums[cell_[e]] += static_cast<Real>(kernel_.transmitted(w, at<Source>(source_, e)));
        }
        size_ = touched_size_ = 0;
    }

private:
    static constexpr std::size_t capacity = 128;
    template <class Traces>
    using Columns = std::array<std::array<double, capacity>, std::tuple_size_v<Traces>>;

    static void put(auto& columns, std::size_t e, auto const& traces) {
        for (std::size_t k = 0; k < traces.size(); ++k) columns[k][e] = traces[k];
    }
    template <class Traces>
    static Traces at(Columns<Traces> const& columns, std::size_t e) {
        Traces traces{};
        for (std::size_t k = 0; k < traces.size(); ++k) traces[k] = columns[k][e];
        return traces;
    }

    /// Applies the spikes of targets: first the oldest one of each connection, then the next one.
    void take_target_spikes(auto const& take_all) {
        std::size_t n = 0;
        for (std::size_t t = 0; t < touched_size_; ++t) {
            auto const e = touched_[t];
            auto const count = states_[cell_[e]].recent_since(arrival_[e]->previous);
            if (count == PlasticTarget<Target>::count) {
                take_all(weights_[connection_[e]], cell_[e], *arrival_[e]);
                continue;
            }
            touched_[n] = e;
            left_[n] = count;
            lay_out(n++);
        }
        while (n > 0) {
            for_each(n, source_then_, [&](auto const& w, auto const& x, auto const& y) {
                return kernel_.on_target_spike(w, x, y);
            });
            std::size_t more = 0;
            for (std::size_t t = 0; t < n; ++t) {
                weights_[connection_[touched_[t]]] = static_cast<Real>(weight_[t]);
                auto const left = left_[t] - 1;
                touched_[more] = touched_[t];
                left_[more] = left;
                more += left > 0;
            }
            n = more;
            for (std::size_t t = 0; t < n; ++t) lay_out(t);
        }
    }

    /// Lays out the oldest spike that is left to a touched connection.
    HILLOCK_INLINE void lay_out(std::size_t t) {
        auto const e = touched_[t];
        auto const* const arrival = arrival_[e];
        auto const& spike = states_[cell_[e]].recent[left_[t] - 1];
        weight_[t] = static_cast<double>(weights_[connection_[e]]);
        put(source_then_, t, kernel_.source_after(arrival->traces, spike.step - arrival->previous));
        put(target_, t, spike.traces);
    }

    /// weight = f(weight, x, y) for the first `n`, in lanes where the rule takes them.
    HILLOCK_INLINE void for_each(std::size_t n, Columns<Source> const& source, auto const& f) {
        if constexpr (Kernel::takes_lanes) {
            using L = typename Kernel::Lane;
            for (; n % L::width != 0; ++n) {  // numbers that do no harm
                weight_[n] = 0;
                for (auto& column : target_) column[n] = 0;
            }
            for (std::size_t e = 0; e < n; e += L::width) {
                typename Kernel::SourceLanes x;
                typename Kernel::TargetLanes y;
                for (std::size_t k = 0; k < x.size(); ++k) x[k] = L::load(source[k].data() + e);
                for (std::size_t k = 0; k < y.size(); ++k) y[k] = L::load(target_[k].data() + e);
                f(L::load(weight_.data() + e), x, y).store(weight_.data() + e);
            }
        } else {
            for (std::size_t e = 0; e < n; ++e)
                weight_[e] = f(weight_[e], at<Source>(source, e), at<Target>(target_, e));
        }
    }

    Kernel const& kernel_;
    std::uint32_t const* targets_;
    Real* weights_;
    PlasticTarget<Target> const* states_;
    std::size_t size_ = 0, touched_size_ = 0;
    std::array<std::uint32_t, capacity> connection_, cell_, left_;  // left_: spikes, by number of touched
    std::array<std::uint32_t, capacity + 1> touched_;  // those whose targets have fired since, by number
    std::array<Arrival const*, capacity> arrival_;
    alignas(simd::alignment) std::array<double, capacity> weight_;
    alignas(simd::alignment) Columns<Source> source_, source_then_;  // traces now, at spikes of targets
    alignas(simd::alignment) Columns<Target> target_;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
