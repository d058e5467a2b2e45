// SPDX-License-Identifier: MIT
#pragma once

/// Pictures of a cell's shape: its projection on a plane, as wide as it is thick, in colours that stand for a
/// quantity.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::plot {

/// Where sections run. Those without 3-d points are laid out in the x-y plane: straight, from where they are
/// attached, children of one place spread like a fan around the direction of their parent, away from it where
/// it begins.
class Courses {
public:
    explicit Courses(std::vector<Section> const& sections) {
        std::map<Section const*, std::map<double, std::vector<Section const*>>> children;  // by place
        std::vector<Start> next;
        for (auto const& section : sections) {
            if (section.parent.section)
                children[section.parent.section][section.parent.x].push_back(&section);
            else
                next.push_back({&section, {0, 0, 0, section.diam}, 0, 1});
        }
        while (!next.empty()) {
            auto const start = next.back();
            next.pop_back();
            auto const angle = lay(start);
            for (auto const& [x, here] : children[start.section]) {
                auto const spread = std::numbers::pi / (0.5 + start.generation),
                           count = static_cast<double>(here.size());
                auto const middle = x >= 1   ? angle
                                    : x <= 0 ? angle + std::numbers::pi
                                             : angle + std::numbers::pi / 2;
                for (std::size_t k = 0; k < here.size(); ++k)
                    next.push_back({here[k], at((*start.section)(x)),
                                    middle + spread * ((static_cast<double>(k) + 0.5) / count - 0.5),
                                    start.generation + 1});
            }
        }
        for (auto const& section : sections)
            require(courses_.contains(&section),
                    "shape: section {}: its parents form a circle, or are not among the sections given",
                    title(section));
    }

    std::vector<Point> const& of(Section const& section) const { return courses_.at(&section).points; }

    /// The point at a place of a section.
    Point at(Segment place) const {
        check(place);
        auto const& [points, lengths] = courses_.at(place.section);
        auto const length = place.x * lengths.back();
        auto const next =
            std::min(std::upper_bound(lengths.begin() + 1, lengths.end(), length), lengths.end() - 1);
        auto const k = static_cast<std::size_t>(next - lengths.begin());
        auto const &before = points[k - 1], &after = points[k];
        auto const step = lengths[k] - lengths[k - 1], part = step > 0 ? (length - lengths[k - 1]) / step : 0;
        auto const mix = [&](double Point::*which) { return std::lerp(before.*which, after.*which, part); };
        return {mix(&Point::x), mix(&Point::y), mix(&Point::z), mix(&Point::diam)};
    }

private:
    /// A section to be laid from `begin` on in a direction.
    struct Start {
        Section const* section;
        Point begin;
        double angle;
        int generation;
    };
    struct Course {
        std::vector<Point> points;
        std::vector<double> lengths;  // from the first point to each
    };

    /// The direction in which it runs.
    double lay(Start const& start) {
        auto const& section = *start.section;
        auto& [points, lengths] = courses_[&section];
        points = section.points;
        auto const [x, y, z, diam] = start.begin;
        if (points.size() < 2)
            points = {{x, y, z, section.diam},
                      {x + section.L * std::cos(start.angle), y + section.L * std::sin(start.angle), z,
                       section.diam}};
        lengths = {0};
        for (std::size_t k = 1; k < points.size(); ++k)
            lengths.push_back(lengths.back() + distance(points[k - 1], points[k]));
        return std::atan2(points.back().y - points.front().y, points.back().x - points.front().x);
    }

    std::map<Section const*, Course> courses_;
};

/// Onto which plane a shape is projected.
enum class Plane { xy, xz, yz };

