// SPDX-License-Identifier: MIT

/// What drives a network and what is read from it; cells that differ; several cell types.

#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace stimuli_and_probes_tests {

using namespace hillock;
using cells::Leaky;
using cells::quietly;
using scheduling::NetStimSpikes;

namespace {

/// Leaky cells that drive themselves and read their spikes at a threshold of their own.
struct Driven : Leaky {
    auto create_stimuli() {
        return stimuli(stimulus(NetStim{.interval = 2, .noise = 1, .start = 1, .duration = 20},
                                {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 0.5}),
                       stimulus(NetStim{.interval = 4, .start = 3, .number = 2},
                                {.synapse = Leaky::expcurrent, .weight = 1e-2}),
                       stimulus(IClamp{.delay = 30, .dur = 1, .amp = 1}, {}));
    }
    SpikeSource spike_source() { return {soma(0.5), -68}; }
};

/// A cell that brings what cells can be stimulated by besides.
struct Noisy : cells::CS {
    static auto trace() { return CurrentTrace{{0, 5, 5}, {0.1, 0.2, 0}}; }
    static auto noise() { return OrnsteinUhlenbeck{.sd = 0.05, .tau = 3}; }
    static auto poisson() { return Poisson{.rate = 400}; }
    static constexpr StimulusTarget target{.synapse = 0, .weight = 1e-3};

    auto create_stimuli() {
        return stimuli(stimulus(trace()), stimulus(noise()), stimulus(poisson(), target));
    }
};

/// A cell whose parameters are those of the test that runs: the uniform twin of cells that vary.
struct Settable : Cell<Settable> {
    Section soma{"soma"};
    static inline ConnorStevens channel{};
    static inline Exp2Syn synapse{};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return biophysics(insert(soma, channel)); }
    auto create_synapses() { return synapses(place(synapse, soma(0.5))); }
};

using Net = Network<Leaky, Driven, cells::CS, Noisy>;
constexpr double dt = 0.025;

/// The conductance of an ExpSyn that gets one weight at each of these times.
std::vector<double> conductance(std::vector<double> const& times, double weight, std::size_t steps) {
    TimeGrid const grid(dt);
    std::vector<double> arrived(steps, 0), g{0};
    for (auto t : times)
        if (auto const step = static_cast<std::size_t>(grid.step_of(t)); step < steps)
            arrived[step] += weight;
    auto const decay = std::exp(-dt / 2);
    for (std::size_t k = 0; k + 1 < steps; ++k) g.push_back((g.back() + arrived[k]) * decay);
    return g;
}

std::vector<double> netstim(NetStim const& s, StreamId const& id, double delay, double end) {
    std::vector<double> times;
    for (NetStimSpikes spikes(s, id); spikes.pending() && spikes.time() < end; spikes.next())
        times.push_back(spikes.time() + delay);
    return times;
}

double largest_difference(std::vector<double> const& a, std::vector<double> const& b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t k = 0; k < a.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
    return largest;
}

}  // namespace

TEST_CASE("every cell's NetStim has the stream (gid, stream, 0) with the stimulus seed, whatever the order "
          "of creation") {
    NetStim const s{.interval = 1.5, .noise = 0.8, .start = 2, .duration = 40, .stream = 3};
    std::uint32_t const seed = 17;
    for (int order : {0, 1, 2}) {
        CAPTURE(order);
        Net net({.dt = dt, .stimulus_seed = seed});
        auto const all = net.add<Leaky>(3) + net.add<Driven>(1) + net.add<Leaky>(3);
        StimulusTarget const target{.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 0.7};
        if (order == 0) net.stimulate(all, s, target);
        if (order == 1)
            for (Gid gid = 7; gid > 0; --gid) net.stimulate(Cells(gid - 1), s, target);
        if (order == 2) {
            net.stimulate(all.last(3), NetStim{.noise = 1}, {.synapse = Leaky::expcurrent});
            net.stimulate(all.last(5), s, target);
            net.stimulate(all.first(2), s, target);
        }
        std::vector<std::shared_ptr<Trace const>> g;
        for (Gid gid : {0, 2, 6}) g.push_back(net.probe(gid, "synapses[1].g"));
        net.run(50, quietly);
        for (auto const& trace : g) {
            auto const times = netstim(s, {.id1 = trace->gid, .id2 = 3, .key0 = seed}, 0.7, 100);
            CHECK(times.size() > 10);
            CHECK(largest_difference(trace->values, conductance(times, 1e-3, 2001)) < 1e-15);
        }
    }
}

