// SPDX-License-Identifier: MIT

/// Cells under currents far beyond physiology stay finite, where NEURON does.

#include <cmath>

#include <doctest/doctest.h>

#include <hillock/model/channel/connor_stevens.hpp>
#include <hillock/model/channel/hodgkin_huxley.hpp>
#include <hillock/model/channel/traub_miles.hpp>
#include <hillock/model/channel/wang_buzsaki.hpp>
#include <hillock/model/synapse/expsyn.hpp>
#include <hillock/network.hpp>

namespace extreme_currents_tests {

using namespace hillock;

namespace {

template <class Channel>
struct Soma : Cell<Soma<Channel>> {
    Section soma{"soma"};
    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() { return biophysics(insert(soma, Channel{})); }
    auto create_synapses() { return synapses(place(ExpSyn{.tau = 2}, soma(0.5))); }
};

/// V in mV after `duration` ms under a current of `amp` nA that begins at 1 ms.
template <class Net, class Channel>
double v_after(double duration, double amp) {
    Net net({.dt = 0.025});
    net.template add<Soma<Channel>>(1);
    net.stimulate(Cells(0), IClamp{.delay = 1, .dur = 200, .amp = amp});
    net.run(duration, {.progress = false});
    return net.get(0, "v");
}
template <class Channel>
double v_double(double duration, double amp) {
    return v_after<Network<Soma<Channel>>, Channel>(duration, amp);
}
template <class Channel>
double v_single(double duration, double amp) {
    return v_after<SingleNetwork<Soma<Channel>>, Channel>(duration, amp);
}

}  // namespace

// NEURON 8.2.2, exact rates.
TEST_CASE("strong negative currents: NEURON's voltages") {
    CHECK(std::abs(v_double<TraubMiles>(150, -0.15) + 298.596) < 1e-3);
    CHECK(std::abs(v_double<TraubMiles>(150, -0.5) + 855.313) < 1e-3);
    CHECK(std::abs(v_double<TraubMiles>(150, -1) + 1650.622) < 1e-3);
    CHECK(std::abs(v_double<TraubMiles>(150, -2) + 3241.242) < 1e-3);
    CHECK(std::abs(v_single<TraubMiles>(150, -0.15) + 298.596) < 0.02);
    CHECK(std::abs(v_single<TraubMiles>(150, -0.5) + 855.313) < 0.05);
    CHECK(std::abs(v_double<HodgkinHuxley>(25, -3) + 849.458) < 1e-3);
    CHECK(std::abs(v_double<HodgkinHuxley>(25, -20) + 5355.397) < 1e-3);
    CHECK(std::abs(v_single<HodgkinHuxley>(25, -3) + 849.458) < 0.05);
}

TEST_CASE_TEMPLATE("strong currents of either sign: V stays finite, and the same in either precision",
                   Channel, ConnorStevens, HodgkinHuxley, TraubMiles, WangBuzsaki) {
    for (double const amp : {-30., -10.}) {  // the leaks alone: more than 100 Mohm
        auto const v = v_double<Channel>(150, amp);
        CHECK(std::isfinite(v));
        CHECK(v < 100 * amp);
    }
    for (double const amp : {10., 30.}) {  // the potassium channels stay open
        auto const v = v_double<Channel>(150, amp);
        CHECK(v > -60);
        CHECK(v < 100 * amp);
    }
    for (double const amp : {-1., 1., 5.}) {
        auto const v = v_single<Channel>(150, amp), expected = v_double<Channel>(150, amp);
        CHECK(v == doctest::Approx(expected).epsilon(1e-3));
    }
}

}  // namespace extreme_currents_tests
