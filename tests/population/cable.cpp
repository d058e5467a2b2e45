// SPDX-License-Identifier: MIT

/// Cells of several sections against an independent solver: the equations of the same trees written down as a
/// full matrix, with every end of every section, and solved by Gaussian elimination; rates and synapses in
/// plain formulas.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <map>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"
#include "../trees.hpp"

namespace cable_tests {

using namespace hillock;
using cells::complaint;
using cells::quietly;
using trees::Plan;

namespace {

constexpr double dt = 0.025;

/// One cell, in uS, nA, mV.
class FullMatrix {
public:
    explicit FullMatrix(Plan const& plan) : plan_{plan} {
        for (std::size_t k = 0; k < plan.sections.size(); ++k) {
            auto const& s = plan.sections[k];
            auto previous = k == 0 ? add(0, 0) : node({static_cast<std::size_t>(s.parent), s.at});
            if (k == 0) start_ = previous;
            auto const half =
                0.01 * s.Ra * (s.L / s.nseg / 2) / (std::numbers::pi * s.diam * s.diam / 4);  // megohm
            first_.push_back(v_.size());
            for (int j = 0; j < s.nseg; ++j) {
                auto const here = add(std::numbers::pi * s.diam * s.L / s.nseg, s.cm);
                join(previous, here, j == 0 ? half : 2 * half);
                auto const x = (j + 0.5) / s.nseg;
                if (s.has_hh) hh_.push_back({here, steady(-65)});
                if (s.has_passive) leaks_.push_back({here, Plan::leak(s, x)});
                previous = here;
            }
            auto const end = add(0, 0);
            join(previous, end, half);
        }
        for (std::size_t k = 0; k < synapses_.size(); ++k) synapses_[k].node = node(plan.places[k]);
    }

    std::size_t node(Plan::Place p) const {
        auto const& s = plan_.sections[p.section];
        if (p.x <= 0) return p.section == 0 ? start_ : node({static_cast<std::size_t>(s.parent), s.at});
        return first_[p.section] +
               (p.x >= 1 ? static_cast<std::size_t>(s.nseg) : static_cast<std::size_t>(p.x * s.nseg));
    }
    double v(std::size_t node) const { return v_[node]; }

    void receive(std::size_t synapse, double weight) {
        auto& s = synapses_[synapse];
        double f = 1;
        if (s.tau1 > 0) {
            auto const peak = s.tau1 * s.tau2 / (s.tau2 - s.tau1) * std::log(s.tau2 / s.tau1);
            f = 1 / (std::exp(-peak / s.tau2) - std::exp(-peak / s.tau1));
            s.A += f * weight;
        }
        s.B += f * weight;
    }

    void step(double electrode) {
        auto const n = v_.size();
        std::vector<std::vector<double>> m(n, std::vector<double>(n + 1, 0.));
        for (auto const& [i, j, g] : joints_) {
            m[i][i] += g, m[j][j] += g;
            m[i][j] -= g, m[j][i] -= g;
        }
        auto const conduct = [&](std::size_t i, double g, double e) { m[i][i] += g, m[i][n] += g * e; };
        for (std::size_t i = 0; i < n; ++i) conduct(i, 1e-5 * capacitance_[i] / dt, v_[i]);
        for (auto const& [i, gates] : hh_) {
            auto const& [gm, gh, gn] = gates;
            conduct(i, 0.01 * area_[i] * 0.12 * gm * gm * gm * gh, 50);
            conduct(i, 0.01 * area_[i] * 0.036 * gn * gn * gn * gn, -77);
            conduct(i, 0.01 * area_[i] * 3e-4, -54.3);
        }
        for (auto const& [i, g] : leaks_) conduct(i, 0.01 * area_[i] * g, -65);
        for (auto const& s : synapses_) conduct(s.node, s.B - s.A, s.e);
        m[node(plan_.places[Plan::electrode])][n] += electrode;
        solve(m);
        for (auto& [i, gates] : hh_) {
            auto const [inf, rate] = hh(v_[i]);
            for (std::size_t k = 0; k < 3; ++k)
                gates[k] = inf[k] + (gates[k] - inf[k]) * std::exp(-dt * rate[k]);
        }
        for (auto& s : synapses_) {
            if (s.tau1 > 0) s.A *= std::exp(-dt / s.tau1);
            s.B *= std::exp(-dt / s.tau2);
        }
    }

private:
    using Gates = std::array<double, 3>;
    struct Synapse {
        double tau1, tau2, e;
        std::size_t node = 0;
        double A = 0, B = 0;
    };

