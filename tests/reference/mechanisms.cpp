// SPDX-License-Identifier: MIT

/// The library of mechanisms against NEURON (data/mechanisms.txt, by make_mechanisms.py), within 1e-6 mV.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace mechanisms_tests {

using namespace hillock;
using cells::quietly;

namespace {

/// A soma and a dendrite with every mechanism, of which none has a conductance.
struct Zoo : Cell<Zoo> {
    Section soma{"soma"}, dend{"dend"};
    Subset all;

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() { all = {soma, dend}; }
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 100, dend.diam = 2, dend.nseg = 2;
        soma.Ra = dend.Ra = 100;
    }
    auto define_biophysics() {
        return biophysics(
            insert(all, Passive{.g = 1e-4, .e = -65}), insert(all, TransientSodium{.gbar = 0}),
            insert(all, PersistentSodium{.gbar = 0}), insert(all, FastPotassium{.gbar = 0}),
            insert(all, SlowPotassium{.gbar = 0}), insert(all, Kv2{.gbar = 0}), insert(all, Kv3{.gbar = 0}),
            insert(all, Kv7{.gbar = 0}), insert(all, MCurrent{.gbar = 0}), insert(all, DCurrent{.gbar = 0}),
            insert(all, ACurrent{.gbar = 0}), insert(all, HCurrent{.gbar = 0}),
            insert(all, HighThresholdCalcium{.gbar = 0}), insert(all, LowThresholdCalcium{.gbar = 0}),
            insert(all, TCurrent{.gbar = 0}), insert(all, TPermeability{.pbar = 0}),
            insert(all, LPermeability{.pbar = 0}), insert(all, CalciumPool{}), insert(all, SK{.gbar = 0}),
            insert(all, GoldmanLeak{.g = 0}));
    }
    auto create_synapses() {
        return synapses(place(Nmda{}, dend(0.25)), place(GabaB{}, dend(0.25)), place(Ampa{}, dend(0.25)));
    }
};

/// A single compartment in which SK sees calcium after or before its pool has taken up the step's current.
template <bool pool_first>
struct Ordered : Cell<Ordered<pool_first>> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        auto const leak = insert(soma, Passive{.g = 1e-4, .e = -65});
        auto const sodium = insert(soma, TransientSodium{.gbar = 0.15});
        auto const potassium = insert(soma, Kv3{.gbar = 0.02});
        auto const calcium = insert(soma, LPermeability{.pbar = 2e-5});
        auto const pool = insert(soma, CalciumPool{});
        auto const sk = insert(soma, SK{.gbar = 2e-3});
        if constexpr (pool_first)
            return biophysics(leak, sodium, potassium, calcium, pool, sk);
        else
            return biophysics(leak, sodium, potassium, calcium, sk, pool);
    }
    auto create_synapses() { return synapses(); }
};

/// The rows of data/mechanisms.txt of one kind: a name and voltages.
std::vector<std::pair<std::string, std::vector<double>>> rows(std::string_view wanted) {
    std::vector<std::pair<std::string, std::vector<double>>> all;
    std::ifstream file("reference/data/mechanisms.txt");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string kind, name;
        words >> kind >> name;
        if (kind != wanted) continue;
        all.push_back({name, {}});
        for (double v; words >> v;) all.back().second.push_back(v);
    }
    return all;
}

/// The largest difference from a trace of which one number in `every` is known.
double difference(Trace const& trace, std::vector<double> const& known, std::size_t every) {
    double largest = 0;
    REQUIRE(trace.values.size() > (known.size() - 1) * every);
    for (std::size_t k = 0; k < known.size(); ++k)
        largest = std::max(largest, std::abs(trace.values[k * every] - known[k]));
    return largest;
}

template <class C>
void check_ordered(Network<C>& net, std::vector<double> const& known) {
    net.template add<C>(1);
    net.set(net.cells(), "celsius", 34);
    net.stimulate(net.cells(), IClamp{.delay = 10, .dur = 250, .amp = 0.2});
    auto const trace = net.probe(0, "v");
    net.run(200.1, quietly);
    CHECK(difference(*trace, known, 200) < 1e-6);
}

}  // namespace

TEST_CASE("every mechanism of the library gives NEURON's trace") {
    struct Switch {
        std::string_view name;
        double value;
    };
    std::vector<Switch> const on{
        {"TransientSodium.gbar", 0.02},
        {"PersistentSodium.gbar", 2e-4},
        {"FastPotassium.gbar", 0.01},
        {"SlowPotassium.gbar", 2e-3},
        {"Kv2.gbar", 2e-3},
        {"Kv3.gbar", 2e-3},
        {"Kv7.gbar", 1e-3},
        {"MCurrent.gbar", 1e-3},
        {"DCurrent.gbar", 1e-3},
        {"ACurrent.gbar", 2e-3},
        {"HCurrent.gbar", 5e-4},
        {"HighThresholdCalcium.gbar", 5e-4},
        {"LowThresholdCalcium.gbar", 1e-3},
        {"TCurrent.gbar", 1e-3},
        {"TPermeability.pbar", 1e-4},
        {"LPermeability.pbar", 5e-5},
        {"SK.gbar", 5e-3},
        {"GoldmanLeak.g", 2e-4},
    };
    std::vector<double> const weights{0.002, 5, 0.002};
    Network<Zoo> net;
    auto const known = rows("zoo");
    REQUIRE(known.size() == on.size() + weights.size());
    net.add<Zoo>(known.size());
    net.set(net.cells(), "celsius", 34);
    std::vector<std::shared_ptr<Trace const>> traces;
    for (Gid gid = 0; gid < known.size(); ++gid) {
        Cells const cell(gid);
        if (gid < on.size()) {
            CHECK(on[gid].name.substr(0, on[gid].name.find('.')) == known[gid].first);
            net.set(cell, on[gid].name, on[gid].value);
            if (known[gid].first == "SK") net.set(cell, "HighThresholdCalcium.gbar", 1e-4);
        } else {
            auto const synapse = static_cast<int>(gid - on.size());
            net.stimulate(cell, SpikeTimes{{5, 20, 50, 52}},
                          {.synapse = synapse, .weight = weights[gid - on.size()], .delay = 1});
        }
        traces.push_back(net.probe(gid, "dend(0.75).v"));
    }
    net.stimulate(net.cells(), IClamp{.delay = 10, .dur = 30, .amp = -0.08});
    net.stimulate(net.cells(), IClamp{.delay = 40, .dur = 40, .amp = 0.15});
    net.run(110.1, quietly);
    for (std::size_t k = 0; k < known.size(); ++k) {
        INFO(known[k].first);
        CHECK(difference(*traces[k], known[k].second, 100) < 1e-6);
    }
}

TEST_CASE("mechanisms advance in the order in which they are listed") {
    auto const known = rows("ordered");
    REQUIRE(known.size() == 2);
    Network<Ordered<true>> after;
    Network<Ordered<false>> before;
    check_ordered(after, known[0].second);
    check_ordered(before, known[1].second);
}

}  // namespace mechanisms_tests
