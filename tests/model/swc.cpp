// SPDX-License-Identifier: MIT

/// SWC files: the sections that they become, in two readings, and the errors of broken ones.

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "../cells.hpp"

namespace swc_tests {

using namespace hillock;

namespace {

/// A file of its own for each text.
class File {
public:
    explicit File(std::string const& text)
        : path_{std::filesystem::temp_directory_path() / fmt::format("hillock_{}.swc", getpid())} {
        std::ofstream(path_) << text;
    }
    ~File() { std::filesystem::remove(path_); }
    File(File const&) = delete;
    File& operator=(File const&) = delete;
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

Morphology morphology(std::string const& text, SwcOptions const& options = {}) {
    return read_swc(File(text).path(), options);
}

std::string without_path(std::string text, File const& file) {
    auto const path = file.path().string() + ":";
    return text.starts_with(path) ? text.substr(path.size()) : text;
}

/// The error of a file, without its path.
std::string complaint(std::string const& text, SwcOptions const& options = {}) {
    File const file(text);
    return without_path(cells::complaint([&] { read_swc(file.path(), options); }), file);
}

/// The notices of a file, one a line, without its path.
std::string notices(std::string const& text, SwcOptions const& options = {}) {
    File const file(text);
    std::string all;
    for (auto const& notice : read_swc(file.path(), options).notices)
        all += without_path(notice, file) + "\n";
    return all;
}

std::string names(Subset const& subset) {
    std::string text;
    for (auto const* section : subset.sections()) text += (text.empty() ? "" : " ") + section->name;
    return text;
}

std::string parent(Section const& s) {
    return s.parent.section ? fmt::format("{}({})", s.parent.section->name, s.parent.x) : "";
}

}  // namespace

namespace {

/// A section as the files of expected ones have it: place, length, area, points.
std::string in_words(Section const& s) {
    auto const& p = s.points.front();
    auto const where = s.parent.section ? fmt::format("on {}, ", parent(s)) : "";
    return fmt::format("{}: {}{:.6g} um, {:.6g} um2, {} points from {:g}, {:g}, {:g}, {:g}", s.name, where,
                       s.L, s.segment_area(), s.points.size(), p.x, p.y, p.z, p.diam);
}

/// Checks the sections of all texts in a file of cases and returns how many there are.
std::size_t check_sections(std::string const& path, SwcOptions const& options) {
    std::ifstream cases(path);
    REQUIRE(cases);
    std::size_t count = 0;
    for (std::string name; std::getline(cases, name) && !name.empty(); ++count) {
        CAPTURE(name);
        std::string text, line;
        std::vector<std::string> expected, found;
        while (std::getline(cases, line) && !line.empty()) {
            if (std::isdigit(static_cast<unsigned char>(line[0])))
                text += line + "\n";
            else
                expected.push_back(line);
        }
        for (auto const& section : morphology(text, options)) found.push_back(in_words(section));
        std::sort(expected.begin(), expected.end());
        std::sort(found.begin(), found.end());
        CHECK(found == expected);
    }
    return count;
}

}  // namespace

// The expected sections are those of NEURON 8.2.2.
TEST_CASE("the sections of a file are those of NEURON's Import3d") {
    CHECK(check_sections("model/swc_sections.txt", {}) == 25);
}

TEST_CASE("with import3d they are so even where its results are unintended; loose trees too") {
    CHECK(check_sections("model/swc_sections.txt", {.import3d = true}) == 25);
    CHECK(check_sections("model/swc_import3d.txt", {.other_roots = OtherRoots::attach, .import3d = true}) ==
          56);
}

TEST_CASE("sections and their kinds, in the order of their first points' ids") {
    auto const m = morphology("# a comment\n"
                              "1 1 0 0 0 10 -1\r\n"
                              "2 3 0 10 0 1 1\n"
                              "  +3 3 0 +40 0 0.5 2   # the fork\n"
                              "\n"
                              "4 3 30 80 0 0.5 3\n"
                              "5 4 -30 80 0 0.25 3\n"
                              "6,2,0,-50,0,0.5,1\n");
    CHECK(m.size() == 5);
    CHECK(names(m.all()) == "soma dend[0] dend[1] apic[0] axon[0]");
    CHECK(names(m.soma()) == "soma");
    CHECK(names(m.dend()) == "dend[0] dend[1]");
    CHECK(names(m.apic()) == "apic[0]");
    CHECK(names(m.axon()) == "axon[0]");
    CHECK(&m.dend()[1] == &m["dend[1]"]);
    CHECK(&m.root() == &m["soma"]);
    CHECK(m["soma"].segment_area() == doctest::Approx(4 * std::numbers::pi * 100));
    CHECK(m["dend[1]"].points == std::vector<Point>{{0, 40, 0, 1}, {30, 80, 0, 1}});
    CHECK(m["axon[0]"].points == std::vector<Point>{{0, 0, 0, 1}, {0, -50, 0, 1}});
}

TEST_CASE("ids in any order") {
    auto const m = morphology("7 3 0 0 30 1 6\n"
                              "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n"
                              "6 2 0 0 20 1 5\n5 2 0 0 10 1 1\n"
                              "8 3 20 0 0 1 1\n9 3 40 0 0 1 8\n");
    CHECK(names(m.all()) == "soma axon[0] dend[0] dend[1]");
    CHECK(m["soma"].L == 10);
    CHECK(m["axon[0]"].L == 10);
    CHECK(parent(m["dend[0]"]) == "axon[0](1)");
    CHECK(parent(m["dend[1]"]) == "soma(0.5)");
    // a child before its parent
    auto const n =
        morphology("9 1 0 0 0 5 -1\n3 3 0 20 0 1 9\n2 3 0 30 0 1 3\n1 2 0 40 0 1 2\n4 3 9 40 0 1 2\n");
    CHECK(names(n.all()) == "soma axon[0] dend[0] dend[1]");
    CHECK(parent(n["axon[0]"]) == "dend[0](1)");
    CHECK(n["dend[0]"].L == 10);
}

TEST_CASE("the soma is the root with all its points, whatever comes first in the file") {
    auto const m = morphology("1 1 0 0 0 5 -1\n2 3 0 -8 0 1 1\n3 3 0 -40 0 1 2\n4 1 0 5 0 6 1\n5 1 0 10 0 5 "
                              "4\n6 3 0 14 0 1 5\n7 3 0 50 0 1 6\n");
    CHECK(names(m.all()) == "soma dend[0] dend[1]");
    CHECK(&m.root() == &m["soma"]);
    CHECK(m["soma"].points == std::vector<Point>{{0, 0, 0, 10}, {0, 5, 0, 12}, {0, 10, 0, 10}});
    CHECK(parent(m["dend[0]"]) == "soma(0)");
    CHECK(parent(m["dend[1]"]) == "soma(1)");
    auto const two = morphology("1 1 0 0 0 8 -1\n2 3 0 -20 0 1 1\n3 3 0 -60 0 1 2\n4 1 0 10 0 8 1\n");
    CHECK(two["soma"].L == 10);
    CHECK(two["dend[0]"].points.front() == Point{0, 0, 0, 2});
}

TEST_CASE("points of other types are of their parents' kind, in sections of their own") {
    auto const soma = std::string("1 1 0 0 0 10 -1\n");
    auto const custom =
        morphology(soma + "2 0 0 12 0 2 1\n3 0 0 40 0 2 2\n4 7 0 -12 0 1 1\n5 7 0 -30 0 1 "
                          "4\n6 2 0 -40 0 1 5\n7 12 0 -50 0 1 6\n8 -1 9 0 0 1 1\n9 -1 50 0 0 1 8\n");
    CHECK(names(custom.all()) == "soma dend_0[0] dend_7[0] axon[0] dend_12[0] minus_1[0]");
    CHECK(names(custom.dend()) == "dend_0[0] dend_7[0] minus_1[0]");
    CHECK(names(custom.axon()) == "axon[0] dend_12[0]");
    CHECK(names(custom.of_type(7)) == "dend_7[0]");
    CHECK(names(custom.of_type(-1)) == "minus_1[0]");
    CHECK(names(custom.of_type(2)) == "axon[0]");
    CHECK(custom.of_type(5).size() == 0);
    CHECK(names(morphology("1 0 0 0 0 1 -1\n2 9 0 20 0 1 1\n").all()) == "dend_0[0] dend_9[0]");
    auto const largest = std::numeric_limits<std::int64_t>::max(),
               least = std::numeric_limits<std::int64_t>::min();
    auto const far = morphology(soma + fmt::format("2 {} 0 12 0 2 1\n3 {} 0 40 0 2 2\n", largest, least));
    CHECK(names(far.of_type(least)) == "minus_9223372036854775808[0]");
    CHECK(names(far.of_type(largest)) == "dend_9223372036854775807[0]");

    // an initial segment: NEURON's sections, and a channel there alone
    auto const axon =
        morphology("1 1 0 0 0 6 -1\n2 2 0 -7 0 0.6 1\n3 7 0 -12 0 0.6 2\n4 7 0 -40 0 0.5 3\n5 2 0 -90 0 "
                   "0.4 4\n");
    REQUIRE(names(axon.all()) == "soma axon[0] dend_7[0] axon[1]");
    CHECK(in_words(axon["axon[0]"]) ==
          "axon[0]: on soma(0.5), 7 um, 26.3894 um2, 2 points from 0, 0, 0, 1.2");
    CHECK(in_words(axon["dend_7[0]"]) ==
          "dend_7[0]: on axon[0](1), 33 um, 115.611 um2, 3 points from 0, -7, 0, 1.2");
    CHECK(in_words(axon["axon[1]"]) ==
          "axon[1]: on dend_7[0](1), 50 um, 141.372 um2, 2 points from 0, -40, 0, 1");
    CHECK(axon.axon().size() == 3);
    CHECK(notices("1 1 0 0 0 6 -1\n2 7 0 -7 0 0.6 1\n3 7 0 -12 0 0.6 2\n4 2 0 -40 0 0.5 3\n") == "");
}

TEST_CASE("marks of forks (5) and ends (6) make no sections") {
    auto const soma = std::string("1 1 0 0 0 10 -1\n");
    auto const marked = morphology(soma + "2 4 0 12 0 2 1\n3 5 0 40 0 2 2\n4 4 20 60 0 0.5 3\n5 6 40 90 0 "
                                          "0.5 4\n6 4 -20 60 0 0.5 3\n7 6 -40 90 0 0.5 6\n");
    CHECK(names(marked.all()) == "soma apic[0] apic[1] apic[2]");
    CHECK(marked["apic[0]"].L == 28);
    CHECK(marked["apic[2]"].points.size() == 3);
    // types of their own
    auto const own = morphology(
        soma + "2 5 0 12 0 2 1\n3 5 0 40 0 2 2\n4 5 20 60 0 0.5 3\n5 5 40 90 0 0.5 3\n"
               "6 6 0 -12 0 0.5 1\n7 6 0 -60 0 0.5 6\n8 3 20 0 0 1 1\n9 5 60 0 0 1 8\n10 5 90 0 0 1 9\n");
    CHECK(names(own.all()) == "soma dend_5[0] dend_5[1] dend_5[2] dend_6[0] dend[0] dend_5[3]");
}

TEST_CASE("text that harms nobody") {
    auto const inside = [](std::string const& text) {
        auto const m = morphology(text);
        REQUIRE(names(m.all()) == "soma dend[0]");
        CHECK(m["soma"].L == 12);
        CHECK(m["dend[0]"].L == 73);  // NEURON: L 85 um, area 911.062 um2
        CHECK(m["soma"].segment_area() + m["dend[0]"].segment_area() ==
              doctest::Approx(911.062).epsilon(1e-6));
    };
    inside("\xef\xbb\xbf# exported\n1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2\n");
    inside("\xef\xbb\xbf"
           "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2");
    inside("#n type x y z radius parent seg_id level mode timestamp\n1 1 0 0 0 6 -1 0 0 0 0\n2 3 7 0 0 1 1 1 "
           "2 0 0\n"
           "3 3 80 0 0 1 2 A 2 0,5 x\n");
    inside("# old\r1 1 0 0 0 6 -1\r2 3 7 0 0 1 1\r3 3 80 0 0 1 2\r");
    inside("# DOS\r\n1 1 0 0 0 6 -1\r\n\r\n2 3 7 0 0 1 1\r\n3 3 80 0 0 1 2\r\n");
    inside("# all\r1 1 0 0 0 6 -1\r\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2");
    inside("3000000000 1 0 0 0 6 -1\n9223372036854775806 3 7 0 0 1 3000000000\n"
           "9223372036854775807 3 80 0 0 1 9223372036854775806\n");
    inside("1.0 1.0 0 0 0 6 -1.0\n2e0 3 7 0 0 1 1\n3\t3\t80\t0\t0\t1\t2\n");
    inside("0, 1, 0, 0, 0, 6, -1\n2 ,3 ,7 ,0 ,0 ,1 ,0\n3,3,80,0,0,1,2,9,9\n");

    CHECK(complaint("1 1 0 0 0 6 -1\r2 3 7 0 0 1 1\r3 3 80 0 0 zero 2\r") == "3: 'zero' is not a number");
    CHECK(complaint("# all\r1 1 0 0 0 6 -1\r\n2 3 7 0 0 1 9\n") ==
          "3: point 2: its parent, point 9, does not exist; a root's parent is -1");
    // a decimal comma is no separator: seven numbers of the ten would make another point
    CHECK(complaint("1 1 0,5 0,5 0,5 6 -1\n") == "1: '0,5' is not a number");
}

TEST_CASE("radius 0: a cone at a tip, elsewhere an error that offers a least radius") {
    std::string const soma = "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n";
    auto const tip = morphology(soma + "3 3 80 0 0 0.5 2\n4 3 90 0 0 0 3\n");
    CHECK(tip["dend[0]"].L == 83);
    CHECK(tip["soma"].segment_area() + tip["dend[0]"].segment_area() ==
          doctest::Approx(812.129).epsilon(1e-6));
    CHECK(tip.notices.empty());
    auto const inside = soma + "3 3 30 0 0 0 2\n4 3 50 0 0 0 3\n5 3 90 0 0 1 4\n";
    CHECK(complaint(inside) ==
          " 2 points of radius 0 (below 5e-10 um) other than at the tip of a cone, in lines 3, 4; "
          "SwcOptions{.min_radius = 0.05} makes that the least radius (um)");
    auto const mended = morphology(inside, {.min_radius = 0.05});
    CHECK(mended["dend[0]"].points ==
          std::vector<Point>{{7, 0, 0, 2}, {30, 0, 0, 0.1}, {50, 0, 0, 0.1}, {90, 0, 0, 2}});
    CHECK(notices(inside, {.min_radius = 0.05}) == " 2 radii below 0.05 um are that now, in lines 3, 4\n");
    auto const thin = soma + "3 3 80 0 0 0.5 2\n4 3 90 0 0 0 3\n5 3 80 9 0 0.3 3\n";
    CHECK(notices(thin, {.min_radius = 0.1}) == " 1 radius below 0.1 um is that now, in line 4\n");
    CHECK(morphology(thin, {.min_radius = 0.5})["dend[2]"].points.back().diam == 1);
    // the ends of what is no cone: a soma, a neurite of one point, also where nothing but noise is above 0
    CHECK(
        complaint("1 1 0 0 0 0 -1\n2 3 7 0 0 1e-300 1\n3 3 80 0 0 1 2\n4 3 0 9 0 0 1\n5 3 9 9 0 0 2\n")
            .starts_with(
                " 3 points of radius 0 (below 5e-10 um) other than at the tip of a cone, in lines 1, 2, 4;"));
    std::string many = "1 1 0 0 0 6 -1\n";
    for (int k = 2; k <= 40; ++k)
        if (k != 20) many += fmt::format("{} 3 {} 0 0 0 {}\n", k, k, k == 21 ? 19 : k - 1);
    CHECK(complaint(many).starts_with(
        " 37 points of radius 0 (below 5e-10 um) other than at the tip of a cone, in lines 2 to 38;"));
    for (auto const& [radius, value] : {std::pair{-0.1, "-0.1"}, {NAN, "nan"}, {1e300, "1e+300"}})
        CHECK(complaint(soma, {.min_radius = radius}) ==
              fmt::format(" min_radius {} um: must be between 0 and 500000000", value));
}

TEST_CASE("more than one tree: refused with all roots, attached or dropped") {
    std::string const text =
        "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2\n4 2 -50 0 0 0.3 -1\n5 2 -150 0 0 0.3 4\n"
        "6 2 -50 50 0 0.3 -1\n7 2 -150 50 0 0.3 6\n";
    CHECK(complaint(text) ==
          " 3 trees, but a cell is one: beside the root in line 1 there are 2 others in lines 4, 6; "
          "SwcOptions{.other_roots = OtherRoots::attach} attaches the other trees to soma(0.5), as "
          "NEURON's Import3d does, OtherRoots::drop leaves them out");
    auto const attached = morphology(text, {.other_roots = OtherRoots::attach});
    REQUIRE(names(attached.all()) == "soma dend[0] axon[0] axon[1]");
    CHECK(in_words(attached["axon[1]"]) ==
          "axon[1]: on soma(0.5), 100 um, 188.496 um2, 2 points from -50, 50, 0, 0.6");
    double L = 0, area = 0;
    for (auto const& section : attached) L += section.L, area += section.segment_area();
    CHECK(L == 285);
    CHECK(area == doctest::Approx(1288.05).epsilon(4e-6));
    CHECK(notices(text, {.other_roots = OtherRoots::attach}) ==
          " 2 trees beside the root in line 1 attached to its section: their roots are in lines 4, 6\n");
    CHECK(names(morphology(text, {.other_roots = OtherRoots::drop}).all()) == "soma dend[0]");
    CHECK(notices(text, {.other_roots = OtherRoots::drop}) ==
          " 2 trees beside the root in line 1 left out: their roots are in lines 4, 6\n");

    // The tree with the soma is the cell; a dropped one may be broken in ways that do not matter.
    std::string const late =
        "1 2 0 0 0 0 -1\n2 2 20 0 0 0 1\n9 3 9 0 0 1 8\n8 1 0 0 0 6 -1\n10 3 50 0 0 1 9\n";
    CHECK(names(morphology(late, {.other_roots = OtherRoots::drop}).all()) == "soma dend[0]");
    CHECK(notices(late, {.other_roots = OtherRoots::drop}) ==
          " 1 tree beside the root in line 4 left out: its root is in line 1\n");
    CHECK(complaint("1 2 0 0 0 1 -1\n2 2 20 0 0 1 1\n3 1 0 0 0 6 -1\n")
              .starts_with(
                  " 2 trees, but a cell is one: beside the root in line 3 there is another in line 1;"));
    // without a soma
    auto const bare = morphology("1 3 0 0 0 1 -1\n2 3 20 0 0 1 1\n3 3 50 0 0 1 -1\n4 3 70 0 0 1 3\n",
                                 {.other_roots = OtherRoots::attach});
    CHECK(parent(bare["dend[1]"]) == "dend[0](0.5)");
    CHECK(bare["dend[1]"].L == 20);
    // a circle is no other tree
    CHECK(complaint("1 1 0 0 0 6 -1\n2 3 7 0 0 1 3\n3 3 80 0 0 1 2\n", {.other_roots = OtherRoots::drop}) ==
          "2: point 2: its parents form a circle that does not lead to a root");
}

TEST_CASE("soma points all at one place are a soma of one point") {
    auto const m = morphology(
        "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2\n4 1 0 0 0 6 1\n5 3 -7 0 0 1 1\n6 3 -80 0 0 "
        "1 5\n");
    REQUIRE(names(m.all()) == "soma dend[0] dend[1]");
    CHECK(in_words(m["soma"]) == "soma: 12 um, 452.389 um2, 3 points from -6, 0, 0, 12");
    CHECK(in_words(m["dend[0]"]) == "dend[0]: on soma(0.5), 73 um, 458.673 um2, 2 points from 7, 0, 0, 2");
    CHECK(in_words(m["dend[1]"]) == "dend[1]: on soma(0.5), 73 um, 458.673 um2, 2 points from -7, 0, 0, 2");
    // three points in NeuroMorpho's manner are one too, but not where they are 5 % off
    auto const length_of = [](char const* y) {
        return morphology(
                   fmt::format("1 1 0 0 0 6 -1\n2 1 0 -{0} 0 6 1\n3 1 0 {0} 0 6 1\n4 3 7 0 0 1 1\n5 3 80 0 "
                               "0 1 4\n",
                               y))
            .root()
            .L;
    };
    CHECK(length_of("6.02") == 12);
    CHECK(morphology("1 1 0 0 0 6 -1\n2 1 0 -6 0 6 1\n3 1 0 6 0 5 1\n").size() == 2);  // nor of two diameters
    // nor where there is more of a soma elsewhere
    CHECK(morphology(
              "1 1 0 0 0 6 -1\n2 1 0 -6 0 6 1\n3 1 0 6 0 6 1\n4 3 0 0 9 1 1\n5 1 0 0 20 5 4\n6 1 0 0 25 5 "
              "5\n")
              .size() > 3);
    CHECK(length_of("6.3") != 12);
    CHECK(length_of("5.7") != 12);
    // in a chain, with a neurite on the last
    auto const chain =
        morphology("1 1 0 0 0 6 -1\n2 1 0 0 0 6 1\n3 1 0 0 0 5 2\n4 3 7 0 0 1 3\n5 3 80 0 0 1 4\n");
    REQUIRE(names(chain.all()) == "soma dend[0]");
    CHECK(chain["soma"].L == 12);
    CHECK(in_words(chain["dend[0]"]) ==
          "dend[0]: on soma(0.5), 73 um, 458.673 um2, 2 points from 7, 0, 0, 2");
    // not so if they are only a part of it
    CHECK(complaint("1 1 0 0 0 6 -1\n2 1 0 0 0 6 1\n3 1 9 0 0 6 2\n4 1 -9 0 0 6 2\n") ==
          "1: point 1: the section that begins here has no length");
    CHECK(complaint("1 3 0 0 0 6 -1\n2 3 0 0 0 6 1\n3 3 9 0 0 6 2\n4 3 -9 0 0 6 2\n") ==
          "1: point 1: the section that begins here has no length");
}

TEST_CASE("a notice where Import3d's sections are others, and none where they are not") {
    std::string const text =
        "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2\n4 1 0 9 0 6 1\n5 1 0 18 0 5 4\n6 4 0 30 0 1.5 "
        "5\n7 4 0 150 0 1 6\n";
    CHECK(notices(text) == " NEURON's Import3d makes other sections of this file, 4 where here are 3: first "
                           "soma[0] of 12 um from point 1 "
                           "(line 1) where here is soma of 18 um from point 1 (line 1); SwcOptions{.import3d "
                           "= true} gives Import3d's\n");
    CHECK(notices(text, {.import3d = true}) == "");
    auto const copy = morphology(text);
    CHECK(Morphology(copy).notices == copy.notices);
    Morphology assigned;
    assigned = copy;
    CHECK(assigned.notices.size() == 1);
    CHECK(notices("1 1 0 0 0 6 -1\n2 1 0 9 0 6 1\n3 3 0 20 0 1 2\n4 3 0 50 0 1 3\n") == "");
    // the same sections by the same names, the axon before the dendrite
    auto const two = [&](int type) {
        return notices(fmt::format("1 1 0 0 0 4 -1\n2 3 0 0 0 2 1\n3 {0} 16 10 0 2 1\n4 {0} 22 27 0 1 3\n"
                                   "5 3 3 13 4 1 2\n6 3 -13 0 0 1 5\n",
                                   type));
    };
    CHECK(two(2) == "");
    CHECK(two(3).find("makes the sections of this file in another order: first dend[0] of 18.0278 um") !=
          std::string::npos);
    // Import3d knows no id below its parent's
    std::string const backwards = "9 1 0 0 0 5 -1\n3 3 0 20 0 1 9\n2 3 0 30 0 1 3\n";
    CHECK(notices(backwards) ==
          " NEURON's Import3d cannot read this file: the id of point 2 (line 3) is below its parent's\n");
    CHECK(complaint(backwards, {.import3d = true}) ==
          "3: point 2: its id is below that of its parent, point 3: NEURON's Import3d cannot read that");
}

TEST_CASE("a copy is connected within itself") {
    auto m = morphology("1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 40 0 0.5 2\n");
    auto const inside = [](Morphology const& each) {
        return each["dend[0]"].parent.section == &each["soma"];
    };
    auto const copy = m;
    CHECK(inside(copy));
    CHECK(&copy["soma"] != &m["soma"]);
    Morphology assigned;
    assigned = m;
    CHECK(inside(assigned));
    auto const moved = std::move(m);
    CHECK(inside(moved));
}

TEST_CASE("a morphology is edited: an axon replaced by a stub") {
    auto m = morphology("1 1 0 0 0 10 -1\n2 2 0 -12 0 1 1\n3 2 0 -40 0 1 2\n4 2 9 -80 0 1 3\n5 3 -9 -80 0 1 "
                        "3\n6 3 0 12 0 1 1\n7 3 0 60 0 1 6\n");
    CHECK(names(m.all()) == "soma axon[0] axon[1] dend[0] dend[1]");
    auto& soma = m["soma"];
    auto const tip = m["dend[1]"](1);
    m.remove(m.axon());  // with the dendrite on it
    CHECK(names(m.all()) == "soma dend[1]");
    CHECK(m.axon().size() == 0);
    for (int k = 0; k < 2; ++k)
        m.add({.name = fmt::format("stub[{}]", k), .L = 30, .diam = 1}, Kind::axon)
            .connect(k == 0 ? soma(0.5) : m["stub[0]"](1));
    CHECK(names(m.axon()) == "stub[0] stub[1]");
    CHECK(tip.section == &m["dend[1]"]);  // what was not removed is where it was
    auto const copy = m;
    CHECK(parent(copy["stub[1]"]) == "stub[0](1)");
    CHECK(copy["stub[1]"].parent.section == &copy["stub[0]"]);
    m.remove(m["stub[1]"]);
    CHECK(names(m.all()) == "soma dend[1] stub[0]");
    m.remove({});
    CHECK(m.size() == 3);
    m["dend[1]"].name = "dendrite";
    CHECK(m["dendrite"].nseg == 1);

    CHECK(cells::complaint([&] { m.remove(m.soma()); }) ==
          "remove: soma is the root, which all other sections grow out of");
    CHECK(cells::complaint([&] { m.remove(copy.dend()); }) ==
          "remove: one of the sections is not of this morphology");
    CHECK(cells::complaint([&] { m["axon[0]"]; }) ==
          "there is no section 'axon[0]'; there are soma, dendrite, stub[0]");
    CHECK(m.size() == 3);
}

TEST_CASE("broken files, with the line that breaks them") {
    std::string const soma = "1 1 0 0 0 5 -1\n";
    CHECK(complaint(soma + "2 3 0 9 0 1 7\n") ==
          "2: point 2: its parent, point 7, does not exist; a root's parent is -1");
    CHECK(complaint(soma + "2 3 0 9 0 1 3\n3 3 0 19 0 1 2\n") ==
          "2: point 2: its parents form a circle that does not lead to a root");
    CHECK(complaint(soma + "2 3 0 9 0 1 2\n") ==
          "2: point 2: its parents form a circle that does not lead to a root");
    CHECK(complaint(soma + "# between\n2 3 0 9 0 -1 1\n") ==
          "3: point 2: radius -1 um: must be between 0 and 500000000");
    for (auto const& [radius, value] :
         {std::pair{"nan", "nan"}, {"inf", "inf"}, {"1e300", "1e+300"}, {"5.1e8", "510000000"}})
        CHECK(complaint(soma + fmt::format("2 3 0 9 0 {} 1\n", radius)) ==
              fmt::format("2: point 2: radius {} um: must be between 0 and 500000000", value));
    CHECK(complaint(soma + "2 3 0 9 0 1e400 1\n") == "2: '1e400' is not a number");
    CHECK(complaint("1 1 0 0 0 5 2\n2 1 0 9 0 5 1\n") ==
          "1: point 1: no point has the parent -1; one must, the root");
    CHECK(complaint(soma + "1 3 0 9 0 1 1\n") == "2: point 1: line 1 has a point of this id already");
    CHECK(complaint(soma + "2 3 0 9 0 1\n") == "2: 6 numbers: must be 7: id, type, x, y, z, radius, parent");
    CHECK(complaint(soma + "2 3 0 9 zero 1 1\n") == "2: 'zero' is not a number");
    for (auto const& [z, value] :
         {std::pair{"inf", "inf"}, {"nan", "nan"}, {"-1e300", "-1e+300"}, {"1.1e9", "1100000000"}})
        CHECK(complaint(soma + fmt::format("2 3 0 9 {} 1 1\n", z)) ==
              fmt::format("2: point 2 at 0, 9, {} um: must be within 1000000000 um of 0", value));
    CHECK(complaint(soma + "2 3 0 9 1e9 1 1\n3 3 0 9 -1e9 1 2\n") ==
          "2: point 2: the section that begins here is 2000000000 um long, longer than 1000000000");
    CHECK(complaint(soma + "2.5 3 0 9 0 1 1\n") == "2: id 2.5: must be a whole number");
    CHECK(complaint(soma + "2 3 0 9 0 1 1.5\n") == "2: parent 1.5: must be a whole number");
    CHECK(complaint(soma + "2 nan 0 9 0 1 1\n") == "2: type nan: must be a whole number");
    CHECK(complaint(soma + "9223372036854775808 3 0 9 0 1 1\n") ==
          "2: id 9223372036854775808: must be a whole number below 2^63");
    CHECK(complaint(soma + "-2 3 0 9 0 1 1\n") == "2: id -2: must not be negative");
    for (auto const parent : {-2, -7, -1000000})
        CHECK(complaint(fmt::format("1 1 0 0 0 5 {}\n", parent)) ==
              fmt::format("1: point 1: parent {}: must be the id of a point, or -1 for a root", parent));
    CHECK(complaint(soma + "2 3 0 9 ++1 1 1\n") == "2: '++1' is not a number");
    CHECK(complaint("1 3 0 0 0 5 -1\n") == "1: point 1: a single point is a cell only as a soma (type 1)");
    CHECK(complaint("# nothing\n") == " has no points");
    CHECK(cells::complaint([] { read_swc("no such.swc"); }).starts_with("cannot read 'no such.swc'"));
}

namespace {

struct FromFile : Cell<FromFile> {
    Morphology shape;

