// SPDX-License-Identifier: MIT
#include <hillock/model/node_variable.hpp>
