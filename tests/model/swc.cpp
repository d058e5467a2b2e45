// SPDX-License-Identifier: MIT

/// SWC files: the sections that they become, and what is said of broken ones.

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "../cells.hpp"

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

Morphology morphology(std::string const& text) { return read_swc(File(text).path()); }

/// What is said of a file, without its path.
std::string complaint(std::string const& text) {
    File const file(text);
    auto const said = cells::complaint([&] { read_swc(file.path()); });
    auto const path = file.path().string() + ":";
    return said.starts_with(path) ? said.substr(path.size()) : said;
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

TEST_CASE("the sections of a file are those of NEURON's Import3d") {
    std::ifstream cases("model/swc_sections.txt");
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
        for (auto const& s : morphology(text)) {
            auto const& p = s.points.front();
            auto const where = s.parent.section ? fmt::format("on {}, ", parent(s)) : "";
            found.push_back(fmt::format("{}: {}{:.6g} um, {:.6g} um2, {} points from {:g}, {:g}, {:g}, {:g}",
                                        s.name, where, s.L, s.segment_area(), s.points.size(), p.x, p.y, p.z,
                                        p.diam));
        }
        std::sort(expected.begin(), expected.end());
        std::sort(found.begin(), found.end());
        CHECK(found == expected);
    }
    CHECK(count == 25);
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

TEST_CASE("points of other types are what their parents are") {
    auto const soma = std::string("1 1 0 0 0 10 -1\n");
    // 5 a fork, 6 an end
    auto const marked = morphology(soma + "2 4 0 12 0 2 1\n3 5 0 40 0 2 2\n4 4 20 60 0 0.5 3\n5 6 40 90 0 "
                                          "0.5 4\n6 0 -20 60 0 0.5 3\n7 6 -40 90 0 0.5 6\n");
    CHECK(names(marked.all()) == "soma apic[0] apic[1] apic[2]");
    CHECK(marked["apic[0]"].L == 28);
    CHECK(marked["apic[2]"].points.size() == 3);
    auto const custom = morphology(soma + "2 0 0 12 0 2 1\n3 0 0 40 0 2 2\n4 7 0 -12 0 1 1\n5 7 0 -30 0 1 "
                                          "4\n6 2 0 -40 0 1 5\n7 12 0 -50 0 1 6\n");
    CHECK(names(custom.all()) == "soma dend[0] dend[1] axon[0]");
    CHECK(custom["axon[0]"].L == 20);
    CHECK(names(morphology("1 0 0 0 0 1 -1\n2 9 0 20 0 1 1\n").all()) == "dend[0]");
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
          "remove: soma is the root, and all others grow out of it");
    CHECK(cells::complaint([&] { m.remove(copy.dend()); }) ==
          "remove: one of the sections is not of this morphology");
    CHECK(cells::complaint([&] { m["axon[0]"]; }) ==
          "there is no section 'axon[0]'; there are soma, dendrite, stub[0]");
    CHECK(m.size() == 3);
}

TEST_CASE("broken files, with the line that breaks them") {
    std::string const soma = "1 1 0 0 0 5 -1\n";
    CHECK(complaint(soma + "2 3 0 9 0 1 7\n") == "2: point 2: its parent, point 7, does not exist");
    CHECK(complaint(soma + "2 3 0 9 0 1 3\n3 3 0 19 0 1 2\n") ==
          "2: point 2: its parents form a circle that does not lead to the root");
    CHECK(complaint(soma + "2 3 0 9 0 1 2\n") ==
          "2: point 2: its parents form a circle that does not lead to the root");
    CHECK(complaint(soma + "# between\n2 3 0 9 0 0 1\n") ==
          "3: point 2: radius 0 um: must be finite and positive");
    CHECK(complaint(soma + "2 3 0 9 0 -1 1\n") == "2: point 2: radius -1 um: must be finite and positive");
    CHECK(complaint(soma + "2 3 0 9 0 nan 1\n") == "2: point 2: radius nan um: must be finite and positive");
    CHECK(complaint(soma + "2 3 0 9 0 1 -1\n") ==
          "2: point 2: a second root; the first is in line 1, and a cell is one tree");
    CHECK(complaint("1 1 0 0 0 5 2\n2 1 0 9 0 5 1\n") ==
          "1: point 1: no point has the parent -1; one must, the root");
    CHECK(complaint(soma + "1 3 0 9 0 1 1\n") == "2: point 1: line 1 has a point of this number already");
    CHECK(complaint(soma + "2 3 0 9 0 1\n") == "2: 6 numbers: must be 7: id, type, x, y, z, radius, parent");
    CHECK(complaint(soma + "2 3 0 9 0 1 1 1\n") ==
          "2: more than 7 numbers: id, type, x, y, z, radius, parent");
    CHECK(complaint(soma + "2 3 0 9 zero 1 1\n") == "2: 'zero' is not a number");
    CHECK(complaint(soma + "2 3 0 9 inf 1 1\n") == "2: point 2 at 0, 9, inf: must be finite");
    CHECK(complaint(soma + "2 -5 0 9 0 1 1\n") == "2: point 2: type -5: must be 1 soma, 2 axon, 3 dendrite, "
                                                  "4 apical dendrite, or another that is not negative");
    CHECK(complaint(soma + "2.5 3 0 9 0 1 1\n") == "2: id 2.5, type 3, parent 1: must be whole numbers");
    CHECK(complaint(soma + "2 3 0 9 ++1 1 1\n") == "2: '++1' is not a number");
    CHECK(complaint("1 1 0 0 0 5 -1\n2 1 0 0 0 5 1\n3 3 0 9 0 1 2\n") ==
          "1: point 1: the section that begins here has no length, and is the root");
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
