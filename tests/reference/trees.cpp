// SPDX-License-Identifier: MIT

/// Cells with dendrites that are described when the program runs against NEURON 8.2.2 (data/trees.txt;
/// make_trees.py, which wrote it, says what its lines mean).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace trees_tests {

using namespace hillock;
using cells::quietly;

namespace {

constexpr double dt = 0.025;

struct Place {
    std::size_t section;
    double x;

    std::string name() const { return fmt::format("s{}({:.17g})", section, x); }
};

/// One tree of the file and what NEURON says of it.
struct Description {
    struct Part {
        int parent;
        double at, L, diam;
        int nseg;
        double Ra, cm, gnabar, g;
    };
    std::vector<Part> sections;
    std::vector<std::pair<Place, Exp2Syn>> exp2syn;
    std::vector<std::pair<Place, ExpSyn>> expsyn;
    std::vector<ExternalEvent> events;
    IClamp electrode;
    std::vector<Place> places;
    std::vector<std::vector<double>> rows;  // t, v at each of the places
};

std::vector<Description> read_trees() {
    std::ifstream file("reference/data/trees.txt");
    REQUIRE(file);
    std::vector<Description> trees;
    std::size_t sections = 0;
    for (std::string line, what; std::getline(file, line);) {
        std::istringstream words(line);
        words >> what;
        if (what == "tree") {
            trees.emplace_back();
            words >> sections;
            continue;
        }
        auto& tree = trees.back();
        Place place{};
        if (what == "section") {
            auto& s = tree.sections.emplace_back();
            words >> s.parent >> s.at >> s.L >> s.diam >> s.nseg >> s.Ra >> s.cm >> s.gnabar >> s.g;
        } else if (what == "event") {
            auto& event = tree.events.emplace_back();
            words >> event.synapse >> event.time >> event.weight;
        } else if (what == "v") {
            auto& row = tree.rows.emplace_back();
            for (double number; row.size() <= tree.places.size() && words >> number;) row.push_back(number);
        } else {
            words >> place.section >> place.x;
            REQUIRE(place.section < sections);
            if (what == "exp2syn") {
                auto& synapse = tree.exp2syn.emplace_back(place, Exp2Syn{}).second;
                words >> synapse.tau1 >> synapse.tau2 >> synapse.e;
            } else if (what == "expsyn") {
                auto& synapse = tree.expsyn.emplace_back(place, ExpSyn{}).second;
                words >> synapse.tau >> synapse.e;
            } else if (what == "electrode") {
                tree.electrode.where = place.name();
                words >> tree.electrode.delay >> tree.electrode.dur >> tree.electrode.amp;
            } else {
                REQUIRE(what == "place");
                tree.places.push_back(place);
            }
        }
        REQUIRE_MESSAGE(words, line);
    }
    return trees;
}

/// Any of the trees.
struct TreeCell : Cell<TreeCell> {
    Description tree;
    std::vector<Section> all;
    Subset excitable, leaky;

    explicit TreeCell(Description description) : tree{std::move(description)}, all(tree.sections.size()) {}

    auto create_sections() {
        for (std::size_t k = 0; k < all.size(); ++k) all[k].name = fmt::format("s{}", k);
        return sections(all);
    }
    void build_topology() {
        for (std::size_t k = 1; k < all.size(); ++k)
            all[k].connect(all[static_cast<std::size_t>(tree.sections[k].parent)](tree.sections[k].at));
    }
    void build_subsets() {
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (tree.sections[k].gnabar > 0) excitable.add(all[k]);
            if (tree.sections[k].g > 0) leaky.add(all[k]);
        }
    }
    void define_geometry() {
        for (std::size_t k = 0; k < all.size(); ++k) {
            auto const& s = tree.sections[k];
            all[k].L = s.L, all[k].diam = s.diam, all[k].nseg = s.nseg, all[k].Ra = s.Ra, all[k].cm = s.cm;
        }
    }
    auto define_biophysics() {
        auto const of = [&](Segment s) {
            return tree.sections[static_cast<std::size_t>(s.section - all.data())];
        };
        return biophysics(
            insert(excitable, HodgkinHuxley{},
                   [&](Segment s, HodgkinHuxley& hh) { hh.gnabar = of(s).gnabar; }),
            insert(leaky, Passive{.e = -65}, [&](Segment s, Passive& leak) { leak.g = of(s).g; }));
    }
    auto create_synapses() {
        auto const placed = [&](auto const& synapse) {
            return place(synapse.second, all[synapse.first.section](synapse.first.x));
        };
        return synapses(placed(tree.exp2syn.at(0)), placed(tree.exp2syn.at(1)), placed(tree.expsyn.at(0)),
                        placed(tree.expsyn.at(1)));
    }
};

/// The largest difference (mV) anywhere at any time.
template <class Net>
double difference(Description const& tree) {
    Net net({.dt = dt});
    net.add(1, TreeCell(tree));
    net.stimulate(tree.events);
    net.stimulate(net.cells(), tree.electrode);
    std::vector<std::shared_ptr<Trace const>> traces;
    for (auto const& place : tree.places) traces.push_back(net.probe(0, place.name() + ".v"));
    net.run(tree.rows.back()[0], quietly);
    double largest = 0;
    for (auto const& row : tree.rows)
        for (std::size_t k = 0; k < traces.size(); ++k) {
            auto const found = traces[k]->values.at(static_cast<std::size_t>(std::lround(row[0] / dt)));
            largest = std::max(largest, std::isfinite(found) ? std::abs(found - row[k + 1]) : HUGE_VAL);
        }
    return largest;
}

}  // namespace

TEST_CASE("every voltage in random trees is NEURON's within 1e-6 mV") {
    std::vector<std::size_t> sizes;
    for (auto const& tree : read_trees()) {
        sizes.push_back(tree.sections.size());
        CAPTURE(sizes.back());
        REQUIRE(tree.places.size() == 6);
        REQUIRE(tree.rows.size() == 81);
        CHECK(difference<Network<TreeCell>>(tree) < 1e-6);
        CHECK(difference<ScalarNetwork<TreeCell>>(tree) < 1e-6);
    }
    CHECK(sizes == std::vector<std::size_t>{2, 5, 9, 17, 33, 60});
}

}  // namespace trees_tests
