// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdio>

#include <unistd.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Shows on stderr how far a run is: a line that is redrawn a few times a second and wiped at the end. Silent
/// unless stderr is a terminal and the run lasts, and from when it can no longer be written: a run goes on
/// after its terminal has closed.
class Progress {
public:
    /// Shows a run from `begin` to `end` ms.
    Progress(double begin, double end) noexcept
        : begin_{begin}, end_{end}, is_shown_{isatty(STDERR_FILENO) != 0} {}
    ~Progress() {
        if (is_drawn_) print("\r\033[K");
    }
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    /// The run has come to `t` ms.
    void at(double t) noexcept {
        if (!is_shown_) return;
        auto const now = Clock::now();
        if (now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        auto const seconds = std::chrono::duration<double>(now - start_).count();
        auto const left = t > begin_ ? seconds * (end_ - t) / (t - begin_) : 0.;
        std::array<char, 1000> line;  // a time may have 300 digits
        std::snprintf(line.data(), line.size(), "\r\033[K%.1f of %.1f ms (%.0f %%), %.0f s left", t, end_,
                      100 * (t - begin_) / (end_ - begin_), left);
        is_drawn_ = is_shown_ = print(line.data());
    }

private:
    using Clock = std::chrono::steady_clock;

    static bool print(char const* text) noexcept {
        return std::fputs(text, stderr) >= 0 && std::fflush(stderr) == 0;
    }

    double begin_, end_;
    bool is_shown_, is_drawn_ = false;
    Clock::time_point start_ = Clock::now(), last_ = start_;
};

}  // namespace hillock::inline HILLOCK_ISA
