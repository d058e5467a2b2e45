// SPDX-License-Identifier: MIT
#pragma once

/// Izhikevich's neurons. `Izhikevich` (IEEE Trans Neural Netw 14:1569, 2003), without units but for mV and
/// ms:
///
///   v' = 0.04 v^2 + 5 v + 140 - u + I + electrodes (1000 for each nA)       u' = a (b v - u)
///   where v >= 30: v = c, u = u + d
///
/// and `Izhikevich2007` (Dynamical Systems in Neuroscience, MIT Press, 2007, chapter 8) in mV, ms, pF, pA:
///
///   C v' = k (v - v_r) (v - v_t) - u + I + current of electrodes            u' = a (b (v - v_r) - u)
///   where v >= v_peak: v = c, u = u + d
///
/// An event of weight w (mV) makes v jump by w. Parameters begin as those of a regular spiking cell, u begins
/// at b v, or b (v - v_r).
///
/// Method: Runge-Kutta, of order 4, in which v counts as its peak where it is above. (The paper of 2003 takes
/// Euler's steps of 0.5 ms for v and 1 ms for u, which give other spikes.) A spike comes at the end of the
/// step in which v has reached its peak.

#include <array>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/neuron/propagators.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

template <class T>
struct basic_izhikevich {
    T a = 0.02;  // 1/ms
    T b = 0.2;
    T c = -65;  // mV
    T d = 8;
    T I = 0;

    static constexpr double peak = 30;  // mV

    struct State {
        T v, u;
    };

    static constexpr std::string_view name = "Izhikevich";
    static constexpr auto parameters() {
        using Me = basic_izhikevich;
        return std::array{Field{"a", "/ms", &Me::a}, Field{"b", "", &Me::b}, Field{"c", "mV", &Me::c},
                          Field{"d", "", &Me::d}, Field{"I", "", &Me::I}};
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v}, Field{"u", "", &State::u}};
    }

    State initial(T v) const { return {v, b * v}; }

    void receive(State& s, T weight) const { s.v += weight; }
    void advance(State& s, T nA, T dt) const {
        T const drive = fma(nA, T(1000), I) + T(140);
        propagators::runge_kutta(s.v, s.u, dt, [&](int, T v, T u) {
            v = min(v, T(peak));
            return propagators::Slopes<T>{fma(fma(T(0.04), v, T(5)), v, drive - u), a * (b * v - u)};
        });
    }
    auto fire(State& s) const {
        auto const fires = s.v >= T(peak);
        s.v = choose(fires, c, s.v);
        s.u = choose(fires, s.u + d, s.u);
        return fires;
    }
};

/// Izhikevich's neuron of 2007, in mV, ms, pF and pA; see basic_izhikevich for its equations.
template <class T>
struct basic_izhikevich2007 {
    T C = 100;                            // pF
    T k = 0.7;                            // pA/mV^2
    T v_r = -60, v_t = -40, v_peak = 35;  // mV
    T a = 0.03;                           // 1/ms
    T b = -2;                             // nS
    T c = -50;                            // mV
    T d = 100;                            // pA
    T I = 0;                              // pA

    struct State {
        T v;  // mV
        T u;  // pA
    };

    static constexpr std::string_view name = "Izhikevich2007";
    static constexpr auto parameters() {
        using Me = basic_izhikevich2007;
        return std::array{
            Field{"C", "pF", &Me::C, Allowed::positive},
            Field{"k", "pA/mV2", &Me::k},
            Field{"v_r", "mV", &Me::v_r},
            Field{"v_t", "mV", &Me::v_t},
            Field{"v_peak", "mV", &Me::v_peak},
            Field{"a", "/ms", &Me::a},
            Field{"b", "nS", &Me::b},
            Field{"c", "mV", &Me::c},
            Field{"d", "pA", &Me::d},
            Field{"I", "pA", &Me::I},
        };
    }
    static constexpr auto states() {
        return std::array{Field{"v", "mV", &State::v}, Field{"u", "pA", &State::u}};
    }

    T rest() const { return v_r; }
    State initial(T v) const { return {v, b * (v - v_r)}; }

    void receive(State& s, T weight) const { s.v += weight; }
    void advance(State& s, T nA, T dt) const {
        T const pA = fma(nA, T(1000), I);
        propagators::runge_kutta(s.v, s.u, dt, [&](int, T v, T u) {
            v = min(v, v_peak);
            return propagators::Slopes<T>{(k * (v - v_r) * (v - v_t) - u + pA) / C, a * (b * (v - v_r) - u)};
        });
    }
    auto fire(State& s) const {
        auto const fires = s.v >= v_peak;
        s.v = choose(fires, c, s.v);
        s.u = choose(fires, s.u + d, s.u);
        return fires;
    }
};

using Izhikevich = basic_izhikevich<double>;
using Izhikevich2007 = basic_izhikevich2007<double>;

}  // namespace hillock::inline HILLOCK_ISA
