// SPDX-License-Identifier: MIT
#pragma once

/// The cells and words that the tests of several stages share. Tests run in the folder `tests`.

#include <string>

#include <hillock/hillock.hpp>

namespace cells {

namespace hk = hillock;

/// The tutorial's cell: a soma of 15 x 15 um with a channel and two synapses.
template <class Channel>
struct Soma : hk::Cell<Soma<Channel>> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, Channel{})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = 0}, soma(0.5)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.1, .tau2 = 2, .e = -75}, soma(0.5)));
    }
};

using CS = Soma<hk::ConnorStevens>;
using WB = Soma<hk::WangBuzsaki>;
using HH = Soma<hk::HodgkinHuxley>;

/// A leak and one synapse of each kind: quick to compile and to run, and every quantity has a formula.
struct Leaky : hk::Cell<Leaky> {
    hk::Section soma{"soma"};

    static constexpr double L = 20, g = 1e-3, e = -70, cm = 1;
    static constexpr int exp2syn = 0, expsyn = 1, alphasyn = 2, expcurrent = 3;

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = L; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::Passive{.g = g, .e = e})); }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.5, .tau2 = 3, .e = 0}, soma(0.5)),
                            hk::place(hk::ExpSyn{.tau = 2, .e = 0}, soma(0.5)),
                            hk::place(hk::AlphaSyn{.tau = 1.5, .e = -80}, soma(0.5)),
                            hk::place(hk::ExpCurrent{.tau = 4}, soma(0.5)));
    }
};

/// What the library says of a mistake.
template <class F>
std::string complaint(F&& mistake) {
    try {
        mistake();
    } catch (hk::Error const& error) {
        return error.what();
    }
    return "(no complaint)";
}

/// A run that draws nothing on the terminal.
inline hk::RunOptions const quietly{.progress = false};

}  // namespace cells
