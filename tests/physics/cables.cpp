// SPDX-License-Identifier: MIT

/// Passive cables against cable theory: the finite cable of Rallpack 1 (Bhalla, Bilitch & Bower, Trends
/// Neurosci 15:453, 1992), its orders of convergence, and Rall's equivalent cylinder (Rall, Handbook of
/// Physiology, 1977).

#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace cables_tests {

using namespace hillock;
using cells::quietly;
using std::numbers::pi;

namespace {

/// Rallpack 1: 1 mm long, 1 um thick, Ra 1 ohm m, Rm 4 ohm m2, Cm 0.01 F/m2, rest at -65 mV, 0.1 nA into one
/// end.
constexpr double length = 1000, diameter = 1, Ra = 100, g = 2.5e-5, cm = 1, rest = -65, amp = 0.1;
constexpr double tau = 1e-3 * cm / g;                                   // 40 ms
double const lambda = 1e4 * std::sqrt(diameter * 1e-4 / (4 * Ra * g));  // um
double const electrotonic = length / lambda;
double const scale = amp * 0.04 * Ra * lambda /
                     (pi * diameter * diameter);  // mV: the current times the resistance of a length constant

struct Rallpack : Cell<Rallpack> {
    int nseg;
    Section cable{"cable"};

    explicit Rallpack(int n) : nseg{n} {}
    auto create_sections() { return sections(cable); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {
        cable.L = length;
        cable.diam = diameter;
        cable.Ra = Ra;
        cable.cm = cm;
        cable.nseg = nseg;
    }
    auto define_biophysics() { return biophysics(insert(cable, Passive{.g = g, .e = rest})); }
    auto create_synapses() { return synapses(); }
};

/// V - rest at x (in parts of the length) of a cable with sealed ends, a time after a current into x = 0 was
/// switched on.
double steady(double x) { return scale * std::cosh(electrotonic * (1 - x)) / std::sinh(electrotonic); }
double transient(double x, double t) {
    double sum = std::exp(-t / tau) / electrotonic;
    for (int n = 1; n < 2000; ++n) {
        auto const k = n * pi / electrotonic, rate = 1 + k * k;
        sum += 2 / electrotonic * std::cos(n * pi * x) * std::exp(-rate * t / tau) / rate;
    }
    return steady(x) - scale * sum;
}

/// V - rest at both ends after a time.
std::array<double, 2> ends(int nseg, double dt, double t) {
    Network<Rallpack> net({.dt = dt});
    auto const one = net.add(1, Rallpack(nseg));
    net.stimulate(one, IClamp{.delay = 0, .dur = 1e9, .amp = amp, .where = "cable(0)"});
    net.run(t, quietly);
    return {net.get(0, "cable(0).v") - rest, net.get(0, "cable(1).v") - rest};
}

void check_order(std::vector<double> const& errors, double order) {
    for (std::size_t k = 0; k + 1 < errors.size(); ++k) {
        auto const p = std::log2(std::abs(errors[k] / errors[k + 1]));
        CHECK(p > order - 0.1);
        CHECK(p < order + 0.1);
        MESSAGE("order of convergence " << p);
    }
}

}  // namespace

TEST_CASE("a finite cable comes to its steady state, with order 2 in the length of segments") {
    std::vector<double> at_0, at_1;
    for (int nseg : {10, 20, 40, 80, 160}) {
        auto const v = ends(nseg, 1000, 20000);
        at_0.push_back(v[0] - steady(0));
        at_1.push_back(v[1] - steady(1));
    }
    check_order(at_0, 2);
    check_order(at_1, 2);
    CHECK(std::abs(at_0.back()) < 1e-4 * steady(0));
    CHECK(steady(0) > 50);
    auto const inside = [](int nseg) {
        Network<Rallpack> net({.dt = 1000});
        net.stimulate(net.add(1, Rallpack(nseg)),
                      IClamp{.delay = 0, .dur = 1e9, .amp = amp, .where = "cable(0)"});
        net.run(20000, quietly);
        return net.get(0, "cable(0.5).v") - rest - steady(0.5);
    };
    check_order({inside(11), inside(33)}, 2 * std::log2(3.));
}

TEST_CASE("the transient of a finite cable, with order 1 in dt") {
    CHECK(std::abs(transient(0.3, 1e-3)) < 1e-6);  // the series itself begins at rest
    double const t = 0.5 * tau;
    std::vector<double> at_0, at_1;
    for (double dt : {1., 0.5, 0.25, 0.125}) {
        auto const v = ends(1000, dt, t);
        at_0.push_back(v[0] - transient(0, t));
        at_1.push_back(v[1] - transient(1, t));
    }
    check_order(at_0, 1);
    check_order(at_1, 1);
    CHECK(std::abs(at_0.back()) < 2e-3 * steady(0));
    CHECK(std::abs(at_1.back()) < 4e-3 * steady(1));
}

namespace {

/// A cylinder that forks, twice, into unequal daughters that obey Rall's law: d^(3/2) = sum of the daughters'
/// d^(3/2), ends at equal electrotonic distance. Its segments are 0.05 length constants long everywhere.
struct Forked : Cell<Forked> {
    Section parent{"parent"}, left{"left"}, right{"right"}, twig1{"twig1"}, twig2{"twig2"};

