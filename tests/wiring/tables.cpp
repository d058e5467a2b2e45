// SPDX-License-Identifier: MIT

/// Connection tables: whatever form they take in memory, a spike brings each connection's weight after its
/// delay.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/random/stream.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/projection.hpp>
#include <hillock/wiring/weight_codes.hpp>

namespace tables_tests {

using namespace hillock;
using wiring::ConnectionTable;

namespace {

struct Given {
    Gid source;
    std::uint32_t target;
    double weight;
    Step delay;
};

/// What arrives: by step and target.
using Arrivals = std::map<std::tuple<Step, std::uint32_t>, double>;

struct Recorder {
    struct Row {
        Arrivals* all;
        Step step;
        double& operator[](std::uint32_t target) const { return (*all)[{step, target}]; }
    };
    Arrivals all;
    Row at(Step step, std::size_t synapse) {
        CHECK(synapse == 3);
        return {&all, step};
    }
};

template <class Real>
std::vector<ConnectionTable<Real>> tables_of(std::vector<Given> const& given, bool uniform_weight,
                                             bool by_delay = false) {
    return ConnectionTable<Real>::build({7, 1, 3, 10, 20, uniform_weight, 0, false, by_delay},
                                        [&](bool, auto&& connection) {
                                            for (auto const& c : given)
                                                connection(c.source, c.target, c.weight, c.delay);
                                        });
}

/// Members that work one after the other, the last one first.
struct Crew {
    std::size_t members;

