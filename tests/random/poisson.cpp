// SPDX-License-Identifier: MIT

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <doctest/doctest.h>

#include <hillock/random/poisson.hpp>
#include <hillock/random/stream.hpp>

using namespace hillock;

namespace {

/// How many of all 2^32 words stand for at most `n`.
double words_up_to(PoissonTable const& table, std::uint32_t n) {
    std::uint64_t low = 0, high = std::uint64_t{1} << 32;
    while (low < high) {
        auto const middle = (low + high) / 2;
        if (table(static_cast<std::uint32_t>(middle)) <= n)
            low = middle + 1;
        else
            high = middle;
    }
    return static_cast<double>(low);
}

}  // namespace

TEST_CASE("a table gives each number of events its probability, to the word") {
    PoissonTable table;
    for (double const mean : {1e-9, 0.01, 0.5, 1.28, 2.32, 17.3, 1000., 1e4}) {
        CAPTURE(mean);
        table.set(mean);
        double sum = 0, average = 0, before = 0;
        auto const last = static_cast<std::uint32_t>(mean + 8 * std::sqrt(mean) + 20);
        for (std::uint32_t n = 0; n <= last; ++n) {
            sum += std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.));
            auto const words = words_up_to(table, n);
            CHECK(std::abs(words - sum * 0x1p32) < 0.6 + 1e-3 * mean);  // lgamma has so many digits
            average += n * (words - before) / 0x1p32;
            before = words;
        }
        CHECK(before == 0x1p32);
        CHECK(average == doctest::Approx(mean).epsilon(1e-7).scale(1));
    }
    table.set(0);
    for (std::uint32_t const word : {0u, 1u << 31, ~0u}) CHECK(table(word) == 0);
}

TEST_CASE("numbered blocks are those of Philox, whose counter has the number below and the ids above") {
    auto const a = random_block({.id1 = 7, .id2 = 3, .key0 = 5, .key1 = 2}, 0x900000004);
    auto const b = r123::Philox4x32{}({{4, 9, 7, 3}}, {{5, 2}});
    for (std::size_t k = 0; k < 4; ++k) CHECK(a[k] == b[k]);
}
