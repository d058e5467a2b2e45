// SPDX-License-Identifier: MIT

/// `network` on as many ranks as MPI starts: mpirun -n 4 network_mpi --model ...

#include <hillock/mpi.hpp>

#include "network_files.hpp"

int main(int argc, char** argv) {
    return hk::mpi_main(argc, argv,
                        [&](hk::MpiExchange const& world) { return network_program(argc, argv, world); });
}
