// SPDX-License-Identifier: MIT

/// A network of 100 Connor-Stevens cells for 250 ms against NEURON 8.2.2: every spike.

#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include <hillock/files/csv.hpp>
#include <hillock/spikes/file.hpp>

#include "../cells.hpp"

namespace network_tests {

using namespace hillock;
using cells::Soma;

namespace {

template <class Network, class Cell>
Raster run_small() {
    Network network;
    network.template add<Cell>(100);

    ConnectionList list;
    CsvReader<Gid, Gid, int, double, double, double> connections(
        "reference/data/small.connections.csv", {"pre", "post", "synapse", "weight", "delay", "threshold"});
    while (auto const row = connections.next()) {
        auto const [pre, post, synapse, weight, delay, threshold] = *row;
        list.add({pre, post, synapse, weight, delay});
        network.set_threshold(pre, threshold);
    }
    network.set_threshold(network.cells(), -10);
    network.connect(list);
    CHECK(network.connections() == list.connections().size());

    std::vector<ExternalEvent> events;
    CsvReader<Gid, double, int, double> stimuli("reference/data/small.stimuli.csv",
                                                {"gid", "time", "synapse", "weight"});
    while (auto const row = stimuli.next()) {
        auto const [gid, time, synapse, weight] = *row;
        events.push_back({gid, time, synapse, weight});
    }
    network.stimulate(events);
    return network.run(250, cells::quietly);
}

template <class Network, class Cell>
void compare(std::string const& rates) {
    auto const expected = read_spikes("reference/data/small.spikes." + rates + ".csv");
    REQUIRE(expected.size() > 200);
    auto const spikes = run_small<Network, Cell>();
    REQUIRE(spikes.size() == expected.size());
    std::size_t different = 0;
    for (std::size_t k = 0; k < spikes.size(); ++k)
        different += spikes[k].gid != expected[k].gid || std::abs(spikes[k].time - expected[k].time) > 1e-9;
    CHECK(different == 0);
}

using Exact = Soma<ConnorStevens>;
using Table = Soma<Tabulated<ConnorStevens>>;

}  // namespace

TEST_CASE("every spike of the small network is NEURON's") {
    SUBCASE("exact rates") { compare<Network<Exact>, Exact>("exact"); }
    SUBCASE("exact rates, one cell at a time") { compare<ScalarNetwork<Exact>, Exact>("exact"); }
    SUBCASE("tabulated rates") { compare<Network<Table>, Table>("table"); }
    SUBCASE("tabulated rates, one cell at a time") { compare<ScalarNetwork<Table>, Table>("table"); }
}

}  // namespace network_tests
