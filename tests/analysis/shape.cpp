// SPDX-License-Identifier: MIT

/// The courses in space that sections without points get in a picture.

#include <vector>

#include <doctest/doctest.h>

#include <hillock/analysis/shape.hpp>
#include <hillock/model/section.hpp>

namespace shape_tests {

using namespace hillock;

TEST_CASE("sections run from where they are attached: on, back from a beginning, aside from the middle") {
    std::vector<Section> cell{{.name = "soma", .L = 10, .diam = 10},
                              {.name = "on", .L = 50, .diam = 2},
                              {.name = "back", .L = 30, .diam = 1},
                              {.name = "aside", .L = 20, .diam = 1},
                              {.name = "measured", .diam = 1}};
    cell[1].connect(cell[0](1));
    cell[2].connect(cell[0](0));
    cell[3].connect(cell[1](0.5));
    cell[4].pt3d({{0, 5, 0, 1}, {0, 5, 40, 3}});
    cell[4].connect(cell[0](0.5));
    plot::Courses const courses(cell);
    auto const ends_at = [&](Section const& section, Point const& expected) {
        auto const end = courses.at(section(1));
        CHECK(distance(end, expected) < 1e-9);
        CHECK(end.diam == doctest::Approx(expected.diam));
    };
    ends_at(cell[0], {10, 0, 0, 10});
    ends_at(cell[1], {60, 0, 0, 2});
    ends_at(cell[2], {-30, 0, 0, 1});
    ends_at(cell[3], {35, 20, 0, 1});
    ends_at(cell[4], {0, 5, 40, 3});
    CHECK(courses.at(cell[4](0.5)).z == doctest::Approx(20));
    CHECK(courses.at(cell[4](0.5)).diam == doctest::Approx(2));
}

}  // namespace shape_tests
