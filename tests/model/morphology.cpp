// SPDX-License-Identifier: MIT

/// Connected sections: their tree of nodes, their geometry with and without 3-d points, distances, subsets,
/// and errors.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numbers>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <doctest/doctest.h>

#include <hillock/model/asc.hpp>

#include "../cells.hpp"

namespace morphology_tests {

using namespace hillock;
using cells::complaint;
using std::numbers::pi;

namespace {

/// A soma, a dendrite at its end, one in the middle of that, one at the soma's beginning. Each test changes
/// one thing.
struct Plan {
    bool connect_twig = true, connect_root = false, twins = false, nseg_late = false, stranger = false;
    double twig_at = 0.4, synapse_at = 0.7, electrode_at = 0.5;
};
struct Small : Cell<Small> {
    static inline Plan plan;
    Section soma{"soma"}, dend{"dend"}, twig{"twig"}, basal{"basal"}, stranger{"stranger"};
    Subset dendrites;

    auto create_sections() { return sections(twig, dend, soma, basal); }
    void build_topology() {
        dend.connect(soma(1));
        if (plan.connect_twig) twig.connect(dend(plan.twig_at));
        if (plan.connect_root) soma.connect(twig(0.5));
        basal.connect(plan.stranger ? stranger(1) : soma(0));
    }
    void build_subsets() { dendrites = {dend, twig, basal}; }
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 100, dend.diam = 2, dend.nseg = 5;
        twig.L = 30, twig.diam = 1, twig.nseg = 3;
        basal.L = 60, basal.diam = 1.5;
        if (plan.twins) twig.name = "dend";
    }
    auto define_biophysics() {
        auto const nearby = insert(dendrites, Passive{.e = -65},
                                   [&](Segment s, Passive& p) { p.g = 1e-5 * distance(soma(0.5), s); });
        return biophysics(insert(soma, HodgkinHuxley{}), nearby);
    }
    auto create_synapses() {
        if (plan.nseg_late) dend.nseg = 7;
        return synapses(place(ExpSyn{}, dend(plan.synapse_at)));
    }
    auto create_stimuli() {
        return stimuli(stimulus(IClamp{.where = fmt::format("twig({})", plan.electrode_at)}, {}));
    }
};

std::string complaint_of(Plan const& plan) {
    Small::plan = plan;
    auto const text = complaint([] { (void)assemble<Small>(); });
    Small::plan = {};
    return text;
}

Section const& section(auto const& cell, std::string_view name) {
    for (auto const& each : *cell.sections)
        if (each.name == name) return each;
    throw Error("no such section");
}

}  // namespace

TEST_CASE("the nodes of a tree: parents first, ends where something is, resistances between middles") {
    auto const cell = assemble<Small>();
    auto const& nodes = cell.tree.nodes();
    auto const site = [&](std::string_view name, double x) { return cell.site(section(cell, name)(x)); };
    // soma: 0, middle, 1; dend: 5; twig: 3; basal: 1
    REQUIRE(nodes.size() == 3 + 5 + 3 + 1);
    CHECK(nodes[0].parent == NodeTree::none);
    for (std::size_t k = 1; k < nodes.size(); ++k) CHECK(nodes[k].parent < k);
    CHECK(site("soma", 0).node == 0);
    CHECK(site("basal", 0) == site("soma", 0));
    CHECK(site("dend", 0) == site("soma", 1));
    CHECK(site("twig", 0) == site("dend", 0.5));
    CHECK(site("twig", 0) == site("dend", 0.4));  // the third of five, which begins there
    CHECK(nodes[site("soma", 0.5).node].parent == 0);
    CHECK(nodes[site("soma", 1).node].parent == site("soma", 0.5).node);
    CHECK(nodes[site("dend", 0.1).node].parent == site("soma", 1).node);
    CHECK(nodes[site("dend", 0.3).node].parent == site("dend", 0.1).node);
    CHECK(nodes[site("twig", 0.1).node].parent == site("dend", 0.5).node);
    CHECK(nodes[site("basal", 0.5).node].parent == 0);

    auto const ohms = [](double length, double diam) {
        return 0.01 * 35.4 * length / (pi * diam * diam / 4);
    };
    CHECK(1 / nodes[site("dend", 0.1).node].conductance == doctest::Approx(ohms(10, 2)));
    CHECK(1 / nodes[site("dend", 0.3).node].conductance == doctest::Approx(ohms(20, 2)));
    CHECK(1 / nodes[site("soma", 1).node].conductance == doctest::Approx(ohms(10, 20)));
    CHECK(nodes[site("dend", 0.1).node].area == doctest::Approx(pi * 2 * 20));
    CHECK(nodes[site("soma", 1).node].area == 0);
    CHECK(nodes[0].area == 0);

    auto const end = site("twig", 1);  // without anything there
    CHECK(end.node == site("twig", 0.9).node);
    CHECK(end.megohm == doctest::Approx(ohms(5, 1)));
    CHECK(site("twig", 0.9).megohm == 0);
}

