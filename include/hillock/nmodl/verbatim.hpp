// SPDX-License-Identifier: MIT
#pragma once

/// C code in VERBATIM blocks: which of it does nothing that a translated mechanism needs.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code_parser.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

inline bool is_word_character(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

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

/// Whether code is a `return` without a value of its own.
inline bool is_plain_return(std::string_view code) {
    if (!code.starts_with("return")) return false;
    code.remove_prefix(6);
    auto const first = code.find_first_not_of(" 01.();");
    return first == std::string_view::npos && code.find(';') != std::string_view::npos;
}

/// The same as NMODL would write it: without what only C needs, names of NEURON's C code as in the file.
inline std::string c_statements(std::string_view text) {
    auto code = " " + c_code(text) + " ";
    auto const drop = [&](std::string_view what, std::string_view with) {
        for (std::size_t at = 0; (at = code.find(what, at)) != std::string::npos;) {
            bool const is_whole = !is_word_character(code[at - 1]) || !is_word_character(what.front());
            if (is_whole)
                code.replace(at, what.size(), with);
            else
                ++at;
        }
    };
    if (code.find("cvode_active_") != std::string::npos && code.find("hoc_execerror") != std::string::npos)
        return {};
    drop("_ion_", "");
    for (auto last = code.rfind(" return"); last != std::string::npos; last = code.rfind(" return")) {
        if (!is_plain_return(code.substr(last + 1))) break;
        code.erase(last + 1);
    }
    if (code.find("nrnran123_setseq") != std::string::npos && code.find(" = ") == std::string::npos)
        return {};  // begins a stream: here each begins by itself
    for (auto const* declared : {"double ", "int "})
        if (code.starts_with(std::string(" ") + declared)) return code.substr(1);  // not read
    auto const first = code.find_first_not_of("; ");
    return first == std::string::npos ? std::string{}
                                      : code.substr(first, code.find_last_not_of(' ') + 1 - first);
}

/// Reads C code as statements of NMODL.
class VerbatimParser : private CodeParser {
public:
    /// Will read `text`.
    explicit VerbatimParser(Text const& text) { tokens_ = Lexer(text)().tokens; }

    /// Reads all of it.
    Statements operator()() {
        Statements all;
        while (!at_end()) statement(all);
        return all;
    }
};

/// The statements of C code at `at`, whose text is kept in `texts`. Throws a `Refusal` of what is no NMODL.
inline Statements read_verbatim(std::string const& code, Place at,
                                std::vector<std::shared_ptr<Text const>>& texts) {
    if (code.empty()) return {};
    texts.push_back(std::make_shared<Text const>(Text{at.text->name, code}));
    return VerbatimParser(*texts.back())();
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
