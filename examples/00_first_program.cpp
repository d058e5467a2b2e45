// SPDX-License-Identifier: MIT
#include <hillock/hillock.hpp>
namespace hk = hillock;

struct ConnorStevensCell : hk::Cell<ConnorStevensCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}  // one compartment
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }  // um
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::ConnorStevens{})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)));
    }
};

int main() {
    hk::Network<ConnorStevensCell> net;
    auto const cells = net.add<ConnorStevensCell>(1000);
    net.stimulate(cells, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                  {.synapse = 0, .weight = 5e-3, .delay = 1});
    net.connect(cells.first(800), cells, hk::fixed_indegree(80),
                {.synapse = 0, .weight = 3e-3, .delay = 0.1, .threshold = -10});
    net.connect(cells.last(200), cells, hk::fixed_indegree(20),
                {.synapse = 1, .weight = 15e-3, .delay = 0.1, .threshold = -10});
    hk::write_spikes("spikes_1.dat", net.run(250));  // ms
}
