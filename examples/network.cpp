// SPDX-License-Identifier: MIT

/// Runs a network of one-compartment cells that files describe, and writes its spikes. The peer of a script
/// in another simulator: same input, same output.

#include "network_files.hpp"

int main(int argc, char** argv) {
    Options o;
    CLI::App app{network_description};
    add_options(app, o);
    return run_program(app, argc, argv, [&] { return run_network(o, hk::SerialExchange{}); });
}
