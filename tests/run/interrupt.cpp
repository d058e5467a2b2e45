// SPDX-License-Identifier: MIT

#include <csignal>
#include <cstdlib>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/run/interrupt.hpp>

namespace interrupt_tests {

using namespace hillock;

namespace {

/// Does something in a process of its own; the signal that ends it, or 0.
int signal_that_ends(auto&& work) {
    auto const child = fork();
    if (child == 0) {
        alarm(20);
        work();
        std::_Exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_CASE("the first signal is remembered, the second ends the program, whichever they are") {
    for (int const first : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(first, SIG_DFL);
        Interrupt const interrupt;
        CHECK_FALSE(interrupt.came());
        std::raise(first);
        CHECK(interrupt.came());
        CHECK(interrupt.exit_code() == 128 + first);
        CHECK(interrupt.name() == (first == SIGINT ? "SIGINT" : first == SIGTERM ? "SIGTERM" : "SIGHUP"));
        for (int const second : {SIGINT, SIGTERM})
            CHECK(signal_that_ends([&] { std::raise(second); }) == second);
        CHECK(signal_that_ends([] { std::raise(SIGHUP), std::raise(SIGHUP); }) == 0);
    }
}

TEST_CASE("signals are what they were before and after an Interrupt; SIGHUP stays ignored") {
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGHUP, SIG_IGN);
    {
        Interrupt const interrupt;
        std::raise(SIGHUP);
        CHECK_FALSE(interrupt.came());
    }
    std::signal(SIGHUP, SIG_DFL);
    for (int const signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, SIG_DFL);
        CHECK(signal_that_ends([&] {
                  { Interrupt const interrupt; }
                  std::raise(signal);
              }) == signal);
    }
}

}  // namespace interrupt_tests
