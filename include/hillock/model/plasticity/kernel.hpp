// SPDX-License-Identifier: MIT
#pragma once

/// A plasticity rule on the grid of a network's steps.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::plasticity {

/// exp(-n dt/tau) for whole n, from two small tables: within 1.5 ULP, and less time than `exp`.
class Decay {
public:
    Decay(double tau, double dt) : rate_{dt / tau} {
        for (std::size_t k = 0; k < size; ++k) {
            fine_[k] = std::exp(-rate_ * static_cast<double>(k));
            coarse_[k] = std::exp(-rate_ * static_cast<double>(k * size));
        }
    }

    HILLOCK_INLINE double operator()(Step steps) const {
        auto const n = static_cast<std::uint64_t>(steps);
        if (n < size * size) return coarse_[n / size] * fine_[n % size];
        return over_many(steps);
    }

private:
    [[gnu::noinline]] double over_many(Step steps) const {
        auto const x = rate_ * static_cast<double>(steps);
        return x < longest ? std::exp(-x) : 0;
    }

    static constexpr std::size_t size = 512;
    static constexpr double longest = 746;  // exp(-x) is 0, for `exp` by the slowest of its ways

    double rate_;
    std::array<double, size> fine_, coarse_;
};

/// A rule with its decays, and a default for what it leaves out.
template <PlasticityRule Rule>
class Kernel {
    static constexpr auto source_count = std::tuple_size_v<decltype(std::declval<Rule>().source_traces())>;
    static constexpr auto target_count = std::tuple_size_v<decltype(std::declval<Rule>().target_traces())>;

public:
    using Source = Traces<source_count>;
    using Target = Traces<target_count>;

    static constexpr bool learns_at_arrivals =
        requires(Rule const r, Source x, Target y) { r.on_arrival(1., x, y); };
    static constexpr bool learns_at_spikes =
        requires(Rule const r, Source x, Target y) { r.on_target_spike(1., x, y); };
    /// Whether the number of a target says what its voltage does, and does not decay.
    static constexpr bool follows_voltage = requires(Rule const r) { r.voltage_traces(); };
    static constexpr bool learns = learns_at_arrivals || learns_at_spikes;

    /// Whether the rule is given weights and traces side by side: its functions are templates that take them.
    static constexpr bool takes_lanes =
        requires(Rule const r, simd::Lane<double> w, Traces<source_count, simd::Lane<double>> x,
                 Traces<target_count, simd::Lane<double>> y) {
            r.on_arrival(w, x, y);
            r.on_target_spike(w, x, y);
        };

    Kernel(Rule const& rule, double dt)
        : rule_{checked(rule, dt)},
          source_{decays(rule.source_traces(), dt, "source", std::make_index_sequence<source_count>())},
          target_{decays(rule.target_traces(), dt, "target", std::make_index_sequence<target_count>())} {}

    void check(double weight) const {
        if constexpr (requires { rule_.check(weight); }) rule_.check(weight);
    }

    /// How much later than it fires, in steps, a target seems to fire where spikes arrive.
    Step lateness(Step delay) const { return 2 * std::lround(dendritic(rule_) * static_cast<double>(delay)); }

    HILLOCK_INLINE Source source_after(Source x, Step steps) const { return decayed(x, source_, steps); }
    HILLOCK_INLINE Target target_after(Target y, Step steps) const {
        return follows_voltage ? y : decayed(y, target_, steps);
    }
    void source_spike(Source& x) const {
        if constexpr (requires { rule_.source_spike(x); })
            rule_.source_spike(x);
        else
            for (auto& trace : x) trace += 1;
    }
    void target_spike(Target& y) const {
        if constexpr (requires { rule_.target_spike(y); })
            rule_.target_spike(y);
        else
            for (auto& trace : y) trace += 1;
    }

    /// The rule alone: small enough for a loop to have a copy, which no store of the loop can change.
    Rule const& rule() const { return rule_; }