TEST_CASE("distances, ways and areas") {
    auto const cell = assemble<Small>();
    auto const &soma = section(cell, "soma"), &dend = section(cell, "dend"), &twig = section(cell, "twig"),
               &basal = section(cell, "basal");
    CHECK(distance(soma(0.5), dend(0.5)) == 10 + 50);
    CHECK(distance(dend(0.5), soma(0.5)) == 10 + 50);
    CHECK(distance(dend(0.25), dend(0.95)) ==
          doctest::Approx(60));  // between the middles of the second and the fifth segment
    CHECK(distance(dend(0.21), dend(0.39)) == 0);
    CHECK(distance(dend(0), dend(1)) == doctest::Approx(100));
    CHECK(distance(twig(1), soma(0.5)) ==
          doctest::Approx(30 + 50 + 10));  // twig is attached at 0.4, in the segment around 0.5
    CHECK(distance(twig(1), dend(1)) == doctest::Approx(30 + 50));
    CHECK(distance(twig(0.5), basal(0.5)) == doctest::Approx(15 + 50 + 20 + 30));
    CHECK(way_to_root(twig(1)).size() == 3);
    CHECK(area(dend(0.33)) == doctest::Approx(pi * 2 * 20));
    CHECK(segments(twig).size() == 3);
    CHECK(segments(twig)[1].x == 0.5);
    CHECK(twig.segment_of(0.999) == 2);
    CHECK(twig.segment_of(1) == 2);
}

TEST_CASE("errors of places and of sections that cannot be measured") {
    auto const NaN = std::numeric_limits<double>::quiet_NaN();
    Section d{.name = "d", .nseg = 2}, other{"other"}, nameless;
    CHECK(complaint([&] { distance(d(0.5), other(0)); }) ==
          "distance from d(0.5) to other(0): they are not connected");
    CHECK(complaint([&] { distance(d(0), d(3)); }) == "d(3): x must be between 0 and 1");
    CHECK(complaint([&] { distance(d(NaN), d(1)); }) == "d(nan): x must be between 0 and 1");
    CHECK(complaint([&] { distance(Segment{}, Segment{}); }) ==
          "a place without a section; places are written as soma(0.5)");
    CHECK(complaint([&] { area({}); }) == "a place without a section; places are written as soma(0.5)");
    CHECK(complaint([&] { area(d(2)); }) == "d(2): x must be between 0 and 1");
    CHECK(complaint([&] { area(nameless(-1)); }) == "(unnamed)(-1): x must be between 0 and 1");
    CHECK(complaint([&] { d.segment_of(NaN); }) == "d(nan): x must be between 0 and 1");
    CHECK(complaint([&] { d.segment_area(2); }) == "section d: segment 2: it has 2 (numbered from 0)");
    d.connect(other(1));
    other.connect(d(1));
    CHECK(complaint([&] { distance(d(0.5), nameless(0.5)); }).ends_with(": its parents form a circle"));
    d.nseg = 0;
    CHECK(complaint([&] { area(d(0.5)); }) == "section d: nseg = 0: must be between 1 and 32767");
}

TEST_CASE("connecting a section again moves it") {
    Section a{"a"}, b{"b"}, c{"c"};
    c.connect(a(1));
    c.connect(b(0.5));
    CHECK(c.parent.section == &b);
    CHECK(c.parent.x == 0.5);
    CHECK(complaint([&] { c.connect({}); }) ==
          "section c: connected to a place without a section; places are written as soma(1)");
    CHECK(c.parent.section == &b);
}

