// SPDX-License-Identifier: MIT

/// Gates and rates against the plain formulas of the papers, in long double.

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/channel/connor_stevens.hpp>
#include <hillock/model/channel/hodgkin_huxley.hpp>
#include <hillock/model/channel/passive.hpp>
#include <hillock/model/channel/traub_miles.hpp>
#include <hillock/model/channel/wang_buzsaki.hpp>
#include <hillock/model/tabulated.hpp>

namespace rates_tests {

using namespace hillock;

namespace {

using Long = long double;

/// A gate that is open within 2 mV of `at` alone, from a table.
template <class T>
struct basic_narrow {
    T at = -40;
    struct State {
        T m;
    };
    static constexpr std::string_view name = "Narrow";
    static constexpr RateTable table{.from = -100, .to = 100, .points = 101};
    static constexpr auto parameters() { return std::array{Field{"at", "mV", &basic_narrow::at}}; }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }
    auto rates(T v) const { return std::tuple{steady_state(choose(abs(v - at) < 2, T(1), T(0)), T(1))}; }
    Current<T> current(T, State const&) const { return ohmic(T(0), T(0)); }
};

/// Parameters as a population has them.
struct OfCells {
    std::vector<basic_narrow<double>> each;
    std::span<basic_narrow<double> const> of_cells(std::size_t n) const { return std::span(each).first(n); }
};

/// u/(exp(u/s) - 1) at any u.
Long trap(Long u, Long s) { return u == 0 ? s : u / std::expm1(u / s); }

struct Exact {
    Long inf, tau;
};
Exact gate_of(Long a, Long b, Long faster = 1) { return {a / (a + b), 1 / (a + b) / faster}; }

std::vector<Exact> connor_stevens(Long v) {
    return {gate_of(.38L * trap(-(v + 29.7L), 10), 15.2L * std::exp(-.0556L * (v + 54.7L))),
            gate_of(.266L * std::exp(-.05L * (v + 48)), 3.8L / (1 + std::exp(-.1L * (v + 18)))),
            gate_of(.02L * trap(-(v + 45.7L), 10), .25L * std::exp(-.0125L * (v + 55.7L))),
            {std::cbrt(.0761L * std::exp(.0314L * (v + 94.22L)) / (1 + std::exp(.0346L * (v + 1.17L)))),
             .3632L + 1.158L / (1 + std::exp(.0497L * (v + 55.96L)))},
            {std::pow(1 / (1 + std::exp(.0688L * (v + 53.3L))), 4.L),
             1.24L + 2.678L / (1 + std::exp(.0624L * (v + 50)))}};
}
std::vector<Exact> wang_buzsaki(Long v, Long phi) {
    return {gate_of(.1L * trap(-(v + 35), 10), 4 * std::exp(-(v + 60) / 18)),
            gate_of(.07L * std::exp(-(v + 58) / 20), 1 / (std::exp(-(v + 28) / 10) + 1), phi),
            gate_of(.01L * trap(-(v + 34), 10), .125L * std::exp(-(v + 44) / 80), phi)};
}
std::vector<Exact> hodgkin_huxley(Long v, Long q10) {
    return {gate_of(.1L * trap(-(v + 40), 10), 4 * std::exp(-(v + 65) / 18), q10),
            gate_of(.07L * std::exp(-(v + 65) / 20), 1 / (std::exp(-(v + 35) / 10) + 1), q10),
            gate_of(.01L * trap(-(v + 55), 10), .125L * std::exp(-(v + 65) / 80), q10)};
}
std::vector<Exact> traub_miles(Long v, Long VT) {
    auto const u = v - VT;
    return {gate_of(.32L * trap(13 - u, 4), .28L * trap(u - 40, 5)),
            gate_of(.128L * std::exp((17 - u) / 18), 4 / (1 + std::exp((40 - u) / 5))),
            gate_of(.032L * trap(15 - u, 5), .5L * std::exp((10 - u) / 40))};
}

double relative(Long found, Long exact) {
    return static_cast<double>(std::abs(found - exact) / std::abs(exact));
}

/// The larger of a gate's relative errors of inf and tau.
double error_of(Gate<Scalar> const& g, Exact const& exact) {
    return std::max(relative(g.inf.raw, exact.inf), relative(g.tau().raw, exact.tau));
}
double error_of(Instantaneous<Scalar> const& g, Exact const& exact) { return relative(g.inf.raw, exact.inf); }

template <class C>
double largest_error(C const& channel, std::function<std::vector<Exact>(Long)> const& formulas) {
    auto const lanes = members::broadcast<rebind_t<C, Scalar>, Scalar>(channel);
    double largest = 0;
    auto const at = [&](double v) {
        auto const exact = formulas(v);
        std::apply(
            [&](auto const&... gates) {
                CHECK(sizeof...(gates) == exact.size());
                std::size_t k = 0;
                ((largest = std::max(largest, error_of(gates, exact[k++]))), ...);
            },
            lanes.rates(Scalar(v)));
    };
    for (int k = -1200; k <= 1000; ++k) at(k * 0.1 + 0.03);
    for (double v :
         {-29.7, -45.7, -35., -34., -40., -55., -50., -48., -23.})  // where u of vtrap is 0 or almost
        for (double off : {0., 1e-12, -1e-9, 1e-7, -1e-6, 0.9e-5, 1.1e-5, -1e-4}) at(v + off);
    return largest;
}

}  // namespace

