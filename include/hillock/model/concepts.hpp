// SPDX-License-Identifier: MIT
#pragma once

/// Mechanisms: channels and synapses. All are struct templates over the number type T whose data members are
/// all T: parameters first, then constants that `prepare` derives from them. With T = double a mechanism is
/// what a user writes down; with T = a lane it is what a kernel computes with.
///
///   template <class T> struct Leak {
///       T g = 1e-3, e = -70;
///       struct State {};
///       static constexpr std::string_view name = "Leak";
///       static constexpr auto parameters() {
///           return std::array{Field{"g", "S/cm2", &Leak::g}, Field{"e", "mV", &Leak::e}};
///       }
///       static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
///       auto rates(T v) const { return std::tuple{}; }  // one gate for each state, in order
///       Current<T> current(T v, State const&) const { return ohmic(g, e); }
///   };
///
/// A channel whose states are not gates writes `State initial(T v) const` and `void advance(State&, T v, T
/// dt) const` in place of `rates`. A channel with further numbers, which users may read, has them behind its
/// gates in State, and writes them in `initial` or in `current(T v, State&) const`. One that uses ions or
/// other numbers of its node: see node_variable.hpp. A channel whose current depends on parameters alone may
/// write `Current<T> current() const` beside the other form: in a cable it then costs nothing.
///
/// Numbers that `current` writes are 0 until the first step. A mechanism whose current leaves the same
/// numbers when it is given twice says `static constexpr bool shows_at_start = true`: then they are there at
/// t = 0.
///
/// A synapse has no `rates`: it writes `void receive(State&, T weight) const` and `void advance(State&, T dt)
/// const`, and its states start at 0. `receive` is called in every step with the sum of the weights that
/// arrive, which is mostly 0. So a weight of 0 must change nothing, and two weights one after the other must
/// do what their sum does: receive(s, a), receive(s, b) leave the s of receive(s, a + b).
///
/// Where that is not enough, because connections have numbers of their own, time counts, or the synapse sends
/// itself events, it takes its events one by one: it has a `struct Connection`, whose first member is the
/// weight, and `receive(State&, Connection&, At& at) const`; see event.hpp.
///
/// A synapse whose states follow V writes `advance(State&, T v, T dt) const`: it is called with the new V,
/// after the channels. States begin at 0, or as `State initial(T v) const` says.
///
/// Any mechanism may write `void prepare(double dt)` to derive constants from its parameters, and `template
/// <class Real> void check_precision() const` to refuse parameters that numbers of type Real cannot serve.
///
/// Lanes have no single answer to `if`: write choose(v < -80, a, b) in place of a branch, and exp(v) in place
/// of std::exp(v). `verify_channel` and `verify_synapse` (verify.hpp) try a mechanism of your own.

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/gating.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The number type in which concepts are checked and tables are computed: a lane of one.
using Scalar = simd::Lane<double, simd::scalar>;