    /// The weight after an event, of a number or of lanes.
    template <class Number>
    HILLOCK_INLINE static Number on_arrival(Rule const& rule, Number w, Traces<source_count, Number> const& x,
                                            Traces<target_count, Number> const& y) {
        if constexpr (learns_at_arrivals)
            return rule.on_arrival(w, x, y);
        else
            return w;
    }
    template <class Number>
    HILLOCK_INLINE static Number on_target_spike(Rule const& rule, Number w,
                                                 Traces<source_count, Number> const& x,
                                                 Traces<target_count, Number> const& y) {
        if constexpr (learns_at_spikes)
            return rule.on_target_spike(w, x, y);
        else
            return w;
    }
    /// Takes one connection through an event, with the bits that it would have among lanes.
    template <class Real>
    void arrive(Real& weight, Source const& x, Target const& y) const {
        weight =
            one_alone<Real>(weight, x, y, [&](auto const&... event) { return on_arrival(rule_, event...); });
    }
    template <class Real>
    void take_target_spike(Real& weight, Source const& x, Target const& y) const {
        weight = one_alone<Real>(weight, x, y,
                                 [&](auto const&... event) { return on_target_spike(rule_, event...); });
    }
    double transmitted(double w, Source const& x) const {
        if constexpr (requires { rule_.transmitted(w, x); })
            return rule_.transmitted(w, x);
        else
            return w;
    }

private:
    /// A rule whose parameters are legal. Its own messages come before those on what it makes of them.
    static Rule const& checked(Rule const& rule, [[maybe_unused]] double dt) {
        if constexpr (requires { rule.check(); }) rule.check();
        require(dendritic(rule) >= 0 && dendritic(rule) <= 1,
                "{}: dendritic {}: must be from 0 to 1, a share of the delay", meta::type_name<Rule>(),
                dendritic(rule));
        if constexpr (follows_voltage) {
            char const* name = "voltage_delay()";
            if constexpr (requires { Rule::voltage_delay_name; }) name = Rule::voltage_delay_name;
            auto const delay = rule.voltage_delay();
            auto const longest = static_cast<double>(longest_voltage_delay) * dt;
            require(delay >= 0 && delay <= longest,
                    "{}: {} {} ms: must be from 0 to {} ms, which are {} steps", meta::type_name<Rule>(),
                    name, delay, longest, longest_voltage_delay);
        }
        return rule;
    }

    template <class Real>
    static Real one_alone(Real weight, Source const& x, Target const& y, auto const& after) {
        if constexpr (takes_lanes) {
            using One = simd::Lane<Real, simd::scalar>;
            return after(One(weight), numbers<One>(x), numbers<One>(y)).raw;
        } else {
            return static_cast<Real>(after(static_cast<double>(weight), x, y));
        }
    }
    template <class Number, std::size_t N>
    static Traces<N, Number> numbers(Traces<N> const& traces) {
        Traces<N, Number> made;
        for (std::size_t k = 0; k < N; ++k) made[k] = Number(traces[k]);
        return made;
    }

    static double dendritic(Rule const& rule) {
        if constexpr (requires { rule.dendritic; })
            return rule.dendritic;
        else
            return 0;
    }

    template <std::size_t N>
    HILLOCK_INLINE static Traces<N> decayed(Traces<N> traces, std::array<Decay, N> const& decays,
                                            Step steps) {
        for (std::size_t k = 0; k < N; ++k) traces[k] *= decays[k](steps);
        return traces;
    }

    template <std::size_t... K>
    static std::array<Decay, sizeof...(K)> decays(Traces<sizeof...(K)> const& taus,
                                                  [[maybe_unused]] double dt, char const* whose,
                                                  std::index_sequence<K...>) {
        for (auto const tau : taus)
            require(tau > 0 && std::isfinite(tau),
                    "{}: time constant {} ms of a trace of the {}: must be positive and finite",
                    meta::type_name<Rule>(), tau, whose);
        return {Decay(taus[K], dt)...};
    }

    static constexpr Step longest_voltage_delay = 1 << 14;  // steps: their voltages are kept for each target

    Rule rule_;
    std::array<Decay, source_count> source_;
    std::array<Decay, target_count> target_;
};

}  // namespace hillock::inline HILLOCK_ISA::plasticity
