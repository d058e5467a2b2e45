// SPDX-License-Identifier: MIT
#include <hillock/model/cell.hpp>
