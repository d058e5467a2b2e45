// SPDX-License-Identifier: MIT
#pragma once

/// Fields: the parameters and states of a mechanism as data. A mechanism is a plain struct template over its
/// number type T in which every member is a T; it says each field's name, unit and legal values once, and
/// storage, printing, probes and per-cell values all derive from that.

#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The values that a field may take; NaN and infinity never.
enum class Allowed { finite, non_negative, positive, fraction };

/// Allowed values, for messages.
constexpr std::string_view name_of(Allowed allowed) {
    switch (allowed) {
        case Allowed::non_negative: return "finite and not negative";
        case Allowed::positive: return "finite and positive";
        case Allowed::fraction: return "from 0 to 1";
        default: return "finite";
    }
}

/// Whether a value is allowed.
constexpr bool admits(Allowed allowed, double value) {
    // without std::isfinite, which is not constexpr
    bool const finite = value - value == 0;
    switch (allowed) {
        case Allowed::non_negative: return finite && value >= 0;
        case Allowed::positive: return finite && value > 0;
        case Allowed::fraction: return value >= 0 && value <= 1;
        default: return finite;
    }
}

template <class Owner, class T>
struct Field {
    std::string_view name, unit;  // for users; "" if it has no unit
    T Owner::*member;             // where the number is
    Allowed allowed;              // the values that it may take

    /// Describes `member_`, as in Field{"g", "S/cm2", &Leak::g, Allowed::non_negative}.
    constexpr Field(std::string_view name_, std::string_view unit_, T Owner::*member_,
                    Allowed allowed_ = Allowed::finite)
        : name{name_}, unit{unit_}, member{member_}, allowed{allowed_} {}
};

/// Checks that a field of the mechanism named `what` may be `value`.
template <class Owner, class T>
void check_value(std::string_view what, Field<Owner, T> const& field, double value) {
    require(admits(field.allowed, value), "{}.{} = {} {}: must be {}", what, field.name, value, field.unit,
            name_of(field.allowed));
}

/// The type `M` with another number type: rebind<ConnorStevens<double>, Lane>.
template <class M, class U>
struct rebind;
template <template <class> class M, class T, class U>
struct rebind<M<T>, U> {
    using type = M<U>;
};
/// The type `M` with the number type `U`.
template <class M, class U>
using rebind_t = typename rebind<M, U>::type;

/// The most steps in which an exponential may decay to 1/e if numbers of type `Real` are to follow it within
/// 1 %.
template <class Real>
inline constexpr double slowest_decay = 1 / (64 * double{std::numeric_limits<Real>::epsilon()});

/// Throws where `Real` cannot follow the decay of the time constant `tau` (ms), the parameter of a mechanism,
/// by the factor `decay` in each step.
template <class Real>
void check_decay(std::string_view mechanism, std::string_view parameter, double tau, double decay) {
    require(
        1 - decay >= 1 / slowest_decay<Real>,
        "{}.{} = {} ms: single precision cannot follow a decay over more than {} steps; take a larger dt, "
        "a shorter time constant or a network in double precision",
        mechanism, parameter, tau, slowest_decay<Real>);
}

/// Throws where a mechanism cannot be computed with in numbers of type `Real`: a parameter that does not fit
/// them, or what the mechanism itself finds with `template <class Real> void check_precision() const`.
template <class Real, class M>
void check_precision(M const& mechanism) {
    if constexpr (!std::is_same_v<Real, double> && requires { M::parameters(); }) {
        constexpr double least = std::numeric_limits<Real>::min(), most = std::numeric_limits<Real>::max();
        constexpr auto parameters = M::parameters();
        for (auto const& field : parameters) {
            double const value = mechanism.*field.member, size = value < 0 ? -value : value;
            require(size <= most && (size >= least || field.allowed != Allowed::positive),
                    "{}.{} = {} {}: single precision holds numbers from {} to {}", M::name, field.name, value,
                    field.unit, least, most);
        }
        if constexpr (requires { mechanism.template check_precision<Real>(); })
            mechanism.template check_precision<Real>();
    }
}

/// Structs whose members are all of one number type, seen as arrays of it.
namespace members {

template <class S, class T>
inline constexpr std::size_t count = std::is_empty_v<S> ? 0 : sizeof(S) / sizeof(T);

template <class S, class T>
inline constexpr bool only =
    std::is_trivially_copyable_v<S> && (std::is_empty_v<S> || sizeof(S) % sizeof(T) == 0);

/// A struct of lanes, `To`, from the struct `from` of plain numbers: every lane gets the same number.
template <class To, class L, class From>
To broadcast(From const& from) {
    static_assert(
        only<To, L> && only<From, double> && count<To, L> == count<From, double>,
        "every data member of a mechanism and of its State must be of the mechanism's number type T");
    check_precision<typename L::value_type>(from);
    To to{};
    if constexpr (count<To, L> > 0) {
        std::array<double, count<From, double>> numbers;
        std::memcpy(numbers.data(), &from, sizeof from);
        std::array<L, count<To, L>> lanes;
        for (std::size_t k = 0; k < lanes.size(); ++k)
            lanes[k] = static_cast<typename L::value_type>(numbers[k]);
        std::memcpy(static_cast<void*>(&to), lanes.data(), sizeof to);
    }
    return to;
}

/// Puts the struct `from` of plain numbers into one lane of `to`.
template <class To, class L, class From>
void put(From const& from, std::size_t lane, To& to) {
    static_assert(count<To, L> == count<From, double>);
    check_precision<typename L::value_type>(from);
    std::array<double, count<From, double>> numbers;
    std::memcpy(numbers.data(), &from, sizeof from);
    std::array<L, numbers.size()> lanes;
    std::memcpy(static_cast<void*>(lanes.data()), &to, sizeof to);
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        alignas(64) std::array<typename L::value_type, L::width> values;
        lanes[k].store(values.data());
        values[lane] = static_cast<typename L::value_type>(numbers[k]);
        lanes[k] = L::load(values.data());
    }
    std::memcpy(static_cast<void*>(&to), lanes.data(), sizeof to);
}

/// The number at one lane, `To` of plain numbers, from the struct `from` of lanes.
template <class To, class L, class From>
To of_lane(From const& from, std::size_t lane) {
    using Real = typename L::value_type;
    static_assert(count<To, double> == count<From, L> && sizeof(L) == L::width * sizeof(Real));
    To to{};
    std::array<double, count<To, double>> numbers;
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        Real number;
        auto const* const at = reinterpret_cast<char const*>(&from) + k * sizeof(L) + lane * sizeof(Real);
        std::memcpy(&number, at, sizeof number);
        numbers[k] = static_cast<double>(number);
    }
    if constexpr (count<To, double> > 0) std::memcpy(static_cast<void*>(&to), numbers.data(), sizeof to);
    return to;
}

/// The states of mechanism `M` from memory: state after state, `L::width` numbers each.
template <class M, class L>
typename M::State load_states(typename L::value_type const* from) {
    typename M::State state{};
    meta::unroll<M::states().size()>(
        [&](auto k) { state.*M::states()[k].member = L::load(from + k * L::width); });
    return state;
}

template <class M, class L>
void store_states(typename M::State const& state, typename L::value_type* to) {
    meta::unroll<M::states().size()>(
        [&](auto k) { (state.*M::states()[k].member).store(to + k * L::width); });
}

}  // namespace members
}  // namespace hillock::inline HILLOCK_ISA
