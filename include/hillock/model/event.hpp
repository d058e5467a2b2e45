// SPDX-License-Identifier: MIT
#pragma once

/// Synapses that take their events one by one, as NEURON's NET_RECEIVE does: each event comes with the
/// numbers of its connection, which stay with that connection and which the synapse may change.
///
///   template <class T> struct Depressing {
///       T tau = 3, e = 0, tau_rec = 100;
///       struct State { T g; };
///       struct Connection { T weight, rest, last; };   // the weight first; the others begin at 0
///       static constexpr auto connection() {                        // lists them as states() does
///           return std::array{Field{"weight", "uS", &Connection::weight}, ...};
///       }
///       void begin(Connection& c) const { c.rest = 1; }            // optional: how a connection begins
///       template <class At> void receive(State& s, Connection& c, At& at) const {
///           c.rest = 1 - (1 - c.rest) * exp((c.last - at.time()) / tau_rec);
///           s.g += c.weight * c.rest;
///           c.rest *= 0.5;
///           c.last = at.time();
///       }
///       ...
///   };
///
/// `begin` and `receive` are called for one synapse of one cell, before the currents of the event's step.
/// They compute in plain numbers (T is double there), so they may branch with `if`. The event `at`:
///
///   at.time()                  its own time in ms, also between steps
///   at.v()                     V there in mV, at the beginning of the step
///   at.set_v(v)                sets V there in mV, as the reset of a point neuron does
///   at(variable{})             a node variable of the mechanism's Uses
///   at.flag()                  0 from a connection or a stimulus, else as it was sent
///   at.send(delay, flag)       sends the synapse an event of its own after `delay` ms, with this connection
///   at.move(t)                 moves the last event sent with flag 1, which must be on its way, to `t` ms
///   at.spike()                 the cell spikes
///   at.watch_above(v, flag)    sends an event when V rises above v; watch_below: when it falls below it.
///                              Those set by an earlier event are forgotten.
///   at.for_each_connection(f)  f(c) for all connections onto the synapse, stimuli last
///
/// `template <class At> void begin(State&, At& at) const`, if it is there, is called at t = 0: it sets states
/// and sends first events. A NetStim or SpikeTimes counts as a connection of its own for each call and cell,
/// an event from outside as one for each weight that such events have had at the synapse. An event that no
/// connection sent has numbers that are all 0.
///
/// The events of a synapse in one step come by their times, which may lie between two steps; those of one
/// time by the gid of their source, then by connection, then those of stimuli, then its own in the order in
/// which they were sent, then those of V that it watches. V is watched at the beginning of each step; a time
/// of s ms belongs to step floor(s/dt + 1/2), as all times do.

#include <cstddef>

#include <hillock/isa.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/node_variable.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace contract {

/// An event as concepts see it.
struct AnyEvent {
    double time() const;
    double v() const;
    void set_v(double v);
    double flag() const;
    void send(double delay, double flag);
    void move(double t);
    void spike();
    void watch_above(double v, double flag);
    void watch_below(double v, double flag);
    void for_each_connection(auto&& f);
    double operator()(auto variable) const;
};

template <class M>
concept ReceivesEvents =
    requires(rebind_t<M, double> const m, typename rebind_t<M, double>::State s,
             typename rebind_t<M, double>::Connection c, AnyEvent& at) { m.receive(s, c, at); };

template <class M>
constexpr bool check_connection() {
    using Connection = typename rebind_t<M, Wide>::Connection;
    static_assert(
        is_all_numbers<Connection> && members::count<Connection, Wide> > 0,
        "hillock: every data member of a synapse's Connection must be of its number type T, the weight "
        "first");
    static_assert(ReceivesEvents<M>,
                  "hillock: a synapse with a Connection must have 'template <class At> void receive(State&, "
                  "Connection&, At& at) const'");
    static_assert(
        requires { rebind_t<M, Wide>::connection(); },
        "hillock: a synapse with a Connection must have 'static constexpr auto connection()', which lists "
        "its "
        "members as states() does, the weight first");
    if constexpr (requires { rebind_t<M, Wide>::connection(); }) {
        constexpr auto fields = rebind_t<M, Wide>::connection();
        static_assert(
            fields.size() == members::count<Connection, Wide>,
            "hillock: connection() must list every member of Connection, each once, the weight first");
    }
    return true;
}

}  // namespace contract

/// Whether a synapse says itself how its states begin, in numbers of type `T`.
template <class M, class T>
concept initialises = initialises_nearby<M, T> || requires(M const m, T v) { m.initial(v); };

/// Whether a synapse advances with the new V, in numbers of type `T`.
template <class M, class T>
concept advances_after = advances_itself<M, T> || advances_nearby<M, T>;

/// A point process that receives summed weights.
template <class M>
concept Synapse =
    Described<M> && carries_current<rebind_t<M, Scalar>, Scalar> && TakesSums<M> &&
    (advances_before<rebind_t<M, Scalar>, Scalar> || advances_after<rebind_t<M, Scalar>, Scalar>);

/// A point process that takes its events one by one.
template <class M>
concept EventSynapse = Described<M> && TakesEvents<M> && contract::check_connection<M>();

/// The numbers of a connection onto a synapse; 0 if it takes sums of weights.
template <class M>
constexpr std::size_t connection_size() {
    if constexpr (TakesEvents<M>)
        return members::count<typename rebind_t<M, double>::Connection, double>;
    else
        return 0;
}

}  // namespace hillock::inline HILLOCK_ISA
