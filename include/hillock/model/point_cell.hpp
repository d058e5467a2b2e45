// SPDX-License-Identifier: MIT
#pragma once

/// Point neurons: cells without sections, whose own `advance` and `fire` are their whole step. A point neuron
/// is a struct template over its number type T, derived from PointCell, whose data members are all T:
/// parameters first, then constants that `prepare` derives from them.
///
///   template <class T> struct basic_leaky : PointCell<basic_leaky<T>> {
///       T tau = 20, v_th = -50, v_reset = -65;
///       struct State { T v; };                      // the first state is v, the membrane potential in mV
///       static constexpr std::string_view name = "Leaky";
///       static constexpr auto parameters() {
///           return std::array{Field{"tau", "ms", &basic_leaky::tau}, ...};
///       }
///       static constexpr auto states() { return std::array{Field{"v", "mV", &State::v}}; }
///       void receive(State& s, T weight) const { s.v += weight; }
///       void advance(State& s, T nA, T dt) const { s.v += dt / tau * (v_reset - s.v); }
///       auto fire(State& s) const {
///           auto const fires = s.v >= v_th;
///           s.v = choose(fires, v_reset, s.v);
///           return fires;
///       }
///   };
///   using Leaky = basic_leaky<double>;
///
/// From t to t + dt a network calls, in this order,
///
///   receive   with the sum of the weights that arrive at t, mostly 0: one number for each receptor
///   advance   with the current of all electrodes in nA, over dt ms
///   fire      at t + dt, the time of its spikes: whether it spikes, and what the spike does to it
///
/// and `get` and probes see it after `fire`. `receive` must be linear as that of a synapse (concepts.hpp).
///
/// Receptors are what connections call synapses: `{.synapse = 1}` is the second. A neuron with more than one
/// lists their names, and its `receive` takes as many weights:
///
///       static constexpr auto receptors() { return std::array<std::string_view, 2>{"ex", "in"}; }
///
/// Any neuron may write `State initial(T v) const`, its state at t = 0 at the potential v_init (otherwise all
/// states but v are 0); `T rest() const`, the v_init of new cells (otherwise -65 mV); and `prepare(double
/// dt)`, `check_precision` and create_stimuli(), as mechanisms and cells with sections do.
///
/// The base is empty and may be left out, as the library's own neurons do, because g++ -Wextra misses an
/// initializer for it in Leaky{.tau = 10}: a type with `fire` is a point neuron.
///
/// Lanes have no single answer to `if`: see concepts.hpp.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/steps.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class Derived>
struct PointCell;

/// A cell type derived from PointCell, or one that fires.
template <class C>
concept IsPointCell = std::derived_from<C, PointCell<C>> ||
                      requires(C const cell, typename C::State state) { cell.fire(state); };

/// A point neuron as a population makes many of it.
template <class C, class Stimuli>
struct PointAssembly {
    C cell;           // with its parameters
    Stimuli stimuli;  // the stimuli that every cell gets
};

/// The receptors of a point neuron.
namespace receptors {

template <class C>
constexpr std::size_t count() {
    if constexpr (requires { C::receptors(); })
        return C::receptors().size();
    else
        return 1;
}

/// Whether C's `receive` takes a weight for each receptor.
template <class C>
concept Received = []<std::size_t... K>(std::index_sequence<K...>) {
    return requires(C const cell, typename C::State state, Scalar weight) {
        cell.receive(state, ((void)K, weight)...);
    };
}(std::make_index_sequence<count<C>()>{});

}  // namespace receptors

/// Rules of point neurons, as sentences.
namespace contract {

template <class C>
concept Advances = requires(C const cell, typename C::State state, Scalar x) { cell.advance(state, x, x); };
template <class C>
concept Fires = requires(C const cell, typename C::State state) {
    { cell.fire(state) } -> std::same_as<typename Scalar::mask_type>;
};

template <class C>
constexpr bool begins_with_v() {
    if constexpr (C::states().size() == 0)
        return false;
    else
        return C::states()[0].name == "v";
}

template <class C>
constexpr bool check_point_cell() {
    static_assert(Described<C>, "PointCell: a point neuron must have a name, a State, parameters() and "
                                "states(), and be a template over its number type");
    if constexpr (Described<C>) {
        using S = rebind_t<C, Scalar>;
        static_assert(begins_with_v<C>(),
                      "PointCell: the first of states() must be 'v', the membrane potential in mV");
        static_assert(receptors::Received<S>,
                      "PointCell: a point neuron must have 'void receive(State&, T weight) const', with one "
                      "weight for each of its receptors()");
        static_assert(Advances<S>,
                      "PointCell: a point neuron must have 'void advance(State&, T nA, T dt) const'");
        static_assert(Fires<S>, "PointCell: a point neuron must have 'auto fire(State&) const', which gives "
                                "a comparison of lanes such as v >= v_th");
        return begins_with_v<C>() && receptors::Received<S> && Advances<S> && Fires<S>;
    }
    return false;
}

}  // namespace contract

/// The base of a point neuron: `template <class T> struct basic_mine : PointCell<basic_mine<T>>`.
template <class Derived>
struct PointCell {
    /// Checks the neuron and lists its stimuli.
    static auto assemble(Derived cell) {
        constexpr bool is_sound = contract::check_point_cell<Derived>();
        if constexpr (is_sound) {
            auto stimuli = steps::stimuli_of(cell);
            for (auto const& field : Derived::parameters())
                check_value(Derived::name, field, cell.*field.member);
            auto const check_stimulus = [](auto const& own) {
                check(own, receptors::count<Derived>());
                if constexpr (requires { own.source.where; })
                    require(own.source.where.empty(), "{} at '{}': {} is a point neuron without sections",
                            meta::type_name<std::remove_cvref_t<decltype(own.source)>>(),
                            own.source.where.text(), Derived::name);
            };
            std::apply([&](auto const&... each) { (check_stimulus(each), ...); }, stimuli);
            return PointAssembly<Derived, decltype(stimuli)>{cell, stimuli};
        } else {
            return PointAssembly<Derived, std::tuple<>>{};
        }
    }
};

/// Whether two point neurons are the same, to the last number.
template <class C, class Stimuli>
bool alike(PointAssembly<C, Stimuli> const& a, PointAssembly<C, Stimuli> const& b) {
    constexpr auto parameters = C::parameters();
    return std::all_of(parameters.begin(), parameters.end(),
                       [&](auto const& field) { return a.cell.*field.member == b.cell.*field.member; });
}

/// A number that is equal for neurons that are alike, and most often differs for others.
template <class C, class Stimuli>
std::uint64_t fingerprint(PointAssembly<C, Stimuli> const& cell) {
    Digest digest;
    for (auto const& field : C::parameters()) digest.add(static_cast<double>(cell.cell.*field.member));
    return digest.value();
}

}  // namespace hillock::inline HILLOCK_ISA
