// SPDX-License-Identifier: MIT

/// The helper for users' own mechanisms: quiet about ours, and a sentence for each rule that is broken.

#include <array>
#include <string>
#include <string_view>
#include <tuple>

#include <doctest/doctest.h>

#include <hillock/model/channel/connor_stevens.hpp>
#include <hillock/model/channel/hodgkin_huxley.hpp>
#include <hillock/model/channel/passive.hpp>
#include <hillock/model/channel/traub_miles.hpp>
#include <hillock/model/channel/wang_buzsaki.hpp>
#include <hillock/model/synapse/alphasyn.hpp>
#include <hillock/model/synapse/exp2syn.hpp>
#include <hillock/model/synapse/expcurrent.hpp>
#include <hillock/model/synapse/expsyn.hpp>
#include <hillock/model/synapse/gaba_a.hpp>
#include <hillock/model/synapse/tsodyks_markram.hpp>
#include <hillock/model/verify.hpp>

namespace verify_tests {

using namespace hillock;

namespace {

enum class Fault { none, forgets, saturates, grows, counts_lanes, repeats_name, illegal_default };

/// A conductance that jumps and decays, with one of the faults.
template <Fault fault>
struct Faulty {
    template <class T>
    struct Synapse {
        T tau = fault == Fault::illegal_default ? -2 : 2;
        struct State {
            T g, h;
        };

        static constexpr std::string_view name = "Faulty";
        static constexpr auto parameters() {
            return std::array{Field{"tau", "ms", &Synapse::tau, Allowed::positive}};
        }
        static constexpr auto states() {
            return std::array{Field{fault == Fault::repeats_name ? "tau" : "g", "uS", &State::g},
                              Field{"h", "", &State::h}};
        }
        void receive(State& s, T weight) const {
            if constexpr (fault == Fault::forgets)
                s.h *= T(0.5f);
            else if constexpr (fault == Fault::saturates)
                s.h += weight * (1 - s.h);
            s.g += weight;
        }
        Current<T> current(T, State const& s) const { return ohmic(s.g, T(0)); }
        void advance(State& s, T dt) const {
            s.g -= s.g * dt / tau;
            if constexpr (fault == Fault::grows) s.g *= T(1000);
            if constexpr (fault == Fault::counts_lanes) s.h += T(static_cast<float>(T::width));
        }
    };
};

template <Fault fault>
std::string complaint() {
    try {
        verify_synapse(typename Faulty<fault>::template Synapse<double>{});
    } catch (Error const& error) {
        return error.what();
    }
    return "none";
}

/// A synapse whose connections lose what they divide by.
template <class T>
struct basic_exhausted {
    T tau = 3;
    struct State {
        T g;
    };
    struct Connection {
        T weight, rest;
    };

    static constexpr std::string_view name = "Exhausted";
    static constexpr auto parameters() { return std::array{Field{"tau", "ms", &basic_exhausted::tau}}; }
    static constexpr auto states() { return std::array{Field{"g", "uS", &State::g}}; }
    static constexpr auto connection() {
        return std::array{Field{"weight", "uS", &Connection::weight}, Field{"rest", "", &Connection::rest}};
    }
    void begin(Connection& c) const { c.rest = 2; }
    template <class At>
    void receive(State& s, Connection& c, At&) const {
        s.g += c.weight / c.rest;
        c.rest = 1 / (c.rest - 1);
    }
    Current<T> current(T, State const& s) const { return ohmic(s.g, T(0)); }
    void advance(State& s, T dt) const { s.g -= s.g * dt / tau; }
};

/// A delayed rectifier whose rate is not defined above some voltage.
template <class T>
struct basic_broken {
    T last = 50;
    struct State {
        T n;
    };

    static constexpr std::string_view name = "Broken";
    static constexpr auto parameters() { return std::array{Field{"last", "mV", &basic_broken::last}}; }
    static constexpr auto states() { return std::array{Field{"n", "", &State::n}}; }
    auto rates(T v) const { return std::tuple{gate(sqrt(last - v), T(1))}; }
    Current<T> current(T, State const& s) const { return ohmic(s.n, T(-77)); }
};

}  // namespace

TEST_CASE("our own mechanisms keep the rules") {
    verify_channel(ConnorStevens{});
    verify_channel(HodgkinHuxley{.celsius = 20});
    verify_channel(Passive{});
    verify_channel(TraubMiles{});
    verify_channel(WangBuzsaki{});
    verify_synapse(AlphaSyn{});
    verify_synapse(Exp2Syn{});
    verify_synapse(ExpCurrent{});
    verify_synapse(ExpSyn{.tau = 100}, 0.1);
    verify_synapse(GabaA{});
    verify_synapse(TsodyksMarkramSyn{.tau_fac = 100});
}

TEST_CASE("a connection whose numbers do not stay finite is told which") {
    std::string message = "none";
    try {
        verify_synapse(basic_exhausted<double>{});
    } catch (Error const& error) {
        message = error.what();
    }
    CHECK(message == "Exhausted: rest of a connection becomes inf");
}

TEST_CASE("a synapse that breaks a rule is told which") {
    CHECK(complaint<Fault::none>() == "none");
    CHECK(complaint<Fault::forgets>() == "Faulty: receive(s, 0) changes h from 0.25 to 0.125: it is called "
                                         "in every step, with 0 where nothing "
                                         "arrives, and must change nothing then");
    CHECK(complaint<Fault::saturates>() ==
          "Faulty: receive(s, 0.5) and receive(s, 0.25) leave h = 0.625, receive(s, 0.75) leaves 0.75: the "
          "events "
          "of a step arrive as one summed weight, so receive must be additive");
    CHECK(complaint<Fault::grows>() ==
          "Faulty: g becomes inf after 114 steps of 0.025 ms in double precision");
    CHECK(complaint<Fault::counts_lanes>().find(" in lanes, but ") != std::string::npos);
    CHECK(complaint<Fault::repeats_name>() == "Faulty: two fields are named tau");
    CHECK(complaint<Fault::illegal_default>() == "Faulty.tau = -2 ms: must be finite and positive");
}

TEST_CASE("a channel that breaks a rule is told where") {
    try {
        verify_channel(basic_broken<double>{});
        FAIL("no complaint");
    } catch (Error const& error) {
        CHECK(std::string(error.what()).find("Broken: the steady state of n at 51 mV is ") == 0);
    }
    verify_channel(basic_broken<double>{.last = 1000});
}

}  // namespace verify_tests
