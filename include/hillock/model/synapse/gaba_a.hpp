// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/event.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Inhibition by GABA-A receptors that bind pulses of transmitter (Destexhe, Mainen & Sejnowski, Neural
/// Comput 6:14, 1994; values: Methods in Neuronal Modeling, 1998, ch. 1). Of each connection's receptors a
/// fraction r is open: r' = alpha C (1 - r) - beta r while there is transmitter, `duration` ms after each
/// event (an event that comes earlier makes the pulse longer), and r' = -beta r else. g is the sum of w r,
/// i = g (V - e).
///
/// All connections are advanced as two sums (Lytton, Neural Comput 8:501, 1996): `open` of those with
/// transmitter, `closing` of those without. The end of a pulse, an event that the synapse sends itself, moves
/// w r from one to the other.
template <class T>
struct basic_gaba_a {
    T C = 1;
    T duration = 1;
    T alpha = 5;
    T beta = 0.18;
    T e = -80;

    T steady = 0, bound = 1, decay = 1;  // derived: r at last, and e^(-dt/tau) with and without transmitter

    struct State {
        T open, closing, active;
    };
    struct Connection {
        T weight, on, count, wr, since;
    };

    static constexpr std::string_view name = "GabaA";
    static constexpr auto parameters() {
        using Self = basic_gaba_a;
        return std::array{
            Field{"C", "mM", &Self::C, Allowed::positive},
            Field{"duration", "ms", &Self::duration, Allowed::positive},
            Field{"alpha", "/ms/mM", &Self::alpha, Allowed::positive},
            Field{"beta", "/ms", &Self::beta, Allowed::positive},
            Field{"e", "mV", &Self::e},
        };
    }
    static constexpr auto states() {
        return std::array{
            Field{"open", "uS", &State::open}, Field{"closing", "uS", &State::closing},
            Field{"active", "uS", &State::active},  // the weights of connections with transmitter
        };
    }
    static constexpr auto connection() {
        return std::array{
            Field{"weight", "uS", &Connection::weight},
            Field{"on", "", &Connection::on},        // 1 with transmitter
            Field{"count", "", &Connection::count},  // of events
            Field{"wr", "uS", &Connection::wr},      // w r at `since`
            Field{"since", "ms", &Connection::since},
        };
    }

    void prepare(double dt) {
        steady = C * alpha / (C * alpha + beta);
        bound = std::exp(-dt * (C * alpha + beta));
        decay = std::exp(-dt * beta);
    }

    template <class Real>
    void check_precision() const {
        check_decay<Real>(name, "1/beta", 1 / beta, decay);
    }

    template <class At>
    void receive(State& s, Connection& c, At& at) const {
        auto const t = at.time() - c.since;
        if (at.flag() == 0) {
            c.count += 1;
            if (c.on == 0) {
                c.wr *= exp(-beta * t);
                c.since = at.time();
                c.on = 1;
                s.active += c.weight;
                s.open += c.wr;
                s.closing -= c.wr;
            }
            at.send(duration, c.count);
        } else if (at.flag() == c.count) {  // no event has come since it was sent
            auto const target = c.weight * steady;
            c.wr = target + (c.wr - target) * exp(-(C * alpha + beta) * t);
            c.since = at.time();
            c.on = 0;
            s.active -= c.weight;
            s.open -= c.wr;
            s.closing += c.wr;
        }
    }

    Current<T> current(T, State const& s) const { return ohmic(s.open + s.closing, e); }

    void advance(State& s, T) const {
        auto const target = s.active * steady;
        s.open = target + (s.open - target) * bound;
        s.closing *= decay;
    }
};

using GabaA = basic_gaba_a<double>;

}  // namespace hillock::inline HILLOCK_ISA
