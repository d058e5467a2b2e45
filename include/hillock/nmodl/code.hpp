// SPDX-License-Identifier: MIT
#pragma once

/// Writes values of the graph as C++: expressions, and the definitions of the names that they use.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/exponent.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// How leaves are spelled in a function: a parameter, an old value of a variable, a node variable.
using LeafText = std::function<std::string(Node const&)>;

/// The body of a function, or of a lambda within.
class Code {
public:
    Code(Graph& graph, LeafText leaf, std::set<std::string> taken, std::size_t indent)
        : graph_{graph}, leaf_{std::move(leaf)}, taken_{std::move(taken)}, indent_{indent} {}

    /// Gives an input the name by which the function has it.
    void give(Value input, std::string const& name) {
        names_[input] = name;
        taken_.insert(name);
    }

    /// Defines all named values that `roots` are computed from, in the order of the file. A root that nothing
    /// else needs is not defined, unless it is in `kept`: it stands where it is used.
    void define(std::vector<Value> const& roots, std::set<Value> const& kept = {}) {
        std::map<Value, std::size_t> uses;
        std::set<Value> seen;
        std::vector<Value> found;
        for (auto const root : roots) {
            ++uses[root];
            collect(root, seen, uses, found);
        }
        std::sort(found.begin(), found.end());
        std::stable_partition(found.begin(), found.end(),
                              [&](Value one) { return graph_[one].op == Op::node; });
        for (auto const value : found) {
            bool const is_root = std::find(roots.begin(), roots.end(), value) != roots.end();
            auto const& node = graph_[value];
            if (is_root && uses[value] == 1 && !kept.contains(value) && node.op != Op::pack &&
                node.op != Op::node)
                continue;
            if (only_chosen_.contains(value) && uses[value] == 1 && !is_root) continue;
            define_one(value);
        }
    }

    /// The expression of a value; with `is_floating` a number is one of C++'s floating numbers.
    std::string text(Value value, bool is_floating = false) { return text(value, 0, is_floating); }
    /// The same, of the number type T.
    std::string number(Value value) {
        return graph_.constant(value) ? "T(" + text(value) + ")" : text(value);
    }

    void line(std::string const& content) { lines_ += broken(std::string(indent_, ' ') + content) + "\n"; }
    void append(std::string const& lines) { lines_ += lines; }
    std::string const& lines() const { return lines_; }
    std::size_t indent() const { return indent_; }

    /// A body within this one, in which those names hold that do not depend on `rebound`.
    Code within(std::vector<Value> const& rebound) const {
        Code inner(graph_, leaf_, taken_, indent_ + 4);
        inner.is_plain_ = is_plain_;
        for (auto const& [value, name] : names_) {
            bool const holds = std::none_of(rebound.begin(), rebound.end(),
                                            [&, v = value](Value x) { return graph_.depends(v, x); });
            if (holds) inner.names_[value] = name;
        }
        return inner;
    }

    /// A name that nothing else has here.
    std::string fresh(std::string const& name) {
        auto base = member_name(name);
        auto made = base;
        for (int k = 2; taken_.contains(made); ++k)
            made =
                fmt::format("{}{}{}", base,
                            base.ends_with('_') || (base.back() >= '0' && base.back() <= '9') ? "_" : "", k);
        taken_.insert(made);
        return made;
    }

    bool is_named(Value value) const { return names_.contains(value); }
    /// From here on exponentials are capped, so that products of three are finite: see gating.hpp.
    void cap() { is_capped_ = true; }
    /// Writes && and || where numbers are plain; lanes have & and |.
    void take_plain_numbers() { is_plain_ = true; }

private:
    bool is_defined_alone(Value value) const {
        auto const& node = graph_[value];
        return node.op == Op::node || node.op == Op::pack || (!node.name.empty() && !graph_.is_leaf(value));
    }

    void collect(Value value, std::set<Value>& seen, std::map<Value, std::size_t>& uses,
                 std::vector<Value>& found) {
        if (names_.contains(value) || !seen.insert(value).second) return;
        auto const& node = graph_[value];
        for (auto const part : node.parts) {
            ++uses[part];
            if (node.op == Op::choose && graph_[part].name == node.name && !node.name.empty())
                only_chosen_.insert(part);
            collect(part, seen, uses, found);
        }
        if (node.op == Op::pack)
            for (auto const part : node.body) hoist(part, node.bound, seen, uses, found);
        if (is_defined_alone(value)) found.push_back(value);
    }

