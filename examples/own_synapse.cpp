// SPDX-License-Identifier: MIT

/// A synapse of your own, to copy: NMDA receptors, which magnesium blocks unless the cell is depolarised.
/// Prints the current 1 ms after an event at several voltages.

#include <array>
#include <cmath>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/hillock.hpp>
#include <hillock/model/verify.hpp>

namespace hk = hillock;

/// i = g B(V) (V - e), g' = -g/tau; an event of weight w (uS): g += w. The block B by mg (mM) of magnesium is
/// that of Jahr & Stevens, J Neurosci 10:3178 (1990).
template <class T>  // one number, or as many as a vector register holds
struct basic_nmda {
    T tau = 80;
    T e = 0;
    T mg = 1;  // only members of type T

    T decay = 1;  // derived: exp(-dt/tau)

    struct State {
        T g;
    };

    static constexpr std::string_view name = "NMDA";
    static constexpr auto parameters() {
        return std::array{hk::Field{"tau", "ms", &basic_nmda::tau, hk::Allowed::positive},
                          hk::Field{"e", "mV", &basic_nmda::e},
                          hk::Field{"mg", "mM", &basic_nmda::mg, hk::Allowed::non_negative}};
    }
    static constexpr auto states() { return std::array{hk::Field{"g", "uS", &State::g}}; }

    void prepare(double dt) { decay = std::exp(-dt / tau); }

    void receive(State& s, T weight) const { s.g += weight; }  // called in every step, mostly with 0
    hk::Current<T> current(T v, State const& s) const {
        return hk::ohmic(s.g / (1 + mg / 3.57 * hk::exp(-0.062, v)), e);
    }
    void advance(State& s, T) const { s.g *= decay; }
};
using NMDA = basic_nmda<double>;

/// A soma that a large leak holds at a voltage.
struct HeldCell : hk::Cell<HeldCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::Passive{.g = 0.1})); }
    auto create_synapses() { return hk::synapses(hk::place(NMDA{}, soma(0.5))); }
};

int main(int argc, char** argv) {
    CLI::App app{"A synapse of your own: prints the current of NMDA receptors at several voltages."};
    CLI11_PARSE(app, argc, argv);
    try {
        hk::verify_synapse(NMDA{});  // throws if it breaks a rule; for your tests

        std::array const held{-80., -60., -40., -20., 20.};  // mV
        hk::Network<HeldCell> net;
        auto const cells = net.add<HeldCell>(held.size());
        for (std::size_t k = 0; k < held.size(); ++k) {
            net.set(cells[k], "Passive.e", held[k]);
            net.set(cells[k], "v_init", held[k]);
        }
        net.stimulate(cells, hk::SpikeTimes{{10}}, {.synapse = 0, .weight = 1e-3, .delay = 1});
        net.run(12, {.progress = false});
        for (std::size_t k = 0; k < held.size(); ++k) {
            auto const g = net.get(cells[k], "synapses[0].g"), v = net.get(cells[k], "v");
            auto const i = NMDA{}.current(v, {g});
            fmt::print("at {:6.2f} mV: {:6.2f} pA\n", v, 1e3 * (i.g * v - i.ge));
        }
        // at -80.00 mV:  -1.93 pA ...
    } catch (std::exception const& error) {
        fmt::print(stderr, "own_synapse: {}\n", error.what());
        return 1;
    }
}
