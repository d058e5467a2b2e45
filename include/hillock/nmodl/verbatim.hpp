// SPDX-License-Identifier: MIT
#pragma once

/// C code in VERBATIM blocks: which of it does nothing that a translated mechanism needs.

#include <string>
#include <string_view>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The code of a VERBATIM block without comments, with single spaces.
inline std::string c_code(std::string_view text) {
    std::string code;
    while (!text.empty()) {
        if (text.starts_with("/*")) {
            auto const end = text.find("*/", 2);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
        } else if (text.starts_with("//")) {
            text.remove_prefix(std::min(text.find('\n'), text.size()));
        } else {
            bool const is_space =
                std::string_view(" \t\r\n\f\v").find(text.front()) != std::string_view::npos;
            if (!is_space)
                code += text.front();
            else if (!code.empty() && code.back() != ' ')
                code += ' ';
            text.remove_prefix(1);
        }
    }
    while (!code.empty() && code.back() == ' ') code.pop_back();
    return code;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
