// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Global identifier of a cell: dense, in the order in which cells are added to a network.
using Gid = std::uint32_t;

/// Integer time: the number of steps of `dt` since t = 0.
using Step = std::int64_t;

}  // namespace hillock::inline HILLOCK_ISA