    static std::pair<Gates, Gates> hh(double v) {
        auto const vtrap = [](double u, double s) {
            return std::abs(u / s) < 1e-6 ? s * (1 - u / (2 * s)) : u / (std::exp(u / s) - 1);
        };
        Gates const a{0.1 * vtrap(-(v + 40), 10), 0.07 * std::exp(-(v + 65) / 20),
                      0.01 * vtrap(-(v + 55), 10)};
        Gates const b{4 * std::exp(-(v + 65) / 18), 1 / (std::exp(-(v + 35) / 10) + 1),
                      0.125 * std::exp(-(v + 65) / 80)};
        Gates inf, rate;
        for (std::size_t k = 0; k < 3; ++k) inf[k] = a[k] / (a[k] + b[k]), rate[k] = a[k] + b[k];
        return {inf, rate};
    }
    static Gates steady(double v) { return hh(v).first; }

    std::size_t add(double area, double cm) {
        v_.push_back(-65);
        area_.push_back(area);
        capacitance_.push_back(area * cm);
        return v_.size() - 1;
    }
    void join(std::size_t i, std::size_t j, double megohm) { joints_.push_back({i, j, 1 / megohm}); }

    /// Gaussian elimination from the first to the last unknown, with row exchange.
    void solve(std::vector<std::vector<double>>& m) {
        auto const n = v_.size();
        for (std::size_t k = 0; k < n; ++k) {
            auto const largest = std::max_element(
                m.begin() + static_cast<std::ptrdiff_t>(k), m.end(),
                [&](auto const& a, auto const& b) { return std::abs(a[k]) < std::abs(b[k]); });
            std::swap(m[k], *largest);
            for (auto i = k + 1; i < n; ++i) {
                if (m[i][k] == 0) continue;
                auto const factor = m[i][k] / m[k][k];
                for (auto j = k; j <= n; ++j) m[i][j] -= factor * m[k][j];
            }
        }
        for (auto k = n; k-- > 0;) {
            v_[k] = m[k][n];
            for (auto j = k + 1; j < n; ++j) v_[k] -= m[k][j] * v_[j];
            v_[k] /= m[k][k];
        }
    }

