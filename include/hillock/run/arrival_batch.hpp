// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/run/target_spikes.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// A spike of a source that reaches a bundle.
template <class Traces>
struct PlasticArrival {
    Step step, previous;  // this one, and the one before
    Traces traces;        // just after the one before
    std::uint32_t bundle;
};

/// Changes the weights of connections of one bundle, which stand side by side, at an arrival. Events are
/// applied in passes, each a plain loop over numbers that have been laid side by side: a branch that nobody
/// can foresee, whether a target has fired, is in none of them, and a pass waits for all that it needs of
/// memory at once. Weights are those of events taken one by one, to the bit.
template <class Real, class Kernel>
class ArrivalBatch {
    using Source = typename Kernel::Source;
    using Target = typename Kernel::Target;
    using Arrival = PlasticArrival<Source>;

public:
    static constexpr std::size_t capacity = 128;

    ArrivalBatch(Kernel const& kernel, TargetSpikes<Kernel> const& spikes)
        : kernel_{kernel}, spikes_{spikes} {}

    /// Lets a spike arrive at `n` connections, at most `capacity`. `traces_of(target)` are those now.
    [[gnu::noinline]] void arrive(Arrival const& arrival, std::uint32_t const* targets, Real* weights,
                                  std::size_t n, Real* sums, auto const& traces_of) {
        for (std::size_t e = 0; e < n; ++e) newest_.weight[e] = static_cast<Element>(weights[e]);
        if constexpr (Kernel::learns_at_spikes) take_target_spikes(arrival, targets, n);
        auto const now = kernel_.source_after(arrival.traces, arrival.step - arrival.previous);
        if constexpr (Kernel::learns_at_arrivals) {
            for (std::size_t e = 0; e < n; ++e) put(newest_.target, e, traces_of(targets[e]));
            newest_.pad(n);
            std::array<Number, std::tuple_size_v<Source>> x;
            for (std::size_t k = 0; k < x.size(); ++k) x[k] = Number(now[k]);
            auto const rule = kernel_.rule();
            for (std::size_t e = 0; e < n; e += width)
                store(newest_.weight, e,
                      Kernel::on_arrival(rule, load(newest_.weight, e), x, load(newest_.target, e)));
        }
        for (std::size_t e = 0; e < n; ++e) {
            weights[e] = static_cast<Real>(newest_.weight[e]);
            auto const w = static_cast<double>(weights[e]);
            sums[targets[e]] += static_cast<Real>(kernel_.transmitted(w, now));
        }
    }

private:
    /// A rule that takes lanes computes in the network's number; another one in double precision.
    using Number = std::conditional_t<Kernel::takes_lanes, simd::Lane<Real>, double>;
    using Element = std::conditional_t<Kernel::takes_lanes, Real, double>;
    static constexpr std::size_t width = Kernel::takes_lanes ? simd::Lane<Real>::width : 1;

    using Column = std::array<Element, capacity>;
    template <class Traces>
    using Columns = std::array<Column, std::tuple_size_v<Traces>>;

    HILLOCK_INLINE static Number load(Column const& column, std::size_t e) {
        if constexpr (Kernel::takes_lanes)
            return Number::load(column.data() + e);
        else
            return column[e];
    }
    template <std::size_t N>
    HILLOCK_INLINE static std::array<Number, N> load(std::array<Column, N> const& columns, std::size_t e) {
        std::array<Number, N> numbers;
        for (std::size_t k = 0; k < N; ++k) numbers[k] = load(columns[k], e);
        return numbers;
    }
    HILLOCK_INLINE static void store(Column& column, std::size_t e, Number number) {
        if constexpr (Kernel::takes_lanes)
            number.store(column.data() + e);
        else
            column[e] = number;
    }
    HILLOCK_INLINE static void put(auto& columns, std::size_t e, auto const& traces) {
        for (std::size_t k = 0; k < traces.size(); ++k) columns[k][e] = static_cast<Element>(traces[k]);
    }
    static Element rounded(Element weight) { return static_cast<Element>(static_cast<Real>(weight)); }

