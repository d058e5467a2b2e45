// SPDX-License-Identifier: MIT

/// The suite without MPI: one rank alone, and ranks that are threads.

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/run/team.hpp>
#include <hillock/run/thread_exchange.hpp>
#include <hillock/run/threads.hpp>

#include "../../examples/tutorial_network.hpp"
#include "../sanitized.hpp"
#include "suite.hpp"

using namespace hillock;

TEST_CASE("one rank alone") { suite::check_all(SerialExchange{}); }

TEST_CASE("ranks that are threads") {
    for (std::size_t const ranks : {1, 2, 3, 4, 7}) {
        if (TESTS_ARE_SANITIZED && ranks != 3) continue;  // a minute each
        run_ranks(ranks, [](ThreadExchange exchange) { suite::check_all(exchange); });
    }
}

TEST_CASE("copies and networks that have moved, on ranks that are threads") {
    for (std::size_t const ranks : {1, 3})
        run_ranks(ranks, [](ThreadExchange exchange) { suite::check_forks(exchange); });
}

TEST_CASE("a run in three legs, each on other ranks and threads, is one run") {
    for (suite::Plan const plan :
         {suite::Plan{.cells = 31, .seed = 3}, {.cells = 20, .long_delays = false}}) {
        auto const whole = suite::leg(SerialExchange{}, plan, {}, 18.5, 1);
        auto const first = suite::leg(SerialExchange{}, plan, {}, 5.5, 2);
        std::array<suite::Leg, 3> second;
        run_ranks(3, [&](ThreadExchange exchange) {
            second[exchange.rank()] = suite::leg(exchange, plan, first.end, 6.2, 1);
        });
        for (auto const& rank : second) CHECK(rank.end == second[0].end);
        auto const third = suite::leg(SerialExchange{}, plan, second[0].end, 6.8, 3);
        auto spikes = first.outcome.spikes;
        for (suite::Leg const& each : {second[0], third})
            spikes.insert(spikes.end(), each.outcome.spikes.begin(), each.outcome.spikes.end());
        CHECK(whole.outcome.spikes.size() > 50);
        CHECK(spikes == whole.outcome.spikes);
        CHECK(third.outcome.digests == whole.outcome.digests);
        CHECK(third.end == whole.end);
    }
}

TEST_CASE("the tutorial's random network in three legs through files is one run") {
    auto const make = [](auto exchange) {
        Network<suite::CS> net(exchange);
        net.add<suite::CS>(100);
        wire_tutorial_network(net, 1e-2, 1);
        return net;
    };
    auto const folder = std::filesystem::temp_directory_path() / fmt::format("hillock-legs-{}", getpid());
    std::filesystem::create_directory(folder);
    auto const leg = [&](auto exchange, int number, double until, std::size_t threads) {
        auto net = make(exchange);
        if (number > 1) net.restore(read_snapshot(folder / fmt::format("{}", number - 1)));
        auto const seen = net.run_until(until, {.threads = threads, .progress = false});
        Raster const spikes(seen.begin(), seen.end());
        auto const end = net.save();
        if (net.rank() == 0) write_snapshot(folder / fmt::format("{}", number), end);
        return spikes;
    };
    auto whole = make(SerialExchange{});
    auto const expected = whole.run(40, cells::quietly);
    auto spikes = leg(SerialExchange{}, 1, 11, 2);
    std::array<Raster, 3> second;
    run_ranks(3, [&](ThreadExchange exchange) { second[exchange.rank()] = leg(exchange, 2, 25, 1); });
    auto const third = leg(SerialExchange{}, 3, 40, 1);
    for (Raster const& each : {second[0], third}) spikes.insert(spikes.end(), each.begin(), each.end());
    CHECK(spikes == expected);
    CHECK(spikes.size() > 100);
    CHECK(third.size() > 20);
    CHECK(std::ranges::equal(read_snapshot(folder / "3").bytes(), whole.save().bytes()));
    std::filesystem::remove_all(folder);
}

