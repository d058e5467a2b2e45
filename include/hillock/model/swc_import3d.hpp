// SPDX-License-Identifier: MIT
#pragma once

/// The sections that NEURON's Import3d makes of the points of an SWC file: a port of read_swc.hoc, and of the
/// removal of sections without length in import3d_gui.hoc (NEURON 8.2.2), including their unintended results.
/// Everything depends on the order of the ids. Two things differ: sections of three or more points without
/// length are errors (1e-9 um long there), and coordinates are not rounded to single precision.

#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/swc_sections.hpp>
#include <hillock/model/swc_tree.hpp>

namespace hillock::inline HILLOCK_ISA::swc {

/// The first sample whose parent has a larger id, which Import3d cannot read.
std::optional<std::size_t> before_its_parent(auto const& samples) {
    for (std::size_t k = 0; k < samples.size(); ++k)
        if (samples[k].parent > k) return k;
    return {};
}

template <class Samples>
class Import3d {
public:
    /// Requires every sample to follow its parent.
    explicit Import3d(Samples const& samples)
        : samples_{samples}, section_of_(size()), beside_(size(), false) {
        for (std::size_t k = 0; k < size(); ++k)
            parents_.push_back(samples[k].parent_id < 0 ? -1
                                                        : static_cast<std::ptrdiff_t>(samples[k].parent));
        count_soma_children();
        count_children();
        has_neuromorphos_soma_ = is_neuromorphos_soma();
        if (has_neuromorphos_soma_) parents_[2] = 1;  // one section, not two
        join_soma_points();
        make_sections();
    }

    /// The sections as pieces. Those without length are left out, and their children attached in their place.
    std::vector<Piece> pieces() && {
        for (std::size_t k = 1; k < sections_.size(); ++k) {
            auto& parent = sections_[k].parent;
            if (sections_[parent->piece].is_gone) parent = sections_[parent->piece].parent;
            sections_[k].is_gone = is_removed(sections_[k]);
        }
        std::vector<Piece> pieces;
        std::vector<std::size_t> rank(sections_.size());
        for (std::size_t k = 0; k < sections_.size(); ++k) {
            auto& [first, points, skips_first, parent, is_gone] = sections_[k];
            if (is_gone) continue;
            rank[k] = pieces.size();
            if (skips_first) points.erase(points.begin());
            pieces.push_back({samples_[first].type, samples_[first].kind, first, std::move(points), {}});
            if (parent) pieces.back().parent = Attachment{rank[parent->piece], parent->x};
        }
        if (pieces[0].points.size() == 1) make_sphere(pieces[0]);
        return pieces;
    }

private:
    struct ImportedSection {
        std::size_t first;
        std::vector<Point> points;  // that of the parent and then its own; the root's are all its own
        bool skips_first = false;   // the parent's point: joined by a wire
        std::optional<Attachment> parent = {};
        bool is_gone = false;
    };

    std::size_t size() const { return samples_.size(); }
    bool is_soma(std::size_t k) const { return samples_[k].type == 1; }
    /// In hoc, element -1 of a vector, as read for a root, is the first one.
    static std::size_t element(std::ptrdiff_t k) { return k < 0 ? 0 : static_cast<std::size_t>(k); }
    std::size_t parent(std::size_t k) const { return element(parents_[k]); }

    void count_soma_children() {
        soma_children_.assign(size(), 0);
        for (std::size_t k = 0; k < size(); ++k) {
            soma_points_ += is_soma(k);
            if (is_soma(k) && parents_[k] >= 0 && is_soma(parent(k))) ++soma_children_[parent(k)];
        }
    }

    /// Counts in hundredths: 100 for each child, 1 more if its id is not the next and 1 if its type differs.
    /// A section continues where the sum is 100.
    void count_children() {
        children_.assign(size(), 0);
        for (std::size_t k = 0; k < size(); ++k) {
            if (parents_[k] < 0) continue;
            auto const p = parent(k);
            children_[p] += 100;
            if (p + 1 != k) {
                ++children_[p];
                bool const begins_neurite = p > 1 ? !is_soma(p) && is_soma(parent(p)) : p == 0 && !is_soma(p);
                if (begins_neurite) {
                    beside_[k] = true;
                    children_[p] = 100;
                }
            }
            if (samples_[p].type != samples_[k].type) ++children_[p];
        }
    }