/// The shape of a cell made of `sections`, every segment in the colour of `value(segment)`. Both axes have
/// one scale, and reach as far as the picture has room.
///
///     plot::shape("cell.png", *net.anatomy<MyCell>().sections, [&](Segment s) { return net.get(0, fmt::format("{}({}).v", s.section->name, s.x)); });
inline Picture shape(std::filesystem::path const& image, std::vector<Section> const& sections,
                     std::function<double(Segment)> const& value, Layout layout = {},
                     Axis colour = {"V (mV)"}, Plane plane = Plane::xy) {
    require(!sections.empty(), "shape: {}: no sections to draw", image.string());
    auto const picture = gnuplot::beside(image);
    Courses const courses(sections);
    auto const across = plane == Plane::yz ? &Point::y : &Point::x,
               up = plane == Plane::xy ? &Point::y : &Point::z;
    gnuplot::Extent xs, ys, colours;
    for (auto const& section : sections)
        for (auto const& p : courses.of(section))
            for (auto const side : {-0.5, 0.5}) {
                xs.include(p.*across + side * p.diam);
                ys.include(p.*up + side * p.diam);
            }
    if (layout.x.label.empty()) layout.x.label = plane == Plane::yz ? "y (um)" : "x (um)";
    if (layout.y.label.empty()) layout.y.label = plane == Plane::xy ? "y (um)" : "z (um)";
    bool const is_x_free = !layout.x.first && !layout.x.last, is_y_free = !layout.y.first && !layout.y.last;
    layout.x = gnuplot::fitted(layout.x, xs.widened(0.03));
    layout.y = gnuplot::fitted(layout.y, ys.widened(0.03));
    // Pixels between the margins. A flat cell leaves most of them blank, but axes drawn as narrow as it is
    // cannot be read.
    auto const columns = std::max(100., layout.width - 360.), rows = std::max(100., layout.height - 170.);
    auto const pixel = std::max(std::abs(*layout.x.last - *layout.x.first) / columns,
                                std::abs(*layout.y.last - *layout.y.first) / rows);  // um
    auto const fill = [](Axis& axis, double length) {
        auto const middle = (*axis.first + *axis.last) / 2;
        axis.first = middle - length / 2;
        axis.last = middle + length / 2;
    };
    if (is_x_free) fill(layout.x, pixel * columns);
    if (is_y_free) fill(layout.y, pixel * rows);

    OutputFile data{picture.data};
    bool first = true;
    for (auto const& section : sections)
        for (int k = 0; k < section.nseg; ++k) {
            auto const number = value(section.segment(k));
            require(std::isfinite(number), "shape: the value at {}({}) is {}: must be finite", title(section),
                    section.segment(k).x, number);
            colours.include(number);
            constexpr int pieces = 8;
            std::vector<Point> along;
            for (int piece = 0; piece <= pieces; ++piece)
                along.push_back(
                    courses.at(section(std::min(1., (k + piece / double(pieces)) / section.nseg))));
            data.print("{}# {}({})\n", first ? "" : "\n", title(section),
                       section.segment(k).x);  // a blank line ends an outline
            first = false;
            auto const& middle = along[pieces / 2];
            auto const seen = std::hypot(along.back().*across - along.front().*across,
                                         along.back().*up - along.front().*up);
            if (seen < middle.diam && seen < 0.5 * section.L / section.nseg) {  // from its end: a disc
                for (int corner = 0; corner <= 16; ++corner) {
                    auto const angle = corner * std::numbers::pi / 8,
                               radius = std::max(middle.diam, 1.5 * pixel) / 2;
                    data.print("{} {} {}\n", middle.*across + radius * std::cos(angle),
                               middle.*up + radius * std::sin(angle), number);
                }
                continue;
            }
            auto const edge = [&](std::size_t i, double side) {
                auto const &before = along[i > 0 ? i - 1 : 0],
                           &after = along[std::min(i + 1, along.size() - 1)];
                auto const dx = after.*across - before.*across, dy = after.*up - before.*up,
                           length = std::hypot(dx, dy);
                auto const width = length > 0 ? side * std::max(along[i].diam, 1.5 * pixel) / 2 / length : 0;
                data.print("{} {} {}\n", along[i].*across - dy * width, along[i].*up + dx * width, number);
            };
            for (std::size_t i = 0; i < along.size(); ++i) edge(i, 1);
            for (auto i = along.size(); i-- > 0;) edge(i, -1);
        }
    data.commit();

    // Where all is equal, but for rounding, the middle of the colours stands for it.
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
