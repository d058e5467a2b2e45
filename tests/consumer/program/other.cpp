// SPDX-License-Identifier: MIT
#include "cell.hpp"

hk::Raster spikes_of_the_other_unit() { return some_spikes(); }
