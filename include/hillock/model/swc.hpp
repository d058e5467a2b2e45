// SPDX-License-Identifier: MIT
#pragma once

/// Morphologies from SWC files (Cannon et al., J Neurosci Methods 84:49, 1998): a line for each point,
///
///   id type x y z radius parent          um; type 1 soma, 2 axon, 3 dendrite, 4 apical dendrite; parent -1: the root
///
/// and comments after #. Of any other type (0 undefined, 5 fork, 6 end, custom ones) a point is what its
/// parent is, and a dendrite where it leaves the soma or is the root.
///
/// The sections are those of NEURON's Import3d:
///
/// - A neurite's section runs from a fork, or a change of type, to the next. It begins at its parent's point, and is attached to x = 1.
///   Where the first point of a neurite forks, the first branch goes on in the section and the others are attached to x = 0. It does not go on,
///   and is attached to x = 1, if the last branch is of another type; and if the point is the second of the file, all branches are.
/// - A soma goes on from soma point to soma point, whatever leaves it; where the soma itself forks, other sections of it begin. What leaves it
///   is attached to x = 0 at the root's first point, to 1 at a section's last and to 0.5 in between. At the ends it begins at the soma's
///   point, with the diameter of its own first point; else, and where the soma forks, at its own first point, unless that is its only one.
/// - A soma of one point is a cylinder as long as it is wide, and so is one of three points in NeuroMorpho's manner (of one diameter, the second
///   and third on either side of the first at its radius, with nothing on them); all that leaves it is attached to 0.5.
/// - A section without length is left out, and what grows out of it attached where it was.
/// - Sections are called soma, axon[0], dend[0], dend[1], apic[0], ... in the order of their first points' ids.
///
/// What is different: a single soma is called soma, not soma[0]; points of other types are not sections
/// dend_5[0] and the like; ids may come in any order and decide nothing else (Import3d begins a section
/// wherever a point does not follow its parent's id at once: a soma whose dendrite comes first in the file is
/// two there); what goes on in a section is of its type (Import3d takes the first branch of a root, or of a
/// neurite's first point, whatever it is); a neurite of one point is kept also where the soma forks at the
/// root, a section without length left out also if it has more than two points; coordinates are not rounded
/// to single precision; and what breaks these rules is an error, where Import3d goes on with what it has.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/files/input_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/morphology.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {
namespace swc {

struct Sample {
    long id, parent_id;
    int type;
    Point point;
    std::size_t line;
    std::size_t parent = 0;  // of the root: itself
    std::vector<std::size_t> children = {};
    Kind kind = Kind::dend;
};

/// The samples of a file as a tree, by their ids. Throws with the number of the line that breaks it.
class Samples {
public:
    explicit Samples(std::filesystem::path const& path) : path_{path} {
        read();
        link();
        find_order();
        find_kinds();
    }

    std::size_t size() const { return samples_.size(); }
    Sample const& operator[](std::size_t k) const { return samples_[k]; }
    std::size_t root() const { return root_; }
    /// All samples, each behind its parent, branch after branch.
    std::vector<std::size_t> const& parents_first() const { return order_; }

    template <class... Args>
    [[noreturn]] void fail(std::size_t k, fmt::format_string<Args...> format, Args&&... args) const {
        throw Error(fmt::format("{}:{}: point {}: {}", path_.string(), samples_[k].line, samples_[k].id,
                                fmt::format(format, std::forward<Args>(args)...)));
    }

private:
    void read() {
        InputFile file(path_);
        while (auto line = file.next_line()) {
            auto text = line->substr(0, line->find('#'));
            std::array<double, 7> numbers{};
            std::size_t count = 0;
            while (auto const word = next_word(text)) {
                if (count == numbers.size())
                    file.fail("more than 7 numbers: id, type, x, y, z, radius, parent");
                auto const digits = word->substr(word->starts_with('+') ? 1 : 0);
                auto const [end, error] =
                    std::from_chars(digits.data(), digits.data() + digits.size(), numbers[count++]);
                if (error != std::errc{} || end != digits.data() + digits.size())
                    file.fail("{} is not a number", quoted(*word));
            }
            if (count == 0) continue;
            if (count < numbers.size())
                file.fail("{} numbers: must be 7: id, type, x, y, z, radius, parent", count);
            auto const [id, type, x, y, z, radius, parent] = numbers;
            for (auto const number : {id, type, parent})
                if (number != std::floor(number) || std::abs(number) > 1e9)
                    file.fail("id {}, type {}, parent {}: must be whole numbers", id, type, parent);
            if (type < 0)
                file.fail("point {}: type {}: must be 1 soma, 2 axon, 3 dendrite, 4 apical dendrite, or "
                          "another that is not negative",
                          id, type);
            if (!(std::isfinite(x) && std::isfinite(y) && std::isfinite(z)))
                file.fail("point {} at {}, {}, {}: must be finite", id, x, y, z);
            if (!(std::isfinite(radius) && radius > 0))
                file.fail("point {}: radius {} um: must be finite and positive", id, radius);
            samples_.push_back({static_cast<long>(id),
                                static_cast<long>(parent),
                                static_cast<int>(type),
                                {x, y, z, 2 * radius},
                                file.line_number()});
        }
        require(!samples_.empty(), "{}: has no points", path_.string());
    }

