// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/plasticity/kernel.hpp>
#include <hillock/model/plasticity/stdp.hpp>
#include <hillock/population/grid_spike.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/rule_delivery.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/plastic_table.hpp>

namespace rule_delivery_tests {

using namespace hillock;

namespace {

constexpr std::size_t cells = 300;  // more than are learnt side by side
constexpr Step epoch = 15;

/// Connections from a few sources onto all cells, of two delays.
wiring::PlasticTable<double> table() {
    auto const each = [](bool, auto&& connection) {
        for (std::uint32_t target = 0; target < cells; ++target)
            for (Gid source = 0; source < 4; ++source)
                connection(source, target, 0.5, epoch + static_cast<Step>(source % 2));
    };
    auto made = wiring::ConnectionTable<double>::build({0, 0, 0, 0, static_cast<Gid>(cells - 1), true}, each);
    return {made, true, [](std::size_t cell) { return static_cast<Gid>(cell); }};
}

/// The weights after some epochs, of which cells take the steps chunk by chunk. Cells fire at random, some
/// several times in an epoch.
std::vector<double> weights_after(int epochs, std::size_t chunk) {
    auto made = table();
    scheduling::RuleDelivery<double, Stdp> delivery(std::move(made), {Stdp{.lambda = 0.05}, 0.1});
    std::vector<double> sums(cells);
    RandomStream random({.id1 = 1});
    for (Step begin = 0; begin < epochs * epoch; begin += epoch) {
        std::vector<population::GridSpike> spikes;
        for (auto step = begin; step < begin + epoch; ++step)
            for (Gid gid = 0; gid < cells; ++gid)
                if (random.uniform() < 0.06) spikes.push_back({step, gid});
        delivery.begin({begin, begin + epoch}, 1);
        delivery.begin_part(0, 0, cells);
        for (std::size_t first = 0; first < cells; first += chunk)
            for (auto step = begin; step < begin + epoch; ++step) {
                auto const last = std::min(first + chunk, cells);
                delivery.arrive(0, first, last, step, sums.data());
                for (auto const& spike : spikes)
                    if (spike.step == step && first <= spike.gid && spike.gid < last)
                        delivery.fire(0, spike.gid, step);
            }
        delivery.send(spikes);
    }
    delivery.catch_up();
    std::vector<double> weights;
    for (std::size_t k = 0; k < delivery.table.size(); ++k)
        weights.push_back(delivery.table.weight(static_cast<std::uint32_t>(k)));
    return weights;
}

}  // namespace

TEST_CASE("weights do not depend on how many cells take the steps of an epoch together") {
    auto const expected = weights_after(20, cells);
    CHECK(std::count(expected.begin(), expected.end(), 0.5) == 0);
    for (std::size_t const chunk : {1, 3, 8, 100, 127, 128, 129}) {
        CAPTURE(chunk);
        CHECK(weights_after(20, chunk) == expected);
    }
}

}  // namespace rule_delivery_tests