    explicit FromFile(Morphology m) : shape{std::move(m)} {}
    auto create_sections() { return sections(shape); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {
        for (auto& section : shape) section.nseg = 2 * d_lambda(section) + 1;
    }
    auto define_biophysics() {
        return biophysics(insert(shape.soma(), HodgkinHuxley{}), insert(shape.all(), Passive{.e = -65}),
                          insert(shape.axon(), HodgkinHuxley{}));
    }
    auto create_synapses() { return synapses(place(ExpSyn{}, shape["dend[0]"](1))); }
};

}  // namespace

namespace {

/// The cell of which NEURON's numbers below are: a channel in the soma, a leak elsewhere, 0.5 nA.
struct Driven : Cell<Driven> {
    Morphology shape;

    explicit Driven(Morphology m) : shape{std::move(m)} {}
    auto create_sections() { return sections(shape); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {
        for (auto& section : shape) {
            section.Ra = 100;
            section.nseg = d_lambda(section);
        }
    }
    auto define_biophysics() {
        Subset others;
        for (auto const& section : shape)
            if (section.kind != Kind::soma) others.add(section);
        return biophysics(insert(shape.soma(), HodgkinHuxley{}),
                          insert(others, Passive{.g = 1e-4, .e = -65}));
    }
    auto create_synapses() { return synapses(place(ExpSyn{}, shape.root()(0.5))); }
};

/// The root's highest voltage, and how often it rises through 0 mV, while the electrode is on from 10 ms on.
struct Response {
    double highest = -1e9;
    int spikes = 0;
};
Response response(Morphology m, double dur, double tstop) {
    Network<Driven> net;
    net.add(1, Driven(std::move(m)));
    net.stimulate(net.cells(), IClamp{.delay = 10, .dur = dur, .amp = 0.5});
    auto const v = net.probe(0, "v");
    net.run(tstop, cells::quietly);
    Response found;
    for (std::size_t k = 0; k < v->values.size(); ++k) {
        found.highest = std::max(found.highest, v->values[k]);
        found.spikes += k > 0 && v->values[k - 1] < 0 && v->values[k] >= 0;
    }
    return found;
}

}  // namespace

// NEURON 8.2.2 with usetable_hh = 0.
TEST_CASE("cells from files spike as NEURON's do") {
    auto const tip =
        response(morphology("1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 0.5 2\n4 3 90 0 0 0 3\n"), 5, 70);
    CHECK(tip.spikes == 1);
    CHECK(tip.highest == doctest::Approx(41.91696612216808).epsilon(1e-9));
    std::string const late_soma =
        "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2\n4 1 0 9 0 6 1\n5 1 0 18 0 5 4\n"
        "6 4 0 30 0 1.5 5\n7 4 0 150 0 1 6\n";
    auto const as_import3d = response(morphology(late_soma, {.import3d = true}), 50, 80);
    CHECK(as_import3d.spikes == 5);
    CHECK(as_import3d.highest == doctest::Approx(36.5906527996862).epsilon(1e-9));
    CHECK(response(morphology(late_soma), 50, 80).spikes == 1);
}

TEST_CASE("a cell from a file runs; a kind of section that the file lacks is no matter") {
    Network<FromFile> net;
    auto const cells =
        net.add(3, FromFile(morphology("1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 140 0 0.5 2\n")));
    net.stimulate(cells, IClamp{.delay = 1, .dur = 2, .amp = 1.5});
    CHECK(net.run(10, cells::quietly).size() == 3);
    CHECK(net.get(0, "dend[0](1).v") < net.get(0, "v") + 100);
    auto cut =
        morphology("1 1 0 0 0 10 -1\n2 2 0 -12 0 1 1\n3 2 0 -40 0 1 2\n4 3 0 12 0 1 1\n5 3 0 60 0 1 4\n");
    cut.remove(cut.axon());
    cut.add({.name = "stub", .L = 30, .diam = 1}, Kind::axon).connect(cut.root()(0.5));
    Network<FromFile> edited;
    edited.add(1, FromFile(cut));
    edited.run(1, cells::quietly);
    CHECK(edited.get(0, "stub.HodgkinHuxley.m") > 0);
}

}  // namespace swc_tests