    static std::optional<std::string_view> next_word(std::string_view& text) {
        auto const begin = text.find_first_not_of(" \t,");
        if (begin == text.npos) return {};
        auto const word = text.substr(begin, text.find_first_of(" \t,", begin) - begin);
        text.remove_prefix(begin + word.size());
        return word;
    }

    void link() {
        std::stable_sort(samples_.begin(), samples_.end(),
                         [](auto const& a, auto const& b) { return a.id < b.id; });
        for (std::size_t k = 1; k < size(); ++k)
            if (samples_[k].id == samples_[k - 1].id)
                fail(k, "line {} has a point of this number already", samples_[k - 1].line);
        std::optional<std::size_t> root;
        for (std::size_t k = 0; k < size(); ++k) {
            auto& sample = samples_[k];
            if (sample.parent_id < 0) {
                if (root)
                    fail(k, "a second root; the first is in line {}, and a cell is one tree",
                         samples_[*root].line);
                root = k;
                sample.parent = k;
                continue;
            }
            auto const parent = std::lower_bound(samples_.begin(), samples_.end(), sample.parent_id,
                                                 [](auto const& s, long id) { return s.id < id; });
            if (parent == samples_.end() || parent->id != sample.parent_id)
                fail(k, "its parent, point {}, does not exist", sample.parent_id);
            sample.parent = static_cast<std::size_t>(parent - samples_.begin());
            parent->children.push_back(k);
        }
        if (!root) fail(0, "no point has the parent -1; one must, the root");
        root_ = *root;
    }

    void find_order() {
        std::vector<bool> reached(size(), false);
        for (std::vector<std::size_t> next{root_}; !next.empty();) {
            auto const k = next.back();
            next.pop_back();
            reached[k] = true;
            order_.push_back(k);
            next.insert(next.end(), samples_[k].children.rbegin(), samples_[k].children.rend());
        }
        for (std::size_t k = 0; k < size(); ++k)
            if (!reached[k]) fail(k, "its parents form a circle that does not lead to the root");
    }

    void find_kinds() {
        for (auto const k : order_) {
            auto& sample = samples_[k];
            auto const parents = samples_[sample.parent].kind;
            if (sample.type >= 1 && sample.type <= 4)
                sample.kind = static_cast<Kind>(sample.type);
            else
                sample.kind = parents == Kind::soma ? Kind::dend : parents;
        }
    }

    std::filesystem::path path_;
    std::vector<Sample> samples_;
    std::vector<std::size_t> order_;
    std::size_t root_ = 0;
};

/// Makes sections of samples.
class Grower {
public:
    explicit Grower(Samples const& samples)
        : samples_{samples}, compact_{has_compact_soma()}, section_of_(samples.size()) {
        for (auto const k : samples.parents_first()) {
            auto const parent = samples[k].parent;
            if (k == samples.root()) {
                section_of_[k] = grow(k, {}, {});
            } else if (compact_ && samples[k].kind == Kind::soma && parent == samples.root()) {
                section_of_[k] = section_of_[parent];  // its form is known
            } else if (next(parent) == k) {
                section_of_[k] = section_of_[parent];
                grown_[section_of_[k]].points.push_back(samples[k].point);
            } else {
                section_of_[k] = begin(k, parent);
            }
        }
        auto& root = grown_.front();
        if (root.points.size() == 1) {
            if (samples.size() == 1 && root.kind != Kind::soma)
                samples.fail(0, "a single point is a cell only as a soma (type 1)");
            auto const [x, y, z, diam] = root.points[0];
            root.points = {{x - diam / 2, y, z, diam}, root.points[0], {x + diam / 2, y, z, diam}};
        }
        leave_out_points();
        // by id; in grown_ each is behind its parent
        for (std::size_t k = 0; k < grown_.size(); ++k)
            if (!grown_[k].is_point) by_id_.push_back(k);
        std::sort(by_id_.begin() + 1, by_id_.end(),
                  [&](auto a, auto b) { return grown_[a].first < grown_[b].first; });
    }

    Morphology morphology() const {
        std::map<Kind, std::size_t> numbers, totals;
        for (auto const k : by_id_) ++totals[grown_[k].kind];
        Morphology made;
        std::vector<Section*> sections(grown_.size());
        for (auto const k : by_id_) {
            auto const kind = grown_[k].kind;
            auto const number = numbers[kind]++;
            sections[k] = &made.add({.name = kind == Kind::soma && totals[kind] == 1
                                                 ? "soma"
                                                 : fmt::format("{}[{}]", name_of(kind), number)},
                                    kind);
            sections[k]->pt3d(grown_[k].points);
        }
        for (auto const k : by_id_)
            if (auto const& parent = grown_[k].parent)
                sections[k]->connect((*sections[parent->section])(parent->x));
        return made;
    }

private:
    struct Attachment {
        std::size_t section;
        double x;
    };
    struct Grown {
        Kind kind;
        std::size_t first;  // its own first point, behind the one at which it begins
        std::vector<Point> points;
        std::optional<Attachment> parent;
        bool is_point = false;
    };

