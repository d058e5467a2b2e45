// SPDX-License-Identifier: MIT
#pragma once

/// The sections that `read_swc` makes of the points of an SWC file; model/swc.hpp states the rules.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/morphology.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/swc_tree.hpp>

namespace hillock::inline HILLOCK_ISA::swc {

struct Attachment {
    std::size_t piece;
    double x;

    friend bool operator==(Attachment const&, Attachment const&) = default;
};

/// A section before it is made: its points and its place on another one.
struct Piece {
    std::int64_t type;
    Kind kind;
    std::size_t first;  // its own first sample, behind the one at which it begins
    std::vector<Point> points;
    std::optional<Attachment> parent = {};

    friend bool operator==(Piece const&, Piece const&) = default;
};

inline double length(Piece const& piece) {
    double sum = 0;
    for (std::size_t k = 1; k < piece.points.size(); ++k)
        sum += distance(piece.points[k - 1], piece.points[k]);
    return sum;
}

/// Whether a piece is shorter than a `Section` may be (1e-9 um).
inline bool has_no_length(Piece const& piece) { return length(piece) < 1e-9; }

/// Turns one point into a cylinder as long as it is wide, which has the area of a sphere.
inline void make_sphere(Piece& piece) {
    auto const [x, y, z, diam] = piece.points[0];
    piece.points = {{x - diam / 2, y, z, diam}, {x, y, z, diam}, {x + diam / 2, y, z, diam}};
}

/// Joins samples to pieces.
template <class Samples>
class Grower {
public:
    explicit Grower(Samples const& samples)
        : samples_{samples},
          is_compact_{compact_soma()},
          soma_children_(samples.size()),
          piece_of_(samples.size()) {
        for (std::size_t k = 0; k < samples.size(); ++k)
            for (auto const child : samples[k].children)
                soma_children_[k] += samples[child].kind == Kind::soma;
        for (std::size_t k = 0; k < samples.size(); ++k) next_.push_back(find_next(k));
        for (auto const k : samples.parents_first()) piece_of_[k] = place(k);
        auto& root = grown_.front();
        if (root.points.size() == 1) {
            if (samples.size() == 1 && root.kind != Kind::soma)
                samples.fail(0, "a single point is a cell only as a soma (type 1)");
            make_sphere(root);
        }
    }

    /// The root and then the others in the order of their first points' ids. Pieces without length are left
    /// out, and their children attached in their place.
    std::vector<Piece> pieces() && {
        std::vector<bool> is_gone;
        std::vector<std::size_t> kept;
        for (auto& piece : grown_) {  // parents before children
            if (piece.parent && is_gone[piece.parent->piece])
                piece.parent = grown_[piece.parent->piece].parent;
            is_gone.push_back(piece.parent && has_no_length(piece));
            if (!is_gone.back()) kept.push_back(is_gone.size() - 1);
        }
        std::sort(kept.begin() + 1, kept.end(),
                  [&](auto a, auto b) { return grown_[a].first < grown_[b].first; });
        std::vector<std::size_t> rank(grown_.size());
        for (std::size_t k = 0; k < kept.size(); ++k) rank[kept[k]] = k;
        std::vector<Piece> pieces;
        for (auto const k : kept) {
            pieces.push_back(std::move(grown_[k]));
            if (auto& parent = pieces.back().parent) parent->piece = rank[parent->piece];
        }
        return pieces;
    }

private:
    /// The piece that a sample belongs to: that of its parent, or a new one.
    std::size_t place(std::size_t k) {
        auto const parent = samples_[k].parent;
        if (k == samples_.root()) return grow(k, {}, {});
        if (samples_.is_loose(k)) return attach(k);
        if (is_compact_[k]) return piece_of_[parent];  // the root's sphere stands for it
        if (next_[parent] != k) return begin(k, parent);
        grown_[piece_of_[parent]].points.push_back(samples_[k].point);
        return piece_of_[parent];
    }

    /// Marks the samples of a soma that amounts to one point: the root alone, several points at one place, or
    /// three in NeuroMorpho's manner.
    std::vector<bool> compact_soma() const {
        std::vector<bool> is_in(samples_.size(), false);
        auto const root = samples_.root();
        if (samples_[root].kind != Kind::soma) return is_in;
        std::vector<std::size_t> members{root};
        for (std::size_t k = 0; k < members.size(); ++k)
            for (auto const child : samples_[members[k]].children)
                if (samples_[child].kind == Kind::soma) members.push_back(child);
        auto const is_at_root = [&](auto k) {
            return distance(samples_[k].point, samples_[root].point) == 0;
        };
        if (std::all_of(members.begin(), members.end(), is_at_root) || are_neuromorphos(members))
            for (auto const k : members) is_in[k] = true;
        return is_in;
    }

