// SPDX-License-Identifier: MIT
#include <cstdio>

#include "cell.hpp"

int main() {
    auto const spikes = some_spikes();
    std::printf("%zu spikes\n", spikes.size());
    return !spikes.empty() && spikes == spikes_of_the_other_unit() ? 0 : 1;
}
