// SPDX-License-Identifier: MIT
#pragma once

/// A quantity of a `.mod` file: what it is, its unit and its number.

#include <cstddef>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The roles of a quantity.
enum class Role { parameter, constant, variable, state, ion, built_in };

/// A quantity of a file.
struct Quantity {
    Role role = Role::variable;
    std::string name, unit, value, comment;  // value: of a parameter or constant; a state's first
    Place at;
    std::size_t size = 0;       // of an array
    bool is_range = false;      // readable by users
    bool is_written = false;    // a node variable: WRITE in USEION
    bool is_state = false;      // a node variable that is a STATE
    bool is_pointer = false;    // to a variable of another mechanism or cell
    bool is_fixed = false;      // a PARAMETER that is a constant here, since loops run to it
    std::size_t variables = 0;  // of a FUNCTION_TABLE; 0: something else
    std::string node;           // a node variable's C++: "ion::ca::inside", "quantity::celsius"
};

/// NEURON keeps six digits of the value of a PARAMETER, and of the START of a STATE.
inline void round_as_neuron(Quantity& one) {
    auto const exact = std::strtod(one.value.c_str(), nullptr);
    auto const rounded = fmt::format("{:g}", exact);
    if (one.value.empty() || std::strtod(rounded.c_str(), nullptr) == exact) return;
    one.comment =
        one.value + " in six digits, as in NEURON" + (one.comment.empty() ? "" : "; ") + one.comment;
    one.value = rounded;
}

/// A FUNCTION_TABLE as a parameter: the number of a table.
inline Quantity quantity_of_table(Block const& block) {
    auto const& arguments = block.arguments;
    if (arguments.empty() || arguments.size() > 2)
        refuse(block.at, "FUNCTION_TABLE {} of {} variables: those of 1 or 2 are translated", block.name,
               arguments.size());
    Quantity made;
    made.role = Role::parameter;
    made.name = block.name;
    made.at = block.at;
    made.variables = arguments.size();
    made.comment = fmt::format("a FunctionTable of {}{}{}", arguments[0].name,
                               arguments.size() == 1 ? "" : " and " + arguments[1].name,
                               block.unit.empty() ? "" : ", in " + block.unit);
    return made;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
