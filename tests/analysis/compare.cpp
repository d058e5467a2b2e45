// SPDX-License-Identifier: MIT

#include <cmath>
#include <cstddef>

#include <doctest/doctest.h>

#include <hillock/analysis/compare.hpp>
#include <hillock/analysis/trains.hpp>
#include <hillock/words/error.hpp>

#include "expected.hpp"

namespace compare_tests {

using namespace hillock;
using namespace hillock::analysis;

TEST_CASE("the first difference of two rasters") {
    Raster const raster{{1, 2}, {2, 3}, {2, 5}};
    auto const difference = [&](Raster const& other) {
        auto const found = first_difference(raster, other);
        return found ? describe(*found) : "none";
    };
    CHECK(difference(raster) == "none");
    CHECK(difference({{1, 2}, {2 + 1e-10, 3}, {2, 5}}) == "none");
    CHECK(difference({{1, 2}, {2.025, 3}, {2, 5}}) ==
          "spike 1: 2 ms, cell 3 in the first, 2.025 ms, cell 3 in the second");
    CHECK(difference({{1, 2}, {2, 4}, {2, 5}}) ==
          "spike 1: 2 ms, cell 3 in the first, 2 ms, cell 4 in the second");
    CHECK(difference({{1, 2}, {2, 3}}) == "spike 2: 2 ms, cell 5 in the first, none in the second");
    CHECK(difference({{1, 2}, {2, 3}, {2, 5}, {9, 1}}) ==
          "spike 3: none in the first, 9 ms, cell 1 in the second");
    CHECK_FALSE(first_difference(Raster{}, Raster{}));
    CHECK(first_difference(raster, Raster{{1 + 1e-10, 2}, {2, 3}, {2, 5}}, 0));
    CHECK_FALSE(first_difference(raster, Raster{{1.5, 2}, {2, 3}, {2, 5}}, 0.5));
    CHECK_THROWS_AS(first_difference(raster, raster, -1), Error);
}

TEST_CASE("van Rossum's distance") {
    auto const trains = trains_by_cell(expected::raster(), 12);
    auto const distance = van_rossum_distance(trains[2], trains[3], 5);
    CHECK(distance == doctest::Approx(expected::numbers("van_rossum")[0])
                          .epsilon(1e-4));  // the expected value is an integral over a grid
    CHECK(van_rossum_distance(trains[3], trains[2], 5) == doctest::Approx(distance).epsilon(1e-12));
    CHECK(van_rossum_distance(trains[2], trains[2], 5) == doctest::Approx(0).epsilon(1e-7));
    CHECK(van_rossum_distance({}, {}, 5) == 0);
    CHECK(van_rossum_distance(Train{7}, {}, 5) == doctest::Approx(std::sqrt(0.5)));
    CHECK(van_rossum_distance(Train{7}, Train{10}, 3) == doctest::Approx(std::sqrt(1 - std::exp(-1.))));
    CHECK_THROWS_WITH_AS(van_rossum_distance({}, {}, 0),
                         "van Rossum distance with tau 0 ms: must be positive and finite", Error);
    // long before t = 0, as of a stimulus
    CHECK(van_rossum_distance(Train{-1e5}, Train{-1e5 + 3}, 3) ==
          doctest::Approx(std::sqrt(1 - std::exp(-1.))));
    CHECK_THROWS_WITH_AS(
        van_rossum_distance(Train{}, Train{5, 4}, 3),
        "van Rossum distance, second train: spike 1 at 4 ms after one at 5 ms: must be ascending", Error);
    CHECK_THROWS_WITH_AS(van_rossum_distance(Train{std::nan("")}, Train{}, 3),
                         "van Rossum distance, first train: spike 0 at nan ms: must be finite", Error);
}

TEST_CASE("Victor & Purpura's distance") {
    auto const trains = trains_by_cell(expected::raster(), 12);
    auto const wanted = expected::numbers("victor_purpura");
    std::size_t i = 0;
    for (auto const cost : {0., 0.1, 0.5, 100.}) {
        CHECK(victor_purpura_distance(trains[2], trains[3], cost) ==
              doctest::Approx(wanted[i]).epsilon(1e-12));
        CHECK(victor_purpura_distance(trains[3], trains[2], cost) ==
              doctest::Approx(wanted[i++]).epsilon(1e-12));
    }
    CHECK(victor_purpura_distance({}, {}, 1) == 0);
    CHECK(victor_purpura_distance(Train{1, 2}, {}, 1) == 2);
    CHECK(victor_purpura_distance(Train{1}, Train{2.5}, 1) == 1.5);
    CHECK(victor_purpura_distance(Train{1}, Train{3.5}, 1) == 2);  // removed and added
    CHECK_THROWS_AS(victor_purpura_distance({}, {}, -1), Error);
    CHECK_THROWS_WITH_AS(
        victor_purpura_distance(Train{2, 2, 1}, Train{}, 1),
        "Victor-Purpura distance, first train: spike 2 at 1 ms after one at 2 ms: must be ascending", Error);
}

}  // namespace compare_tests
