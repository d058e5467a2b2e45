// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <random>
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

TEST_CASE("cells: intervals that meet are one, wherever they were joined") {
    using Intervals = std::vector<Cells::Interval>;
    Cells all;
    for (Gid const gid : {4, 5, 9, 10, 11, 0, 1, 3}) all = all + gid;
    CHECK(all.intervals() == Intervals{{4, 6}, {9, 12}, {0, 2}, {3, 4}});
    CHECK((Cells(2) + all).intervals() == Intervals{{2, 3}, {4, 6}, {9, 12}, {0, 2}, {3, 4}});
    CHECK((Cells(2, 4) + (Cells(4, 6) + Cells(6, 8))).intervals() == Intervals{{2, 8}});
    CHECK(Cells(2, 4) + (Cells(4, 6) + Cells(8)) == (Cells(2, 4) + Cells(4, 6)) + Cells(8));
    CHECK_FALSE(Cells(0, 2) + Cells(4) == Cells(4) + Cells(0, 2));
}

TEST_CASE("cells: a union is the list of its parts, whatever is put before or behind") {
    std::mt19937 random(1);
    Gid const n = 500;
    std::vector<Gid> gids(n);
    for (Gid k = 0; k < n; ++k) gids[k] = 3 * (k / 2) + k % 2;  // pairs that meet
    std::shuffle(gids.begin() + n / 2, gids.end(), random);
    Cells cells;
    std::vector<Gid> list;
    for (std::size_t k = 0; k < n;) {
        Cells part;
        std::vector<Gid> part_list;
        for (auto const length = 1 + random() % (1 + k); k < n && part.size() < length; ++k) {
            part = part + gids[k];
            part_list.push_back(gids[k]);
        }
        auto const behind = random() % 2 == 0;
        cells = behind ? cells + part : part + cells;
        list.insert(behind ? list.end() : list.begin(), part_list.begin(), part_list.end());

        CHECK(std::vector<Gid>(cells.begin(), cells.end()) == list);
        REQUIRE(cells.size() == list.size());
        bool same = true;
        for (std::size_t place = 0; place < list.size(); ++place) same = same && cells[place] == list[place];
        for (Gid gid = 0; gid < 3 * n; ++gid) {
            auto const found = std::find(list.begin(), list.end(), gid) != list.end();
            same = same && cells.contains(gid) == found && cells.overlaps(gid) == found &&
                   Cells(gid).overlaps(cells) == found;
        }
        CHECK(same);
        CHECK(cells.lowest() == *std::min_element(list.begin(), list.end()));
        CHECK(cells.highest() == *std::max_element(list.begin(), list.end()));
        auto const from = random() % list.size(), to = from + random() % (list.size() - from + 1);
        auto const some = cells.slice(from, to);
        CHECK(std::vector<Gid>(some.begin(), some.end()) ==
              std::vector<Gid>(list.begin() + static_cast<std::ptrdiff_t>(from),
                               list.begin() + static_cast<std::ptrdiff_t>(to)));
    }
    CHECK(list.size() == n);
}

TEST_CASE("cells: every slice of ranges is that of their list") {
    auto const ranges = Cells(10, 14) + Cells(20, 23) + Cells(0, 5) + Cells(30);
    std::vector<Gid> const list(ranges.begin(), ranges.end());
    for (auto const& cells : {ranges, ranges.slice(0, ranges.size())})  // the second is one run
        for (std::size_t to = 0; to <= list.size(); ++to)
            for (std::size_t from = 0; from <= to; ++from) {
                auto const some = cells.slice(from, to);
                CHECK(std::vector<Gid>(some.begin(), some.end()) ==
                      std::vector<Gid>(list.begin() + static_cast<std::ptrdiff_t>(from),
                                       list.begin() + static_cast<std::ptrdiff_t>(to)));
            }
}

TEST_CASE("cells: copies of a union stay as they are when it grows") {
    auto const few = Cells(0) + Cells(2) + Cells(4);
    auto more = few;
    for (Gid gid = 6; gid < 100; gid += 2) more = more + gid;
    CHECK(few.size() == 3);
    CHECK(more.size() == 50);
    CHECK(few == more.first(3));
}

// Comparing each new cell with all earlier ones would take 10^10 steps.
TEST_CASE("cells: 100,000 unions of a cell take a moment, and so does finding each of them") {
    auto const start = std::clock();
    Gid const n = 100000;
    Cells behind, before;
    for (Gid k = 0; k < n; ++k) {
        behind = behind + Cells(2 * k);
        before = Cells(2 * k) + before;
    }
    std::size_t found = 0;
    for (Gid k = 0; k < n; ++k)
        found += behind[k] == 2 * k && before[k] == 2 * (n - 1 - k) && behind.contains(2 * k) &&
                 !before.contains(2 * k + 1);
    CHECK(found == n);
    CHECK(!behind.overlaps(Cells(1)));
    CHECK(std::clock() - start < 60 * CLOCKS_PER_SEC);
}
