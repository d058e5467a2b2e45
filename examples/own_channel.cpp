// SPDX-License-Identifier: MIT

/// A channel of your own, to copy: the M current, a slow potassium current that makes a cell fire less and
/// less under a constant input. Writes own_channel.png, the voltage of a cell without it and of one with it.

#include <array>
#include <string_view>
#include <tuple>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>
#include <hillock/model/verify.hpp>

namespace hk = hillock;

/// i = g p (V - ek), with p of Yamada, Koch & Adams (1989), as in Pospischil et al., Biol Cybern 99:427
/// (2008).
template <class T>  // one number, or as many as a vector register holds
struct basic_m_current {
    T g = 3e-4;
    T ek = -90;
    T tau_max = 1000;  // only members of type T

    struct State {
        T p;
    };

    static constexpr std::string_view name = "MCurrent";
    static constexpr auto parameters() {
        return std::array{hk::Field{"g", "S/cm2", &basic_m_current::g, hk::Allowed::non_negative},
                          hk::Field{"ek", "mV", &basic_m_current::ek},
                          hk::Field{"tau_max", "ms", &basic_m_current::tau_max, hk::Allowed::positive}};
    }
    static constexpr auto states() { return std::array{hk::Field{"p", "", &State::p}}; }

    auto rates(T v) const {  // one gate for each state: V in mV, tau in ms
        T const inf = hk::sigmoid((v + 35) * 0.1);
        T const tau = tau_max / (3.3 * hk::exp(1 / 20., v + 35) + hk::exp(-1 / 20., v + 35));
        return std::tuple{hk::steady_state(inf, tau)};
    }
    hk::Current<T> current(T, State const& s) const { return hk::ohmic(g * s.p, ek); }
};
using MCurrent = basic_m_current<double>;

/// A soma that spikes, with as much of the M current as it is given.
struct AdaptingCell : hk::Cell<AdaptingCell> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 80; }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(soma, hk::TraubMiles{.el = -75}), hk::insert(soma, MCurrent{}));
    }
    auto create_synapses() { return hk::synapses(); }
};

int main(int argc, char** argv) {
    CLI::App app{"A channel of your own: writes own_channel.png, a cell without and with the M current."};
    CLI11_PARSE(app, argc, argv);
    try {
        hk::verify_channel(MCurrent{});  // throws if it breaks a rule; for your tests
        for (double const v : {-80., -60., -40., -20.}) {
            auto const [p] = MCurrent{}.rates(v);
            fmt::print("at {} mV: p_inf = {:.4f}, tau_p = {:.1f} ms\n", v, p.inf, p.tau());
        }
        // at -80 mV: p_inf = 0.0110, tau_p = 101.7 ms ...

        hk::Network<AdaptingCell> net;
        auto const cells = net.add<AdaptingCell>(2);
        net.set(cells[0], "MCurrent.g", 0);
        net.stimulate(cells, hk::IClamp{.delay = 50, .dur = 400, .amp = 1});
        auto const without = net.probe(cells[0], "v"), with = net.probe(cells[1], "v");
        std::array spikes{0, 0};
        for (auto const& spike : net.run(500)) ++spikes[spike.gid];
        fmt::print("spikes without the M current: {}, with it: {}\n", spikes[0], spikes[1]);

        auto const picture =
            hk::plot::lines("own_channel.png",
                            {{"without the M current", without->times, without->values},
                             {"with it", with->times, with->values}},
                            {.title = "An M current", .x = {"time (ms)"}, .y = {"V (mV)"}, .height = 500});
        fmt::print("{}\n", picture.message());
    } catch (std::exception const& error) {
        fmt::print(stderr, "own_channel: {}\n", error.what());
        return 1;
    }
}
