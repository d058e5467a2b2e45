// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/gating.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The places at which a channel advances together: the blocks of cells of one compartment, or the nodes of
/// one block. Both are said in numbers, so that one piece of code serves both.
template <class C, class L>
struct GatePlaces {
    using Real = typename L::value_type;

    C const* channels;
    std::size_t channel_stride;
    Real const* v;
    std::size_t const* nodes;  // of each place, or none: the places are `v_stride` apart
    std::size_t v_stride;
    Real* states;
    std::size_t state_stride;  // from place to place

    struct Place {
        C const& mechanism;
        Real const* voltage;
        Real* states;

        L v() const { return L::load(voltage); }
        typename C::State state() const { return members::load_states<C, L>(states); }
        void store(typename C::State const& state) const { members::store_states<C, L>(state, states); }
    };
    Place operator()(std::size_t k) const {
        return {channels[k * channel_stride], v + (nodes ? nodes[k] * L::width : k * v_stride),
                states + k * state_stride};
    }
};

/// The states of a channel of lanes `C`, with its rates by `Rates`, from one step to the next, at many
/// places: blocks of cells, or nodes of one block. Its gates go in two passes over a few places, their rates
/// first, then their exponentials side by side: a processor looks less than a hundred instructions ahead for
/// one that it can begin, so it gets more done at once in two short chains than in the long one from V to the
/// gates.
template <class L, class C, class Rates>
class Gates {
    using Real = typename L::value_type;

public:
    /// A step of `dt` ms at the places 0 ... count-1. `at(k)` is the view of place k
    /// (PlaceView).
    static void advance(Rates const& rates, double dt, std::size_t count, auto const& at) {
        if constexpr (advances_by_itself) {
            advance_states(dt, count, at);
        } else if constexpr (std::tuple_size_v<Found> > 0) {
            std::array<Found, together> gates;
            for (std::size_t first = 0; first < count; first += together) {
                auto const last = std::min(first + together, count);
                find(rates, first, last, at, gates);
                relax(dt, first, last, at, gates);
            }
        }
    }

    /// The steady states at place 0.
    static void rest(Rates const& rates, auto const& at) {
        if constexpr (std::tuple_size_v<Found> > 0) {
            std::array<Found, together> gates;
            find(rates, 0, 1, at, gates);
            meta::unroll<std::tuple_size_v<Found>>(
                [&](auto n) { std::get<n>(gates[0]).inf.store(at(0).states + n * L::width); });
        }
    }

private:
    static constexpr bool advances_by_itself = advances_itself<C, L> || advances_nearby<C, L>;
    static constexpr std::size_t together = 16;  // places whose gates stay in a first-level cache

    static auto gates_at(Rates const& rates, auto const& place) {
        if constexpr (has_rates_nearby<C, L>)
            return rates(place.mechanism, place.v(), place.nearby());
        else
            return rates(place.mechanism, place.v());
    }

    static constexpr auto kinds = [] {
        if constexpr (advances_by_itself) {
            return std::type_identity<std::tuple<>>{};
        } else if constexpr (has_rates_nearby<C, L>) {
            return std::type_identity<decltype(std::declval<C const&>().rates(
                std::declval<L>(), std::declval<NearbyOf<C, L> const&>()))>{};
        } else {
            using Found = decltype(std::declval<Rates const&>()(std::declval<C const&>(), std::declval<L>()));
            // fewer gates than states: see check_rates (concepts.hpp)
            return std::type_identity<std::conditional_t<std::is_void_v<Found>, std::tuple<>, Found>>{};
        }
    }();
    using Found = typename decltype(kinds)::type;  // the gates of a place, a tuple
    static constexpr auto slow = gates_that_are<true>(kinds), fast = gates_that_are<false>(kinds);

    HILLOCK_KERNEL static void find(Rates const& rates, std::size_t first, std::size_t last, auto at,
                                    auto& gates) {
        for (auto k = first; k < last; ++k) {
            auto const place = at(k);
            gates[k - first] = gates_at(rates, place);
        }
    }

    HILLOCK_KERNEL static void relax(double dt, std::size_t first, std::size_t last, auto at,
                                     auto const& gates) {
        for (auto k = first; k < last; ++k) {
            Found const& gate = gates[k - first];
            Real* const states = at(k).states;
            meta::unroll<fast.size()>(
                [&](auto n) { std::get<fast[n]>(gate).inf.store(states + fast[n] * L::width); });
            if constexpr (L::is_scalar || slow.size() < 2) {
                meta::unroll<slow.size()>([&](auto n) {
                    Real* const x = states + slow[n] * L::width;
                    std::get<slow[n]>(gate).after(dt, L::load(x)).store(x);
                });
            } else {
                simd::Lane<Real, simd::side_by_side<typename L::arch, slow.size()>> x, inf, rate;
                meta::unroll<slow.size()>([&](auto n) {
                    put(x, n, L::load(states + slow[n] * L::width));
                    put(inf, n, std::get<slow[n]>(gate).inf);
                    put(rate, n, std::get<slow[n]>(gate).rate);
                });
                x = Gate(inf, rate).after(dt, x);
                meta::unroll<slow.size()>([&](auto n) { get(x, n).store(states + slow[n] * L::width); });
            }
        }
    }

    HILLOCK_KERNEL static void advance_states(double dt, std::size_t count, auto const& at) {
        L const step = static_cast<Real>(dt);
        for (std::size_t k = 0; k < count; ++k) {
            auto const place = at(k);
            auto state = place.state();
            if constexpr (advances_nearby<C, L>) {
                auto nearby = place.nearby();
                place.mechanism.advance(state, place.v(), step, nearby);
                place.store_written(nearby);
            } else {
                place.mechanism.advance(state, place.v(), step);
            }
            place.store(state);
        }
    }
};

}  // namespace hillock::inline HILLOCK_ISA::population