TEST_CASE("inf and tau that are quotients share a division, and are finite wherever V is") {
    auto const found = [](double v_) {
        Scalar const v = v_, e = bounded_exp<160, 24>(-1 / 5., v + 50);
        auto const inf = ratio(1, Scalar(1 + capped_exp(1 / 6.2, v + 65)));
        auto const tau =
            1 / (3 * (0.024 * vtrap(-(v + 50), 5, e) + 0.0091 * vtrap(v + 75, 5, ratio(std::exp(5.), e))));
        return steady_state(inf, tau);
    };
    auto const exact = [](Long v) {
        return Exact{1 / (1 + std::exp((v + 65) / 6.2L)),
                     1 / (3 * (.024L * trap(-(v + 50), 5) + .0091L * trap(v + 75, 5)))};
    };
    double largest = 0;
    for (int k = -1200; k <= 1000; ++k) {
        auto const v = k * 0.1 + 0.03;
        largest = std::max(largest, error_of(found(v), exact(v)));
    }
    for (double v : {-50., -75., -50 + 1e-6, -75 - 1e-7, -50 - 6e-6})
        largest = std::max(largest, error_of(found(v), exact(v)));
    CHECK(largest < 2e-10);
    for (double v : {-1e4, -3000., -1000., 1000., 3000., 1e4}) {
        auto const gate = found(v);
        CHECK(std::isfinite(gate.rate.raw));
        CHECK(gate.rate.raw > 1);
        CHECK(gate.inf.raw == doctest::Approx(v < 0));
    }
    Scalar const e = bounded_exp<160, 24>(1 / 10., Scalar(20.));
    auto const bell = 100 / (3.3 * ratio(1, e) + e);
    CHECK(steady_state(ratio(1, Scalar(4)), bell).tau().raw ==
          doctest::Approx(100 / (3.3 * std::exp(-2.) + std::exp(2.))));
    auto const at_once = steady_state(ratio(1, Scalar(4)), ratio(0, Scalar(2)));
    CHECK(at_once.after(0.025, Scalar(1)).raw == 0.25);
}

TEST_CASE("rates of the channels are those of the papers") {
    // vtrap loses what exp(x) - 1 cancels beside its singularity: up to the error of exp, or of its power,
    // over 1e-6
    CHECK(largest_error(ConnorStevens{}, connor_stevens) < 2e-10);
    CHECK(largest_error(WangBuzsaki{}, [](Long v) { return wang_buzsaki(v, 5); }) < 2e-10);
    CHECK(largest_error(WangBuzsaki{.phi = 3}, [](Long v) { return wang_buzsaki(v, 3); }) < 2e-10);
    HodgkinHuxley cold{}, warm{.celsius = 26.3};
    prepare(cold, 0.025);
    prepare(warm, 0.025);
    CHECK(cold.q10 == 1);
    CHECK(warm.q10 == doctest::Approx(9));
    CHECK(largest_error(cold, [](Long v) { return hodgkin_huxley(v, 1); }) < 2e-10);
    CHECK(largest_error(warm, [](Long v) { return hodgkin_huxley(v, 9); }) < 2e-10);
    CHECK(largest_error(TraubMiles{}, [](Long v) { return traub_miles(v, -63); }) < 5e-10);
    CHECK(largest_error(TraubMiles{.VT = -50.5}, [](Long v) { return traub_miles(v, -50.5); }) < 5e-10);
}

