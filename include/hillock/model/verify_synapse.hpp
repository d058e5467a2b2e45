// SPDX-License-Identifier: MIT
#pragma once

/// verify_synapse, of verify.hpp.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/event.hpp>
#include <hillock/model/verify.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {
namespace verification {

/// A synapse that has received `weights` one after the other, beginning in `state`.
template <class T>
typename T::State received(T const& trial, typename T::State state, auto... weights) {
    (trial->receive(state, typename T::L(weights)), ...);
    return state;
}

/// Throws if `receive` breaks its contract in this state.
template <class T>
void check_receive(T const& trial, typename T::State const& state) {
    auto const unchanged = received(trial, state, 0.);
    T::each([&](auto const& field) {
        auto const before = first(state.*field.member), after = first(unchanged.*field.member);
        require(
            before == after,
            "{}: receive(s, 0) changes {} from {} to {}: it is called in every step, with 0 where nothing "
            "arrives, and must change nothing then",
            T::Lanes::name, field.name, before, after);
    });
    for (auto const& weights : {std::pair{0.5, 0.25}, {1e-3, 2e-3}, {2., 2.}, {1., -0.25}}) {
        double const a = weights.first, b = weights.second;
        auto const twice = received(trial, state, a, b), once = received(trial, state, a + b);
        T::each([&](auto const& field) {
            auto const x = first(twice.*field.member), y = first(once.*field.member);
            require(
                std::abs(x - y) <= 1e-9 * (std::abs(x) + std::abs(y)),
                "{}: receive(s, {}) and receive(s, {}) leave {} = {}, receive(s, {}) leaves {}: the events "
                "of a step arrive as one summed weight, so receive must be additive",
                T::Lanes::name, a, b, field.name, x, a + b, y);
        });
    }
}

/// Two connections onto a synapse that takes its events one by one, and its own events, in plain numbers.
template <class S>
class Events {
    static constexpr std::size_t connections = 2;
    using Connection = typename S::Connection;

public:
    using State = typename S::State;

    Events(S const& synapse, double dt) : synapse_{synapse}, dt_{dt} {
        prepare(synapse_, dt);
        for (auto& connection : all_) {
            connection = {};
            set_weight(connection);
            if constexpr (requires { synapse_.begin(connection); }) synapse_.begin(connection);
            check(connection);
        }
    }

    void begin(State& state, double v) {
        Connection none{};
        Event at{*this, 0, v, 0, none};
        if constexpr (requires { synapse_.begin(state, at); }) synapse_.begin(state, at);
    }

    /// A step at time `t`: an event of connection `fired`, if there is one, and the synapse's own.
    void step(State& state, double t, double v, std::size_t fired) {
        if (fired < connections) receive(state, {t, 0, fired}, t, v);
        auto due = std::exchange(sent_, {});
        for (auto const& event : due)
            if (event.time <= t + dt_ / 2)
                receive(state, event, t, v);
            else
                sent_.push_back(event);
    }

private:
    struct Sent {
        double time, flag;
        std::size_t by;
    };

    /// The argument of `receive`.
    struct Event {
        Events& events;
        double time_, v_, flag_;
        Connection& by;

        double time() const { return time_; }
        double v() const { return v_; }
        double flag() const { return flag_; }
        template <class V>
        double operator()(V) const {
            return V::is.initial;
        }
        void send(double delay, double flag) {
            require(delay >= 0 && std::isfinite(delay),
                    "{}: an event sent with a delay of {} ms: must be finite and not negative", S::name,
                    delay);
            auto const number = static_cast<std::size_t>(&by - events.all_.data());
            events.sent_.push_back({time_ + delay, flag, number});
        }
        void move(double t) {
            require(t >= time_, "{}: an event moved to {} ms, t = {} ms", S::name, t, time_);
        }
        void spike() {}
        void watch_above(double, double) {}
        void watch_below(double, double) {}
        void for_each_connection(auto&& f) {
            for (auto& connection : events.all_) f(connection);
        }
    };

    void receive(State& state, Sent const& event, double t, double v) {
        Connection none{};
        auto& by = event.by < connections ? all_[event.by] : none;
        Event at{*this, t, v, event.flag, by};
        synapse_.receive(state, by, at);
        check(by);
    }

    static constexpr std::size_t size = members::count<Connection, double>;
    static void set_weight(Connection& connection) {
        double const weight = 0.01;
        std::memcpy(&connection, &weight, sizeof weight);
    }
    static void check(Connection const& connection) {
        std::array<double, size> numbers;
        std::memcpy(numbers.data(), &connection, sizeof connection);
        for (std::size_t k = 0; k < size; ++k)
            require(std::isfinite(numbers[k]), "{}: {} of a connection becomes {}", S::name,
                    S::connection()[k].name, numbers[k]);
    }

