// SPDX-License-Identifier: MIT

/// SWC files: the sections that they become, and what is said of broken ones.

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <unistd.h>

#include "../cells.hpp"

using namespace hillock;

namespace {

/// A file of its own for each text.
class File {
public:
    explicit File(std::string const& text) : path_{std::filesystem::temp_directory_path() / fmt::format("hillock_{}.swc", getpid())} { std::ofstream(path_) << text; }
    ~File() { std::filesystem::remove(path_); }
    File(File const&) = delete;
    File& operator=(File const&) = delete;
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

Morphology morphology(std::string const& text) { return read_swc(File(text).path()); }

/// What is said of a file, without its path.
std::string complaint(std::string const& text) {
    File const file(text);
    auto const said = cells::complaint([&] { read_swc(file.path()); });
    auto const path = file.path().string() + ":";
    return said.starts_with(path) ? said.substr(path.size()) : said;
}

std::string parent(Section const& s) { return s.parent.section ? fmt::format("{}({})", s.parent.section->name, s.parent.x) : ""; }

}  // namespace

TEST_CASE("a soma of one point, a forked dendrite, an axon of one point") {
    auto const m = morphology("# a comment\n"
                              "1 1 0 0 0 10 -1\r\n"
                              "2 3 0 10 0 1 1\n"
                              "  3 3 0 40 0 0.5 2   # the fork\n"
                              "\n"
                              "4 3 30 80 0 0.5 3\n"
                              "5 4 -30 80 0 0.25 3\n"
                              "6 2 0 -50 0 0.5 1\n");
    auto const& s = m.sections();
    REQUIRE(s.size() == 5);
    CHECK(s[0].name == "soma");
    CHECK(s[0].L == 20);
    CHECK(s[0].diam == 20);
    CHECK(s[0].segment_area() == doctest::Approx(4 * std::numbers::pi * 100));
    CHECK(parent(s[0]) == "");
    CHECK(s[1].name == "dend[0]");
    CHECK(parent(s[1]) == "soma(0.5)");
    CHECK(s[1].points == std::vector<Point>{{0, 10, 0, 2}, {0, 40, 0, 1}});
    CHECK(s[2].name == "dend[1]");
    CHECK(parent(s[2]) == "dend[0](1)");
    CHECK(s[2].L == 50);
    CHECK(s[2].points.front() == Point{0, 40, 0, 1});
    CHECK(s[3].name == "apic[0]");
    CHECK(parent(s[3]) == "dend[0](1)");
    CHECK(s[4].name == "axon[0]");
    CHECK(parent(s[4]) == "soma(0.5)");
    CHECK(s[4].points == std::vector<Point>{{0, 0, 0, 1}, {0, -50, 0, 1}});
    CHECK(m.soma().size() == 1);
    CHECK(m.dend().size() == 2);
    CHECK(m.apic().size() == 1);
    CHECK(m.axon().size() == 1);
    CHECK(m.all().size() == 5);
    CHECK(&m.dend()[1] == &s[2]);
}

TEST_CASE("a soma of three points; numbers in any order; a change of type begins a section") {
    auto const m = morphology("7 3 0 0 30 1 6\n"
                              "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n"
                              "6 2 0 0 20 1 5\n5 2 0 0 10 1 1\n"
                              "8 3 20 0 0 1 3\n9 3 40 0 0 1 8\n");
    auto const& s = m.sections();
    REQUIRE(s.size() == 4);
    CHECK(s[0].L == 10);
    CHECK(s[0].diam == 10);
    CHECK(s[1].name == "axon[0]");
    CHECK(s[1].L == 10);
    CHECK(s[2].name == "dend[0]");
    CHECK(parent(s[2]) == "axon[0](1)");
    CHECK(parent(s[3]) == "soma(0.5)");
}

TEST_CASE("a soma of many points is sections; so is a cell without a soma") {
    auto const m = morphology("1 1 0 0 0 5 -1\n2 1 0 10 0 6 1\n3 1 0 20 0 5 2\n4 3 0 30 0 1 3\n5 3 0 40 0 1 4\n6 3 0 -10 0 1 1\n7 3 0 -20 0 1 6\n");
    REQUIRE(m.sections().size() == 3);
    CHECK(m.sections()[0].L == 20);
    CHECK(parent(m.sections()[1]) == "soma(1)");
    CHECK(parent(m.sections()[2]) == "soma(0)");
    auto const n = morphology("1 3 0 0 0 1 -1\n2 3 0 10 0 1 1\n3 3 0 -10 0 1 1\n");
    REQUIRE(n.sections().size() == 2);
    CHECK(parent(n.sections()[0]) == "");
    CHECK(parent(n.sections()[1]) == "dend[0](0)");
}

TEST_CASE("a copy is connected within itself") {
    auto m = morphology("1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 40 0 0.5 2\n");
    auto const inside = [](Morphology const& each) { return each.sections()[1].parent.section == &each.sections()[0]; };
    auto const copy = m;
    CHECK(inside(copy));
    Morphology assigned;
    assigned = m;
    CHECK(inside(assigned));
    auto const moved = std::move(m);
    CHECK(inside(moved));
}

TEST_CASE("broken files, with the line that breaks them") {
    std::string const soma = "1 1 0 0 0 5 -1\n";
    CHECK(complaint(soma + "2 3 0 9 0 1 7\n") == "2: point 2: its parent, point 7, does not exist");
    CHECK(complaint(soma + "2 3 0 9 0 1 3\n3 3 0 19 0 1 2\n") == "2: point 2: its parents form a circle that does not lead to the root");
    CHECK(complaint(soma + "2 3 0 9 0 1 2\n") == "2: point 2: its parents form a circle that does not lead to the root");
    CHECK(complaint(soma + "# between\n2 3 0 9 0 0 1\n") == "3: point 2: radius 0 um: must be finite and positive");
    CHECK(complaint(soma + "2 3 0 9 0 -1 1\n") == "2: point 2: radius -1 um: must be finite and positive");
    CHECK(complaint(soma + "2 3 0 9 0 nan 1\n") == "2: point 2: radius nan um: must be finite and positive");
    CHECK(complaint(soma + "2 3 0 9 0 1 -1\n") == "2: point 2: a second root; the first is in line 1, and a cell is one tree");
    CHECK(complaint("1 1 0 0 0 5 2\n2 1 0 9 0 5 1\n") == "1: point 1: no point has the parent -1; one must, the root");
    CHECK(complaint(soma + "1 3 0 9 0 1 1\n") == "2: point 1: line 1 has a point of this number already");
    CHECK(complaint(soma + "2 3 0 9 0 1\n") == "2: 6 numbers: must be 7: id, type, x, y, z, radius, parent");
    CHECK(complaint(soma + "2 3 0 9 0 1 1 1\n") == "2: more than 7 numbers: id, type, x, y, z, radius, parent");
    CHECK(complaint(soma + "2 3 0 9 zero 1 1\n") == "2: 'zero' is not a number");
    CHECK(complaint(soma + "2 3 0 9 inf 1 1\n") == "2: point 2 at 0, 9, inf: must be finite");
    CHECK(complaint(soma + "2 5 0 9 0 1 1\n") == "2: point 2: type 5: must be 1 soma, 2 axon, 3 dendrite or 4 apical dendrite");
    CHECK(complaint(soma + "2.5 3 0 9 0 1 1\n") == "2: id 2.5, type 3, parent 1: must be whole numbers");
    CHECK(complaint(soma + "2 3 0 9 0 1 1\n3 3 0 9 0 1 2\n4 3 0 9 0 2 3\n") == "4: point 4: the section that ends here has no length");
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
        for (auto& section : shape.sections()) section.nseg = 2 * d_lambda(section) + 1;
    }
    auto define_biophysics() { return biophysics(insert(shape.soma(), HodgkinHuxley{}), insert(shape.all(), Passive{.e = -65}), insert(shape.axon(), HodgkinHuxley{})); }
    auto create_synapses() { return synapses(place(ExpSyn{}, shape.sections().back()(1))); }
};

}  // namespace

TEST_CASE("a cell from a file runs; a kind of section that the file lacks is no matter") {
    Network<FromFile> net;
    auto const cells = net.add(3, FromFile(morphology("1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 140 0 0.5 2\n")));
    net.stimulate(cells, IClamp{.delay = 1, .dur = 2, .amp = 1.5});
    CHECK(net.run(10, cells::quietly).size() == 3);
    CHECK(net.get(0, "dend[0](1).v") < net.get(0, "v") + 100);
    Network<FromFile> ball;
    ball.add(1, FromFile(morphology("1 1 0 0 0 10 -1\n")));
    ball.run(1, cells::quietly);
    CHECK(std::isfinite(ball.get(0, "soma(1).v")));
}