    Plan plan_;
    std::size_t start_ = 0;
    std::vector<std::size_t> first_;  // of each section's segments; its end follows them
    std::vector<double> v_, area_, capacitance_;
    struct Joint {
        std::size_t i, j;
        double g;
    };
    std::vector<Joint> joints_;
    std::vector<std::pair<std::size_t, Gates>> hh_;
    std::vector<std::pair<std::size_t, double>> leaks_;
    std::array<Synapse, 5> synapses_{{{0.2, 3, 0}, {0.5, 5, -80}, {0, 2, 0}, {0, 4, -70}, {1, 2, 10}}};
};

/// A dendrite from whose end many passive twigs grow, with all that happens at the soma.
Plan bush() {
    Plan plan(46, 14, 14, 2);
    for (std::size_t k = 1; k < plan.sections.size(); ++k) {
        auto& s = plan.sections[k];
        s.parent = k == 1 ? 0 : 1;
        s.at = 1;
        s.has_hh = false;
        s.has_passive = true;
    }
    plan.places.fill({0, 0.5});
    return plan;
}

/// Everything that one run leaves behind.
struct Outcome {
    Raster raster;
    std::vector<std::vector<double>> traces;

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

/// Cells that differ, among them one with the events and the electrode of the plan.
template <class Net>
Outcome outcome(Plan const& plan, std::vector<double> const& runs, Lanes lanes = Lanes::across_cells) {
    Net net({.dt = dt, .lanes = lanes});
    trees::Cell const cell(plan);
    auto const all = net.add(11, cell);
    for (auto const gid : all) net.stimulate(trees::Cell::events(gid));
    net.stimulate(all.slice(3, 9), cell.clamp());
    net.stimulate(all.slice(2, 5), IClamp{.delay = 1, .dur = 6, .amp = 0.05, .where = "s1(1)"});
    net.set(all.slice(2, 7), "gnabar", [](Gid gid) { return 0.12 + 0.01 * gid; });
    net.set(all.slice(1, 4), "synapses[2].tau", [](Gid gid) { return 1. + gid; });
    net.set(all.last(3), "v_init", [](Gid gid) { return -70. + 0.3 * gid; });
    net.connect(all, all, fixed_indegree(2), {.synapse = 0, .weight = 2e-3, .delay = 0.5, .threshold = -55});
    if (plan.sections.size() % 2 == 0)
        net.connect(GapJunction{.a = {all[1], "s1(0.5)"}, .b = {all[9], "s0(0)"}, .conductance = 1e-3});
    std::vector<std::shared_ptr<Trace const>> traces;
    for (auto const gid : all)
        for (auto const* name : {"v", "s1(1).v", "s0(0).v", "m", "synapses[1].g"})
            traces.push_back(net.probe(gid, name));
    Outcome found;
    for (auto const duration : runs) {
        auto const spikes = net.run(duration, quietly);
        found.raster.insert(found.raster.end(), spikes.begin(), spikes.end());
    }
    for (auto const& trace : traces) found.traces.push_back(trace->values);
    return found;
}

}  // namespace

TEST_CASE("random trees: voltages everywhere are those of the full matrix") {
    struct Size {
        std::size_t least, most;
        int segments, steps;
    };
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= 22; ++seed) {
        auto const size = seed < 18   ? Size{2, 12, 4, 320}
                          : seed < 22 ? Size{25, 40, 2, 120}
                                      : Size{60, 60, 2, 60};
        CAPTURE(seed);
        Plan const plan(seed, size.least, size.most, size.segments);
        trees::Cell const cell(plan);
        Network<trees::Cell> net({.dt = dt});
        net.add(2, cell);
        auto const events = trees::Cell::events(1);
        net.stimulate(events);
        net.stimulate(Cells(1), cell.clamp());
        auto const names = cell.places();
        std::vector<std::shared_ptr<Trace const>> traces;
        for (auto const& name : names) traces.push_back(net.probe(1, name + ".v"));
        net.run(size.steps * dt, quietly);

        FullMatrix expected(plan);
        double largest = 0, change = 0;
        for (int step = 0; step <= size.steps; ++step) {
            std::size_t k = 0;
            auto const compare = [&](Plan::Place place) {
                auto const v = expected.v(expected.node(place)),
                           found = traces[k++]->values[static_cast<std::size_t>(step)];
                largest = std::max(largest, std::isfinite(found) ? std::abs(found - v) : HUGE_VAL);
                change = std::max(change, std::abs(v + 65));
            };
            for (std::size_t s = 0; s < plan.sections.size(); ++s) {
                for (int j = 0; j < plan.sections[s].nseg; ++j)
                    compare({s, (j + 0.5) / plan.sections[s].nseg});
                compare({s, 1});
            }
            compare({0, 0});
            for (auto const& e : events)
                if (std::lround(e.time / dt) == step)
                    expected.receive(static_cast<std::size_t>(e.synapse), e.weight);
            auto const middle = (step + 0.5) * dt;
            expected.step(3 <= middle && middle < 7 ? 0.15 : 0);
        }
        CHECK(largest < 1e-7);
        CHECK(change > 1);
        for (std::size_t k = 0; k < 5; ++k)
            ++seen[plan.places[k].x == 0   ? "synapse at 0"
                   : plan.places[k].x == 1 ? "synapse at 1"
                                           : "synapse inside"];
        for (auto const& s : plan.sections) ++seen[fmt::format("child at {}", s.parent < 0 ? -1 : s.at)];
        ++seen[plan.places[Plan::electrode].x == 1 ? "electrode at 1" : "electrode elsewhere"];
    }
    for (auto const* what : {"synapse at 0", "synapse at 1", "synapse inside", "child at 0", "child at 0.3",
                             "child at 0.5", "child at 1", "electrode at 1"}) {
        CAPTURE(what);
        CHECK(seen[what] >= 3);
    }
}

TEST_CASE("trees one cell at a time give the bits of many in a vector, however the run is cut") {
    std::size_t spikes = 0, coupled = 0;
    for (std::uint64_t seed : {3, 10, 35}) {
        CAPTURE(seed);
        Plan const plan(seed, 2, 15, 4);
        coupled += plan.sections.size() % 2 == 0;
        auto const vectors = outcome<Network<trees::Cell>>(plan, {12});
        CHECK(outcome<ScalarNetwork<trees::Cell>>(plan, {12}) == vectors);
        CHECK(outcome<Network<trees::Cell>>(plan, {0.025, 3.375, 8.6}) == vectors);
        for (auto const& runs : {std::vector{12.}, {0.025, 3.375, 8.6}})
            CHECK(outcome<Network<trees::Cell>>(plan, runs, Lanes::along_cell) == vectors);
        CHECK(outcome<basic_network<float, simd::scalar, trees::Cell>>(plan, {12}) ==
              outcome<SingleNetwork<trees::Cell>>(plan, {12}));
        for (std::size_t cell = 2; cell < 7; ++cell)
            CHECK(vectors.traces[5 * cell] != vectors.traces[5 * (cell + 1)]);
        spikes += vectors.raster.size();
    }
    CHECK(spikes > 10);
    CHECK(coupled > 0);
    CHECK(coupled < 3);
}

TEST_CASE("a gap junction has a conductance in the network's precision, or is refused") {
    SingleNetwork<trees::Cell> net({.dt = dt});
    auto const pair = net.add(2, trees::Cell(Plan(3, 2, 15, 4)));
    CHECK(complaint([&] {
              net.connect(GapJunction{.a = {pair[0]}, .b = {pair[1]}, .conductance = 1e300});
          }).ends_with("conductance 1e+300 uS: must be finite, and at most 3.4e38 in single precision"));
}

TEST_CASE("lanes along a cell: the bits of lanes across, saved in one and restored in the other") {
    for (std::uint64_t seed = 40; seed < 47; ++seed) {
        CAPTURE(seed);
        auto const plan = seed < 46 ? Plan(seed, 2, 60, 4) : bush();
        auto const made = [&](Lanes lanes, std::size_t cells) {
            Network<trees::Cell> net({.dt = dt, .lanes = lanes});
            trees::Cell const cell(plan);
            net.add(cells, cell);
            net.set(Cells(0), "s0.gkbar", 0.03);
            net.stimulate(net.cells(), cell.clamp());
            for (auto const gid : net.cells()) net.stimulate(trees::Cell::events(gid));
            return net;
        };
        auto across = made(Lanes::across_cells, 3), along = made(Lanes::along_cell, 3),
             chosen = made(Lanes::chosen, 3);
        for (auto* net : {&across, &along, &chosen}) net->run(4, quietly);
        auto const half = across.digest(), saved = along.digest();
        CHECK(saved == half);
        CHECK(chosen.digest() == half);
        auto restored = made(Lanes::across_cells, 3);
        restored.restore(along.save());
        along.restore(across.save());
        bool const leaks = std::ranges::any_of(plan.sections, [](auto const& s) { return s.has_passive; });
        for (auto* net : {&along, &restored}) {
            net->set(Cells(1, 3), "s0.gkbar", 0.04);
            if (leaks) net->set(Cells(2), "Passive.g", 2e-4);  // nodes that were pre-eliminated no longer are
        }
        auto fork = along;
        for (auto* net : {&along, &restored, &fork}) net->run(4, {.threads = 2, .progress = false});
        CHECK(along.digest() != half);
        CHECK(restored.digest() == along.digest());
        CHECK(fork.digest() == along.digest());
    }
}

namespace dendrites {

/// No channel that conducts: charge stays where it is put.
struct Closed : Cell<Closed> {
    Section soma{"soma"}, dend{"dend"}, twig{"twig"};

