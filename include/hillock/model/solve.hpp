// SPDX-License-Identifier: MIT
#pragma once

/// Small solvers for the states of mechanisms, over any number type: systems of up to some twenty equations,
/// steps of implicit Euler, and tables. Loops run as often for every lane, so that a number's bits do not
/// depend on its neighbours.

#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>
#include <hillock/simd/rows.hpp>

namespace hillock::inline HILLOCK_ISA {

/// x^n of a whole n > 0.
template <int n, class T>
T power(T x) {
    static_assert(n > 0);
    if constexpr (n == 1)
        return x;
    else if constexpr (n % 2 == 0)
        return power<n / 2>(x * x);
    else
        return x * power<n - 1>(x);
}

/// Systems of linear equations.
namespace linear {

/// Equations A x = b: row by row A's coefficients.
template <class T, std::size_t n>
struct System {
    std::array<std::array<T, n>, n> a;
    std::array<T, n> b;
};

/// Brings the largest coefficient of column `k` at or below row `k` into row `k`, in each lane its own.
template <class T, std::size_t n>
void pivot(System<T, n>& system, std::size_t k) {
    for (std::size_t row = k + 1; row < n; ++row) {
        auto const is_larger = abs(system.a[row][k]) > abs(system.a[k][k]);
        auto const exchange = [&](T& x, T& y) {
            T const kept = x;
            x = choose(is_larger, y, x);
            y = choose(is_larger, kept, y);
        };
        for (std::size_t j = k; j < n; ++j) exchange(system.a[k][j], system.a[row][j]);
        exchange(system.b[k], system.b[row]);
    }
}

/// x by Gauss's elimination. Without exchange of rows, as is right where each diagonal coefficient outweighs
/// its column, unless `pivots`.
template <bool pivots, class T, std::size_t n>
std::array<T, n> solve(System<T, n> system) {
    for (std::size_t k = 0; k < n; ++k) {
        if constexpr (pivots) pivot(system, k);
        T const inverse = 1 / system.a[k][k];
        for (std::size_t row = k + 1; row < n; ++row) {
            T const factor = system.a[row][k] * inverse;
            for (std::size_t j = k + 1; j < n; ++j) system.a[row][j] -= factor * system.a[k][j];
            system.b[row] -= factor * system.b[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) system.b[k] -= system.a[k][j] * system.b[j];
        system.b[k] = system.b[k] / system.a[k][k];
    }
    return system.b;
}

/// The slopes of f at x, by differences: column j is (f(x + h e_j) - f(x))/h with h = step(x_j).
template <class T, std::size_t n>
std::array<std::array<T, n>, n> slopes(std::array<T, n> const& x, std::array<T, n> const& at_x, auto const& f,
                                       auto const& step) {
    std::array<std::array<T, n>, n> all;
    for (std::size_t j = 0; j < n; ++j) {
        auto moved = x;
        T const h = step(x[j]);
        moved[j] += h;
        auto const there = f(moved);
        for (std::size_t row = 0; row < n; ++row) all[row][j] = (there[row] - at_x[row]) / h;
    }
    return all;
}

}  // namespace linear

/// x where f(x) = 0 for all n values of an f that is linear in x.
template <class T, std::size_t n>
std::array<T, n> linear_root(auto const& f) {
    std::array<T, n> zero;
    zero.fill(T(0));
    linear::System<T, n> system;
    system.b = f(zero);
    system.a = linear::slopes(zero, system.b, f, [](T) { return T(1); });
    for (auto& value : system.b) value = -value;
    return linear::solve<true>(system);
}

/// Newton's method, ended where NEURON ends it: the error that it leaves, some 1e-8 of x, moves spikes, so
/// that to have NEURON's one has to leave the same. A lane that has ended rests while others go on.
namespace newton {

/// Whether a condition holds in some lane.
template <class Real, class Arch>
bool in_some_lane(simd::Mask<Real, Arch> condition) {
    return simd::bits::of(condition) != 0;
}
inline bool in_some_lane(bool condition) { return condition; }

template <class T>
T larger(T a, T b) {
    return choose(b > a, b, a);
}

/// Renews the slopes of f at x, by differences over 2 % of x to either side, in the lanes of `renewed`.
template <class T, std::size_t n>
void renew(std::array<std::array<T, n>, n>& slopes, auto renewed, std::array<T, n> const& x, auto const& f) {
    for (std::size_t j = 0; j < n; ++j) {
        T const h = larger(abs(0.02 * x[j]), T(1e-6));
        auto above = x, below = x;
        above[j] += h;
        below[j] -= h;
        auto const high = f(above), low = f(below);
        for (std::size_t row = 0; row < n; ++row)
            slopes[row][j] = choose(renewed, (high[row] - low[row]) / (2 * h), slopes[row][j]);
    }
}

/// The largest part of itself by which a move changes an x that is not 0.
template <class T, std::size_t n>
T change(std::array<T, n> const& x, std::array<T, n> const& move) {
    T largest = 0;
    for (std::size_t k = 0; k < n; ++k) {
        T const part = choose(abs(x[k]) > 1e-8, abs(move[k] / x[k]), T(0));
        largest = larger(largest, part);
    }
    return largest;
}

template <class T, std::size_t n>
T largest(std::array<T, n> const& values) {
    T most = abs(values[0]);
    for (std::size_t k = 1; k < n; ++k) most = larger(most, abs(values[k]));
    return most;
}

}  // namespace newton

/// x near where it starts with f(x) = 0, as NEURON's `derivimplicit` finds it: the slopes of f are kept
/// until a move changes x by more than 5 %; the last move is the first that changes x by 1e-6 of itself at
/// most and leaves no f above 1e-8. Single precision, which cannot leave so little, ends by the change
/// alone.
template <class T, std::size_t n>
std::array<T, n> root(std::array<T, n> x, auto const& f) {
    constexpr int most_moves = simd::is_single<T> ? 8 : 50;
    constexpr double small = simd::is_single<T> ? 1e30 : 1e-8;
    linear::System<T, n> system{{}, f(x)};
    T change = 1;
    auto moves = change > 0;
    for (int turn = 0; turn < most_moves && newton::in_some_lane(moves); ++turn) {
        if (auto const renewed = change > 0.05; newton::in_some_lane(renewed))
            newton::renew(system.a, renewed, x, f);
        auto const move = linear::solve<true>(system);
        change = newton::change(x, move);
        for (std::size_t k = 0; k < n; ++k) x[k] = choose(moves, x[k] - move[k], x[k]);
        system.b = f(x);
        moves = moves & ((change > 1e-6) | (newton::largest(system.b) > small));
    }
    return x;
}

/// One step of implicit Euler from `start`: x = start + dt slopes(x), where the slopes are linear in x.
template <class T, std::size_t n>
std::array<T, n> implicit_euler_linear(std::array<T, n> const& start, std::type_identity_t<T> dt,
                                       auto const& slopes) {
    std::array<T, n> zero;
    zero.fill(T(0));
    auto const constant = slopes(zero);
    linear::System<T, n> system;
    system.a = linear::slopes(zero, constant, slopes, [](T) { return T(1); });
    for (std::size_t row = 0; row < n; ++row) {
        for (std::size_t j = 0; j < n; ++j) system.a[row][j] = -dt * system.a[row][j];
        system.a[row][row] += 1;
        system.b[row] = start[row] + dt * constant[row];
    }
    return linear::solve<false>(system);
}

/// The same for any slopes, by Newton's method on slopes(x) - (x - start)/dt, as NEURON's `derivimplicit`.
template <class T, std::size_t n>
std::array<T, n> implicit_euler(std::array<T, n> const& start, std::type_identity_t<T> dt,
                                auto const& slopes) {
    return root(start, [&](std::array<T, n> const& x) {
        auto rest = slopes(x);
        for (std::size_t k = 0; k < n; ++k) rest[k] -= (x[k] - start[k]) / dt;
        return rest;
    });
}

/// Newton's method on one step of implicit Euler of a kinetic scheme. Behind its `n` slopes, `slopes` gives
/// further numbers that follow from x, as the states that CONSERVE leaves out: their changes count too. Where
/// rates follow states, `slopes` takes 2 n numbers, x and the x that rates are taken at: as in NEURON, the
/// derivatives are those by the former alone.
template <class T, std::size_t n, class Slopes>
class KineticStep {
public:
    KineticStep(std::array<T, n> const& start, T dt, Slopes const& slopes)
        : start_{start}, dt_{dt}, slopes_{slopes} {}

