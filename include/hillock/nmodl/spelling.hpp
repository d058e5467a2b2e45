// SPDX-License-Identifier: MIT
#pragma once

/// How names and numbers of a file are spelled in C++, and how long lines are broken.

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Words of C++ and macros.
inline bool is_word(std::string_view name) {
    static std::set<std::string_view> const words{
        "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case",
        "catch", "char", "char8_t", "char16_t", "char32_t", "class", "compl", "concept", "const", "consteval",
        "constexpr", "constinit", "const_cast", "continue", "co_await", "co_return", "co_yield", "decltype",
        "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern",
        "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace",
        "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected",
        "public", "register", "reinterpret_cast", "requires", "return", "short", "signed", "sizeof", "static",
        "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw",
        "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void",
        "volatile", "wchar_t", "while", "xor", "xor_eq",
        // macros
        "unix", "linux", "errno", "assert", "stdin", "stdout", "stderr", "EOF", "NULL", "NAN", "INFINITY",
        "HUGE_VAL", "OVERFLOW", "UNDERFLOW", "DOMAIN", "SING", "PLOSS", "TLOSS", "BUFSIZ", "RAND_MAX", "I",
        "EDOM", "ERANGE", "M_PI", "M_E", "major", "minor", "CHECK", "TEST_CASE", "INFO", "WARN", "REQUIRE",
        "FAIL", "_A", "_B", "_C", "_D", "_L", "_N", "_P", "_S", "_U", "_X", "_T"};
    return words.contains(name) || name.starts_with("__") ||
           (name.size() > 1 && name[0] == '_' && name[1] >= 'A' && name[1] <= 'Z');
}

/// Names that mean something else where a mechanism is written. A quantity of such a name gets a `_` behind
/// it, as a member; users still say its own name.
inline bool is_taken(std::string_view name) {
    static std::set<std::string_view> const made_with{"T",
                                                      "State",
                                                      "Self",
                                                      "Uses",
                                                      "Writes",
                                                      "Nearby",
                                                      "NodeVariables",
                                                      "Field",
                                                      "Allowed",
                                                      "Current",
                                                      "Gate",
                                                      "Connection",
                                                      "name",
                                                      "parameters",
                                                      "states",
                                                      "rates",
                                                      "current",
                                                      "initial",
                                                      "advance",
                                                      "prepare",
                                                      "receive",
                                                      "begin",
                                                      "connection",
                                                      "s",
                                                      "c",
                                                      "at",
                                                      "v",
                                                      "dt",
                                                      "x",
                                                      "step",
                                                      "weight",
                                                      "std",
                                                      "fmt",
                                                      "hillock",
                                                      "ion",
                                                      "quantity",
                                                      "mod",
                                                      "exp",
                                                      "log",
                                                      "log10",
                                                      "pow",
                                                      "sqrt",
                                                      "abs",
                                                      "tanh",
                                                      "expm1",
                                                      "choose",
                                                      "gate",
                                                      "steady_state",
                                                      "instantaneous",
                                                      "ohmic",
                                                      "injected",
                                                      "differenced",
                                                      "linearised",
                                                      "interpolated",
                                                      "cube",
                                                      "fourth_power",
                                                      "power",
                                                      "implicit_euler",
                                                      "implicit_euler_linear",
                                                      "linear_root",
                                                      "root",
                                                      "sin",
                                                      "cos",
                                                      "tan",
                                                      "asin",
                                                      "acos",
                                                      "atan",
                                                      "sinh",
                                                      "cosh",
                                                      "floor",
                                                      "ceil",
                                                      "fmod",
                                                      "atan2",
                                                      "erf",
                                                      "uniform_draw",
                                                      "normal_draw",
                                                      "draws"};
    return made_with.contains(name) || is_word(name);
}

/// A quantity's name as a member.
inline std::string member_name(std::string name) {
    while (name.starts_with('_')) name.erase(0, 1);
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name = "x" + name;
    for (std::size_t at; (at = name.find("__")) != std::string::npos;) name.erase(at, 1);
    return is_taken(name) ? name + "_" : name;
}

/// A number as C++ writes it; with a point or exponent if `is_floating` or it is larger than an int.
inline std::string number_text(std::string text, bool is_floating) {
    if (text.starts_with('+')) text.erase(0, 1);
    bool const is_negative = text.starts_with('-');
    if (is_negative) text.erase(0, 1);
    if (text.starts_with('.')) text = "0" + text;
    bool const is_whole = text.find_first_of(".eE") == std::string::npos;
    while (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') text.erase(0, 1);
    if (is_whole && (is_floating || text.size() > 9)) text += '.';
    return (is_negative ? "-" : "") + text;
}

/// Breaks a line longer than 110 columns, at the outermost operators and commas that it has, and indents the
/// rest by 4 more.
inline std::string broken(std::string const& line) {
    constexpr std::size_t width = 110;
    if (line.size() <= width) return line;
    auto const indent = line.find_first_not_of(' ');
    struct Break {
        std::size_t at, depth;
    };
    std::vector<Break> breaks;
    std::size_t depth = 0;
    for (std::size_t k = indent; k + 2 < line.size(); ++k) {
        if (line.compare(k, 2, "//") == 0) break;
        char const c = line[k];
        if (c == '(' || c == '{' || c == '[') {
            if (c != '[') breaks.push_back({k + 1, 2 * depth + 3});
            ++depth;
        }
        if (c == ')' || c == '}' || c == ']') depth = depth > 0 ? depth - 1 : 0;
        if (c == ',' && line[k + 1] == ' ') breaks.push_back({k + 2, 2 * depth});
        bool const is_operator = c == ' ' &&
                                 std::string_view("+-*/&|").find(line[k + 1]) != std::string_view::npos &&
                                 line[k + 2] == ' ';
        if (is_operator)
            breaks.push_back({k + 1 + 2, 2 * depth + (line[k + 1] == '*' || line[k + 1] == '/')});
        if (c == '=' && line[k + 1] == ' ' && depth == 0) breaks.push_back({k + 2, 2});
    }
    Break const* best = nullptr;
    for (auto const& each : breaks) {
        if (each.at > width + 1 || each.at < indent + 12) continue;
        if (!best || each.depth < best->depth || (each.depth == best->depth && each.at > best->at))
            best = &each;
    }
    if (!best)
        for (auto const& each : breaks)
            if (each.at > indent + 12 && !best) best = &each;
    if (!best) return line;
    auto first = line.substr(0, best->at);
    while (first.ends_with(' ')) first.pop_back();
    auto const next = line[best->at] == ' ' ? best->at + 1 : best->at;
    static constexpr std::size_t deepest_indent = 60;
    auto const further = std::min(indent + 4, deepest_indent);
    auto rest = std::string(further, ' ') + line.substr(next);
    // lines of the rest stand below each other
    auto const continued = [&](auto const& self, std::string const& more) -> std::string {
        if (more.size() <= width) return more;
        auto text = broken(more);
        (void)self;
        return text;
    };
    return first + "\n" + continued(continued, rest);
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
