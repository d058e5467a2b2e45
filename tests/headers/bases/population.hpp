// SPDX-License-Identifier: MIT
#include <hillock/population/population.hpp>
