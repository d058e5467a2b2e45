// SPDX-License-Identifier: MIT

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/random/numpy.hpp>

using namespace hillock;

// numpy 2.4: numpy.random.seed(1); then numpy.random.randint(low, high, n) in this order
TEST_CASE("randint is numpy's seeded legacy generator, call after call") {
    NumpyRandom numpy(1);
    using Gids = std::vector<Gid>;
    CHECK(numpy.randint(0, 1000, 12) == Gids{37, 235, 908, 72, 767, 905, 715, 645, 847, 960, 144, 129});
    CHECK(numpy.randint(0, 1, 3) == Gids{0, 0, 0});
    CHECK(numpy.randint(5, 9, 8) == Gids{5, 8, 6, 5, 7, 6, 7, 5});
    CHECK(numpy.randint(0, 800, 10) == Gids{254, 357, 468, 252, 490, 668, 398, 562, 580, 215});
    CHECK(numpy.randint(800, 1000, 10) == Gids{896, 886, 941, 937, 807, 863, 861, 822, 857, 801});
    CHECK(numpy.randint(0, 1024, 6) == Gids{896, 316, 209, 264, 728, 653});
    CHECK(numpy.randint(0, 1025, 6) == Gids{627, 431, 633, 456, 542, 515});
    CHECK(numpy.randint(7, 8, 1) == Gids{7});
    CHECK(numpy.randint(0, 2147483648, 3) == Gids{824105924, 1243949848, 1355129329});
    CHECK(numpy.randint(3, 4294967295, 3) == Gids{610401326, 2948499023, 3364310045});
    CHECK(numpy.randint(0, 10, 0).empty());
}

TEST_CASE("randint with other seeds, and far down the stream") {
    NumpyRandom numpy(20260101);
    CHECK(numpy.randint(0, 2, 16) == std::vector<Gid>{0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1});
    CHECK(numpy.randint(0, 1100, 5) == std::vector<Gid>{835, 1040, 562, 226, 1001});
    auto const many = NumpyRandom(7).randint(0, 1000, 100000);
    std::uint64_t sum = 0;
    for (auto k : many) sum += k;
    CHECK(sum == 49787854);
    CHECK(std::vector<Gid>(many.end() - 3, many.end()) == std::vector<Gid>{813, 971, 464});
}

TEST_CASE("randint refuses an empty range") {
    NumpyRandom numpy(1);
    CHECK_THROWS_WITH_AS(numpy.randint(5, 5, 1), "randint(5, 5): low must be below high", Error);
    CHECK_THROWS_WITH_AS(numpy.randint(6, 5, 1), "randint(6, 5): low must be below high", Error);
}
