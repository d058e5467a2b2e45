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
/// A mechanism names those that it uses, and of these those that it writes, but for currents, to which it
/// adds. It is then given them beside the voltage:
///
///   template <class T> struct Pool {
///       using Uses = NodeVariables<ica, cai>;
///       using Writes = NodeVariables<cai>;
///       State initial(T v, Nearby<T, Uses>& at) const { at(cai{}) = ...; }
///       Current<T> current(T v, State&, Nearby<T, Uses>& at) const { ... at(ica{}) += ...; }
///       void advance(State&, T v, T dt, Nearby<T, Uses>& at) const { at(cai{}) -= dt * at(ica{}) * ...; }
///   };
///
/// each of the three only if it has something to do there; gates are `rates(T v)` or `rates(T v, Nearby<T,
/// Uses> const&)`. Channels write and add densities (mA/cm2). A synapse adds its current in nA; what it reads
/// is the density.
///
/// A cell has the variables that its mechanisms use, at every node. Where no mechanism writes one it is a
/// parameter, which `set` changes for good. Otherwise it is a state: at a reset it has its initial value, and
/// then what `initial` makes of it, in the order of `biophysics(...)`. In a step the summed ones are 0 before
/// the first current; then mechanisms contribute in the order of `biophysics(...)`, and advance their states
/// in the same order. So one that comes later sees what an earlier one has written.

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
    double initial = 0;           // at t = 0, or the parameter's default, in its unit
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

    /// Whether a variable is in the list.
    template <class Wanted>
    static constexpr bool has = index_of<Wanted> < size;

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
        check<V>();
        return values_[Uses::template index_of<V>];
    }
    template <class V>
    T operator()(V) const {
        check<V>();
        return values_[Uses::template index_of<V>];
    }

    /// Every variable at its initial value.
    static Nearby initial() {
        Nearby all;
        Uses::for_each([&](auto variable) { all(variable) = T(variable.is.initial); });
        return all;
    }

private:
    template <class V>
    static constexpr void check() {
        static_assert(Uses::template has<V>,
                      "hillock: a mechanism reads or writes a node variable that is missing from its Uses");
    }

    std::array<T, Uses::size> values_;
};

/// Quantities that a mechanism may name in its `Uses` as if they were node variables, to read them.
namespace quantity {

/// The temperature of the cell in degC: `net.set(cells, "celsius", 34)`; 6.3 as in NEURON.
struct celsius {
    static constexpr NodeVariable is{.name = "celsius", .unit = "degC", .initial = 6.3};
};
/// The diameter of the segment in um, the mean along it.
struct diam {
    static constexpr NodeVariable is{.name = "diam", .unit = "um", .initial = 500};
};
/// The area of the segment's membrane in um2.
struct area {
    static constexpr NodeVariable is{.name = "area", .unit = "um2", .initial = 100};
};
/// The time in ms. As in NEURON a step from t to t + dt gives its currents at t + dt/2, and advances states
/// at t + dt.
struct time {
    static constexpr NodeVariable is{.name = "t", .unit = "ms"};
};

/// The gid of the cell; single precision holds it up to 2^24.
struct gid {
    static constexpr NodeVariable is{.name = "gid", .unit = ""};
};
/// A number of the mechanism's place that no other place in the cell has; the same in all cells of a type.
struct place {
    static constexpr NodeVariable is{.name = "place", .unit = ""};
};

}  // namespace quantity

/// A quantity that is the same in all cells of a kind, or follows from the step: nobody writes it.
template <class V>
concept IsGiven =
    std::same_as<V, quantity::diam> || std::same_as<V, quantity::area> || std::same_as<V, quantity::time> ||
    std::same_as<V, quantity::celsius> || std::same_as<V, quantity::gid> || std::same_as<V, quantity::place>;

template <class M>
concept UsesNodeVariables = requires { typename M::Uses; };

/// The node variables of a mechanism; none for one that does not say.
template <class M>
struct UsesOf {
    using type = NodeVariables<>;
};
template <UsesNodeVariables M>
struct UsesOf<M> {
    using type = typename M::Uses;
};

/// Those that it writes beside currents; none for one that does not say.
template <class M>
struct WritesOf {
    using type = NodeVariables<>;
};
template <class M>
    requires requires { typename M::Writes; }
struct WritesOf<M> {
    using type = typename M::Writes;
};

/// A mechanism `M` in numbers of type `T` beside which its node variables are passed.
template <class M, class T>
using NearbyOf = Nearby<T, typename UsesOf<M>::type>;

/// Whether a mechanism gives its current with, or without, its node variables.
template <class M, class T>
concept gives_current_nearby =
    UsesNodeVariables<M> && requires(M const m, typename M::State state, T v, NearbyOf<M, T>& at) {
        { m.current(v, state, at) } -> std::same_as<Current<T>>;
    };
