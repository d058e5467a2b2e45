// SPDX-License-Identifier: MIT
#pragma once

/// Questions about connected sections: segments, areas, ways and their lengths; how many segments a section should have.

#include <cmath>
#include <numbers>
#include <vector>

#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock {

/// The middles of a section's segments, from x = 0 on.
inline std::vector<Segment> segments(Section const& section) {
    std::vector<Segment> all;
    for (int k = 0; k < section.nseg; ++k) all.push_back(section.segment(k));
    return all;
}

/// Lateral area (um2) of the segment that holds x.
inline double area(Segment s) { return s.section->segment_area(s.section->segment_of(s.x)); }

/// The way from a place to the root: on each section the place at which it is entered.
inline std::vector<Segment> way_to_root(Segment from) {
    std::vector<Segment> way;
    for (; from.section; from = from.section->parent) {
        require(way.size() < 1000000, "section {}: its parents form a circle", from.section->name);
        way.push_back(from);
    }
    return way;
}

/// Length (um) of the way along the sections' axes from one place to another.
inline double distance(Segment a, Segment b) {
    auto const from_a = way_to_root(a), from_b = way_to_root(b);
    double length = 0;
    for (auto const& on_a : from_a) {
        double other = 0;
        for (auto const& on_b : from_b) {
            if (on_a.section == on_b.section) return length + other + std::abs(on_a.x - on_b.x) * on_a.section->L;
            other += on_b.x * on_b.section->L;
        }
        length += on_a.x * on_a.section->L;
    }
    throw Error(fmt::format("distance from {}({}) to {}({}): they are not connected", a.section->name, a.x, b.section->name, b.x));
}

/// The length constant (um) of a section for a current that alternates at `frequency` Hz.
inline double length_constant(Section const& s, double frequency) {
    auto const lambda = [&](double diam) { return 1e5 * std::sqrt(diam / (4 * std::numbers::pi * frequency * s.Ra * s.cm)); };
    if (s.points.empty()) return lambda(s.diam);
    double lengths = 0;  // in length constants
    s.for_each_frustum({s.L}, [&](std::size_t, double length, double d1, double d2) { lengths += length / lambda((d1 + d2) / 2); });
    return s.L / lengths;
}

/// The d_lambda rule: the least odd number of segments of which none is longer than `part` of the length constant at
/// `frequency` Hz (Hines & Carnevale, Neuroscientist 7:123, 2001).
inline int d_lambda(Section const& s, double part = 0.1, double frequency = 100) {
    return static_cast<int>((s.L / (part * length_constant(s, frequency)) + 0.9) / 2) * 2 + 1;
}

}  // namespace hillock