    /// Events at connections, one each.
    struct alignas(simd::alignment) Events {
        Column weight;
        Columns<Source> source;
        Columns<Target> target;

        /// Puts numbers that do no harm after the first `n`, up to whole lanes.
        void pad(std::size_t n) {
            for (; n % width != 0; ++n) {
                weight[n] = 0;
                for (auto& column : source) column[n] = 0;
                for (auto& column : target) column[n] = 0;
            }
        }
    };

    HILLOCK_INLINE static Number after_target_spike(auto const& rule, Events const& events, std::size_t e) {
        return Kernel::on_target_spike(rule, load(events.weight, e), load(events.source, e),
                                       load(events.target, e));
    }

    /// Applies the spikes of targets since the arrival before: the newest ones after all others.
    [[gnu::noinline]] void take_target_spikes(Arrival const& arrival, std::uint32_t const* targets,
                                              std::size_t n) {
        std::size_t some = 0;
        for (std::size_t e = 0; e < n; ++e) {
            auto const& [newest, before] = spikes_.newest(targets[e]);
            auto const steps = newest.step - arrival.previous;
            auto const silent = steps >> 63;  // all bits if it is before the arrival before, else no bit
            silent_[e] = static_cast<Element>(static_cast<int>(silent));
            put(newest_.source, e, kernel_.source_after(arrival.traces, steps & ~silent));
            put(newest_.target, e, newest.traces);
            twice_[some] = static_cast<std::uint32_t>(e);
            some += before >= arrival.previous;
        }
        if (some > 0) take_earlier_spikes(arrival, targets, some);
        newest_.pad(n);
        for (auto e = n; e % width != 0; ++e) silent_[e] = 0;
        auto const rule = kernel_.rule();
        for (std::size_t e = 0; e < n; e += width) {
            auto const changed = after_target_spike(rule, newest_, e);
            store(newest_.weight, e, choose(load(silent_, e) < Number(0), load(newest_.weight, e), changed));
        }
        if constexpr (!std::is_same_v<Element, Real>)
            for (std::size_t e = 0; e < n; ++e) newest_.weight[e] = rounded(newest_.weight[e]);
    }

    /// Applies those before the newest one, of the first `n` of `twice_`: first the oldest one of each
    /// connection, then the next one.
    [[gnu::noinline]] void take_earlier_spikes(Arrival const& arrival, std::uint32_t const* targets,
                                               std::size_t n) {
        for (std::size_t t = 0; t < n; ++t)
            next_[t] = spikes_.first_from(targets[twice_[t]], arrival.previous);
        auto const rule = kernel_.rule();
        while (n > 0) {
            for (std::size_t t = 0; t < n; ++t) {
                earlier_.weight[t] = newest_.weight[twice_[t]];
                put(earlier_.source, t,
                    kernel_.source_after(arrival.traces, next_[t]->step - arrival.previous));
                put(earlier_.target, t, next_[t]->traces);
            }
            earlier_.pad(n);
            for (std::size_t t = 0; t < n; t += width)
                store(earlier_.weight, t, after_target_spike(rule, earlier_, t));
            std::size_t left = 0;
            for (std::size_t t = 0; t < n; ++t) {
                auto const e = twice_[t];
                newest_.weight[e] = rounded(earlier_.weight[t]);
                twice_[left] = e;
                next_[left] = next_[t] + 1;
                left += next_[left] != spikes_.last(targets[e]);
            }
            n = left;
        }
    }

    Kernel const& kernel_;
    TargetSpikes<Kernel> const& spikes_;
    Events newest_, earlier_;
    alignas(simd::alignment) Column silent_;         // -1 where the target has not fired since then, else 0
    std::array<std::uint32_t, capacity + 1> twice_;  // those whose targets have more than once
    std::array<TargetSpike<Target> const*, capacity + 1> next_;  // spikes of these
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
