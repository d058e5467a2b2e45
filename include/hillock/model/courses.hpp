// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numbers>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The courses of sections in space. Those without 3-d points are laid out in the x-y plane: straight, from
/// where they are attached; children at one place fan out around their parent's direction, at its beginning
/// around the opposite one.
template <class = void>
class basic_courses {
public:
    /// Lays out sections, all of one cell.
    explicit basic_courses(std::vector<Section> const& sections) {
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

    /// The points of a section, from x = 0 to x = 1.
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

    /// Lays a section and returns the direction in which it runs.
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

/// The courses of a cell's sections in space.
using Courses = basic_courses<>;

}  // namespace hillock::inline HILLOCK_ISA
