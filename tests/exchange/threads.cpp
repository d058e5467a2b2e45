// SPDX-License-Identifier: MIT

/// The suite without MPI: one rank alone, and ranks that are threads.

#include <atomic>
#include <stdexcept>
#include <thread>

#include <hillock/run/team.hpp>
#include <hillock/run/thread_exchange.hpp>

#include "suite.hpp"

using namespace hillock;

TEST_CASE("one rank alone") { suite::check_all(SerialExchange{}); }

TEST_CASE("ranks that are threads") {
    for (std::size_t const ranks : {1, 2, 3, 4, 7})
        run_ranks(ranks, [](ThreadExchange exchange) { suite::check_all(exchange); });
}

TEST_CASE("200 runs on 2 ranks of 2 threads end, all alike") {
    auto const expected = suite::alone({.cells = 12}, {2});
    std::atomic<int> alike = 0;
    for (int k = 0; k < 200; ++k)
        run_ranks(2, [&](ThreadExchange exchange) {
            alike += suite::outcome(exchange, {.cells = 12}, {2}, 2) == expected;
        });
    CHECK(alike == 400);
}

TEST_CASE("a rank that throws outside of a run ends the others, and its error is the one that is seen") {
    for (std::size_t const ranks : {1, 2, 5}) {
        CHECK_THROWS_WITH_AS(run_ranks(ranks,
                                       [&](ThreadExchange exchange) {
                                           Network<suite::CS> net(exchange);
                                           net.add<suite::CS>(10);
                                           if (exchange.rank() == ranks - 1)
                                               net.set(net.cells(), "nonsense", 1);
                                           net.run(1, cells::quietly);
                                       }),
                             doctest::Contains("has no 'nonsense'"), Error);
    }
}

TEST_CASE("networks on several threads of a program are independent") {
    auto const expected = suite::alone({}, {10});
    std::atomic<int> alike = 0;
    {
        std::vector<std::jthread> threads;
        for (int k = 0; k < 3; ++k)
            threads.emplace_back([&] { alike += suite::outcome(SerialExchange{}, {}, {10}, 2) == expected; });
    }
    CHECK(alike == 3);
}

TEST_CASE("a team does every job on all members, and passes on what the first of them throws") {
    for (std::size_t const size : {1, 2, 5}) {
        scheduling::Team team(size);
        std::vector<int> done(size);
        for (int job = 0; job < 1000; ++job) team.all([&](std::size_t member) { done[member] += job; });
        CHECK(done == std::vector<int>(size, 499500));
        CHECK_THROWS_WITH(team.all([&](std::size_t member) {
            if (member + 2 >= size) throw std::runtime_error(std::to_string(member));
        }),
                          std::to_string(size < 2 ? 0 : size - 2).c_str());
        team.all([&](std::size_t member) { done[member] = 7; });
        CHECK(done == std::vector<int>(size, 7));
    }
    CHECK(cells::complaint([] { scheduling::Team none(0); }) == "0 threads: must be at least 1");
}
