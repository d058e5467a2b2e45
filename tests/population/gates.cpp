// SPDX-License-Identifier: MIT

/// The states of a channel at many places: each as its own gate would have it alone, bit for bit, whatever
/// else is there.

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/tabulated.hpp>
#include <hillock/population/gates.hpp>
#include <hillock/simd/column.hpp>

namespace gates_tests {

using namespace hillock;
using namespace hillock::population;

namespace {

/// Gates of which the second one stands at its steady state, and which depend on V and on a parameter.
template <class T>
struct Three {
    T speed = 2;

    struct State {
        T slow, fast, other;
    };

    static constexpr std::string_view name = "Three";
    static constexpr auto parameters() { return std::array{Field{"speed", "1/ms", &Three::speed}}; }
    static constexpr auto states() {
        return std::array{Field{"slow", "", &State::slow}, Field{"fast", "", &State::fast},
                          Field{"other", "", &State::other}};
    }

    auto rates(T v) const {
        return std::tuple{Gate<T>(0.01 * v, speed), Instantaneous<T>(0.02 * v),
                          Gate<T>(0.5 - 0.01 * v, speed * 10. + v)};
    }
    Current<T> current(T, State const&) const { return ohmic(T(1), T(0)); }
};

template <class T>
struct OneSlow {
    T speed = 2;

    struct State {
        T x;
    };

    static constexpr std::string_view name = "OneSlow";
    static constexpr auto parameters() { return std::array{Field{"speed", "1/ms", &OneSlow::speed}}; }
    static constexpr auto states() { return std::array{Field{"x", "", &State::x}}; }

    auto rates(T v) const { return std::tuple{Gate<T>(0.01 * v, speed)}; }
    Current<T> current(T, State const&) const { return ohmic(T(1), T(0)); }
};

template <class T>
struct AllFast {
    T half = 0.5;

    struct State {
        T x;
    };

    static constexpr std::string_view name = "AllFast";
    static constexpr auto parameters() { return std::array{Field{"half", "", &AllFast::half}}; }
    static constexpr auto states() { return std::array{Field{"x", "", &State::x}}; }

    auto rates(T v) const { return std::tuple{Instantaneous<T>(half * v)}; }
    Current<T> current(T, State const&) const { return ohmic(T(1), T(0)); }
};

template <class T>
struct Counter {
    T step = 1;

    struct State {
        T n, sum;
    };

    static constexpr std::string_view name = "Counter";
    static constexpr auto parameters() { return std::array{Field{"step", "", &Counter::step}}; }
    static constexpr auto states() {
        return std::array{Field{"n", "", &State::n}, Field{"sum", "", &State::sum}};
    }

    State initial(T) const { return {0, 0}; }
    void advance(State& s, T v, T dt) const {
        s.n += step;
        s.sum += v * dt;
    }
    Current<T> current(T, State const&) const { return ohmic(T(1), T(0)); }
};

/// States, voltages and parameters of `n` places, the numbers of a place side by side.
template <template <class> class Channel, class L>
struct Places {
    using Real = typename L::value_type;
    using C = Channel<L>;
    static constexpr auto states = C::states().size();

    /// One place, as a block shows it.
    struct View {
        C const& mechanism;
        Real const* voltage;
        Real* states;

        L v() const { return L::load(voltage); }
        typename C::State state() const { return members::load_states<C, L>(states); }
        void store(typename C::State const& state) const { members::store_states<C, L>(state, states); }
    };

    explicit Places(std::size_t n) : channels(n), v(n * L::width), x(n * states * L::width) {
        for (std::size_t k = 0; k < v.size(); ++k)
            v[k] = static_cast<Real>(5 + 0.37 * static_cast<double>(k));
        for (std::size_t k = 0; k < x.size(); ++k)
            x[k] = static_cast<Real>(0.1 + 0.003 * static_cast<double>(k));
    }
    void advance(double dt) {
        Gates<L, C, ExactRates>::advance({}, dt, channels.size(), [&](std::size_t k) {
            return View{channels[k], &v[k * L::width], &x[k * states * L::width]};
        });
    }
    Real& at(std::size_t place, std::size_t state, std::size_t lane) {
        return x[(place * states + state) * L::width + lane];
    }

    std::vector<C> channels;
    simd::Column<Real> v, x;
};

using Single = simd::Lane<double, simd::scalar>;

template <class L>
constexpr auto lane_type = std::type_identity<L>{};

/// Calls f with lanes of every kind, and with numbers of places that fill a pass, and do not.
void for_each_kind(auto const& f) {
    for (std::size_t n : {0, 1, 2, 15, 16, 17, 40}) {
        CAPTURE(n);
        f(lane_type<Single>, n);
        f(lane_type<simd::Lane<double>>, n);
        f(lane_type<simd::Lane<double, simd::side_by_side<simd::native, 2>>>, n);
        f(lane_type<simd::Lane<double, simd::kernel<simd::native>>>, n);
        f(lane_type<simd::Lane<float, simd::kernel<simd::native>>>, n);
    }
}

}  // namespace

TEST_CASE("every gate at every place goes its own way") {
    for_each_kind([]<class L>(std::type_identity<L>, std::size_t n) {
        using Real = typename L::value_type;
        using One = simd::Lane<Real, simd::scalar>;
        Places<Three, L> places(n), before(n);
        for (std::size_t k = 0; k < n; ++k)
            places.channels[k].speed = before.channels[k].speed =
                static_cast<Real>(1 + 0.1 * static_cast<double>(k));
        places.advance(0.025);
        std::size_t wrong = 0;
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t lane = 0; lane < L::width; ++lane) {
                auto const [slow, fast, other] =
                    Three<One>{.speed = static_cast<Real>(1 + 0.1 * static_cast<double>(k))}.rates(
                        One(places.v[k * L::width + lane]));
                wrong += places.at(k, 0, lane) != slow.after(0.025, One(before.at(k, 0, lane))).raw;
                wrong += places.at(k, 1, lane) != fast.inf.raw;
                wrong += places.at(k, 2, lane) != other.after(0.025, One(before.at(k, 2, lane))).raw;
            }
        CHECK(wrong == 0);
    });
}

TEST_CASE("a channel of one slow gate, one of an instantaneous one, and one that advances itself") {
    for_each_kind([]<class L>(std::type_identity<L>, std::size_t n) {
        using Real = typename L::value_type;
        using One = simd::Lane<Real, simd::scalar>;
        Places<OneSlow, L> slow(n), before_slow(n);
        Places<AllFast, L> fast(n);
        Places<Counter, L> counted(n), before(n);
        auto const own = [](std::size_t k) { return static_cast<Real>(1 + 0.25 * static_cast<double>(k)); };
        for (std::size_t k = 0; k < n; ++k)
            slow.channels[k].speed = fast.channels[k].half = counted.channels[k].step = own(k);
        slow.advance(0.025);
        fast.advance(0.025);
        counted.advance(0.5);
        std::size_t wrong = 0;
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t lane = 0; lane < L::width; ++lane) {
                auto const v = fast.v[k * L::width + lane];
                auto const [gate] = OneSlow<One>{.speed = own(k)}.rates(One(v));
                wrong += slow.at(k, 0, lane) != gate.after(0.025, One(before_slow.at(k, 0, lane))).raw;
                wrong += fast.at(k, 0, lane) != own(k) * v;
                wrong += counted.at(k, 0, lane) != before.at(k, 0, lane) + own(k);
                wrong += counted.at(k, 1, lane) != before.at(k, 1, lane) + v * Real(0.5);
            }
        CHECK(wrong == 0);
    });
}

}  // namespace gates_tests
