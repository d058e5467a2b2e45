// SPDX-License-Identifier: MIT
#pragma once

/// Morphologies from SWC files (Cannon et al., J Neurosci Methods 84:49, 1998): a line for each point,
///
///   id type x y z radius parent          um; type 1 soma, 2 axon, 3 dendrite, 4 apical dendrite; parent -1: the root
///
/// and comments after #. A section runs from a fork, or a change of type, to the next. A soma of one point is a cylinder as long as it
/// is wide; one of three points (the second and third on either side of the first) is the cylinder through them; any other is
/// made of sections like a dendrite. What grows out of a soma of one section is attached to its middle and begins at its own
/// first point; a single point is joined to the soma's by its own diameter.

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

#include <hillock/model/morphology.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/input_file.hpp>

namespace hillock {
namespace swc {

struct Sample {
    long id;
    Kind kind;
    Point point;
    long parent_id;
    std::size_t line;
    std::vector<std::size_t> children = {};
};

/// The samples of a file as a tree: sample 0 is the root. Throws with the number of the line that breaks it.
class Samples {
public:
    explicit Samples(std::filesystem::path const& path) : path_{path} {
        read();
        link();
    }

    std::vector<Sample> const& all() const { return samples_; }
    Sample const& operator[](std::size_t k) const { return samples_[k]; }
    std::size_t root() const { return root_; }

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
                if (count == numbers.size()) file.fail("more than 7 numbers: id, type, x, y, z, radius, parent");
                auto const [end, error] = std::from_chars(word->data(), word->data() + word->size(), numbers[count++]);
                if (error != std::errc{} || end != word->data() + word->size()) file.fail("{} is not a number", quoted(*word));
            }
            if (count == 0) continue;
            if (count < numbers.size()) file.fail("{} numbers: must be 7: id, type, x, y, z, radius, parent", count);
            auto const [id, type, x, y, z, radius, parent] = numbers;
            for (auto const number : {id, type, parent})
                if (number != std::floor(number) || std::abs(number) > 1e9) file.fail("id {}, type {}, parent {}: must be whole numbers", id, type, parent);
            if (!(type >= 1 && type <= 4)) file.fail("point {}: type {}: must be 1 soma, 2 axon, 3 dendrite or 4 apical dendrite", id, type);
            if (!(std::isfinite(x) && std::isfinite(y) && std::isfinite(z))) file.fail("point {} at {}, {}, {}: must be finite", id, x, y, z);
            if (!(std::isfinite(radius) && radius > 0)) file.fail("point {}: radius {} um: must be finite and positive", id, radius);
            samples_.push_back({static_cast<long>(id), static_cast<Kind>(static_cast<int>(type)), {x, y, z, 2 * radius}, static_cast<long>(parent), file.line_number()});
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
        std::map<long, std::size_t> place;
        std::optional<std::size_t> root;
        for (std::size_t k = 0; k < samples_.size(); ++k)
            if (auto const [other, is_new] = place.emplace(samples_[k].id, k); !is_new) fail(k, "line {} has a point of this number already", samples_[other->second].line);
        for (std::size_t k = 0; k < samples_.size(); ++k) {
            if (samples_[k].parent_id < 0) {
                if (root) fail(k, "a second root; the first is in line {}, and a cell is one tree", samples_[*root].line);
                root = k;
                continue;
            }
            auto const parent = place.find(samples_[k].parent_id);
            if (parent == place.end()) fail(k, "its parent, point {}, does not exist", samples_[k].parent_id);
            samples_[parent->second].children.push_back(k);
        }
        if (!root) fail(0, "no point has the parent -1; one must, the root");
        root_ = *root;
        std::vector<bool> reached(samples_.size(), false);
        for (std::vector<std::size_t> next{root_}; !next.empty();) {
            auto const k = next.back();
            next.pop_back();
            reached[k] = true;
            next.insert(next.end(), samples_[k].children.begin(), samples_[k].children.end());
        }
        for (std::size_t k = 0; k < samples_.size(); ++k)
            if (!reached[k]) fail(k, "its parents form a circle that does not lead to the root");
    }

    std::filesystem::path path_;
    std::vector<Sample> samples_;
    std::size_t root_ = 0;
};

/// Makes sections of samples.
class Grower {
public:
    explicit Grower(Samples const& samples) : samples_{samples} {
        auto const root = samples.root();
        if (auto const soma = compact_soma(); !soma.empty()) {
            auto const section = add(Kind::soma, soma, {}, root);
            for (std::size_t k = 0; k < samples.all().size(); ++k)
                if (samples[k].kind == Kind::soma)
                    for (auto const child : samples[k].children)
                        if (samples[child].kind != Kind::soma) grow(child, k, Attachment{section, 0.5});
        } else {
            grow_root(root);
        }
    }

