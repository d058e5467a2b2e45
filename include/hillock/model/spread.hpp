// SPDX-License-Identifier: MIT
#pragma once

/// Places drawn on a cell when the program runs, for synapses:
///
///     RandomStream stream{{.id1 = 7}};
///     std::vector<PlacedSynapse<ExpSyn>> all;
///     for (auto const where : spread(100, shape.dend(), even, stream))
///         all.push_back(place(ExpSyn{}, where));

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/paths.hpp>
#include <hillock/model/section.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The density of `spread` for which every um is alike.
inline double even(Segment) { return 1; }

/// Draws `n` places on a subset, independently of each other: in a segment with a probability that goes with
/// density(segment), for each um of it, and evenly along the segment. The stream goes on.
template <std::invocable<Segment> Density>
std::vector<Segment> spread(std::size_t n, Subset const& subset, Density const& density,
                            RandomStream& stream) {
    std::vector<Segment> all;
    std::vector<double> sums;
    double sum = 0;
    for (auto const* section : subset.sections())
        for (auto const& segment : segments(*section)) {
            auto const here = static_cast<double>(density(segment));
            require(std::isfinite(here) && here >= 0,
                    "spread: the density at {}({}) is {}: must not be negative", title(*section), segment.x,
                    here);
            all.push_back(segment);
            sums.push_back(sum += here * section->L / section->nseg);
        }
    require(n == 0 || sum > 0, "spread: {} places where the density is 0 everywhere", n);
    std::vector<Segment> places;
    for (std::size_t k = 0; k < n; ++k) {
        auto const found = std::upper_bound(sums.begin(), sums.end() - 1, stream.uniform() * sum);
        auto const& segment = all[static_cast<std::size_t>(found - sums.begin())];
        auto const x = segment.x + (stream.uniform() - 0.5) / segment.section->nseg;
        places.push_back((*segment.section)(std::clamp(x, 0., 1.)));
    }
    return places;
}

/// The same from the beginning of a stream.
template <std::invocable<Segment> Density>
std::vector<Segment> spread(std::size_t n, Subset const& subset, Density const& density,
                            StreamId const& stream) {
    RandomStream random(stream);
    return spread(n, subset, density, random);
}

}  // namespace hillock::inline HILLOCK_ISA
