// SPDX-License-Identifier: MIT
#pragma once

/// Questions about connected sections: segments, areas, ways and their lengths; how many segments a section
/// should have.

#include <cmath>
#include <numbers>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The middles of a section's segments, from x = 0 on.
template <class = void>
std::vector<Segment> segments(Section const& section) {
    std::vector<Segment> all;
    for (int k = 0; k < section.nseg; ++k) all.push_back(section.segment(k));
    return all;
}

/// Lateral area (um2) of the segment that holds x.
inline double area(Segment s) {
    check(s);
    return s.section->segment_area(s.section->segment_of(s.x));
}

/// The way from a place to the root: on each section the place at which it is entered.
template <class = void>
std::vector<Segment> way_to_root(Segment from) {
    std::vector<Segment> way;
    for (; from.section; from = from.section->parent) {
        require(way.size() < 1000000, "section {}: its parents form a circle", title(*from.section));
        check(from);
        way.push_back(from);
    }
    return way;
}

/// Where the node is at which a place has its voltage: in the middle of the segment that holds x, or at an
/// end.
inline Segment node_of(Segment s) {
    check(s);
    return s.x <= 0 || s.x >= 1 ? s : s.section->segment(s.section->segment_of(s.x));
}

/// Length (um) of the way along the sections' axes from the node of one place to that of another, as
/// h.distance measures it: between the middles of segments, unless a place is at an end; a section begins at
/// its parent's node.
template <class = void>
double distance(Segment a, Segment b) {
    check(a);
    check(b);
    auto const from_a = way_to_root(a), from_b = way_to_root(b);
    auto const from_beginning = [](Segment s) { return node_of(s).x * s.section->L; };
    double length = 0;
    for (auto const& on_a : from_a) {
        double other = 0;
        for (auto const& on_b : from_b) {
            if (on_a.section == on_b.section)
                return length + other + std::abs(from_beginning(on_a) - from_beginning(on_b));
            other += from_beginning(on_b);
        }
        length += from_beginning(on_a);
    }
    raise("distance from {}({}) to {}({}): they are not connected", title(*a.section), a.x, title(*b.section),
          b.x);
}

/// The length constant (um) of a section for a current that alternates at `frequency` Hz.
template <class = void>
double length_constant(Section const& s, double frequency) {
    check(s);
    require(std::isfinite(frequency) && frequency > 0,
            "length constant of section {} at {} Hz: the frequency must be finite and positive", title(s),
            frequency);
    auto const lambda = [&](double diam) {
        return 1e5 * std::sqrt(diam / (4 * std::numbers::pi * frequency * s.Ra * s.cm));
    };
    if (s.points.empty()) return lambda(s.diam);
    double lengths = 0;  // in length constants
    s.for_each_frustum({s.L}, [&](std::size_t, double length, double d1, double d2) {
        lengths += length / lambda((d1 + d2) / 2);
    });
    return s.L / lengths;
}

/// The d_lambda rule (Hines & Carnevale, Neuroscientist 7:123, 2001): the least odd number of segments, none
/// of which is longer than about `part` of the length constant at `frequency` Hz. The formula is NEURON's,
/// which lets the segments be 1 + 0.1 / nseg times as long as that.
template <class = void>
int d_lambda(Section const& s, double part = 0.1, double frequency = 100) {
    require(std::isfinite(part) && part > 0,
            "d_lambda of section {}: {} of the length constant: must be finite and positive", title(s), part);
    auto const wanted = s.L / (part * length_constant(s, frequency));
    auto const nseg = std::floor((wanted + 0.9) / 2) * 2 + 1;
    require(nseg <= Section::most_segments,
            "d_lambda of section {}: segments of {} of the length constant would be {:.3g}, no more than {} "
            "are allowed: "
            "here that is a part of {:.2g} or more",
            title(s), part, nseg, Section::most_segments,
            1.05 * part * wanted / Section::most_segments);  // not less when rounded
    return static_cast<int>(nseg);
}

}  // namespace hillock::inline HILLOCK_ISA