    /// Collects those parts of a pack's body that do not depend on what it binds.
    void hoist(Value value, std::vector<Value> const& bound, std::set<Value>& seen,
               std::map<Value, std::size_t>& uses, std::vector<Value>& found) {
        bool const is_free =
            std::none_of(bound.begin(), bound.end(), [&](Value x) { return graph_.depends(value, x); });
        if (is_free) {
            uses[value] += 2;
            return collect(value, seen, uses, found);
        }
        if (!seen.insert(value).second) return;
        for (auto const part : graph_[value].parts) hoist(part, bound, seen, uses, found);
        if (graph_[value].op == Op::pack) {
            auto all = bound;
            all.insert(all.end(), graph_[value].bound.begin(), graph_[value].bound.end());
            for (auto const part : graph_[value].body) hoist(part, all, seen, uses, found);
        }
    }

    void define_one(Value value) {
        auto const node = graph_[value];
        if (node.op == Op::pack) return define_pack(value, node);
        if (node.op == Op::node) {
            auto const name = fresh(node.text);
            line(fmt::format("T const {} = {};", name, leaf_(node)));
            names_[value] = name;
            return;
        }
        auto const content = text(value);
        auto const name = fresh(node.name);
        line(fmt::format("T const {} = {};", name, content));
        names_[value] = name;
    }

    void define_pack(Value value, Node const& node) {
        auto const name = fresh(node.name);
        auto const size = node.text == "table" ? node.body.size() : node.bound.size();
        std::string head;
        if (node.text == "table") {
            head =
                fmt::format("interpolated<{}>({}, {}, {}, {}, ", size, number(node.parts[0]),
                            text(node.parts[1], true), text(node.parts[2], true), text(node.parts[3], true));
        } else if (node.text.starts_with("implicit")) {
            head = fmt::format("{}({}{{{}}}, {}, ", node.text, array_type("T", node.parts.size() - 1),
                               list(node.parts, 1), text(node.parts[0]));
        } else if (node.text == "root") {
            head = fmt::format("root({}{{{}}}, ", array_type("T", size), list(node.parts, 0));
        } else {
            head = fmt::format("linear_root<T, {}>(", size);
        }
        auto inner = within(node.bound);
        if (node.text == "table") {
            inner.give(node.bound[0], inner.fresh_argument(graph_[node.bound[0]].text));
            line(fmt::format("auto const {} = {}[&](T {}) {{", name, head, inner.names_[node.bound[0]]));
        } else {
            auto const x = inner.fresh_argument("x");
            line(fmt::format("auto const {} = {}[&](std::array<T, {}> const& {}) {{", name, head, size, x));
            for (std::size_t k = 0; k < size; ++k) {
                auto const state = inner.fresh(graph_[node.bound[k]].text);
                inner.line(fmt::format("{}T const {} = {}[{}];",
                                       uses_anywhere(node, node.bound[k]) ? "" : "[[maybe_unused]] ", state,
                                       x, k));
                inner.names_[node.bound[k]] = state;
            }
        }
        inner.define(node.body);
        inner.line("return " + array_type("T", node.body.size()) + "{" + inner.list(node.body, 0) + "};");
        lines_ += inner.lines();
        line("});");
        names_[value] = name;
    }

    std::string fresh_argument(std::string const& name) {
        auto made = name == "v" || name == "x" ? name : member_name(name);
        taken_.insert(made);
        return made;
    }

    bool uses_anywhere(Node const& node, Value x) const {
        return std::any_of(node.body.begin(), node.body.end(),
                           [&](Value one) { return graph_.depends(one, x); });
    }

    std::string list(std::vector<Value> const& values, std::size_t from) {
        std::string all;
        for (std::size_t k = from; k < values.size(); ++k) all += (k > from ? ", " : "") + number(values[k]);
        return all;
    }

    // -- Expressions ----------------------------------------------------------------------------------

