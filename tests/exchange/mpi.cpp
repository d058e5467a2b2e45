// SPDX-License-Identifier: MIT

/// The suite over MPI, on as many ranks as mpirun starts.

#define DOCTEST_CONFIG_IMPLEMENT
#include <hillock/mpi.hpp>

#include "suite.hpp"

namespace {

std::optional<hillock::MpiExchange> world;

}  // namespace

TEST_CASE("ranks over MPI") { suite::check_all(*world); }

int main(int argc, char** argv) {
    return hillock::mpi_main(argc, argv, [&](hillock::MpiExchange const& exchange) {
        world = exchange;
        return doctest::Context(argc, argv).run();
    });
}