    auto create_sections() { return sections(soma, dend, twig); }
    void build_topology() {
        dend.connect(soma(0));
        twig.connect(dend(0.3));
    }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 20;
        dend.L = 150, dend.diam = 2, dend.nseg = 5, dend.cm = 1.3;
        twig.L = 70, twig.diam = 0.7, twig.nseg = 3, twig.Ra = 200;
    }
    auto define_biophysics() { return biophysics(insert(Subset{soma, dend, twig}, Passive{.g = 0})); }
    auto create_synapses() { return synapses(place(ExpCurrent{.tau = 2}, twig(1))); }
};

/// The same channel in two places with parameters of their own, a channel of the soma alone, synapses on one
/// segment.
struct Two : Cell<Two> {
    Section soma{"soma"}, dend{"dend"};
    static inline double L = 15;

    auto create_sections() { return sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = L;
        dend.L = 100, dend.diam = 2, dend.nseg = 3;
    }
    auto define_biophysics() {
        return biophysics(insert(soma, HodgkinHuxley{}), insert(dend, HodgkinHuxley{.gnabar = 0.05}),
                          insert(soma, WangBuzsaki{.gnabar = 0}));
    }
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 2}, dend(0.9)), place(ExpSyn{.tau = 3}, dend(0.9)));
    }
};

