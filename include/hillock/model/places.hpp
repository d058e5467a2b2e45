// SPDX-License-Identifier: MIT
#pragma once

/// Places by name: "dend(0.7)", "dend", and what stands behind them: "dend(0.7).v",
/// "dend.HodgkinHuxley.gnabar".

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/from_chars.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A place on a cell as text, "dend(0.7)"; a `Segment` says the same. It may be empty, where a default place
/// is meant.
class PlaceText {
public:
    PlaceText() = default;
    /// The place as written, checked where it is used.
    PlaceText(char const* text) : text_{text} {}
    PlaceText(std::string text) : text_{std::move(text)} {}
    PlaceText(Segment place) {
        check(place);
        text_ = fmt::format("{}({})", place.section->name, place.x);
    }

    bool empty() const { return text_.empty(); }       // whether a default place is meant
    std::string const& text() const { return text_; }  // as written
    operator std::string_view() const { return text_; }

private:
    std::string text_;
};

/// The name of something at a place: "dend(0.7).v".
inline std::string name_at(Segment place, std::string_view name) {
    return fmt::format("{}.{}", PlaceText(place).text(), name);
}

/// A name taken apart.
struct PlaceName {
    Section const* section = nullptr;  // none: the whole cell
    std::optional<double> x = {};      // none: the whole section
    std::string_view rest;             // what follows, without the dot
};

/// The sections of a cell by their names, which are all different.
class SectionNames {
public:
    SectionNames() = default;

    /// Throws if a name is given twice or could not be told from what follows it. One section may do without
    /// a name. It refers to `sections`.
    explicit SectionNames(std::vector<Section> const& sections) : sections_{&sections} {
        for (auto const& section : sections) {
            auto const& name = section.name;
            require(name.find_first_of(".()") == name.npos,
                    "section {}: a name must be without dots and parentheses, which separate it from x and "
                    "from a variable",
                    name);
            auto const at = position_of(name);
            bool const is_new = at == by_name_.end() || (*at)->name != name;
            require(is_new || !name.empty(), "two sections have no name; places are found by the names of "
                                             "sections: hk::Section dend{{\"dend\"}}");
            require(is_new, "section {}: there are two of this name", name);
            by_name_.insert(at, &section);
        }
    }

    /// The section of this name, if there is one.
    Section const* find(std::string_view name) const { return name.empty() ? nullptr : named(name); }

    /// The section without a name, if there is one: its places are written "(0.5)".
    Section const* nameless() const { return named(""); }

    /// Takes `name` apart. What does not begin with a section is rest.
    PlaceName parse(std::string_view name) const {
        auto const size = std::min(name.find_first_of(".("), name.size());
        PlaceName found{name.starts_with('(') ? nameless() : find(name.substr(0, size)), {}, name};
        if (!found.section) return found;
        auto rest = name.substr(size);
        if (rest.starts_with('(')) {
            rest.remove_prefix(rest.starts_with("(+") ? 2 : 1);
            double x = -1;
            auto const [end, error] = portable::from_chars(rest.data(), rest.data() + rest.size(), x);
            rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
            require(error == std::errc{} && rest.starts_with(')') && x >= 0 && x <= 1,
                    "'{}': behind {} there must be a number between 0 and 1 in parentheses", name,
                    found.section->name);
            found.x = x;
            rest.remove_prefix(1);
            require(rest.empty() || rest.starts_with('.'), "'{}': '{}' must be followed by a dot", name,
                    name.substr(0, name.size() - rest.size()));
        }
        found.rest = rest.empty() ? rest : rest.substr(1);
        return found;
    }

    /// The place that a name such as "dend(0.7)" means.
    Segment place(std::string_view name) const {
        auto const place = parse(name);
        if (place.section && place.x && place.rest.empty()) return (*place.section)(*place.x);
        raise("'{}' is no place on the cell; write a section and x, such as '{}(0.5)'; its sections are {}",
              name, sections_->front().name, list());
    }

    /// All of them, for messages.
    std::string list() const { return sections_ ? names_of(*sections_) : "none"; }

private:
    /// Where the section of a name is or belongs.
    std::vector<Section const*>::const_iterator position_of(std::string_view name) const {
        return std::lower_bound(
            by_name_.begin(), by_name_.end(), name,
            [](Section const* section, std::string_view other) { return section->name < other; });
    }
    Section const* named(std::string_view name) const {
        auto const at = position_of(name);
        return at == by_name_.end() || (*at)->name != name ? nullptr : *at;
    }

    std::vector<Section> const* sections_ = nullptr;
    std::vector<Section const*> by_name_;  // in the order of names
};

}  // namespace hillock::inline HILLOCK_ISA
