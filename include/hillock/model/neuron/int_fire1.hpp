// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/event.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A leaky integrator of events, NEURON's IntFire1, for an ArtificialCell: m' = -m/tau; an event of weight w:
/// m += w, and where m is above 1 then, the cell spikes, and is deaf for `refractory` ms, after which m is 0.
template <class T>
struct basic_int_fire1 {
    T tau = 10;
    T refractory = 5;

    struct State {
        T m, since, deaf;
    };
    struct Connection {
        T weight;
    };

    static constexpr std::string_view name = "IntFire1";
    static constexpr auto parameters() {
        return std::array{
            Field{"tau", "ms", &basic_int_fire1::tau, Allowed::positive},
            Field{"refractory", "ms", &basic_int_fire1::refractory, Allowed::non_negative},
        };
    }
    static constexpr auto states() {
        return std::array{
            Field{"m", "", &State::m},                                             // at `since`
            Field{"since", "ms", &State::since}, Field{"deaf", "", &State::deaf},  // 1 while it is
        };
    }
    static constexpr auto connection() { return std::array{Field{"weight", "", &Connection::weight}}; }

    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        bool const wakes = at.flag() == 1;
        if (s.deaf != 0 && !wakes) return;
        s.m = wakes ? 0 : s.m * exp((s.since - at.time()) / tau) + c.weight;
        s.since = at.time();
        s.deaf = s.m > 1;
        if (s.deaf == 0) return;
        at.spike();
        at.send(refractory, 1);
    }
};

using IntFire1 = basic_int_fire1<double>;

}  // namespace hillock::inline HILLOCK_ISA
