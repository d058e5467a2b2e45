// SPDX-License-Identifier: MIT
#pragma once

/// For the tests of a mechanism of your own: calls it as a network would, and throws an `Error` that says
/// which rule of concepts.hpp it breaks. (Not in the umbrella header.)
///
///     hk::verify_channel(MyChannel{});
///     hk::verify_synapse(MySynapse{.tau = 3});

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/simd/arch.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {
namespace verification {

/// Mechanism `M` in numbers of type `Real` of shape `Arch`, prepared for steps of `dt` ms.
template <class Real, class Arch, class M>
class Trial {
public:
    using L = simd::Lane<Real, Arch>;
    using Lanes = rebind_t<M, L>;
    using State = typename Lanes::State;

    Trial(M mechanism, double dt) : dt_{static_cast<Real>(dt)} {
        prepare(mechanism, dt);
        lanes_ = members::broadcast<Lanes, L>(mechanism);
    }

    Lanes const& operator*() const { return lanes_; }
    Lanes const* operator->() const { return &lanes_; }
    L dt() const { return dt_; }

    /// The state of which all members are `value`.
    static State all(double value) {
        State state{};
        each([&](auto const& field) { state.*field.member = L(static_cast<Real>(value)); });
        return state;
    }
    static void each(auto const& f) {
        meta::unroll<Lanes::states().size()>([&](auto k) { f(Lanes::states()[k]); });
    }

private:
    Lanes lanes_;
    L dt_;
};

/// The first number of a lane.
template <class L>
double first(L const& x) {
    alignas(simd::alignment) std::array<typename L::value_type, L::width> numbers;
    x.store(numbers.data());
    return static_cast<double>(numbers[0]);
}

/// Throws if two fields of a mechanism have one name, or a default is not among the values allowed.
template <class M>
void check_fields(M const& mechanism) {
    constexpr auto parameters = M::parameters();
    constexpr auto states = M::states();
    std::vector<std::string_view> names;
    auto const take = [&](std::string_view name) {
        require(!name.empty(), "{}: a parameter or state has no name", M::name);
        for (auto const other : names) require(name != other, "{}: two fields are named {}", M::name, name);
        names.push_back(name);
    };
    require(!M::name.empty(), "{}: the mechanism's name is empty", meta::type_name<M>());
    for (auto const& field : parameters) {
        take(field.name);
        check_value(M::name, field, mechanism.*field.member);
    }
    for (auto const& field : states) take(field.name);
}

/// The largest voltage that is tried, in mV: further than strong currents drive a cell.
template <class Real>
inline constexpr double farthest = std::is_same_v<Real, double> ? 1000 : 300;
template <class Real>
inline constexpr std::string_view precision = std::is_same_v<Real, double> ? "double" : "single";

template <class T>
void check_current(std::string_view name, Current<T> const& i, double v) {
    require(std::isfinite(first(i.g)) && std::isfinite(first(i.ge)),
            "{}: current() at {} mV has g = {} and g e = {}: must be finite", name, v, first(i.g),
            first(i.ge));
}

/// The gates of a channel at `v`; none if it has none.
template <class M, class L, class At>
auto gates_of(M const& channel, L v, At const& at) {
    if constexpr (has_rates_nearby<M, L>)
        return channel.rates(v, at);
    else if constexpr (requires { channel.rates(v); })
        return channel.rates(v);
    else
        return std::tuple{};
}

/// A step of a channel whose states are gates.
template <class T>
void step_of_gates(T const& trial, double v, typename T::State& state, auto const& at) {
    using L = typename T::L;
    using Real = typename L::value_type;
    auto const gates = gates_of(*trial, L(static_cast<Real>(v)), at);
    meta::unroll<std::tuple_size_v<decltype(gates)>>([&](auto k) {
        auto gate = std::get<k>(gates);
        auto const field = T::Lanes::states()[k];
        require(std::isfinite(first(gate.inf)), "{}: the steady state of {} at {} mV is {} in {} precision",
                T::Lanes::name, field.name, v, first(gate.inf), precision<Real>);
        if constexpr (is_slow<decltype(gate)>)
            require(first(gate.rate) >= 0 && std::isfinite(first(gate.rate)),
                    "{}: 1/tau of {} at {} mV is {} in {} precision: must be finite and not negative",
                    T::Lanes::name, field.name, v, first(gate.rate), precision<Real>);
        state.*field.member = gate.after(first(trial.dt()), state.*field.member);
    });
}

/// Throws if a mechanism has changed a node variable that it does not say it writes. `may_add`: to sums.
template <class T, class At>
void check_written(At const& before, At const& now, bool may_add, std::string_view where) {
    UsesOf<typename T::Lanes>::type::for_each([&]<class V>(V variable) {
        if (WritesOf<typename T::Lanes>::type::template has<V> || (V::is.summed && may_add)) return;
        require(first(before(variable)) == first(now(variable)),
                "{}: {} changes {} from {} to {}, which is not among its Writes", T::Lanes::name, where,
                V::is.name, first(before(variable)), first(now(variable)));
    });
}

/// The state of a channel at rest at `v`.
template <class T, class At>
typename T::State at_rest(T const& trial, typename T::L v, At& at) {
    using Lanes = typename T::Lanes;
    if constexpr (initialises_nearby<Lanes, typename T::L>) {
        auto const before = at;
        auto const state = trial->initial(v, at);
        check_written<T>(before, at, false, "initial()");
        return state;
    } else if constexpr (requires { trial->initial(v); }) {
        return trial->initial(v);
    } else {
        auto state = T::all(0);
        auto const gates = gates_of(*trial, v, at);
        meta::unroll<std::tuple_size_v<decltype(gates)>>(
            [&](auto k) { state.*Lanes::states()[k].member = std::get<k>(gates).inf; });
        return state;
    }
}

/// A step of a channel at `v`.
template <class T, class At>
void advance(T const& trial, double v, typename T::State& state, At& at) {
    using L = typename T::L;
    using Lanes = typename T::Lanes;
    L const voltage = static_cast<typename L::value_type>(v);
    if constexpr (advances_nearby<Lanes, L>) {
        auto const before = at;
        trial->advance(state, voltage, trial.dt(), at);
        check_written<T>(before, at, false, "advance()");
    } else if constexpr (advances_itself<Lanes, L>) {
        trial->advance(state, voltage, trial.dt());
    } else {
        step_of_gates(trial, v, state, at);
    }
}

/// Its current at `v`.
template <class T, class At>
void take_current(T const& trial, double v, typename T::State& state, At& at) {
    using L = typename T::L;
    using Lanes = typename T::Lanes;
    L const voltage = static_cast<typename L::value_type>(v);
    if constexpr (gives_current_nearby<Lanes, L>) {
        auto const before = at;
        check_current(Lanes::name, trial->current(voltage, state, at), v);
        check_written<T>(before, at, true, "current()");
    } else if constexpr (gives_current<Lanes, L>) {
        check_current(Lanes::name, trial->current(voltage, state), v);
    }
}

/// The state of a channel after two steps at `v` from rest at -65 mV, with node variables that begin as their
/// types say.
template <class T>
typename T::State two_steps(T const& trial, double v) {
    using L = typename T::L;
    using Real = typename L::value_type;
    auto at = NearbyOf<typename T::Lanes, L>::initial();
    auto state = at_rest(trial, L(Real(-65)), at);
    for (int n = 0; n < 2; ++n) {
        advance(trial, v, state, at);
        take_current(trial, v, state, at);
    }
    T::each([&](auto const& field) {
        require(std::isfinite(first(state.*field.member)), "{}: {} becomes {} at {} mV in {} precision",
                T::Lanes::name, field.name, first(state.*field.member), v, precision<Real>);
    });
    UsesOf<typename T::Lanes>::type::for_each([&](auto variable) {
        require(std::isfinite(first(at(variable))), "{}: {} becomes {} at {} mV in {} precision",
                T::Lanes::name, variable.is.name, first(at(variable)), v, precision<Real>);
    });
    return state;
}

/// Throws if a state differs between lanes and a number alone. (A compiler that fuses products and sums as it
/// likes, as g++ does without -ffp-contract=off, may change last digits.)
template <class Many, class One>
void check_same(typename Many::State const& many, typename One::State const& one, double v) {
    meta::unroll<Many::Lanes::states().size()>([&](auto k) {
        auto const a = first(many.*Many::Lanes::states()[k].member),
                   b = first(one.*One::Lanes::states()[k].member);
        auto const tolerance = std::is_same_v<typename Many::L::value_type, double> ? 1e-7 : 1e-3;
        require(std::abs(a - b) <= tolerance * std::abs(b),
                "{}: {} at {} mV is {} in lanes, but {} for a number alone", Many::Lanes::name,
                Many::Lanes::states()[k].name, v, a, b);
    });
}

template <class Real, class M>
void check_channel(M const& channel, double dt) {
    using Many = Trial<Real, simd::kernel<simd::native>, M>;
    using One = Trial<Real, simd::scalar, M>;
    Many const many(channel, dt);
    One const one(channel, dt);
    for (int k = -1000; k <= 1000; ++k) {
        auto const v = farthest<Real> * k / 1000;
        check_same<Many, One>(two_steps(many, v), two_steps(one, v), v);
    }
}

}  // namespace verification

/// Throws if a channel breaks a rule: fields without or with the same name, defaults that are not allowed;
/// node variables that it changes without saying so; rates, states or currents that are not finite within
/// +-1000 mV (in single precision +-300 mV); lanes that give other results than a number alone.
template <class M>
void verify_channel(M const& channel, double dt = 0.025) {
    static_assert(Channel<M> || ChannelNearby<M>, "verify_channel: not a channel: see concepts.hpp");
    verification::check_fields(channel);
    verification::check_channel<double>(channel, dt);
    verification::check_channel<float>(channel, dt);
}

}  // namespace hillock::inline HILLOCK_ISA

#include <hillock/model/verify_synapse.hpp>
