// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/words/error.hpp>
#include <hillock/words/units.hpp>

namespace hillock {

struct Section;

/// A place on a section, 0 <= x <= 1 along its length: `soma(0.5)`.
struct Segment {
    Section const* section = nullptr;
    double x = 0;
};

/// A point on the axis of a section and the diameter there, all in um: NEURON's pt3d.
struct Point {
    double x, y, z, diam;

    friend bool operator==(Point const&, Point const&) = default;
};

inline double distance(Point const& a, Point const& b) { return std::hypot(b.x - a.x, b.y - a.y, b.z - a.z); }

/// An unbranched cable: a chain of `nseg` segments of equal length, cylinders or, where 3-d points are given, pieces of the
/// frusta between them. Lengths in um, Ra in ohm cm, cm in uF/cm2; defaults are NEURON's.
struct Section {
    std::string name;
    double L = 100;
    double diam = 500;
    int nseg = 1;
    double Ra = 35.4;
    double cm = 1;
    Segment parent = {};             // where its x = 0 is attached; the root has none
    std::vector<Point> points = {};  // from x = 0 to x = 1; set by pt3d

    constexpr Segment operator()(double x) const { return {this, x}; }

    /// Attaches x = 0 of this section: `dend.connect(soma(1))`.
    void connect(Segment to) { parent = to; }

    /// Gives the section a course in space; L becomes the length of the way through the points, diam the mean diameter on it.
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

    /// The segment that holds x, numbered from 0.
    int segment_of(double x) const { return std::min(static_cast<int>(x * nseg), nseg - 1); }
    /// The middle of a segment.
    Segment segment(int k) const { return {this, (k + 0.5) / nseg}; }

    /// Lateral area of one segment in um2.
    double segment_area(int k = 0) const {
        if (points.empty()) return units::cylinder_area(L / nseg, diam);
        double sum = 0;
        for_each_frustum(k / double(nseg), (k + 1) / double(nseg), [&](double length, double d1, double d2) {
            sum += units::cylinder_area(std::hypot(length, (d2 - d1) / 2), (d1 + d2) / 2);
        });
        return sum;
    }

    /// Resistance in megohm along the axis, from one x to a larger one.
    double axial_resistance(double from, double to) const {
        if (points.empty()) return units::axial_resistance(Ra, (to - from) * L, diam, diam);
        double sum = 0;
        for_each_frustum(from, to, [&](double length, double d1, double d2) { sum += units::axial_resistance(Ra, length, d1, d2); });
        return sum;
    }

    /// Calls f(length, first diameter, last diameter) for each frustum, or piece of one, between two places.
    void for_each_frustum(double from, double to, auto&& f) const {
        double begin = 0;
        for (std::size_t k = 1; k < points.size(); ++k) {
            auto const length = distance(points[k - 1], points[k]), end = begin + length;
            auto const first = std::max(from * L, begin), last = std::min(to * L, end);
            auto const diameter = [&](double at) { return std::lerp(points[k - 1].diam, points[k].diam, (at - begin) / length); };
            if (first < last) f(last - first, diameter(first), diameter(last));
            begin = end;
        }
    }
};

/// Throws if a section's geometry or electrical properties make no sense, or a segment lies outside of its section.
inline void check(Section const& s) {
    auto const positive = [&](std::string_view what, double value, std::string_view unit) {
        require(std::isfinite(value) && value > 0, "section {}: {} = {} {}: must be finite and positive", s.name, what, value,
                unit);
    };
    for (auto const& point : s.points) positive("pt3d: diameter", point.diam, "um");
    positive("L", s.L, "um");
    positive("diam", s.diam, "um");
    positive("Ra", s.Ra, "ohm cm");
    positive("cm", s.cm, "uF/cm2");
    require(s.nseg > 0, "section {}: nseg = {}: must be at least 1", s.name, s.nseg);
    if (s.points.empty()) return;
    Section measured;
    measured.pt3d(s.points);
    require(std::abs(measured.L - s.L) <= 1e-9 * s.L && std::abs(measured.diam - s.diam) <= 1e-9 * s.diam,
            "section {}: L = {} um, diam = {} um: its 3-d points say {} and {} um", s.name, s.L, s.diam, measured.L, measured.diam);
}

inline void check(Segment const& s) {
    require(s.x >= 0 && s.x <= 1, "{}({}): x must be between 0 and 1", s.section->name, s.x);
}

/// A group of sections: `all = {soma, dend}`. It refers to them.
class Subset {
public:
    Subset() = default;
    template <std::same_as<Section>... S>
        requires(sizeof...(S) > 0)
    constexpr Subset(S const&... sections) : sections_{&sections...} {}
    explicit Subset(std::vector<Section const*> sections) : sections_{std::move(sections)} {}

    void add(Section const& section) { sections_.push_back(&section); }

    std::size_t size() const { return sections_.size(); }
    Section const& operator[](std::size_t k) const { return *sections_[k]; }
    std::vector<Section const*> const& sections() const { return sections_; }

private:
    std::vector<Section const*> sections_;
};

}  // namespace hillock
