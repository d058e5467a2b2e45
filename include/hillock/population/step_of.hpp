// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/model/point_cell.hpp>
#include <hillock/population/point_step.hpp>
#include <hillock/population/sectioned_step.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The step of a population of cells `C`, which knows what a cell is made of: `SectionedStep` or `PointStep`.
template <class L, class C>
using StepOf = typename std::conditional_t<IsPointCell<C>, std::type_identity<PointStep<L, C>>,
                                           std::type_identity<SectionedStep<L, C>>>::type;

}  // namespace hillock::inline HILLOCK_ISA::population
