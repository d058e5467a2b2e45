// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/model/plasticity/kernel.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/run/rule_delivery.hpp>
#include <hillock/run/voltage_delivery.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/plastic_table.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// A number that says which rule this is: what its type is called, and how many traces it has. All compilers
/// make the same one for all machines. Never 0.
template <PlasticityRule Rule>
std::uint64_t number_of_rule() {
    auto name = meta::type_name<Rule>();
    name = name.substr(0, name.find('<'));
    if (auto const outer = name.rfind("::"); outer != std::string_view::npos) name.remove_prefix(outer + 2);
    Digest digest;
    for (auto const letter : name) digest.add(static_cast<unsigned char>(letter));
    digest.add(std::tuple_size_v<typename plasticity::Kernel<Rule>::Source>);
    digest.add(std::tuple_size_v<typename plasticity::Kernel<Rule>::Target>);
    return std::max<std::uint64_t>(digest.value(), 1);
}

/// The numbers of a rule that a snapshot has to share.
template <PlasticityRule Rule>
std::vector<plasticity::Parameter> parameters_of(Rule const& rule) {
    if constexpr (requires { std::vector<plasticity::Parameter>(rule.parameters()); }) {
        return rule.parameters();
    } else {
        std::vector<plasticity::Parameter> all;
        for (auto const tau : rule.source_traces()) all.push_back({"a time constant of sources", tau});
        for (auto const tau : rule.target_traces()) all.push_back({"a time constant of targets", tau});
        if constexpr (requires { rule.dendritic; }) all.push_back({"dendritic", rule.dendritic});
        return all;
    }
}

/// The deliveries of a projection by a rule, to which its tables go over.
template <class Real, class Rule>
std::vector<std::unique_ptr<PlasticDelivery<Real>>> learning(std::vector<wiring::ConnectionTable<Real>>& made,
                                                             Rule const& rule, auto& world) {
    static_assert(PlasticityRule<Rule>,
                  "connect: the last argument must be a plasticity rule, such as Stdp{}: see "
                  "model/plasticity/concepts.hpp");
    using Kernel = plasticity::Kernel<Rule>;
    Kernel const kernel(rule, world.grid.dt());
    std::vector<std::unique_ptr<PlasticDelivery<Real>>> all;
    for (auto& table : made) {
        require(!table.takes_events(),
                "connect: synapse {} takes its events one by one: its connections cannot be plastic",
                table.synapse());
        for (auto const weight : table.weights()) kernel.check(static_cast<double>(weight));
    }
    for (auto rest = std::span(made); !rest.empty();) {
        auto const other = std::find_if(rest.begin(), rest.end(), [&](auto const& table) {
            return table.population() != rest[0].population() || table.synapse() != rest[0].synapse();
        });
        auto const same = rest.first(static_cast<std::size_t>(other - rest.begin()));
        rest = rest.subspan(same.size());
        world.populations.with(same[0].population(), [&](auto const& population) {
            wiring::PlasticTable<Real> table(same, Kernel::learns,
                                             [&](std::size_t cell) { return population.gid(cell); });
            require(kernel.lateness(table.greatest_delay()) == 0 ||
                        table.least_delay() == table.greatest_delay(),
                    "connect: delays from {} to {} ms and a dendritic share of them: must be one delay",
                    world.grid.time_of(table.least_delay()), world.grid.time_of(table.greatest_delay()));
            if constexpr (Kernel::follows_voltage)
                all.push_back(std::make_unique<VoltageDelivery<Real, Rule>>(std::move(table), kernel, rule,
                                                                            world.grid.dt()));
            else
                all.push_back(std::make_unique<RuleDelivery<Real, Rule>>(std::move(table), kernel));
        });
    }
    return all;
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
