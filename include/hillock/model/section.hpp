// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA {

struct Section;

/// A place on a section, 0 <= x <= 1 along its length: `soma(0.5)`.
struct Segment {
    Section const* section = nullptr;  // the section it is on
    double x = 0;                      // from 0 to 1
};

/// A point on the axis of a section and the diameter there, all in um: NEURON's pt3d.
struct Point {
    double x, y, z, diam;  // um

    friend bool operator==(Point const&, Point const&) = default;
};

/// In um, rounded as NEURON does, so that it is the same segment that a point between two of them falls in.
inline double distance(Point const& a, Point const& b) {
    auto const x = b.x - a.x, y = b.y - a.y, z = b.z - a.z;
    return std::sqrt(x * x + y * y + z * z);
}

/// A segment as the cable equation sees it.
struct SegmentShape {
    double area = 0;    // of its side, um2
    double before = 0;  // megohm along the axis from its beginning to its middle
    double after = 0;   // megohm on from there to its end
    double diam = 0;    // the mean along it, um
};

/// An unbranched cable: a chain of `nseg` segments of equal length, cylinders or, where 3-d points are given,
/// pieces of the frusta between them. Lengths in um, Ra in ohm cm, cm in uF/cm2; defaults are NEURON's.
struct Section {
    std::string name;                // for `get`, `set`, `probe` and messages
    double L = 100;                  // length, um
    double diam = 500;               // um
    int nseg = 1;                    // number of segments
    double Ra = 35.4;                // axial resistivity, ohm cm
    double cm = 1;                   // membrane capacitance, uF/cm2
    Segment parent = {};             // where its x = 0 is attached; the root has none
    std::vector<Point> points = {};  // from x = 0 to x = 1; set by pt3d

    constexpr Segment operator()(double x) const { return {this, x}; }  // a place on it

    /// Attaches x = 0 of this section: `dend.connect(soma(1))`. There is one such place: connecting it again
    /// moves it.
    void connect(Segment to);

    /// Gives the section a course in space; L becomes the length of the way through the points, diam the mean
    /// diameter on it.
    void pt3d(std::vector<Point> course) {
        points = std::move(course);
        L = 0;
        double sum = 0;
        for (std::size_t k = 1; k < points.size(); ++k) {
            auto const length = distance(points[k - 1], points[k]);
            L += length;
            sum += length * (points[k - 1].diam + points[k].diam) / 2;
        }
        diam = L > 0 ? sum / L : 0;
    }

    static constexpr int most_segments = 32767;  // NEURON's limit

    /// The segment that holds x, numbered from 0.
    int segment_of(double x) const;
    /// The middle of a segment.
    Segment segment(int k) const { return {this, (k + 0.5) / nseg}; }

    /// All segments, from x = 0 on.
    std::vector<SegmentShape> shapes() const {
        auto const dx = L / nseg;
        auto const half = units::axial_resistance(Ra, dx / 2, diam, diam);
        std::vector<SegmentShape> all(static_cast<std::size_t>(nseg),
                                      {units::cylinder_area(dx, diam), half, half, diam});
        if (points.empty()) return all;
        std::vector<double> stops;  // the middle of each segment and its end
        for (std::size_t k = 0; k < all.size(); ++k)
            stops.insert(stops.end(), 2, static_cast<double>(k) * dx);
        for (std::size_t k = 0; k < all.size();
             // not in the loop above, so that no compiler rounds product and sum in one as NEURON does not
             ++k) {
            stops[2 * k] += dx / 2;
            stops[2 * k + 1] = stops[2 * k] + dx / 2;
            all[k] = {};
        }
        for_each_frustum(stops, [&](std::size_t stop, double length, double d1, double d2) {
            auto& shape = all[stop / 2];
            shape.area += units::cylinder_area(std::hypot(length, (d2 - d1) / 2), (d1 + d2) / 2);
            (stop % 2 == 0 ? shape.before : shape.after) += units::axial_resistance(Ra, length, d1, d2);
            shape.diam += length * (d1 + d2) / 2 / dx;
        });
        return all;
    }

    /// Lateral area of one segment in um2. All of them at once: shapes().
    double segment_area(int k = 0) const;

    /// Resistance in megohm along the axis, from one x to a larger one.
    double axial_resistance(double from, double to) const {
        if (points.empty()) return units::axial_resistance(Ra, (to - from) * L, diam, diam);
        double sum = 0;
        for_each_frustum({from * L, to * L}, [&](std::size_t stop, double length, double d1, double d2) {
            if (stop == 1) sum += units::axial_resistance(Ra, length, d1, d2);
        });
        return sum;
    }

