// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdio>

#include <unistd.h>

#include <fmt/format.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A line on stderr that shows how far a run is, redrawn a few times a second and wiped at the end; silent
/// unless stderr is a terminal and the run lasts.
class Progress {
public:
    /// A run from `begin` to `end` ms.
    Progress(double begin, double end) : begin_{begin}, end_{end}, shown_{isatty(fileno(stderr)) != 0} {}
    ~Progress() {
        if (drawn_) std::fputs("\r\033[K", stderr);
    }
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    void at(double t) {
        if (!shown_) return;
        auto const now = Clock::now();
        if (now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        drawn_ = true;
        auto const seconds = std::chrono::duration<double>(now - start_).count();
        auto const left = t > begin_ ? seconds * (end_ - t) / (t - begin_) : 0.;
        fmt::print(stderr, "\r\033[K{:.1f} of {:.1f} ms ({:.0f} %), {:.0f} s left", t, end_,
                   100 * (t - begin_) / (end_ - begin_), left);
        std::fflush(stderr);
    }

private:
    using Clock = std::chrono::steady_clock;
    double begin_, end_;
    bool shown_, drawn_ = false;
    Clock::time_point start_ = Clock::now(), last_ = start_;
};

}  // namespace hillock::inline HILLOCK_ISA