    Morphology morphology() {
        std::vector<Section> sections(grown_.size());
        std::vector<Kind> kinds;
        std::map<Kind, std::size_t> numbers, totals;
        for (auto const& each : grown_) ++totals[each.kind];
        for (std::size_t k = 0; k < grown_.size(); ++k) {
            auto const& [kind, points, parent] = grown_[k];
            auto const number = numbers[kind]++;
            sections[k].name = kind == Kind::soma && totals[kind] == 1 ? "soma" : fmt::format("{}[{}]", name_of(kind), number);
            sections[k].pt3d(points);
            if (parent) sections[k].connect(sections[parent->section](parent->x));
            kinds.push_back(kind);
        }
        return {std::move(sections), std::move(kinds)};
    }

private:
    struct Attachment {
        std::size_t section;
        double x;
    };
    struct Grown {
        Kind kind;
        std::vector<Point> points;
        std::optional<Attachment> parent;
    };

    static std::string_view name_of(Kind kind) {
        switch (kind) {
            case Kind::soma: return "soma";
            case Kind::axon: return "axon";
            case Kind::dend: return "dend";
            default: return "apic";
        }
    }

    /// The points of a soma that is given by one point or by three; none if it is neither.
    std::vector<Point> compact_soma() const {
        auto const& root = samples_[samples_.root()];
        if (root.kind != Kind::soma) return {};
        std::vector<std::size_t> others;
        for (std::size_t k = 0; k < samples_.all().size(); ++k)
            if (samples_[k].kind == Kind::soma && k != samples_.root()) others.push_back(k);
        auto const [x, y, z, diam] = root.point;
        if (others.empty()) return {{x, y - diam / 2, z, diam}, root.point, {x, y + diam / 2, z, diam}};
        bool const three = others.size() == 2 && samples_[others[0]].parent_id == root.id && samples_[others[1]].parent_id == root.id;
        if (three) return {samples_[others[0]].point, root.point, samples_[others[1]].point};
        return {};
    }

    std::size_t add(Kind kind, std::vector<Point> points, std::optional<Attachment> parent, std::size_t last) {
        double length = 0;
        for (std::size_t k = 1; k < points.size(); ++k) length += distance(points[k - 1], points[k]);
        if (!(length > 0)) samples_.fail(last, "the section that ends here has no length");
        grown_.push_back({kind, std::move(points), parent});
        return grown_.size() - 1;
    }

    /// The section that begins with `first`, a child of the sample `from`, and all that grows out of it.
    void grow(std::size_t first, std::size_t from, std::optional<Attachment> parent) {
        struct Start {
            std::size_t first, from;
            std::optional<Attachment> parent;
        };
        for (std::vector<Start> starts{{first, from, parent}}; !starts.empty();) {
            auto const start = starts.back();
            starts.pop_back();
            auto const kind = samples_[start.first].kind;
            auto const last = last_of(start.first);
            std::vector<Point> points;
            bool const leaves_soma = samples_[start.from].kind == Kind::soma && kind != Kind::soma;
            if (!leaves_soma || last == start.first) {
                points.push_back(samples_[start.from].point);
                if (leaves_soma) points[0].diam = samples_[start.first].point.diam;
            }
            for (auto k = start.first;; k = samples_[k].children[0]) {
                points.push_back(samples_[k].point);
                if (k == last) break;
            }
            auto const section = add(kind, std::move(points), start.parent, last);
            auto const& forks = samples_[last].children;
            for (auto child = forks.rbegin(); child != forks.rend(); ++child) starts.push_back({*child, last, Attachment{section, 1}});
        }
    }

    /// Without a compact soma the section of the root's first child is the root, others are attached where it begins.
    void grow_root(std::size_t root) {
        auto const& children = samples_[root].children;
        if (children.empty()) samples_.fail(root, "a single point is a cell only as a soma (type 1)");
        grow(children[0], root, {});
        for (std::size_t k = 1; k < children.size(); ++k) grow(children[k], root, Attachment{0, 0});
    }

    std::size_t last_of(std::size_t k) const {
        while (samples_[k].children.size() == 1 && samples_[samples_[k].children[0]].kind == samples_[k].kind) k = samples_[k].children[0];
        return k;
    }

    Samples const& samples_;
    std::vector<Grown> grown_;
};

}  // namespace swc

/// The morphology in an SWC file. Sections are called soma, dend[0], dend[1], apic[0], axon[0], ... in the order of the file's
/// tree. Throws with the number of the line if it is not one tree of points with positive radii.
inline Morphology read_swc(std::filesystem::path const& path) {
    swc::Samples const samples(path);
    return swc::Grower(samples).morphology();
}

}  // namespace hillock
