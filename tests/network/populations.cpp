// SPDX-License-Identifier: MIT

/// Prototypes and lists of synapses that are known only when the program runs.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace populations_tests {

using namespace hillock;
using cells::complaint;
using cells::quietly;

namespace {

/// A passive cell of one compartment with as many ExpSyn of different time constants as one likes, then one Exp2Syn.
struct Many : Cell<Many> {
    Section soma{"soma"};
    std::size_t count = 0;

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Passive{.g = 1e-3, .e = -65})); }
    auto create_synapses() {
        std::vector<PlacedSynapse<ExpSyn>> all;
        for (std::size_t k = 0; k < count; ++k)
            all.push_back(place(ExpSyn{.tau = 1 + 0.01 * static_cast<double>(k), .e = -60}, soma(0.5)));
        return synapses(all, place(Exp2Syn{.tau1 = 1, .tau2 = 3, .e = 0}, soma(0.5)));
    }
};

/// The same with three, which the compiler knows.
struct Three : Many {
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 1, .e = -60}, soma(0.5)),
                        place(ExpSyn{.tau = 1.01, .e = -60}, soma(0.5)),
                        place(ExpSyn{.tau = 1.02, .e = -60}, soma(0.5)),
                        place(Exp2Syn{.tau1 = 1, .tau2 = 3, .e = 0}, soma(0.5)));
    }
};

Many of(std::size_t count) {
    Many cell;
    cell.count = count;
    return cell;
}

/// A type that can be made from nothing, and has no sections then.
struct FromData : Cell<FromData> {
    std::vector<Section> parts;

    auto create_sections() { return sections(parts); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {}
    auto define_biophysics() { return biophysics(insert(parts.front(), Passive{})); }
    auto create_synapses() { return synapses(); }
};

/// A type whose cells differ in one thing, `what` they are told.
struct Varied : Cell<Varied> {
    Section soma{"soma"}, dend{"dend"}, twig{"twig"};
    int what = 0;

    static constexpr int count = 11;

    auto create_sections() { return sections(soma, dend, twig); }
    void build_topology() {
        dend.connect(soma(1));
        twig.connect(what == 1 ? soma(0.5) : dend(0.5));
    }
    void build_subsets() {}
    void define_geometry() {
        dend.pt3d({{0, 0, 0, 2}, {0, 100, 0, 2}});
        if (what == 2) dend.pt3d({{0, 0, 0, 2}, {0, 60, 0, 2}, {40, 60, 0, 2}});  // no longer, no thicker
        if (what == 3) dend.name = "dendrite";
        if (what == 4) soma.nseg = 3;
        if (what == 5) twig.cm = 1.25;
    }
    auto define_biophysics() {
        return biophysics(insert(soma, Passive{}),
                          insert(Subset(dend, twig), Passive{}, [&](Segment s, Passive& leak) {
                              leak.e = what == 6 && s.section == &twig ? -60 : -70;
                          }));
    }
    auto create_synapses() {
        return synapses(place(ExpSyn{}, what == 7 ? dend(0.5) : twig(what == 8 ? 0.25 : 0.5)));
    }
    SpikeSource spike_source() { return {what == 9 ? dend(0.5) : soma(0.5), what == 10 ? -20. : 10.}; }
};

}  // namespace

TEST_CASE("cells that differ in one thing belong to different populations, those that are equal to one") {
    Network<Varied> net;
    std::vector<void const*> anatomies;
    for (int round = 0; round < 2; ++round)
        for (int what = 0; what < Varied::count; ++what) {
            Varied cell;
            cell.what = what;
            anatomies.push_back(&net.anatomy<Varied>(net.add(1, cell)[0]));
        }
    for (std::size_t k = 0; k < anatomies.size(); ++k)
        for (std::size_t j = 0; j < anatomies.size(); ++j)
            CHECK((anatomies[k] == anatomies[j]) == (k % Varied::count == j % Varied::count));
}

