// SPDX-License-Identifier: MIT
#pragma once

/// Pictures of a cell's shape: its projection on a plane, every piece as wide as it is thick, in colours that
/// stand for a quantity.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hillock/analysis/gnuplot.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/courses.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::plot {

using hillock::Courses;

/// The plane onto which a shape is projected.
enum class Plane { xy, xz, yz };

/// Draws the outlines of segments as seen in a plane.
class Outlines {
public:
    /// Opens the file that gnuplot will read.
    Outlines(std::filesystem::path const& path, Courses const& courses, Plane plane)
        : file_{path},
          courses_{courses},
          across_{plane == Plane::yz ? &Point::y : &Point::x},
          up_{plane == Plane::xy ? &Point::y : &Point::z} {}

    /// Includes all that a section covers in the extents.
    void extend(Section const& section, gnuplot::Extent& xs, gnuplot::Extent& ys) const {
        for (auto const& p : courses_.of(section))
            for (auto const side : {-0.5, 0.5}) {
                xs.include(p.*across_ + side * p.diam);
                ys.include(p.*up_ + side * p.diam);
            }
    }

    /// Writes the outline of a segment and its number, at least `thin` um wide.
    void write(Section const& section, int k, double number, double thin) {
        auto const along = pieces(section, k);
        file_.print("{}# {}({})\n", first_ ? "" : "\n", title(section),
                    section.segment(k).x);  // a blank line ends an outline
        first_ = false;
        auto const& middle = along[along.size() / 2];
        auto const seen = std::hypot(along.back().*across_ - along.front().*across_,
                                     along.back().*up_ - along.front().*up_);
        if (seen < middle.diam && seen < 0.5 * section.L / section.nseg)
            write_disc(middle, number, thin);
        else
            write_sides(along, number, thin);
    }

    /// Puts the file in its place.
    void commit() { file_.commit(); }

private:
    /// A root as long as it is wide stands for a sphere of its area: the soma of one point in an SWC file.
    bool is_sphere(Section const& section) const {
        auto const is_equal = [&](double a) { return std::abs(a - section.diam) <= 1e-9 * section.diam; };
        auto const& course = courses_.of(section);
        return !section.parent.section && is_equal(section.L) &&
               is_equal(distance(course.front(), course.back())) &&
               std::ranges::all_of(course, [&](Point const& p) { return is_equal(p.diam); });
    }

    /// Points along a segment, with the diameters there.
    std::vector<Point> pieces(Section const& section, int k) const {
        bool const is_round = is_sphere(section);
        int const count = is_round ? std::max(8, 64 / section.nseg) : 8;
        auto const angle = [](double x) { return std::acos(1 - 2 * x); };  // of x on a sphere
        auto const from = double(k) / section.nseg, to = std::min(1., (k + 1.) / section.nseg);
        std::vector<Point> along;
        for (int piece = 0; piece <= count; ++piece) {
            auto const part = double(piece) / count, turn = std::lerp(angle(from), angle(to), part);
            along.push_back(
                courses_.at(section(is_round ? (1 - std::cos(turn)) / 2 : std::lerp(from, to, part))));
            if (is_round) along.back().diam *= std::sin(turn);
        }
        return along;
    }

    /// Writes a segment that is seen from its end.
    void write_disc(Point const& middle, double number, double thin) {
        auto const radius = std::max(middle.diam, thin) / 2;
        for (int corner = 0; corner <= 16; ++corner) {
            auto const angle = corner * std::numbers::pi / 8;
            file_.print("{} {} {}\n", middle.*across_ + radius * std::cos(angle),
                        middle.*up_ + radius * std::sin(angle), number);
        }
    }

    /// Writes a segment that is seen from its side: along one edge and back along the other.
    void write_sides(std::vector<Point> const& along, double number, double thin) {
        auto const edge = [&](std::size_t i, double side) {
            auto const &before = along[i > 0 ? i - 1 : 0], &after = along[std::min(i + 1, along.size() - 1)];
            auto const dx = after.*across_ - before.*across_, dy = after.*up_ - before.*up_,
                       length = std::hypot(dx, dy);
            auto const width = length > 0 ? side * std::max(along[i].diam, thin) / 2 / length : 0;
            file_.print("{} {} {}\n", along[i].*across_ - dy * width, along[i].*up_ + dx * width, number);
        };
        for (std::size_t i = 0; i < along.size(); ++i) edge(i, 1);
        for (auto i = along.size(); i-- > 0;) edge(i, -1);
    }

