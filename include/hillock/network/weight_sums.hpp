// SPDX-License-Identifier: MIT
#pragma once

/// Sums of a network's weights by target: read, and set.

#include <cstdint>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/network.hpp>
#include <hillock/wiring/weights.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Real, class Arch, class... C>
std::vector<WeightSum> basic_network<Real, Arch, C...>::weight_sums(Projection projection) {
    lifecycle_.require_idle("weight_sums");
    require_known(projection);
    auto const* const unstored = scheduler_.template find<Unstored>();
    require(!unstored || !unstored->has(projection),
            "weight_sums: projection {} is procedural: its weights are not kept", projection);
    bool takes_events = false;
    connected().for_each_table(projection, [&](auto& table) { takes_events |= table.takes_events(); });
    if (takes_events) connected().show_weights(world(), projection);
    std::vector<double> sums(size());
    std::vector<std::uint8_t> reached(size());
    for_each_connection(projection, [&](Gid, Gid target, Real const& weight, Step) {
        sums[target] += static_cast<double>(weight);
        reached[target] = 1;
    });
    std::vector<WeightSum> all;
    for (Gid target = 0; target < reached.size(); ++target)
        if (reached[target]) all.push_back({target, sums[target]});
    return all;
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::normalise(Projection projection, double sum) {
    require(precision::is_finite<Real>(sum), "normalise: sum {}: must be {}", sum, precision::finite<Real>);
    std::vector<double> factors(size(), 1);
    for (auto const& now : weight_sums(projection)) {
        if (now.sum == 0) continue;
        factors[now.target] = sum / now.sum;
        require(factors[now.target] >= 0 && precision::is_finite<Real>(factors[now.target]),
                "normalise: the weights onto cell {} have the sum {}, which cannot become {}", now.target,
                now.sum, sum);
    }
    connected().for_each_table(projection, [&](auto& table) {
        require(table.has_own_weights(),
                "normalise: the connections of projection {} share one weight; give them their own, by a "
                "function",
                projection);
    });
    auto const scaled = [&](Gid target, Real weight) {
        return static_cast<double>(weight) * factors[target];
    };
    for_each_connection(projection, [&](Gid, Gid target, Real const& weight, Step) {
        require(precision::is_finite<Real>(scaled(target, weight)),
                "normalise: a weight {} onto cell {} would become {}: must be {}", weight, target,
                scaled(target, weight), precision::finite<Real>);
    });
    weights(projection);  // takes note that they change
    for_each_connection<true>(projection, [&](Gid, Gid target, Real& weight, Step) {
        weight = static_cast<Real>(scaled(target, weight));
    });
}

}  // namespace hillock::inline HILLOCK_ISA
