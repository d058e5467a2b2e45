// SPDX-License-Identifier: MIT
#pragma once

/// The names of cells with sections, and which values tabulated rates allow them.

#include <cstddef>
#include <string>
#include <tuple>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/population/membrane.hpp>
#include <hillock/population/schema.hpp>
#include <hillock/population/sectioned_step.hpp>
#include <hillock/population/step.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class L, class C>
void SectionedStep<L, C>::describe(Schema<Real>& schema, simd::Column<Real>& v_init, auto& population) {
    using Owner = std::remove_reference_t<decltype(population)>;
    // The number that f finds at a place of channel or group k of the population.
    auto const derived = [&]<std::size_t k, bool is_channel>(auto f) {
        return Derived{[](void* owner, std::size_t cell, std::size_t place) {
                           auto const at = [&](auto& step, Real* rows) {
                               return step.template number_at<k, is_channel>(cell, rows, place,
                                                                             decltype(f){});
                           };
                           return static_cast<Owner*>(owner)->found(cell, at);
                       },
                       &population};
    };
    schema.add_cell_columns(v_init, parts_);
    meta::unroll<Parts::channel_count>([&](auto k) { schema.template add_channel<k>(parts_); });
    meta::unroll<Parts::group_count>([&](auto k) {
        auto const f = [](auto const& block, std::size_t place) {
            return conductance<decltype(k)::value>(block, place);
        };
        schema.template add_synapses<k>(parts_, derived.template operator()<k, false>(f));
    });
    schema.add_celsius(parts_.celsius);
    meta::unroll<Parts::channel_count>([&](auto k) {
        using M = typename Parts::template ChannelAt<k>;
        if constexpr (carries_current<M, L>) {
            auto const f = [](auto const& block, std::size_t place) {
                return current_at(block.template channel<decltype(k)::value>(place));
            };
            schema.template add_current<M>(std::string(M::name), "mA/cm2", parts_.channel_nodes[k],
                                           derived.template operator()<k, true>(f));
        }
    });
    meta::unroll<Parts::group_count>([&](auto k) {
        using M = typename Parts::template SynapseAt<k>;
        if constexpr (carries_current<M, L>) {
            auto const f = [](auto const& block, std::size_t place) {
                return current_at(block.template synapse<decltype(k)::value>(place));
            };
            schema.template add_current<M>("synapses", "nA", parts_.synapse_nodes[k],
                                           derived.template operator()<k, false>(f), parts_.first_synapse[k]);
        }
    });
    describe_membrane(schema, population);
}

template <class L, class C>
void SectionedStep<L, C>::require_free(Parameter const& parameter, double value) const {
    meta::unroll<Parts::channel_count>([&](auto k) {
        auto const& channel = std::get<k>(parts_.channels);
        if (&channel != parameter.store.parameters) return;
        auto changed = channel.shared();
        Free const asked{k, parameter.field, value};
        if (free_ == asked) return;
        auto const field = changed.parameters()[parameter.field];
        changed.*field.member = value;
        prepare(changed, dt_);
        require(std::get<k>(parts_.rates).serves(changed),
                "{}.{} = {}: the rates are tabulated for {}; give the value where the channel is inserted",
                changed.name, field.name, value, channel.shared().*field.member);
        free_ = asked;
    });
}

}  // namespace hillock::inline HILLOCK_ISA::population