    OutputFile file_;
    Courses const& courses_;
    double Point::*across_;
    double Point::*up_;
    bool first_ = true;
};

/// Gives both axes one scale, with ends that fill the picture where the user has set none. Returns the width
/// of a pixel in um.
inline double fill(Layout& layout, gnuplot::Extent const& xs, gnuplot::Extent const& ys) {
    bool const is_x_free = !layout.x.first && !layout.x.last, is_y_free = !layout.y.first && !layout.y.last;
    layout.x = gnuplot::fitted(layout.x, xs.widened(0.03));
    layout.y = gnuplot::fitted(layout.y, ys.widened(0.03));
    auto const length = [](Axis const& axis) { return std::abs(*axis.last - *axis.first); };
    // A flat cell leaves most of the picture blank, but axes as narrow as the cell would be illegible.
    auto const columns = gnuplot::columns(layout), rows = gnuplot::rows(layout);
    auto const pixel = std::max(length(layout.x) / columns, length(layout.y) / rows);
    auto const widen = [](Axis& axis, double to) {
        auto const middle = (*axis.first + *axis.last) / 2;
        axis.first = middle - to / 2;
        axis.last = middle + to / 2;
    };
    if (is_x_free) widen(layout.x, pixel * columns);
    if (is_y_free) widen(layout.y, pixel * rows);
    if (!layout.x.step) layout.x.step = gnuplot::step_beside(layout.x, length(layout.x) / pixel);
    if (!layout.y.step) layout.y.step = gnuplot::step_above(layout.y, length(layout.y) / pixel);
    return pixel;
}

/// Draws the shape of a cell made of `sections`, every segment in the colour of `value(segment)`. Both axes
/// have the same scale and fill the picture.
///
///     plot::shape("cell.png", *net.anatomy<MyCell>().sections,
///                 [&](Segment s) { return net.get(0, fmt::format("{}({}).v", s.section->name, s.x)); });
inline Picture shape(std::filesystem::path const& image, std::vector<Section> const& sections,
                     std::function<double(Segment)> const& value, Layout layout = {},
                     Axis colour = {"V (mV)"}, Plane plane = Plane::xy) {
    require(!sections.empty(), "shape: {}: no sections to draw", image.string());
    auto const picture = gnuplot::beside(image);
    Courses const courses(sections);
    Outlines outlines{picture.data, courses, plane};
    gnuplot::Extent xs, ys, colours;
    for (auto const& section : sections) outlines.extend(section, xs, ys);
    if (layout.x.label.empty()) layout.x.label = plane == Plane::yz ? "y (um)" : "x (um)";
    if (layout.y.label.empty()) layout.y.label = plane == Plane::xy ? "y (um)" : "z (um)";
    auto const pixel = fill(layout, xs, ys);
    for (auto const& section : sections)
        for (int k = 0; k < section.nseg; ++k) {
            auto const number = value(section.segment(k));
            require(std::isfinite(number), "shape: the value at {}({}) is {}: must be finite", title(section),
                    section.segment(k).x, number);
            colours.include(number);
            outlines.write(section, k, number, 1.5 * pixel);
        }
    outlines.commit();

    // Values that are all equal, apart from rounding, get the middle colour.
    auto const largest = std::max(std::abs(colours.low), std::abs(colours.high));
    if (colours.high - colours.low <= 1e-9 * largest)
        colours = {colours.low - 0.1 * largest, colours.high + 0.1 * largest};
    colour = gnuplot::fitted(colour, colours.low < colours.high ? colours : gnuplot::Extent{-1, 1});
    auto const commands =
        fmt::format("set size ratio -1\nset palette defined (0 '#313695', 1 '#74add1', 2 '#fee090', 3 "
                    "'#f46d43', 4 '#a50026')\n"
                    "set format cb '%g'\nset cblabel {} offset 1\nset cbrange [{}:{}]\nset rmargin 7\n\n"
                    "plot data using 1:2:3 with filledcurves closed fillcolor palette notitle\n",
                    gnuplot::in_quotes(colour.label), *colour.first, *colour.last);
    return gnuplot::draw(picture, layout, commands);
}

}  // namespace hillock::inline HILLOCK_ISA::plot
