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

TEST_CASE("each event of a Poisson process is one of its own, as many as reach a synapse that sums weights") {
    Network<Cell_> drawn, given;
    Poisson const source{.rate = 3000, .start = 1};
    for (auto* net : {&drawn, &given}) net->add<Cell_>(3);
    drawn.stimulate(2, source, {.synapse = 1, .weight = 0.001});
    auto const expected = drawn.probe(2, "synapses[1].g");
    drawn.run(20, quietly);

    Network<Cell_> summed;
    summed.add<Cell_>(3);
    summed.stimulate(2, source, {.synapse = 0, .weight = 1});
    auto const g = summed.probe(2, "synapses[0].g");
    summed.run(20, quietly);
    SpikeTimes times;
    for (std::size_t k = 0; k + 1 < g->values.size(); ++k)
        for (auto n = std::lround(g->values[k + 1] * std::exp(summed.dt() / 2) - g->values[k]); n > 0; --n)
            times.times.push_back(g->times[k]);
    CHECK(times.times.size() > 40);
    given.stimulate(2, times, {.synapse = 1, .weight = 0.001, .delay = 0});
    auto const found = given.probe(2, "synapses[1].g");
    given.run(20, quietly);
    CHECK(found->values == expected->values);
}
