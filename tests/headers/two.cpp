// SPDX-License-Identifier: MIT
#include <hillock/hillock.hpp>

int two();

int two() { return 2; }
