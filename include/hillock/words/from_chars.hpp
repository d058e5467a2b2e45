// SPDX-License-Identifier: MIT
#pragma once

/// `std::from_chars`, which libc++ lacks before version 20 for all but whole numbers.

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>
#include <type_traits>
#include <version>

#include <locale.h>
#if __has_include(<xlocale.h>)
#include <xlocale.h>  // strtod_l on macOS
#endif

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::portable {

/// Reads a number as std::from_chars does: neither white space nor '+' before it, decimal, never of a locale.
/// `value` stays as it is on an error.
inline std::from_chars_result from_chars_by_strtod(char const* first, char const* last, double& value) {
    std::string text(first, last);
    text.resize(std::min(text.find_first_of("xX"), text.size()));  // strtod takes 0x10 for a number
    if (text.empty() || text.find_first_of("+ \t\n\v\f\r") == 0) return {first, std::errc::invalid_argument};

    static locale_t const plain = newlocale(LC_ALL_MASK, "C", nullptr);
    char* end = nullptr;
    errno = 0;
    auto const number = strtod_l(text.c_str(), &end, plain);
    auto const* const after = first + (end - text.c_str());
    if (after == first) return {first, std::errc::invalid_argument};
    if (errno == ERANGE && (number == 0 || std::isinf(number)))
        return {after, std::errc::result_out_of_range};
    value = number;
    return {after, std::errc()};
}

/// std::from_chars, by strtod where that is missing.
template <class T>
std::from_chars_result from_chars(char const* first, char const* last, T& value) {
#ifndef __cpp_lib_to_chars
    if constexpr (std::is_floating_point_v<T>) {
        auto number = static_cast<double>(value);
        auto const result = from_chars_by_strtod(first, last, number);
        value = static_cast<T>(number);
        return result;
    } else
#endif
        return std::from_chars(first, last, value);
}

}  // namespace hillock::inline HILLOCK_ISA::portable