TEST_CASE("vtrap through its singularity") {
    auto const value = [](double u, double s) {
        auto const q = vtrap(Scalar(u), s);
        return q.numerator.raw / q.denominator.raw;
    };
    CHECK(value(0, 10) == 10);
    for (double s : {1., 5., 10.})
        for (double x : {1e-12, 1e-8, 0.99e-6, 1.01e-6, 1e-5, 1e-3, 0.1, 1., 10., 50.})
            for (double u : {x * s, -x * s}) CHECK(relative(value(u, s), trap(u, s)) < 2e-10);
}

TEST_CASE("vtrap in single precision: within 1e-5, also by a power of another exponential") {
    using Single = simd::Lane<float, simd::scalar>;
    double worst = 0;
    for (double s : {1., 5., 10.})
        for (int k = -30000; k <= 30000; ++k) {
            auto const u = static_cast<float>(s * k * 1e-5);
            auto const whole = vtrap(Single(u), s);
            auto const power = vtrap(Single(u), s, fourth_power(exp(1 / (4 * s), Single(u))));
            for (auto const& q : {whole, power})
                worst = std::max(worst, relative(q.numerator.raw / q.denominator.raw, trap(u, s)));
        }
    CHECK(worst < 1e-5);
    CHECK(worst > 1e-8);
}

TEST_CASE("a gate from any mix of numbers and quotients is a/(a+b) and 1/(a+b)") {
    double const p = 0.7, q = 3, r = 0.2, s = 11;
    auto const check = [](auto alpha, auto beta, double a, double b) {
        auto const g = gate(alpha, beta);
        CHECK(g.inf.raw == doctest::Approx(a / (a + b)).epsilon(1e-14));
        CHECK(g.rate.raw == doctest::Approx(a + b).epsilon(1e-14));
        CHECK(g.tau().raw == doctest::Approx(1 / (a + b)).epsilon(1e-14));
    };
    Scalar const P = p, Q = q, R = r, S = s;
    check(P, R, p, r);
    check(ratio(p, Q), R, p / q, r);
    check(P, ratio(r, S), p, r / s);
    check(Ratio<Scalar>{P, Q}, Ratio<Scalar>{R, S}, p / q, r / s);
    check(P, 0.2, p, 0.2);  // rates that do not depend on V
    check(0.7, R, 0.7, r);
    check(ratio(p, Q), 0.2, p / q, 0.2);
    check(0.7, ratio(r, S), 0.7, r / s);
    check(ratio(p, Q), 2, p / q, 2);
    check(5 * Ratio<Scalar>{P, Q}, 2 + ratio(r, S), 5 * p / q, 2 + r / s);
    auto const faster = Scalar(5) * gate(P, R);
    CHECK(faster.inf.raw == doctest::Approx(p / (p + r)));
    CHECK(faster.rate.raw == doctest::Approx(5 * (p + r)));
    CHECK(instantaneous(gate(P, R)).inf.raw == gate(P, R).inf.raw);
    CHECK(steady_state(P, R).rate.raw == 1 / r);
    CHECK(steady_state(P, Ratio<Scalar>{R, S}).tau().raw == doctest::Approx(r / s));
    CHECK(cube(P).raw == doctest::Approx(p * p * p));
    CHECK(fourth_power(P).raw == doctest::Approx(p * p * p * p));
}

TEST_CASE("gates advance exactly at fixed voltage; instantaneous ones jump") {
    Gate<Scalar> const g(0.3, 2);
    CHECK(g.after(0.1, 0.9).raw == doctest::Approx(0.3 + 0.6 * std::exp(-0.2)).epsilon(1e-15));
    CHECK(g.after(1e3, 0.9).raw == doctest::Approx(0.3));
    CHECK(Instantaneous<Scalar>{0.3}.after(0.1, 0.9).raw == 0.3);
    // half a step twice is a step
    CHECK(g.after(0.05, g.after(0.05, 0.9)).raw == doctest::Approx(g.after(0.1, 0.9).raw).epsilon(1e-15));
}

