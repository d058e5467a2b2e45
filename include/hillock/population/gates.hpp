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
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The states of a channel of lanes `C`, with its rates by `Rates`, from one step to the next, at many
/// places: blocks of cells, or nodes of one block. Its gates go in two passes over a few places, their rates
/// first, then their exponentials side by side: a processor looks less than a hundred instructions ahead for
/// one that it can begin, so it gets more done at once in two short chains than in the long one from V to the
/// gates.
template <class L, class C, class Rates>
class Gates {
    using Real = typename L::value_type;

public:
    /// A step of `dt` ms at the places 0 ... count-1. `at(k)` tells of place k the .channel, its voltage .v
    /// and where its .states begin.
    static void advance(Rates const& rates, double dt, std::size_t count, auto const& at) {
        if constexpr (std::is_empty_v<typename C::State>) {
            return;
        } else if constexpr (advances_itself<C, L>) {
            advance_states(dt, count, at);
        } else {
            std::array<Found, together> gates;
            for (std::size_t first = 0; first < count; first += together) {
                auto const last = std::min(first + together, count);
                find(rates, first, last, at, gates);
                relax(dt, first, last, at, gates);
            }
        }
    }

private:
    static constexpr std::size_t together = 16;  // places whose gates stay in a first-level cache

    static constexpr auto kinds = [] {
        if constexpr (advances_itself<C, L>) {
            return std::type_identity<std::tuple<>>{};
        } else {
            using Found = decltype(std::declval<Rates const&>()(std::declval<C const&>(), std::declval<L>()));
            static_assert(std::tuple_size_v<Found> == C::states().size(),
                          "rates() must give one gate for each state");
            return std::type_identity<Found>{};
        }
    }();
    using Found = typename decltype(kinds)::type;  // the gates of a place, a tuple
    static constexpr auto slow = gates_that_are<true>(kinds), fast = gates_that_are<false>(kinds);

    HILLOCK_KERNEL static void find(Rates const& rates, std::size_t first, std::size_t last, auto const& at,
                                    auto& gates) {
        for (auto k = first; k < last; ++k) {
            auto const place = at(k);
            gates[k - first] = rates(place.channel, place.v);
        }
    }

    HILLOCK_KERNEL static void relax(double dt, std::size_t first, std::size_t last, auto const& at,
                                     auto const& gates) {
        for (auto k = first; k < last; ++k) {
            Found const& gate = gates[k - first];
            Real* const states = at(k).states;
            unroll<fast.size()>(
                [&](auto n) { std::get<fast[n]>(gate).inf.store(states + fast[n] * L::width); });
            if constexpr (L::is_scalar || slow.size() < 2) {
                unroll<slow.size()>([&](auto n) {
                    Real* const x = states + slow[n] * L::width;
                    std::get<slow[n]>(gate).after(dt, L::load(x)).store(x);
                });
            } else {
                simd::Lane<Real, simd::side_by_side<typename L::arch, slow.size()>> x, inf, rate;
                unroll<slow.size()>([&](auto n) {
                    put(x, n, L::load(states + slow[n] * L::width));
                    put(inf, n, std::get<slow[n]>(gate).inf);
                    put(rate, n, std::get<slow[n]>(gate).rate);
                });
                x = Gate(inf, rate).after(dt, x);
                unroll<slow.size()>([&](auto n) { get(x, n).store(states + slow[n] * L::width); });
            }
        }
    }

    HILLOCK_KERNEL static void advance_states(double dt, std::size_t count, auto const& at) {
        for (std::size_t k = 0; k < count; ++k) {
            auto const place = at(k);
            auto state = members::load_states<C, L>(place.states);
            place.channel.advance(state, place.v, L(static_cast<Real>(dt)));
            members::store_states<C, L>(state, place.states);
        }
    }
};

/// What `Gates` asks for: where a channel is.
template <class C, class L>
struct ChannelPlace {
    C const& channel;
    L v;
    typename L::value_type* states;
};

}  // namespace hillock::inline HILLOCK_ISA
