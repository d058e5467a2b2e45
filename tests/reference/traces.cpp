// SPDX-License-Identifier: MIT

/// Single cells against NEURON 8.2.2 (data: every tenth row of the traces that its script wrote, ten digits).

#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../cells.hpp"

namespace traces_tests {

using namespace hillock;
using cells::Soma;

namespace {

/// Columns of numbers by name.
using Columns = std::map<std::string, std::vector<double>>;

Columns read_trace(std::string const& name) {
    std::ifstream file("reference/data/" + name + ".csv");
    REQUIRE_MESSAGE(file, name);
    std::string line, word;
    std::vector<std::string> names;
    std::getline(file, line);
    for (std::istringstream words(line); std::getline(words, word, ',');) names.push_back(word);
    Columns columns;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        for (auto const& each : names) {
            std::getline(words, word, ',');
            columns[each].push_back(std::stod(word));
        }
    }
    REQUIRE(columns["t"].size() > 200);
    return columns;
}

/// A cell of the network and the trace that it has to follow.
struct Comparison {
    std::string name;
    Columns expected;
    std::map<std::string, std::shared_ptr<Trace const>> found;
};

constexpr double dt = 0.025;

template <class Network>
class Traces {
public:
    template <class Channel>
    void clamp(std::string const& name, double amp, std::vector<std::string> const& gates) {
        auto const cell = network_.template add<Soma<Channel>>(1);
        network_.stimulate(cell, IClamp{.delay = 5, .dur = 40, .amp = amp});
        Comparison comparison{name, read_trace(name), {}};
        for (auto const& gate : gates) comparison.found[gate] = network_.probe(cell[0], gate);
        comparison.found["v"] = network_.probe(cell[0], "v");
        comparisons_.push_back(comparison);
    }

    template <class Channel>
    void synapses(std::string const& name, double excitatory, double inhibitory) {
        auto const gid = network_.template add<Soma<Channel>>(1)[0];
        std::vector<ExternalEvent> events;
        for (double t : {5., 5.3, 5.31, 20.01, 30.0125}) events.push_back({gid, t, 0, excitatory});
        for (double t : {15., 21.3}) events.push_back({gid, t, 1, inhibitory});
        network_.stimulate(events);
        comparisons_.push_back({name,
                                read_trace(name),
                                {{"v", network_.probe(gid, "v")},
                                 {"g_exc", network_.probe(gid, "synapses[0].g")},
                                 {"g_inh", network_.probe(gid, "synapses[1].g")}}});
    }

    /// NEURON's recorded g is that of the last evaluation of the current, ours the one that follows from the
    /// states: a step ahead.
    void compare() {
        network_.run(60, cells::quietly);
        for (auto const& comparison : comparisons_) {
            for (auto const& [variable, trace] : comparison.found) {
                auto const what = comparison.name + " " + variable;
                CAPTURE(what);
                REQUIRE(trace->values.size() == 2401);
                auto const late = variable.starts_with("g_") ? 1u : 0u;
                auto const& values = comparison.expected.at(variable);
                double largest = 0;
                for (std::size_t k = 0; k < values.size(); ++k) {
                    auto const row =
                        static_cast<std::size_t>(std::lround(comparison.expected.at("t")[k] / dt));
                    auto const value = row < late ? 0. : trace->values.at(row - late);
                    largest =
                        std::max(largest, std::isfinite(value) ? std::abs(value - values[k]) : HUGE_VAL);
                }
                CHECK(largest < (late ? 1e-9 : 1e-6));
            }
        }
    }

private:
    Network network_{{.dt = dt}};
    std::vector<Comparison> comparisons_;
};

template <class... C>
using Vector = Network<C...>;
template <class... C>
using Single = ScalarNetwork<C...>;

/// All traces in one network of five cell types.
template <template <class...> class N>
void compare_all() {
    using CsTable = Tabulated<ConnorStevens>;
    using WbTable = Tabulated<WangBuzsaki>;
    Traces<N<Soma<ConnorStevens>, Soma<CsTable>, Soma<WangBuzsaki>, Soma<WbTable>, Soma<HodgkinHuxley>>>
        traces;
    traces.template clamp<ConnorStevens>("cs_clamp", 0.4, {"m", "h", "n", "a", "b"});
    traces.template clamp<CsTable>("cs_clamp_table", 0.4, {"m", "h", "n", "a", "b"});
    traces.template clamp<WangBuzsaki>("wb_clamp", 0.02, {"m", "h", "n"});
    traces.template clamp<WbTable>("wb_clamp_table", 0.02, {"m", "h", "n"});
    traces.template clamp<HodgkinHuxley>("hh_clamp", 0.1, {"m", "h", "n"});
    traces.template synapses<ConnorStevens>("cs_synapses", 1.5e-2, 1e-2);
    traces.template synapses<CsTable>("cs_synapses_table", 1.5e-2, 1e-2);
    traces.template synapses<WangBuzsaki>("wb_synapses", 1e-3, 2e-3);
    traces.template synapses<WbTable>("wb_synapses_table", 1e-3, 2e-3);
    traces.template synapses<HodgkinHuxley>("hh_synapses", 5e-3, 1e-2);
    traces.compare();
}

}  // namespace

TEST_CASE("every trace of a single compartment is NEURON's within 1e-6 mV, in vectors") {
    compare_all<Vector>();
}
TEST_CASE("every trace of a single compartment is NEURON's within 1e-6 mV, one cell at a time") {
    compare_all<Single>();
}

}  // namespace traces_tests
