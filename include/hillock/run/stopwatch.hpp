// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Scoped timer: adds its lifetime (s) to a sum; nested timers of the same sum do not count.
class Stopwatch {
public:
    explicit Stopwatch(double& sum) : sum_{sum}, before_{sum} {}
    ~Stopwatch() {
        sum_ = before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    Stopwatch(Stopwatch const&) = delete;
    Stopwatch& operator=(Stopwatch const&) = delete;

private:
    double& sum_;
    double before_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
