// SPDX-License-Identifier: MIT
#pragma once

/// A cell's sections as the tree of nodes at which its voltage lives.
///
/// Every segment has a node in its middle. The ends of sections have nodes without membrane, where currents
/// only balance: at x = 1 of every section and at x = 0 of the root. A child's first segment is joined to its
/// parent's node at x = 1 or (root) x = 0, or to that of the segment that holds x; x = 0 of a child is the
/// node that it is attached to.
///
/// An end at which nothing is attached and nothing placed is left out: no current flows through it, so that
/// its voltage is that of the segment before it. With an electrode's current i it is higher by i times the
/// resistance in between.

#include <cstddef>
#include <limits>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The nodes of the cable equation: the middles of segments, and the ends that something needs.
class NodeTree {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();  // the parent of node 0

    /// A node, its membrane and the way to its parent.
    struct Node {
        std::size_t parent;      // a smaller number; none for node 0
        double conductance = 0;  // to the parent, uS
        double area = 0;         // um2; 0 at an end
        double cm = 0;           // uF/cm2
    };

    /// Where a place is: a node or, `megohm` away from it, the end at x = `end` that has none.
    struct Site {
        std::size_t node;            // its number
        double megohm = 0, end = 0;  // axial resistance to it, and x

        friend bool operator==(Site const&, Site const&) = default;
    };

    NodeTree() = default;

    /// The tree of `sections`, whose parents are among them, with a node wherever something is `placed`.
    NodeTree(std::vector<Section> const& sections, std::vector<Segment> const& placed)
        : spans_(sections.size()) {
        std::vector<Ends> needed(sections.size());
        auto const need = [&](Segment place) {
            auto& ends = needed[number(sections, place)];
            if (place.x <= 0) ends.at_0 = true;
            if (place.x >= 1) ends.at_1 = true;
        };
        for (auto const& section : sections)
            if (section.parent.section) need(section.parent);
        for (auto const& place : placed) need(place);
        for (auto const k : parents_first(sections)) grow(sections, k, needed[k]);
    }

    /// All nodes, parents first.
    std::vector<Node> const& nodes() const { return nodes_; }

    /// The node of a section's first segment; those of the others follow.
    std::size_t first_node(std::size_t section) const { return spans_[section].first; }

    /// Where a place on one of the sections is.
    Site site(std::vector<Section> const& sections, Segment place) const {
        auto const& section = *place.section;
        auto const& span = spans_[number(sections, place)];
        auto const half = 0.5 / section.nseg;
        auto const node_of = [&](int segment) { return span.first + static_cast<std::size_t>(segment); };
        if (place.x <= 0)
            return span.at_0 != none ? Site{span.at_0}
                                     : Site{span.first, section.axial_resistance(0, half), 0};
        if (place.x < 1) return {node_of(section.segment_of(place.x))};
        return span.at_1 != none ? Site{span.at_1}
                                 : Site{node_of(section.nseg - 1), section.axial_resistance(1 - half, 1), 1};
    }

private:
    /// The nodes of a section.
    struct Span {
        std::size_t at_0 = none, first = none, at_1 = none;
    };
    struct Ends {
        bool at_0 = false, at_1 = false;
    };

    static std::size_t number(std::vector<Section> const& sections, Segment place) {
        return static_cast<std::size_t>(place.section - sections.data());
    }

    /// The numbers of the sections, parents before children, a branch at a time. Throws unless they are one
    /// tree.
    static std::vector<std::size_t> parents_first(std::vector<Section> const& sections) {
        std::vector<std::vector<std::size_t>> children(sections.size());
        auto root = none;
        for (auto k = sections.size(); k-- > 0;) {
            auto const& parent = sections[k].parent;
            if (parent.section) {
                children[number(sections, parent)].push_back(k);
                continue;
            }
            require(root == none,
                    "sections {} and {}: neither is connected to a parent, but a cell has one root",
                    sections[k].name, root == none ? "" : sections[root].name);
            root = k;
        }
        std::vector<std::size_t> order, next;
        if (root != none) next.push_back(root);
        while (!next.empty()) {
            order.push_back(next.back());
            next.pop_back();
            meta::append(next, children[order.back()]);
        }
        std::vector<bool> reached(sections.size(), false);
        for (auto const k : order) reached[k] = true;
        for (std::size_t k = 0; k < sections.size(); ++k)
            require(reached[k], "section {}: its parents form a circle, so that none of them is the root",
                    sections[k].name);
        return order;
    }

    void grow(std::vector<Section> const& sections, std::size_t k, Ends needed) {
        auto const& section = sections[k];
        auto& span = spans_[k];
        auto const add = [&](std::size_t parent, double megohm, double area) {
            nodes_.push_back({parent, parent == none ? 0 : 1 / megohm, area, section.cm});
            return nodes_.size() - 1;
        };
        if (section.parent.section)
            span.at_0 = site(sections, section.parent).node;
        else if (needed.at_0)
            span.at_0 = add(none, 0, 0);
        auto previous = span.at_0;
        double behind = 0;  // megohm from there to where the segment begins
        for (auto const& shape : section.shapes()) {
            previous = add(previous, behind + shape.before, shape.area);
            behind = shape.after;
            if (span.first == none) span.first = previous;
        }
        if (needed.at_1) span.at_1 = add(previous, behind, 0);
    }

    std::vector<Node> nodes_;
    std::vector<Span> spans_;
};

}  // namespace hillock::inline HILLOCK_ISA
