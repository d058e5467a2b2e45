// SPDX-License-Identifier: MIT

/// A point neuron of your own, to copy: a leaky integrator whose threshold each of its spikes raises. Many of
/// them excite a few conductance-based interneurons, which silence them for some milliseconds: the two make a
/// rhythm. Prints the rates of both, and draws their spikes as 15_own_neuron.png.

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// v' = (e - v)/tau, th' = -th/tau_th; a spike where v >= v_th + th: v = e, th += raise. An event of weight w
/// (mV) makes v jump. Exact between steps.
template <class T>  // one number, or as many as a vector register holds
struct basic_tiring : hk::PointCell<basic_tiring<T>> {
    T tau = 15, tau_th = 80, e = -65, v_th = -50, raise = 1;  // ms and mV: only members of type T
    T decay = 1, decay_th = 1;                                // derived

    struct State {
        T v, th;
    };

    static constexpr std::string_view name = "Tiring";
    static constexpr auto parameters() {
        using Me = basic_tiring;
        return std::array{hk::Field{"tau", "ms", &Me::tau, hk::Allowed::positive},
                          hk::Field{"tau_th", "ms", &Me::tau_th, hk::Allowed::positive},
                          hk::Field{"e", "mV", &Me::e}, hk::Field{"v_th", "mV", &Me::v_th},
                          hk::Field{"raise", "mV", &Me::raise}};
    }
    static constexpr auto states() {
        return std::array{hk::Field{"v", "mV", &State::v}, hk::Field{"th", "mV", &State::th}};
    }
    void prepare(double dt) { decay = std::exp(-dt / tau), decay_th = std::exp(-dt / tau_th); }

    void receive(State& s, T weight) const { s.v += weight; }  // called in every step, mostly with 0
    void advance(State& s, T, T) const {
        s.v = e + (s.v - e) * decay;
        s.th *= decay_th;
    }
    auto fire(State& s) const {
        auto const fires = s.v >= v_th + s.th;
        s.v = hk::choose(fires, e, s.v);
        s.th = hk::choose(fires, s.th + raise, s.th);
        return fires;
    }
};
using Tiring = basic_tiring<double>;

struct Interneuron : hk::Cell<Interneuron> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::WangBuzsaki{})); }
    auto create_synapses() { return hk::synapses(hk::place(hk::ExpSyn{.tau = 2, .e = 0}, soma(0.5))); }
};

int main(int argc, char** argv) {
    std::size_t cells = 160;
    double tstop = 400;
    CLI::App app{"A point neuron of your own beside conductance-based cells: prints rates, draws spikes."};
    app.add_option("--cells", cells, "how many there are of your neuron; a quarter as many interneurons")
        ->check(CLI::Range(8, 1000000))
        ->capture_default_str();
    app.add_option("--tstop", tstop, "duration in ms")
        ->check(CLI::Range(1., 1e6))
        ->check(is_number)
        ->capture_default_str();
    return run_program(app, argc, argv, [&] {
        auto const share = 160. / static_cast<double>(cells);  // of each connection: inputs stay alike
        hk::Network<Tiring, Interneuron> net({.dt = 0.1});
        auto const tiring = net.add<Tiring>(cells);
        auto const inhibitory = net.add<Interneuron>(cells / 4);
        net.set(tiring, "v", [](hk::Gid gid) { return -65. + gid * 7 % 15; });
        net.stimulate(tiring, hk::Poisson{.rate = 2500}, {.weight = 0.8});
        net.connect(tiring, inhibitory, hk::pairwise_probability(0.3), {.weight = 4e-5 * share, .delay = 1.});
        net.connect(inhibitory, tiring, hk::pairwise_probability(0.3), {.weight = -4 * share, .delay = 1.});

        auto const spikes = net.run(tstop);
        std::array<std::size_t, 2> counts{};
        for (auto const& spike : spikes) ++counts[tiring.contains(spike.gid) ? 0 : 1];
        auto const rate = [&](std::size_t count, hk::Cells const& of) {
            return 1e3 * static_cast<double>(count) / (static_cast<double>(of.size()) * tstop);
        };
        fmt::print("your neurons {:5.1f} spikes/s, interneurons {:5.1f} spikes/s\n", rate(counts[0], tiring),
                   rate(counts[1], inhibitory));
        auto const picture = hk::plot::raster("15_own_neuron.png", spikes,
                                              {{"your neurons", tiring}, {"interneurons", inhibitory}});
        fmt::print("{}\n", picture.message());
    });
}
