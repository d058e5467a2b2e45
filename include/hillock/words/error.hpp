// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

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

/// The same, of a line in a file.
[[noreturn, gnu::cold, gnu::noinline]] inline void raise_at(std::string const& path, std::size_t line,
                                                            fmt::string_view format, fmt::format_args args) {
    throw Error(fmt::format("{}:{}: {}", path, line, fmt::vformat(format, args)));
}

/// The format of a message for arguments of these types. The compiler checks that they fit where
/// HILLOCK_CHECK_FORMATS is defined, as in this library's own tests: that takes it a second for each unit.
#ifdef HILLOCK_CHECK_FORMATS
template <class... Args>
using ErrorFormat = fmt::format_string<Args...>;
#else
template <class...>
using ErrorFormat = fmt::string_view;
#endif

/// Throws an `Error` with a formatted message.
template <class... Args>
[[noreturn]] void raise(ErrorFormat<Args...> format, Args const&... args) {
    raise(fmt::string_view(format), fmt::format_args(fmt::make_format_args(args...)));
}
/// Throws an `Error` with a formatted message unless `condition` holds.
template <class... Args>
void require(bool condition, ErrorFormat<Args...> format, Args const&... args) {
    if (!condition) raise(fmt::string_view(format), fmt::format_args(fmt::make_format_args(args...)));
}

}  // namespace hillock::inline HILLOCK_ISA
