// SPDX-License-Identifier: MIT

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/files/streams.hpp>
#include <hillock/run/progress.hpp>

namespace progress_tests {

using namespace hillock;

namespace {

/// A terminal that stderr writes to, until the end of the test.
class Terminal {
public:
    Terminal() : side_{posix_openpt(O_RDWR | O_NOCTTY)}, stderr_{dup(STDERR_FILENO)} {
        REQUIRE(side_ >= 0);
        grantpt(side_);
        unlockpt(side_);
        auto const other = open(ptsname(side_), O_RDWR | O_NOCTTY);
        REQUIRE(other >= 0);
        dup2(other, STDERR_FILENO);
        close(other);
    }
    ~Terminal() {
        dup2(stderr_, STDERR_FILENO);
        close(stderr_);
        std::clearerr(stderr);
        leave();
    }
    void leave() {
        if (side_ >= 0) close(side_);
        side_ = -1;
    }
    /// All that has been written to it; it comes in pieces, and not at once.
    std::string shown() {
        std::string text;
        for (pollfd ready{side_, POLLIN, 0}; poll(&ready, 1, 200) > 0;) {
            char piece[4096];
            auto const size = read(side_, piece, sizeof piece);
            if (size <= 0) break;
            text.append(piece, static_cast<std::size_t>(size));
        }
        return text;
    }

private:
    int side_, stderr_;
};

void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(220)); }

}  // namespace

TEST_CASE("progress is shown on a terminal, also of times beyond all bounds") {
    Terminal terminal;
    {
        Progress progress(0, 1e300);
        wait();
        progress.at(0.25e300);
    }
    CHECK(terminal.shown().starts_with("\r\033[K250000"));
    {
        Progress progress(50, 250);
        wait();
        progress.at(100);
    }
    auto const shown = terminal.shown();
    CHECK(shown.find("100.0 of 250.0 ms (25 %)") != shown.npos);
    CHECK(shown.ends_with("\r\033[K"));
}

TEST_CASE("a run goes on when its terminal is gone") {
    Terminal terminal;
    Progress progress(0, 250);
    wait();
    progress.at(100);
    terminal.leave();
    for (int k = 0; k < 2; ++k) {
        wait();
        progress.at(150);
    }
    print_error("an error {}\n", 1);
}

}  // namespace progress_tests
