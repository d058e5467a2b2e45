// SPDX-License-Identifier: MIT
#pragma once

/// The numbers that make_expected.py computed with numpy and scipy. Tests run in the folder `tests`.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/words/spike.hpp>

namespace expected {

/// The numbers stored under a name.
inline std::vector<double> numbers(std::string const& name) {
    std::ifstream file{"analysis/expected.txt"};
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        std::string word;
        words >> word;
        if (word != name) continue;
        std::vector<double> numbers;
        while (words >> word) numbers.push_back(std::stod(word));
        return numbers;
    }
    FAIL("analysis/expected.txt has no " << name);
    return {};
}

/// The raster that the numbers were computed from: 12 cells, 100 ms, cell 5 silent.
inline hillock::Raster raster() {
    auto const times = numbers("times"), gids = numbers("gids");
    hillock::Raster spikes;
    for (std::size_t i = 0; i < times.size(); ++i)
        spikes.push_back({times[i], static_cast<hillock::Gid>(gids[i])});
    return spikes;
}

/// Checks that numbers are equal to 1e-9 (1e-15 of the largest, where a number is rounding noise beside it);
/// NaN equals only NaN.
inline void check_close(std::span<double const> found, std::span<double const> wanted) {
    REQUIRE(found.size() == wanted.size());
    double largest = 0;
    for (auto const number : wanted)
        if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CAPTURE(i);
        if (std::isnan(wanted[i]))
            CHECK(std::isnan(found[i]));
        else
            CHECK(std::abs(found[i] - wanted[i]) <= 1e-9 * std::abs(wanted[i]) + 1e-15 * largest);
    }
}

}  // namespace expected
