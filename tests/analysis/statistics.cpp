// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/analysis/correlation.hpp>
#include <hillock/analysis/counts.hpp>
#include <hillock/analysis/intervals.hpp>
#include <hillock/analysis/rates.hpp>
#include <hillock/analysis/synchrony.hpp>
#include <hillock/analysis/trains.hpp>
#include <hillock/words/error.hpp>

#include "expected.hpp"

namespace statistics_tests {

using namespace hillock;
using namespace hillock::analysis;

TEST_CASE("intervals and their variation") {
    auto const trains = trains_by_cell(expected::raster(), 12);
    expected::check_close(intervals(trains[3]), expected::numbers("intervals_3"));
    std::vector<double> variations;
    for (auto const& train : trains) variations.push_back(coefficient_of_variation(intervals(train)));
    expected::check_close(variations, expected::numbers("cv"));  // NaN for the silent cell 5
    CHECK(intervals(Train{}).empty());
    CHECK(intervals(Train{3}).empty());
    CHECK(intervals(Train{3, 5}) == std::vector<double>{2});
    CHECK(std::isnan(coefficient_of_variation(intervals(Train{3, 5}))));
    CHECK(coefficient_of_variation(intervals(Train{3, 5, 7})) == 0);
    CHECK_THROWS_WITH_AS(intervals(Train{3, 5, 4}),
                         "intervals: spike 2 at 4 ms after one at 5 ms: must be ascending", Error);
}

TEST_CASE("Fano factor") {
    CHECK(fano_factor(spike_counts(expected::raster(), {1, 100})) ==
          doctest::Approx(expected::numbers("fano")[0]).epsilon(1e-12));
    CHECK(fano_factor(std::vector<Count>{2, 2, 2}) == 0);
    CHECK(std::isnan(fano_factor(std::vector<Count>{0, 0})));
    CHECK(std::isnan(fano_factor(std::vector<Count>{})));
}

TEST_CASE("correlation of two groups' rates") {
    auto const spikes = expected::raster();
    auto const left = rates(spikes, {1, 100}, Cells{0, 6}), right = rates(spikes, {1, 100}, Cells{6, 12});
    CHECK(correlation(left, right) == doctest::Approx(expected::numbers("correlation")[0]).epsilon(1e-12));
    expected::check_close(cross_correlation(left, right, 10), expected::numbers("cross_correlation"));
    CHECK(std::isnan(correlation(std::vector<double>{1, 1}, std::vector<double>{1, 2})));
    CHECK(std::isnan(correlation({}, {})));
    std::vector<double> const equal(7, 0.1), rising{1, 2, 3, 4, 5, 6, 7};  // its mean is not 0.1
    CHECK(std::isnan(correlation(equal, rising)));
    CHECK(std::isnan(cross_correlation(rising, equal, 2)[4]));
    CHECK_THROWS_WITH_AS(correlation(std::vector<double>{1, 1}, std::vector<double>{1}),
                         "correlation of signals of 2 and 1 bins: must be equally long", Error);
    CHECK_THROWS_AS(cross_correlation(left, right, 100), Error);
    CHECK_THROWS_WITH_AS(correlation(rising, std::vector<double>{1, 2, std::nan(""), 4, 5, 6, 7}),
                         "correlation, second signal: number 2 is nan: must be finite", Error);
}

TEST_CASE("a signal that leads has its peak at a negative lag") {
    std::vector<double> const first{0, 1, 0, 0, 0, 0}, later{0, 0, 0, 1, 0, 0};
    auto const coefficients = cross_correlation(first, later, 3);
    CHECK(std::ranges::max_element(coefficients) - coefficients.begin() == 1);  // lag -2
}

TEST_CASE("synchrony: 1 for equal trains, 1/sqrt(n) for trains without common variance") {
    CHECK(synchrony(binned_trains(expected::raster(), {1, 100}, 12)) ==
          doctest::Approx(expected::numbers("synchrony")[0]).epsilon(1e-12));
    Matrix<Count> equal(4, 3), apart(4, 2), silent(4, 3);
    for (std::size_t cell = 0; cell < 3; ++cell) equal(1, cell) = 1;
    for (auto const bin : {0, 1}) apart(bin, 0) = 1;  // (1 1 0 0) and (1 0 1 0): uncorrelated
    for (auto const bin : {0, 2}) apart(bin, 1) = 1;
    CHECK(synchrony(equal) == doctest::Approx(1));
    CHECK(synchrony(apart) == doctest::Approx(1 / std::sqrt(2)));
    CHECK(std::isnan(synchrony(silent)));
    CHECK(std::isnan(synchrony(Matrix<Count>{})));
}

TEST_CASE("a small variance beside a large mean") {
    CHECK(moments(std::vector<double>{1e9, 1e9 + 1, 1e9 + 2}).variance ==
          doctest::Approx(2. / 3).epsilon(1e-12));
}

}  // namespace statistics_tests
