// SPDX-License-Identifier: MIT
#pragma once

#include <hillock/hillock.hpp>

/// The tutorial's cell: a soma of 15 x 15 um with a channel, and two synapses, 0 excitatory and 1 inhibitory.
template <class Channel>
struct TutorialCell : hillock::Cell<TutorialCell<Channel>> {
    hillock::Section soma{"soma"};

    auto create_sections() { return hillock::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hillock::biophysics(hillock::insert(soma, Channel{})); }
    auto create_synapses() {
        return hillock::synapses(
            hillock::place(hillock::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)),
            hillock::place(hillock::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)));
    }
};
