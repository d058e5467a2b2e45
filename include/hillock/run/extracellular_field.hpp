// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/varying_current.hpp>
#include <hillock/wiring/distance.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A potential outside of cells, the product of one in space and a course in time, which is read as a
/// `CurrentTrace`'s: an electrode's, or that of a uniform field,
///
///     auto const ve = [](Gid gid, Position p) { return -0.1 * (p.y + 20. * gid); };  // mV
///     net.stimulate(cells, ExtracellularField{.potential = ve, .times = {0, 5, 5}, .values = {1, 1, 0}});
///
/// It acts on the axial currents; several are summed. Snapshots do not compare `potential`.
struct ExtracellularField {
    /// Gives mV where a cell's point is, in the cell's own coordinates (um), at a value of 1. Called once for
    /// each node.
    std::function<double(Gid gid, Position where)> potential;
    std::vector<double> times;   // ms, ascending
    std::vector<double> values;  // of the course, one for each time
    bool stepped = false;        // whether values hold until the next; else they are joined by lines
};

/// Throws if a field makes no sense.
inline void check(ExtracellularField const& s) {
    require(bool(s.potential), "ExtracellularField: there is no potential");
    check_course("ExtracellularField", s.times, s.values);
}

/// A field needs none.
template <>
inline constexpr bool arrives_at_synapse<ExtracellularField> = false;

/// A field for every cell of a type.
inline OwnStimulus<ExtracellularField> stimulus(ExtracellularField field) { return {std::move(field), {}}; }

}  // namespace hillock::inline HILLOCK_ISA
