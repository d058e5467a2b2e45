// SPDX-License-Identifier: MIT

/// `network` on as many ranks as MPI starts: mpirun -n 4 network_mpi --model ...

#include <hillock/mpi.hpp>

#include "network_files.hpp"

int main(int argc, char** argv) {
    return hk::mpi_main(argc, argv, [&](hk::MpiExchange const& world) {
        Options o;
        CLI::App app{network_description};
        add_options(app, o);
        return run_with_options(
            app, argc, argv, [&] { return run_network(o, world); }, world.rank() == 0);
    });
}
