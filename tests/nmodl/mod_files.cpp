// SPDX-License-Identifier: MIT

/// A cell of mechanisms that hillock-nmodl has made from the `.mod` files of this folder, beside the same
/// cell in NEURON 8.2.2 (mod_files.csv, by make_mod_files.py): sodium with q10, calcium of constant field by
/// TABLE, a pool with a nonlinear pump, a kinetic scheme with calcium, potassium by a TABLE made for a
/// temperature, a synapse with memory.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "testca.hpp"
#include "testcad.hpp"
#include "testkca.hpp"
#include "testkv.hpp"
#include "testna.hpp"
#include "testsyn.hpp"

using namespace hillock;

namespace {

struct ModCell : Cell<ModCell> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        return biophysics(insert(soma, Passive{.g = 1e-4, .e = -65}), insert(soma, mod::testca{}),
                          insert(soma, mod::testcad{}), insert(soma, mod::testkca{}),
                          insert(soma, mod::testkv{}), insert(soma, mod::testna{}));
    }
    auto create_synapses() { return synapses(place(mod::testsyn{}, soma(0.5))); }
};

/// V and the calcium of a cell at 34 degC, beside one at 20 degC if there are two.
std::array<std::vector<double>, 2> traces(std::size_t cells) {
    Network<ModCell> net({.dt = 0.025});
    auto const all = net.add<ModCell>(cells);
    net.set(all, "celsius", 20);
    net.set(0, "celsius", 34);
    net.stimulate(all, IClamp{.delay = 5, .dur = 60, .amp = 0.5});
    net.stimulate(all, SpikeTimes{{70, 80, 85, 110}}, {.synapse = 0, .weight = 4e-3, .delay = 0});
    auto const v = net.probe(0, "v"), cai = net.probe(0, "cai");
    net.run(150, {.progress = false});
    return {v->values, cai->values};
}

}  // namespace

TEST_CASE("a cell of translated mod files follows NEURON, whatever the temperature of others") {
    auto const found = traces(1);
    auto const &v = found[0], &cai = found[1];
    CHECK(traces(2)[0] == v);  // tables that the cells do not share have the same bits
    std::ifstream file("nmodl/mod_files.csv");
    std::string line;
    std::getline(file, line);
    double v_differs = 0, cai_differs = 0;
    std::size_t rows = 0;
    for (; std::getline(file, line); ++rows) {
        double t, expected_v, expected_cai;
        char comma;
        std::istringstream(line) >> t >> comma >> expected_v >> comma >> expected_cai;
        auto const step = static_cast<std::size_t>(std::lround(t / 0.025));
        v_differs = std::max(v_differs, std::abs(v.at(step) - expected_v));
        cai_differs = std::max(cai_differs, std::abs(cai.at(step) - expected_cai));
    }
    CHECK(rows == 301);
    CHECK(v_differs < 1e-7);     // mV
    CHECK(cai_differs < 1e-11);  // mM, of up to 5e-3; NEURON's own solution is 1e-10 off
}

TEST_CASE("a lane takes Newton's steps as if it were alone") {
    using Lane = simd::Lane<double, simd::kernel<simd::native>>;
    // x' = -x^2 + y, y' = x - y^3, from near their rest and from far away: 1 to 7 steps.
    auto const step = [](auto from) {
        using T = decltype(from);
        auto const slopes = [](std::array<T, 2> const& x) {
            return std::array{x[1] - x[0] * x[0], x[0] - x[1] * x[1] * x[1]};
        };
        return std::array{implicit_euler(std::array{from, T(1)}, 0.5, slopes)[0],
                          implicit_euler_kinetic(std::array{from, T(1)}, 0.5, slopes)[0]};
    };
    alignas(64) std::array<double, Lane::width> from, by_root, by_kinetic;
    for (std::size_t k = 0; k < Lane::width; ++k) from[k] = 1 + std::pow(10., static_cast<double>(k) - 6);
    auto const together = step(Lane::load(from.data()));
    together[0].store(by_root.data());
    together[1].store(by_kinetic.data());
    for (std::size_t k = 0; k < Lane::width; ++k) {
        CHECK(by_root[k] == step(from[k])[0]);
        CHECK(by_kinetic[k] == step(from[k])[1]);
    }
}
