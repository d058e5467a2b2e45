// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/run/rule_delivery.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Plastic connections by a rule that follows the voltage of their targets. A step in which the voltage
/// potentiates is to them what a spike of the target is to others; the number of a target that arrivals see
/// is the depression that its voltage asks for.
template <class Real, class Rule>
class VoltageDelivery final : public RuleDelivery<Real, Rule> {
    using Base = RuleDelivery<Real, Rule>;
    using Followed = decltype(std::declval<Rule>().voltage_traces());
    using PlasticDelivery<Real>::table;

public:
    VoltageDelivery(wiring::PlasticTable<Real> made, plasticity::Kernel<Rule> const& kernel, Rule const& rule,
                    double dt)
        : Base(std::move(made), kernel),
          rule_{rule},
          dt_{dt},
          delay_{static_cast<std::size_t>(std::lround(rule.voltage_delay() / dt))} {
        part_ = rule.voltage_traces();
        for (auto& tau : part_) tau = -std::expm1(-dt / tau);
        forget();
    }
    std::unique_ptr<PlasticDelivery<Real>> clone() const override {
        return std::make_unique<VoltageDelivery>(*this);
    }

    void fire(std::size_t, std::size_t, Step) override {}

    bool follows_voltage() const override { return true; }
    void follow(std::size_t part, std::size_t first, std::size_t last, Step step, Real const* v) override {
        last = std::min(last, table.width());
        for (auto cell = first; cell < last; ++cell) {
            auto const mV = static_cast<double>(v[cell - first]);
            auto* const ring = &followed_[cell * (delay_ + 1)];
            if (std::isnan(ring[0][0])) {
                Followed begin;
                begin.fill(mV);
                std::fill_n(ring, delay_ + 1, begin);
            }
            auto u = ring[place_of(step + static_cast<Step>(delay_))];
            rule_.follow(u, part_, mV);
            ring[place_of(step)] = u;
            auto const& before = ring[place_of(step + 1)];
            auto& target = this->targets_[cell];
            target.traces = {rule_.depression(u, before)};
            auto const more = rule_.potentiation(before, mV, dt_);
            if (more == 0) continue;
            target.last = step;
            this->remember(part, cell, {step, {more}});
        }
    }

    void forget() override {
        Base::forget();
        Followed unknown;
        unknown.fill(std::numeric_limits<double>::quiet_NaN());
        followed_.assign(table.width() * (delay_ + 1), unknown);
    }

    void keep_traces(std::vector<KeptTrace>& kept) const override {
        Base::keep_traces(kept);
        for (std::size_t cell = 0; cell < table.width(); ++cell)
            for (std::size_t k = 0; k <= delay_; ++k)
                for (std::size_t n = 0; n < count; ++n)
                    kept.push_back({KeptTrace::voltage, table.gids()[cell], 0, k * count + n,
                                    std::bit_cast<std::uint64_t>(followed_[cell * (delay_ + 1) + k][n])});
    }
    bool fits(KeptTrace const& kept) const override {
        return kept.owner == KeptTrace::voltage ? kept.index / count <= delay_ : Base::fits(kept);
    }
    void put_back(KeptTrace const& kept, Step now) override {
        if (kept.owner != KeptTrace::voltage) return Base::put_back(kept, now);
        auto const at = std::lower_bound(table.gids().begin(), table.gids().end(), kept.gid);
        if (at == table.gids().end() || *at != kept.gid || kept.index / count > delay_) return;
        auto const cell = static_cast<std::size_t>(at - table.gids().begin());
        followed_[cell * (delay_ + 1) + kept.index / count][kept.index % count] =
            std::bit_cast<double>(kept.bits);
    }

private:
    static constexpr std::size_t count = std::tuple_size_v<Followed>;

    /// Where the numbers of a step are; those of the step `delay_` before are after them.
    std::size_t place_of(Step step) const { return static_cast<std::size_t>(step) % (delay_ + 1); }

    Rule rule_;
    double dt_;
    std::size_t delay_;               // steps
    Followed part_;                   // of a difference, that a step takes away
    std::vector<Followed> followed_;  // of each place: those of the last steps, NaN before the first
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
