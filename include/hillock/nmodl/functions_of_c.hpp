// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The functions of C that code may call: their names here, and how many arguments they take.
inline std::map<std::string, std::pair<std::string, std::size_t>, std::less<>> const& functions_of_c() {
    static std::map<std::string, std::pair<std::string, std::size_t>, std::less<>> const known{
        {"exp", {"exp", 1}},     {"log", {"log", 1}},   {"log10", {"log10", 1}}, {"fabs", {"abs", 1}},
        {"abs", {"abs", 1}},     {"sqrt", {"sqrt", 1}}, {"tanh", {"tanh", 1}},   {"sin", {"sin", 1}},
        {"cos", {"cos", 1}},     {"tan", {"tan", 1}},   {"asin", {"asin", 1}},   {"acos", {"acos", 1}},
        {"atan", {"atan", 1}},   {"sinh", {"sinh", 1}}, {"cosh", {"cosh", 1}},   {"floor", {"floor", 1}},
        {"ceil", {"ceil", 1}},   {"fmod", {"fmod", 2}}, {"expm1", {"expm1", 1}}, {"erf", {"erf", 1}},
        {"atan2", {"atan2", 2}},
    };
    return known;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
