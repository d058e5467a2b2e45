// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <string_view>

#include <signal.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// As long as it lives, the first SIGINT or SIGTERM does not end the program but is remembered, so that a run
/// can stop early and its spikes be written: `net.run(250, {.stop = [&] { return interrupt.came(); }})`. The
/// second one ends the program as usual. Only one `Interrupt` may live at a time.
class Interrupt {
public:
    Interrupt() {
        caught_ = 0;
        struct sigaction action {};
        action.sa_handler = [](int signal) { caught_ = signal; };
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        for (std::size_t k = 0; k < signals.size(); ++k) sigaction(signals[k], &action, &before_[k]);
    }
    ~Interrupt() {
        for (std::size_t k = 0; k < signals.size(); ++k) sigaction(signals[k], &before_[k], nullptr);
    }
    Interrupt(Interrupt const&) = delete;
    Interrupt& operator=(Interrupt const&) = delete;

    bool came() const { return caught_ != 0; }
    std::string_view name() const {
        return caught_ == SIGINT ? "SIGINT" : caught_ == SIGTERM ? "SIGTERM" : "a signal to another rank";
    }
    /// What a program that a signal has ended returns to the shell; the signal may have come to another rank.
    int exit_code() const { return 128 + (came() ? caught_ : SIGTERM); }

private:
    static constexpr std::array signals{SIGINT, SIGTERM};
    static inline volatile std::sig_atomic_t caught_ = 0;
    std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace hillock::inline HILLOCK_ISA