    std::size_t size() const { return members; }
    void all(auto&& f) {
        for (auto member = members; member-- > 0;) f(member);
    }
};

/// Every source spikes at step 1000, delivered in parts.
template <class Real>
void check_delivery(std::vector<Given> const& given, bool uniform_weight,
                    std::vector<std::size_t> const& firsts = {0}, bool by_delay = false) {
    Arrivals expected;
    for (auto const& c : given) expected[{1000 + c.delay, c.target}] += c.weight;
    Recorder found;
    for (auto& table : tables_of<Real>(given, uniform_weight, by_delay)) {
        table.cut(firsts);
        for (std::size_t part = 0; part < firsts.size(); ++part)
            for (Gid source = 5; source < 30; ++source) {
                table.prefetch(source, part);
                table.deliver(source, 1000 + table.delay_offset(), part, found);
            }
        CHECK(table.least_delay() >= table.delay_offset());
        CHECK(table.greatest_inbox_delay() < 2 * ConnectionTable<Real>::band);
    }
    CHECK(found.all == expected);
}

/// `n` connections with targets from `first_target` on, and delays below `delays`.
std::vector<Given> random_connections(std::size_t n, std::uint32_t first_target, std::uint32_t delays,
                                      bool own_weight) {
    std::vector<Given> all;
    RandomStream random({.id1 = 3});
    for (std::size_t k = 0; k < n; ++k)
        all.push_back({10 + random.below(11), first_target + static_cast<std::uint32_t>(k / 5),
                       own_weight ? random.below(64) / 8. : 0.25, 1 + random.below(delays)});
    return all;
}

}  // namespace

TEST_CASE_TEMPLATE("every connection is delivered: delays shared, within a band, over several, each up to "
                   "2^24 cells and above",
                   Real, double, float) {
    for (auto const first_target : {0u, (1u << 24) - 100, 1u << 24, 1u << 31})
        for (auto const delays : {1u, 200u, 255u, 256u, 2000u})
            for (bool own_weight : {false, true}) {
                CAPTURE(first_target);
                CAPTURE(delays);
                auto const given = random_connections(1000, first_target, delays, own_weight);
                check_delivery<Real>(given, !own_weight);
                std::vector<std::size_t> const firsts{0, first_target + 20, first_target + 21,
                                                      first_target + 150};
                check_delivery<Real>(given, !own_weight, firsts);
                check_delivery<Real>(given, !own_weight, firsts, true);
            }
}

TEST_CASE("tables of few connections: whether a source has a row, another one has, or none") {
    for (std::size_t n : {1, 2, 4, 5, 6, 7, 12})
        for (auto const delays : {1u, 200u, 5000u}) {
            CAPTURE(n);
            CAPTURE(delays);
            auto const given = random_connections(n, 40, delays, true);
            check_delivery<double>(given, false);
            check_delivery<double>(given, false, {0, 40, 41});
        }
}

TEST_CASE(
    "few connections with very different delays from very many sources take memory for themselves alone") {
    constexpr std::uint32_t n = 5000, sources = 20000;
    RandomStream random;
    std::vector<Given> given;
    for (std::uint32_t k = 0; k < n; ++k)
        given.push_back({random.below(sources), k, 0.5, 1 + random.below(4000000)});
    std::size_t bytes = 0, connections = 0;
    for (auto const& table :
         ConnectionTable<double>::build({0, 0, 0, 0, sources - 1, true}, [&](bool, auto&& connection) {
             for (auto const& c : given) connection(c.source, c.target, c.weight, c.delay);
         })) {
        bytes += table.bytes();
        connections += table.size();
    }
    CHECK(connections == n);
    CHECK(bytes < 32 * n);  // 4 each where they share a table, more where each has one
}

TEST_CASE("a connection takes 4 bytes, 8 or 12 with its own weight and delay") {
    auto const bytes = [](auto table, std::size_t n) {
        return (static_cast<double>(table.bytes()) - 12 * 4) / static_cast<double>(n);
    };
    CHECK(bytes(tables_of<double>(random_connections(1000, 0, 1, false), true).front(), 1000) ==
          doctest::Approx(4).epsilon(0.01));
    CHECK(bytes(tables_of<double>(random_connections(1000, 0, 255, false), true).front(), 1000) ==
          doctest::Approx(4).epsilon(0.01));
    CHECK(bytes(tables_of<double>(random_connections(1000, 0, 255, true), false).front(), 1000) ==
          doctest::Approx(12).epsilon(0.01));
    CHECK(bytes(tables_of<float>(random_connections(1000, 0, 255, true), false).front(), 1000) ==
          doctest::Approx(8).epsilon(0.01));
    CHECK(bytes(tables_of<double>(random_connections(1000, 1u << 24, 255, true), false).front(), 1000) ==
          doctest::Approx(13).epsilon(0.01));
    for (int const of_weight : {1, 2}) {
        auto tables = ConnectionTable<double>::build(
            {0, 0, 0, 0, 0, false, 0, false, false, {of_weight, {0, 8}}}, [](bool, auto&& connection) {
                for (std::uint32_t k = 0; k < 1000; ++k) connection(0, k, k % 256, Step{1});
            });
        CHECK(static_cast<double>(tables[0].bytes()) ==
              doctest::Approx(1000 * (4 + of_weight)).epsilon(0.01));
        CHECK(tables[0].weights()[255] == doctest::Approx(255 * 8. / (of_weight == 1 ? 255 : 65535)));
        CHECK(static_cast<double>(tables[0].bytes()) == doctest::Approx(12000).epsilon(0.01));
    }
}

TEST_CASE("an enumeration that changes its mind is an error") {
    for (int change : {1, 2, 3, 4}) {
        CAPTURE(change);
        CHECK_THROWS_WITH_AS(ConnectionTable<double>::build({0, 0, 0, 0, 9, true},
                                                            [&](bool counting, auto&& connection) {
                                                                connection(1, 5, 1., 3);
                                                                if (counting)
                                                                    connection(2, 6, 1., 4);
                                                                else if (change == 1)
                                                                    connection(3, 6, 1., 4);
                                                                else if (change == 2)
                                                                    connection(2, 7, 1., 4);
                                                                else if (change == 3)
                                                                    connection(2, 6, 1., 5);
                                                                else if (change == 4)
                                                                    connection(2, 6, 1., 1000);
                                                            }),
                             doctest::Contains("gave different results on its second call"), Error);
    }
}

TEST_CASE("a table by delay: each step takes what is due off a row, the same connections in any parts") {
    for (bool own_weight : {false, true})
        for (auto const delays : {1u, 40u, 255u}) {
            auto const given = random_connections(3000, 17, delays, own_weight);
            auto table = std::move(tables_of<double>(given, !own_weight, true).front());
            CHECK(table.by_delay() == (delays > 1));
            Arrivals expected, found;
            for (auto const& c : given) expected[{c.delay, c.target}] += c.weight;
            for (std::vector<std::size_t> const& firsts :
                 {std::vector<std::size_t>{0}, {0, 1, 30, 400, 401}, {0, 616, 617, 5000}}) {
                table.cut(firsts);
                found.clear();
                for (std::size_t part = 0; part < firsts.size(); ++part) {
                    if (!table.reaches(part)) continue;
                    auto const lane = table.lane(part);
                    for (Gid source = 10; source <= 20; ++source) {
                        auto row = table.row(source, part);
                        for (std::uint32_t first = 1, last; first <= 255; first = last + 1) {
                            last = first + first % 3;  // one to three steps at once
                            std::vector<std::vector<double>> sums(3, std::vector<double>(700));
                            std::vector<double*> rows{sums[0].data(), sums[1].data(), sums[2].data()};
                            lane.prefetch(row);
                            row.begin = lane.deliver(row, first, std::min(last, 255u), rows.data());
                            for (std::uint32_t delay = first; delay <= last; ++delay)
                                for (std::uint32_t target = 0; target < 700; ++target)
                                    if (auto const sum = sums[delay - first][target]; sum != 0)
                                        found[{Step{delay}, target}] += sum;
                        }
                        if (firsts.size() == 1) CHECK(row.begin == row.end);
                    }
                }
                std::erase_if(expected, [](auto const& each) { return each.second == 0; });
                CHECK(found == expected);
            }
        }
}

TEST_CASE(
    "a table by delay lists the connections of a source by delay, then target, then as they were made") {
    auto const given = random_connections(3000, 0, 5, true);
    auto sorted = given;
    std::stable_sort(sorted.begin(), sorted.end(), [](Given const& a, Given const& b) {
        return std::tuple(a.source, a.delay, a.target) < std::tuple(b.source, b.delay, b.target);
    });
    auto at = sorted.begin();
    tables_of<double>(given, false, true)
        .front()
        .for_each([&](Gid source, std::size_t target, double weight, Step delay) {
            CHECK(std::tuple(source, target, weight, delay) ==
                  std::tuple(at->source, std::size_t{at->target}, at->weight, at->delay));
            ++at;
        });
    CHECK(at == sorted.end());
}

namespace {

/// A connection of a network, to compare with others.
using Made = std::tuple<Gid, Gid, float, Step>;

/// All connections that a rule draws among cells of two populations, divided among ranks and members.
std::multiset<Made> drawn(auto const& rule, std::size_t ranks, std::size_t members,
                          ProjectionOptions const& options) {
    std::multiset<Made> all;
    auto const agree = [](wiring::WeightRange range) {
        CHECK(range.least >= -2);
        CHECK(range.greatest <= 4);
        return wiring::WeightRange{-2, 4};  // of all ranks, let us say
    };
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        wiring::Directory directory({rank, ranks});
        std::vector<Gid> gids[2];
        for (std::size_t population : {0, 1, 0}) {
            directory.describe(population, "Type", 1);
            auto const first = static_cast<Gid>(directory.size());
            directory.add(40, population, gids[population].size());
            directory.own().for_each(first, first + 40, [&](Gid gid) { gids[population].push_back(gid); });
        }
        wiring::ProjectionBuilder<float> const builder(directory, TimeGrid(0.1), 5, 0, 0, 0);
        Crew crew{members};
        for (auto& table :
             builder.by_rule(Cells(30, 110), Cells(20, 120) + Cells(0, 10), rule, options, crew, agree))
            table.for_each([&](Gid source, std::size_t target, float weight, Step delay) {
                all.insert({source, gids[table.population()].at(target), weight, delay});
            });
    }
    return all;
}

void check_splits(auto const& rule, double expected, int weight_bytes = 0) {
    ProjectionOptions const options{
        .weight = Normal{1, 0.3}, .delay = Uniform{0.1, 60}, .weight_bytes = weight_bytes};
    auto const whole = drawn(rule, 1, 1, options);
    CHECK(static_cast<double>(whole.size()) == expected);
    for (std::size_t const ranks : {1, 2, 3, 7})
        for (std::size_t const members : {1, 2, 3, 50}) {
            CAPTURE(ranks);
            CAPTURE(members);
            CHECK(drawn(rule, ranks, members, options) == whole);
        }
}

}  // namespace

