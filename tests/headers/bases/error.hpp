// SPDX-License-Identifier: MIT
#include <hillock/words/error.hpp>
