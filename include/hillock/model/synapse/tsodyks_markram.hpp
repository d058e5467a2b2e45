// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/event.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Short-term depression and facilitation (Tsodyks & Markram, PNAS 94:719, 1997; Tsodyks, Uziel & Markram, J
/// Neurosci 20:RC50, 2000). Each connection has resources R and utilisation u of its own. At an event of
/// weight w, a time t after its last one:
///
///   R = 1 - (1 - R (1 - u)) exp(-t/tau_rec)
///   u = U + u (1 - U) exp(-t/tau_fac)
///   g += w R u
///
/// g' = -g/tau, i = g (V - e). Before its first event a connection has R = 1 and u = 0. With tau_fac = 0 u
/// is U.
template <class T>
struct basic_tsodyks_markram {
    T tau = 3;
    T e = 0;
    T U = 0.5;
    T tau_rec = 800;
    T tau_fac = 0;

    T decay = 1;  // derived: exp(-dt/tau)

    struct State {
        T g;
    };
    struct Connection {
        T weight, R, u, last;
    };

    static constexpr std::string_view name = "TsodyksMarkramSyn";
    static constexpr auto parameters() {
        using Self = basic_tsodyks_markram;
        return std::array{
            Field{"tau", "ms", &Self::tau, Allowed::positive},
            Field{"e", "mV", &Self::e},
            Field{"U", "", &Self::U, Allowed::fraction},
            Field{"tau_rec", "ms", &Self::tau_rec, Allowed::positive},
            Field{"tau_fac", "ms", &Self::tau_fac, Allowed::non_negative},
        };
    }
    static constexpr auto states() { return std::array{Field{"g", "uS", &State::g}}; }
    static constexpr auto connection() {
        return std::array{
            Field{"weight", "uS", &Connection::weight},
            Field{"R", "", &Connection::R},
            Field{"u", "", &Connection::u},
            Field{"last", "ms", &Connection::last},
        };
    }

    void prepare(double dt) { decay = std::exp(-dt / tau); }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "tau", tau, decay);
    }

    void begin(Connection& c) const { c.R = 1; }

    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        auto const t = at.time() - c.last;
        c.R = 1 - (1 - c.R * (1 - c.u)) * exp(-t / tau_rec);
        c.u = U + (tau_fac > 0 ? c.u * (1 - U) * exp(-t / tau_fac) : 0);
        c.last = at.time();
        s.g += c.weight * c.R * c.u;
    }

    Current<T> current(T, State const& s) const { return ohmic(s.g, e); }

    void advance(State& s, T) const { s.g *= decay; }
};

using TsodyksMarkramSyn = basic_tsodyks_markram<double>;

}  // namespace hillock::inline HILLOCK_ISA
