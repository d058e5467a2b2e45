// SPDX-License-Identifier: MIT
// The flags with which the cases are compiled.
#include <hillock/model/cell.hpp>
