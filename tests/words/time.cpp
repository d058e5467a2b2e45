// SPDX-License-Identifier: MIT

#include <cstddef>
#include <limits>

#include <doctest/doctest.h>

#include <hillock/words/time.hpp>

using namespace hillock;

TEST_CASE("an event belongs to the nearest step, half way to the later one") {
    TimeGrid const grid(0.025);
    CHECK(grid.step_of(0) == 0);
    CHECK(grid.step_of(0.0124) == 0);
    CHECK(grid.step_of(0.0125) == 1);
    CHECK(grid.step_of(0.0374999) == 1);
    CHECK(grid.step_of(0.0375) == 2);
    CHECK(grid.step_of(30.0125) == 1201);
    CHECK(grid.step_of(5.31) == 212);
    CHECK(grid.step_of(-0.0125) == 0);
    CHECK(grid.step_of(-0.0126) == -1);
}

TEST_CASE("the rounding of a time does not decide") {
    CHECK(0.35 / 0.025 < 14);
    for (double dt : {0.025, 0.05, 0.1, 0.01, 1. / 3, 1. / 40, 0.0125, 1e-3}) {
        TimeGrid const grid(dt);
        std::size_t wrong = 0;
        for (Step k = 0; k < 1000000; k += 1 + k / 1000) {
            auto const t = static_cast<double>(k) * dt, tie = (static_cast<double>(k) + 0.5) * dt;
            wrong += grid.step_of(t) != k || grid.step_of(tie) != k + 1 || grid.step_of(tie - 1e-7 * dt) != k;
            wrong += grid.step_of(t / 3 + t / 3 + t / 3) != k || grid.step_of(t + 100 - 100) != k;
            wrong += grid.time_of(k) != t;
        }
        CHECK_MESSAGE(wrong == 0, dt);
    }
}

TEST_CASE("a current that begins at t is on from the first step whose middle is not before t") {
    TimeGrid const grid(0.1);
    CHECK(grid.first_middle_after(0) == 0);
    CHECK(grid.first_middle_after(0.05) == 0);
    CHECK(grid.first_middle_after(0.0501) == 1);
    CHECK(grid.first_middle_after(0.1) == 1);
    CHECK(grid.first_middle_after(0.35) == 3);
    CHECK(grid.first_middle_after(0.15 + 0.2) == 3);  // a little more than 0.35
    CHECK(grid.first_middle_after(0.36) == 4);
    CHECK(grid.first_middle_after(-1) == -10);
    std::size_t wrong = 0;
    for (Step k = 0; k < 1000; ++k)
        wrong += grid.first_middle_after((static_cast<double>(k) + 0.5) / 10) != k ||
                 grid.first_middle_after(static_cast<double>(k) * 0.1 + 0.05) != k;
    CHECK(wrong == 0);
    CHECK(grid.first_middle_after(std::numeric_limits<double>::infinity()) > 1000000000);
}

TEST_CASE("bad values of dt and times beyond the grid") {
    for (double dt :
         {0., -1., std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
        CHECK_THROWS_AS(TimeGrid{dt}, Error);
    CHECK_THROWS_WITH_AS(TimeGrid{-0.5}, "dt -0.5 ms: must be positive and finite", Error);
    CHECK_THROWS_AS(TimeGrid(0.025).step_of(1e300), Error);
    CHECK_THROWS_AS(TimeGrid(0.025).step_of(-1e300), Error);
    CHECK_THROWS_AS(TimeGrid(0.025).step_of(std::numeric_limits<double>::quiet_NaN()), Error);
    CHECK(TimeGrid(0.025).dt() == 0.025);
}
