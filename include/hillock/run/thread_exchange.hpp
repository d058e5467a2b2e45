// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/threads.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Ranks that are threads of one process, each with a network of its own: what MPI does, without MPI.
class ThreadExchange {
public:
    /// The exchanges of `ranks` ranks, one for each.
    static std::vector<ThreadExchange> connected(std::size_t ranks) {
        require(ranks > 0, "0 ranks: must be at least 1");
        auto const meeting = std::make_shared<Meeting>(ranks);
        std::vector<ThreadExchange> all;
        for (std::size_t rank = 0; rank < ranks; ++rank) all.push_back(ThreadExchange(rank, meeting));
        return all;
    }

    std::size_t rank() const { return rank_; }
    std::size_t ranks() const { return meeting_->outgoing.size(); }

    void all_gather(std::span<std::uint64_t const> outgoing, Gathered& received) {
        std::unique_lock lock(meeting_->mutex);
        Shown const shown(meeting_->outgoing[rank_], outgoing);
        meet(lock);
        received.words.clear();
        received.first.assign(1, 0);
        for (auto const& words : meeting_->outgoing) {
            received.words.insert(received.words.end(), words.begin(), words.end());
            received.first.push_back(received.words.size());
        }
        meet(lock);  // a rank's words stay until all have read them
    }

    /// Tells the other ranks that this one will not come again, and why. Who waits for it, now or later, gets
    /// a `ForeignError`.
    void leave(std::string reason) {
        std::lock_guard const lock(meeting_->mutex);
        if (!meeting_->gone) meeting_->gone = Gone{rank_, std::move(reason)};
        meeting_->changed.notify_all();
    }

private:
    using Words = std::span<std::uint64_t const>;

    /// Shows a rank's words to the others while it takes part in a meeting, in whatever way that ends.
    struct Shown {
        Shown(Words& place, Words words) : place_{place} { place_ = words; }
        ~Shown() { place_ = {}; }
        Shown(Shown const&) = delete;
        Shown& operator=(Shown const&) = delete;
        Words& place_;
    };

    /// The first rank that has left.
    struct Gone {
        std::size_t rank;
        std::string reason;
    };

    /// The place where all ranks come together.
    struct Meeting {
        explicit Meeting(std::size_t ranks) : outgoing(ranks) {}
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<Words> outgoing;     // of each rank
        std::size_t here = 0, done = 0;  // ranks that wait; meetings so far
        std::optional<Gone> gone;
    };

    ThreadExchange(std::size_t rank, std::shared_ptr<Meeting> meeting)
        : rank_{rank}, meeting_{std::move(meeting)} {}

    /// Waits until all ranks are here.
    void meet(std::unique_lock<std::mutex>& lock) {
        auto& m = *meeting_;
        auto const before = m.done;
        auto const require_all = [&] {
            if (m.gone && m.done == before) throw ForeignError(m.gone->rank, m.gone->reason);
        };
        require_all();
        if (++m.here == ranks()) {
            m.here = 0;
            ++m.done;
            m.changed.notify_all();
        }
        m.changed.wait(lock, [&] { return m.done != before || m.gone; });
        require_all();
    }

    std::size_t rank_;
    std::shared_ptr<Meeting> meeting_;
};

/// Runs f(exchange) on `ranks` ranks, a thread each, and waits for all. An error on one of them ends the
/// others as soon as they wait for it and is rethrown; a rank that returns while others still wait for it is
/// an error, too.
inline void run_ranks(std::size_t ranks, std::function<void(ThreadExchange)> const& f) {
    auto exchanges = ThreadExchange::connected(ranks);
    std::mutex mutex;
    std::exception_ptr own, foreign;  // the first error; the first that only passes on another rank's
    auto const keep_first = [&](std::exception_ptr& first) {
        std::lock_guard const lock(mutex);
        if (!first) first = std::current_exception();
    };
    auto const run = [&](ThreadExchange& exchange) {
        std::string reason = "has ended; all ranks must do the same with a network";
        try {
            f(exchange);
        } catch (ForeignError const& error) {
            keep_first(foreign);
            reason = error.what();
        } catch (std::exception const& error) {
            keep_first(own);
            reason = error.what();
        } catch (...) {
            keep_first(own);
            reason = "unknown error";
        }
        exchange.leave(std::move(reason));
    };
    {
        machine::Threads threads;
        try {
            for (auto& exchange : exchanges) threads.start([&] { run(exchange); });
        } catch (std::exception const& error) {
            exchanges.back().leave(error.what());  // no rank waits for those that have no thread
            throw;
        }
    }
    if (own || foreign) std::rethrow_exception(own ? own : foreign);
}

}  // namespace hillock::inline HILLOCK_ISA