    /// With parentheses if it binds less than `least`: 1 |, 2 &, 3 comparison, 4 sum, 5 product, 6
    /// sign, 7 rest.
    std::string text(Value value, int least, bool is_floating) {
        if (auto const found = names_.find(value); found != names_.end())
            return least > 5 && found->second.find(' ') != std::string::npos ? "(" + found->second + ")"
                                                                             : found->second;
        auto const node = graph_[value];
        int binds = 7;
        std::string made;
        bool const is_constant = is_floating || (node.op == Op::infix && graph_.constant(value).has_value());
        auto const part = [&](std::size_t k, int at_least) {
            return text(node.parts[k], at_least, is_constant && node.op != Op::number);
        };
        switch (node.op) {
            case Op::number:
                made = number_text(node.text, is_floating);
                if (made.starts_with('-')) binds = 6;
                break;
            case Op::infix:
                binds = node.text == "+" || node.text == "-" ? 4 : 5;
                made = fmt::format("{} {} {}", part(0, binds), node.text,
                                   part(1, node.text == "+" ? binds : binds + 1));
                break;
            case Op::negative:
                binds = graph_[node.parts[0]].op == Op::infix && graph_[node.parts[0]].text != "+" &&
                                graph_[node.parts[0]].text != "-"
                            ? 5
                            : 6;
                made = "-" + part(0, binds);
                if (made.starts_with("--")) made = "-(" + part(0, 0) + ")";
                break;
            case Op::power: made = power(node, binds, is_floating); break;
            case Op::compare:
                binds = 3;
                made = fmt::format("{} {} {}", part(0, 4), node.text, part(1, 4));
                break;
            case Op::both:
            case Op::either: {
                binds = node.op == Op::both ? 2 : 1;
                int const tight = is_plain_ ? 3 : 7;
                bool const is_chain = is_plain_ && graph_[node.parts[0]].op == node.op;
                made = fmt::format("{} {} {}", part(0, is_chain ? binds : tight),
                                   std::string(is_plain_ ? 2 : 1, binds == 2 ? '&' : '|'), part(1, tight));
                break;
            }
            case Op::no:
                binds = 6;
                made = "!" + part(0, 7);
                break;
            case Op::choose:
                made = fmt::format("choose({}, {}, {})", part(0, 0), part(1, 0), part(2, 0));
                break;
            case Op::call:
            case Op::user: {
                if (node.op == Op::call && node.text == "exp") {
                    made = exponential(node.parts[0]);
                    break;
                }
                made = node.op == Op::user ? member_name(node.text) : node.text;
                made += "(";
                for (std::size_t k = 0; k < node.parts.size(); ++k)
                    made += (k > 0 ? ", " : "") +
                            (node.op == Op::user
                                 ? number(node.parts[k])
                                 : text(node.parts[k], 0, graph_.constant(node.parts[k]).has_value()));
                made += ")";
                break;
            }
            case Op::element: made = fmt::format("{}[{}]", part(0, 7), node.text); break;
            case Op::input: made = member_name(node.text); break;
            case Op::pack: made = node.name; break;
            case Op::parameter:
            case Op::variable:
            case Op::node: made = leaf_(node); break;
        }
        return binds < least ? "(" + made + ")" : made;
    }

    /// e^x, by e^(k u) where x is a number times u or over it: without a division.
    std::string exponential(Value x) {
        auto const function = is_capped_ ? "capped_exp" : "exp";
        auto const [k, u] = exponent(graph_, x, names_);
        if (k.empty() || graph_.constant(u))
            return fmt::format("{}({})", function, text(x, 0, graph_.constant(x).has_value()));
        return fmt::format("{}({}, {})", function, k, text(u, 0, false));
    }

    std::string power(Node const& node, int& binds, bool is_floating) {
        auto const exponent = graph_.constant(node.parts[1]);
        auto const base = graph_.constant(node.parts[0]);
        if (exponent && base) {
            auto const value = std::pow(*base, *exponent);
            if (value < 0) binds = 6;
            return number_text(fmt::format("{}", value), is_floating);
        }
        if (exponent && *exponent == std::floor(*exponent) && std::abs(*exponent) <= 64)
            return whole_power(node.parts[0], static_cast<int>(*exponent), binds);
        return fmt::format("{}({}, {})", graph_.may_be_negative(node.parts[0]) ? "signed_pow" : "pow",
                           text(node.parts[0], 0, base.has_value()),
                           text(node.parts[1], 0, exponent.has_value()));
    }

    std::string whole_power(Value base, int exponent, int& binds) {
        if (exponent == 0) return "T(1)";
        if (exponent < 0) {
            binds = 5;
            int inner = 7;
            auto const below = whole_power(base, -exponent, inner);
            return inner > 5 ? "1 / " + below : "1 / (" + below + ")";
        }
        auto const x = text(base, 0, false);
        bool const is_short = x.find_first_of(" (") == std::string::npos;
        if (exponent == 1) return text(base, 7, false);
        if (exponent == 2 && is_short) {
            binds = 5;
            return x + " * " + x;
        }
        if (exponent == 3) return "cube(" + x + ")";
        if (exponent == 4) return "fourth_power(" + x + ")";
        return fmt::format("power<{}>({})", exponent, x);
    }
    Graph& graph_;
    LeafText leaf_;
    std::set<std::string> taken_;
    std::size_t indent_;
    std::map<Value, std::string> names_;
    std::set<Value> only_chosen_;
    std::string lines_;
    bool is_capped_ = false, is_plain_ = false;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
