// SPDX-License-Identifier: MIT

/// Uses a mechanism that the build has made from leak.mod.

#include "leak.hpp"

int main() {
    auto const current = hillock::mod::leak{.g = 2e-3}.current(-60., {});
    return current.g == 2e-3 && current.ge == 2e-3 * -70 ? 0 : 1;
}
