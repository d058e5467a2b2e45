// SPDX-License-Identifier: MIT

/// Synapses that take their events one by one.

#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/synapse/tsodyks_markram.hpp>

#include "../cells.hpp"

using namespace hillock;
using cells::quietly;

namespace {

struct Cell_ : Cell<Cell_> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Passive{.g = 1e-3, .e = -70})); }
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 2, .e = 0}, soma(0.5)),
                        place(TsodyksMarkram{.tau = 3, .U = 0.3, .tau_rec = 120, .tau_fac = 70}, soma(0.5)));
    }
};

}  // namespace

TEST_CASE("Tsodyks and Markram's synapse follows its formulas, each connection by itself") {
    Network<Cell_> net;
    auto const all = net.add<Cell_>(11);
    net.stimulate(all, SpikeTimes{{1, 6, 11, 40.025, 40.05}}, {.synapse = 1, .weight = 0.001, .delay = 0});
    net.run(60, quietly);
    double R = 1, u = 0, g = 0, last = 0;
    for (double t : {1., 6., 11., 40.025, 40.05}) {
        R = 1 - (1 - R * (1 - u)) * std::exp(-(t - last) / 120);
        u = 0.3 + u * 0.7 * std::exp(-(t - last) / 70);
        g = g * std::exp(-(t - last) / 3) + 0.001 * R * u;
        last = t;
    }
    CHECK(net.get(10, "synapses[1].g") == doctest::Approx(g * std::exp(-(60 - last) / 3)).epsilon(1e-12));
}
