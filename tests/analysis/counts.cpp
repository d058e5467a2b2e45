// SPDX-License-Identifier: MIT

#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/analysis/bins.hpp>
#include <hillock/analysis/counts.hpp>
#include <hillock/analysis/rates.hpp>
#include <hillock/analysis/trains.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>

#include "expected.hpp"

namespace counts_tests {

using namespace hillock;
using namespace hillock::analysis;

namespace {

std::vector<double> as_numbers(std::vector<Count> const& counts) { return {counts.begin(), counts.end()}; }

}  // namespace

TEST_CASE("counts are numpy.histogram's, whatever the width of a bin") {
    auto const spikes = expected::raster();
    CHECK(as_numbers(spike_counts(spikes, {1, 100})) == expected::numbers("counts_1"));
    CHECK(as_numbers(spike_counts(spikes, {2.5, 100})) == expected::numbers("counts_2.5"));
    CHECK(as_numbers(spike_counts(spikes, {0.1, 100})) == expected::numbers("counts_0.1"));
    CHECK(as_numbers(spike_counts(spikes, {0.7, 100})) == expected::numbers("counts_0.7"));
}

TEST_CASE("a bin holds its left edge; the last holds both; outside there is none") {
    Bins const bins{1, 3};
    CHECK(bins.of(0) == 0);
    CHECK(bins.of(0.999999) == 0);
    CHECK(bins.of(1) == 1);
    CHECK(bins.of(2) == 2);
    CHECK(bins.of(3) == 2);
    CHECK_FALSE(bins.of(-1e-300));
    CHECK_FALSE(bins.of(3.0000001));
    CHECK_FALSE(bins.of(std::numeric_limits<double>::quiet_NaN()));
    CHECK(bins.left_edges() == std::vector<double>{0, 1, 2});
}

TEST_CASE("the edges decide, not the rounded quotient") {
    Bins const bins{0.1, 100};
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
        REQUIRE(bins.of(bins.edge(bin)) == bin);
        if (bin > 0) REQUIRE(bins.of(std::nextafter(bins.edge(bin), 0)) == bin - 1);
    }
}

TEST_CASE("bins cover a time that is no whole number of them, the last one narrower, and no more bins for "
          "rounding") {
    Bins const bins{1, 10.5};
    CHECK(bins.size() == 11);
    CHECK(bins.stop() == 10.5);
    CHECK(bins.edge(10) == 10);
    CHECK(bins.edge(11) == 10.5);
    CHECK(bins.width() == 1);
    CHECK(bins.width(9) == 1);
    CHECK(bins.width(10) == 0.5);
    CHECK(bins.of(10.5) == 10);
    CHECK_FALSE(bins.of(10.6));  // not simulated
    CHECK(bins.full().size() == 10);
    CHECK(bins.full().stop() == 10);
    CHECK(Bins{1, 12.5, 2.25}.full().start() == 2.25);
    CHECK(Bins{20, 10}.size() == 1);
    CHECK(Bins{20, 10}.width(0) == 10);
    CHECK(Bins{20, 10}.full().width(0) == 10);
    CHECK(Bins{0.1, 0.3}.size() == 3);  // 0.3/0.1 < 3
    CHECK(Bins{0.1, 0.7}.size() == 7);  // 0.7/0.1 < 7
    CHECK(Bins{0.7, 2.1}.size() == 3);  // 2.1/0.7 > 3
    CHECK(Bins{0.1, 250}.size() == 2500);
    CHECK(Bins{0.025, 1e5}.size() == 4000000);
    CHECK(Bins{0.1, 0.3}.of(3 * 0.1) == 2);  // 3 * 0.1 > 0.3, but a whole number of bins
    CHECK(Bins{0.1, 0.3}.width(2) == 0.1);
    CHECK(Bins{0.1, 0.3}.full().size() == 3);
    CHECK(Bins{1, 150, 100}.size() == 50);
    CHECK(Bins{1, 150, 100}.of(149.5) == 49);
    CHECK(spike_counts(Raster{{9.5, 0}, {10.25, 0}, {10.75, 0}}, {1, 10.5}).back() == 1);
}