TEST_CASE("the d_lambda rule gives NEURON's numbers of segments") {
    // h.lambda_f(100, sec = dend) and the rule's formula
    for (auto const& [L, diam, Ra, cm] : {std::array{200., 1., 100., 1.}, std::array{1000., 2., 35.4, 1.},
                                          std::array{50., 0.5, 150., 2.}, std::array{20., 20., 100., 1.}}) {
        Section const s{.name = "s", .L = L, .diam = diam, .Ra = Ra, .cm = cm};
        auto const lambda = 1e5 * std::sqrt(diam / (4 * pi * 100 * Ra * cm));
        CHECK(length_constant(s, 100) == doctest::Approx(lambda));
        auto const n = d_lambda(s);
        CHECK(n % 2 == 1);
        CHECK(L / n <= 0.1 * lambda * (1 + 0.1 / n));
        CHECK((n == 1 || L / (n - 2) > 0.1 * lambda));
    }
    CHECK(d_lambda(Section{.name = "s", .L = 200, .diam = 1, .Ra = 100}) == 7);
    Section s{.name = "s", .diam = 2, .Ra = 100};
    auto const rest = 0.1 * length_constant(s, 100);
    for (auto const& [longer, nseg] : {std::pair{1.0999, 1}, {1.1001, 3}, {3.0999, 3}, {3.1001, 5}}) {
        s.L = longer * rest;
        CHECK(d_lambda(s) == nseg);
    }
}

TEST_CASE("errors of d_lambda") {
    constexpr auto inf = std::numeric_limits<double>::infinity(),
                   NaN = std::numeric_limits<double>::quiet_NaN();
    Section s{.name = "s", .L = 200, .diam = 1, .Ra = 100};
    for (auto const& [part, value] : {std::pair{0., "0"}, {-0.1, "-0.1"}, {NaN, "nan"}, {inf, "inf"}})
        CHECK(complaint([&, p = part] { d_lambda(s, p); }) ==
              fmt::format("d_lambda of section s: {} of the length constant: must be finite and positive",
                          value));
    for (auto const& [frequency, value] : {std::pair{0., "0"}, {-1., "-1"}, {NaN, "nan"}, {inf, "inf"}})
        CHECK(complaint([&, f = frequency] { d_lambda(s, 0.1, f); }) ==
              fmt::format("length constant of section s at {} Hz: the frequency must be finite and positive",
                          value));
    CHECK(complaint([&] { d_lambda(s, 1e-12); }) == "d_lambda of section s: segments of 1e-12 of the length "
                                                    "constant would be 7.09e+11, no more than 32767 are "
                                                    "allowed: here that is a part of 2.3e-05 or more");
    CHECK(complaint([&] { d_lambda(s, 1e-300); }).find("a part of 2.3e-05 or more") != std::string::npos);
    for (s.L = 1; s.L < 1e4; s.L *= 1.013) {  // the fraction it names is allowed
        auto const said = complaint([&] { d_lambda(s, 1e-12); });
        auto const from = said.find("a part of ") + 10;
        CHECK(d_lambda(s, std::stod(said.substr(from))) > 29000);
    }
    s.L = 200;
    CHECK(d_lambda(s, 1e9) == 1);
    s.diam = 0;
    CHECK(complaint([&] { d_lambda(s); }) == "section s: diam = 0 um: must be between 1e-9 and 1e9");
}

