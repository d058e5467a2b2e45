// SPDX-License-Identifier: MIT

/// What channels do in a network: tabulated rates and their parameters, single precision at extreme voltages.

#include <cmath>

#include <doctest/doctest.h>

#include "../cells.hpp"

using namespace hillock;
using cells::complaint;

TEST_CASE("tabulated rates refuse a parameter for which they were not made, and take the others") {
    Network<cells::Soma<Tabulated<WangBuzsaki>>> net;
    auto const all = net.add<cells::Soma<Tabulated<WangBuzsaki>>>(3);
    CHECK(complaint([&] { net.set(all, "phi", 1); }) ==
          "WangBuzsaki.phi = 1: the rates are tabulated for 5; give the value where the channel is inserted");
    net.set(all, "phi", 5);
    net.set(1, "gnabar", 0.07);
    CHECK(net.get(1, "gnabar") == 0.07);
    CHECK(net.get(2, "gnabar") == 0.035);
    net.run(1, cells::quietly);
    CHECK(net.get(0, "v") == net.get(2, "v"));
    CHECK(net.get(0, "v") != net.get(1, "v"));
}

TEST_CASE("single precision follows double precision to strong hyperpolarisation") {
    for (double amp : {-0.1, -0.7, -1.}) {
        Network<cells::CS> exact;
        SingleNetwork<cells::CS> single;
        exact.stimulate(exact.add<cells::CS>(1), IClamp{.delay = 1, .dur = 30, .amp = amp});
        single.stimulate(single.add<cells::CS>(1), IClamp{.delay = 1, .dur = 30, .amp = amp});
        exact.run(25, cells::quietly);
        single.run(25, cells::quietly);
        CHECK(exact.get(0, "v") < -83);
        CHECK(single.get(0, "v") == doctest::Approx(exact.get(0, "v")).epsilon(1e-4));
    }
}
