// SPDX-License-Identifier: MIT

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>
#include <hillock/run/thread_exchange.hpp>

#include "../cells.hpp"

namespace point_neurons_tests {

namespace {

namespace hk = hillock;
using cells::complaint, cells::quietly;

/// reference/data/point_neurons.txt: its lines are explained by make_point_neurons.py.
struct Reference {
    static constexpr double dt = 0.1, duration = 300;

    std::vector<hk::Spike> spikes;

    /// Makes the network with cells like a prototype; its spikes are those of one kind.
    template <class Net, class Neuron>
    Reference(Net& net, Neuron const& prototype, std::string const& spike) {
        std::ifstream file("reference/data/point_neurons.txt");
        REQUIRE(file);
        for (std::string line, kind; std::getline(file, line);) {
            std::istringstream words(line);
            words >> kind;
            if (kind == "cell") {
                auto cell = prototype;
                double v = 0;
                words >> cell.tau_m >> cell.tau_ex >> cell.tau_in >> cell.t_ref >> cell.I_e >> v;
                net.set(net.add(1, cell), "v_init", v);
            } else if (kind == "source") {
                hk::StimulusTarget target;
                hk::SpikeTimes source;
                double delay = 0;
                words >> target.synapse >> target.weight >> delay;
                target.delay = delay * dt;
                for (double step = 0; words >> step;) source.times.push_back(step * dt);
                net.stimulate(net.cells(), source, target);
            } else if (kind == "connection") {
                hk::Gid pre = 0, post = 0;
                double weight = 0, delay = 0;
                words >> pre >> post >> weight >> delay;
                net.connect(hk::Cells(pre, pre + 1), hk::Cells(post, post + 1), hk::one_to_one(),
                            {.synapse = weight < 0, .weight = weight, .delay = delay * dt, .self = true});
            } else if (kind == spike) {
                hk::Gid cell = 0;
                double step = 0;
                words >> cell >> step;
                spikes.push_back({step * dt, cell});
            }
        }
    }
};

/// Spikes on the grid of steps.
std::vector<std::pair<long, hk::Gid>> steps_of(std::vector<hk::Spike> const& spikes) {
    std::vector<std::pair<long, hk::Gid>> all;
    for (auto const& spike : spikes) all.emplace_back(std::lround(spike.time / Reference::dt), spike.gid);
    return all;
}

/// data/point_neuron_solutions.txt: its lines are explained by make_point_neuron_solutions.py.
struct Solution {
    struct Value {
        double t;
        std::string name;
        double value;
    };
    std::vector<std::pair<std::string, double>> start;
    std::vector<Value> values;
    std::vector<double> spikes;
};

Solution solution_of(std::string const& neuron) {
    std::ifstream file("reference/data/point_neuron_solutions.txt");
    REQUIRE(file);
    Solution all;
    for (std::string line, kind, name; std::getline(file, line);) {
        std::istringstream words(line);
        words >> kind >> name;
        if (name != neuron) continue;
        double number = 0, t = 0;
        if (kind == "start")
            while (words >> name >> number) all.start.emplace_back(name, number);
        else if (kind == "value" && words >> t >> name >> number)
            all.values.push_back({t, name, number});
        else if (kind == "spike")
            while (words >> number) all.spikes.push_back(number);
    }
    REQUIRE(all.spikes.size() > 1);
    return all;
}

using Net = hk::Network<cells::Leaky, hk::IafPscExp, hk::IafCondExp, hk::AdEx, hk::Izhikevich,
                        hk::Izhikevich2007, hk::Glif, hk::IafPscExpPooled, hk::IafPscAlpha>;

/// The spikes of a neuron under the conditions of its solution, and by how much `name` misses it.
template <class Neuron>
double error_of(Solution const& solution, std::string const& name, double dt,
                std::vector<double>* spikes = nullptr) {
    Net net({.dt = dt});
    auto const cell = net.add<Neuron>(1);
    for (auto const& [what, value] : solution.start) net.set(cell, what, value);
    double error = 0;
    for (auto const& value : solution.values) {
        if (value.name != name) continue;
        net.run_until(value.t, quietly);
        error = std::abs(net.get(0, name) - value.value);
    }
    if (spikes)
        for (auto const& spike : net.run(solution.spikes.back() + 1, quietly)) spikes->push_back(spike.time);
    return error;
}

template <class Neuron>
void check_order(std::string const& name, double order) {
    auto const solution = solution_of(std::string(Neuron::name));
    auto const coarse = error_of<Neuron>(solution, name, 0.25);
    auto const fine = error_of<Neuron>(solution, name, 0.125);
    INFO(Neuron::name, " ", name, ": ", coarse, ", ", fine);
    CHECK(coarse > 0);
    CHECK(std::log2(coarse / fine) == doctest::Approx(order).epsilon(0.1));
}

template <class Neuron>
void check_spikes(double exact_until) {
    constexpr double dt = 1. / 256;
    auto const solution = solution_of(std::string(Neuron::name));
    std::vector<double> spikes;
    for (auto const& value : solution.values)
        CHECK(error_of<Neuron>(solution, value.name, dt, &spikes) < exact_until);
    INFO(Neuron::name);
    REQUIRE(spikes.size() >= solution.spikes.size());
    CHECK(spikes[0] > solution.spikes[0] - 1e-6);  // a spike waits for the end of its step
    for (std::size_t k = 0; k < solution.spikes.size(); ++k)
        CHECK(std::abs(spikes[k] - solution.spikes[k]) < (k == 0 ? 1 : 4 * static_cast<double>(k)) * dt);
}

/// All neurons beside a cell with a section: each hears some others, generators, and has electrodes.
template <class Network>
void build(Network& net) {
    constexpr std::size_t n = 11;
    auto const leaky = net.template add<cells::Leaky>(n), psc = net.template add<hk::IafPscExp>(n),
               cond = net.template add<hk::IafCondExp>(n), adex = net.template add<hk::AdEx>(n),
               izhikevich = net.template add<hk::Izhikevich>(n),
               izhikevich2007 = net.template add<hk::Izhikevich2007>(n), glif = net.template add<hk::Glif>(n);
    auto const own = [](double from, double more) {
        return [=](hk::Gid gid) { return from + more * (gid % 11); };
    };
    net.set_threshold(leaky, -62);
    net.set(psc, "I_e", own(350, 10));
    net.set(psc, "v", own(-69, 1));
    net.set(cond, "v_init", own(-70, 0.5));
    net.set(cond, "I_e", 300);
    net.set(adex, "I_e", own(650, 10));
    net.set(izhikevich, "I", 6);
    net.set(izhikevich2007, "I", own(90, 4));
    net.set(glif, "I_e", own(280, 10));
    struct Onto {
        hk::Cells cells;
        int synapse;
        double weight;
    };
    for (auto const& onto : {Onto{leaky, 1, 2e-3},
                             {psc, 0, 60},
                             {psc, 1, -40},
                             {cond, 0, 12},
                             {cond, 1, 3},
                             {adex, 0, 9},
                             {adex, 1, 4},
                             {izhikevich, 0, 1},
                             {izhikevich2007, 0, 2},
                             {glif, 0, 90}}) {
        net.connect(net.cells(), onto.cells, hk::fixed_indegree(9),
                    {.synapse = onto.synapse,
                     .weight = [w = onto.weight](hk::Gid, hk::Gid to) { return w * (1 + 0.01 * (to % 7)); },
                     .delay = [](hk::Gid from, hk::Gid to) { return 0.5 + 0.1 * ((from + to) % 13); }});
        net.stimulate(onto.cells,
                      hk::NetStim{.interval = 7,
                                  .noise = 1,
                                  .stream = 1u + onto.cells[0] * 2u + static_cast<unsigned>(onto.synapse)},
                      {.synapse = onto.synapse, .weight = onto.weight});
    }
    net.stimulate(net.cells(), hk::IClamp{.delay = 5, .dur = 11, .amp = 0.01});
}

/// A circuit of excitation and inhibition in so many cells that, on one rank, connections are in the order of
/// their delays; on more ranks they are not.
void build_circuit(Net& net) {
    hk::IafPscExp const cell{
        .tau_ex = 0.5, .tau_in = 0.5, .E_L = -65, .V_reset = -65, .V_th = -50, .I_e = 390};
    auto const excitatory = net.add(13000, cell), inhibitory = net.add(4000, cell);
    net.set(net.cells(), "v_init", [](hk::Gid gid) { return -65 + 15. * (gid * 7919 % 1009) / 1009; });
    auto const connect = [&](hk::Cells const& from, hk::Cells const& to, int synapse, double weight,
                             double delay) {
        net.connect(from, to, hk::fixed_total_number(20000),
                    {.synapse = synapse,
                     .weight = hk::Normal{weight, 50},
                     .delay = hk::Truncated{hk::Normal{delay, delay / 2}, 0.1},
                     .weight_bytes = synapse});
    };
    for (auto const& to : {excitatory, inhibitory}) {
        connect(excitatory, to, 0, 500, 1.5);
        connect(inhibitory, to, 1, -2000, 0.8);
    }
    connect(excitatory, net.cells(), 0, 500, 1.5);
}

struct Outcome {
    hk::Raster spikes;
    std::uint64_t digest;

