// SPDX-License-Identifier: MIT

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/random/stream.hpp>

using namespace hillock;

namespace {

std::vector<std::uint32_t> words(StreamId const& id, std::size_t n) {
    RandomStream stream(id);
    std::vector<std::uint32_t> drawn(n);
    for (auto& word : drawn) word = stream.next();
    return drawn;
}

std::vector<std::uint32_t> block(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
    r123::Philox4x32 philox;
    auto const b = philox({{c[0], c[1], c[2], c[3]}}, {{k[0], k[1]}});
    return {b.v[0], b.v[1], b.v[2], b.v[3]};
}

using Words = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("Philox4x32-10: the known answers of Random123's kat_vectors") {
    CHECK(block({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(block({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is Philox with counter {seq, id3, id1, id2} and key {key0, key1}, four words a block in "
          "order") {
    CHECK(words({}, 4) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    StreamId const id{.id1 = 11, .id2 = 22, .id3 = 33, .key0 = 44, .key1 = 55};
    Words expected;
    for (std::uint32_t seq : {0, 1, 2})
        for (auto word : block({seq, 33, 11, 22}, {44, 55})) expected.push_back(word);
    CHECK(words(id, 12) == expected);
}

TEST_CASE("a uniform number is (word + 1)/(2^32 + 1), an exponential one minus its logarithm") {
    StreamId const id{.id1 = 3};
    auto const w = words(id, 3);
    RandomStream stream(id);
    CHECK(stream.uniform() == (w[0] + 1.) / 4294967297.);
    CHECK(stream.exponential() == -std::log((w[1] + 1.) / 4294967297.));
    CHECK(stream.next() == w[2]);
}

TEST_CASE("moments of the distributions") {
    RandomStream stream({.id1 = 1});
    std::size_t const n = 200000;
    auto const moments = [&](auto&& draw) {
        double sum = 0, squares = 0;
        for (std::size_t k = 0; k < n; ++k) {
            double const x = draw();
            sum += x;
            squares += x * x;
        }
        return std::pair{sum / n, squares / n - sum / n * sum / n};
    };
    auto const check = [](std::pair<double, double> found, double mean, double variance) {
        CHECK(found.first == doctest::Approx(mean).scale(1).epsilon(4 * std::sqrt(variance / n)));
        CHECK(found.second == doctest::Approx(variance).epsilon(0.02));
    };
    check(moments([&] { return stream.uniform(); }), 0.5, 1. / 12);
    check(moments([&] { return stream.exponential(); }), 1, 1);
    check(moments([&] { return stream.normal(); }), 0, 1);
    check(moments([&] { return static_cast<double>(stream.below(100)); }), 49.5, (100 * 100 - 1) / 12.);
}

TEST_CASE("below: every number equally likely, none beyond") {
    RandomStream stream({.id1 = 2});
    for (int k = 0; k < 10; ++k) CHECK(stream.below(1) == 0);
    for (std::uint32_t n : {2u, 3u, 7u, 10u, 64u}) {
        std::vector<double> counts(n);
        double const draws = 1000. * n;
        for (int k = 0; k < draws; ++k) counts.at(stream.below(n)) += 1;
        double chi2 = 0;
        for (auto c : counts) chi2 += (c - 1000) * (c - 1000) / 1000;
        CHECK(chi2 < n - 1 + 4 * std::sqrt(2. * (n - 1)) + 4);
    }
    // where a word in four has to be rejected: without that every third number comes twice as often
    std::uint32_t const n = 3u << 30;
    std::array<int, 3> thirds{};
    for (int k = 0; k < 300000; ++k) ++thirds[stream.below(n) % 3];
    for (auto count : thirds) CHECK(std::abs(count - 100000) < 4 * 258);  // standard deviations
}

TEST_CASE("streams differ in each of their ids, and a stream has no short period") {
    std::set<std::uint32_t> firsts;
    for (std::uint32_t k = 0; k < 100; ++k) {
        firsts.insert(words({.id1 = k + 1}, 1)[0]);
        firsts.insert(words({.id2 = k + 1}, 1)[0]);
        firsts.insert(words({.id3 = k + 1}, 1)[0]);
        firsts.insert(words({.key0 = k + 1}, 1)[0]);
        firsts.insert(words({.key1 = k + 1}, 1)[0]);
    }
    CHECK(firsts.size() >= 499);
    auto const drawn = words({}, 4096);
    CHECK(std::set(drawn.begin(), drawn.end()).size() >= 4095);
}
