// SPDX-License-Identifier: MIT
#pragma once

/// The program's own streams: messages on stderr, which must not fail, and results on stdout, which must not
/// be lost.

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <fmt/format.h>

#include <hillock/files/descriptor.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Prints on stderr. Never throws: there is nobody left to tell that stderr is closed or full.
template <class... Args>
void print_error(fmt::format_string<Args...> format, Args&&... args) noexcept {
    try {
        auto const text = fmt::format(format, std::forward<Args>(args)...);
        std::fwrite(text.data(), 1, text.size(), stderr);
    } catch (...) {  // out of memory
        std::fputs("an error for which there is no memory\n", stderr);
    }
}

/// Writes what stdout still holds back. Throws an `Error` if this fails, or if any earlier write to it has:
/// the last thing a program does that prints results.
inline void finish_stdout() {
    auto const check = [](bool succeeded) {
        require(succeeded, "cannot write to stdout: {}", std::generic_category().message(errno));
    };
    auto const had_failed = std::ferror(stdout) != 0;
    check(std::fflush(stdout) == 0);
    require(!had_failed, "cannot write to stdout: an earlier write has failed");
    // Some file systems report a failed write no sooner than a close.
    files::Descriptor copy(::dup(STDOUT_FILENO));
    if (copy) check(copy.close());
}

}  // namespace hillock::inline HILLOCK_ISA