    /// How far x is from the next iterate.
    std::array<T, n> move(std::array<T, n> const& x) const {
        constexpr double nearby = simd::is_single<T> ? 1e-3 : 1e-7;
        auto const rest = [&](std::array<T, n> const& to) {
            auto const found = slopes_at(to, x);
            std::array<T, n> values;
            for (std::size_t k = 0; k < n; ++k) values[k] = to[k] - start_[k] - dt_ * found[k];
            return values;
        };
        linear::System<T, n> system;
        system.b = rest(x);
        system.a = linear::slopes(x, system.b, rest, [](T at) { return nearby * (abs(at) + 1e-6); });
        return linear::solve<true>(system);
    }

    /// The sum of all changes by a move from x.
    T change(std::array<T, n> const& x, std::array<T, n> const& move) const {
        T sum = 0;
        auto to = x;
        for (std::size_t k = 0; k < n; ++k) to[k] = x[k] - move[k];
        if constexpr (std::tuple_size_v<decltype(slopes_at(x, x))> > n) {
            auto const before = slopes_at(x, x), after = slopes_at(to, to);
            for (std::size_t k = n; k < before.size(); ++k) sum += abs(after[k] - before[k]);
        }
        for (std::size_t k = 0; k < n; ++k) sum += abs(move[k]);
        return sum;
    }

private:
    auto slopes_at(std::array<T, n> const& x, [[maybe_unused]] std::array<T, n> const& now) const {
        if constexpr (std::is_invocable_v<Slopes const&, std::array<T, 2 * n> const&>) {
            std::array<T, 2 * n> both;
            for (std::size_t k = 0; k < n; ++k) both[k] = x[k], both[n + k] = now[k];
            return slopes_(both);
        } else {
            return slopes_(x);
        }
    }

