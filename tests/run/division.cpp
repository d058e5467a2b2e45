// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/run/division.hpp>

namespace division_tests {

using namespace hillock;
using scheduling::Division;

namespace {

struct Population {
    static constexpr std::size_t width = 4;
    std::size_t count;
    std::size_t blocks() const { return count; }
};

struct Populations {
    std::vector<Population> all;
    std::size_t size() const { return all.size(); }
    void for_each(auto&& f) {
        for (std::size_t number = 0; number < all.size(); ++number) f(all[number], number);
    }
};

/// Each cell is in one part, and parts are as large as each other but for a cache line.
void check(Division const& division, Populations& populations) {
    populations.for_each([&](Population& population, std::size_t number) {
        auto const first = [&](std::size_t part) { return division.first_block(population, number, part); };
        CHECK(first(0) == 0);
        CHECK(first(division.parts()) == population.blocks());
        for (std::size_t part = 0; part < division.parts(); ++part) {
            auto const blocks = first(part + 1) - first(part);
            CHECK(blocks <= population.blocks() / division.parts() + 4);
            for (auto cell = first(part) * Population::width; cell < first(part + 1) * Population::width;
                 ++cell)
                REQUIRE(division.part_of({number, cell}) == part);
        }
    });
}

}  // namespace

TEST_CASE("every cell is in the part of its block, and parts are even, also when there are more cells") {
    for (std::size_t const parts : {1, 2, 3, 5, 8}) {
        CAPTURE(parts);
        Division division;
        Populations populations{{{0}, {1}, {3}, {40}, {17}}};
        division.divide<double>(parts, populations);
        check(division, populations);
        auto const version = division.version();
        division.divide<double>(parts, populations);
        CHECK(division.version() == version);
        populations.all[1].count = 100;
        division.divide<double>(parts, populations);
        CHECK(division.version() > version);
        check(division, populations);
    }
}

}  // namespace division_tests
