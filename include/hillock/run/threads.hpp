// SPDX-License-Identifier: MIT
#pragma once

#include <thread>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::machine {

/// Threads that are joined when this goes. (`std::jthread`, which does that as well, is missing from libc++
/// before version 20.)
class Threads {
public:
    Threads() = default;
    ~Threads() {
        for (auto& thread : threads_) thread.join();
    }
    Threads(Threads const&) = delete;
    Threads& operator=(Threads const&) = delete;

    /// Calls `f()` on a thread of its own; throws std::system_error if the system has none left.
    template <class F>
    void start(F f) {
        threads_.emplace_back(std::move(f));
    }

private:
    std::vector<std::thread> threads_;
};

}  // namespace hillock::inline HILLOCK_ISA::machine
