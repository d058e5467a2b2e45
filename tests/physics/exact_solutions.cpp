// SPDX-License-Identifier: MIT

/// Against solutions on paper: a passive membrane, the synapses' conductances, electrodes on the grid; and
/// the order in which the error falls with dt.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace exact_solutions_tests {

using namespace hillock;
using cells::Leaky;
using cells::quietly;

namespace {

constexpr double area = std::numbers::pi * Leaky::L * Leaky::L;  // um2
constexpr double tau = 1e-3 * Leaky::cm / Leaky::g;              // ms
constexpr double density = 100 / area;                           // per point quantity

/// V of a leaky cell from rest at `e`, every step, with whatever `drive(network)` does to it.
template <class Drive>
std::vector<double> voltage(double dt, double duration, Drive const& drive) {
    Network<Leaky> net({.dt = dt});
    auto const cell = net.add<Leaky>(1);
    net.set(cell, "v_init", Leaky::e);
    drive(net);
    auto const v = net.probe(0, "v");
    net.run(duration, quietly);
    return v->values;
}

/// The inward point current (nA) that took a leaky cell over each step.
std::vector<double> currents(std::vector<double> const& v, double dt) {
    std::vector<double> i;
    for (std::size_t k = 0; k + 1 < v.size(); ++k)
        i.push_back((1e-3 * Leaky::cm * (v[k + 1] - v[k]) / dt + Leaky::g * (v[k + 1] - Leaky::e)) / density);
    return i;
}

/// The order p of an error that behaves as dt^p, from its values at dt, dt/2, dt/4, ...
std::vector<double> orders(std::vector<double> const& errors) {
    std::vector<double> p;
    for (std::size_t k = 0; k + 1 < errors.size(); ++k)
        p.push_back(std::log2(std::abs(errors[k] / errors[k + 1])));
    return p;
}

/// The differences of successive values: proportional to the error of a sequence whose limit is unknown.
std::vector<double> differences(std::vector<double> const& values) {
    std::vector<double> d;
    for (std::size_t k = 0; k + 1 < values.size(); ++k) d.push_back(values[k + 1] - values[k]);
    return d;
}

void check_first_order(std::vector<double> const& errors, double within) {
    for (auto p : orders(errors)) {
        CHECK(p > 1 - within);
        CHECK(p < 1 + within);
        MESSAGE("order of convergence " << p);
    }
}

}  // namespace

TEST_CASE("a current step onto a passive membrane") {
    double const amp = 0.1, steady = amp * density / Leaky::g;  // mV above rest
    auto const step = [&](auto& net) { net.stimulate(Cells(0), IClamp{.delay = 0, .dur = 1e9, .amp = amp}); };

    SUBCASE("is implicit Euler's solution at every step") {
        double const dt = 0.05;
        auto const v = voltage(dt, 10, step);
        REQUIRE(v.size() == 201);
        double largest = 0;
        for (std::size_t k = 0; k < v.size(); ++k)
            largest = std::max(
                largest,
                std::abs(v[k] - (Leaky::e + steady * (1 - std::pow(1 + dt / tau, -static_cast<double>(k))))));
        CHECK(largest < 1e-11);
        CHECK(steady > 5);
    }
    SUBCASE("tends to the exponential with order 1 in dt") {
        std::vector<double> errors;
        for (double dt : {0.1, 0.05, 0.025, 0.0125, 0.00625})
            errors.push_back(voltage(dt, tau, step).back() - (Leaky::e + steady * (1 - std::exp(-1))));
        check_first_order(errors, 0.04);
        CHECK(std::abs(errors.back()) < 0.002 * steady);
    }
}