TEST_CASE("currents of the channels") {
    auto const current = [](auto channel, double v, auto const& state) {
        using C = rebind_t<decltype(channel), Scalar>;
        auto const i = members::broadcast<C, Scalar>(channel).current(Scalar(v), state);
        return i.g.raw * v - i.ge.raw;
    };
    double const v = -20, m = 0.3, h = 0.6, n = 0.4, a = 0.7, b = 0.2;
    CHECK(current(ConnorStevens{}, v, basic_connor_stevens<Scalar>::State{m, h, n, a, b}) ==
          doctest::Approx(.12 * m * m * m * h * (v - 50) + .02 * n * n * n * n * (v + 77) +
                          .0477 * a * a * a * b * (v + 77 + 3) + 3e-4 * (v + 70))
              .epsilon(1e-13));
    CHECK(current(WangBuzsaki{}, v, basic_wang_buzsaki<Scalar>::State{m, h, n}) ==
          doctest::Approx(.035 * m * m * m * h * (v - 50) + .009 * n * n * n * n * (v + 77) + 1e-4 * (v + 65))
              .epsilon(1e-13));
    CHECK(
        current(HodgkinHuxley{}, v, basic_hodgkin_huxley<Scalar>::State{m, h, n}) ==
        doctest::Approx(.12 * m * m * m * h * (v - 50) + .036 * n * n * n * n * (v + 77) + 3e-4 * (v + 54.3))
            .epsilon(1e-13));
    CHECK(current(TraubMiles{}, v, basic_traub_miles<Scalar>::State{m, h, n}) ==
          doctest::Approx(.1 * m * m * m * h * (v - 50) + .03 * n * n * n * n * (v + 90) + 5e-5 * (v + 60))
              .epsilon(1e-13));
    CHECK(current(Passive{}, v, basic_passive<Scalar>::State{}) ==
          doctest::Approx(1e-3 * (v + 70)).epsilon(1e-13));
    // the forms that a mechanism of one's own may use
    auto const ohm = ohmic(2., -70.) + 3. * injected(5.);
    CHECK(ohm.g * v - ohm.ge == doctest::Approx(2 * (v + 70) - 15));
    auto const line = linearised(7., 2., v);
    CHECK(line.g * v - line.ge == doctest::Approx(7));
    CHECK(line.g * (v + 1) - line.ge == doctest::Approx(9));
}

namespace {

/// The largest relative difference of a table's rates from linear interpolation between the formulas at its
/// points.
template <class C>
double table_error(C const& channel, double from, double to, std::size_t points, auto const& formulas) {
    tabulation::Rates<double, decltype(std::declval<rebind_t<C, Scalar>>().rates(
                                  std::declval<Scalar>()))> const rates(channel, from, to, points);
    auto const step = (to - from) / (static_cast<double>(points) - 1);
    double largest = 0;
    for (double v = from - 30; v <= to + 30; v += 0.37 * step) {
        auto const at = std::min(std::max((v - from) / step, 0.), static_cast<double>(points) - 1);
        auto const low = std::min(std::floor(at), static_cast<double>(points) - 2);
        auto const part = at - low;
        auto const a = formulas(from + low * step), b = formulas(from + (low + 1) * step);
        std::apply(
            [&](auto const&... gates) {
                std::size_t k = 0;
                auto const check = [&](auto const& gate) {
                    Exact const expected{a[k].inf + part * (b[k].inf - a[k].inf),
                                         a[k].tau + part * (b[k].tau - a[k].tau)};
                    largest = std::max(largest, error_of(gate, expected));
                    ++k;
                };
                (check(gates), ...);
            },
            rates(channel, Scalar(v)));
    }
    return largest;
}

}  // namespace

TEST_CASE("tabulated rates: linear between the points, constant outside, of the prepared channel") {
    CHECK(table_error(ConnorStevens{}, -100, 100, 201, connor_stevens) < 1e-9);
    CHECK(table_error(ConnorStevens{}, -90, 50, 15, connor_stevens) < 1e-9);
    CHECK(table_error(WangBuzsaki{}, -100, 100, 201, [](Long v) { return wang_buzsaki(v, 5); }) < 1e-9);
    HodgkinHuxley warm{.celsius = 16.3};
    prepare(warm, 0.025);
    CHECK(table_error(warm, -100, 100, 2, [](Long v) { return hodgkin_huxley(v, 3); }) < 1e-9);
}