TEST_CASE("3-d points: length, areas and resistances of frusta") {
    Section s{"s"};
    s.Ra = 100;
    s.pt3d({{0, 0, 0, 2}, {30, 40, 0, 2}, {30, 40, 50, 1}});
    CHECK(s.L == 100);
    CHECK(s.diam == doctest::Approx((50 * 2 + 50 * 1.5) / 100));
    auto const cone = [](double length, double d1, double d2) {
        return pi * (d1 + d2) / 2 * std::hypot(length, (d1 - d2) / 2);
    };
    CHECK(s.segment_area() == doctest::Approx(pi * 2 * 50 + cone(50, 2, 1)));
    s.nseg = 4;
    CHECK(s.segment_area(1) == doctest::Approx(pi * 2 * 25));
    CHECK(s.segment_area(3) == doctest::Approx(cone(25, 1.5, 1)));
    CHECK(s.axial_resistance(0.5, 1) == doctest::Approx(0.04 * 100 * 50 / (pi * 2 * 1)));
    CHECK(s.axial_resistance(0.25, 0.75) ==
          doctest::Approx(0.04 * 100 * (25 / (pi * 2 * 2) + 25 / (pi * 2 * 1.5))));
    double sum = 0, ohms = 0;
    for (int k = 0; k < 4; ++k) sum += s.segment_area(k), ohms += s.axial_resistance(k / 4., (k + 1) / 4.);
    s.nseg = 1;
    CHECK(sum == doctest::Approx(s.segment_area()));
    CHECK(ohms == doctest::Approx(s.axial_resistance(0, 1)));
    CHECK(complaint([&] { check(s); }) == "(no complaint)");
    s.L *= 1 + 1e-6;
    CHECK(complaint([&] { check(s); }).find("its 3-d points say") != std::string::npos);

    Section cylinder{.name = "s", .L = 100, .diam = 2, .nseg = 4, .Ra = 100};
    Section same = cylinder;
    same.pt3d({{0, 0, 0, 2}, {0, 60, 0, 2}, {0, 60, -40, 2}});
    CHECK(same.segment_area(2) == doctest::Approx(cylinder.segment_area(2)));
    CHECK(same.axial_resistance(0.1, 0.7) == doctest::Approx(cylinder.axial_resistance(0.1, 0.7)));
    CHECK(length_constant(same, 100) == doctest::Approx(length_constant(cylinder, 100)));
}

TEST_CASE("steps of the diameter: the rings count, in NEURON's segments, and resist nothing") {
    Section s{.name = "s", .Ra = 100};
    auto const areas = [&](std::vector<Point> points, int nseg) {
        s.pt3d(std::move(points));
        s.nseg = nseg;
        std::vector<double> all;
        for (auto const& shape : s.shapes()) all.push_back(shape.area);
        return all;
    };
    auto const are = [](std::vector<double> const& found, std::vector<double> const& neurons) {
        REQUIRE(found.size() == neurons.size());
        for (std::size_t k = 0; k < found.size(); ++k)
            CHECK(std::abs(found[k] - neurons[k]) < 1e-9 * neurons[k]);
    };
    // [g.area() for g in q] of NEURON 8.2.2
    std::vector<Point> const middle{{0, 0, 0, 2}, {50, 0, 0, 2}, {50, 0, 0, 4}, {100, 0, 0, 4}};
    are(areas(middle, 1), {951.9025740377});
    CHECK(s.axial_resistance(0, 1) == doctest::Approx(0.04 * 100 / pi * (50. / 4 + 50. / 16)));
    are(areas(middle, 2), {323.5840433197, 628.318530718});
    are(areas(middle, 3), {209.4395102393, 323.5840433197, 418.8790204786});
    are(areas(middle, 4), {157.0796326795, 166.5044106403, 314.159265359, 314.159265359});
    are(areas({{0, 0, 0, 2}, {0, 0, 0, 4}, {100, 0, 0, 4}}, 2), {637.7433086787, 628.318530718});
    are(areas({{0, 0, 0, 4}, {100, 0, 0, 4}, {100, 0, 0, 0.5}}, 2), {628.318530718, 640.6885517915});
    are(areas({{0, 0, 0, 2}, {50, 0, 0, 2}, {50, 0, 0, 4}, {50, 0, 0, 1}, {100, 0, 0, 1}}, 2),
        {335.3650157707, 157.0796326795});
    are(areas({{0, 0, 0, 2}, {25, 0, 0, 2}, {25, 0, 0, 4}, {75, 0, 0, 1.5}, {75, 0, 0, 3}, {100, 0, 0, 1}},
              4),
        {166.5044106403, 265.1547021703, 172.250694525, 157.2052461603});
    // at x = 1 rounding decides, as it does in NEURON
    are(areas({{0, 0, 0, 2}, {228, 0, 0, 2}, {228, 0, 0, 4}}, 8),
        {179.0707812546, 179.0707812546, 179.0707812546, 179.0707812546, 179.0707812546, 179.0707812546,
         179.0707812546, 188.4955592154});
    are(areas({{0, 0, 0, 2}, {228, 0, 0, 2}, {228, 0, 0, 4}}, 9),
        {159.1740277819, 159.1740277819, 159.1740277819, 159.1740277819, 159.1740277819, 159.1740277819,
         159.1740277819, 159.1740277819, 159.1740277819});
}

