// SPDX-License-Identifier: MIT
#pragma once

/// Numbers that live at a node beside its voltage and that mechanisms share: an ion's current, its reversal
/// potential, its concentrations. A node variable is a type that says what it is:
///
///   struct cai {
///       static constexpr NodeVariable is{.name = "cai", .unit = "mM", .initial = 5e-5};
///   };
///   struct ica {
///       static constexpr NodeVariable is{.name = "ica", .unit = "mA/cm2", .summed = true};
///   };
///
/// A mechanism names those that it reads or writes, and is then given them beside the voltage:
///
///   template <class T> struct Pool {
///       using Uses = NodeVariables<ica, cai>;
///       void advance(State&, T v, T dt, Nearby<T, Uses>& at) const { at(cai{}) -= dt * at(ica{}) * ...; }
///       Current<T> current(T v, State const&, Nearby<T, Uses>& at) const { ... at(ica{}) += ...; }
///   };
///
/// A cell has the variables that its mechanisms use, at every node. In a step the summed ones are 0 before
/// the first current; then mechanisms contribute in the order of `biophysics(...)`, and advance their states
/// in the same order.

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A number at each node, as the member `is` of its type says.
struct NodeVariable {
    std::string_view name, unit;  // for users
    double initial = 0;           // at t = 0, in its unit
    bool summed = false;          // 0 at the beginning of each step's currents: mechanisms add to it
};

template <class V>
concept IsNodeVariable = requires {
    { V::is } -> std::convertible_to<NodeVariable>;
};

/// The node variables that a mechanism uses.
template <IsNodeVariable... V>
struct NodeVariables {
    static constexpr std::size_t size = sizeof...(V);  // how many

    /// The place of a variable in the list; `size` if it is not there.
    template <class Wanted>
    static constexpr std::size_t index_of = [] {
        std::size_t k = 0;
        (void)((std::is_same_v<Wanted, V> || (++k, false)) || ...);
        return k;
    }();

    /// Calls f(variable) for each of them.
    static constexpr void for_each(auto&& f) { (f(V{}), ...); }
};

/// The node variables of one node, as a mechanism sees them: `at(cai{})`.
template <class T, class Uses>
class Nearby {
public:
    /// The variable here, to be read or written.
    template <class V>
    T& operator()(V) {
        static_assert(Uses::template index_of<V> < Uses::size,
                      "a mechanism reads or writes a node variable that is missing from its Uses");
        return values_[Uses::template index_of<V>];
    }

private:
    std::array<T, Uses::size> values_;
};

template <class M>
concept UsesNodeVariables = requires { typename M::Uses; };

/// A mechanism that contributes a current, given the node variables that it uses.
template <class M>
concept CarriesCurrentNearby = UsesNodeVariables<M> && requires(rebind_t<M, Scalar> const m, Scalar v,
                                                                typename rebind_t<M, Scalar>::State const s,
                                                                Nearby<Scalar, typename M::Uses>& at) {
    { m.current(v, s, at) } -> std::same_as<Current<Scalar>>;
};

/// Whether a channel's `advance` takes its states and its node variables from step to step, in numbers of
/// type `T`.
template <class M, class T>
concept advances_nearby =
    UsesNodeVariables<M> && requires(M const channel, typename M::State state, T v,
                                     Nearby<T, typename M::Uses>& at) { channel.advance(state, v, v, at); };

/// Whether a channel's first states depend on its node variables.
template <class M, class T>
concept initialises_nearby =
    UsesNodeVariables<M> &&
    requires(M const channel, T v, Nearby<T, typename M::Uses>& at) { channel.initial(v, at); };

/// The union of several lists, each variable once, in the order of their first appearance.
template <class... Lists>
struct NodeVariableUnion;
template <class... V>
struct NodeVariableUnion<NodeVariables<V...>> {
    using type = NodeVariables<V...>;
};
template <class... V, class... Rest>
struct NodeVariableUnion<NodeVariables<V...>, NodeVariables<>, Rest...>
    : NodeVariableUnion<NodeVariables<V...>, Rest...> {};
template <class... V, class W, class... More, class... Rest>
struct NodeVariableUnion<NodeVariables<V...>, NodeVariables<W, More...>, Rest...>
    : NodeVariableUnion<
          std::conditional_t<(std::is_same_v<V, W> || ...), NodeVariables<V...>, NodeVariables<V..., W>>,
          NodeVariables<More...>, Rest...> {};

/// The node variables of a mechanism; none for one that does not say.
template <class M>
struct UsesOf {
    using type = NodeVariables<>;
};
template <UsesNodeVariables M>
struct UsesOf<M> {
    using type = typename M::Uses;
};

}  // namespace hillock::inline HILLOCK_ISA