TEST_CASE("explicit times, in any order, over the target's delay") {
    Net net({.dt = dt});
    net.add<Leaky>(2);
    net.stimulate(Cells(1), SpikeTimes{{5, 1, 1, 2.0125, 0}},
                  {.synapse = Leaky::expsyn, .weight = 2e-3, .delay = 0.5});
    auto const g = net.probe(1, "synapses[1].g"), other = net.probe(0, "synapses[1].g");
    net.run(10, quietly);
    CHECK(largest_difference(g->values, conductance({0.5, 1.5, 1.5, 2.5125, 5.5}, 2e-3, 401)) < 1e-15);
    CHECK(largest_difference(other->values, std::vector<double>(401, 0.)) == 0);
}

TEST_CASE("stimuli may join a running network; what has passed is gone until reset") {
    Net net({.dt = dt});
    net.add<Leaky>(1);
    auto const g = net.probe(0, "synapses[1].g");
    net.run(10, quietly);
    NetStim const s{.interval = 4, .start = 5, .number = 4};  // 5, 9, 13, 17
    net.stimulate(Cells(0), s, {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 0});
    net.stimulate({{0, 12, Leaky::expsyn, 1e-3}});
    net.stimulate({{0, 11, Leaky::expsyn, 1e-3}});
    net.run(10, quietly);
    CHECK(largest_difference(g->values, conductance({11, 12, 13, 17}, 1e-3, 801)) < 1e-15);
    net.reset();
    net.run(20, quietly);
    CHECK(largest_difference(g->values, conductance({5, 9, 11, 12, 13, 17}, 1e-3, 801)) < 1e-15);
}

TEST_CASE("a cell type's own stimuli and its own threshold") {
    Net net({.dt = dt});
    net.add<Leaky>(2);
    auto const driven = net.add<Driven>(3);
    auto const g = net.probe(driven[1], "synapses[1].g"), i = net.probe(driven[1], "synapses[3].i"),
               v = net.probe(driven[1], "v");
    net.run(40, quietly);
    auto const times =
        netstim({.interval = 2, .noise = 1, .start = 1, .duration = 20}, {.id1 = driven[1]}, 0.5, 100);
    CHECK(largest_difference(g->values, conductance(times, 1e-3, 1601)) < 1e-15);
    CHECK(i->values[160] == 0);  // 4 = start + 1 ms, the default delay
    CHECK(i->values[161] == doctest::Approx(1e-2 * std::exp(-dt / 4)));
    CHECK(v->values[1240] > v->values[1200] + 10);
    net.reset();
    net.set(net.cells(), "v_init", -67);
    net.reset();
    auto const spikes = net.run(dt, quietly);
    REQUIRE(spikes.size() == 3);  // above -68; the others have 10 mV
    CHECK(spikes[0] == Spike{0, driven[0]});
}

TEST_CASE("a cell type's own currents and Poisson processes are those of a call") {
    Net own({.dt = dt}), called({.dt = dt});
    own.add<Noisy>(2);
    auto const cells = called.add<cells::CS>(2);
    called.stimulate(cells, Noisy::trace());
    called.stimulate(cells, Noisy::noise());
    called.stimulate(cells, Noisy::poisson(), Noisy::target);
    own.run(20, quietly);
    called.run(20, quietly);
    CHECK(own.get(0, "synapses[0].g") > 0);
    CHECK(own.get(1, "v") != own.get(0, "v"));
    for (Gid const gid : {0, 1}) CHECK(own.get(gid, "v") == called.get(gid, "v"));
}

TEST_CASE("probes: every k steps, on from where they were, anew after a reset") {
    Net net({.dt = dt});
    net.add<Leaky>(20);
    auto const cs = net.add<cells::CS>(9);
    net.stimulate(net.cells(), IClamp{.delay = 1, .dur = 3, .amp = 0.5});
    auto const every = net.probe(cs[8], "v"), third = net.probe(cs[8], "v", {.every = 3}),
               gate = net.probe(cs[8], "ConnorStevens.n", {.every = 7});
    auto const leaky = net.probe(13, "v", {.every = 2}), parameter = net.probe(0, "Passive.g");
    CHECK(every->gid == cs[8]);
    CHECK(gate->variable == "ConnorStevens.n");
    for (double duration : {1.3, 0.025, 0.7, 2.975}) {
        net.run(duration, quietly);
        CHECK(every->values.back() == net.get(cs[8], "v"));
        CHECK(every->times.back() == net.now());
    }
    auto const check = [&] {
        REQUIRE(every->values.size() == 201);
        for (std::size_t k = 0; k < 201; ++k) CHECK(every->times[k] == static_cast<double>(k) * dt);
        REQUIRE(third->values.size() == 67);
        for (std::size_t k = 0; k < 67; ++k) {
            CHECK(third->times[k] == every->times[3 * k]);
            CHECK(third->values[k] == every->values[3 * k]);
        }
        CHECK(gate->values.size() == 29);
        CHECK(leaky->values.size() == 101);
        CHECK(parameter->values == std::vector<double>(201, 1e-3));
        CHECK(every->values.front() == -65);
        CHECK(leaky->values[40] > leaky->values[20]);
        CHECK(leaky->values[41] > leaky->values[40]);
    };
    check();
    auto const values = every->values;
    net.reset();
    CHECK(every->values.empty());
    CHECK(third->times.empty());
    net.run(5, quietly);
    check();
    CHECK(every->values == values);
}

