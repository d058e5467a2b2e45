// SPDX-License-Identifier: MIT

/// Connection rules by themselves: how many, which, how often.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/random/binomial.hpp>
#include <hillock/wiring/connection_list.hpp>
#include <hillock/wiring/distance.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/wiring/value.hpp>

namespace rules_tests {

using namespace hillock;

namespace {

std::vector<Gid> draw(auto const& rule, Cells const& sources, Gid target, bool self = false,
                      std::size_t place = 0, std::size_t targets = 1) {
    RandomStream random({.id1 = target, .key0 = 12});
    std::vector<Gid> drawn;
    rule(Drawing{sources, targets, target, place, self, random},
         [&](Gid source) { drawn.push_back(source); });
    return drawn;
}

/// What a rule draws for many targets that are no sources: how often each source, and how many for each
/// target.
struct Survey {
    std::vector<double> by_source, by_target;

    Survey(auto const& rule, std::size_t sources, Gid targets) : by_source(sources) {
        for (Gid target = 0; target < targets; ++target) {
            auto const drawn = draw(rule, Cells(0, static_cast<Gid>(sources)), 1000000 + target);
            for (auto source : drawn) by_source.at(source) += 1;
            by_target.push_back(static_cast<double>(drawn.size()));
        }
    }

    static double mean(std::vector<double> const& x) {
        double sum = 0;
        for (auto each : x) sum += each;
        return sum / static_cast<double>(x.size());
    }
    static double squares(std::vector<double> const& x) {
        double const middle = mean(x);
        double sum = 0;
        for (auto each : x) sum += (each - middle) * (each - middle);
        return sum;
    }
    double mean_per_target() const { return mean(by_target); }
    double variance_per_target() const { return squares(by_target) / static_cast<double>(by_target.size()); }
    /// By source; each target's choices are exclusive where `spread` < 1: the variance of a source's count is
    /// `spread` times Poisson's.
    double chi_square(double spread) const { return squares(by_source) / mean(by_source) / spread; }
};

/// Whether a chi-square of n degrees of freedom is one that occurs: within 3.9 standard deviations.
bool plausible(double chi2, double n) { return std::abs(chi2 - n) < 3.9 * std::sqrt(2 * n); }

}  // namespace

TEST_CASE("fixed_indegree with repeats: n connections, every source equally likely each time") {
    std::size_t const sources = 50, n = 10;
    Gid const targets = 4000;
    Survey const survey(fixed_indegree(n), sources, targets);
    CHECK(survey.by_target == std::vector<double>(targets, n));
    CHECK(plausible(survey.chi_square(1), 49));
    std::size_t repeats = 0;
    for (Gid target = 0; target < targets; ++target) {
        auto const drawn = draw(fixed_indegree(n), Cells(0, sources), target + 1000);
        repeats += n - std::set(drawn.begin(), drawn.end()).size();
    }
    CHECK(static_cast<double>(repeats) / targets ==
          doctest::Approx(n - sources * (1 - std::pow(1 - 1. / sources, n))).epsilon(0.05));
}

TEST_CASE("fixed_indegree without repeats: n different sources, every choice equally likely, few of many and "
          "most of them") {
    std::size_t const sources = 50;
    for (std::size_t n : {1, 10, 25, 26, 40, 49}) {
        CAPTURE(n);
        Survey const survey(fixed_indegree(n, Repeats::none), sources, 4000);
        CHECK(survey.by_target == std::vector<double>(4000, static_cast<double>(n)));
        CHECK(plausible(survey.chi_square((1 - static_cast<double>(n) / sources)), 49));
        for (Gid target = 0; target < 100; ++target) {
            auto const drawn = draw(fixed_indegree(n, Repeats::none), Cells(0, sources), target);
            CHECK(drawn.size() == n);
            CHECK(std::set(drawn.begin(), drawn.end()).size() == n);
            CHECK(std::count(drawn.begin(), drawn.end(), target) == 0);
        }
    }
    auto all = draw(fixed_indegree(50, Repeats::none), Cells(0, sources), 99);
    std::sort(all.begin(), all.end());
    for (Gid k = 0; k < 50; ++k) CHECK(all.at(k) == k);
}

TEST_CASE("fixed_indegree with repeats replaced: the different ones among n draws") {
    std::size_t const sources = 20, n = 10;
    Survey const survey(fixed_indegree(n, Repeats::replaced), sources, 4000);
    auto const different = sources * (1 - std::pow(1 - 1. / sources, n));
    CHECK(survey.mean_per_target() == doctest::Approx(different).epsilon(0.01));
    CHECK(survey.variance_per_target() > 0.5);
    CHECK(plausible(survey.chi_square(1 - different / sources), 19));
    for (Gid target = 0; target < 200; ++target) {
        // the same draws as with repeats
        auto const allowed = draw(fixed_indegree(n), Cells(0, sources), target),
                   replaced = draw(fixed_indegree(n, Repeats::replaced), Cells(0, sources), target);
        CHECK(std::set(replaced.begin(), replaced.end()).size() == replaced.size());
        CHECK(std::set(replaced.begin(), replaced.end()) == std::set(allowed.begin(), allowed.end()));
    }
}

TEST_CASE("fixed_indegree without repeats: the first n different draws of its stream, by gid") {
    Cells const sources = Cells(90, 100) + Cells(3) + Cells(10, 40) + Cells(200, 300);
    for (std::size_t n : {0, 1, 2, 20, 50, 70}) {
        for (Gid target = 0; target < 50; ++target) {
            RandomStream random({.id1 = target, .key0 = 12});
            std::set<Gid> different;
            while (different.size() < n) {
                auto const source = sources[random.below(static_cast<std::uint32_t>(sources.size()))];
                if (source != target) different.insert(source);
            }
            CHECK(draw(fixed_indegree(static_cast<std::int64_t>(n), Repeats::none), sources, target) ==
                  std::vector<Gid>(different.begin(), different.end()));
        }
    }
}

// Going through all ranges for each draw would take 4 x 10^10 steps, keeping the sources sorted one by one
// 10^10.
TEST_CASE("many sources, and sources in many ranges, are drawn in a moment") {
    auto const start = std::clock();
    CHECK(draw(fixed_indegree(200000, Repeats::none), Cells(0, 400000), 5).size() == 200000);
    CHECK(draw(fixed_indegree(300000, Repeats::replaced), Cells(0, 400000), 5).size() > 150000);
    Cells scattered;
    for (Gid gid = 0; gid < 200000; gid += 2) scattered = scattered + gid;
    auto const drawn = draw(fixed_indegree(500000), scattered, 5);
    CHECK(std::all_of(drawn.begin(), drawn.end(), [&](Gid source) { return scattered.contains(source); }));
    CHECK(draw(pairwise_probability(0.9), scattered, 5).size() > 80000);
    CHECK(std::clock() - start < 60 * CLOCKS_PER_SEC);
}

TEST_CASE("the target itself is no source unless asked for, and its absence favours nobody") {
    Cells const sources = Cells(10, 15) + Cells(0, 5);
    auto const counts = [&](auto const& rule, bool self) {
        std::vector<double> n(15);
        for (std::uint32_t k = 0; k < 2000; ++k) {
            RandomStream random({.id1 = k});
            rule(Drawing{sources, 1, 12, 0, self, random}, [&](Gid source) { n.at(source) += 1; });
        }
        return n;
    };
    auto const check = [&](auto const& rule, double each, double each_with_self) {
        auto const without = counts(rule, false), with = counts(rule, true);
        CHECK(without[12] == 0);
        for (auto source : sources) {
            if (source != 12) CHECK(without[source] == doctest::Approx(2000 * each).epsilon(0.14));
            CHECK(with[source] == doctest::Approx(2000 * each_with_self).epsilon(0.14));
        }
        for (Gid k = 5; k < 10; ++k) CHECK(with[k] == 0);
    };
    check(fixed_indegree(3), 3. / 9, 3. / 10);
    check(fixed_indegree(3, Repeats::none), 3. / 9, 3. / 10);
    check(fixed_indegree(7, Repeats::none), 7. / 9, 7. / 10);
    check(pairwise_probability(0.4), 0.4, 0.4);
    check(all_to_all(), 1, 1);
}

TEST_CASE("pairwise_probability: binomially many, every source equally likely") {
    std::size_t const sources = 100;
    for (double p : {0.002, 0.02, 0.5, 0.97}) {
        CAPTURE(p);
        Survey const survey(pairwise_probability(p), sources, 10000);
        auto const mean = p * sources, variance = sources * p * (1 - p);
        CHECK(survey.mean_per_target() ==
              doctest::Approx(mean).scale(1).epsilon(4 * std::sqrt(variance / 10000)));
        CHECK(survey.variance_per_target() == doctest::Approx(variance).epsilon(0.06));
        CHECK(plausible(survey.chi_square(1 - p), 100));
    }
    CHECK(draw(pairwise_probability(0), Cells(0, 100), 500).empty());
    CHECK(draw(pairwise_probability(1), Cells(0, 100), 500).size() == 100);
    CHECK(draw(pairwise_probability(1), Cells(0, 100), 50).size() == 99);
    CHECK(draw(pairwise_probability(1e-300), Cells(0, 100), 50).empty());
}

TEST_CASE("binomial numbers: the exact probabilities, by inversion and by rejection, from both sides") {
    struct Case {
        std::uint64_t n;
        double p;
    };
    for (auto const& one : {Case{1, 0.3}, Case{30, 0.2}, Case{30, 0.8}, Case{25, 0.45}, Case{70, 0.5},
                            Case{2000, 0.01}, Case{200, 0.95}}) {
        auto const n = one.n;
        auto const p = one.p;
        CAPTURE(n);
        CAPTURE(p);
        constexpr int draws = 40000;
        std::vector<double> counts(n + 1);
        RandomStream random({.id1 = 8});
        for (int k = 0; k < draws; ++k) counts.at(draw_binomial(random, n, p)) += 1;
        double chi2 = 0, expected = 0, found = 0, classes = -1;
        double probability = std::pow(1 - p, static_cast<double>(n));
        for (std::uint64_t k = 0; k <= n; ++k) {
            expected += draws * probability;
            found += counts[k];
            if (expected >= 20 || k == n) {
                chi2 += (found - expected) * (found - expected) / std::max(expected, 1.);
                expected = found = 0;
                classes += 1;
            }
            probability *= static_cast<double>(n - k) / static_cast<double>(k + 1) * p / (1 - p);
        }
        CHECK(std::abs(chi2 - classes) < 4.5 * std::sqrt(2 * classes));
    }
    RandomStream random;
    CHECK(draw_binomial(random, 9, 0) == 0);
    CHECK(draw_binomial(random, 9, 1) == 9);
    double sum = 0, squares = 0;
    for (int k = 0; k < 4000; ++k) {
        auto const z = (static_cast<double>(draw_binomial(random, 300000000, 0.25)) - 75e6) / 7500;
        sum += z;
        squares += z * z;
    }
    CHECK(std::abs(sum) < 4 * std::sqrt(4000.));
    CHECK(squares == doctest::Approx(4000).epsilon(0.09));
}

TEST_CASE("fixed_total_number: exactly so many, each from any source to any target") {
    std::size_t const sources = 60, targets = 150;
    std::vector<double> by_source(sources), by_target(targets);
    for (std::uint32_t round = 0; round < 60; ++round) {
        std::size_t total = 0;
        for (Gid k = 0; k < targets; ++k) {
            RandomStream random({.id1 = 100 + k, .id2 = round});
            fixed_total_number(4001)(
                Drawing{Cells(0, sources), targets, 100 + k, k, false, random, {.id2 = round, .id3 = 3}},
                [&](Gid source) {
                    by_source.at(source) += 1;
                    by_target[k] += 1;
                    ++total;
                });
        }
        CHECK(total == 4001);
    }
    auto const chi2 = [](auto const& counts) { return Survey::squares(counts) / Survey::mean(counts); };
    CHECK(plausible(chi2(by_source), sources - 1));
    CHECK(plausible(chi2(by_target), targets - 1));
    CHECK(draw(fixed_total_number(5), Cells(0, 10), 500).size() == 5);  // one target has them all
    CHECK(draw(fixed_total_number(0), Cells(), 500).empty());
    for (auto const source : draw(fixed_total_number(100), Cells(0, 3), 1)) CHECK(source != 1);
}

TEST_CASE("fixed_outdegree: each source's targets are drawn as a target's sources by fixed_indegree") {
    auto const drawn = [](auto const& rule, Gid source, bool self) {
        RandomStream random({.id1 = source, .key0 = 12});
        std::vector<Gid> all;
        rule(SourceDrawing{Cells(0, 20), 5, source, 0, self, random},
             [&](Gid target) { all.push_back(target); });
        return all;
    };
    CHECK(drawn(fixed_outdegree(7), 3, false) == draw(fixed_indegree(7), Cells(0, 20), 3));
    CHECK(drawn(fixed_outdegree(19, Repeats::none), 3, false) ==
          draw(fixed_indegree(19, Repeats::none), Cells(0, 20), 3));
    CHECK_THROWS_WITH_AS(drawn(fixed_outdegree(20, Repeats::none), 3, false),
                         "fixed_outdegree(20) without repeats from cell 3: only 19 targets", Error);
    CHECK(drawn(fixed_outdegree(20, Repeats::none), 3, true).size() == 20);
}

TEST_CASE("by_distance: as often as the distance says, on a plane and on a ring") {
    auto const where = [](Gid gid) { return Position{.x = 10. * gid}; };
    auto const near = [](double um) { return um <= 10 ? 1 : 0.; };
    CHECK(draw(by_distance(where, near), Cells(0, 12), 4) == std::vector<Gid>{3, 5});
    CHECK(draw(by_distance(where, near), Cells(0, 12), 4, true) == std::vector<Gid>{3, 4, 5});
    CHECK(draw(by_distance(where, near), Cells(0, 12), 0) == std::vector<Gid>{1});
    CHECK(draw(by_distance(where, near, {.x = 120}), Cells(0, 12), 0) == std::vector<Gid>{1, 11});
    CHECK(distance({1, 2, 3}, {4, 6, 15}) == 13);
    CHECK(distance({1, 2, 3}, {4, 98, 3}, {.y = 100}) == 5);
    std::vector<double> counts(40);
    for (std::uint32_t k = 0; k < 4000; ++k) {
        RandomStream random({.id1 = k});
        by_distance(where, [](double um) { return std::exp(-um / 100); })(
            Drawing{Cells(1, 40), 1, 0, 0, false, random}, [&](Gid source) { counts.at(source) += 1; });
    }
    for (std::size_t k = 1; k < 40; ++k) {
        auto const p = std::exp(-0.1 * static_cast<double>(k));
        CHECK(std::abs(counts[k] - 4000 * p) < 4 * std::sqrt(4000 * p * (1 - p)));
    }
    CHECK_THROWS_WITH_AS(draw(by_distance(where, [](double um) { return um; }), Cells(0, 2), 1),
                         "by_distance: the probability at 10 um is 10, must be between 0 and 1", Error);
    auto const nowhere = [](Gid gid) { return Position{.x = gid == 1 ? std::nan("") : 0}; };
    CHECK_THROWS_WITH_AS(draw(by_distance(nowhere, near), Cells(0, 2), 0),
                         "by_distance: cells 1 and 0 are nan um apart: must be finite", Error);
    CHECK_THROWS_WITH_AS(by_distance(where, near, {.y = -5}),
                         "by_distance: a period of -5 um: must be finite and not negative", Error);
}

TEST_CASE("one_to_one and all_to_all") {
    CHECK(draw(all_to_all(), Cells(3, 6) + Cells(0, 2), 4) == std::vector<Gid>{3, 5, 0, 1});
    CHECK(draw(one_to_one(), Cells(3, 6), 9, false, 2, 3) == std::vector<Gid>{5});
    CHECK(draw(one_to_one(), Cells(3, 6), 4, false, 1, 3).empty());
    CHECK(draw(one_to_one(), Cells(3, 6), 4, true, 1, 3) == std::vector<Gid>{4});
}

TEST_CASE("the tutorial's draws by numpy, the target left out") {
    NumpyRandom numpy(1), same(1);
    ConnectionList list;
    list.draw(numpy, 80, Cells(0, 30), 5, {.synapse = 1, .weight = 2e-3, .delay = 0.1});
    auto drawn = same.randint(0, 30, 80);
    CHECK(std::count(drawn.begin(), drawn.end(), 5u) > 0);
    drawn.erase(std::remove(drawn.begin(), drawn.end(), 5u), drawn.end());
    REQUIRE(list.connections().size() == drawn.size());
    for (std::size_t k = 0; k < drawn.size(); ++k) {
        auto const& c = list.connections()[k];
        CHECK(c.source == drawn[k]);
        CHECK(c.target == 5);
        CHECK(c.synapse == 1);
        CHECK(c.weight == 2e-3);
        CHECK(c.delay == 0.1);
    }
    CHECK_THROWS_WITH_AS(list.draw(numpy, 1, Cells(0, 3) + Cells(5, 6), 1, {}),
                         "draw from 2 ranges of cells: must be one", Error);
}

TEST_CASE("weights and delays: a number, a distribution, a function") {
    auto const survey = [](ConnectionValue const& value) {
        RandomStream random({.id1 = 4});
        std::vector<double> x;
        for (int k = 0; k < 40000; ++k) x.push_back(value.draw(1, 2, random));
        return std::pair{Survey::mean(x), Survey::squares(x) / static_cast<double>(x.size())};
    };
    CHECK(survey(3.).first == 3);
    CHECK(ConnectionValue(3.).is_uniform());
    CHECK(!ConnectionValue(Uniform{1, 2}).is_uniform());
    CHECK(survey(Uniform{2, 6}).first == doctest::Approx(4).epsilon(0.01));
    CHECK(survey(Uniform{2, 6}).second == doctest::Approx(16. / 12).epsilon(0.02));
    CHECK(survey(Normal{2, 0.5}).first == doctest::Approx(2).epsilon(0.01));
    CHECK(survey(Normal{2, 0.5}).second == doctest::Approx(0.25).epsilon(0.03));
    CHECK(survey(LogNormal{1, 0.5}).first == doctest::Approx(std::exp(1.125)).epsilon(0.02));
    CHECK(survey(LogNormal{1, 0.5}).second ==
          doctest::Approx((std::exp(0.25) - 1) * std::exp(2.25)).epsilon(0.06));
    CHECK(survey([](Gid source, Gid target) { return 10. * source + target; }).first == 12);
}

TEST_CASE("a truncated distribution keeps the draws that are inside, in their order") {
    auto const check = [](auto const& whole, double low, double high) {
        RandomStream random({.id1 = 9}), same({.id1 = 9});
        Truncated const truncated(whole, low, high);
        for (int k = 0; k < 2000; ++k) {
            auto expected = whole.draw(same);
            while (expected < low || expected > high) expected = whole.draw(same);
            REQUIRE(ConnectionValue(truncated).draw(1, 2, random) == expected);
        }
        CHECK(random.next() == same.next());
    };
    auto const infinity = std::numeric_limits<double>::infinity();
    check(Normal{1, 0.5}, 0.1, 2);
    check(Normal{1, 0.5}, 1.5, infinity);
    check(Normal{0, 1}, -infinity, -3);
    check(Uniform{1, 4}, 2, 3);
    check(LogNormal{0, 1}, 1, 1.1);
    check(Truncated{Normal{0, 1}, -1, 2}, 0, 3);
    RandomStream random;
    CHECK(Truncated{Normal{3, 0}, 3, 3}.draw(random) == 3);  // the ends are inside
}

TEST_CASE("a truncated distribution that gives nothing inside is an error") {
    auto const complaint = [](auto&& f) -> std::string {
        try {
            f();
        } catch (Error const& error) {
            return error.what();
        }
        return "none";
    };
    CHECK(complaint([] {
              (void)Truncated{Normal{1, 0.5}, 2, 1};
          }) == "Truncated to [2, 1]: the lower end must not be above the upper one");
    CHECK(complaint([] {
              (void)Truncated{Normal{1, 0.5}, std::nan(""), 1};
          }) == "Truncated to [nan, 1]: the lower end must not be above the upper one");
    auto const impossible = [&](auto const& truncated) {
        RandomStream random;
        return complaint([&] { truncated.draw(random); });
    };
    CHECK(impossible(Truncated{Normal{1, 0.5}, 5, 6.5}) ==
          "Truncated to [5, 6.5]: 1000000 draws in a row were outside; the distribution must give numbers "
          "between these");
    CHECK(impossible(Truncated{Uniform{0, 1}, 2, 3}) != "none");
    CHECK(impossible(Truncated{LogNormal{0, 1}, -2, -1}) != "none");
}

TEST_CASE("a distribution of numbers that it cannot have is refused before it is drawn from") {
    auto const nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    auto const refused = [](auto const& distribution) -> std::string {
        try {
            ConnectionValue{distribution};
        } catch (Error const& error) {
            return error.what();
        }
        return "none";
    };
    CHECK(refused(Uniform{2, 1}) ==
          "Uniform{2, 1}: both ends must be finite, and the lower one not above the upper one");
    CHECK(refused(Uniform{nan, 1}).starts_with("Uniform{nan, 1}: "));
    CHECK(refused(Uniform{0, infinity}).starts_with("Uniform{0, inf}: "));
    CHECK(refused(Uniform{1, 1}) == "none");
    CHECK(refused(Normal{1, -0.5}) == "Normal{1, -0.5}: mean and sd must be finite, and sd not negative");
    CHECK(refused(Normal{nan, 1}).starts_with("Normal{nan, 1}: "));
    CHECK(refused(Normal{1, infinity}).starts_with("Normal{1, inf}: "));
    CHECK(refused(Normal{-1, 0}) == "none");
    CHECK(refused(LogNormal{0, -1}) ==
          "LogNormal{0, -1}: mu and sigma must be finite, and sigma not negative");
    CHECK(refused(LogNormal{0, nan}).starts_with("LogNormal{0, nan}: "));
    CHECK(refused(LogNormal{-7, 0}) == "none");
    CHECK_THROWS_WITH_AS((Truncated{Normal{1, -1}, 0, 2}),
                         "Normal{1, -1}: mean and sd must be finite, and sd not negative", Error);
}

TEST_CASE("weights from a distribution of one's own") {
    struct Coin {
        double draw(RandomStream& random) const { return random.below(2) == 0 ? 1 : 3; }
    };
    RandomStream random;
    double sum = 0;
    for (int k = 0; k < 1000; ++k) sum += ConnectionValue(Coin{}).draw(1, 2, random);
    CHECK(sum == doctest::Approx(2000).epsilon(0.1));
    CHECK(!ConnectionValue(Coin{}).is_uniform());
}

TEST_CASE("draws keep their bits") {
    RandomStream random({.id1 = 4});
    CHECK(ConnectionValue(Uniform{2, 6}).draw(1, 2, random) == 0x1.72237f090ddc8p+2);
    CHECK(ConnectionValue(Normal{2, 0.5}).draw(1, 2, random) == 0x1.097fac48ed3d3p+1);
    CHECK(ConnectionValue(LogNormal{1, 0.5}).draw(1, 2, random) ==
          doctest::Approx(0x1.03a15b4464e72p+0).epsilon(1e-15));
}

}  // namespace rules_tests