TEST_CASE("a section of many points and segments is measured in one walk") {
    Section s{.name = "s", .nseg = 10001, .Ra = 100};
    std::vector<Point> points;
    for (int k = 0; k <= 100000; ++k) points.push_back({double(k), 0, 0, 1 + k % 3 * 0.5});
    s.pt3d(std::move(points));
    auto const start = std::clock();
    auto const shapes = s.shapes();
    CHECK(std::clock() - start < 15 * CLOCKS_PER_SEC);  // 10001 walks take longer
    double area = 0, ohms = 0;
    for (auto const& shape : shapes) area += shape.area, ohms += shape.before + shape.after;
    s.nseg = 1;
    CHECK(area == doctest::Approx(s.segment_area()));
    CHECK(ohms == doctest::Approx(s.axial_resistance(0, 1)));
}

TEST_CASE("mechanisms in subsets, with parameters by distance; psection says so") {
    auto const cell = assemble<Small>();
    auto const& passive = std::get<1>(cell.biophysics);
    REQUIRE(passive.varied.size() == 5 + 3 + 1);
    CHECK(passive.varied[0].g == doctest::Approx(1e-5 * 20));
    CHECK(passive.varied[5].g == doctest::Approx(1e-5 * (10 + 50 + 5)));
    CHECK(passive.varied[8].g == doctest::Approx(1e-5 * (10 + 30)));
    CHECK(psection(cell) == "twig: L=30 um, diam=1 um, nseg=3, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
                            "  connected to dend(0.4)\n"
                            "  Passive: g=0.00065..0.00085 S/cm2, e=-65 mV\n"
                            "  stimulus at 0.5, IClamp: delay=0 ms, dur=0 ms, amp=0 nA\n"
                            "dend: L=100 um, diam=2 um, nseg=5, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
                            "  connected to soma(1)\n"
                            "  Passive: g=0.0002..0.001 S/cm2, e=-65 mV\n"
                            "  synapse 0 at 0.7, ExpSyn: tau=0.1 ms, e=0 mV\n"
                            "soma: L=20 um, diam=20 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
                            "  HodgkinHuxley: gnabar=0.12 S/cm2, gkbar=0.036 S/cm2, gl=0.0003 S/cm2, ena=50 "
                            "mV, ek=-77 mV, el=-54.3 mV, celsius=6.3 degC\n"
                            "  spikes read at 0.5, threshold 10 mV\n"
                            "basal: L=60 um, diam=1.5 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
                            "  connected to soma(0)\n"
                            "  Passive: g=0.0004 S/cm2, e=-65 mV\n");
    for (auto const& each : *cell.sections)
        if (each.parent.section)
            CHECK((each.parent.section >= cell.sections->data() &&
                   each.parent.section < cell.sections->data() + 4));
}

TEST_CASE("errors of topologies") {
    CHECK(complaint_of({}) == "(no complaint)");
    CHECK(complaint_of({.connect_twig = false}) ==
          "sections twig and soma: neither is connected to a parent, but a cell has one root");
    CHECK(complaint_of({.connect_root = true}) ==
          "section twig: its parents form a circle, so that none of them is the root");
    CHECK(complaint_of({.twins = true}) == "section dend: there are two of this name");
    CHECK(complaint_of({.stranger = true}) ==
          "parent of section basal: section 'stranger' is used but create_sections() does not return it");
    CHECK(complaint_of({.twig_at = 1.2}) == "dend(1.2): x must be between 0 and 1");
    CHECK(complaint_of({.synapse_at = -0.2}) == "dend(-0.2): x must be between 0 and 1");
    CHECK(complaint_of({.electrode_at = 2}) ==
          "'twig(2)': behind twig there must be a number between 0 and 1 in parentheses");
    CHECK(complaint_of({.nseg_late = true}) ==
          "Passive: inserted in 9 segments that have become 11; nseg belongs in define_geometry()");
    Section s{"s"};
    s.pt3d({{0, 0, 0, 1}, {10, 0, 0, 1}});
    s.diam = 3;
    CHECK(complaint([&] { check(s); }) ==
          "section s: L = 10 um, diam = 3 um: its 3-d points say 10 and 1 um");
    s.pt3d({{0, 0, 0, 1}, {10, 0, 0, 0}});
    CHECK(complaint([&] { check(s); }) == "section s: pt3d: diameter = 0 um: must be between 1e-9 and 1e9");
    s.pt3d({{5, 0, 0, 1}});
    CHECK(complaint([&] { check(s); }) == "section s: L = 0 um: must be between 1e-9 and 1e9");
}

