// SPDX-License-Identifier: MIT
#pragma once

/// Changes to a morphology between its file and its cell: it is scaled, cut, given a stub of an axon, divided
/// into segments.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/morphology.hpp>
#include <hillock/model/paths.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Gives every section as many segments as the d_lambda rule asks for; returns how many there are in all.
template <class = void>
int apply_d_lambda(Morphology& shape, double part = 0.1, double frequency = 100) {
    int sum = 0;
    for (auto& section : shape) sum += section.nseg = d_lambda(section, part, frequency);
    return sum;
}

/// A section and everything that grows out of it.
template <class = void>
Subset subtree(Morphology const& shape, Section const& from) {
    std::map<Section const*, std::vector<Section const*>> children;
    bool known = false;
    for (auto const& section : shape) {
        children[section.parent.section].push_back(&section);
        known = known || &section == &from;
    }
    require(known, "subtree: section {} is not of this morphology", title(from));
    Subset all;
    for (std::vector<Section const*> next{&from}; !next.empty();) {
        auto const* section = next.back();
        next.pop_back();
        all.add(*section);
        require(all.sections().size() <= shape.size(), "subtree: the parents of section {} form a circle",
                title(from));
        auto const& more = children[section];
        next.insert(next.end(), more.rbegin(), more.rend());
    }
    return all;
}

namespace reshaping {

/// The points of a course from its beginning to `x`, which becomes the last one.
template <class = void>
std::vector<Point> up_to(double x, std::vector<Point> const& course) {
    double length = 0, gone = 0;
    for (std::size_t k = 1; k < course.size(); ++k) length += distance(course[k - 1], course[k]);
    std::vector<Point> points{course[0]};
    for (std::size_t k = 1; k < course.size(); ++k) {
        auto const &a = course[k - 1], &b = course[k];
        auto const step = distance(a, b);
        if (gone + step < x * length && k + 1 < course.size()) {
            points.push_back(b);
            gone += step;
            continue;
        }
        auto const part = step > 0 ? std::min((x * length - gone) / step, 1.) : 1;
        points.push_back({std::lerp(a.x, b.x, part), std::lerp(a.y, b.y, part), std::lerp(a.z, b.z, part),
                          std::lerp(a.diam, b.diam, part)});
        break;
    }
    return points;
}

}  // namespace reshaping

/// The factors of `scale`.
struct Scaling {
    double length = 1, diam = 1;  // both positive
};

/// Makes sections longer and thicker. Where they have a course in space it keeps its directions, and what
/// grows out of them moves along.
template <class = void>
void scale(Morphology& shape, Subset const& these, Scaling by) {
    for (auto const factor : {by.length, by.diam})
        require(std::isfinite(factor) && factor > 0, "scale: by {}: must be finite and positive", factor);
    std::set<Section const*> const scaled(these.sections().begin(), these.sections().end());
    std::map<Section const*, Morphology::Part*> own;
    std::map<Section const*, std::vector<Point>> old;  // their courses
    for (auto& section : shape) own[&section] = &section, old[&section] = section.points;
    for (auto const* section : scaled)
        require(own.contains(section), "scale: section {} is not of this morphology", title(*section));
    // The way that a section's beginning has moved: that of its place on its parent, if both have a course.
    std::map<Section const*, Point> moved;
    for (auto& top : shape) {
        std::vector<Morphology::Part*> way;  // from this section to the first that has moved already
        for (auto* s = &top; s && !moved.contains(s); s = own[s->parent.section]) {
            way.push_back(s);
            require(way.size() <= shape.size(), "scale: the parents of section {} form a circle", title(top));
        }
        for (; !way.empty(); way.pop_back()) {
            auto& section = *way.back();
            Point shift{0, 0, 0, 0};
            if (auto const* parent = section.parent.section;
                parent && old[parent].size() > 1 && section.points.size() > 1) {
                auto const before = reshaping::up_to(section.parent.x, old[parent]).back(),
                           now = reshaping::up_to(section.parent.x, parent->points).back();
                shift = {now.x - before.x, now.y - before.y, now.z - before.z, 0};
            }
            moved[&section] = shift;
            bool const is_scaled = scaled.contains(&section);
            auto const length = is_scaled ? by.length : 1, diam = is_scaled ? by.diam : 1;
            if (section.points.empty()) {
                section.L *= length, section.diam *= diam;
                continue;
            }
            auto points = section.points;
            auto const first = points[0];
            for (auto& p : points) {
                p.x = first.x + shift.x + length * (p.x - first.x);
                p.y = first.y + shift.y + length * (p.y - first.y);
                p.z = first.z + shift.z + length * (p.z - first.z);
                p.diam *= diam;
            }
            section.pt3d(std::move(points));
        }
    }
}

/// The same for all sections.
template <class = void>
void scale(Morphology& shape, Scaling by) {
    scale(shape, shape.all(), by);
}

/// Ends a section at a place, and removes what grows out of it beyond. Its number of segments becomes 1.
template <class = void>
void cut(Morphology& shape, Segment at) {
    check(at);
    require(at.x > 0, "cut at {}(0): nothing would be left; remove the section", title(*at.section));
    auto const found =
        std::find_if(shape.begin(), shape.end(), [&](auto const& s) { return &s == at.section; });
    require(found != shape.end(), "cut: section {} is not of this morphology", title(*at.section));
    auto& section = *found;
    Subset beyond;
    for (auto& child : shape)
        if (child.parent.section == &section) {
            if (child.parent.x > at.x)
                beyond.add(child);
            else
                child.parent.x /= at.x;
        }
    shape.remove(beyond);
    section.nseg = 1;
    if (section.points.empty()) {
        section.L *= at.x;
        return;
    }
    section.pt3d(reshaping::up_to(at.x, section.points));
}

/// Ends every way at `um` from the middle of the root, on the sections of a subset.
template <class = void>
void cut_beyond(Morphology& shape, Subset const& these, double um) {
    auto const& root = shape.root();
    std::vector<Section const*> gone;
    std::vector<Segment> ends;
    for (auto const* section : these.sections()) {
        if (section == &root) continue;
        auto const begin = distance(root(0.5), (*section)(0));
        if (begin >= um)
            gone.push_back(section);
        else if (begin + section->L > um)
            ends.push_back((*section)((um - begin) / section->L));
    }
    shape.remove(Subset(gone));
    for (auto const& end : ends)
        if (std::any_of(shape.begin(), shape.end(), [&](auto const& s) { return &s == end.section; }))
            cut(shape, end);
}

/// The stub of `replace_axon`.
struct AxonStub {
    int sections = 2;         // one behind the other
    double L = 30, diam = 1;  // of each, um
    double at = 0.5;          // x on the root
};

/// Removes the axon and what grows out of it, and puts a stub in its place: axon[0] on the root, axon[1] on
/// its end, ...
template <class = void>
void replace_axon(Morphology& shape, AxonStub const& stub = {}) {
    require(stub.sections >= 0, "replace_axon: {} sections: must not be negative", stub.sections);
    shape.remove(shape.axon());
    auto end = shape.root()(stub.at);
    check(end);
    for (int k = 0; k < stub.sections; ++k) {
        auto& next =
            shape.add({.name = fmt::format("axon[{}]", k), .L = stub.L, .diam = stub.diam}, Kind::axon);
        check(next);
        next.connect(end);
        end = next(1);
    }
}

}  // namespace hillock::inline HILLOCK_ISA