    /// Goes along the 3-d points from x = 0 to one stop (um) after the other, in rising order, and calls
    /// f(stop, length, first diameter, last diameter) for each frustum, or piece of one, on the way to it.
    ///
    /// A point that is repeated with another diameter makes a frustum of length 0, a ring of area pi/4 |d1^2
    /// - d2^2|. At a stop it is on the way to that stop, as in NEURON: a ring between two segments belongs to
    /// the first. A ring at x = 1 is lost if the last stop is short of it by rounding; so it is in NEURON
    /// (one combination of L and nseg in five).
    void for_each_frustum(std::vector<double> const& stops, auto&& f) const {
        if (points.size() < 2) return;
        std::size_t k = 1;  // on the way from point k - 1, at `begin`, to point k
        double begin = 0, here = 0, diameter = points[0].diam;
        for (std::size_t stop = 0; stop < stops.size(); ++stop)
            for (bool passes = true; passes;) {
                auto const length = distance(points[k - 1], points[k]), end = begin + length;
                passes = end <= stops[stop] && k + 1 < points.size();
                auto const next = passes ? end : stops[stop];
                auto const last = length > 0 && !passes
                                      ? std::lerp(points[k - 1].diam, points[k].diam, (next - begin) / length)
                                      : points[k].diam;
                f(stop, next - here, diameter, last);
                here = next;
                diameter = last;
                if (passes) ++k, begin = end;
            }
    }
};

/// The name of a section in messages.
inline std::string_view title(Section const& s) {
    return s.name.empty() ? "(unnamed)" : std::string_view(s.name);
}

/// The names of sections, or of the first among many, for messages.
std::string names_of(auto const& sections) {
    constexpr std::size_t most = 50;
    std::string text;
    std::size_t count = 0;
    for (Section const& section : sections)
        if (count++ < most) text += fmt::format("{}{}", count == 1 ? "" : ", ", title(section));
    return count > most ? fmt::format("{} and {} more", text, count - most) : text;
}

/// Throws if a segment lies outside of its section, or nowhere.
inline void check(Segment const& s) {
    require(s.section, "a place without a section; places are written as soma(0.5)");
    require(s.x >= 0 && s.x <= 1, "{}({}): x must be between 0 and 1", title(*s.section), s.x);
}

/// Throws if a section's geometry or electrical properties make no sense. What lies outside of these limits
/// is a mistake and would lead to numbers that no equation can be solved with.
inline void check(Section const& s) {
    auto const within_limits = [&](std::string_view what, double value, std::string_view unit) {
        require(value >= 1e-9 && value <= 1e9, "section {}: {} = {} {}: must be between 1e-9 and 1e9",
                title(s), what, value, unit);
    };
    for (auto const& point : s.points) within_limits("pt3d: diameter", point.diam, "um");
    within_limits("L", s.L, "um");
    within_limits("diam", s.diam, "um");
    within_limits("Ra", s.Ra, "ohm cm");
    within_limits("cm", s.cm, "uF/cm2");
    require(s.nseg >= 1 && s.nseg <= Section::most_segments,
            "section {}: nseg = {}: must be between 1 and {}", title(s), s.nseg, Section::most_segments);
    if (s.points.empty()) return;
    Section measured;
    measured.pt3d(s.points);
    require(std::abs(measured.L - s.L) <= 1e-9 * s.L && std::abs(measured.diam - s.diam) <= 1e-9 * s.diam,
            "section {}: L = {} um, diam = {} um: its 3-d points say {} and {} um", title(s), s.L, s.diam,
            measured.L, measured.diam);
}

inline void Section::connect(Segment to) {
    require(to.section, "section {}: connected to a place without a section; places are written as soma(1)",
            title(*this));
    parent = to;
}

inline int Section::segment_of(double x) const {
    check((*this)(x));
    return std::min(static_cast<int>(x * nseg), nseg - 1);
}

inline double Section::segment_area(int k) const {
    check(*this);
    require(k >= 0 && k < nseg, "section {}: segment {}: it has {} (numbered from 0)", title(*this), k, nseg);
    return shapes()[static_cast<std::size_t>(k)].area;
}

/// A group of sections: `all = {soma, dend}`. It refers to them.
class Subset {
public:
    Subset() = default;
    /// The sections given, in this order.
    template <std::derived_from<Section>... S>
        requires(sizeof...(S) > 0)
    constexpr Subset(S const&... sections) : sections_{&sections...} {}
    /// The sections pointed to, in this order.
    explicit Subset(std::vector<Section const*> sections) : sections_{std::move(sections)} {}

    void add(Section const& section) { sections_.push_back(&section); }  // a further section

    std::size_t size() const { return sections_.size(); }                      // the number of sections
    Section const& operator[](std::size_t k) const { return *sections_[k]; }   // the k-th, from 0 on
    std::vector<Section const*> const& sections() const { return sections_; }  // all, in order

private:
    std::vector<Section const*> sections_;
};

}  // namespace hillock::inline HILLOCK_ISA
