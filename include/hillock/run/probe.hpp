// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/stimuli.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// What a probe has recorded: the values of one variable of one cell and their times in ms.
struct Trace {
    std::string variable;
    Gid gid;
    std::vector<double> times, values;
};

/// Samples a variable of a cell every `every` steps, at the beginning of the step: the state at that time,
/// before the events that arrive then.
struct Probe {
    std::shared_ptr<Trace> trace;
    std::function<double(std::size_t)> read;
    Place place;
    Step every;
    Step sampled = -1;  // up to this step it has been read
};

}  // namespace hillock::inline HILLOCK_ISA
