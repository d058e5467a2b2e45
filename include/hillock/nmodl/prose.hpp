// SPDX-License-Identifier: MIT
#pragma once

/// Titles and comments of a file as comments of C++.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// A text in one line of ASCII, cut after `most` bytes.
inline std::string printable(std::string_view text, std::size_t most) {
    std::string safe;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f)
            safe += c;
        else if (!safe.empty() && safe.back() != ' ')
            safe += ' ';
    }
    while (!safe.empty() && (safe.back() == ' ' || safe.back() == '\\')) safe.pop_back();
    auto const first = safe.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    safe.erase(0, first);
    if (safe.size() <= most) return safe;
    auto const end = safe.rfind(' ', most);
    safe.resize(end == std::string::npos || end < most / 2 ? most : end);
    return safe + " ...";
}

/// The title and the block comments of a file, as the comment at the head of its header.
inline std::string prose(Mod const& mod, std::string const& suffix) {
    constexpr std::size_t width = 100;
    std::string text;
    auto const add = [&](std::string_view line) {
        auto rest = printable(line, 100'000);
        if (rest.find_first_not_of("-=*_#~ ") == std::string::npos) rest.clear();  // a rule
        if (rest.empty()) {
            if (!text.ends_with("///\n")) text += "///\n";
            return;
        }
        while (!rest.empty()) {
            auto end = rest.size() <= width ? rest.size() : rest.rfind(' ', width);
            if (end == std::string::npos || end == 0) end = std::min(rest.size(), width);
            text += "/// " + rest.substr(0, end) + "\n";
            rest.erase(0, end);
            rest.erase(0, std::min(rest.find_first_not_of(' '), rest.size()));
        }
    };
    auto const title = printable(mod.title, 300);
    add(title.empty() ? suffix : title);
    for (auto const& comment : mod.comments) {
        if (!comment.is_block) continue;
        add("");
        auto rest = comment.text;
        while (!rest.empty()) {
            auto const end = std::min(rest.find_first_of("\r\n"), rest.size());
            add(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    while (text.ends_with("///\n")) text.resize(text.size() - 4);
    return text;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
