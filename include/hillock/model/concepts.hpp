// SPDX-License-Identifier: MIT
#pragma once

/// What a mechanism is. All mechanisms are struct templates over the number type T whose data members are all
/// T: parameters first, then what `prepare` derives from them. With T = double a mechanism is what a user
/// writes down; with T = a lane it is what a kernel computes with.
///
///   template <class T> struct Leak {
///       T g = 1e-3, e = -70;
///       struct State {};
///       static constexpr std::string_view name = "Leak";
///       static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &Leak::g}, Field{"e", "mV", &Leak::e}}; }
///       static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
///       auto rates(T v) const { return std::tuple{}; }                    // one gate for each state, in order
///       Current<T> current(T v, State const&) const { return ohmic(g, e); }
///   };
///
/// A channel whose states are not gates writes `State initial(T v) const` and `void advance(State&, T v, T
/// dt) const` in place of `rates`. A synapse has no `rates`: it writes `void receive(State&, T weight) const`
/// and `void advance(State&, T dt) const`, and its states start at 0. A channel whose current depends on
/// parameters alone may write `Current<T> current() const` beside the other form: in a cable it then costs
/// nothing. Any mechanism may write `void prepare(double dt)` to derive constants from its parameters.

#include <array>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/gating.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The number type in which concepts are checked and tables are computed: a lane of one.
using Scalar = simd::Lane<double, simd::scalar>;

template <class M>
concept Described = requires {
    { M::name } -> std::convertible_to<std::string_view>;
    M::parameters();
    M::states();
    typename M::State;
};

template <class M>
concept CarriesCurrent =
    requires(rebind_t<M, Scalar> const m, Scalar v, typename rebind_t<M, Scalar>::State const s) {
        { m.current(v, s) } -> std::same_as<Current<Scalar>>;
    };

template <class M>
concept SelfAdvancing =
    requires(rebind_t<M, Scalar> const m, Scalar v, Scalar dt, typename rebind_t<M, Scalar>::State s) {
        { m.initial(v) } -> std::same_as<typename rebind_t<M, Scalar>::State>;
        m.advance(s, v, dt);
    };

template <class M>
concept HasRates = requires(rebind_t<M, Scalar> const m, Scalar v) { m.rates(v); };

/// A density mechanism, inserted in sections.
template <class M>
concept Channel = Described<M> && CarriesCurrent<M> && (HasRates<M> || SelfAdvancing<M>);

/// A point process that receives weighted events.
template <class M>
concept Synapse =
    Described<M> && CarriesCurrent<M> &&
    requires(rebind_t<M, Scalar> const m, Scalar weight, Scalar dt, typename rebind_t<M, Scalar>::State s) {
        m.receive(s, weight);
        m.advance(s, dt);
    };

/// Derives a mechanism's constants for steps of `dt` ms, if it has any.
template <class M>
void prepare(M& mechanism, double dt) {
    if constexpr (requires { mechanism.prepare(dt); }) mechanism.prepare(dt);
}

/// The states of a channel at rest at voltage `v`: every gate at its steady state. `rates(channel, v)` gives
/// its gates.
template <class M, class Rates, class T>
typename M::State initial_state(M const& channel, Rates const& rates, T v) {
    if constexpr (requires { channel.initial(v); }) {
        return channel.initial(v);
    } else {
        return std::apply([](auto const&... gates) { return typename M::State{gates.inf...}; },
                          rates(channel, v));
    }
}

/// Whether a channel's `advance` takes its states from step to step, in numbers of type `T`; otherwise its
/// gates do.
template <class M, class T>
concept advances_itself =
    requires(M const channel, typename M::State state, T v) { channel.advance(state, v, v); };

}  // namespace hillock::inline HILLOCK_ISA