    bool are_neuromorphos(std::vector<std::size_t> const& members) const {
        std::size_t somas = 0;
        for (std::size_t k = 0; k < samples_.size(); ++k) somas += samples_[k].kind == Kind::soma;
        if (members.size() != 3 || somas != 3) return false;
        auto const& root = samples_[members[0]];
        double length = 0;
        for (auto const k : {members[1], members[2]}) {
            auto const& other = samples_[k];
            if (other.parent != members[0] || !other.children.empty() || other.point.diam != root.point.diam)
                return false;
            length += distance(root.point, other.point);
        }
        return std::abs(length / root.point.diam - 1) < 0.01;  // Import3d's tolerance
    }

    /// Whether a sample is the first of a neurite on the soma, which may fork without ending the section.
    bool begins_neurite(std::size_t k) const {
        if (samples_[k].kind == Kind::soma || k == samples_.root()) return false;
        return samples_.is_loose(k) || (samples_[samples_[k].parent].kind == Kind::soma && k != 1);
    }

    /// The sample with which a section continues behind another one, if it does.
    std::optional<std::size_t> find_next(std::size_t k) const {
        auto const& sample = samples_[k];
        bool const is_root = k == samples_.root(), is_soma = sample.kind == Kind::soma;
        if (is_compact_[k]) return {};
        bool const forks = (is_soma ? soma_children_[k] : sample.children.size()) > 1;
        if (forks && !is_root && !begins_neurite(k)) return {};
        auto const goes_on = [&](auto child) { return samples_[child].section_type == sample.section_type; };
        if (forks && !is_soma && !goes_on(sample.children.back())) return {};
        auto const same = std::find_if(sample.children.begin(), sample.children.end(), goes_on);
        return same == sample.children.end() ? std::optional<std::size_t>{} : *same;
    }

    std::size_t grow(std::size_t first, std::vector<Point> points, std::optional<Attachment> parent) {
        auto const& sample = samples_[first];
        points.push_back(sample.point);
        grown_.push_back({sample.section_type, sample.kind, first, std::move(points), parent});
        return grown_.size() - 1;
    }

    /// Begins a section whose own first point is `first`, on the sample `from`.
    std::size_t begin(std::size_t first, std::size_t from) {
        auto const piece = piece_of_[from];
        auto const start = samples_[from].point;
        bool const ends = !next_[from], is_root = from == samples_.root();
        if (samples_[from].kind != Kind::soma || samples_[first].kind == Kind::soma) {
            bool const is_beside = begins_neurite(from) && first != samples_[from].children.front();
            return grow(first, {start}, Attachment{piece, ends && !is_root && !is_beside ? 1. : 0.});
        }
        auto const x = is_compact_[from] ? 0.5 : is_root ? 0 : ends ? 1 : 0.5;
        bool const is_thick_there = x != 0.5 && soma_children_[from] <= 1;
        return grow(first, is_thick_there ? at(first, start) : wire(first, start), Attachment{piece, x});
    }

    /// Attaches the root of another tree to the middle of the cell's root section.
    std::size_t attach(std::size_t first) {
        return grow(first, wire(first, samples_[samples_.root()].point), Attachment{0, 0.5});
    }

    /// The points before a neurite's first one: none, so that the way to it has no membrane, unless the
    /// neurite has only one point.
    std::vector<Point> wire(std::size_t first, Point const& start) const {
        return next_[first] ? std::vector<Point>{} : at(first, start);
    }

    /// The soma's point with the neurite's diameter.
    std::vector<Point> at(std::size_t first, Point start) const {
        start.diam = samples_[first].point.diam;
        return {start};
    }

    Samples const& samples_;
    std::vector<bool> is_compact_;  // a sample of such a soma
    std::vector<std::size_t> soma_children_;
    std::vector<std::optional<std::size_t>> next_;
    std::vector<std::size_t> piece_of_;
    std::vector<Piece> grown_;
};

}  // namespace hillock::inline HILLOCK_ISA::swc
