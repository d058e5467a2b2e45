// SPDX-License-Identifier: MIT
#pragma once

/// Tabulated rates, as the TABLE statement of NEURON's channel files makes them: inf and tau of every gate on
/// an even grid of voltages, linear in between, constant outside. This is not a faster way to the same spikes
/// but another, equally valid model: interpolation moves the rates by up to a few per mille.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include <hillock/fwd.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/rows.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The columns of a table: inf and tau of each gate, or inf alone of an instantaneous one.
namespace tabulation {

template <class G>
inline constexpr std::size_t columns = 0;
template <class T>
inline constexpr std::size_t columns<Gate<T>> = 2;
template <class T>
inline constexpr std::size_t columns<Instantaneous<T>> = 1;

template <class Real>
void write(Real*& row, Gate<Scalar> const& g) {
    constexpr double shortest = 2 * std::numeric_limits<Real>::min();  // so that 1/tau is finite
    *row++ = static_cast<Real>(g.inf.raw);
    *row++ = static_cast<Real>(std::max(shortest, g.tau().raw));
}
template <class Real>
void write(Real*& row, Instantaneous<Scalar> const& g) {
    *row++ = static_cast<Real>(g.inf.raw);
}

template <class L>
Gate<L> read(L const*& row, std::type_identity<Gate<Scalar>>) {
    auto const inf = *row++, tau = *row++;
    return {inf, 1 / tau};
}
template <class L>
Instantaneous<L> read(L const*& row, std::type_identity<Instantaneous<Scalar>>) {
    return Instantaneous<L>{*row++};
}

/// The rates of a channel by interpolation in a table that is made once for its parameters.
template <class Real, class Gates>
class Rates;

template <class Real, class... G>
class Rates<Real, std::tuple<G...>> {
public:
    /// Fills a table of `points` rows, evenly from `from` to `to` mV, for a channel that has been prepared.
    template <class C>
    Rates(C const& channel, double from, double to, std::size_t points)
        : rows_(points, width), from_{from}, rows_per_mv_{(static_cast<double>(points) - 1) / (to - from)} {
        std::array<Real, width> row;
        for (std::size_t k = 0; k < points; ++k) {
            fill(k, channel, row.data());
            rows_.set(k, row);
        }
    }

    /// Whether the table would be the same for `channel`.
    template <class C>
    bool serves(C const& channel) const {
        std::array<Real, width> row;
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            fill(k, channel, row.data());
            if (!std::equal(row.begin(), row.end(), rows_.row(k))) return false;
        }
        return true;
    }

    template <class L>
    auto operator()(auto const&, L v) const {
        using R = typename L::value_type;
        auto const position = (v - static_cast<R>(from_)) * L(static_cast<R>(rows_per_mv_));
        auto const values = simd::interpolate<width>(rows_, position);
        auto const* next = values.data();
        return std::tuple{read(next, std::type_identity<G>{})...};  // braces evaluate from left to right
    }

private:
    static constexpr std::size_t width = (columns<G> + ...);

    template <class C>
    void fill(std::size_t k, C const& channel, Real* row) const {
        auto const exact = members::broadcast<rebind_t<C, Scalar>, Scalar>(channel);
        auto const v = from_ + static_cast<double>(k) / rows_per_mv_;
        std::apply([&](auto const&... gates) { (write(row, gates), ...); }, exact.rates(Scalar(v)));
    }

    simd::Rows<Real> rows_;
    double from_, rows_per_mv_;
};

/// The same for a channel that always takes its rates from a table, whose parameters may be changed. As long
/// as all cells would have the same table there is one. Otherwise the two points beside V are computed where
/// they are needed, which gives the same bits.
template <class Real, class Gates>
class FollowingRates;

template <class Real, class... G>
class FollowingRates<Real, std::tuple<G...>> {
public:
    /// Fills the table for a channel that has been prepared.
    template <class C>
    explicit FollowingRates(C const& channel) : rows_(C::table.points, width) {
        fill(channel);
    }

    /// True: the table follows the parameters.
    constexpr bool serves(auto const&) const { return true; }

    /// Fills the table anew if the parameters of `cells` cells want another one.
    void follow(auto const& parameters, std::size_t cells) {
        auto const all = parameters.of_cells(cells);
        if (all.empty()) return;
        if (!is_for(all.front())) fill(all.front());
        is_one_ = true;
        for (std::size_t k = 1; is_one_ && k < all.size(); ++k)
            is_one_ = std::memcmp(&all[k], &all[k - 1], sizeof all[k]) == 0 || is_for(all[k]);
    }