TEST_CASE("each rule draws the same connections for any number of ranks and threads") {
    check_splits(fixed_indegree(9), 9 * 110);
    check_splits(fixed_total_number(1234), 1234);
    check_splits(fixed_outdegree(11), 11 * 80);
    check_splits(fixed_indegree(9), 9 * 110, 1);
    check_splits(fixed_outdegree(11), 11 * 80, 2);
}

TEST_CASE("weights in one or two bytes: within a step, of the same sign, mean and variance kept") {
    constexpr std::size_t n = 40000;
    struct Weights {
        std::vector<double> sorted = {};
        double mean = 0, variance = 0;
    };
    auto const weights_of = [](int bytes) {
        Weights all;
        auto const skewed = Truncated{LogNormal{-2, 1}, 1e-3, 4};
        for (auto const& made : drawn(fixed_total_number(n), 1, 2, {.weight = skewed, .weight_bytes = bytes}))
            all.sorted.push_back(static_cast<double>(std::get<2>(made)));
        std::sort(all.sorted.begin(), all.sorted.end());
        for (auto const w : all.sorted) all.mean += w / n;
        for (auto const w : all.sorted) all.variance += (w - all.mean) * (w - all.mean) / n;
        return all;
    };
    auto const drawn_ones = weights_of(0);
    for (int const bytes : {1, 2}) {
        CAPTURE(bytes);
        auto const kept = weights_of(bytes);
        auto const step = 6. / (bytes == 1 ? 255 : 65535);
        auto const error = step / 2 / std::sqrt(n);
        REQUIRE(kept.sorted.size() == n);
        double largest = 0;
        for (std::size_t k = 0; k < n; ++k)
            largest = std::max(largest, std::abs(kept.sorted[k] - drawn_ones.sorted[k]));
        CHECK(largest > 0.5 * step);
        CHECK(largest < 1.001 * step);
        CHECK(std::abs(kept.mean - drawn_ones.mean) < 4 * error);
        auto const growth = kept.variance - drawn_ones.variance;
        CHECK(std::abs(growth - step * step / 6) <
              step * step / 12 + 8 * error * std::sqrt(drawn_ones.variance));
    }
    wiring::WeightCodes const negative(1, {-8, -0.5}), mixed(2, {-8, 9}), equal(2, {3, 3});
    CHECK(negative.origin == -0.5);
    CHECK(negative.code_of(-8, 1, 2) == 255);
    CHECK(negative.code_of(-0.5, 1, 2) == 0);
    CHECK(mixed.origin + mixed.step * mixed.code_of(9, 1, 2) == doctest::Approx(9));
    CHECK(equal.origin + equal.step * equal.code_of(3, 1, 2) == 3);
}

}  // namespace tables_tests
