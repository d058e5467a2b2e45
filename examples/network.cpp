// SPDX-License-Identifier: MIT

/// Runs a network of one-compartment cells that files describe, and writes its spikes. The peer of a script
/// in another simulator: same input, same output.

#include <exception>

#include "network_files.hpp"

int main(int argc, char** argv) {
    try {
        return network_program(argc, argv, hk::SerialExchange{});
    } catch (std::exception const& error) {
        fmt::print(stderr, "network: {}\n", error.what());
        return 1;
    }
}