TEST_CASE("an electrode is on while delay <= t + dt/2 < delay + dur") {
    struct Case {
        double delay, dur;
        std::size_t first, last;  // steps [first, last)
    };
    double const dt = 0.1;
    for (auto const& each :
         {Case{0, 0.5, 0, 5}, Case{0.3, 0.4, 3, 7}, Case{0.35, 0.4, 3, 7}, Case{0.36, 0.4, 4, 8},
          Case{0.35, 0.41, 3, 8}, Case{0.34, 0.4, 3, 7}, Case{0.3, 0, 3, 3}, Case{0.36, 0.08, 4, 4},
          Case{0.31, 0.08, 3, 4}, Case{-1, 1.2, 0, 2}, Case{1.15, 1e9, 11, 20}, Case{0.05, 0.1, 0, 1}}) {
        CAPTURE(each.delay);
        CAPTURE(each.dur);
        IClamp const clamp{.delay = each.delay, .dur = each.dur, .amp = 0.25};
        auto const i = currents(voltage(dt, 2, [&](auto& net) { net.stimulate(Cells(0), clamp); }), dt);
        REQUIRE(i.size() == 20);
        for (std::size_t k = 0; k < i.size(); ++k) {
            CAPTURE(k);
            CHECK(i[k] ==
                  doctest::Approx(k >= each.first && k < each.last ? 0.25 : 0).scale(1).epsilon(1e-10));
        }
    }
}

TEST_CASE("currents of several electrodes in a cell add up") {
    double const dt = 0.1;
    auto const i =
        currents(voltage(dt, 1,
                         [](auto& net) {
                             net.stimulate(Cells(0), IClamp{.delay = 0.2, .dur = 0.5, .amp = 0.5});
                             net.stimulate(Cells(0), IClamp{.delay = 0.4, .dur = 0.5, .amp = -0.25});
                         }),
                 dt);
    std::array const expected{0., 0., 0.5, 0.5, 0.25, 0.25, 0.25, -0.25, -0.25, 0.};
    REQUIRE(i.size() == expected.size());
    for (std::size_t k = 0; k < i.size(); ++k)
        CHECK(i[k] == doctest::Approx(expected[k]).scale(1).epsilon(1e-10));
}

TEST_CASE("conductances of the synapses follow their curves at every step, over two events") {
    double const dt = 0.025, w = 3e-3;
    auto const exp2syn = [](double t) {
        double const t1 = 0.5, t2 = 3, peak = t1 * t2 / (t2 - t1) * std::log(t2 / t1);
        return (std::exp(-t / t2) - std::exp(-t / t1)) / (std::exp(-peak / t2) - std::exp(-peak / t1));
    };
    auto const expsyn = [](double t) { return std::exp(-t / 2); };
    auto const alphasyn = [](double t) { return t / 1.5 * std::exp(1 - t / 1.5); };
    auto const expcurrent = [](double t) { return std::exp(-t / 4); };

    auto const follows = [&](int synapse, char const* variable, auto&& curve) {
        CAPTURE(variable);
        Network<Leaky> net({.dt = dt});
        net.add<Leaky>(3);
        net.stimulate(std::vector<ExternalEvent>{{1, 1, synapse, w}, {1, 2.5, synapse, 2 * w}});
        auto const g = net.probe(1, variable);
        net.run(20, quietly);
        REQUIRE(g->values.size() == 801);
        double largest = 0;
        for (std::size_t k = 0; k < g->values.size(); ++k) {
            auto const t = static_cast<double>(k) * dt;
            // an event at t acts from the step that begins at t, whose probe is read before
            auto const expected = (k > 40 ? curve(t - 1) : 0) + (k > 100 ? 2 * curve(t - 2.5) : 0);
            largest = std::max(largest, std::abs(g->values[k] / w - expected));
        }
        CHECK(largest < 1e-12);
    };
    follows(Leaky::exp2syn, "synapses[0].g", exp2syn);
    follows(Leaky::expsyn, "synapses[1].g", expsyn);
    follows(Leaky::alphasyn, "synapses[2].g", alphasyn);
    follows(Leaky::expcurrent, "synapses[3].i", expcurrent);
}

TEST_CASE("the peak of one event's conductance is its weight") {
    double const w = 2e-3, exp2syn_peak = 0.5 * 3 / 2.5 * std::log(6.);
    auto const peak = [&](int synapse, std::string const& variable, double dt) {
        Network<Leaky> net({.dt = dt});
        net.add<Leaky>(1);
        net.stimulate({{0, 0, synapse, w}});
        auto const g = net.probe(0, variable);
        net.run(200 * dt, quietly);
        auto const at = std::max_element(g->values.begin(), g->values.end());
        CHECK(at - g->values.begin() == 100);
        return *at;
    };
    CHECK(peak(Leaky::exp2syn, "synapses[0].g", exp2syn_peak / 100) == doctest::Approx(w).epsilon(1e-12));
    CHECK(peak(Leaky::alphasyn, "synapses[2].g", 1.5 / 100) == doctest::Approx(w).epsilon(1e-12));
}