    friend bool operator==(Outcome const&, Outcome const&) = default;
};

constexpr double duration = 60;

template <class Network>
Outcome outcome_of(Network& net, double t = duration, std::size_t threads = 1) {
    auto options = quietly;
    options.threads = threads;
    auto spikes = net.run(t, options);
    return {std::move(spikes), net.digest()};
}

}  // namespace

TEST_CASE("IafPscExp and IafPscAlpha spike in every step in which NEST's iaf_psc_exp and iaf_psc_alpha do") {
    auto const check = [](auto const& prototype, std::string const& spike) {
        Net net({.dt = Reference::dt});
        Reference const reference(net, prototype, spike);
        CHECK(reference.spikes.size() > 100);
        CHECK(steps_of(net.run(Reference::duration + Reference::dt, quietly)) == steps_of(reference.spikes));
    };
    check(hk::IafPscExp(), "spike");
    check(hk::IafPscAlpha(), "alpha");
}

TEST_CASE("where both time constants are equal, one current of both signs gives the same spikes") {
    Net net({.dt = 0.1});
    auto const two = net.add(1, hk::IafPscExp{.tau_ex = 0.5, .tau_in = 0.5, .I_e = 300});
    auto const one = net.add(1, hk::IafPscExpPooled{.tau_syn = 0.5, .I_e = 300});
    hk::SpikeTimes times, more;
    for (int k = 0; k < 300; ++k) {
        times.times.push_back(0.3 * k + 0.1 * (k * k % 17));
        more.times.push_back(0.4 * k + 0.1 * (k * k % 23));
    }
    for (auto const& onto : {two, one}) {
        net.stimulate(onto, times, {.weight = 290});
        net.stimulate(onto, more, {.synapse = onto[0] == 0, .weight = -210});
    }
    net.run(60, quietly);
    CHECK(net.get(0, "i_ex") + net.get(0, "i_in") == doctest::Approx(net.get(1, "i_syn")));
    std::array<std::vector<double>, 2> spikes;
    for (auto const& spike : net.run(60, quietly)) spikes[spike.gid].push_back(spike.time);
    CHECK(spikes[0].size() > 1);
    CHECK(spikes[0] == spikes[1]);
}

TEST_CASE("psection of a point neuron") {
    CHECK(hk::psection(hk::assemble(hk::IafPscExp{.tau_ex = 0.5})) ==
          "IafPscExp: C_m=250 pF, tau_m=10 ms, tau_ex=0.5 ms, tau_in=2 ms, t_ref=2 ms, E_L=-70 mV, "
          "V_reset=-70 mV, V_th=-55 mV, I_e=0 pA\n  synapse 0: ex\n  synapse 1: in\n");
}

TEST_CASE("point neurons follow their equations, to the order of their methods") {
    check_order<hk::IafCondExp>("v", 2);
    check_order<hk::AdEx>("v", 4);
    check_order<hk::AdEx>("w", 4);
    check_order<hk::Izhikevich>("u", 4);
    check_order<hk::Izhikevich2007>("u", 4);
    check_order<hk::Glif>("th_v", 2);
    check_spikes<hk::IafCondExp>(1e-5);
    check_spikes<hk::AdEx>(1e-9);
    check_spikes<hk::Izhikevich>(1e-8);
    check_spikes<hk::Izhikevich2007>(1e-9);
    check_spikes<hk::Glif>(1e-7);
    CHECK(error_of<hk::Glif>(solution_of("Glif"), "v", 0.25) < 1e-9);
}

TEST_CASE("point neurons beside others: lanes, threads, ranks, copies and snapshots change no bit") {
    Net net({.dt = 0.1});
    build(net);
    auto const whole = outcome_of(net);
    std::array<int, 7> counts{};
    for (auto const& spike : whole.spikes) ++counts[spike.gid / 11];
    for (std::size_t type = 0; type < counts.size(); ++type) {
        INFO("type ", type);
        CHECK(counts[type] > 0);
    }

    hk::ScalarNetwork<cells::Leaky, hk::IafPscExp, hk::IafCondExp, hk::AdEx, hk::Izhikevich,
                      hk::Izhikevich2007, hk::Glif>
        scalar({.dt = 0.1});
    build(scalar);
    CHECK(outcome_of(scalar) == whole);

    net.reset();
    CHECK(net.get(11, "v") == doctest::Approx(-70));
    for (hk::Gid gid = 11; gid < 22; ++gid) net.set(hk::Cells(gid, gid + 1), "v", -69. + gid % 11);
    CHECK(outcome_of(net, duration, 3) == whole);

    Net first({.dt = 0.1});
    build(first);
    auto const begun = outcome_of(first, duration / 2);
    auto const saved = first.save();
    auto copy = first;
    auto const rest = outcome_of(first, duration / 2);
    CHECK(rest.digest == whole.digest);
    CHECK(begun.spikes.size() + rest.spikes.size() == whole.spikes.size());
    CHECK(outcome_of(copy, duration / 2) == rest);
    hk::run_ranks(3, [&](hk::ThreadExchange exchange) {
        Net part(exchange, {.dt = 0.1});
        build(part);
        part.restore(saved);
        CHECK(outcome_of(part, duration / 2) == rest);
    });
}

TEST_CASE("a circuit of many cells: threads, ranks, the order of connections and snapshots change no bit") {
    constexpr double half = 6;
    Net net({.dt = 0.1});
    build_circuit(net);
    auto const begun = outcome_of(net, half);
    auto const saved = net.save();
    auto const rest = outcome_of(net, half);
    CHECK(begun.spikes.size() > 300);
    CHECK(rest.spikes.size() > 1000);
    for (std::size_t const ranks : {1, 2, 3}) {
        CAPTURE(ranks);
        hk::run_ranks(ranks, [&](hk::ThreadExchange exchange) {
            Net some(exchange, {.dt = 0.1});
            build_circuit(some);
            if (ranks == 1) CHECK(outcome_of(some, half, 2) == begun);
            for (std::size_t const threads : {1, 2}) {
                some.restore(saved);
                CHECK(outcome_of(some, half, threads) == rest);
            }
        });
    }
}

TEST_CASE("mistakes with point neurons") {
    Net net({.dt = 0.1});
    auto const cells = net.add<hk::IafPscExp>(2);
    CHECK(complaint([&] { net.add(1, hk::AdEx{.Delta_T = 0}); }) ==
          "AdEx: AdEx.Delta_T = 0 mV: must be finite and positive");
    CHECK(complaint([&] { net.set(cells, "tau_m", -1); }) ==
          "IafPscExp.tau_m = -1 ms: must be finite and positive");
    CHECK(complaint([&] { net.get(0, "soma.v"); }).starts_with("IafPscExp has no 'soma.v'; it has"));
    CHECK(complaint([&] { net.set_threshold(cells, -50); }) ==
          "threshold: IafPscExp spikes when its own rule says so; set its parameters");
    CHECK(complaint([&] { net.stimulate(cells, hk::IClamp{.where = "soma(0.5)"}); }) ==
          "'soma(0.5)': IafPscExp is a point neuron without sections");
    CHECK(complaint([&] { net.connect(cells, cells, hk::all_to_all(), {.synapse = 2, .weight = 1.}); }) ==
          "synapse 2 of cell 0: IafPscExp has 2 synapses (numbered from 0)");
    CHECK(net.connections() == 0);
}

}  // namespace point_neurons_tests
