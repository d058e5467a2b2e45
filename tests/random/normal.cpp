// SPDX-License-Identifier: MIT

#include <cmath>

#include <doctest/doctest.h>

#include <hillock/random/normal.hpp>

using namespace hillock;

TEST_CASE("the normal quantile inverts the normal distribution") {
    for (double p = 1e-11; p < 0.5; p *= 1.07) {
        auto const x = normal_quantile(p);
        CAPTURE(p);
        CHECK(std::erfc(-x / std::sqrt(2.)) / 2 == doctest::Approx(p).epsilon(1e-13));
        auto const opposite = 1 - p;  // rounded
        CHECK(std::erfc(normal_quantile(opposite) / std::sqrt(2.)) / 2 ==
              doctest::Approx(1 - opposite).epsilon(1e-13));
    }
    CHECK(normal_quantile(0.5) == 0);
    CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-15));
}
