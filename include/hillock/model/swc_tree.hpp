// SPDX-License-Identifier: MIT
#pragma once

/// The points of an SWC file as a tree.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/morphology.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/swc_options.hpp>
#include <hillock/model/swc_text.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::swc {

/// The least diameter (um) that a `Section` may have. A tip of radius 0 gets it, which changes the area
/// of the cone by 1e-9 of it.
inline constexpr double least_diameter = 1e-9;

struct Sample {
    std::int64_t id, type, parent_id;
    Point point;
    std::size_t line;
    std::size_t parent = 0;  // a root's is itself
    std::vector<std::size_t> children = {};
    Kind kind = Kind::dend;
    std::int64_t section_type = 0;  // the file's type, or the parent's where 5 and 6 only mark forks and ends
};

/// Numbers of lines for a message, ascending: "3, 5 to 9".
template <class = void>
std::string list(std::vector<std::size_t> const& lines) {
    constexpr std::size_t most = 1000;  // ranges
    std::string text;
    std::size_t ranges = 0, k = 0;
    for (; k < lines.size() && ranges < most; ++k, ++ranges) {
        auto const first = k;
        while (k + 1 < lines.size() && lines[k + 1] == lines[k] + 1) ++k;
        text += fmt::format("{}{}", ranges == 0 ? "" : ", ", lines[first]);
        if (k > first) text += fmt::format("{}{}", k == first + 1 ? ", " : " to ", lines[k]);
    }
    return k < lines.size() ? fmt::format("{} and {} more", text, lines.size() - k) : text;
}

/// A word and its numbers of lines: "line 3", "lines 3, 4".
template <class = void>
std::string in_lines(std::vector<std::size_t> lines) {
    std::sort(lines.begin(), lines.end());
    return (lines.size() == 1 ? "line " : "lines ") + list(lines);
}

/// The samples of a file in the order of their ids. Throws, with the number of the line, if they are not a
/// tree.
template <class File>
class Samples {
public:
    Samples(std::filesystem::path const& path, SwcOptions const& options) : path_{path} {
        for (auto const& line : Text<File>(path).read())
            samples_.push_back({line.id, line.type, line.parent_id, line.point, line.number});
        require(!samples_.empty(), "{}: has no points", path_.string());
        sort();
        link();
        find_order();
        if (roots_.size() > 1) settle_roots(options.other_roots);
        settle_radii(options.min_radius);
        find_types();
    }

    std::size_t size() const { return samples_.size(); }
    Sample const& operator[](std::size_t k) const { return samples_[k]; }
    /// The root of the cell.
    std::size_t root() const { return roots_.front(); }
    /// Whether a sample is the root of another tree, to be attached.
    bool is_loose(std::size_t k) const { return samples_[k].parent_id < 0 && k != root(); }
    /// All samples, parents before children, branch by branch, tree by tree.
    std::vector<std::size_t> const& parents_first() const { return order_; }
    /// The changes made to the file's points, with their lines.
    std::vector<std::string> const& notices() const { return notices_; }
    std::string path() const { return path_.string(); }

    template <class... Args>
    [[noreturn]] void fail(std::size_t k, ErrorFormat<Args...> format, Args const&... args) const {
        raise("{}:{}: point {}: {}", path_.string(), samples_[k].line, samples_[k].id,
              fmt::vformat(format, fmt::make_format_args(args...)));
    }

private:
    void sort() {
        std::sort(samples_.begin(), samples_.end(), [](auto const& a, auto const& b) {
            return std::pair(a.id, a.line) < std::pair(b.id, b.line);
        });
        for (std::size_t k = 1; k < size(); ++k)
            if (samples_[k].id == samples_[k - 1].id)
                fail(k, "line {} has a point of this id already", samples_[k - 1].line);
    }

    void link() {
        roots_.clear();
        for (auto& sample : samples_) sample.children.clear();
        for (std::size_t k = 0; k < size(); ++k) {
            auto& sample = samples_[k];
            sample.parent = k;
            if (sample.parent_id < 0) {
                roots_.push_back(k);
                continue;
            }
            auto const parent = std::lower_bound(samples_.begin(), samples_.end(), sample.parent_id,
                                                 [](auto const& s, std::int64_t id) { return s.id < id; });
            if (parent == samples_.end() || parent->id != sample.parent_id)
                fail(k, "its parent, point {}, does not exist; a root's parent is -1", sample.parent_id);
            sample.parent = static_cast<std::size_t>(parent - samples_.begin());
            parent->children.push_back(k);
        }
        if (roots_.empty()) fail(0, "no point has the parent -1; one must, the root");
        // The cell is the first tree that begins with a soma.
        auto const is_soma = [&](std::size_t k) { return samples_[k].type == 1; };
        auto const main = std::find_if(roots_.begin(), roots_.end(), is_soma);
        if (main != roots_.end()) std::rotate(roots_.begin(), main, main + 1);
    }