namespace {

/// A soma along x, a dendrite up from its end with a twig from its middle, and an axon with a branch.
Morphology small_morphology() {
    Morphology shape;
    auto& soma = shape.add({.name = "soma"}, Kind::soma);
    soma.pt3d({{-10, 0, 0, 20}, {10, 0, 0, 20}});
    auto& dend = shape.add({.name = "dend[0]"}, Kind::dend);
    dend.pt3d({{10, 0, 0, 4}, {10, 60, 0, 2}, {10, 60, 40, 2}});
    dend.connect(soma(1));
    auto& twig = shape.add({.name = "dend[1]"}, Kind::dend);
    twig.pt3d({{10, 50, 0, 1}, {40, 50, 0, 1}});
    twig.connect(dend(0.5));
    auto& axon = shape.add({.name = "axon[0]", .L = 100, .diam = 1}, Kind::axon);
    axon.connect(soma(0));
    shape.add({.name = "axon[1]", .L = 50, .diam = 1}, Kind::axon).connect(axon(0.5));
    return shape;
}

std::string names(Subset const& subset) {
    std::string all;
    for (auto const* section : subset.sections()) all += section->name + " ";
    return all;
}

}  // namespace

TEST_CASE("a morphology is scaled: what grows out of a section moves along") {
    auto shape = small_morphology();
    CHECK(names(subtree(shape, shape["dend[0]"])) == "dend[0] dend[1] ");
    CHECK(names(subtree(shape, shape.root())) == "soma dend[0] dend[1] axon[0] axon[1] ");
    scale(shape, Subset(shape["dend[0]"]), {.length = 2, .diam = 3});
    CHECK(shape["dend[0]"].points == std::vector<Point>{{10, 0, 0, 12}, {10, 120, 0, 6}, {10, 120, 80, 6}});
    CHECK(shape["dend[0]"].L == 200);
    CHECK(shape["dend[1]"].points == std::vector<Point>{{10, 100, 0, 1}, {40, 100, 0, 1}});
    scale(shape, Subset(shape["axon[0]"]), {.length = 0.5});
    CHECK(shape["axon[0]"].L == 50);
    CHECK(shape["soma"].L == 20);
    scale(shape, {.length = 2});
    CHECK(shape["soma"].points[1] == Point{30, 0, 0, 20});
    CHECK(shape["dend[0]"].points[0] == Point{30, 0, 0, 12});
    CHECK(complaint([&] { scale(shape, {.length = 0}); }) == "scale: by 0: must be finite and positive");
    Section const other{"other"};
    CHECK(complaint([&] { scale(shape, Subset(other), {}); }) ==
          "scale: section other is not of this morphology");
    shape["dend[0]"].connect(shape["dend[1]"](1));
    CHECK(complaint([&] { scale(shape, {}); }) == "scale: the parents of section dend[0] form a circle");
    CHECK(complaint([&] { subtree(shape, shape["dend[0]"]); }) ==
          "subtree: the parents of section dend[0] form a circle");
}

TEST_CASE("a morphology is cut, and its axon replaced by a stub") {
    auto shape = small_morphology();
    cut(shape, shape["dend[0]"](0.6));
    CHECK(shape["dend[0]"].points == std::vector<Point>{{10, 0, 0, 4}, {10, 60, 0, 2}});
    CHECK(shape["dend[1]"].parent.x == doctest::Approx(0.5 / 0.6));
    cut(shape, shape["dend[0]"](0.3));
    CHECK(names(shape.dend()) == "dend[0] ");
    CHECK(shape["dend[0]"].L == doctest::Approx(18));
    CHECK(shape["dend[0]"].points[1].diam == doctest::Approx(4 - 2 * 0.3));

    shape = small_morphology();
    cut_beyond(shape, shape.all(), 40);  // from the middle of the soma
    CHECK(names(shape.all()) == "soma dend[0] axon[0] ");
    CHECK(shape["dend[0]"].L == doctest::Approx(30));
    CHECK(shape["axon[0]"].L == doctest::Approx(30));

    replace_axon(shape, {.sections = 2, .L = 25, .diam = 1.5});
    CHECK(names(shape.axon()) == "axon[0] axon[1] ");
    CHECK(shape["axon[1]"].parent.section == &shape["axon[0]"]);
    CHECK(shape["axon[0]"].parent.section == &shape.root());
    CHECK(shape["axon[1]"].diam == 1.5);
    CHECK(apply_d_lambda(shape, 0.05) == d_lambda(shape["soma"], 0.05) + d_lambda(shape["dend[0]"], 0.05) +
                                             2 * d_lambda(shape["axon[0]"], 0.05));
    CHECK(shape["dend[0]"].nseg == d_lambda(shape["dend[0]"], 0.05));
    CHECK(complaint([&] { cut(shape, shape["soma"](0)); }) ==
          "cut at soma(0): nothing would be left; remove the section");
    CHECK(complaint([&] { replace_axon(shape, {.sections = -1}); }) ==
          "replace_axon: -1 sections: must not be negative");
}

