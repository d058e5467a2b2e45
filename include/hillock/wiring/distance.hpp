// SPDX-License-Identifier: MIT
#pragma once

/// Connections that depend on where cells are.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <type_traits>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The place of a cell in space.
struct Position {
    double x = 0, y = 0, z = 0;  // um
};

/// The distance of two places in um. Along a side of `period` um, unless that is 0, space is a ring.
inline double distance(Position const& a, Position const& b, Position const& period = {}) {
    auto const along = [](double d, double side) {
        d = std::abs(d);
        return side > 0 ? std::min(std::fmod(d, side), side - std::fmod(d, side)) : d;
    };
    return std::hypot(along(a.x - b.x, period.x), along(a.y - b.y, period.y), along(a.z - b.z, period.z));
}

/// The rule of `by_distance`.
template <class Where, class Probability>
struct ByDistance {
    Where where;              // where(gid): its Position
    Probability probability;  // probability(um): from 0 to 1
    Position period;          // um

    void operator()(Drawing const& d, auto&& connect) const {
        Position const here = where(d.target);
        for (auto const source : d.sources) {
            double const um = distance(where(source), here, period);
            require(std::isfinite(um), "by_distance: cells {} and {} are {} um apart: must be finite", source,
                    d.target, um);
            double const p = probability(um);
            require(p >= 0 && p <= 1, "by_distance: the probability at {} um is {}, must be between 0 and 1",
                    um, p);
            if (d.random.uniform() < p && d.admits(source)) connect(source);
        }
    }
};

/// Every pair of a source and a target is connected with the probability that their distance gives:
/// `by_distance(where, [](double um) { return 0.1 * std::exp(-um / 100); })`. `where(gid)` is a cell's
/// `Position`; along sides of `period` um, unless 0, space is a ring. All pairs are looked at.
template <class Where, class Probability>
    requires std::convertible_to<std::invoke_result_t<Where const&, Gid>, Position> &&
             std::convertible_to<std::invoke_result_t<Probability const&, double>, double>
ByDistance<Where, Probability> by_distance(Where where, Probability probability,
                                           Position const& period = {}) {
    for (double const side : {period.x, period.y, period.z})
        require(std::isfinite(side) && side >= 0,
                "by_distance: a period of {} um: must be finite and not negative", side);
    return {std::move(where), std::move(probability), period};
}

}  // namespace hillock::inline HILLOCK_ISA
