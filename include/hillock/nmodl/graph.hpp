// SPDX-License-Identifier: MIT
#pragma once

/// Values that code computes, as a graph: equal values are one node. Assignments of a file have been carried
/// out, so that a node knows what it is made of and not by which statements; a node remembers the name that
/// the file gives it.

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The number of a node.
using Value = std::size_t;

/// The kinds of nodes. `text` is the number, the leaf's name, the operator or the function.
enum class Op {
    number,
    parameter,  // a member of the mechanism
    input,      // v, dt, and what a function or a solver's lambda is given
    variable,   // a STATE or ASSIGNED as it was before this code
    node,       // a node variable: celsius, cai
    infix,      // + - * /
    negative,
    power,
    call,  // of a function of C
    user,  // of a FUNCTION
    compare,
    both,
    either,
    no,
    choose,
    pack,     // several numbers at once: a table or a solution; `body` is computed from the inputs `bound`
    element,  // the `text`-th of a pack
};

struct Node {
    Op op = Op::number;
    std::string text;
    std::vector<Value> parts;
    std::vector<Value> body, bound;  // of a pack
    std::string name;                // in the file; none: empty
    std::size_t name_depth = 0;      // how deep in calls it got it
};

/// All values of a file.
class Graph {
public:
    Node const& operator[](Value value) const { return nodes_[value]; }
    std::size_t size() const { return nodes_.size(); }

    Value leaf(Op op, std::string text) { return add({op, std::move(text), {}, {}, {}, "", 0}); }
    Value number(std::string text) { return leaf(Op::number, std::move(text)); }
    Value number(double value) { return number(fmt::format("{}", value)); }

    /// A new input, different from all others.
    Value input(std::string const& name) {
        nodes_.push_back({Op::input, name, {}, {}, {}, "", 0});
        return nodes_.size() - 1;
    }

    Value call(Op op, std::string text, std::vector<Value> parts) {
        return add({op, std::move(text), std::move(parts), {}, {}, "", 0});
    }

    /// A pack; equal tables are one, other packs are different from all others.
    Value pack(std::string kind, std::vector<Value> parts, std::vector<Value> bound, std::vector<Value> body,
               std::string name) {
        for (Value known = 0; kind == "table" && known < nodes_.size(); ++known)
            if (auto const& node = nodes_[known];
                node.text == kind && node.parts == parts && node.bound == bound && node.body == body)
                return known;
        nodes_.push_back({Op::pack, std::move(kind), std::move(parts), std::move(body), std::move(bound),
                          std::move(name), 0});
        return nodes_.size() - 1;
    }
    Value element(Value pack, std::size_t k) { return call(Op::element, std::to_string(k), {pack}); }

    Value add(Value a, Value b) {
        if (is(a, 0)) return b;
        if (is(b, 0)) return a;
        if (nodes_[b].op == Op::negative) return call(Op::infix, "-", {a, nodes_[b].parts[0]});
        return call(Op::infix, "+", {a, b});
    }
    Value subtract(Value a, Value b) {
        if (is(b, 0)) return a;
        if (is(a, 0)) return negative(b);
        if (nodes_[b].op == Op::negative) return add(a, nodes_[b].parts[0]);
        return call(Op::infix, "-", {a, b});
    }
    Value multiply(Value a, Value b) {
        if (is(a, 0) || is(b, 0)) return number("0");
        if (is(a, 1)) return b;
        if (is(b, 1)) return a;
        if (nodes_[a].op == Op::negative) return negative(multiply(nodes_[a].parts[0], b));
        if (nodes_[b].op == Op::negative) return negative(multiply(a, nodes_[b].parts[0]));
        return call(Op::infix, "*", {a, b});
    }
    Value divide(Value a, Value b) {
        if (is(a, 0)) return a;
        if (is(b, 1)) return a;
        if (nodes_[a].op == Op::negative) return negative(divide(nodes_[a].parts[0], b));
        if (nodes_[b].op == Op::negative) return negative(divide(a, nodes_[b].parts[0]));
        return call(Op::infix, "/", {a, b});
    }
    Value negative(Value a) {
        if (nodes_[a].op == Op::negative) return nodes_[a].parts[0];
        if (is(a, 0)) return a;
        return call(Op::negative, "-", {a});
    }
    Value choose(Value condition, Value a, Value b) {
        if (a == b) return a;
        if (auto const known = constant(condition)) return *known != 0 ? a : b;
        auto const& other = nodes_[b];
        if (other.op == Op::choose && other.parts[2] == a && excludes(other.parts[0], condition)) return b;
        return call(Op::choose, "", {condition, a, b});
    }

