// SPDX-License-Identifier: MIT
#pragma once

/// The values of names while code is carried out.

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// A FUNCTION that becomes a member function: its result, computed from its arguments and from further inputs
/// that it reads.
struct MadeFunction {
    Block const* block = nullptr;
    std::vector<Value> arguments;
    Value result = 0;
    std::vector<std::pair<Value, std::string>> more;  // what else it reads: leaf, and the name of that
};

/// The values of names at a point of the code. Elements of arrays are names as "m[2]".
using Environment = std::map<std::string, Value>;

/// Thrown within when a FUNCTION changes what is not its own, so that it cannot become a member function.
struct HasEffects {};

/// The parts of a file that are the same for all of its code.
struct Program {
    Mod const& mod;
    Names names;
    Graph graph;
    std::map<std::string, MadeFunction> functions;   // by name
    std::vector<std::string> order;                  // of functions, those that are called first
    std::vector<std::shared_ptr<Text const>> texts;  // of C code that has been read
    std::set<std::string> with_effects;              // functions that are carried out where they are called

    explicit Program(Mod const& m) : mod{m}, names{m} {}

    /// The argument of a TABLE where its block is carried out, always the same: equal tables are one value.
    Value point_of(Block const& block) {
        auto const [found, is_new] = points_.try_emplace(block.name);
        if (is_new) found->second = graph.input(block.arguments[0].name);
        return found->second;
    }

private:
    std::map<std::string, Value> points_;
};

/// The values of all names at a point of the code: those of the file, and of each call that is under way.
class Scopes {
public:
    /// Begins with the values `start`; names that are missing have those of before.
    Scopes(Program& program, Environment start)
        : program_{program}, graph_{program.graph}, values_{std::move(start)} {
        scopes_.emplace_back();
    }

    Environment const& values() const { return values_; }
    Graph& graph() { return graph_; }
    Program& program() { return program_; }

    /// The value of a name now.
    Value value(std::string const& name, Place at) { return read(name, at); }
    void set(std::string const& name, Value value) { values_[name] = value; }
    /// Gives a local name, such as an argument, a value.
    void give(std::string const& name, Value value) { scopes_.back()[name] = value; }

    /// The same as a condition, and as a number.
    Value condition_of(Value value) {
        if (graph_.is_condition(value)) return value;
        if (auto const known = graph_.constant(value)) return graph_.number(*known != 0 ? "1" : "0");
        return graph_.call(Op::compare, "!=", {value, graph_.number("0")});
    }
    Value number_of(Value value) {
        if (!graph_.is_condition(value)) return value;
        return graph_.choose(value, graph_.number("1"), graph_.number("0"));
    }

    void assign(std::string const& name, Value value, Place at) {
        auto& scope = scopes_.back();
        if (auto const found = scope.find(name); found != scope.end()) {
            graph_.name(value, plain(name), depth() + 1);
            found->second = value;
            return;
        }
        auto const base = name.substr(0, name.find('['));
        auto const* known = program_.names.find(base);
        if (!known) refuse(at, "'{}' is not declared", base);
        refuse_pointer(*known);
        if (known->role == Role::constant) refuse(at, "'{}' is a constant and cannot be assigned", base);
        if (known->role == Role::built_in && base != "v")
            refuse(at, "'{}' cannot be assigned by a mechanism", base);
        if (known->size > 0 && name == base) refuse(at, "'{}' is an array: an index is missing", base);
        if (is_pure_) throw HasEffects{};
        graph_.name(value, plain(name), 0);
        values_[name] = value;
    }

    /// The name of an element without brackets.
    static std::string plain(std::string name) {
        if (auto const open = name.find('['); open != std::string::npos) {
            name[open] = '_';
            name.pop_back();
        }
        return name;
    }

protected:
    std::size_t depth() const { return scopes_.size() - 1; }

    /// The value of a FUNCTION_TABLE.
    Value looked_up(Block const& table, std::vector<Value> const& arguments, Place at) {
        if (arguments.size() != table.arguments.size())
            refuse(at, "{} takes {} arguments, not {}", table.name, table.arguments.size(), arguments.size());
        std::vector<Value> parts{graph_.leaf(Op::parameter, table.name)};
        parts.insert(parts.end(), arguments.begin(), arguments.end());
        return graph_.call(Op::call, "look_up", std::move(parts));
    }