namespace {

/// Numbers of a lane one by one.
template <class L>
std::vector<double> numbers(L const& x) {
    alignas(simd::alignment) std::array<typename L::value_type, L::width> each;
    x.store(each.data());
    return {each.begin(), each.end()};
}

/// How far `inf` and what a step of 0.025 ms leaves of a deviation are from the exact ones; infinite where
/// either is not finite.
double distance(double inf, Exact const& exact) {
    return std::isfinite(inf) ? static_cast<double>(std::abs(inf - exact.inf)) : HUGE_VAL;
}
double distance(double inf, double rate, Exact const& exact) {
    if (!std::isfinite(rate)) return HUGE_VAL;
    auto const left = std::exp(-0.025L * static_cast<Long>(rate)) - std::exp(-0.025L / exact.tau);
    return std::max(distance(inf, exact), static_cast<double>(std::abs(left)));
}

/// The largest distance of the rates of a channel within `limit` mV, in lanes of `Arch`.
template <class Real, class Arch, class Channel, class Rates>
double largest_distance(Channel const& channel, Rates const& rates, auto const& formulas, double limit) {
    using L = simd::Lane<Real, Arch>;
    auto const lanes = members::broadcast<rebind_t<Channel, L>, L>(channel);
    double largest = 0;
    for (double v = -limit; v <= limit; v += 0.7 * L::width) {
        alignas(simd::alignment) std::array<Real, L::width> voltages;
        for (std::size_t k = 0; k < L::width; ++k)
            voltages[k] = static_cast<Real>(v + 0.7 * static_cast<double>(k));
        std::size_t number = 0;
        auto const check = [&](auto const& gate) {
            auto const inf = numbers(gate.inf);
            for (std::size_t k = 0; k < L::width; ++k) {
                auto const exact = formulas(voltages[k])[number];
                if constexpr (requires { gate.rate; })
                    largest = std::max(largest, distance(inf[k], numbers(gate.rate)[k], exact));
                else
                    largest = std::max(largest, distance(inf[k], exact));
            }
            ++number;
        };
        std::apply([&](auto const&... gates) { (check(gates), ...); },
                   rates(lanes, L::load(voltages.data())));
    }
    return largest;
}

/// The same in lanes of every shape.
template <class Real, class Channel>
double largest_distance(Channel const& channel, auto const& rates, auto const& formulas, double limit) {
    using simd::native, simd::scalar, simd::side_by_side;
    return std::max({largest_distance<Real, scalar>(channel, rates, formulas, limit),
                     largest_distance<Real, native>(channel, rates, formulas, limit),
                     largest_distance<Real, side_by_side<native, 2>>(channel, rates, formulas, limit)});
}

template <class Channel>
void check_far(Channel channel, auto const& formulas) {
    prepare(channel, 0.025);
    CHECK(largest_distance<double>(channel, ExactRates{}, formulas, 1e4) < 1e-9);
    CHECK(largest_distance<float>(channel, ExactRates{}, formulas, 2000) < 5e-6);
}

}  // namespace

TEST_CASE("rates far beyond: finite and right over +-10^4 mV, in single precision over +-2000 mV") {
    check_far(ConnorStevens{}, connor_stevens);
    check_far(WangBuzsaki{}, [](Long v) { return wang_buzsaki(v, 5); });
    check_far(HodgkinHuxley{}, [](Long v) { return hodgkin_huxley(v, 1); });
    check_far(HodgkinHuxley{.celsius = 26.3}, [](Long v) { return hodgkin_huxley(v, 9); });
    check_far(TraubMiles{}, [](Long v) { return traub_miles(v, -63); });
    check_far(TraubMiles{.VT = 40}, [](Long v) { return traub_miles(v, 40); });
}