    template <class L, class C>
    auto operator()(C const& channel, L v) const {
        constexpr auto per_mv = static_cast<typename L::value_type>(rows_per_mv<C>);
        auto const position = (v - static_cast<typename L::value_type>(C::table.from)) * L(per_mv);
        auto const values =
            is_one_ ? simd::interpolate<width>(rows_, position)
                    : simd::interpolate(rows_.size(), position, [&](L k) { return row(channel, k); });
        auto const* next = values.data();
        return std::tuple{read(next, std::type_identity<G>{})...};  // braces evaluate from left to right
    }

private:
    using One = simd::Lane<Real, simd::scalar>;
    static constexpr std::size_t width = (columns<G> + ...);
    template <class C>
    static constexpr double rows_per_mv =
        (static_cast<double>(C::table.points) - 1) / (C::table.to - C::table.from);

    /// Row `k` of the table of a channel.
    template <class L, class C>
    static std::array<L, width> row(C const& channel, L k) {
        using R = typename L::value_type;
        std::array<L, width> numbers;
        auto* next = numbers.data();
        L const v = static_cast<R>(C::table.from) + k / L(static_cast<R>(rows_per_mv<C>));
        std::apply([&](auto const&... gates) { (put(next, gates), ...); }, channel.rates(v));
        return numbers;
    }
    template <class L>
    static void put(L*& next, Gate<L> const& g) {
        constexpr auto shortest = 2 * std::numeric_limits<Real>::min();  // so that 1/tau is finite
        *next++ = g.inf;
        *next++ = max(L(shortest), g.tau());
    }
    template <class L>
    static void put(L*& next, Instantaneous<L> const& g) {
        *next++ = g.inf;
    }

    /// The same in plain numbers.
    template <class C>
    static std::array<Real, width> plain_row(C const& channel, std::size_t k) {
        auto const lanes = row(members::broadcast<rebind_t<C, One>, One>(channel), One(static_cast<Real>(k)));
        std::array<Real, width> numbers;
        for (std::size_t n = 0; n < width; ++n) lanes[n].store(&numbers[n]);
        return numbers;
    }
    template <class C>
    void fill(C const& channel) {
        for (std::size_t k = 0; k < rows_.size(); ++k) rows_.set(k, plain_row(channel, k));
    }
    /// Whether the table would be the same for `channel`.
    template <class C>
    bool is_for(C const& channel) const {
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            auto const row = plain_row(channel, k);
            if (!std::equal(row.begin(), row.end(), rows_.row(k))) return false;
        }
        return true;
    }

    simd::Rows<Real> rows_;
    bool is_one_ = true;  // whether it serves all cells
};

template <class C>
using GatesOf = decltype(std::declval<rebind_t<C, Scalar>>().rates(std::declval<Scalar>()));
template <class Real, class C>
using RatesOf = Rates<Real, GatesOf<C>>;

}  // namespace tabulation

/// The channel `C` with its rates taken from a table of `Points` voltages from `From` to `To` mV; by default
/// the grid of the tutorial's channel files. Parameters on which the rates depend (celsius, phi) must be the
/// same in all cells.
template <class C, int From, int To, int Points>
struct Tabulated {
    static_assert(From < To && Points >= 2,
                  "hillock: Tabulated<Channel, From, To, Points> needs From < To and at least 2 points");

    C channel{};  // its parameters
};

/// The voltages of a table: `points` of them, evenly from `from` to `to` mV.
struct RateTable {
    double from, to;     // mV
    std::size_t points;  // at least 2
};

/// Whether a channel's rates are always taken from a table, which follows its parameters: it has a
/// `static constexpr RateTable table`.
template <class C>
concept HasRateTable = std::same_as<std::remove_cvref_t<decltype(C::table)>, RateTable>;

/// The rates of a channel by its own formulas.
struct ExactRates {
    /// True: formulas serve every channel.
    constexpr bool serves(auto const&) const { return true; }

    auto operator()(auto const& channel, auto v) const {
        if constexpr (requires { channel.rates(v); }) return channel.rates(v);
    }
    auto operator()(auto const& channel, auto v, auto const& at) const { return channel.rates(v, at); }
};

/// Takes apart what a user inserts: the channel itself, and how its rates are evaluated.
template <class M>
struct Evaluation {
    using Channel = M;
    template <class>
    using Rates = ExactRates;

    static Channel const& channel(M const& m) { return m; }
    template <class Real>
    static ExactRates rates(M const&) {
        return {};
    }
};

template <class C, int From, int To, int Points>
struct Evaluation<Tabulated<C, From, To, Points>> {
    using Channel = C;
    template <class Real>
    using Rates = tabulation::RatesOf<Real, C>;

    static Channel const& channel(Tabulated<C, From, To, Points> const& m) { return m.channel; }
    template <class Real>
    static Rates<Real> rates(C const& prepared) {
        return Rates<Real>(prepared, From, To, Points);
    }
};

template <HasRateTable C>
struct Evaluation<C> {
    using Channel = C;
    template <class Real>
    using Rates = tabulation::FollowingRates<Real, tabulation::GatesOf<C>>;

    static Channel const& channel(C const& m) { return m; }
    template <class Real>
    static Rates<Real> rates(C const& prepared) {
        return Rates<Real>(prepared);
    }
};

}  // namespace hillock::inline HILLOCK_ISA