TEST_CASE("a probe set at t begins at t") {
    Net net({.dt = dt});
    net.add<Leaky>(1);
    net.run(1, quietly);
    auto const late = net.probe(0, "v");
    auto const third = net.probe(0, "v", {.every = 3});
    auto const v = net.get(0, "v");
    net.run(1, quietly);
    REQUIRE(!late->times.empty());
    REQUIRE(!third->times.empty());
    CHECK(third->times.front() == doctest::Approx(42 * dt));  // the grid is that of all probes
    CHECK(late->times.front() == 1);
    CHECK(late->values.front() == v);
    CHECK(late->values.size() == 41);
}

TEST_CASE("record_spikes: a run returns those of the cells named, and counts all") {
    Net net({.dt = dt});
    auto const all = net.add<Leaky>(10);
    net.set_threshold(all, -66);
    auto const gids = [&] {
        net.reset();
        std::vector<Gid> gids;
        for (auto const& spike : net.run(1, quietly)) gids.push_back(spike.gid);
        CHECK(net.statistics().spikes == 10);
        return gids;
    };
    CHECK(gids().size() == 10);
    net.record_spikes(all.slice(7, 9) + all.first(2));
    CHECK(gids() == std::vector<Gid>{0, 1, 7, 8});
    net.record_spikes(Cells());
    CHECK(gids().empty());
    net.record_spikes(all);
    CHECK(gids().size() == 10);
}

TEST_CASE("statistics of a run") {
    Net net({.dt = dt});
    auto const all = net.add<Leaky>(10);
    net.connect(all, all, all_to_all(), {});
    net.set_threshold(all, -66);
    net.run(2, quietly);
    auto const s = net.statistics();
    CHECK(s.cells == 10);
    CHECK(s.connections == 90);
    CHECK(s.spikes == 10);
    CHECK(s.steps == 80);
    CHECK(s.duration == 2);
    CHECK(s.mean_rate() == doctest::Approx(500));
    CHECK(s.run_seconds > 0);
    CHECK(s.build_seconds > 0);
    CHECK(s.real_time_factor() == doctest::Approx(s.run_seconds / 2e-3));
    CHECK(s.ns_per_cell_step() == doctest::Approx(s.run_seconds * 1e9 / 800));
    for (auto const* key : {"cells", "connections", "spikes", "build_s", "run_s", "ns_per_cell_step",
                            "real_time_factor", "peak_memory_bytes"})
        CHECK(s.json().find(fmt::format("\"{}\": ", key)) != std::string::npos);
    CHECK(machine::peak_memory_bytes() > 1000000);
}

TEST_CASE("cells whose parameters vary are, to the bit, cells of uniform parameters") {
    struct Values {
        double gnabar, ek, tau1, tau2;
    };
    auto const values = [](Gid k) {
        return Values{0.1 + 0.01 * k, -77 - 0.5 * k, 0.1 + 0.05 * k, 2 + 0.3 * k};
    };
    auto const drive = [](auto& net, Gid gid) {
        net.stimulate({{gid, 2, 0, 0.02}, {gid, 9, 0, 0.03}});
        net.stimulate(Cells(gid), IClamp{.delay = 15, .dur = 10, .amp = 0.3});
    };
    std::vector<std::string> const variables{"v", "m", "h", "n", "a", "b", "synapses[0].g"};

    Settable::channel = {};
    Settable::synapse = {};
    Network<Settable> varied({.dt = dt});
    auto const all = varied.add<Settable>(11);
    varied.set(all, "gnabar", [&](Gid k) { return values(k).gnabar; });
    varied.set(all, "ConnorStevens.ek", [&](Gid k) { return values(k).ek; });
    varied.set(all, "synapses[0].tau1", [&](Gid k) { return values(k).tau1; });
    varied.set(all, "tau2", [&](Gid k) { return values(k).tau2; });
    for (auto gid : all) drive(varied, gid);
    varied.run(30, quietly);

    for (auto gid : all) {
        CAPTURE(gid);
        auto const [gnabar, ek, tau1, tau2] = values(gid);
        Settable::channel = ConnorStevens{.gnabar = gnabar, .ek = ek};
        Settable::synapse = Exp2Syn{.tau1 = tau1, .tau2 = tau2};
        Network<Settable> uniform({.dt = dt});
        uniform.add<Settable>(1);
        drive(uniform, 0);
        uniform.run(30, quietly);
        for (auto const& variable : variables) CHECK(varied.get(gid, variable) == uniform.get(0, variable));
        CHECK(varied.get(gid, "gnabar") == gnabar);
        CHECK(varied.get(gid, "synapses[0].tau1") == tau1);
    }
    CHECK(varied.get(0, "v") != varied.get(10, "v"));
}

