// SPDX-License-Identifier: MIT

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/analysis/lfp.hpp>
#include <hillock/analysis/matrix.hpp>
#include <hillock/analysis/npy.hpp>
#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/shape.hpp>
#include <hillock/analysis/sweep_table.hpp>
#include <hillock/words/error.hpp>

namespace files_tests {

using namespace hillock;
using namespace hillock::analysis;
namespace fs = std::filesystem;

namespace {

/// An empty folder whose name needs quoting, removed at the end of the test.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("hillock's \"test\" $HOME " + std::to_string(getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

std::string text_of(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Checks a picture's three files; there is an image only where gnuplot is installed.
void check(plot::Picture const& picture) {
    CHECK(fs::exists(picture.data));
    CHECK(text_of(picture.script).find("\nplot ") != std::string::npos);
    if (picture.drawn)
        CHECK(text_of(picture.image).starts_with("\x89PNG"));
    else
        CHECK(picture.message().find(picture.script.string()) != std::string::npos);
}

}  // namespace

TEST_CASE("an npy file is numpy's, byte for byte") {
    if (std::endian::native != std::endian::little) return;
    Folder const folder;
    Matrix<std::int32_t> matrix(2, 3);
    for (std::size_t i = 0; i < 6; ++i) matrix(i / 3, i % 3) = static_cast<std::int32_t>(i) - 1;
    write_npy(folder.path / "m.npy", matrix);
    auto const text = text_of(folder.path / "m.npy");
    // numpy.save of the same array begins so, up to 128 bytes:
    std::string const head{
        "\x93NUMPY\x01\x00\x76\x00{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", 69};
    REQUIRE(text.size() == 128 + 24);
    CHECK(text.substr(0, 69) == head);
    CHECK(text.substr(69, 58) == std::string(58, ' '));
    CHECK(text[127] == '\n');
    std::int32_t numbers[6];
    std::memcpy(numbers, text.data() + 128, sizeof numbers);
    for (int i = 0; i < 6; ++i) CHECK(numbers[i] == i - 1);

    std::vector<double> const vector{1.5};
    write_npy(folder.path / "v.npy", std::span{vector});
    CHECK(text_of(folder.path / "v.npy").find("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }") ==
          10);
    CHECK(npy::type_name<std::uint8_t>() == "|u1");
    CHECK_THROWS_AS(write_npy("/no/folder/m.npy", matrix), Error);
}

TEST_CASE("pictures, of nothing too") {
    Folder const folder;
    auto const at = [&](char const* name) { return folder.path / name; };
    check(plot::raster(at("raster.png"), Raster{{1, 2}, {3, 4}, {5, 9}},
                       {{"it's", {0, 3}}, {"none", {20, 30}}}));
    check(plot::raster(at("no spikes.png"), Raster{}));
    check(plot::raster(at("one spike.png"), Raster{{3, 4}}));
    check(plot::steps(at("steps.png"), {1, 3}, {{"counts", {0, 2, 1}}}, {.title = "t", .x = {"time (ms)"}}));
    check(plot::steps(at("zeros.png"), {1, 3}, {{"", {0, 0, 0}}, {"", {0, 0, 0}}}, {}));
    check(plot::lines(at("lines.png"), {{"a", {0, 1}, {2, 3}}, {"empty", {}, {}}}, {}));
    check(plot::lines(at("no lines.png"), {}, {}));
    check(plot::lines(at("powers.png"), {{"a", {1, 1000}, {2, 3}}},
                      {.x = {.label = "x", .logarithmic = true}}));
    CHECK(text_of(at("powers.gp")).find("set logscale x\n") != std::string::npos);
    for (std::size_t rows : {1, 2})
        for (std::size_t columns : {1, 3})
            check(plot::heat_map(at("map.png"), {.values = {rows, columns}}, {}));
}

TEST_CASE("variants from a grid and from draws; a sweep's table and picture") {
    auto const made = grid({{"g", {1, 2}}, {"soma.e", {-70, -60}}});
    CHECK(made.names == std::vector<std::string>{"g", "soma.e"});
    CHECK(made.values == std::vector<std::vector<double>>{{1, -70}, {1, -60}, {2, -70}, {2, -60}});
    CHECK(grid({{"g", {1, 2}}, {"e", {}}}).size() == 0);

    auto const drawn = random_draws(20, {{"g", Uniform{1, 2}}, {"e", Normal{-65, 1}}}, 7);
    CHECK(random_draws(20, {{"g", Uniform{1, 2}}, {"e", Normal{-65, 1}}}, 7).values == drawn.values);
    auto const more = random_draws(21, {{"g", Uniform{1, 2}}}, 7),
               other = random_draws(20, {{"g", Uniform{1, 2}}});
    std::set<double> different;
    for (std::size_t k = 0; k < 20; ++k) {
        CHECK(more.values[k][0] == drawn.values[k][0]);
        CHECK(other.values[k][0] != drawn.values[k][0]);
        CHECK((1 < drawn.values[k][0] && drawn.values[k][0] < 2));
        different.insert(drawn.values[k].begin(), drawn.values[k].end());
    }
    CHECK(different.size() == 40);
    CHECK_THROWS_WITH_AS((random_draws(2, {{"g", Uniform{2, 1}}})),
                         "Uniform{2, 1}: both ends must be finite, and the lower one not above the upper one",
                         Error);

    Folder const folder;
    SweepTable const table{{{"g", "e"}, {{1, -70.5}, {2, -60}}}, {{3, 1.5, 30, 12, -50, -71}, {}}};
    write_sweep(folder.path / "sweep.csv", table);
    CHECK(text_of(folder.path / "sweep.csv") == "g,e,spikes,latency,rate,first_interval,mean,trough\n"
                                                "1,-70.5,3,1.5,30,12,-50,-71\n2,-60,0,nan,0,nan,0,0\n");
    CHECK(table.column("e") == std::vector<double>{-70.5, -60});
    CHECK(table.column("trough") == std::vector<double>{-71, 0});
    check(plot::sweep(folder.path / "sweep.png", table, "g", "e", "latency"));
    CHECK_THROWS_WITH_AS(plot::sweep(folder.path / "sweep.png", table, "g", "ee", "rate"),
                         "sweep: 'ee' is no column of its table: must be one of "
                         "g,e,spikes,latency,rate,first_interval,mean,trough",
                         Error);
}

TEST_CASE("potentials as a table, and as curves one above the other") {
    Folder const folder;
    LfpRecord const record{{{0, 0, 0}, {1.5, 2, -3}}, {0, 0.1}, {0, 1e-3, -2e-3, 0.25}};
    write_lfp(folder.path / "lfp.csv", record);
    CHECK(text_of(folder.path / "lfp.csv") == "t,(0 0 0),(1.5 2 -3)\n0,0,0.001\n0.1,-0.002,0.25\n");
    check(plot::lfp(folder.path / "lfp.png", record, {}));
    CHECK(text_of(folder.path / "lfp.plot.dat").find("0.1 1.66666") != std::string::npos);  // 1 + 0.25/0.375
    check(plot::lfp(folder.path / "none.png", {{{}}, {}, {}}, {}));
}

TEST_CASE(
    "the shape of a cell: laid out where it has no course, as wide as it is thick, a number a segment") {
    Folder const folder;
    std::vector<Section> sections(3);
    auto &soma = sections[0], &dend = sections[1], &curved = sections[2];
    soma.name = "soma", soma.L = 20, soma.diam = 16;
    dend.name = "dend", dend.L = 100, dend.diam = 4, dend.nseg = 2;
    curved.name = "curved";
    curved.pt3d({{20, 0, 0, 4}, {20, 30, 0, 4}, {60, 30, 9, 2}});
    dend.connect(soma(1));
    curved.connect(soma(1));

    plot::Courses const courses(sections);
    CHECK(courses.at(soma(1)).x == doctest::Approx(20));
    CHECK(distance(courses.at(dend(0)), courses.at(soma(1))) == doctest::Approx(0).scale(1));
    CHECK(distance(courses.at(dend(0)), courses.at(dend(1))) == doctest::Approx(100));
    CHECK(courses.of(curved) == curved.points);
    CHECK(courses.at(curved(15 / curved.L)) == Point{20, 15, 0, 4});
    CHECK(courses.at(curved(1)).diam == 2);

    check(plot::shape(folder.path / "cell.png", sections, [](Segment s) { return s.x; }, {.title = "x"}));
    auto const text = text_of(folder.path / "cell.plot.dat");
    for (auto const* part :
         {"# soma(0.5)\n0 8 0.5\n", "\n\n# dend(0.25)\n", "\n\n# dend(0.75)\n", "\n\n# curved(0.5)\n"})
        CHECK(text.find(part) != std::string::npos);
    CHECK(text.find("20 -8 0.5\n") != std::string::npos);
    CHECK_THROWS_WITH_AS(plot::shape(folder.path / "cell.png", sections, [](Segment) { return NAN; }),
                         "shape: the value at soma(0.5) is nan: must be finite", Error);
}

TEST_CASE("the shape of a flat cell has room for its ticks, a cell at rest a colour bar, and any plane may "
          "be chosen") {
    Folder const folder;
    std::vector<Section> sections(2);
    auto &soma = sections[0], &dend = sections[1];
    soma.name = "soma", soma.L = soma.diam = 10;
    dend.name = "dend";
    dend.pt3d({{10, 0, 0, 2}, {10, 0, 300, 2}});
    dend.connect(soma(1));
    auto const drawn = [&](std::function<double(Segment)> const& value, plot::Plane plane,
                           plot::Layout const& layout = {}) {
        check(plot::shape(folder.path / "cell.png", sections, value, layout, {"V (mV)"}, plane));
        return text_of(folder.path / "cell.gp");
    };
    auto const range = [](std::string const& script, std::string const& axis) {
        double first = 0, last = 0;
        auto const at = script.find("set " + axis + "range [");
        REQUIRE(at != script.npos);
        REQUIRE(std::sscanf(script.c_str() + at, ("set " + axis + "range [%lf:%lf]").c_str(), &first,
                            &last) == 2);
        return std::pair{first, last};
    };
    auto const script = drawn([](Segment) { return -65.; }, plot::Plane::yz);
    CHECK(script.find("set xlabel 'y (um)'\n") != script.npos);
    CHECK(script.find("set ylabel 'z (um)'\n") != script.npos);
    auto const [left, right] = range(script, "x");
    auto const [low, high] = range(script, "y");
    CHECK((right - left) / (high - low) > 1);  // as the picture, not 10 : 300 as the cell
    CHECK(right + left == doctest::Approx(0).scale(1));
    CHECK(low < 0);
    CHECK(high > 300);
    CHECK(range(script, "cb") == std::pair{-71.5, -58.5});
    CHECK(range(drawn([](Segment) { return 0.; }, plot::Plane::xy), "cb") == std::pair{-1., 1.});
    auto const seen_from_above = text_of(folder.path / "cell.plot.dat");  // a disc of 2 um at x = 10
    CHECK(seen_from_above.find("# dend(0.5)\n11 0 0\n") != seen_from_above.npos);
    CHECK(range(drawn([](Segment s) { return s.x; }, plot::Plane::xz, {.x = {"x", -50, 50}}), "x") ==
          std::pair{-50., 50.});
    CHECK(text_of(folder.path / "cell.gp").find("set ylabel 'z (um)'\n") != std::string::npos);

    soma.connect(dend(1));
    CHECK_THROWS_WITH_AS(
        plot::shape(folder.path / "cell.png", sections, [](Segment) { return 0.; }),
        "shape: section soma: its parents form a circle, or are not among the sections given", Error);
    CHECK_THROWS_WITH_AS(plot::shape("none.png", {}, [](Segment) { return 0.; }),
                         "shape: none.png: no sections to draw", Error);
}

TEST_CASE("a root as long as it is wide, the soma of one point, is a disc, in any number of segments") {
    Folder const folder;
    std::vector<Section> sections(2);
    auto &soma = sections[0], &dend = sections[1];
    soma.name = "soma";
    soma.pt3d({{-2, 7, 1, 12}, {4, 7, 1, 12}, {10, 7, 1, 12}});
    dend.name = "dend", dend.L = dend.diam = 12;
    dend.connect(soma(0.5));
    for (auto const nseg : {1, 3, 101}) {
        CAPTURE(nseg);
        soma.nseg = nseg;
        check(
            plot::shape(folder.path / "cell.png", sections, [](Segment s) { return s.x; }, {.height = 4000}));
        std::ifstream data{folder.path / "cell.plot.dat"};
        double least = 100, greatest = 0, x = 0, y = 0, number = 0;
        std::size_t count = 0;
        for (std::string line; std::getline(data, line) && line.find("dend") == line.npos;)
            if (std::sscanf(line.c_str(), "%lf %lf %lf", &x, &y, &number) == 3) {
                ++count;
                least = std::min(least, std::hypot(x - 4, y - 7));
                greatest = std::max(greatest, std::hypot(x - 4, y - 7));
            }
        CHECK(count > 100);
        CHECK(least == doctest::Approx(6).epsilon(1e-3));
        CHECK(greatest == doctest::Approx(6).epsilon(1e-3));
    }
    // not so a dendrite of this form, nor a root that is no cylinder
    auto const corner = [&](std::string const& name, char const* point) {
        plot::shape(folder.path / "cell.png", sections, [](Segment) { return 0.; });
        auto const text = text_of(folder.path / "cell.plot.dat");
        return text.find("# " + name + "(0.5)\n" + point) != text.npos;
    };
    soma.nseg = 1;
    soma.pt3d({{-2, 7, 1, 12}, {4, 7, 1, 10}, {10, 7, 1, 14}});
    CHECK(soma.diam != doctest::Approx(11));
    CHECK(corner("soma", "-2 13 0\n"));
    soma.pt3d({{0, 0, 0, 12}, {12, 0, 0, 12}});
    CHECK(corner("dend", "0 0 0\n"));
}

TEST_CASE("the shape of a chain of very many sections") {
    Folder const folder;
    std::vector<Section> sections(20000);
    for (std::size_t k = 0; k < sections.size(); ++k) {
        sections[k].name = "s" + std::to_string(k), sections[k].L = 10, sections[k].diam = 1;
        if (k > 0) sections[k].connect(sections[k - 1](1));
    }
    plot::Courses const courses(sections);
    CHECK(courses.at(sections.back()(1)).x == doctest::Approx(200000));
}

TEST_CASE("curves differ in colour, or else in their dashes") {
    Folder const folder;
    std::vector<plot::Curve> curves;
    for (int k = 0; k < 24; ++k) curves.push_back({"curve " + std::to_string(k), {0, 1}, {0., double(k)}});
    check(plot::lines(folder.path / "curves.png", curves, {}));
    auto const script = text_of(folder.path / "curves.gp");
    std::set<std::string> looks;
    for (auto at = script.find("dashtype"); at != script.npos; at = script.find("dashtype", at + 1))
        looks.insert(script.substr(at, script.find(" title", at) - at));
    CHECK(looks.size() == 24);
}

TEST_CASE("the script and the data of a picture are readable and complete") {
    Folder const folder;
    plot::raster(folder.path / "r.png", Raster{{1.5, 2}, {3, 4}, {5, 9}},
                 {{"low", {0, 3}}, {"silent", {7, 8}}, {"high", {4, 5}}},
                 {.title = "Anna's", .x = {"time (ms)", 0, 10}, .y = {"cell"}});
    CHECK(text_of(folder.path / "r.plot.dat") ==
          "# 'low'\n1.5 2\n\n\n# 'silent'\nnan nan\n\n\n# 'high'\n3 4\n\n\n# 'other cells'\n5 9\n");
    auto const script = text_of(folder.path / "r.gp");
    for (auto const* part :
         {"'Anna''s'", "set xlabel 'time (ms)'", "set xrange [0:10]", "set ylabel 'cell'", "data index 3"})
        CHECK(script.find(part) != std::string::npos);
    plot::heat_map(folder.path / "m.png", {.values = {1, 1}}, {});  // gnuplot wants two rows and columns
    CHECK(text_of(folder.path / "m.plot.dat") == "0 0 \n0 0 \n");
}

TEST_CASE("invalid pictures are refused") {
    Folder const folder;
    auto const path = folder.path / "p.png";
    CHECK_THROWS_WITH_AS(plot::steps(path, {1, 3}, {{"s", {1}}}, {}),
                         "series 's' of 1 numbers: must have one for each of the 3 bins", Error);
    CHECK_THROWS_WITH_AS(plot::lines(path, {{"c", {1, 2}, {1}}}, {}),
                         "curve 'c' of 2 x and 1 y: must have as many x as y", Error);
    CHECK_THROWS_WITH_AS(plot::lines(path, {}, {.x = {"a", 1, 1}}),
                         "axis 'a' from 1 to 1: its ends must be finite and differ", Error);
    CHECK_THROWS_AS(plot::heat_map(path, {}, {}), Error);
    CHECK_THROWS_AS(plot::heat_map(path, {.values = {2, 2}, .step_x = 0}, {}), Error);
    CHECK_THROWS_AS(plot::lines(folder.path / "p.gp", {}, {}), Error);
    CHECK_THROWS_AS(plot::lines("/no/folder/p.png", {}, {}), Error);
}

}  // namespace files_tests
