// SPDX-License-Identifier: MIT
#include <hillock/hillock.hpp>

using namespace hillock;

int two();

namespace {

// names that users give their own types
struct Tree {
    int branches = 2;
};

}  // namespace

int two() { return Tree{}.branches; }
