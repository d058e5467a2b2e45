// expect: mpi_main: the program must return int, its exit code, or nothing
#include <hillock/mpi.hpp>

int main(int argc, char** argv) {
#ifdef LEGAL
    return hillock::mpi_main(argc, argv, [](hillock::MpiExchange const&) {});
#else
    return hillock::mpi_main(argc, argv, [](hillock::MpiExchange const&) { return 0.5; });
#endif
}