    void find_order() {
        std::vector<bool> reached(size(), false);
        order_.clear();
        for (std::vector<std::size_t> next(roots_.rbegin(), roots_.rend()); !next.empty();) {
            auto const k = next.back();
            next.pop_back();
            reached[k] = true;
            order_.push_back(k);
            next.insert(next.end(), samples_[k].children.rbegin(), samples_[k].children.rend());
        }
        for (std::size_t k = 0; k < size(); ++k)
            if (!reached[k]) fail(k, "its parents form a circle that does not lead to a root");
    }

    void settle_roots(OtherRoots other_roots) {
        auto const line = samples_[root()].line;
        std::vector<std::size_t> others;  // lines
        for (auto const k : roots_)
            if (k != root()) others.push_back(samples_[k].line);
        bool const is_one = others.size() == 1;
        require(other_roots != OtherRoots::refuse,
                "{}: {} trees, but a cell is one: beside the root in line {} there {} in {}; "
                "SwcOptions{{.other_roots = OtherRoots::attach}} attaches the other trees to soma(0.5), as "
                "NEURON's "
                "Import3d does, OtherRoots::drop leaves them out",
                path_.string(), roots_.size(), line,
                is_one ? "is another" : fmt::format("are {} others", others.size()), in_lines(others));
        notices_.push_back(
            fmt::format("{}: {} {} beside the root in line {} {}: {} in {}", path_.string(), others.size(),
                        is_one ? "tree" : "trees", line,
                        other_roots == OtherRoots::drop ? "left out" : "attached to its section",
                        is_one ? "its root is" : "their roots are", in_lines(others)));
        if (other_roots == OtherRoots::drop) drop_other_trees();
    }

    void drop_other_trees() {
        std::vector<bool> is_kept(size(), false);
        for (auto const k : order_) {
            if (is_loose(k)) break;
            is_kept[k] = true;
        }
        std::vector<Sample> kept;
        for (std::size_t k = 0; k < size(); ++k)
            if (is_kept[k]) kept.push_back(std::move(samples_[k]));
        samples_ = std::move(kept);
        link();
        find_order();
    }

    void settle_radii(double min_radius) {
        require(min_radius >= 0 && 2 * min_radius <= largest,
                "{}: min_radius {} um: must be between 0 and {}", path_.string(), min_radius, largest / 2);
        auto const least = std::max(2 * min_radius, least_diameter);
        std::vector<std::size_t> raised, inside;  // lines
        for (std::size_t k = 0; k < size(); ++k) {
            auto& sample = samples_[k];
            if (sample.point.diam >= least) continue;
            if (min_radius > 0)
                raised.push_back(sample.line);
            else if (!is_tip_of_cone(sample))
                inside.push_back(sample.line);
            sample.point.diam = least;
        }
        require(inside.empty(),
                "{}: {} of radius 0 (below {} um) other than at the tip of a cone, in {}; "
                "SwcOptions{{.min_radius = 0.05}} makes that the least radius (um)",
                path_.string(), inside.size() == 1 ? "1 point" : fmt::format("{} points", inside.size()),
                least_diameter / 2, in_lines(inside));
        if (!raised.empty())
            notices_.push_back(
                fmt::format("{}: {} below {} um {} that now, in {}", path_.string(),
                            raised.size() == 1 ? "1 radius" : fmt::format("{} radii", raised.size()),
                            min_radius, raised.size() == 1 ? "is" : "are", in_lines(raised)));
    }

    /// Whether a sample ends a cone. The only point of a neurite on the soma does not: its section is a
    /// cylinder.
    bool is_tip_of_cone(Sample const& sample) const {
        auto const is_alone = samples_[sample.parent].type == 1 && sample.type != 1;
        return sample.children.empty() && sample.parent_id >= 0 && !is_alone;
    }

    void find_types() {
        for (auto const k : order_) {
            auto& sample = samples_[k];
            auto const& parent = samples_[sample.parent];
            if (sample.type >= 1 && sample.type <= 4)
                sample.kind = static_cast<Kind>(sample.type);
            else
                sample.kind = sample.parent_id < 0 || parent.kind == Kind::soma ? Kind::dend : parent.kind;
            sample.section_type = is_mark(sample) ? parent.section_type : sample.type;
        }
    }

    /// Whether the type only marks a fork (5) or an end (6) of a neurite.
    bool is_mark(Sample const& sample) const {
        if (sample.parent_id < 0 || samples_[sample.parent].kind == Kind::soma) return false;
        if (sample.type == 6) return sample.children.empty();
        return sample.type == 5 && sample.children.size() > 1 &&
               std::none_of(sample.children.begin(), sample.children.end(),
                            [&](auto child) { return samples_[child].type == 5; });
    }

    std::filesystem::path path_;
    std::vector<Sample> samples_;
    std::vector<std::size_t> order_, roots_;
    std::vector<std::string> notices_;
};

}  // namespace hillock::inline HILLOCK_ISA::swc
