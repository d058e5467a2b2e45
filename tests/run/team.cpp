// SPDX-License-Identifier: MIT

/// Threads that do jobs together: all of them, whatever one of them throws, or none where the system has no
/// more.

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/run/interrupt.hpp>
#include <hillock/run/team.hpp>

#include "../sanitized.hpp"

namespace team_tests {

using namespace hillock;
using scheduling::Team;

TEST_CASE(
    "every member does its part of each job; the first one's error is rethrown, and the next job is done") {
    Team team(5);
    for (int round = 0; round < 3; ++round) {
        std::atomic<unsigned> done = 0;
        CHECK_THROWS_WITH_AS(team.all([&](std::size_t member) {
            done |= 1u << member;
            if (member % 2 == 1) throw std::runtime_error("member " + std::to_string(member));
        }),
                             "member 1", std::runtime_error);
        CHECK(done == 0b11111);
    }
    std::atomic<int> sum = 0;
    team.all([&](std::size_t member) { sum += static_cast<int>(member); });
    CHECK(sum == 10);
}

TEST_CASE("a team of no threads, or of more than there can be, is refused") {
    CHECK_THROWS_AS(Team(0), Error);
    CHECK_THROWS_AS(Team(static_cast<std::size_t>(-1)), Error);
}

#if !TESTS_ARE_SANITIZED
namespace {

/// In a process with address space for some threads alone: the error of a team of 500, and then what `then`
/// does, which is to end the process. Returns the status of that process.
int status_without_space_for_threads(auto&& then) {
    auto const child = fork();
    if (child == 0) {
        alarm(20);  // should a thread wait for ever
        rlimit const limit{std::size_t{1} << 29, std::size_t{1} << 29};
        setrlimit(RLIMIT_AS, &limit);
        Interrupt const interrupt;
        try {
            Team const team(500);
        } catch (Error const& error) {
            then(interrupt, std::string(error.what()));
        }
        std::_Exit(3);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

}  // namespace

TEST_CASE("threads that cannot be had are an error that counts them; those that were started end") {
    auto const status = status_without_space_for_threads([](Interrupt const&, std::string const& text) {
        Team two(2);
        std::atomic<int> sum = 0;
        two.all([&](std::size_t) { ++sum; });
        std::_Exit(text.starts_with("500 threads: only ") && sum == 2 ? 0 : 1);
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("signals after that: the first is remembered, the second ends the program") {
    auto const status = status_without_space_for_threads([](Interrupt const& interrupt, std::string const&) {
        std::raise(SIGTERM);
        if (!interrupt.came()) std::_Exit(1);
        std::raise(SIGTERM);
        std::_Exit(2);
    });
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGTERM);
}
#endif

}  // namespace team_tests
