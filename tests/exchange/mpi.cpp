// SPDX-License-Identifier: MIT

/// The suite over MPI, on as many ranks as mpirun starts. With `--ends early` the last rank ends at once
/// while the others wait for it; with `--ends together` all of them do what they shall and return nothing.

#define DOCTEST_CONFIG_IMPLEMENT
#include <hillock/mpi.hpp>

#include <optional>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "suite.hpp"

namespace {

std::optional<hillock::MpiExchange> world;

/// 7 gathers on all ranks, or none on the last one. An error of another rank does not keep this one from
/// ending.
void gather(hillock::MpiExchange exchange, bool early) {
    if (early && exchange.rank() + 1 == exchange.ranks()) return;
    hillock::Gathered received;
    for (int k = 0; k < 7; ++k) exchange.all_gather(std::vector<std::uint64_t>(50), received);
}

}  // namespace

TEST_CASE("ranks over MPI") { suite::check_all(*world); }

TEST_CASE("copies and networks that have moved over MPI") { suite::check_forks(*world); }

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--ends") {
        auto const early = std::string_view(argv[2]) == "early";
        return hillock::mpi_main(argc, argv,
                                 [&](hillock::MpiExchange const& exchange) { gather(exchange, early); });
    }
    return hillock::mpi_main(argc, argv, [&](hillock::MpiExchange const& exchange) {
        world = exchange;
        return doctest::Context(argc, argv).run();
    });
}