TEST_CASE("an error at a pause on one rank is one on all") {
    run_ranks(3, [](ThreadExchange exchange) {
        Network<suite::CS> net(exchange);
        net.add<suite::CS>(4);
        auto const said = cells::complaint([&] {
            net.run(3, {.progress = false, .every = 1, .at = [&](double t, std::span<Spike const>) {
                            if (exchange.rank() == 1 && t > 1.5) throw Error("too warm");
                        }});
        });
        CHECK(said == (exchange.rank() == 1 ? "too warm" : "rank 1: too warm"));
        CHECK(net.now() == doctest::Approx(2));
        net.reset();
        CHECK(net.run(1, cells::quietly).empty());
    });
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

namespace {

/// The error of each rank that takes part in `rounds(rank)` gathers.
std::vector<std::string> errors_after(std::vector<int> const& rounds) {
    std::vector<std::string> errors(rounds.size());
    try {
        run_ranks(rounds.size(), [&](ThreadExchange exchange) {
            try {
                Gathered received;
                std::vector<std::uint64_t> const words(100, exchange.rank());
                for (int k = 0; k < rounds[exchange.rank()]; ++k) exchange.all_gather(words, received);
            } catch (ForeignError const& error) {
                errors[exchange.rank()] = error.what();
                throw;
            }
        });
    } catch (ForeignError const& error) {
        errors.push_back(error.what());
    }
    return errors;
}

}  // namespace

TEST_CASE("a rank that returns while others wait for it is an error on those") {
    std::string const none, ended = "rank 1: has ended; all ranks must do the same with a network";
    for (int repeat = 0; repeat < 100; ++repeat) {
        CHECK(errors_after({3, 3, 3}) == std::vector{none, none, none});
        CHECK(errors_after({1, 0}) == std::vector{ended, none, ended});
        auto const of_three =
            errors_after({7, 6, 7});  // one of the two may only see that the other has failed
        CHECK(std::count(of_three.begin(), of_three.end(), ended) >= 2);
        CHECK(of_three[1] == none);
        CHECK(!of_three[0].empty());
        CHECK(!of_three[2].empty());
    }
}

TEST_CASE("a rank that goes on after another has gone gets the error again, and no words") {
    std::atomic<int> errors = 0;
    CHECK_THROWS_WITH_AS(run_ranks(3,
                                   [&](ThreadExchange exchange) {
                                       if (exchange.rank() == 2) throw std::runtime_error("enough");
                                       for (int attempt = 0; attempt < 10; ++attempt) try {
                                               Gathered received;
                                               exchange.all_gather(std::vector<std::uint64_t>(10), received);
                                           } catch (ForeignError const& error) {
                                               errors += std::string(error.what()) == "rank 2: enough";
                                           }
                                   }),
                         "enough", std::runtime_error);
    CHECK(errors == 20);
}

TEST_CASE("the error that is rethrown is the failing rank's own") {
    for (int repeat = 0; repeat < 100; ++repeat)
        CHECK_THROWS_WITH_AS(run_ranks(4,
                                       [](ThreadExchange exchange) {
                                           communication::Ranks ranks(exchange);
                                           ranks.sum(1);
                                           auto const failed = ranks.sum(exchange.rank() == 1) > 0;
                                           if (failed && exchange.rank() != 1)
                                               throw ForeignError(1, "its message");
                                           if (failed) throw Error("its message");
                                       }),
                             "its message", Error);
}

TEST_CASE("ranks that do different things are told so") {
    CHECK_THROWS_WITH(run_ranks(2,
                                [](ThreadExchange exchange) {
                                    communication::Ranks ranks(exchange);
                                    std::array const shared{scheduling::Shared{"a", 1}};
                                    if (exchange.rank() == 0) scheduling::agree(ranks, shared, {});
                                    if (exchange.rank() == 1) ranks.sum(1);
                                }),
                      "rank 1 does something else; all ranks must do the same with a network");
}

#if !TESTS_ARE_SANITIZED

/// Memory has room for the stacks of some threads, but not for 500. In a process of its own, which must end.
TEST_CASE("ranks whose thread cannot be started end the others") {
    auto const child = fork();
    if (child == 0) {
        alarm(60);
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        auto const bytes = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (std::size_t{400} << 20);
        rlimit const limit{bytes, bytes};
        setrlimit(RLIMIT_AS, &limit);
        try {
            run_ranks(500, [](ThreadExchange exchange) { communication::Ranks(exchange).sum(1); });
        } catch (std::system_error const&) {
            _exit(0);
        }
        _exit(1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

#endif

TEST_CASE("networks on several threads of a program are independent") {
    auto const expected = suite::alone({}, {10});
    std::atomic<int> alike = 0;
    {
        machine::Threads threads;
        for (int k = 0; k < 3; ++k)
            threads.start([&] { alike += suite::outcome(SerialExchange{}, {}, {10}, 2) == expected; });
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
