// SPDX-License-Identifier: MIT

/// The parts that a population is made of: parameters in lanes, the inbox; and the table of connections that
/// fills it.

#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/synapse/expsyn.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/population/parameters.hpp>
#include <hillock/wiring/connection_table.hpp>

namespace parts_tests {

using namespace hillock;
using namespace hillock::population;
using wiring::ConnectionTable;

namespace {

template <class L>
double lane(L const& x, std::size_t k) {
    alignas(simd::alignment) std::array<typename L::value_type, L::width> out;
    x.store(out.data());
    return static_cast<double>(out[k]);
}

}  // namespace

TEST_CASE("parameters: one copy for all blocks, until one cell's are set") {
    using L = simd::Lane<double>;
    double const dt = 0.1;
    Parameters<ExpSyn, L> parameters(ExpSyn{.tau = 2, .e = -10}, dt);
    CHECK(&parameters.of(0) == &parameters.of(7));
    CHECK(lane(parameters.of(3).decay, 0) == std::exp(-0.05));
    std::size_t const cells = 2 * L::width + 1, changed = L::width + L::width / 2;
    parameters.set(changed, cells, &ExpSyn::tau, 4);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        auto const& block = parameters.of(cell / L::width);
        CHECK(lane(block.tau, cell % L::width) == (cell == changed ? 4 : 2));
        CHECK(lane(block.decay, cell % L::width) ==
              std::exp(-dt / (cell == changed ? 4 : 2)));  // derived anew
        CHECK(lane(block.e, cell % L::width) == -10);
        CHECK(parameters.get(cell, &ExpSyn::tau) == (cell == changed ? 4 : 2));
    }
    CHECK(parameters.shared().tau == 2);
    parameters.grow(5 * L::width);
    CHECK(parameters.get(changed, &ExpSyn::tau) == 4);
    CHECK(parameters.get(5 * L::width - 1, &ExpSyn::tau) == 2);
    CHECK(lane(parameters.of(4).decay, L::width - 1) == std::exp(-0.05));
    CHECK(lane(parameters.of(changed / L::width).tau, changed % L::width) == 4);
}

TEST_CASE("parameters are alike if all of them are") {
    using P = Parameters<ExpSyn, simd::Lane<double>>;
    CHECK(P::alike({{.tau = 1, .e = -60}, {.tau = 1, .e = -60}}));
    CHECK_FALSE(P::alike({{.tau = 1, .e = -60}, {.tau = 1, .e = -70}}));
    CHECK_FALSE(P::alike({{.tau = 1, .e = -60}, {.tau = 1, .e = -60}, {.tau = 2, .e = -60}}));
}

TEST_CASE("parameters that differ from place to place, then from cell to cell") {
    using L = simd::Lane<double>;
    double const dt = 0.1;
    auto const expect = [](Parameters<ExpSyn, L> const& p, std::size_t cell, std::size_t place, double tau) {
        CHECK(p.get(cell, &ExpSyn::tau, place) == tau);
        CHECK(lane(p.of(cell / L::width, place).tau, cell % L::width) == tau);
        CHECK(lane(p.of(cell / L::width, place).decay, cell % L::width) == std::exp(-0.1 / tau));
    };
    std::size_t const cells = 2 * L::width + 1, changed = L::width + 1, more = 4 * L::width;
    SUBCASE("one value for each place") {
        Parameters<ExpSyn, L> parameters({{.tau = 1}, {.tau = 2}, {.tau = 3}}, 3, dt);
        CHECK(&parameters.of(0, 1) == &parameters.of(2, 1));
        parameters.set(changed, cells, &ExpSyn::tau, 7, 1);
        parameters.grow(more);
        for (std::size_t cell = 0; cell < more; ++cell)
            for (std::size_t place = 0; place < 3; ++place)
                expect(parameters, cell, place,
                       cell == changed && place == 1 ? 7. : 1. + static_cast<double>(place));
    }
    SUBCASE("one for all places, until they are distinguished") {
        Parameters<ExpSyn, L> parameters({{.tau = 2}}, 3, dt);
        parameters.set(changed, cells, &ExpSyn::tau, 5);
        expect(parameters, changed, 2, 5);
        parameters.distinguish_places();
        parameters.set(changed, cells, &ExpSyn::tau, 7, 1);
        parameters.grow(more);
        for (std::size_t cell = 0; cell < more; ++cell)
            for (std::size_t place = 0; place < 3; ++place)
                expect(parameters, cell, place, cell != changed ? 2 : place == 1 ? 7 : 5);
    }
}