TEST_CASE("10,000 synapses of one type, each with its own number, weight and parameters") {
    std::size_t const n = 10000;
    Network<Many> net;
    net.add(2, of(n));
    std::vector<ExternalEvent> events;
    for (std::size_t k = 0; k <= n; k += 2500)
        events.push_back({1, 1., static_cast<int>(k), 1e-6 * (1. + static_cast<double>(k))});
    net.stimulate(events);
    net.run(2, quietly);
    for (std::size_t k = 0; k < n; k += 1250) {
        auto const name = fmt::format("synapses[{}]", k);
        CHECK(net.get(1, name + ".tau") == 1 + 0.01 * static_cast<double>(k));
        auto const weight = k % 2500 == 0 ? 1e-6 * (1. + static_cast<double>(k)) : 0.;
        CHECK(net.get(1, name + ".g") ==
              doctest::Approx(weight * std::exp(-1 / (1 + 0.01 * static_cast<double>(k)))));
        CHECK(net.get(0, name + ".g") == 0);
    }
    CHECK(net.get(1, fmt::format("synapses[{}].tau2", n)) == 3);
    CHECK(complaint([&] {
              net.get(0, fmt::format("synapses[{}].tau", n));
          }).find("has no 'synapses[10000].tau'") != std::string::npos);
    CHECK(complaint([&] { net.get(0, "tau"); }).find("synapses[0..9999].tau") != std::string::npos);
    CHECK(complaint([&] {
              net.stimulate({{0, 3, static_cast<int>(n) + 1, 1}});
          }).ends_with("has 10001 synapses (numbered from 0)"));
    CHECK(complaint([&] {
              net.stimulate(Cells(0), NetStim{}, {.synapse = -1});
          }).ends_with("has 10001 synapses (numbered from 0)"));
}

TEST_CASE("a list of synapses may have any form: vector, or known to the compiler") {
    Network<Many, Three> net;
    auto const many = net.add(9, of(3)), three = net.add<Three>(9);
    for (int k = 0; k < 4; ++k) {
        for (auto const& cells : {many, three})
            net.stimulate(cells, SpikeTimes{{1. + k, 7.}},
                          {.synapse = k, .weight = 1e-3 * (k + 1), .delay = 0.5});
        net.set(many + three, fmt::format("synapses[{}].e", k),
                [k](Gid gid) { return -50. + k + 0.1 * (gid % 9); });
    }
    net.run(12, quietly);
    for (Gid k = 0; k < 9; ++k) {
        CHECK(net.get(many[k], "v") == doctest::Approx(net.get(three[k], "v")).epsilon(1e-12));
        CHECK(net.get(many[k], "v") > -64.9);
        for (auto const* name : {"synapses[0].g", "synapses[2].g", "synapses[3].A"})
            CHECK(net.get(many[k], name) == net.get(three[k], name));
    }
    CHECK(net.get(many[0], "v") != net.get(many[1], "v"));
}

TEST_CASE("a cell type that can be made from nothing, but has no sections then") {
    Network<FromData> net;
    CHECK(complaint([&] {
              net.add<FromData>(1);
          }).find("::FromData: create_sections(): a cell needs at least one section") != std::string::npos);
    FromData cell;
    cell.parts.push_back({.name = "soma", .L = 20, .diam = 20});
    CHECK(net.add(2, cell) == Cells(0, 2));
    cell.parts[0].L = 30;
    CHECK(net.add(2, cell) == Cells(2, 4));
    net.run(1, quietly);
    CHECK(net.anatomy<FromData>(3).root().L == 30);
}

TEST_CASE("fifty populations of one type: every cell as it is alone, on any number of threads") {
    auto const build = [](auto& net, std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) net.add(1 + k % 3, of(k % 7));
        net.stimulate(net.cells(), SpikeTimes{{1, 2.5}}, {.synapse = 0, .weight = 2e-3});
    };
    Network<Many> one, two;
    build(one, 0, 50);
    build(two, 0, 50);
    one.run(10, quietly);
    two.run(10, {.threads = 3, .progress = false});
    CHECK(one.digest() == two.digest());
    Network<Many> alone;
    build(alone, 5, 6);
    alone.run(10, quietly);
    CHECK(alone.get(2, "v") ==
          one.get(1 + 2 + 3 + 1 + 2 + 2, "v"));  // population 5 is that of 12, 19, ... too
}

}  // namespace populations_tests
