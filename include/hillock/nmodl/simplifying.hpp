// SPDX-License-Identifier: MIT
#pragma once

/// Rewrites values so that they take fewer divisions and exponentials: what follows from parameters alone is
/// taken together, to be computed once, and u/(exp(u) - 1) serves for -u as well. Results keep all but their
/// last bits.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/scopes.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Whether f(-u) = f(u) + u, as of u/(exp(u) - 1), however that is continued through u = 0; looks at some of
/// its values.
inline bool falls_by_argument(Graph const& graph, MadeFunction const& f) {
    if (f.arguments.size() != 1 || !f.more.empty()) return false;
    constexpr std::array points{1e-7, 3e-5, 2e-4, 4e-3, 0.03, 0.4, 1.7, 6., 25.};
    return std::all_of(points.begin(), points.end(), [&](double u) {
        auto const at = [&](double x) { return graph.constant(f.result, {{f.arguments[0], x}}); };
        auto const above = at(u), below = at(-u);
        return above && below && std::abs(*below - *above - u) < 1e-10 * (1 + u) && *above != 0;
    });
}

/// Rewrites values of one function, or of several in which the same values are fixed.
class Simplifier {
public:
    /// `is_fixed`: whether a value stands still while a network runs.
    Simplifier(Program& program, std::function<bool(Value)> is_fixed)
        : program_{program}, graph_{program.graph}, is_fixed_{std::move(is_fixed)} {}

    Value operator()(Value value) {
        find_pairs(value);
        return simplified(value);
    }

private:
    Value simplified(Value value) {
        if (auto const found = made_.find(value); found != made_.end()) return found->second;
        auto const node = graph_[value];
        auto made = value;
        if (!graph_.is_leaf(value) && node.op != Op::pack && node.op != Op::element)
            made = rewritten(value, node);
        if (made != value && !node.name.empty()) graph_.name(made, node.name, node.name_depth);
        return made_[value] = made;
    }

    Value rewritten(Value value, Node const& node) {
        if (auto const pair = pairs_.find(value); pair != pairs_.end()) {
            auto const z = simplified(pair->second), one = graph_.call(Op::user, node.text, {z});
            auto const& of = graph_[z];
            auto const name = of.name.empty() ? of.text : of.name;
            graph_.name(one, node.text + "_" + (graph_.is_leaf(z) || !of.name.empty() ? name : "u"), 0);
            return graph_.add(one, z);
        }
        auto parts = node.parts;
        bool const is_exponential = node.op == Op::call && node.text == "exp";
        for (auto& part : parts) part = is_exponential ? exponent(part) : simplified(part);
        if (node.op == Op::infix && node.text == "/") return divided(parts[0], parts[1]);
        return parts == node.parts ? value : graph_.call(node.op, node.text, parts);
    }

    /// An exponent keeps the number that divides it: exp(k, u) takes it.
    Value exponent(Value value) {
        auto const node = graph_[value];
        if (node.op == Op::negative) return graph_.negative(exponent(node.parts[0]));
        if (node.op != Op::infix || node.text != "/" || graph_[node.parts[1]].op != Op::number)
            return simplified(value);
        return graph_.divide(simplified(node.parts[0]), node.parts[1]);
    }

    Value divided(Value a, Value b) {
        if (is_fixed_(b) && !is_fixed_(a) && !is_power_of_two(b)) {
            auto const [factor, rest] = split(a);
            return times(*rest, over(factor, b));
        }
        auto const below = graph_[b];
        bool const is_inverse = below.op == Op::infix && below.text == "/" && graph_.is(below.parts[0], 1);
        return is_inverse ? graph_.multiply(a, below.parts[1]) : graph_.divide(a, b);
    }

    bool is_power_of_two(Value value) const {
        auto const known = graph_.constant(value);
        int exponent = 0;
        return known && std::frexp(*known, &exponent) == 0.5;
    }

    /// A product: what is fixed in it, and the rest, if there is more.
    struct Product {
        Value factor;
        std::optional<Value> rest;
    };
    Product split(Value value) {
        auto const node = graph_[value];
        if (is_fixed_(value)) return {value, {}};
        if (node.op == Op::negative) {
            auto const [factor, rest] = split(node.parts[0]);
            return {graph_.negative(factor), rest};
        }
        if (node.op != Op::infix || node.text != "*") return {graph_.number("1"), value};
        auto const a = split(node.parts[0]), b = split(node.parts[1]);
        auto const rest = a.rest && b.rest ? std::optional{graph_.multiply(*a.rest, *b.rest)}
                          : a.rest         ? a.rest
                                           : b.rest;
        return {together(a.factor, b.factor), rest};
    }

    /// rest times a fixed factor, which joins those of a sum's terms if all of them have one.
    Value times(Value rest, Value factor) {
        auto const node = graph_[rest];
        if (node.op == Op::infix && (node.text == "+" || node.text == "-")) {
            std::array<Value, 2> terms{};
            bool is_each_scaled = true;
            for (std::size_t k : {0, 1}) {
                auto const [own, other] = split(node.parts[k]);
                is_each_scaled = is_each_scaled && !graph_.is(own, 1);
                auto const scaled = together(own, factor);
                terms[k] = other ? graph_.multiply(*other, scaled) : scaled;
            }
            if (is_each_scaled)
                return node.text == "+" ? graph_.add(terms[0], terms[1])
                                        : graph_.subtract(terms[0], terms[1]);
        }
        return graph_.multiply(rest, factor);
    }

    /// Products and quotients of fixed values, in which equal ones cancel.
    Value together(Value a, Value b) {
        auto const &one = graph_[a], &two = graph_[b];
        if (one.op == Op::infix && one.text == "/" && one.parts[1] == b) return one.parts[0];
        if (two.op == Op::infix && two.text == "/" && two.parts[1] == a) return two.parts[0];
        return graph_.multiply(a, b);
    }
    Value over(Value a, Value b) {
        auto const& below = graph_[b];
        if (below.op == Op::infix && below.text == "/" && graph_.is(below.parts[0], 1))
            return together(a, below.parts[1]);
        return graph_.divide(a, b);
    }

    /// Finds f(-u) where there is f(u) and f falls by its argument.
    void find_pairs(Value root) {
        std::set<Value> seen;
        std::vector<Value> calls;
        auto const visit = [&](auto const& self, Value value) -> void {
            if (!seen.insert(value).second) return;
            auto const& node = graph_[value];
            if (node.op == Op::user && node.parts.size() == 1) calls.push_back(value);
            for (auto const part : node.parts) self(self, part);
        };
        visit(visit, root);
        for (auto const value : calls) {
            auto const& node = graph_[value];
            auto const& argument = graph_[node.parts[0]];
            if (argument.op != Op::negative) continue;
            bool const has_other = std::any_of(calls.begin(), calls.end(), [&](Value other) {
                return graph_[other].text == node.text && graph_[other].parts[0] == argument.parts[0];
            });
            if (has_other && falls_by_argument(graph_, program_.functions.at(node.text)))
                pairs_[value] = argument.parts[0];
        }
    }

    Program& program_;
    Graph& graph_;
    std::function<bool(Value)> is_fixed_;
    std::map<Value, Value> made_;
    std::map<Value, Value> pairs_;  // calls f(-u), and u
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
