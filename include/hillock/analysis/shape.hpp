// SPDX-License-Identifier: MIT
#pragma once

/// Pictures of a cell's shape: its projection on the x-y plane, as wide as it is thick, in colours that stand for a quantity.

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
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/output_file.hpp>

namespace hillock::plot {

/// Where sections run. Those without 3-d points are laid out in the plane: straight, from where they are attached, children of one
/// place spread like a fan around the direction of their parent, away from it where it begins.
class Courses {
public:
    explicit Courses(std::vector<Section> const& sections) {
        for (auto const& section : sections)
            if (section.parent.section) children_[{section.parent.section, section.parent.x}].push_back(&section);
        for (auto const& section : sections)
            if (!section.parent.section) lay(section, {0, 0, 0, section.diam}, 0, 1);
    }

    std::vector<Point> const& of(Section const& section) const { return courses_.at(&section); }

    /// The point at a place of a section.
    Point at(Segment place) const {
        auto const& course = of(*place.section);
        double length = 0;
        for (std::size_t k = 1; k < course.size(); ++k) length += distance(course[k - 1], course[k]);
        double left = place.x * length;
        for (std::size_t k = 1;; ++k) {
            auto const step = distance(course[k - 1], course[k]);
            if (left > step && k + 1 < course.size()) {
                left -= step;
                continue;
            }
            auto const part = step > 0 ? left / step : 0;
            auto const mix = [&](double Point::*which) { return std::lerp(course[k - 1].*which, course[k].*which, part); };
            return {mix(&Point::x), mix(&Point::y), mix(&Point::z), mix(&Point::diam)};
        }
    }

private:
    void lay(Section const& section, Point begin, double angle, int generation) {
        auto& course = courses_[&section] = section.points;
        if (course.empty())
            course = {{begin.x, begin.y, begin.z, section.diam},
                      {begin.x + section.L * std::cos(angle), begin.y + section.L * std::sin(angle), begin.z, section.diam}};
        else angle = std::atan2(course.back().y - course.front().y, course.back().x - course.front().x);
        for (auto const& [place, children] : children_) {
            if (place.first != &section) continue;
            auto const spread = std::numbers::pi / (0.5 + generation), count = static_cast<double>(children.size());
            auto const middle = place.second >= 1 ? angle : place.second <= 0 ? angle + std::numbers::pi : angle + std::numbers::pi / 2;
            for (std::size_t k = 0; k < children.size(); ++k)
                lay(*children[k], at(section(place.second)), middle + spread * ((static_cast<double>(k) + 0.5) / count - 0.5), generation + 1);
        }
    }

    std::map<std::pair<Section const*, double>, std::vector<Section const*>> children_;
    std::map<Section const*, std::vector<Point>> courses_;
};

/// The shape of a cell made of `sections`, every segment in the colour of `value(segment)`.
///
///     plot::shape("cell.png", *net.anatomy<MyCell>().sections, [&](Segment s) { return net.get(0, fmt::format("{}({}).v", s.section->name, s.x)); });
inline Picture shape(std::filesystem::path const& image, std::vector<Section> const& sections, std::function<double(Segment)> const& value,
                     Layout layout = {}, Axis colour = {"V (mV)"}) {
    auto const picture = gnuplot::beside(image);
    Courses const courses(sections);
    gnuplot::Extent xs, ys, colours;
    for (auto const& section : sections)
        for (auto const& p : courses.of(section))
            for (auto const side : {-0.5, 0.5}) {
                xs.include(p.x + side * p.diam);
                ys.include(p.y + side * p.diam);
            }
    if (layout.x.label.empty()) layout.x.label = "x (um)";
    if (layout.y.label.empty()) layout.y.label = "y (um)";
    layout.x = gnuplot::fitted(layout.x, xs.widened(0.03));
    layout.y = gnuplot::fitted(layout.y, ys.widened(0.03));
    auto const pixel = std::max(std::abs(*layout.x.last - *layout.x.first) / layout.width, std::abs(*layout.y.last - *layout.y.first) / layout.height);

    OutputFile data{picture.data};
    bool first = true;
    for (auto const& section : sections)
        for (int k = 0; k < section.nseg; ++k) {
            auto const number = value(section.segment(k));
            require(std::isfinite(number), "shape: the value at {}({}) is {}: must be finite", section.name, section.segment(k).x, number);
            colours.include(number);
            constexpr int pieces = 8;
            std::vector<Point> along;
            for (int piece = 0; piece <= pieces; ++piece) along.push_back(courses.at(section((k + piece / double(pieces)) / section.nseg)));
            data.print("{}# {}({})\n", first ? "" : "\n", section.name, section.segment(k).x);  // a blank line ends an outline
            first = false;
            auto const edge = [&](std::size_t i, double side) {
                auto const &before = along[i > 0 ? i - 1 : 0], &after = along[std::min(i + 1, along.size() - 1)];
                auto const dx = after.x - before.x, dy = after.y - before.y, length = std::hypot(dx, dy);
                auto const width = length > 0 ? side * std::max(along[i].diam, 1.5 * pixel) / 2 / length : 0;
                data.print("{} {} {}\n", along[i].x - dy * width, along[i].y + dx * width, number);
            };
            for (std::size_t i = 0; i < along.size(); ++i) edge(i, 1);
            for (auto i = along.size(); i-- > 0;) edge(i, -1);
        }
    data.commit();

    colour = gnuplot::fitted(colour, colours.widened());
    auto const commands = fmt::format("set size ratio -1\nset palette defined (0 '#313695', 1 '#74add1', 2 '#fee090', 3 '#f46d43', 4 '#a50026')\n"
                                      "set cblabel {} offset 2\nset cbrange [{}:{}]\nset rmargin 12\n\n"
                                      "plot data using 1:2:3 with filledcurves closed fillcolor palette notitle\n",
                                      gnuplot::in_quotes(colour.label), *colour.first, *colour.last);
    return gnuplot::draw(picture, layout, commands);
}

}  // namespace hillock::plot
