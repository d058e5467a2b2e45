// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Ranks that are threads of one process, each with a network of its own: what MPI does, without MPI.
class ThreadExchange {
public:
    /// One for each of `ranks` ranks.
    static std::vector<ThreadExchange> connected(std::size_t ranks) {
        require(ranks > 0, "0 ranks: must be at least 1");
        auto const table = std::make_shared<Table>(ranks);
        std::vector<ThreadExchange> all;
        for (std::size_t rank = 0; rank < ranks; ++rank) all.push_back(ThreadExchange(rank, table));
        return all;
    }

    std::size_t rank() const { return rank_; }
    std::size_t ranks() const { return table_->said.size(); }

    void all_gather(std::span<std::uint64_t const> mine, Gathered& all) {
        std::unique_lock lock(table_->mutex);
        table_->said[rank_] = mine;
        meet(lock);
        all.words.clear();
        all.first.assign(1, 0);
        for (auto const& words : table_->said) {
            all.words.insert(all.words.end(), words.begin(), words.end());
            all.first.push_back(all.words.size());
        }
        meet(lock);  // nobody's words may go before all have read them
    }

    /// This rank will not come again: whoever waits for it gets an `Error`.
    void leave() {
        std::lock_guard const lock(table_->mutex);
        table_->left = true;
        table_->changed.notify_all();
    }

private:
    /// Where ranks put what they say.
    struct Table {
        explicit Table(std::size_t ranks) : said(ranks) {}
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<std::span<std::uint64_t const>> said;
        std::size_t here = 0, meetings = 0;
        bool left = false;
    };

    ThreadExchange(std::size_t rank, std::shared_ptr<Table> table) : rank_{rank}, table_{std::move(table)} {}

    /// Waits until all ranks are here.
    void meet(std::unique_lock<std::mutex>& lock) {
        auto const meeting = table_->meetings;
        if (++table_->here == ranks()) {
            table_->here = 0;
            ++table_->meetings;
            table_->changed.notify_all();
        }
        table_->changed.wait(lock, [&] { return table_->meetings != meeting || table_->left; });
        require(table_->meetings != meeting, "another rank has left");
    }

    std::size_t rank_;
    std::shared_ptr<Table> table_;
};

/// Runs f(exchange) on `ranks` ranks, a thread each, and waits for all; rethrows the error of a rank that
/// failed first.
inline void run_ranks(std::size_t ranks, std::function<void(ThreadExchange)> const& f) {
    auto const exchanges = ThreadExchange::connected(ranks);
    std::exception_ptr first;
    std::mutex mutex;
    {
        std::vector<std::jthread> threads;
        for (auto const& exchange : exchanges)
            threads.emplace_back([&f, &first, &mutex, exchange = exchange]() mutable {
                try {
                    f(exchange);
                } catch (...) {
                    {
                        std::lock_guard const lock(mutex);
                        if (!first) first = std::current_exception();
                    }
                    exchange.leave();
                }
            });
    }
    if (first) std::rethrow_exception(first);
}

}  // namespace hillock::inline HILLOCK_ISA