TEST_CASE("no spikes, one spike") {
    CHECK(spike_counts(Raster{}, {1, 3}) == std::vector<Count>{0, 0, 0});
    CHECK(spike_counts(Raster{{1.5, 7}}, {1, 3}) == std::vector<Count>{0, 1, 0});
}

TEST_CASE("invalid bins are refused") {
    CHECK_THROWS_WITH_AS(Bins(0, 10), "bin width 0 ms: must be positive and finite", Error);
    CHECK_THROWS_WITH_AS(Bins(-1, 10), "bin width -1 ms: must be positive and finite", Error);
    CHECK_THROWS_WITH_AS(Bins(1, 0), "bins up to 0 ms: must be finite and after their start, 0 ms", Error);
    CHECK_THROWS_WITH_AS(Bins(1, 5, 5), "bins up to 5 ms: must be finite and after their start, 5 ms", Error);
    CHECK_THROWS_AS(Bins(std::numeric_limits<double>::quiet_NaN(), 10), Error);
    CHECK_THROWS_AS(Bins(1, std::numeric_limits<double>::infinity()), Error);
    CHECK_THROWS_AS(Bins(1e-9, 1000), Error);
}

TEST_CASE("trains are counts per cell") {
    auto const trains = binned_trains(expected::raster(), {1, 100}, 12);
    CHECK(trains.rows() == 100);
    CHECK(trains.columns() == 12);
    CHECK(as_numbers({trains.numbers().begin(), trains.numbers().end()}) == expected::numbers("trains"));
    CHECK_THROWS_WITH_AS(binned_trains(Raster{{1, 12}}, {1, 100}, 12),
                         "spike of cell 12 at 1 ms: gids must be below the number of cells, 12", Error);
}

TEST_CASE("trains by cell; a silent cell has an empty one") {
    auto const trains = trains_by_cell(Raster{{1, 2}, {2, 0}, {3, 2}}, 3);
    CHECK(trains == std::vector<Train>{{2}, {}, {1, 3}});
    CHECK_THROWS_AS(trains_by_cell(Raster{{1, 3}}, 3), Error);
}

TEST_CASE("rates are per cell and second") {
    auto const spikes = expected::raster();
    expected::check_close(rates(spikes, {1, 100}, Cells{0, 6}), expected::numbers("rates_left"));
    CHECK(rates(Raster{{1, 0}, {2, 1}, {2, 5}}, {2, 4}, Cells{0, 2}) == std::vector<double>{250, 250});
    // a regular train in bins that do not divide the time
    Raster regular;
    for (int k = 0; k < 250; ++k) regular.push_back({k + 0.5, 0});
    CHECK(rates(regular, {100, 250}, Cells{0, 1}) == std::vector<double>{1000, 1000, 1000});
    expected::check_close(rates(regular, {60, 249, 10}, Cells{0, 2}), std::vector<double>(4, 500));
    for (int k = 250; k < 300; ++k) regular.push_back({k + 0.5, 0});  // the run was longer than the bins
    CHECK(rates(regular, {100, 250}, Cells{0, 1}) == std::vector<double>{1000, 1000, 1000});
    CHECK(mean_rate(Raster{{0, 0}, {1, 1}, {4, 1}, {5, 1}, {2, 7}}, Cells{0, 2}, 4) ==
          doctest::Approx(3 / 0.004 / 2));
    CHECK(mean_rate(Raster{{100, 0}, {150, 0}, {99, 0}, {151, 0}}, Cells{0, 1}, 150, 100) ==
          doctest::Approx(40));
    CHECK(mean_rate(Raster{}, Cells{0, 1}, 10) == 0);
    CHECK_THROWS_AS(mean_rate(Raster{}, Cells{}, 10), Error);
    CHECK_THROWS_AS(rates(Raster{}, {1, 10}, Cells{}), Error);
    CHECK_THROWS_WITH_AS(mean_rate(Raster{}, Cells{0, 1}, 1, 2),
                         "rate from 2 to 1 ms: both must be finite, the end after the start", Error);
}

}  // namespace counts_tests
