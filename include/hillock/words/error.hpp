// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The base of all errors of the library. The message names the thing, its value and what is allowed.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws an `Error` with a formatted message. (Out of line, so that a check costs its caller little code.)
[[noreturn, gnu::cold, gnu::noinline]] inline void raise(fmt::string_view format, fmt::format_args args) {
    throw Error(fmt::vformat(format, args));
}

/// Throws an `Error` with a formatted message unless `condition` holds.
template <class... Args>
void require(bool condition, fmt::format_string<Args const&...> format, Args const&... args) {
    if (!condition) raise(format, fmt::make_format_args(args...));
}

}  // namespace hillock::inline HILLOCK_ISA
