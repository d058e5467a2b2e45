// SPDX-License-Identifier: MIT

#include <string>

#include <doctest/doctest.h>

#include <hillock/run/statistics.hpp>

namespace statistics_tests {

using namespace hillock;

TEST_CASE("statistics: rates of a run") {
    RunStatistics const s{
        .cells = 20, .spikes = 50, .duration = 500, .steps = 1000, .build_seconds = 1, .run_seconds = 0.25};
    CHECK(s.mean_rate() == doctest::Approx(5));
    CHECK(s.real_time_factor() == doctest::Approx(0.5));
    CHECK(s.ns_per_cell_step() == doctest::Approx(12500));
    CHECK(s.json().find(R"("spikes": 50, "build_s": 1.000000, "run_s": 0.250000)") != std::string::npos);
}

TEST_CASE("statistics: a network without cells, or one that has not run, has rates of 0") {
    for (auto const& s : {RunStatistics{}, RunStatistics{.duration = 10, .steps = 400, .run_seconds = 1},
                          RunStatistics{.cells = 5, .build_seconds = 1}}) {
        CHECK(s.mean_rate() == 0);
        CHECK(s.ns_per_cell_step() == 0);
        for (auto const& text : {s.json(), s.summary()}) {
            CHECK(text.find("nan") == std::string::npos);
            CHECK(text.find("inf") == std::string::npos);
        }
    }
}

}  // namespace statistics_tests