    static constexpr double d = 3, thick = 2, Rm_g = 1e-4;
    static double thin() { return std::pow(std::pow(d, 1.5) - std::pow(thick, 1.5), 2. / 3); }
    static double twig() { return thick * std::pow(0.5, 2. / 3); }
    static double lambda_of(double diam) { return 1e4 * std::sqrt(diam * 1e-4 / (4 * Ra * Rm_g)); }

    auto create_sections() { return sections(parent, left, right, twig1, twig2); }
    void build_topology() {
        left.connect(parent(1));
        right.connect(parent(1));
        twig1.connect(left(1));
        twig2.connect(left(1));
    }
    void build_subsets() {}
    void define_geometry() {
        auto const shape = [](Section& s, double diam, int segments) {
            s.diam = diam, s.nseg = segments, s.L = 0.05 * segments * lambda_of(diam), s.Ra = Ra;
        };
        shape(parent, d, 8);
        shape(left, thick, 5);
        shape(right, thin(), 12);
        shape(twig1, twig(), 7);
        shape(twig2, twig(), 7);
    }
    auto define_biophysics() {
        return biophysics(insert(Subset{parent, left, right, twig1, twig2}, Passive{.g = Rm_g, .e = rest}));
    }
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 3, .e = 0}, parent(0)), place(ExpCurrent{.tau = 1}, parent(0.3)));
    }
};

/// Its equivalent.
struct Cylinder : Cell<Cylinder> {
    Section cable{"cable"};

    auto create_sections() { return sections(cable); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {
        cable.diam = Forked::d, cable.nseg = 20, cable.L = Forked::lambda_of(Forked::d), cable.Ra = Ra;
    }
    auto define_biophysics() { return biophysics(insert(cable, Passive{.g = Forked::Rm_g, .e = rest})); }
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 3, .e = 0}, cable(0)),
                        place(ExpCurrent{.tau = 1}, cable(0.3 * 0.4)));
    }
};

}  // namespace

TEST_CASE("a tree that obeys Rall's 3/2 law is its equivalent cylinder") {
    Network<Forked, Cylinder> net({.dt = 0.05});
    auto const forked = net.add<Forked>(1)[0], cylinder = net.add<Cylinder>(1)[0];
    for (auto const gid : {forked, cylinder})
        net.stimulate({{gid, 1, 0, 5e-3}, {gid, 4, 1, 0.3}, {gid, 6, 0, 1e-2}});
    struct Pair {
        char const *tree, *cable;
    };
    std::vector<std::array<std::shared_ptr<Trace const>, 2>> pairs;
    for (auto const& [tree, cable] :
         {Pair{"parent(0).v", "cable(0).v"}, Pair{"parent(0.9375).v", "cable(0.375).v"},
          Pair{"left(0.5).v", "cable(0.525).v"}, Pair{"right(0.125).v", "cable(0.475).v"},
          Pair{"right(1).v", "cable(1).v"}, Pair{"twig1(1).v", "cable(1).v"},
          Pair{"twig2(0.5).v", "cable(0.825).v"}})
        pairs.push_back({net.probe(forked, tree), net.probe(cylinder, cable)});
    net.run(20, quietly);
    for (auto const& [tree, cable] : pairs) {
        double largest = 0, change = 0;
        for (std::size_t k = 0; k < tree->values.size(); ++k) {
            largest = std::max(largest, std::abs(tree->values[k] - cable->values[k]));
            change = std::max(change, std::abs(cable->values[k] - rest));
        }
        auto const where = tree->variable;
        CAPTURE(where);
        CHECK(largest < 1e-10);
        CHECK(change > 1);
    }
}

}  // namespace cables_tests