TEST_CASE("parameters stay over a reset, states do not; cells added later have the uniform ones") {
    Net net({.dt = dt});
    auto const all = net.add<Leaky>(3);
    net.set(Cells(1), "Passive.e", -50);
    net.set(Cells(2), "v_init", -61);
    net.set(Cells(0), "v", -40);
    CHECK(net.get(0, "v") == -40);
    net.reset();
    CHECK(net.get(0, "v") == -65);
    CHECK(net.get(1, "Passive.e") == -50);
    CHECK(net.get(2, "v") == -61);
    net.reset();
    auto const more = net.add<Leaky>(40);
    for (auto gid : more) CHECK(net.get(gid, "Passive.e") == -70);
    net.run(20, quietly);
    CHECK(net.get(1, "v") == doctest::Approx(-50));
    CHECK(net.get(more[39], "v") == doctest::Approx(-70));
    CHECK(net.get(0, "v") == doctest::Approx(-70));
    CHECK(all.size() == 3);
}

TEST_CASE("v_init set before the first step is where cells start, even if states have been looked at") {
    Net net({.dt = dt});
    net.add<cells::CS>(1);
    CHECK(net.get(0, "v") == -65);
    net.set(Cells(0), "v_init", -70);
    net.reset();
    CHECK(net.get(0, "v") == -70);
    // gates at their steady state there
    auto const a = 0.266 * std::exp(-0.05 * (-70 + 48)), b = 3.8 / (1 + std::exp(-0.1 * (-70 + 18)));
    CHECK(net.get(0, "h") == doctest::Approx(a / (a + b)).epsilon(1e-12));
}

TEST_CASE(
    "what is looked at stays what it would have been: a rest that follows from a parameter set afterwards") {
    Network<cells::Soma<TraubMiles>> net({.dt = dt});
    auto const all = net.add<cells::Soma<TraubMiles>>(2);
    auto const before = net.get(1, "h");
    net.set(all, "VT", -60);
    CHECK(net.get(1, "h") == net.get(0, "h"));
    CHECK(net.get(1, "h") != before);
    net.set(Cells(0), "n", 0.5);  // from now on states are their own
    auto const rest = net.get(1, "h");
    net.set(all, "VT", -63);
    CHECK(net.get(1, "h") == rest);
    net.reset();
    CHECK(net.get(1, "h") == before);
}

TEST_CASE("several cell types in one network do as each would alone, and send spikes to each other") {
    auto const drive = [](auto& net, Cells const& cells) {
        net.stimulate(cells, IClamp{.delay = 5, .dur = 40, .amp = 0.4});
    };
    Network<cells::CS> alone({.dt = dt});
    drive(alone, alone.add<cells::CS>(3));
    auto const expected = alone.run(50, quietly);
    CHECK(expected.size() >= 6);

    Net net({.dt = dt});
    auto const leaky = net.add<Leaky>(5);
    auto const cs = net.add<cells::CS>(3);
    net.add<Leaky>(4);
    drive(net, cs);
    net.connect(cs, leaky, all_to_all(), {.synapse = Leaky::expsyn, .weight = 1e-3, .delay = 2.});
    auto const g = net.probe(leaky[4], "synapses[1].g");
    auto const spikes = net.run(50, quietly);
    REQUIRE(spikes.size() == expected.size());
    std::vector<double> arrivals;
    for (std::size_t k = 0; k < spikes.size(); ++k) {
        CHECK(spikes[k] == Spike{expected[k].time, expected[k].gid + 5});
        arrivals.push_back(spikes[k].time + 2);
    }
    CHECK(largest_difference(g->values, conductance(arrivals, 1e-3, 2001)) < 1e-15);
}

TEST_CASE("listed events arrive once, also after a reset on another number of threads") {
    auto const begin = [](Network<Leaky>& net) {
        auto const all = net.add<Leaky>(40);
        net.stimulate(all, SpikeTimes{{1, 3, 5}}, {.synapse = Leaky::expsyn, .weight = 1e-3});
    };
    Network<Leaky> changing, whole;
    begin(changing);
    begin(whole);
    changing.run(3, {.threads = 1, .progress = false});  // the first ones arrive at 2 ms
    changing.run(2, {.threads = 2, .progress = false});
    changing.reset();
    changing.run(4, {.threads = 3, .progress = false});
    changing.run(4, {.threads = 1, .progress = false});
    whole.run(8, quietly);
    CHECK(changing.digest() == whole.digest());
}

}  // namespace stimuli_and_probes_tests
