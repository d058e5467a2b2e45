// SPDX-License-Identifier: MIT
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/words/cells.hpp>

using hillock::Cells;
using hillock::Error;
using hillock::Gid;

TEST_CASE("cells: parts of a range") {
    Cells const cells(10, 20);
    CHECK(cells.size() == 10);
    CHECK(cells.first(3) == Cells(10, 13));
    CHECK(cells.last(3) == Cells(17, 20));
    CHECK(cells.slice(2, 5) == Cells(12, 15));
    CHECK(cells.halves() == std::pair(Cells(10, 15), Cells(15, 20)));
    CHECK(Cells(0, 3).halves() == std::pair(Cells(0, 1), Cells(1, 3)));
    CHECK(cells.slice(4, 4).empty());
    CHECK(cells[9] == 19);
    CHECK_THROWS_WITH_AS(cells[10], "cell 10 of 10: there is none", Error);
    CHECK_THROWS_WITH_AS(cells.first(11), "first(11) of 10 cells: there are not so many", Error);
    CHECK_THROWS_AS(cells.last(11), Error);
    CHECK_THROWS_AS(cells.slice(5, 4), Error);
    CHECK_THROWS_AS(Cells(5, 4), Error);
}

TEST_CASE("cells: unions keep their order") {
    auto const left = Cells(800, 900) + Cells(0, 400);
    CHECK(left.size() == 500);
    CHECK(left[0] == 800);
    CHECK(left[99] == 899);
    CHECK(left[100] == 0);
    CHECK(left.slice(98, 102) == Cells(898, 900) + Cells(0, 2));
    CHECK(left.contains(0));
    CHECK(left.contains(399));
    CHECK_FALSE(left.contains(400));
    CHECK_FALSE(left.contains(799));
    CHECK(left.contains(899));
    CHECK_FALSE(left.contains(900));
    std::vector<Gid> visited;
    for (auto const gid : Cells(7, 9) + Cells(1, 3)) visited.push_back(gid);
    CHECK(visited == std::vector<Gid>{7, 8, 1, 2});
}

TEST_CASE("cells: neighbours join, overlaps are refused") {
    CHECK(Cells(0, 5) + Cells(5, 8) == Cells(0, 8));
    CHECK(Cells(0, 5) + Cells() == Cells(0, 5));
    CHECK(Cells() + Cells(0, 5) == Cells(0, 5));
    CHECK_THROWS_WITH_AS(Cells(0, 5) + Cells(4, 8), "a union of cells: some are in both", Error);
    CHECK(Cells(0, 5).overlaps(Cells(7, 8) + Cells(4, 5)));
    CHECK_FALSE(Cells(0, 5).overlaps(Cells(5, 8)));
    CHECK(Cells(3) == Cells(3, 4));
    CHECK(Cells().empty());
    CHECK_FALSE(Cells().contains(0));
}
