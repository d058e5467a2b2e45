// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/population/grid_spike.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The spikes of a history, by (step, gid), from `step` on.
inline auto fired_from(std::vector<population::GridSpike> const& history, Step step) {
    return std::lower_bound(history.begin(), history.end(), population::GridSpike{step, 0});
}

/// Those of one step: the first, and the end.
inline auto fired_at(std::vector<population::GridSpike> const& history, Step step) {
    return std::pair{fired_from(history, step), fired_from(history, step + 1)};
}

/// Drops those before `step`; not at once, but before they outnumber the others.
inline void forget_spikes_before(std::vector<population::GridSpike>& history, Step step) {
    auto const old = fired_from(history, step);
    if (old - history.begin() >= history.end() - old) history.erase(history.begin(), old);
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