TEST_CASE("places are spread by density and length, the same from the same stream") {
    auto shape = small_morphology();
    for (auto& section : shape) section.nseg = 3;
    auto const density = [&](Segment s) { return s.section == &shape["dend[1]"] ? 2. : s.x > 0.5 ? 1. : 0.; };
    constexpr std::size_t n = 20000;
    auto const places = spread(n, shape.dend(), density, {.id1 = 3});
    REQUIRE(places.size() == n);
    double on_twig = 0, in_last = 0;
    for (auto const& place : places) {
        on_twig += place.section == &shape["dend[1]"];
        in_last += place.section == &shape["dend[0]"] && place.x > 2 / 3.;
        CHECK((place.section == &shape["dend[1]"] || place.x >= 2 / 3.));
    }
    // the twig's 30 um count twice, of the other's 100 um the last third
    CHECK(on_twig / n == doctest::Approx(60 / (60 + 100 / 3.)).epsilon(0.02));
    CHECK(on_twig + in_last == n);
    auto const again = spread(n, shape.dend(), density, {.id1 = 3}),
               other = spread(n, shape.dend(), even, {.id1 = 4});
    CHECK(again[7].x == places[7].x);
    CHECK(other[7].x != places[7].x);
    CHECK(complaint([&] { spread(1, shape.dend(), [](Segment) { return -1; }, {}); }) ==
          "spread: the density at dend[0](0.16666666666666666) is -1: must not be negative");
    CHECK(complaint([&] { spread(1, {}, even, {}); }) ==
          "spread: 1 places where the density is 0 everywhere");
}