/// A cylinder, cut as finely as one likes.
struct Cylinder : Cell<Cylinder> {
    Section dend{"dend"};

    explicit Cylinder(int nseg) { dend.nseg = nseg; }
    auto create_sections() { return std::vector{&dend}; }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { dend.L = 1000, dend.diam = 2; }
    auto define_biophysics() { return biophysics(insert(dend, Passive{.g = 1e-3, .e = -65})); }
    auto create_synapses() { return synapses(); }
};

/// What 40 ms of a current (nA) into the start of a cylinder leave there and at the other end, in mV above
/// rest. Its equations are eliminated in each step or, settled, in advance.
template <class Net>
std::array<double, 2> lifted(int nseg, double current, bool settled) {
    Net net({.dt = dt});
    net.add(1, Cylinder(nseg));
    if (!settled) net.set(Cells(0), "g", 1e-3);  // a parameter that has been set may differ between cells
    net.stimulate(Cells(0), IClamp{.dur = 40, .amp = current, .where = "dend(0)"});
    net.run(40, quietly);
    return {net.get(0, "dend(0).v") + 65, net.get(0, fmt::format("dend({}).v", 1 - 0.5 / nseg)) + 65};
}

void check_cylinder(int nseg, bool settled) {
    CAPTURE(nseg);
    CAPTURE(settled);
    for (auto const change : lifted<Network<Cylinder>>(nseg, 0, settled)) CHECK(std::abs(change) < 1e-11);
    for (auto const change : lifted<SingleNetwork<Cylinder>>(nseg, 0, settled))
        CHECK(std::abs(change) < (nseg > 101 ? 2e-3 : 4e-4));
    if (nseg < 11) return;
    // A finite cable at rest but for the current at its start: V = r i cosh((l - x)/lambda)/sinh(l/lambda).
    auto const lambda = std::sqrt(1e4 * 2 / (4 * 35.4 * 1e-3)), r = 0.01 * 35.4 * lambda / std::numbers::pi;
    auto const start = r * 0.1 / std::tanh(1000 / lambda), end = r * 0.1 / std::sinh(1000 / lambda);
    auto const cut = std::pow(1000 / lambda / nseg, 2);  // the error of segments is of second order
    auto const [first, last] = lifted<Network<Cylinder>>(nseg, 0.1, settled);
    CHECK(std::abs(first / start - 1) < 0.13 * cut);
    CHECK(std::abs(last / end - 1) < 0.24 * cut);
    auto const single = lifted<SingleNetwork<Cylinder>>(nseg, 0.1, settled);
    CHECK(std::abs(single[0] - first) < (nseg > 101 ? 2e-2 : 4e-4));
    CHECK(std::abs(single[1] - last) < (nseg > 101 ? 2e-2 : 4e-4));
}

}  // namespace dendrites

using dendrites::Closed, dendrites::Two;

TEST_CASE("short segments: rest stays rest, and a cable what it is") {
    for (int nseg : {1, 11, 101, 1001})
        for (bool settled : {true, false}) dendrites::check_cylinder(nseg, settled);
}

TEST_CASE("charge is conserved") {
    Network<Closed> net({.dt = dt});
    net.add<Closed>(1);
    net.stimulate(Cells(0), IClamp{.delay = 1, .dur = 5, .amp = 0.2, .where = "dend(1)"});
    net.stimulate(Cells(0), IClamp{.delay = 2, .dur = 2, .amp = -0.05, .where = "soma(1)"});
    net.run(10, quietly);
    double charge = 0;  // pC
    auto const& sections = *net.anatomy<Closed>().sections;
    for (auto const& section : sections)
        for (auto const& segment : segments(section))
            charge += 1e-5 * section.cm * area(segment) *
                      (net.get(0, fmt::format("{}({}).v", section.name, segment.x)) + 65);
    CHECK(charge == doctest::Approx(0.2 * 5 - 0.05 * 2).epsilon(1e-10));
    CHECK(net.get(0, "soma(1).v") == net.get(0, "soma.v"));  // the electrode is off
}

