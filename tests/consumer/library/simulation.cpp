// SPDX-License-Identifier: MIT
#include <hillock/hillock.hpp>

#include "simulation.hpp"

namespace hk = hillock;

namespace {

struct PassiveCell : hk::Cell<PassiveCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::Passive{})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)));
    }
};

}  // namespace

template <class Machine>
struct Simulation<Machine>::Network {
    hk::Network<PassiveCell> net;
};

template <class Machine>
Simulation<Machine>::Simulation() : network_{new Network} {
    auto& net = network_->net;
    auto const cells = net.template add<PassiveCell>(10);
    net.set_threshold(cells, -50);
    net.stimulate(cells, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 50},
                  {.synapse = 0, .weight = 5e-3, .delay = 1});
    net.connect(cells, cells, hk::fixed_indegree(2), {.synapse = 0, .weight = 1e-3, .delay = 1});
}

template <class Machine>
Simulation<Machine>::~Simulation() = default;

template <class Machine>
std::vector<std::pair<double, unsigned>> Simulation<Machine>::run(double duration) {
    std::vector<std::pair<double, unsigned>> spikes;
    for (auto const& spike : network_->net.run(duration)) spikes.emplace_back(spike.time, spike.gid);
    return spikes;
}

template class Simulation<MACHINE>;