    S synapse_;
    double dt_;
    std::array<Connection, connections> all_;
    std::vector<Sent> sent_;
};

/// In place of them where weights are summed.
struct NoEvents {
    NoEvents(auto const&, double) {}
};
template <class S>
struct EventsOf {
    using type = NoEvents;
};
template <TakesEvents S>
struct EventsOf<S> {
    using type = Events<S>;
};

/// The states of lanes in plain numbers, and back: all lanes alike.
template <class S, class T>
typename S::State plain(typename T::State const& state) {
    typename S::State numbers{};
    meta::unroll<S::states().size()>(
        [&](auto k) { numbers.*S::states()[k].member = first(state.*T::Lanes::states()[k].member); });
    return numbers;
}
template <class S, class T>
void set(typename T::State& state, typename S::State const& numbers) {
    using L = typename T::L;
    meta::unroll<S::states().size()>([&](auto k) {
        state.*T::Lanes::states()[k].member =
            L(static_cast<typename L::value_type>(numbers.*S::states()[k].member));
    });
}

/// The rest of a synapse's step at `v`, when it has received.
template <class T, class At>
void finish_step(T const& trial, double v, typename T::State& state, At& at) {
    using L = typename T::L;
    using Lanes = typename T::Lanes;
    take_current(trial, v, state, at);
    if constexpr (advances_before<Lanes, L>)
        trial->advance(state, trial.dt());
    else if constexpr (advances_after<Lanes, L>)
        advance(trial, v, state, at);
}

template <class Real, class S>
void check_synapse(S const& synapse, double dt) {
    using Many = Trial<Real, simd::kernel<simd::native>, S>;
    using One = Trial<Real, simd::scalar, S>;
    Many const many(synapse, dt);
    One const one(synapse, dt);
    auto near_many = NearbyOf<typename Many::Lanes, typename Many::L>::initial();
    auto near_one = NearbyOf<typename One::Lanes, typename One::L>::initial();
    auto states = std::pair{at_rest(many, typename Many::L(Real(-90)), near_many),
                            at_rest(one, typename One::L(Real(-90)), near_one)};
    auto const change = [&](auto&& f) {
        auto numbers = plain<S, One>(states.second);
        f(numbers);
        set<S, Many>(states.first, numbers);
        set<S, One>(states.second, numbers);
    };
    [[maybe_unused]] typename EventsOf<S>::type events(synapse, dt);
    if constexpr (TakesEvents<S>) change([&](auto& state) { events.begin(state, -90); });
    for (int step = 0; step < 1000; ++step) {
        bool const fires = step % 100 == 10;
        auto const v = -90 + 0.1 * step;
        if constexpr (TakesEvents<S>) {
            change([&](auto& state) {
                events.step(state, step * dt, v, fires ? static_cast<std::size_t>(step / 100 % 2) : 2);
            });
        } else {
            auto const weight = static_cast<Real>(fires ? 0.01 : 0);
            many->receive(states.first, typename Many::L(weight));
            one->receive(states.second, typename One::L(weight));
        }
        finish_step(many, v, states.first, near_many);
        finish_step(one, v, states.second, near_one);
        One::each([&](auto const& field) {
            require(std::isfinite(first(states.second.*field.member)),
                    "{}: {} becomes {} after {} steps of {} ms in {} precision", S::name, field.name,
                    first(states.second.*field.member), step + 1, dt, precision<Real>);
        });
        check_same<Many, One>(states.first, states.second, v);
    }
}

}  // namespace verification

/// Throws if a synapse breaks a rule: those of fields, node variables and lanes as for channels; `receive` of
/// weights that changes something for a weight of 0, or that is not additive; states, numbers of connections
/// or currents that do not stay finite.
template <class S>
void verify_synapse(S const& synapse, double dt = 0.025) {
    static_assert(Synapse<S> || EventSynapse<S>,
                  "verify_synapse: not a synapse: see concepts.hpp, event.hpp");
    using One = verification::Trial<double, simd::scalar, S>;
    verification::check_fields(synapse);
    if constexpr (!TakesEvents<S>) {
        One const one(synapse, dt);
        for (auto const value : {0., 0.25, 0.5, 1., 3.}) verification::check_receive(one, One::all(value));
    }
    verification::check_synapse<double>(synapse, dt);
    verification::check_synapse<float>(synapse, dt);
}

}  // namespace hillock::inline HILLOCK_ISA
