// SPDX-License-Identifier: MIT

/// What channels do in a network: tabulated rates and their parameters, single precision at extreme voltages.

#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace channels_tests {

using namespace hillock;
using cells::complaint;

namespace {

/// A channel of one gate, which approaches 1/4 in 10 ms at any voltage.
template <class T>
struct basic_one_gate {
    T g = 1e-4;
    struct State {
        T x;
    };
    static constexpr std::string_view name = "OneGate";
    static constexpr auto parameters() {
        return std::array{Field{"g", "S/cm2", &basic_one_gate::g, Allowed::non_negative}};
    }
    static constexpr auto states() { return std::array{Field{"x", "", &State::x}}; }
    auto rates(T) const { return std::tuple{Gate<T>(T(0.25), T(0.1))}; }
    Current<T> current(T, State const& s) const { return ohmic(g * s.x, T(-65)); }
};

/// The same, but its states go from step to step by themselves, whatever its rates say: x doubles in 10 ms.
template <class T>
struct basic_doubling : basic_one_gate<T> {
    using State = typename basic_one_gate<T>::State;
    static constexpr std::string_view name = "Doubling";
    static constexpr auto parameters() {
        return std::array{Field{"g", "S/cm2", &basic_doubling::g, Allowed::non_negative}};
    }
    State initial(T) const { return {T(0.125)}; }
    void advance(State& s, T, T dt) const { s.x = s.x * exp(std::log(2.) / 10, dt); }
};

}  // namespace

TEST_CASE("a channel of one gate, and one that advances by itself though it has rates") {
    using Gated = cells::Soma<basic_one_gate<double>>;
    using Doubling = cells::Soma<basic_doubling<double>>;
    Network<Gated, Doubling> net;
    auto const gated = net.add<Gated>(11), doubling = net.add<Doubling>(3);
    net.set(gated, "x", [](Gid gid) { return 0.05 * gid; });
    net.run(10, cells::quietly);
    for (Gid gid = 0; gid < 11; ++gid)
        CHECK(net.get(gid, "x") ==
              doctest::Approx(0.25 + (0.05 * gid - 0.25) * std::exp(-1.)).epsilon(1e-12));
    for (Gid gid = 11; gid < 14; ++gid) CHECK(net.get(gid, "x") == doctest::Approx(0.25).epsilon(1e-12));
}

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

}  // namespace channels_tests
