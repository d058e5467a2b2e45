// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace beside_neuron {

/// Two traces of a cell, a number a step.
using Traces = std::array<std::vector<double>, 2>;

/// How far traces are from NEURON's.
struct Difference {
    std::size_t rows = 0;
    std::array<double, 2> most = {};  // of each trace
};

/// Compares traces in steps of 0.025 ms with a table of NEURON's, whose rows are t in ms and a number of each.
inline Difference difference(Traces const& found, std::string const& csv) {
    Difference difference;
    std::ifstream file(csv);
    std::string line;
    std::getline(file, line);  // names
    for (; std::getline(file, line); ++difference.rows) {
        double t, expected;
        char comma;
        std::istringstream row(line);
        row >> t;
        auto const step = static_cast<std::size_t>(std::lround(t / 0.025));
        for (std::size_t k = 0; k < found.size(); ++k) {
            row >> comma >> expected;
            difference.most[k] = std::max(difference.most[k], std::abs(found[k].at(step) - expected));
        }
    }
    return difference;
}

}  // namespace beside_neuron