    static std::string_view name_of(Kind kind) {
        switch (kind) {
            case Kind::soma: return "soma";
            case Kind::axon: return "axon";
            case Kind::dend: return "dend";
            default: return "apic";
        }
    }

    /// Whether the soma is one point, or three of which the second and third say no more.
    bool has_compact_soma() const {
        auto const& root = samples_[samples_.root()];
        if (root.kind != Kind::soma) return false;
        std::vector<std::size_t> others;
        for (std::size_t k = 0; k < samples_.size(); ++k)
            if (samples_[k].kind == Kind::soma && k != samples_.root()) others.push_back(k);
        if (soma_children(samples_.root()) == 0) return true;
        double length = 0;
        for (auto const k : others) {
            auto const& other = samples_[k];
            if (other.parent != samples_.root() || !other.children.empty() ||
                other.point.diam != root.point.diam)
                return false;
            length += distance(root.point, other.point);
        }
        return others.size() == 2 && std::abs(length / root.point.diam - 1) < 0.01;  // Import3d's tolerance
    }

    std::size_t soma_children(std::size_t k) const {
        auto const& children = samples_[k].children;
        return static_cast<std::size_t>(std::count_if(children.begin(), children.end(), [&](auto child) {
            return samples_[child].kind == Kind::soma;
        }));
    }

    /// Whether a sample is the first of a neurite on the soma, which may fork without an end of the section.
    bool begins_neurite(std::size_t k) const {
        return samples_[k].kind != Kind::soma && samples_[samples_[k].parent].kind == Kind::soma && k != 1;
    }

    /// The sample with which a section goes on behind another one, if it does.
    std::optional<std::size_t> next(std::size_t k) const {
        auto const& sample = samples_[k];
        bool const is_root = k == samples_.root(), is_soma = sample.kind == Kind::soma;
        if (is_root && compact_) return {};
        bool const forks = (is_soma ? soma_children(k) : sample.children.size()) > 1,
                   may_fork = is_root || begins_neurite(k);
        if (forks && !may_fork) return {};
        if (forks && !is_soma && samples_[sample.children.back()].kind != sample.kind) return {};
        auto const same = std::find_if(sample.children.begin(), sample.children.end(),
                                       [&](auto child) { return samples_[child].kind == sample.kind; });
        return same == sample.children.end() ? std::optional<std::size_t>{} : *same;
    }

    std::size_t grow(std::size_t first, std::vector<Point> points, std::optional<Attachment> parent) {
        points.push_back(samples_[first].point);
        grown_.push_back({samples_[first].kind, first, std::move(points), parent});
        return grown_.size() - 1;
    }

    /// A section whose own first point is `first`, on the sample `from`.
    std::size_t begin(std::size_t first, std::size_t from) {
        auto const section = section_of_[from];
        auto start = samples_[from].point;
        bool const ends = !next(from), is_root = from == samples_.root();
        if (samples_[from].kind != Kind::soma || samples_[first].kind == Kind::soma) {
            bool const is_beside = begins_neurite(from) && first != samples_[from].children.front();
            return grow(first, {start}, Attachment{section, ends && !is_root && !is_beside ? 1. : 0.});
        }
        auto const x = is_root && compact_ ? 0.5 : is_root ? 0 : ends ? 1 : 0.5;
        bool const has_one_point = !next(first);
        start.diam = samples_[first].point.diam;
        if (has_one_point || (x != 0.5 && soma_children(from) <= 1))
            return grow(first, {start}, Attachment{section, x});
        return grow(first, {}, Attachment{section, x});
    }

    void leave_out_points() {
        for (auto& each : grown_) {
            if (each.parent && grown_[each.parent->section].is_point)
                each.parent = grown_[each.parent->section].parent;
            each.is_point = std::all_of(each.points.begin(), each.points.end(),
                                        [&](Point const& p) { return distance(p, each.points[0]) == 0; });
            if (each.is_point && !each.parent)
                samples_.fail(each.first, "the section that begins here has no length, and is the root");
        }
    }

    Samples const& samples_;
    bool compact_;  // the soma
    std::vector<std::size_t> section_of_;
    std::vector<Grown> grown_;
    std::vector<std::size_t> by_id_;
};

}  // namespace swc

/// The morphology in an SWC file. Throws with the number of the line if it is not one tree of points with
/// positive radii.
inline Morphology read_swc(std::filesystem::path const& path) {
    swc::Samples const samples(path);
    return swc::Grower(samples).morphology();
}

}  // namespace hillock::inline HILLOCK_ISA