/// The same without them.
template <class M, class T>
concept gives_current = requires(M const m, typename M::State state, T v) {
    { m.current(v, state) } -> std::same_as<Current<T>>;
};

/// Whether it carries a current at all; a concentration's pool, or a synapse that only sends events, does
/// not.
template <class M, class T>
concept carries_current = gives_current_nearby<M, T> || gives_current<M, T>;

/// Whether giving its current changes its states: numbers that users may read, such as a conductance.
template <class M, class T>
concept changes_in_current =
    (gives_current_nearby<M, T> && !requires(M const m, typename M::State const state, T v,
                                             NearbyOf<M, T>& at) { m.current(v, state, at); }) ||
    (!gives_current_nearby<M, T> && gives_current<M, T> &&
     !requires(M const m, typename M::State const state, T v) { m.current(v, state); });

/// Whether a mechanism says that its current leaves the same numbers however often it is given.
template <class M>
concept shows_at_start = requires { requires M::shows_at_start; };

/// Whether a mechanism uses sums at its node, such as an ion's current.
template <class M>
inline constexpr bool uses_sums = [] {
    bool uses = false;
    UsesOf<M>::type::for_each([&](auto variable) { uses |= variable.is.summed; });
    return uses;
}();

/// Whether a mechanism's current leaves something that users may read at t = 0.
template <class M, class T>
concept shows_current = carries_current<M, T> && (shows_at_start<M> || uses_sums<M>);

/// Whether a channel's `advance` takes its states and its node variables from step to step, in numbers of
/// type `T`.
template <class M, class T>
concept advances_nearby =
    UsesNodeVariables<M> && requires(M const channel, typename M::State state, T v, NearbyOf<M, T>& at) {
        channel.advance(state, v, v, at);
    };

/// Whether a channel's first states depend on its node variables.
template <class M, class T>
concept initialises_nearby =
    UsesNodeVariables<M> && requires(M const channel, T v, NearbyOf<M, T>& at) { channel.initial(v, at); };

/// Whether a channel's gates depend on its node variables.
template <class M, class T>
concept has_rates_nearby = UsesNodeVariables<M> &&
                           requires(M const channel, T v, NearbyOf<M, T> const& at) { channel.rates(v, at); };

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

/// The rules of mechanisms with node variables; errors say which is broken.
namespace contract {

template <class Uses, class... W>
constexpr bool all_used(NodeVariables<W...>) {
    return (Uses::template has<W> && ...);
}
template <class... W>
constexpr bool none_given(NodeVariables<W...>) {
    return !(IsGiven<W> || ...);
}

template <class M>
constexpr bool check_uses() {
    using S = rebind_t<M, Scalar>;
    static_assert(all_used<typename UsesOf<S>::type>(typename WritesOf<S>::type{}),
                  "hillock: a mechanism's Writes names a node variable that is missing from its Uses");
    static_assert(none_given(typename WritesOf<S>::type{}),
                  "hillock: a mechanism's Writes names a quantity that can only be read");
    if constexpr (requires { &S::current; })
        static_assert(
            gives_current_nearby<S, Scalar> || gives_current<S, Scalar>,
            "hillock: a mechanism with Uses writes 'Current<T> current(T v, State&, Nearby<T, Uses>&) "
            "const', or has no current()");
    if constexpr (requires { &S::initial; })
        static_assert(
            initialises_nearby<S, Scalar> || requires(S const m, Scalar v) { m.initial(v); },
            "hillock: a mechanism with Uses writes 'State initial(T v, Nearby<T, Uses>&) const', or "
            "has no initial()");
    if constexpr (requires { &S::advance; })
        static_assert(
            advances_nearby<S, Scalar> || advances_itself<S, Scalar>,
            "hillock: a mechanism with Uses writes 'void advance(State&, T v, T dt, Nearby<T, Uses>&) "
            "const', or has no advance()");
    if constexpr (requires { &S::rates; })
        static_assert(
            has_rates_nearby<S, Scalar> || requires(S const m, Scalar v) { m.rates(v); },
            "hillock: a mechanism with Uses writes 'rates(T v) const' or 'rates(T v, Nearby<T, Uses> "
            "const&) const', or has no rates()");
    if constexpr (has_rates_nearby<S, Scalar>) {
        using Gates = decltype(std::declval<S const&>().rates(std::declval<Scalar>(),
                                                              std::declval<NearbyOf<S, Scalar> const&>()));
        static_assert(std::tuple_size_v<Gates> <= S::states().size(),
                      "hillock: rates() must give one gate for each state, in the order of states()");
    }
    return true;
}

}  // namespace contract

/// A density mechanism that uses node variables. All that it does is optional.
template <class M>
concept ChannelNearby = UsesNodeVariables<M> && Described<M> && contract::check_uses<M>();

}  // namespace hillock::inline HILLOCK_ISA
