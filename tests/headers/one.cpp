// SPDX-License-Identifier: MIT
#include <hillock/hillock.hpp>

int one();
int two();

int one() { return 1; }

int main() { return one() + two() == 3 ? 0 : 1; }
