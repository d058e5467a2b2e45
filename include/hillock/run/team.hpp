// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/run/threads.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Threads that do one job after the other together. The caller of `all` is member 0.
///
/// Jobs may be as short as some microseconds: who waits spins for a while before it sleeps, unless there are
/// more members than processors.
class Team {
public:
    explicit Team(std::size_t members)
        : failures_(checked(members)), spins_{members <= std::thread::hardware_concurrency() ? 2000 : 1} {
        std::size_t started = 1;
        try {
            for (std::size_t member = 1; member < members; ++member)
                threads_.start([this, member] { serve(member); }), ++started;
        } catch (std::system_error const& error) {
            dismiss();
            raise("{} threads: only {} could be started: {}", members, started, error.what());
        } catch (...) {
            dismiss();
            throw;
        }
    }
    ~Team() { dismiss(); }
    Team(Team const&) = delete;
    Team& operator=(Team const&) = delete;

    std::size_t size() const { return failures_.size(); }

    /// Calls f(member) on every member at once, and returns when all are done; rethrows what the first of
    /// them threw.
    template <class F>
    void all(F&& f) {
        if (size() == 1) return f(std::size_t{0});
        context_ = &f;
        job_ = [](void* context, std::size_t member) {
            (*static_cast<std::remove_reference_t<F>*>(context))(member);
        };
        busy_.store(static_cast<std::uint32_t>(size() - 1), std::memory_order_relaxed);
        begin();
        work(0);
        wait_until(busy_, [](std::uint32_t busy) { return busy == 0; });
        for (auto& failure : failures_)
            if (failure) rethrow();
    }

private:
    static std::size_t checked(std::size_t members) {
        constexpr std::size_t most = 65536;  // fewer may still be more than the system has
        require(members > 0, "0 threads: must be at least 1");
        require(members <= most, "{} threads: must be at most {}", members, most);
        return members;
    }

    /// Lets all threads end.
    void dismiss() {
        job_ = nullptr;
        begin();
    }

    void begin() {
        jobs_.fetch_add(1, std::memory_order_release);
        jobs_.notify_all();
    }

    void serve(std::size_t member) {
        for (std::uint32_t done = 0;; ++done) {
            wait_until(jobs_, [&](std::uint32_t jobs) { return jobs != done; });
            if (!job_) return;
            work(member);
            if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
        }
    }

    void work(std::size_t member) noexcept {
        try {
            job_(context_, member);
        } catch (...) {
            failures_[member] = std::current_exception();
        }
    }

    [[noreturn]] void rethrow() {
        std::exception_ptr first;
        for (auto& failure : failures_) {
            if (!first) first = failure;
            failure = nullptr;
        }
        std::rethrow_exception(first);
    }

    template <class T>
    void wait_until(std::atomic<T>& value, auto&& ready) const {
        for (int spin = 0; spin < spins_; ++spin) {
            if (ready(value.load(std::memory_order_acquire))) return;
            if (spin % 64 < 63)
                pause();
            else
                std::this_thread::yield();  // the other one may be waiting for this processor
        }
        for (auto seen = value.load(std::memory_order_acquire); !ready(seen);
             seen = value.load(std::memory_order_acquire))
            value.wait(seen, std::memory_order_acquire);
    }

    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }

    std::vector<std::exception_ptr> failures_;  // of each member, in the job that is under way
    int spins_;
    void (*job_)(void*, std::size_t) = nullptr;
    void* context_ = nullptr;
    alignas(64) std::atomic<std::uint32_t> jobs_ = 0;  // begun so far
    alignas(64) std::atomic<std::uint32_t> busy_ = 0;  // members that have not finished
    machine::Threads threads_;                         // last: they are joined before what they use goes
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