TEST_CASE("synaptic currents: g (V - e) at the new V for conductances, i for currents") {
    double const dt = 0.05, w = 4e-3;
    auto const check_current = [&](int synapse, auto&& expected) {
        auto const v = voltage(dt, 5, [&](auto& net) { net.stimulate({{0, 1, synapse, w}}); });
        auto const i = currents(v, dt);
        double largest = 0, greatest = 0;
        for (std::size_t k = 0; k < i.size(); ++k) {
            // within step k the synapse stands as it did when the step began, event of that step included
            auto const since = static_cast<double>(k) * dt - 1;
            auto const exact = k < 20 ? 0 : expected(since, v[k + 1]);
            largest = std::max(largest, std::abs(i[k] - exact));
            greatest = std::max(greatest, std::abs(exact));
        }
        CHECK(largest < 1e-10 * greatest + 1e-13);
        CHECK(greatest > 1e-3);
    };
    check_current(Leaky::expsyn, [&](double t, double v) { return w * std::exp(-t / 2) * (0 - v); });
    check_current(Leaky::alphasyn,
                  [&](double t, double v) { return w * t / 1.5 * std::exp(1 - t / 1.5) * (-80 - v); });
    check_current(Leaky::expcurrent, [&](double t, double) { return w * std::exp(-t / 4); });
}

TEST_CASE("a current-based synapse onto a passive membrane, order 1 in dt") {
    double const w = 0.5, tau_syn = 4, t = 3;
    auto const exact = Leaky::e + w * density / Leaky::g * tau_syn / (tau_syn - tau) *
                                      (std::exp(-t / tau_syn) - std::exp(-t / tau));
    std::vector<double> errors;
    for (double dt : {0.05, 0.025, 0.0125, 0.00625})
        errors.push_back(voltage(dt, t,
                                 [&](auto& net) {
                                     net.stimulate({{0, 0, Leaky::expcurrent, w}});
                                 })
                             .back() -
                         exact);
    check_first_order(errors, 0.05);
    CHECK(std::abs(errors.back()) < 0.05);
}

TEST_CASE("Connor-Stevens below threshold: order 1 in dt") {
    std::vector<double> v;
    for (double dt : {0.1, 0.05, 0.025, 0.0125, 0.00625}) {
        Network<cells::CS> net({.dt = dt});
        auto const cell = net.add<cells::CS>(1);
        net.stimulate(cell, IClamp{.delay = 0, .dur = 100, .amp = 0.02});
        CHECK(net.run(4, quietly).empty());
        v.push_back(net.get(0, "v"));
    }
    check_first_order(differences(v), 0.15);
}

TEST_CASE("Hodgkin-Huxley: the time of the first spike, order 1 in dt") {
    std::vector<double> times;
    for (double dt : {0.02, 0.01, 0.005, 0.0025, 0.00125}) {
        Network<cells::HH> net({.dt = dt});
        auto const cell = net.add<cells::HH>(1);
        net.set_threshold(cell, 0);
        net.stimulate(cell, IClamp{.delay = 1, .dur = 100, .amp = 0.1});
        auto const v = net.probe(0, "v");
        auto const spikes = net.run(12, quietly);
        REQUIRE(!spikes.empty());
        auto const k = static_cast<std::size_t>(std::lround(spikes.front().time / dt));
        REQUIRE(v->values[k] > 0);
        REQUIRE(v->values[k - 1] <= 0);
        times.push_back((static_cast<double>(k) - v->values[k] / (v->values[k] - v->values[k - 1])) *
                        dt);  // between the steps
    }
    check_first_order(differences(times), 0.15);
    CHECK(times.back() == doctest::Approx(times.front()).epsilon(0.02));
}

}  // namespace exact_solutions_tests
