// SPDX-License-Identifier: MIT
#pragma once

/// How names and numbers of a file are spelled in C++, and how long lines are broken.

#include <algorithm>
#include <cstddef>
#include <optional>
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
                                                      "look_up",
                                                      "require_table",
                                                      "FunctionTable",
                                                      "table",
                                                      "RateTable",
                                                      "cube",
                                                      "fourth_power",
                                                      "power",
                                                      "implicit_euler",
                                                      "implicit_euler_kinetic",
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
                                                      "signed_pow",
                                                      "erf",
                                                      "uniform_draw",
                                                      "normal_draw",
                                                      "draws"};
    return made_with.contains(name) || is_word(name);
}

/// The type of an array of so many elements, left out where compilers find it: clang gives up beyond 256.
inline std::string array_type(std::string_view element, std::size_t size) {
    if (size <= 128) return "std::array";
    return "std::array<" + std::string(element) + ", " + std::to_string(size) + ">";
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

/// A place to break a line, the better the lower its rank, and how many brackets are open there.
struct LineBreak {
    std::size_t at, rank, depth;
};

/// Operators, commas and brackets of a line that begins within `depth` brackets; outer ones rank lower.
inline std::vector<LineBreak> line_breaks(std::string const& line, std::size_t depth) {
    std::vector<LineBreak> all;
    for (std::size_t k = line.find_first_not_of(' '); k + 2 < line.size(); ++k) {
        if (line.compare(k, 2, "//") == 0) break;
        char const c = line[k];
        if (c == '(' || c == '{' || c == '[') {
            ++depth;
            if (c != '[') all.push_back({k + 1, 4 * depth + 3, depth});
        }
        if (c == ')' || c == '}' || c == ']') depth = depth > 0 ? depth - 1 : 0;
        if (c == ',' && line[k + 1] == ' ') all.push_back({k + 2, 4 * depth, depth});
        bool const is_operator = c == ' ' &&
                                 std::string_view("+-*/&|").find(line[k + 1]) != std::string_view::npos &&
                                 line[k + 2] == ' ';
        bool const is_product = line[k + 1] == '*' || line[k + 1] == '/';
        if (is_operator) all.push_back({k + 3, 4 * depth + (is_product ? 2u : 1u), depth});
        if (c == '=' && line[k + 1] == ' ' && depth == 0) all.push_back({k + 2, 4, depth});
    }
    return all;
}

/// Breaks a line longer than 110 columns, at the outermost operators and commas that it has; what follows
/// stands 4 columns further in.
inline std::string broken(std::string line) {
    constexpr std::size_t width = 110, shortest = 12, deepest_indent = 60;
    auto indent = line.find_first_not_of(' ');
    auto const further = std::min(indent + 4, deepest_indent);
    std::string made;
    for (std::size_t depth = 0; line.size() > width; indent = further) {
        std::optional<LineBreak> best;
        for (auto const& each : line_breaks(line, depth)) {
            if (each.at < indent + shortest) continue;
            bool const fits = each.at <= width + 1;
            if (!best || (fits && each.rank <= best->rank)) best = each;
            if (!fits) break;
        }
        if (!best) break;
        auto first = line.substr(0, best->at);
        first.erase(first.find_last_not_of(' ') + 1);
        made += first + "\n";
        line = std::string(further, ' ') + line.substr(line.find_first_not_of(' ', best->at));
        depth = best->depth;
    }
    return made + line;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
