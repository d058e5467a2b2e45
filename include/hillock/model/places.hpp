// SPDX-License-Identifier: MIT
#pragma once

/// Places by name: "dend(0.7)", "dend", and what stands behind them: "dend(0.7).v", "dend.HodgkinHuxley.gnabar".

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>

namespace hillock {

/// A name taken apart.
struct PlaceName {
    Section const* section = nullptr;  // none: the whole cell
    std::optional<double> x = {};      // none: the whole section
    std::string_view rest;             // what follows, without the dot
};

/// Takes `name` apart. What does not begin with a section is rest.
inline PlaceName parse_place(std::vector<Section> const& sections, std::string_view name) {
    PlaceName found{nullptr, {}, name};
    std::size_t longest = 0;
    for (auto const& section : sections) {
        auto const size = section.name.size();
        if (size <= longest || !name.starts_with(section.name)) continue;
        if (size < name.size() && name[size] != '(' && name[size] != '.') continue;
        found.section = &section;
        longest = size;
    }
    if (!found.section) return found;
    auto rest = name.substr(longest);
    if (rest.starts_with('(')) {
        double x = 0;
        auto const [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), x);
        auto const used = static_cast<std::size_t>(end - rest.data());
        require(error == std::errc{} && used < rest.size() && rest[used] == ')' && x >= 0 && x <= 1,
                "'{}': behind {} there must be a number between 0 and 1 in parentheses", name, found.section->name);
        found.x = x;
        rest.remove_prefix(used + 1);
        require(rest.empty() || rest.starts_with('.'), "'{}': '{}' must be followed by a dot", name, name.substr(0, longest + used + 1));
    }
    found.rest = rest.empty() ? rest : rest.substr(1);
    return found;
}

/// The segment that a name such as "dend(0.7)" means.
inline Segment segment_named(std::vector<Section> const& sections, std::string_view name) {
    auto const place = parse_place(sections, name);
    if (place.section && place.x && place.rest.empty()) return (*place.section)(*place.x);
    std::string names;
    for (auto const& section : sections) names += (names.empty() ? "" : ", ") + section.name;
    throw Error(fmt::format("'{}' is no place on the cell; write a section and x, such as '{}(0.5)'; its sections are {}", name,
                            sections.front().name, names));
}

}  // namespace hillock
