// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <string_view>

#include <hillock/words/error.hpp>
#include <hillock/words/units.hpp>

namespace hillock {

struct Section;

/// A place on a section, 0 <= x <= 1 along its length: `soma(0.5)`.
struct Segment {
    Section const* section;
    double x;
};

/// An unbranched cable: a chain of `nseg` equal cylinders. Lengths in um, Ra in ohm cm, cm in uF/cm2; defaults are NEURON's.
struct Section {
    std::string_view name;
    double L = 100;
    double diam = 500;
    int nseg = 1;
    double Ra = 35.4;
    double cm = 1;

    constexpr Segment operator()(double x) const { return {this, x}; }

    /// Lateral area of one segment in um2.
    double segment_area() const { return units::cylinder_area(L / nseg, diam); }
};

/// Throws if a section's geometry or electrical properties make no sense, or a segment lies outside of its section.
inline void check(Section const& s) {
    auto const positive = [&](std::string_view what, double value, std::string_view unit) {
        require(std::isfinite(value) && value > 0, "section {}: {} = {} {}: must be finite and positive", s.name, what, value,
                unit);
    };
    positive("L", s.L, "um");
    positive("diam", s.diam, "um");
    positive("Ra", s.Ra, "ohm cm");
    positive("cm", s.cm, "uF/cm2");
    require(s.nseg > 0, "section {}: nseg = {}: must be at least 1", s.name, s.nseg);
}

inline void check(Segment const& s) {
    require(s.x >= 0 && s.x <= 1, "{}({}): x must be between 0 and 1", s.section->name, s.x);
}

}  // namespace hillock