TEST_CASE("the sections of Neurolucida files are those of NEURON's Import3d") {
    std::ifstream data("model/asc_import3d.txt");
    REQUIRE(data);
    auto const path = std::filesystem::temp_directory_path() / fmt::format("hillock_{}.asc", ::getpid());
    std::string text;
    Morphology shape;
    std::size_t files = 0, sections = 0;
    for (std::string line; std::getline(data, line);) {
        if (line == "file") {
            CHECK(sections == shape.size());
            text.clear();
            shape = {};
            sections = 0;
            ++files;
        } else if (line.starts_with("| ")) {
            text += line.substr(2) + "\n";
        } else {
            if (sections++ == 0) {
                std::ofstream(path) << text;
                shape = read_asc(path);
            }
            std::istringstream words(line);
            std::string what, name, parent;
            double x = 0, L = 0;
            words >> what >> name >> parent >> x >> L;
            CAPTURE(files);
            CAPTURE(name);
            auto const& section = shape[name];
            CHECK(section.L == doctest::Approx(L).epsilon(1e-5));
            CHECK((section.parent.section ? section.parent.section->name : "-") == parent);
            CHECK(section.parent.x == x);
            std::vector<Point> points;
            for (Point p{}; words >> p.x >> p.y >> p.z >> p.diam;) points.push_back(p);
            REQUIRE(section.points.size() == points.size());
            double largest = 0;
            for (std::size_t k = 0; k < points.size(); ++k)
                largest = std::max({largest, distance(section.points[k], points[k]),
                                    std::abs(section.points[k].diam - points[k].diam)});
            CHECK(largest < 2e-5);
        }
    }
    CHECK(sections == shape.size());
    CHECK(files == 8);

    auto const refused = [&](std::string const& content) {
        std::ofstream(path) << content;
        auto said = complaint([&] { read_asc(path); });
        return said.substr(said.find(".asc:") == said.npos ? 0 : said.find(".asc:") + 5);
    };
    CHECK(refused("((Axon)\n(1 2 3 1)\n(1 2 4 1)\nNormal") == "4: ')' expected, the end of the file found");
    CHECK(refused("((Axon)\n(1 2 3 0)\n(1 2 4 1))") == "2: a branch with a diameter of 0 um");
    CHECK(refused("((Axon) (1 2 3 1) (1 2 4 1))\n((Dendrite) (1 2 3 1) (1 2 4 1))") ==
          "2: a second tree, and no cell body that both are attached to");
    CHECK(refused("(\"Soma\" (0 0 0) (1 0 0) (0 1 0))\n(\"Soma\" (9 0 0) (10 0 0) (9 1 0))") ==
          "2: a second cell body, apart from the first one: a cell has one");
    CHECK(refused("(\"Soma\"\n(1 2 0) (1 2 3) (1 2 9))") ==
          "1: a cell body whose points are all at one place in x and y");
    for (auto const* straight : {"(0 0 0) (1 0 0) (3 0 0)", "(0 0 0) (1 1 0) (3 3 0)"})
        CHECK(refused(fmt::format("\n(\"Soma\" {})", straight)) == "2: a cell body without width");
    CHECK(refused("((Axon) (1 x))") == "1: a coordinate expected, 'x' found");
    CHECK(refused("((Axon)\n(1e400 2 3 1)\n(1 2 4 1))") ==
          "2: '1e400' is too large or too small for a number");
    CHECK(refused("((Axon)\n(nan 2 3 1)\n(1 2 4 1))") == "2: nan: coordinates must be finite");
    CHECK(refused("((Axon)\n(Inf 2 3 1)\n(1 2 4 1))") == "2: Inf: coordinates must be finite");
    CHECK(refused("((Axon) $)") == "1: '$)' has no meaning here");
    CHECK(refused("; nothing").ends_with("there is no tree and no cell body"));
    CHECK(refused("((Axon) (1 2 3 1)\n(1e10 2 4 1))") ==
          "2: 10000000000 um: must be within 1000000000 um of 0");

    // What looks like a text at first, as all that begins with a set, is read a second time as a tree: all of
    // it once, in time that does not double with each set in a set.
    auto const in_sets = [](int n) {
        std::string before, behind;
        for (int k = 0; k < n; ++k) {
            before += "( (set \"x\" ";
            behind += " ) (0 0 0 1) (0 0 9 1) )";
        }
        return before + behind;
    };
    std::ofstream(path) << "(\"Soma\" (0 0 0) (1 0 0) (0 1 0))" + in_sets(3);
    CHECK(read_asc(path).size() == 1 + 3);
    CHECK(refused(in_sets(20000)) == "1: more than 8 sets in each other");

    // Where an outline goes back, which of its points count depends on the direction, which is NEURON's.
    std::ofstream(path)
        << "(\"Soma\" (4.67 -6.17 0) (6.54 -2.63 0) (0.66 0.18 0) (3.95 6.48 0) (-1.01 9.3 0) "
           "(-2.7 3.57 0) (-9.08 3.66 0) (-1.1 -0.31 0) (-3.96 -6.48 0) (0.78 -7.19 0))";
    auto const soma = read_asc(path)["soma"].points;
    REQUIRE(soma.size() == 21);
    CHECK(distance(soma[0], {2.09453, -6.73523, 0, 0}) < 1e-4);
    CHECK(soma[3].diam == doctest::Approx(10.8045).epsilon(1e-5));
    CHECK(soma[12].diam == doctest::Approx(6.89259).epsilon(1e-5));
    CHECK(soma[18].diam == doctest::Approx(2.87836).epsilon(1e-5));

    // What grows out of a first branch of one point begins at that point, not at the end of its cylinder.
    std::ofstream(path) << "((Dendrite) (0 0 0 2) ((10 0 0 1) (30 0 0 1) | (0 10 0 1) (0 30 0 1)))";
    auto const star = read_asc(path);
    CHECK(star["dend[0]"].L == 2);
    CHECK(star["dend[1]"].L == 30);
    CHECK(star["dend[2]"].L == 30);
    std::filesystem::remove(path);
}

}  // namespace morphology_tests
