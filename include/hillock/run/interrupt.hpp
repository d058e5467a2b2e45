// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <string_view>

#include <signal.h>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// As long as it lives, the first SIGINT, SIGTERM or SIGHUP does not end the program but is remembered, so
/// that a run can stop early and its spikes be written:
///
///     net.run(250, {.stop = [&] { return interrupt.came(); }});
///
/// A second SIGINT or SIGTERM ends the program as usual. SIGHUP may come any number of times (a terminal that
/// closes sends it twice), and not at all where it was ignored (by nohup). Make it when there is something to
/// be saved, after the network is built: until then a signal ends the program at once. Only one `Interrupt`
/// may live at a time; nothing else in the library handles signals.
class Interrupt {
public:
    Interrupt() {
        caught_ = 0;
        struct sigaction action {};
        action.sa_handler = remember;
        action.sa_flags = SA_RESTART;
        for (std::size_t k = 0; k < signals.size(); ++k) {
            sigaction(signals[k], &action, &before_[k]);
            if (signals[k] == SIGHUP && before_[k].sa_handler == SIG_IGN) restore(k);
        }
    }
    ~Interrupt() {
        for (std::size_t k = 0; k < signals.size(); ++k) restore(k);
    }
    Interrupt(Interrupt const&) = delete;
    Interrupt& operator=(Interrupt const&) = delete;

    bool came() const { return caught_ != 0; }  // whether there was a signal
    /// The signal, for messages.
    std::string_view name() const {
        switch (caught_) {
            case SIGINT: return "SIGINT";
            case SIGTERM: return "SIGTERM";
            case SIGHUP: return "SIGHUP";
            default: return "a signal to another rank";
        }
    }
    /// The exit status of a program that a signal has ended, here or on another rank.
    int exit_code() const { return 128 + (came() ? caught_.load() : SIGTERM); }

private:
    static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};

    static void remember(int signal) {
        int none = 0;
        if (caught_.compare_exchange_strong(none, signal) || signal == SIGHUP) return;
        std::signal(signal, SIG_DFL);
        std::raise(signal);
    }
    void restore(std::size_t k) { sigaction(signals[k], &before_[k], nullptr); }

    static inline std::atomic<int> caught_ = 0;
    static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");
    std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace hillock::inline HILLOCK_ISA
