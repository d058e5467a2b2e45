// expect: -ffast-math destroys the rounding that its functions are built on
// flags: -ffast-math
#include <hillock/simd/lane.hpp>

int main() {}
