// SPDX-License-Identifier: MIT

/// The cell of the COBAHH benchmark (Brette et al., J Comput Neurosci 23:349, 2007), at every step, against
/// the equations integrated one by one as they stand in the paper, in long double.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "../cells.hpp"

namespace cobahh_cell_tests {

using namespace hillock;

namespace {

constexpr double area = 20'000;  // um2

struct CobahhCell : Cell<CobahhCell> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = std::sqrt(area / std::numbers::pi); }
    auto define_biophysics() { return biophysics(insert(soma, TraubMiles{})); }
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 5, .e = 0}, soma(0.5)),
                        place(ExpSyn{.tau = 10, .e = -80}, soma(0.5)));
    }
};

using Long = long double;

struct ByHand {
    Long dt, v, m = 0, h = 0, n = 0, g_exc = 0, g_inh = 0;
    Long m_inf = 0, m_rate = 0, h_inf = 0, h_rate = 0, n_inf = 0, n_rate = 0;

    ByHand(Long dt_, Long v_) : dt{dt_}, v{v_} {
        find_rates();
        m = m_inf, h = h_inf, n = n_inf;
    }

    void find_rates() {
        auto const trap = [](Long x, Long s) { return x == 0 ? s : x / std::expm1(x / s); };
        auto const u = v + 63;
        auto const gate = [](Long a, Long b, Long& inf, Long& rate) { inf = a / (a + b), rate = a + b; };
        gate(.32L * trap(13 - u, 4), .28L * trap(u - 40, 5), m_inf, m_rate);
        gate(.128L * std::exp((17 - u) / 18), 4 / (1 + std::exp((40 - u) / 5)), h_inf, h_rate);
        gate(.032L * trap(15 - u, 5), .5L * std::exp((10 - u) / 40), n_inf, n_rate);
    }

    void step(Long exc, Long inh) {
        g_exc += exc, g_inh += inh;
        auto const per_point = 100 / Long(area);
        auto const na = .1L * m * m * m * h, k = .03L * n * n * n * n, leak = 5e-5L;
        auto const exc_density = g_exc * per_point, inh_density = g_inh * per_point;
        auto const current =
            na * (v - 50) + k * (v + 90) + leak * (v + 60) + exc_density * v + inh_density * (v + 80);
        v -= current / (1e-3L / dt + na + k + leak + exc_density + inh_density);
        find_rates();
        m = m_inf + (m - m_inf) * std::exp(-dt * m_rate);
        h = h_inf + (h - h_inf) * std::exp(-dt * h_rate);
        n = n_inf + (n - n_inf) * std::exp(-dt * n_rate);
        g_exc *= std::exp(-dt / 5), g_inh *= std::exp(-dt / 10);
    }
};

}  // namespace

TEST_CASE("a COBAHH cell follows its equations through spikes and inhibition") {
    constexpr double dt = 0.025, v_init = -57.3;
    constexpr std::size_t steps = 4000;
    std::vector<std::array<double, 2>> arriving(steps +
                                                1);  // uS, on the excitatory and the inhibitory synapse
    std::vector<ExternalEvent> events;
    auto const arrive = [&](std::size_t step, int synapse, double weight) {
        arriving[step][static_cast<std::size_t>(synapse)] += weight;
        events.push_back({0, static_cast<double>(step) * dt, synapse, weight});
    };
    arrive(0, 0, 0.04), arrive(0, 1, 0.2);
    for (std::size_t k = 1; k < 90; ++k)
        arrive(k * 43, k % 4 == 3, k % 4 == 3 ? 0.067 : 0.006 * static_cast<double>(1 + k % 11));

    Network<CobahhCell> net({.dt = dt});
    net.add<CobahhCell>(1);
    net.set(0, "v_init", v_init);
    net.stimulate(events);
    auto const v = net.probe(0, "v"), m = net.probe(0, "m");
    auto const spikes = net.run(100, cells::quietly);
    CHECK(spikes.size() > 3);

    ByHand cell(dt, v_init);
    REQUIRE(v->values.size() == steps + 1);
    double error = 0;
    for (std::size_t k = 0; k < steps; ++k) {
        error = std::max({error, std::abs(v->values[k] - static_cast<double>(cell.v)),
                          std::abs(m->values[k] - static_cast<double>(cell.m))});
        cell.step(arriving[k][0], arriving[k][1]);
    }
    CHECK(error < 1e-9);
}

}  // namespace cobahh_cell_tests