TEST_CASE("tabulated rates far beyond: those of the table's ends; a table that goes there is finite") {
    auto const check = [](auto channel, auto const& formulas) {
        using C = decltype(channel);
        using Exactly = decltype(std::declval<rebind_t<C, Scalar>>().rates(std::declval<Scalar>()));
        auto const at_end = [&](Long v) { return formulas(std::min(std::max(v, -100.L), 100.L)); };
        auto const every_mv = [](double limit) { return static_cast<std::size_t>(2 * limit + 1); };
        prepare(channel, 0.025);
        tabulation::Rates<double, Exactly> const usual(channel, -100, 100, 201);
        tabulation::Rates<float, Exactly> const single(channel, -100, 100, 201);
        tabulation::Rates<double, Exactly> const far(channel, -1e4, 1e4, every_mv(1e4));
        tabulation::Rates<float, Exactly> const single_far(channel, -2000, 2000, every_mv(2000));
        CHECK(largest_distance<double>(channel, usual, at_end, 1e4) < 2e-2);  // linear in between
        CHECK(largest_distance<float>(channel, single, at_end, 2000) < 2e-2);
        CHECK(largest_distance<double>(channel, far, formulas, 1e4) < 2e-2);
        CHECK(largest_distance<float>(channel, single_far, formulas, 2000) < 2e-2);
    };
    check(ConnorStevens{}, connor_stevens);
    check(WangBuzsaki{}, [](Long v) { return wang_buzsaki(v, 5); });
    check(HodgkinHuxley{}, [](Long v) { return hodgkin_huxley(v, 1); });
    check(TraubMiles{}, [](Long v) { return traub_miles(v, -63); });
}

TEST_CASE("rates of a plain number: the bits of a lane") {
    auto const same = [](auto const& channel) {
        auto const lanes =
            members::broadcast<rebind_t<std::remove_cvref_t<decltype(channel)>, Scalar>, Scalar>(channel);
        for (double v = -120; v < 80; v += 0.3) {
            auto const plain = channel.rates(v);
            auto const in_lanes = lanes.rates(Scalar(v));
            CHECK(std::tuple_size_v<decltype(plain)> == std::tuple_size_v<decltype(in_lanes)>);
            meta::unroll<std::tuple_size_v<decltype(plain)>>([&](auto k) {
                CHECK(std::get<k>(plain).inf == std::get<k>(in_lanes).inf.raw);
                if constexpr (requires { std::get<k>(plain).rate; }) {
                    CHECK(std::get<k>(plain).rate == std::get<k>(in_lanes).rate.raw);
                    CHECK(std::get<k>(plain).after(0.025, 0.5) ==
                          std::get<k>(in_lanes).after(0.025, 0.5).raw);
                }
            });
        }
    };
    same(ConnorStevens{});
    same(HodgkinHuxley{.q10 = 3});
    same(Passive{});
    same(TraubMiles{});
    same(WangBuzsaki{});
    auto const [m, h, n] = HodgkinHuxley{}.rates(-65.);
    CHECK(m.inf == doctest::Approx(0.0529325).epsilon(1e-5));
    CHECK(n.tau() == doctest::Approx(5.4585).epsilon(1e-4));
    CHECK(h.inf == doctest::Approx(0.5961207).epsilon(1e-5));
}

TEST_CASE("a table that is made once serves a channel only where no row would differ") {
    using Narrow = basic_narrow<double>;
    tabulation::Rates<double, tabulation::GatesOf<Narrow>> const rates(Narrow{}, -100, 100, 101);
    CHECK(rates.serves(Narrow{}));
    for (int row = 0; row <= 100; ++row)
        if (auto const at = -100. + 2 * row; at != -40) CHECK_FALSE(rates.serves(Narrow{.at = at}));
}

TEST_CASE("a table that follows parameters serves all cells only where no row would differ") {
    using Narrow = basic_narrow<double>;
    tabulation::FollowingRates<double, tabulation::GatesOf<Narrow>> rates(Narrow{});
    auto const open = [&](double at) {  // at the middle of the gate's range
        auto const channel = members::broadcast<rebind_t<Narrow, Scalar>, Scalar>(Narrow{.at = at});
        return std::get<0>(rates(channel, Scalar(at))).inf.raw;
    };
    CHECK(open(-40) == 1);
    for (auto const other : {-50., 20.}) {
        rates.follow(OfCells{{{.at = -40}, {.at = -40}, {.at = other}}}, 3);
        CHECK(open(-40) == 1);
        CHECK(open(other) == 1);
        rates.follow(OfCells{{{.at = other}, {.at = other}}}, 2);
        CHECK(open(other) == 1);
    }
}

}  // namespace rates_tests
