// SPDX-License-Identifier: MIT

/// The version in the header is that of the project, which the build gives as EXPECTED_VERSION.

#include <cstdio>
#include <cstring>

#include <hillock/version.hpp>

int main() {
    char numbers[64];
    std::snprintf(numbers, sizeof numbers, "%d.%d.%d", HILLOCK_VERSION_MAJOR, HILLOCK_VERSION_MINOR,
                  HILLOCK_VERSION_PATCH);
    bool const agree =
        std::strcmp(HILLOCK_VERSION, EXPECTED_VERSION) == 0 && std::strcmp(numbers, EXPECTED_VERSION) == 0;
    if (!agree)
        std::printf("version.hpp says %s and %s; the version in meson.build is %s\n", HILLOCK_VERSION,
                    numbers, EXPECTED_VERSION);
    return agree ? 0 : 1;
}