TEST_CASE("an electrode at an end where nothing is lifts that end alone") {
    Network<cells::Leaky> net({.dt = dt});
    net.add<cells::Leaky>(1);
    net.stimulate(Cells(0), IClamp{.delay = 1, .dur = 5, .amp = 0.2, .where = "soma(1)"});
    net.run(3, quietly);
    CHECK(net.get(0, "soma(0).v") == net.get(0, "v"));
    CHECK(net.get(0, "soma(1).v") - net.get(0, "v") ==
          doctest::Approx(0.2 * 0.01 * 35.4 * 10 / (std::numbers::pi * 100)).epsilon(1e-6));
}

TEST_CASE("names reach sections and segments; without them the whole cell") {
    Network<Two> net({.dt = dt});
    auto const cells = net.add<Two>(5);
    net.set(cells, "HodgkinHuxley.gkbar", 0.02);
    for (auto const* name : {"HodgkinHuxley.gkbar", "soma.HodgkinHuxley.gkbar", "dend.gkbar",
                             "dend(0.1).gkbar", "dend(0.9).HodgkinHuxley.gkbar"})
        CHECK(net.get(3, name) == 0.02);
    net.set(Cells(2), "dend.gnabar", 0.04);
    net.set(Cells(2), "dend(0.9).gnabar", 0.03);
    CHECK(net.get(2, "soma.HodgkinHuxley.gnabar") == 0.12);
    CHECK(net.get(2, "dend.gnabar") == 0.04);
    CHECK(net.get(2, "dend(0.5).gnabar") == 0.04);
    CHECK(net.get(2, "dend(0.9).gnabar") == 0.03);
    CHECK(net.get(1, "dend(0.9).gnabar") == 0.05);
    net.set(cells, "v", -60);
    net.set(Cells(1), "dend.v", -50);
    net.set(Cells(1), "dend(0.5).v", -40);
    CHECK(net.get(1, "v") == -60);
    CHECK(net.get(1, "dend(0.2).v") == -50);
    CHECK(net.get(1, "dend.v") == -40);
    CHECK(net.get(1, "dend(1).v") == -50);  // an end where nothing is
    CHECK(net.get(2, "dend.v") == -60);
    net.set(Cells(1), "dend(0.9).m", 0.25);
    CHECK(net.get(1, "dend(0.9).HodgkinHuxley.m") == 0.25);
    CHECK(net.get(1, "dend(0.5).m") != 0.25);
    CHECK(net.get(1, "synapses[1].tau") == 3);
    CHECK(net.get(1, "dend(0.9).synapses[1].tau") == 3);
}

TEST_CASE("names that mean nothing, or too much") {
    Network<Two> net({.dt = dt});
    auto const cells = net.add<Two>(2);
    CHECK(complaint([&] {
              net.get(0, "dend(0.5).q");
          }).starts_with("cable_tests::dendrites::Two has no 'q'; it has v, v_init, HodgkinHuxley.gnabar"));
    CHECK(complaint([&] { net.get(0, "dend(0.5).phi"); }) ==
          "cable_tests::dendrites::Two has no 'dend(0.5).phi': 'phi' is elsewhere");
    CHECK(
        complaint([&] { net.set(cells, "dend(1).v", -60); }) ==
        "cable_tests::dendrites::Two: 'dend(1).v': nothing is at this end, which has no membrane of its own");
    CHECK(complaint([&] { net.get(0, "dend(1.5).v"); }) ==
          "'dend(1.5).v': behind dend there must be a number between 0 and 1 in parentheses");
    CHECK(complaint([&] {
              net.get(0, "gnabar");
          }).find("'gnabar' could be several things; write it in full") != std::string::npos);
    CHECK(complaint([&] {
              net.get(0, "dend.tau");
          }).find("'tau' could be several things; write it in full") != std::string::npos);
    CHECK(complaint([&] { net.stimulate(cells, IClamp{.where = "dendrite(0.5)"}); }) ==
          "'dendrite(0.5)' is no place on the cell; write a section and x, such as 'soma(0.5)'; its sections "
          "are soma, dend");
    CHECK(complaint([&] {
              net.stimulate(cells, IClamp{.where = "dend"});
          }).starts_with("'dend' is no place on the cell"));
}

