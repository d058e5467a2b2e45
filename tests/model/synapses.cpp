// SPDX-License-Identifier: MIT

/// Synapses in numbers of either precision against their exact solutions, and the parameters that single
/// precision cannot serve.

#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include <hillock/model/synapse/alphasyn.hpp>
#include <hillock/model/synapse/exp2syn.hpp>
#include <hillock/model/synapse/expcurrent.hpp>
#include <hillock/model/synapse/expsyn.hpp>
#include <hillock/words/error.hpp>

namespace synapses_tests {

using namespace hillock;

namespace {

constexpr double dt = 0.025;

template <class Real>
using One = simd::Lane<Real, simd::scalar>;

/// A synapse in numbers of type `Real`.
template <class Real, class S>
auto in(S synapse, double step = dt) {
    prepare(synapse, step);
    return members::broadcast<rebind_t<S, One<Real>>, One<Real>>(synapse);
}

/// The largest difference, in weights, of the conductance after one event from `exact(t)`.
template <class Real>
double largest_error(auto const& synapse, double duration, auto const& exact) {
    using S = std::remove_cvref_t<decltype(synapse)>;
    typename S::State state{};
    double const weight = 1e-3;
    meta::unroll<S::states().size()>([&](auto k) { state.*S::states()[k].member = One<Real>(0); });
    synapse.receive(state, One<Real>(static_cast<Real>(weight)));
    double worst = 0;
    for (int n = 0; n * dt <= duration; ++n) {
        auto const g = static_cast<double>(synapse.current(One<Real>(0), state).g.raw);
        worst = std::max(worst, std::abs(g / weight - exact(n * dt)));
        synapse.advance(state, One<Real>(Real(dt)));
    }
    return worst;
}

/// Two exponentials that peak at 1; as in NEURON, tau1 is at most 0.9999 tau2.
auto two_exponentials(double tau1, double tau2) {
    auto const rise = std::min(tau1, 0.9999 * tau2);
    auto const at = [=](double t) { return std::exp(-t / tau2) - std::exp(-t / rise); };
    auto const peak = at(rise * tau2 / (tau2 - rise) * std::log(tau2 / rise));
    return [=](double t) { return at(t) / peak; };
}

template <class Real, class S>
std::string complaint(S const& synapse, double step = dt) {
    try {
        in<Real>(synapse, step);
    } catch (Error const& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE_TEMPLATE("Exp2Syn: two exponentials that peak at the weight, also where they are almost equal",
                   Real, double, float) {
    for (double const tau : {0.1, 2., 20., 50., 200., 1000.})
        for (double const ratio : {1e-8, 0.05, 0.5, 0.9, 0.99, 0.9995, 1., 3.}) {
            CAPTURE(tau);
            CAPTURE(ratio);
            auto const synapse = in<Real>(Exp2Syn{.tau1 = ratio * tau, .tau2 = tau});
            CHECK(largest_error<Real>(synapse, 4 * tau, two_exponentials(ratio * tau, tau)) <
                  (sizeof(Real) == 8 ? 1e-8 : 2e-3));
        }
}

TEST_CASE_TEMPLATE("ExpSyn, AlphaSyn: the exact curves", Real, double, float) {
    auto const bound = [](double tau) { return sizeof(Real) == 8 ? 1e-10 : tau > 1000 ? 1e-2 : 2e-3; };
    for (double const tau : {0.1, 2., 20., 200., 3200.}) {
        CAPTURE(tau);
        CHECK(largest_error<Real>(in<Real>(ExpSyn{.tau = tau}), 4 * tau,
                                  [=](double t) { return std::exp(-t / tau); }) < bound(tau));
        CHECK(largest_error<Real>(in<Real>(AlphaSyn{.tau = tau}), 4 * tau,
                                  [=](double t) { return t / tau * std::exp(1 - t / tau); }) < bound(tau));
    }
}

TEST_CASE("single precision says which decays it cannot follow") {
    std::string const rest =
        ": single precision cannot follow a decay over more than 131072 steps; take a larger "
        "dt, a shorter time constant or a network in double precision";
    CHECK(complaint<float>(ExpSyn{.tau = 1e6}) == "ExpSyn.tau = 1000000 ms" + rest);
    CHECK(complaint<float>(AlphaSyn{.tau = 3300}) == "AlphaSyn.tau = 3300 ms" + rest);
    CHECK(complaint<float>(ExpCurrent{.tau = 3300}) == "ExpCurrent.tau = 3300 ms" + rest);
    CHECK(complaint<float>(Exp2Syn{.tau1 = 1, .tau2 = 3300}) == "Exp2Syn.tau2 = 3300 ms" + rest);
    CHECK(complaint<float>(ExpSyn{.tau = 1e30}) == "ExpSyn.tau = 1e+30 ms" + rest);
    CHECK(complaint<float>(ExpSyn{.tau = 3276}) == "none");
    CHECK(complaint<float>(ExpSyn{.tau = 1e6}, 8) == "none");
    CHECK(complaint<float>(Exp2Syn{.tau1 = 1e6, .tau2 = 5}) == "none");
    CHECK(complaint<double>(ExpSyn{.tau = 1e30}) == "none");
}

TEST_CASE("single precision says which parameters it cannot hold") {
    CHECK(complaint<float>(ExpSyn{.tau = 2, .e = -1e300}) ==
          "ExpSyn.e = -1e+300 mV: single precision holds numbers from 1.1754943508222875e-38 to "
          "3.4028234663852886e+38");
    CHECK(complaint<float>(ExpSyn{.tau = 1e-50}) ==
          "ExpSyn.tau = 1e-50 ms: single precision holds numbers from 1.1754943508222875e-38 to "
          "3.4028234663852886e+38");
    CHECK(complaint<float>(ExpSyn{.tau = 2, .e = 0}) == "none");
    CHECK(complaint<float>(ExpSyn{.tau = 2, .e = 1e-300}) == "none");
    CHECK(complaint<double>(ExpSyn{.tau = 2, .e = -1e300}) == "none");
    // one lane among others says so too
    auto lanes = in<float>(ExpSyn{});
    CHECK_THROWS_AS((members::put<basic_expsyn<One<float>>, One<float>>(ExpSyn{.e = 1e39}, 0, lanes)), Error);
}

}  // namespace synapses_tests