TEST_CASE(
    "an inbox keeps the sums of its steps, synapses and cells apart, and on growing what is on its way") {
    std::size_t const synapses = 2, cells = 8;
    Inbox<double> inbox(synapses, cells, 0);
    Step const now = 1000001;
    inbox.ensure_capacity(now, 5);
    CHECK(inbox.slots() == 8);
    auto const name = [](Step step, std::size_t synapse, std::size_t cell) {
        return static_cast<double>(step * 100 + static_cast<Step>(synapse * 10 + cell));
    };
    for (Step step = now; step < now + 8; ++step)
        for (std::size_t synapse = 0; synapse < synapses; ++synapse)
            for (std::size_t cell = 0; cell < cells; ++cell)
                inbox.at(step, synapse)[cell] += name(step, synapse, cell);
    auto const intact = [&] {
        bool all = true;
        for (Step step = now; step < now + 8; ++step)
            for (std::size_t synapse = 0; synapse < synapses; ++synapse)
                for (std::size_t cell = 0; cell < cells; ++cell)
                    all = all && inbox.at(step, synapse)[cell] == name(step, synapse, cell);
        return all;
    };
    CHECK(intact());
    inbox.ensure_capacity(now, 3);  // does not shrink
    CHECK(inbox.slots() == 8);
    inbox.ensure_capacity(now, 20);
    CHECK(inbox.slots() == 32);
    CHECK(intact());
    CHECK(inbox.at(now + 8, 0)[0] == 0);
    CHECK(inbox.at(now + 31, 1)[7] == 0);
    inbox.clear();
    CHECK(inbox.at(now)[0] == 0);
}

TEST_CASE("delays are split into a hold of whole bands and a rest of less than two") {
    using Table = ConnectionTable<double>;
    for (Step delay = 1; delay < 100000; delay += 1 + delay / 50) {
        auto const hold = Table::delay_offset_of(delay);
        CHECK(hold % Table::band == 0);
        CHECK(hold >= 0);
        CHECK(delay - hold < 2 * Table::band);
        CHECK((hold == 0 || delay - hold >= Table::band));
    }
}

TEST_CASE("a connection table: by source, targets in the order given, a table for each hold") {
    struct One {
        Gid source;
        std::uint32_t target;
        double weight;
        Step delay;
    };
    std::vector<One> const all{{12, 0, 1, 3}, {10, 0, 2, 5}, {12, 1, 3, 700},
                               {15, 2, 4, 5}, {12, 2, 5, 3}, {12, 2, 6, 701}};
    auto tables = ConnectionTable<double>::build({4, 1, 2, 10, 15, false, 0}, [&](bool, auto&& f) {
        for (auto const& c : all) f(c.source, c.target, c.weight, c.delay);
    });
    REQUIRE(tables.size() == 2);
    auto const& [now, held] = std::tie(tables[0], tables[1]);
    CHECK(now.delay_offset() == 0);
    CHECK(held.delay_offset() == 512);
    CHECK(now.size() == 4);
    CHECK(held.size() == 2);
    CHECK(now.least_delay() == 3);
    CHECK(held.least_delay() == 700);
    CHECK(now.greatest_inbox_delay() == 5);
    CHECK(held.greatest_inbox_delay() == 701 - 512);
    CHECK(now.projection() == 4);
    CHECK(now.population() == 1);
    CHECK(now.synapse() == 2);
    auto const weights = tables[0].weights();
    CHECK(std::vector<double>(weights.begin(), weights.end()) == std::vector<double>{2, 1, 5, 4});

    Inbox<double> inbox(3, 8, 0);
    inbox.ensure_capacity(0, 256);
    for (Gid source : {0, 9, 11, 13, 14, 16, 4000}) tables[0].deliver(source, 0, 0, inbox);  // nobody there
    tables[0].deliver(12, 7, 0, inbox);
    tables[0].deliver(15, 7, 0, inbox);
    tables[1].deliver(12, 7, 0, inbox);
    std::map<std::tuple<Step, std::size_t, std::size_t>, double> found;
    for (Step step = 0; step < 256; ++step)
        for (std::size_t synapse = 0; synapse < 3; ++synapse)
            for (std::size_t cell = 0; cell < 8; ++cell)
                if (auto const sum = inbox.at(step, synapse)[cell]; sum != 0)
                    found[{step, synapse, cell}] = sum;
    CHECK(found ==
          decltype(found){
              {{10, 2, 0}, 1}, {{10, 2, 2}, 5}, {{12, 2, 2}, 4}, {{7 + 188, 2, 1}, 3}, {{7 + 189, 2, 2}, 6}});
}

TEST_CASE("a connection table that is cut delivers each connection in the part of its target, once") {
    auto tables = ConnectionTable<double>::build({0, 0, 0, 0, 3, false, 0}, [&](bool, auto&& f) {
        for (Gid source = 0; source < 4; ++source)
            for (std::uint32_t target = source; target < 40; target += 1 + source)
                f(source, target, 1. + target, 1);
    });
    REQUIRE(tables.size() == 1);
    auto const sums_of = [&](std::vector<std::size_t> const& firsts, std::size_t part) {
        tables[0].cut(firsts);
        Inbox<double> inbox(1, 40, 2);
        inbox.clear();
        for (Gid source = 0; source < 4; ++source) tables[0].deliver(source, 0, part, inbox);
        return std::vector<double>(inbox.at(1), inbox.at(1) + 40);
    };
    auto const whole = sums_of({0}, 0);
    CHECK(whole[39] == 40. * 3);
    for (auto const& firsts : std::vector<std::vector<std::size_t>>{{0, 16}, {0, 40}, {0, 8, 8, 24}}) {
        for (std::size_t part = 0; part < firsts.size(); ++part) {
            auto const sums = sums_of(firsts, part);
            auto const end = part + 1 < firsts.size() ? firsts[part + 1] : 40;
            for (std::size_t cell = 0; cell < 40; ++cell)
                CHECK(sums[cell] == (firsts[part] <= cell && cell < end ? whole[cell] : 0));
        }
    }
}

}  // namespace parts_tests