    Value power(Value a, Value b) { return is(b, 1) ? a : call(Op::power, "^", {a, b}); }
    /// Both of two conditions, or either. What is to hold together is a list, of which the last is the second
    /// part, the others, each once, the first.
    Value logic(bool is_both, Value a, Value b) {
        if (auto const known = constant(a)) return (*known != 0) == is_both ? b : a;
        if (auto const known = constant(b)) return (*known != 0) == is_both ? a : b;
        if (!is_both) return call(Op::either, "", {a, b});
        if (nodes_[b].op == Op::both) {
            auto const parts = nodes_[b].parts;
            return logic(true, logic(true, a, parts[0]), parts[1]);
        }
        if (implies(a, b)) return a;
        auto const more = beyond(a, b);
        return more ? call(Op::both, "", {*more, b}) : b;
    }
    /// The opposite of a condition.
    Value no(Value a) {
        auto const& node = nodes_[a];
        if (node.op == Op::no) return node.parts[0];
        if (node.op == Op::compare && (node.text == "==" || node.text == "!="))
            return call(Op::compare, node.text == "==" ? "!=" : "==", node.parts);
        return call(Op::no, "!", {a});
    }

    bool is_condition(Value a) const {
        auto const op = nodes_[a].op;
        return op == Op::compare || op == Op::both || op == Op::either || op == Op::no;
    }
    bool is_leaf(Value a) const { return nodes_[a].op <= Op::node; }
    /// Whether a value may be below 0, where parameters and what nodes have are not.
    bool may_be_negative(Value value) const {
        auto const& node = nodes_[value];
        if (auto const known = constant(value)) return *known < 0;
        if (node.op == Op::parameter || node.op == Op::node) return false;
        if (node.op == Op::call) return node.text != "exp" && node.text != "abs" && node.text != "sqrt";
        if (node.op == Op::power) return may_be_negative(node.parts[0]);
        if (node.op != Op::infix || node.text == "-") return true;
        return may_be_negative(node.parts[0]) || may_be_negative(node.parts[1]);
    }
    bool is(Value a, double number) const {
        return nodes_[a].op == Op::number && to_double(nodes_[a].text) == number;
    }

    /// Notes the name that the file gives a value, in calls nested `depth` deep.
    void name(Value value, std::string const& name, std::size_t depth) {
        auto& node = nodes_[value];
        if (is_leaf(value) || is_condition(value)) return;
        if (!node.name.empty() && node.name_depth <= depth) return;
        node.name = name;
        node.name_depth = depth;
    }

    /// The number that a value always is, if it is one.
    std::optional<double> constant(Value value) const { return constant(value, {}); }

    /// The number that a value is where inputs have the numbers `given`.
    std::optional<double> constant(Value value, std::map<Value, double> const& given) const {
        auto const& node = nodes_[value];
        std::vector<double> parts;
        if (node.op == Op::number) return to_double(node.text);
        if (auto const found = given.find(value); found != given.end()) return found->second;
        if (node.op == Op::parameter || node.op == Op::input || node.op == Op::variable ||
            node.op == Op::node || node.op == Op::user || node.op == Op::pack || node.op == Op::element)
            return {};
        for (auto const part : node.parts) {
            auto const known = constant(part, given);
            if (!known) return {};
            parts.push_back(*known);
        }
        return computed(node, parts);
    }

    /// Whether a value is computed from `from`.
    bool depends(Value value, Value from) const {
        std::vector<char> known(nodes_.size(), 0);
        return depends(value, from, known);
    }

    /// A value as a + b x, with a and b that do not depend on x; nothing if it is not linear in x.
    struct Line {
        Value a, b;
    };
    std::optional<Line> line(Value value, Value x) {
        if (value == x) return Line{number("0"), number("1")};
        if (!depends(value, x)) return Line{value, number("0")};
        auto const node = nodes_[value];
        auto const at = [&](std::size_t k) { return line(node.parts[k], x); };
        if (node.op == Op::negative) {
            auto const one = at(0);
            if (one) return Line{negative(one->a), negative(one->b)};
        } else if (node.op == Op::infix) {
            auto const one = at(0), two = at(1);
            if (!one || !two) return {};
            if (node.text == "+") return Line{add(one->a, two->a), add(one->b, two->b)};
            if (node.text == "-") return Line{subtract(one->a, two->a), subtract(one->b, two->b)};
            if (node.text == "*" && is(two->b, 0))
                return Line{multiply(one->a, two->a), multiply(one->b, two->a)};
            if (node.text == "*" && is(one->b, 0))
                return Line{multiply(one->a, two->a), multiply(one->a, two->b)};
            if (node.text == "/" && is(two->b, 0))
                return Line{divide(one->a, two->a), divide(one->b, two->a)};
        } else if (node.op == Op::choose && !depends(node.parts[0], x)) {
            auto const one = at(1), two = at(2);
            if (one && two)
                return Line{choose(node.parts[0], one->a, two->a), choose(node.parts[0], one->b, two->b)};
        }
        return {};
    }