    std::array<T, n> start_;
    T dt_;
    Slopes const& slopes_;
};

/// A step of a kinetic scheme as NEURON's `sparse` does it: what would fall below 0 is held there, and the
/// last move is the first that changes all x together by 1e-6 at most.
template <class T, std::size_t n, class Slopes>
std::array<T, n> implicit_euler_kinetic(std::array<T, n> const& start, std::type_identity_t<T> dt,
                                        Slopes const& slopes) {
    KineticStep<T, n, Slopes> const step(start, dt, slopes);
    auto x = start;
    auto moves = dt > 0;
    for (int turn = 0; turn < 20 && newton::in_some_lane(moves); ++turn) {
        auto const move = step.move(x);
        T const sum = step.change(x, move);
        for (std::size_t k = 0; k < n; ++k) x[k] = choose(moves, newton::larger(x[k] - move[k], T(0)), x[k]);
        moves = moves & (sum > 1e-6);
    }
    return x;
}

/// f(x) as a TABLE gives it: its `size` values linear between `intervals` + 1 points from `from` to `to`,
/// constant outside. The two points are computed when they are needed, so that parameters may differ from
/// cell to cell.
template <std::size_t size, class T>
std::array<T, size> interpolated(T x, std::type_identity_t<T> from, std::type_identity_t<T> to,
                                 std::type_identity_t<T> intervals, auto const& f) {
    T const width = (to - from) / intervals;
    T const position = (x - from) / width;
    T const inside = choose(position > 0, choose(position < intervals, position, intervals), T(0));
    T low;
    if constexpr (std::is_floating_point_v<T>)
        low = std::floor(inside);
    else
        low = simd::whole(inside);
    low = choose(low < intervals, low, intervals - 1);
    T const part = inside - low, at = from + low * width;
    std::array<T, size> const left = f(at), right = f(at + width);
    std::array<T, size> values;
    for (std::size_t k = 0; k < size; ++k) values[k] = left[k] + part * (right[k] - left[k]);
    return values;
}

}  // namespace hillock::inline HILLOCK_ISA
