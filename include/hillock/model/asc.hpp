// SPDX-License-Identifier: MIT
#pragma once

/// Morphologies from Neurolucida files (.asc), as NEURON's Import3d (8.2.2) reads them:
///
/// - A tree is axon, dend or apic by the label of its last property (Axon, Dendrite, Apical), else dend_0. A
///   branch is a section from the last point of its parent on, where it has its own first diameter; a tree
///   from its own first point on. Markers, spines, texts and other contours are skipped.
/// - Contours called "CellBody", "Cell Body" or "Soma" of three points or more are the soma. Those that
///   overlap the one before in x and y are a stack (asc_soma.hpp).
/// - All trees are attached to soma(0.5), or are the cell where there is no soma and one tree.
/// - A branch of one point, or of two at one place, is left out, and what grows out of it is attached in its
///   place.
///
/// Differences: a soma of one outline that is not flat in z may run in the other direction, and then differ
/// if the outline is not convex; several somata, or several trees without one, are errors, as are diameters
/// of 0 and violations of the grammar.

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/asc_soma.hpp>
#include <hillock/model/asc_text.hpp>
#include <hillock/model/morphology.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {
namespace asc {

/// A rectangle around points in x and y.
struct Box {
    std::array<double, 4> sides;  // from x, to x, from y, to y

    explicit Box(std::vector<Point> const& points)
        : sides{points[0].x, points[0].x, points[0].y, points[0].y} {
        for (auto const& p : points)
            sides = {std::min(sides[0], p.x), std::max(sides[1], p.x), std::min(sides[2], p.y),
                     std::max(sides[3], p.y)};
    }
    bool overlaps(Box const& other) const {
        for (auto const k : {0u, 2u})
            if (sides[k] > other.sides[k + 1] || other.sides[k] > sides[k + 1]) return false;
        return true;
    }
    bool is_point() const { return !(std::max(sides[1] - sides[0], sides[3] - sides[2]) > 1e-9); }
};

/// Lets a branch begin at its parent's last point.
template <class = void>
void begin_at(Point last, std::vector<Point>& points) {
    last.diam = points[0].diam;
    if (distance(last, points[0]) > 0) points.insert(points.begin(), last);
}

/// Turns the one point of a cell into a cylinder as long as it is wide.
template <class = void>
void make_sphere(std::vector<Point>& points) {
    auto const [x, y, z, diam] = points[0];
    points = {{x - diam / 2, y, z, diam}, {x, y, z, diam}, {x + diam / 2, y, z, diam}};
}

/// Whether import leaves a branch out.
inline bool has_no_length(Curve const& branch) {
    auto const& p = branch.points;
    return p.size() == 1 || (p.size() == 2 && distance(p[0], p[1]) == 0);
}

/// The points of the cell body's section. `fail(line, text)` throws where that would have no width.
std::vector<Point> body_of(std::vector<Curve const*> const& outlines, auto const& fail) {
    std::vector<Point> points;
    for (auto const* outline : outlines) points.push_back(circle_of(outline->points));
    if (outlines.size() == 1) {
        if (Box(outlines[0]->points).is_point())
            fail(outlines[0]->line, "a cell body whose points are all at one place in x and y");
        points = soma_of(outlines[0]->points);
    }
    for (auto const& p : points)
        if (!(p.diam > 1e-9)) fail(outlines[0]->line, "a cell body without width");
    return points;
}

}  // namespace asc

/// Reads the morphology in a Neurolucida file. Throws, with the number of the line, if it is not one cell.
template <class File = InputFile>
Morphology read_asc(std::filesystem::path const& path) {
    auto const fail = [&](std::size_t line, std::string const& text) {
        raise("{}:{}: {}", path.string(), line, text);
    };
    auto curves = asc::Text<File>(path).read();
    require(!curves.empty(), "{}: there is no tree and no cell body", path.string());
    std::vector<asc::Curve const*> outlines;
    for (auto const& curve : curves) {
        if (!curve.is_contour) continue;
        if (!outlines.empty() && !asc::Box(outlines.back()->points).overlaps(asc::Box(curve.points)))
            fail(curve.line, "a second cell body, apart from the first one: a cell has one");
        outlines.push_back(&curve);
    }

    Morphology made;
    Section* soma = nullptr;
    if (!outlines.empty()) {
        auto body = asc::body_of(outlines, fail);
        soma = &made.add({.name = "soma"}, Kind::soma);
        soma->pt3d(std::move(body));
    }
    std::map<int, std::size_t> numbers;
    std::vector<Section*> sections(curves.size(),
                                   nullptr);  // of each branch; of one without length its parent's
    Section const* root = soma;
    for (std::size_t k = 0; k < curves.size(); ++k) {
        auto& curve = curves[k];
        if (curve.is_contour) continue;
        if (curve.parent) asc::begin_at(curves[*curve.parent].points.back(), curve.points);
        auto* const parent = curve.parent ? sections[*curve.parent] : soma;
        if (parent && asc::has_no_length(curve)) {
            sections[k] = parent;
            continue;
        }
        for (auto const& p : curve.points)
            if (!(p.diam > 0)) fail(curve.line, fmt::format("a branch with a diameter of {} um", p.diam));
        if (!parent && root) fail(curve.line, "a second tree, and no cell body that both are attached to");
        auto const kind = curve.type == 0 ? Kind::dend : static_cast<Kind>(curve.type);
        constexpr std::array names{"dend_0", "soma", "axon", "dend", "apic"};
        auto& section = made.add({.name = fmt::format("{}[{}]", names[static_cast<std::size_t>(curve.type)],
                                                      numbers[curve.type]++)},
                                 kind, curve.type);
        auto points = curve.points;  // its own: what grows out of a sphere begins at the sphere's point
        if (!parent && points.size() == 1) asc::make_sphere(points);
        section.pt3d(std::move(points));
        if (!(section.L >= 1e-9)) fail(curve.line, "a branch without length");
        if (parent) section.connect((*parent)(parent == soma ? 0.5 : 1));
        if (!parent) root = &section;
        sections[k] = &section;
    }
    return made;
}

}  // namespace hillock::inline HILLOCK_ISA