    /// Begins a call.
    void enter(Block const& block, std::vector<Value> const& arguments, Place at) {
        if (arguments.size() != block.arguments.size())
            refuse(at, "{} takes {} arguments, not {}", block.name, block.arguments.size(), arguments.size());
        if (scopes_.size() > 40) refuse(at, "{} calls itself", block.name);
        Environment scope;
        for (std::size_t k = 0; k < arguments.size(); ++k) scope[block.arguments[k].name] = arguments[k];
        scopes_.push_back(std::move(scope));
    }
    void leave() { scopes_.pop_back(); }
    Value read_outside(std::string const& name, Place at) {
        scopes_.emplace_back();
        auto const value = read(name, at);
        scopes_.pop_back();
        return value;
    }

    std::size_t size_of(std::string const& array) const {
        if (auto const found = local_sizes_.find(array); found != local_sizes_.end()) return found->second;
        auto const* known = program_.names.find(array);
        return known ? known->size : 0;
    }

    Value read(std::string const& name, Place at) {
        auto const& scope = scopes_.back();
        if (auto const found = scope.find(name); found != scope.end()) return found->second;
        if (auto const found = values_.find(name); found != values_.end()) return found->second;
        auto const base = name.substr(0, name.find('['));
        auto const* known = program_.names.find(base);
        if (!known) refuse(at, "'{}' is not declared", base);
        if (known->size > 0 && name == base && known->role != Role::constant)
            refuse(at, "'{}' is an array: an index is missing", base);
        return values_[name] = leaf(name, *known);
    }

    static void refuse_pointer(Quantity const& known) {
        if (known.is_pointer)
            refuse(known.at, "POINTER {}: a mechanism cannot write what it points to", known.name);
    }

    /// The value of a name before any code.
    Value leaf(std::string const& name, Quantity const& known) {
        switch (known.role) {
            case Role::constant: return graph_.number(known.value.empty() ? "0" : known.value);
            case Role::parameter:
                return graph_.leaf(program_.names.is_changed(known.name) ? Op::variable : Op::parameter,
                                   name);
            case Role::variable:
            case Role::state: return graph_.leaf(Op::variable, name);
            case Role::ion: return graph_.leaf(Op::node, name);
            case Role::built_in: break;
        }
        if (name == "PI") return graph_.number("3.14159265358979312");
        if (name == "secondorder") return graph_.number("0");
        if (name == "v" || name == "dt") return graph_.leaf(Op::variable, name);
        return graph_.leaf(Op::node, name);
    }

    /// Chooses between the values that names have behind both branches; leaves them in `other`.
    void merge(Value condition, Environment const& then, Environment& other, Statement const* globals) {
        std::set<std::string> names;
        for (auto const& [name, value] : then) names.insert(name);
        for (auto const& [name, value] : other) names.insert(name);
        for (auto const& name : names) {
            auto const a = then.find(name);
            auto const b = other.find(name);
            bool const is_missing = a == then.end() || b == other.end();
            if (is_missing && (!globals || !program_.names.find(name.substr(0, name.find('[')))))
                continue;  // of a branch alone
            auto const before = [&] {
                auto const base = name.substr(0, name.find('['));
                return leaf(name, *program_.names.find(base));
            };
            auto const one = a != then.end() ? a->second : before(),
                       two = b != other.end() ? b->second : before();
            if (one == two) {
                other[name] = one;
                continue;
            }
            auto const chosen = graph_.choose(condition, one, two);
            graph_.name(chosen, plain(name), globals ? 0 : depth() + 1);
            other[name] = chosen;
        }
    }

    Program& program_;
    Graph& graph_;
    Environment values_;
    std::vector<Environment> scopes_;  // of calls
    std::map<std::string, std::size_t> local_sizes_;
    bool is_pure_ = false;  // in a FUNCTION that becomes a member function
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
