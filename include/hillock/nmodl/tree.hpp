// SPDX-License-Identifier: MIT
#pragma once

/// The parts of a `.mod` file as a tree: expressions, statements, blocks, declarations.

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

struct Expression;
/// An expression, which is never changed and may be part of several others.
using Formula = std::shared_ptr<Expression const>;

/// The forms of expressions. `text` is the number, name, operator or function; `parts` are operands,
/// arguments, or the index of an element.
enum class Form { number, name, element, prefix, infix, call, string };

struct Expression {
    Form form = Form::number;
    std::string text;
    std::vector<Formula> parts;
    Place at;
    std::size_t depth = 1;  // of the tree

    bool is(Form f, std::string_view t) const { return form == f && text == t; }
};

/// Trees deeper than this are refused, since they are walked by recursion.
inline constexpr std::size_t deepest = 400;

/// Makes an expression; refuses one that is too deep.
inline Formula make(Form form, std::string text, std::vector<Formula> parts, Place at) {
    std::size_t depth = 0;
    for (auto const& part : parts) depth = std::max(depth, part->depth);
    if (depth >= deepest) refuse(at, "an expression nested more than {} deep", deepest);
    return std::make_shared<Expression const>(
        Expression{form, std::move(text), std::move(parts), at, depth + 1});
}

/// The kinds of statements.
enum class Act {
    assign,        // target = value
    differential,  // target' = value
    branch,        // if (value) body else other
    loop_while,    // while (value) body
    loop_from,     // FROM name = values[0] TO values[1] BY values[2] body
    call,          // value
    local,         // names
    solve,         // name: the block; names: method; flag: STEADYSTATE
    reaction,      // ~ left <-> right (values)
    equation,      // ~ target = value, in LINEAR and NONLINEAR
    conserve,      // target = value
    compartment,   // value, names
    diffusion,     // value, names
    table,         // names, others (DEPEND), values: FROM, TO, WITH
    verbatim,      // name: the text
    watch,         // value (a comparison), values[0] the flag
    netcons,       // names, body
    initial,       // body, in NET_RECEIVE
};

/// A term of a reaction: how many of a state.
struct Term {
    double count = 1;
    Formula state;
};

struct Statement;
using Statements = std::vector<Statement>;

struct Statement {
    Act act = Act::call;
    Place at;
    std::string name;
    bool flag = false;
    Formula target, value;
    std::vector<Formula> values;
    std::vector<std::string> names, others;
    std::vector<Term> left, right;
    Statements body, other;
};

/// A declared quantity.
struct Declared {
    std::string name;
    Place at;
    std::string unit;      // as in the file, without parentheses
    std::string value;     // a number as in the file; none: empty
    std::size_t size = 0;  // of an array; 0: not an array
    std::string comment;   // behind it in its line
};

/// A block of code with a name: DERIVATIVE, KINETIC, PROCEDURE, FUNCTION and the like.
struct Block {
    std::string kind, name;
    Place at;
    std::vector<Declared> arguments;
    std::string unit;
    Statements body;
};

/// USEION.
struct IonUse {
    std::string name;
    Place at;
    std::vector<std::pair<std::string, Place>> read, write;
    std::string valence;
};

/// The kind of mechanism that a file describes.
enum class Kind { none, density, point, artificial };

/// A whole file.
struct Mod {
    std::vector<std::shared_ptr<Text const>> texts;  // the file and those that it includes
    std::vector<Comment> comments;
    std::string title;
    Kind kind = Kind::none;
    std::string suffix;
    Place suffix_at;
    std::vector<IonUse> ions;
    using Names = std::vector<std::pair<std::string, Place>>;
    Names nonspecific, electrode, range, pointers, external;
    std::vector<Declared> parameters, constants, assigned, states, locals;
    std::vector<Declared> units;  // UNITS' constants: the value is computed
    std::map<std::string, std::string, std::less<>> defines;
    std::vector<Block> blocks;

    /// The first block of this kind, or none.
    Block const* block(std::string_view kind_) const {
        for (auto const& each : blocks)
            if (each.kind == kind_) return &each;
        return nullptr;
    }
    /// The block of this name, or none.
    Block const* named(std::string_view name) const {
        for (auto const& each : blocks)
            if (each.name == name && !each.name.empty()) return &each;
        return nullptr;
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
