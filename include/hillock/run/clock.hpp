// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <utility>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::machine {

/// A stopwatch.
class Clock {
public:
    /// Seconds since the last call, or since the clock was made.
    double lap() {
        auto const now = std::chrono::steady_clock::now();
        return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace hillock::inline HILLOCK_ISA::machine