TEST_CASE("prototypes that are equal make one population, others another") {
    Network<trees::Cell> net({.dt = dt});
    CHECK(complaint([&] { net.add<trees::Cell>(1); }) ==
          "trees::Cell: what its cells are like is not known yet; give add() one of them: add(n, "
          "trees::Cell{...})");
    Plan const plan(4);
    net.add(2, trees::Cell(plan));
    CHECK(net.add(3, trees::Cell(plan)) == Cells(2, 5));
    CHECK(net.add<trees::Cell>(1) == Cells(5));
    CHECK(&net.anatomy<trees::Cell>(0) == &net.anatomy<trees::Cell>(5));

    std::vector<Plan> others(5, plan);
    others[0].sections[1].diam *= 1 + 1e-15;
    others[1] = Plan(5);
    others[2].sections[1].at = plan.sections[1].at == 1 ? 0 : 1;
    others[3].places[2].x *= 0.5;
    others[4].sections[0].cm *= 1.25;
    for (auto const& other : others) {
        auto const gid = net.add(1, trees::Cell(other))[0];
        for (Gid before = 0; before < gid; ++before)
            CHECK(&net.anatomy<trees::Cell>(before) != &net.anatomy<trees::Cell>(gid));
    }
    CHECK(&net.anatomy<trees::Cell>(net.add(1, trees::Cell(plan))[0]) == &net.anatomy<trees::Cell>(0));
    CHECK(complaint([&] { net.anatomy<trees::Cell>(); }) ==
          "trees::Cell: there are 6 populations of this type; ask for that of a cell, by gid");

    SUBCASE("each cell runs as it does alone") {
        net.stimulate(net.cells(), IClamp{.delay = 1, .dur = 5, .amp = 0.3});
        net.run(10, quietly);
        for (std::size_t k = 0; k < others.size(); ++k) {
            Network<trees::Cell> alone({.dt = dt});
            alone.add(1, trees::Cell(others[k]));
            alone.stimulate(0, IClamp{.delay = 1, .dur = 5, .amp = 0.3});
            alone.run(10, quietly);
            CHECK(net.get(6 + static_cast<Gid>(k), "v") == alone.get(0, "v"));
        }
    }
}

TEST_CASE("cells with dendrites and cells without, in one network") {
    Network<Two, cells::HH> net({.dt = dt});
    auto const two = net.add<Two>(9), hh = net.add<cells::HH>(9);
    net.stimulate(two, IClamp{.delay = 1, .dur = 2, .amp = 0.5});
    net.connect(two, hh, one_to_one(), {.synapse = 0, .weight = 2e-2, .delay = 1., .threshold = -10});
    auto const spikes = net.run(20, quietly);
    std::vector<int> count(18, 0);
    for (auto const& spike : spikes) ++count[spike.gid];
    for (auto const n : count) CHECK(n >= 1);
}

TEST_CASE("a hundred thousand twigs are arranged side by side in a time in proportion") {
    auto const start = std::clock();
    constexpr std::size_t twigs = 100000;
    std::vector<NodeTree::Node> nodes{{NodeTree::none}};  // that all hang on, and what hangs there on each
    for (std::size_t k = 0; k < twigs; ++k) nodes.push_back({k % 2 == 0 ? 0 : k});
    std::vector<bool> pre_eliminated(nodes.size(), true);
    for (bool const root : {true, false}) {
        pre_eliminated[0] = root;
        population::ChainSchedule const chains(nodes, pre_eliminated, 4);
        std::size_t placed = 0;
        for (auto const node : chains.nodes()) placed += node != NodeTree::none;
        CHECK(placed == twigs + root);
        CHECK(chains.rows() <= twigs / 4 + 4);
    }
    CHECK(std::clock() - start < 30 * CLOCKS_PER_SEC);
}

}  // namespace cable_tests
