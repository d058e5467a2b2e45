// SPDX-License-Identifier: MIT
#pragma once

#include <hillock/hillock.hpp>

namespace hk = hillock;

struct ConnorStevensCell : hk::Cell<ConnorStevensCell> {
    hk::Section soma{"soma"};

    constexpr auto create_sections() { return hk::sections(soma); }
    constexpr void build_topology() {}
    constexpr void build_subsets() {}
    constexpr void define_geometry() { soma.L = soma.diam = 15; }
    constexpr auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::ConnorStevens{})); }
    constexpr auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)));
    }
};

/// The spikes of ten stimulated cells.
inline hk::Raster some_spikes() {
    hk::Network<ConnorStevensCell> net;
    auto cells = net.add<ConnorStevensCell>(10);
    net.stimulate(cells, hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                  {.synapse = 0, .weight = 5e-3, .delay = 1});
    return net.run(20);
}

/// The same, called in other.cpp.
hk::Raster spikes_of_the_other_unit();