/// Rules for mechanisms that a type can break without the compiler's noticing. Each check is true, or an
/// error that says which rule is broken.
namespace contract {

/// A lane so wide that members of other types cannot add up to one.
using Wide = simd::Lane<double, simd::side_by_side<simd::scalar, 127>>;

template <class S>
inline constexpr bool is_all_numbers = std::is_empty_v<S> || sizeof(S) % sizeof(Wide) == 0;

template <class M>
concept IsTemplate = requires { typename rebind<M, Wide>::type; };

template <class M>
constexpr bool check_template() {
    static_assert(IsTemplate<M>,
                  "hillock: a mechanism is a template over its number type: 'template <class T> "
                  "struct basic_leak { T g; ... };', used as basic_leak<double>");
    if constexpr (IsTemplate<M>)
        static_assert(
            std::same_as<M, rebind_t<M, double>>,
            "hillock: a mechanism is given in numbers of type double, as in basic_leak<double>; single "
            "precision is chosen with the network (SingleNetwork)");
    return IsTemplate<M>;
}

template <class M>
constexpr bool check_members() {
    static_assert(is_all_numbers<rebind_t<M, Wide>>,
                  "hillock: every data member of a mechanism must be of its number type T, not int, bool or "
                  "double; what is the same for all is 'static constexpr'");
    if constexpr (requires { typename M::State; })
        static_assert(
            is_all_numbers<typename rebind_t<M, Wide>::State>,
            "hillock: every data member of a mechanism's State must be of its number type T, not int, "
            "bool or double");
    return true;
}

template <class M>
constexpr bool check_states() {
    constexpr auto states = M::states();
    using State = typename rebind_t<M, Wide>::State;
    static_assert(states.size() == members::count<State, Wide>,
                  "hillock: states() must list every member of State, each once");
    constexpr bool are_distinct = [&] {
        for (std::size_t k = 0; k < states.size(); ++k)
            for (std::size_t j = 0; j < k; ++j)
                if (states[j].member == states[k].member) return false;
        return true;
    }();
    static_assert(are_distinct, "hillock: states() must list every member of State, each once");
    return true;
}

template <class M>
concept TakesVoltage = requires(rebind_t<M, Scalar> const m, Scalar v) { m.rates(v); };
template <class M>
concept TakesVoltageAndState =
    requires(rebind_t<M, Scalar> const m, Scalar v, typename rebind_t<M, Scalar>::State s) { m.rates(v, s); };

/// Whether a mechanism writes numbers into its states, beside what its gates do: in `initial`, or in a
/// `current(T v, State&)`.
template <class M>
concept WritesStates = requires(M const m, Scalar v) { m.initial(v); } ||
                       (
                           requires(M const m, Scalar v, typename M::State s) { m.current(v, s); } &&
                           !requires(M const m, Scalar v, typename M::State const s) { m.current(v, s); });

/// Whether so many gates fit a mechanism: one for each state, or for the first ones if it writes the others.
template <class M, std::size_t gates>
inline constexpr bool gates_fit =
    gates == M::states().size() || (gates < M::states().size() && WritesStates<rebind_t<M, Scalar>>);

template <class>
inline constexpr bool are_gates = false;
template <class... G>
inline constexpr bool are_gates<std::tuple<G...>> = ((is_slow<G> || is_instantaneous<G>)&&...);

template <class M>
constexpr bool check_rates() {
    static_assert(
        TakesVoltage<M> || !TakesVoltageAndState<M>,
        "hillock: rates(T v) takes the voltage alone; a channel whose rates depend on its states writes "
        "'initial(T v) const' and 'advance(State&, T v, T dt) const' instead");
    if constexpr (TakesVoltage<M>) {
        using Gates = decltype(std::declval<rebind_t<M, Scalar> const&>().rates(std::declval<Scalar>()));
        static_assert(are_gates<Gates>, "hillock: rates() must give a std::tuple of gates, made by gate(), "
                                        "steady_state() or instantaneous()");
        if constexpr (are_gates<Gates>)
            static_assert(gates_fit<M, std::tuple_size_v<Gates>>,
                          "hillock: rates() must give one gate for each state, in the order of states()");
    }
    return TakesVoltage<M>;
}

}  // namespace contract

template <class M>
concept Described = contract::check_template<M>() && contract::check_members<M>() && requires {
    { M::name } -> std::convertible_to<std::string_view>;
    M::parameters();
    M::states();
    typename M::State;
} && contract::check_states<M>();

/// The node variables of one node (node_variable.hpp).
template <class T, class Uses>
class Nearby;

template <class M>
concept CarriesCurrent =
    requires(rebind_t<M, Scalar> const m, Scalar v, typename rebind_t<M, Scalar>::State s) {
        { m.current(v, s) } -> std::same_as<Current<Scalar>>;
    } || requires(rebind_t<M, Scalar> const m, Scalar v, typename rebind_t<M, Scalar>::State s,
                  Nearby<Scalar, typename M::Uses>& at) {
        { m.current(v, s, at) } -> std::same_as<Current<Scalar>>;
    };

template <class M>
concept SelfAdvancing =
    requires(rebind_t<M, Scalar> const m, Scalar v, Scalar dt, typename rebind_t<M, Scalar>::State s) {
        { m.initial(v) } -> std::same_as<typename rebind_t<M, Scalar>::State>;
        m.advance(s, v, dt);
    };

template <class M>
concept HasRates = contract::check_rates<M>();

/// A density mechanism, inserted in sections.
template <class M>
concept Channel = Described<M> && CarriesCurrent<M> && (HasRates<M> || SelfAdvancing<M>);

/// Whether `advance` takes a mechanism's states from step to step, in numbers of type `T`; otherwise a
/// channel's gates do.
template <class M, class T>
concept advances_itself = requires(M const m, typename M::State state, T v) { m.advance(state, v, v); };

/// Whether a synapse takes its events one by one, each with the numbers of its connection.
template <class M>
concept TakesEvents = requires { typename M::Connection; };

/// Whether the summed weight of a step is all that a synapse asks for.
template <class M>
concept TakesSums = requires(rebind_t<M, Scalar> const m, Scalar weight,
                             typename rebind_t<M, Scalar>::State s) { m.receive(s, weight); };

/// Whether a synapse advances before the new V is known, in numbers of type `T`.
template <class M, class T>
concept advances_before = requires(M const m, typename M::State s, T dt) { m.advance(s, dt); };

/// Derives a mechanism's constants for steps of `dt` ms, if it has any.
template <class M>
void prepare(M& mechanism, double dt) {
    if constexpr (requires { mechanism.prepare(dt); }) mechanism.prepare(dt);
}

}  // namespace hillock::inline HILLOCK_ISA