    bool is_neuromorphos_soma() const {
        if (soma_points_ != 3 || parents_[1] != 0 || parents_[2] != 0 || children_[1] != 0 ||
            children_[2] != 0)
            return false;
        auto const& middle = samples_[0].point;
        double length = 0;
        for (auto const k : {1, 2}) {
            auto const& end = samples_[static_cast<std::size_t>(k)].point;
            if (end.diam != middle.diam) return false;
            length += distance(end, middle);
        }
        return std::abs(length / middle.diam - 1) < 0.01;
    }

    void join_soma_points() {
        for (std::size_t k = 0; k + 1 < size(); ++k) {
            bool const follows =
                is_soma(k) && is_soma(k + 1) && parents_[k + 1] == static_cast<std::ptrdiff_t>(k);
            if (follows && (k == 0 || soma_children_[k] <= 1)) children_[k] = 100;
        }
    }

    void make_sections() {
        for (std::size_t first = 0; first < size();) {
            auto last = first;
            while (last + 1 < size() && children_[last] == 100) ++last;
            for (auto k = first; k <= last; ++k) section_of_[k] = sections_.size();
            make_section(first, last + 1);
            first = last + 1;
        }
    }

    void make_section(std::size_t first, std::size_t end) {
        ImportedSection made{first, {}};
        auto const own = first == 0 && has_neuromorphos_soma_ ? 1 : end - first;
        if (first > 0) {
            attach(made, own > 1);
            made.points.push_back(samples_[parent(first)].point);
        }
        for (std::size_t k = 0; k < own; ++k) made.points.push_back(samples_[first + k].point);
        if (first > 0) {
            auto const& on = sections_[made.parent->piece];
            if (is_soma(on.first) && !is_soma(first)) made.points[0].diam = made.points[1].diam;
            if (beside_[first]) made.parent->x = 0;
        }
        sections_.push_back(std::move(made));
    }

    /// Finds the place of a section; `is_long` if it has more than one point of its own.
    void attach(ImportedSection& made, bool is_long) const {
        auto const first = made.first, piece = section_of_[parent(first)];
        auto const& on = sections_[piece];
        bool const on_soma = is_soma(on.first), is_neurite = !is_soma(first);
        bool const is_branching = soma_children_[parent(first)] > 1;
        auto const point = parents_[first];  // -1: of none
        auto& [_, x] = made.parent.emplace(Attachment{piece, 1});
        if (piece == 0 && on_soma && is_neurite && on.points.size() == 1) {
            x = 0.5;
            made.skips_first = is_long;
        } else if (piece == 0 && point == 0) {
            x = 0;
            made.skips_first = is_neurite && is_branching;
        } else if (on_soma) {
            auto const last = on.first + on.points.size() - (on.first == 0 ? 1 : 2);
            if (point < static_cast<std::ptrdiff_t>(last)) {
                x = 0.5;
                made.skips_first = is_neurite && is_long;
            } else {
                made.skips_first = is_neurite && is_long && is_branching;
            }
        }
    }

    static bool is_removed(ImportedSection const& section) {
        auto const begin = section.points.begin() + section.skips_first;
        auto const count = section.points.end() - begin;
        auto const is_equal = [](double a, double b) {
            return std::abs(a - b) <= 1e-11;
        };  // hoc's float_epsilon
        return count <= 1 || (count == 2 && is_equal(begin[0].x, begin[1].x) &&
                              is_equal(begin[0].y, begin[1].y) && is_equal(begin[0].z, begin[1].z));
    }

    Samples const& samples_;
    std::vector<std::ptrdiff_t> parents_;  // -1 of roots
    std::vector<std::size_t> soma_children_, section_of_;
    std::vector<int> children_;
    std::vector<bool> beside_;  // attached to x = 0 of a neurite
    std::size_t soma_points_ = 0;
    bool has_neuromorphos_soma_ = false;
    std::vector<ImportedSection> sections_;
};

}  // namespace hillock::inline HILLOCK_ISA::swc