    static double to_double(std::string const& text) { return std::strtod(text.c_str(), nullptr); }

private:
    // Conclusions from comparisons with numbers: x is not 2 where it is 1.

    /// Whether b is false wherever a is true.
    bool excludes(Value a, Value b) const {
        auto const &one = nodes_[a], &two = nodes_[b];
        auto const any = [](auto const& parts, auto const& test) { return test(parts[0]) || test(parts[1]); };
        if (one.op == Op::both) return any(one.parts, [&](Value part) { return excludes(part, b); });
        if (two.op == Op::both) return any(two.parts, [&](Value part) { return excludes(a, part); });
        if (one.op == Op::no || two.op == Op::no)
            return (one.op == Op::no && one.parts[0] == b) || (two.op == Op::no && two.parts[0] == a);
        if (one.op != Op::compare || two.op != Op::compare) return false;
        if (one.text + two.text == "==!=" || one.text + two.text == "!===") return one.parts == two.parts;
        if (one.text != "==" || two.text != "==" || one.parts[0] != two.parts[0]) return false;
        auto const x = constant(one.parts[1]), y = constant(two.parts[1]);
        return x && y && *x != *y;
    }
    /// Whether b is true wherever a is.
    bool implies(Value a, Value b) { return a == b || excludes(a, no(b)); }
    /// The part of `a` that does not follow from `b`; nothing if all of it does.
    std::optional<Value> beyond(Value a, Value b) {
        auto const node = nodes_[a];
        if (node.op != Op::both) return implies(b, a) ? std::nullopt : std::optional{a};
        auto const one = beyond(node.parts[0], b), two = beyond(node.parts[1], b);
        if (!one || !two) return one ? one : two;
        return call(Op::both, "", {*one, *two});
    }

    Value add(Node node) {
        auto const key = std::tuple{node.op, node.text, node.parts};
        if (auto const found = known_.find(key); found != known_.end()) return found->second;
        nodes_.push_back(std::move(node));
        known_[key] = nodes_.size() - 1;
        return nodes_.size() - 1;
    }

    bool depends(Value value, Value from, std::vector<char>& known) const {
        if (value == from) return true;
        if (value < from) return false;  // a node is made after its parts
        if (known[value]) return known[value] == 2;
        known[value] = 1;
        for (auto const* parts : {&nodes_[value].parts, &nodes_[value].body})
            for (auto const part : *parts)
                if (depends(part, from, known)) {
                    known[value] = 2;
                    return true;
                }
        return false;
    }

    static std::optional<double> computed(Node const& node, std::vector<double> const& x) {
        auto const& t = node.text;
        switch (node.op) {
            case Op::infix:
                return t == "+" ? x[0] + x[1] : t == "-" ? x[0] - x[1] : t == "*" ? x[0] * x[1] : x[0] / x[1];
            case Op::negative: return -x[0];
            case Op::power: return std::pow(x[0], x[1]);
            case Op::compare:
                return t == "<"    ? x[0] < x[1]
                       : t == ">"  ? x[0] > x[1]
                       : t == "<=" ? x[0] <= x[1]
                       : t == ">=" ? x[0] >= x[1]
                       : t == "==" ? x[0] == x[1]
                                   : x[0] != x[1];
            case Op::both: return x[0] != 0 && x[1] != 0;
            case Op::either: return x[0] != 0 || x[1] != 0;
            case Op::no: return x[0] == 0;
            case Op::choose: return x[0] != 0 ? x[1] : x[2];
            case Op::call:
                if (t == "abs") return std::abs(x[0]);
                if (t == "exp") return std::exp(x[0]);
                if (t == "log") return std::log(x[0]);
                if (t == "sqrt") return std::sqrt(x[0]);
                if (t == "floor") return std::floor(x[0]);
                if (t == "ceil") return std::ceil(x[0]);
                return {};
            default: return {};
        }
    }

    std::vector<Node> nodes_;
    std::map<std::tuple<Op, std::string, std::vector<Value>>, Value> known_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
