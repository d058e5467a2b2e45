// SPDX-License-Identifier: MIT
#pragma once

/// Writes the currents of a mechanism: `ohmic` where they are linear in V, differences elsewhere.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code.hpp>
#include <hillock/nmodl/declarations.hpp>
#include <hillock/nmodl/mechanism.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Writes `current`.
class CurrentWriter : protected DeclarationWriter {
protected:
    using DeclarationWriter::DeclarationWriter;

    void current() {
        if (m_.shows_at_start()) {
            line("");
            line("static constexpr bool shows_at_start = true;");
        }
        auto inside = code();
        keep_what_changes(inside);
        advance_late(inside);
        auto const v = graph().leaf(Op::variable, "v");
        std::vector<Value> roots = values(m_.current.nodes, values(m_.current.states));
        std::set<Value> kept;
        std::vector<std::optional<Graph::Line>> lines;
        for (auto const& leak : m_.leaks) {
            lines.push_back(graph().line(leak.value, v));
            if (lines.back()) {
                auto const [g, e] = ohmic(leak.value, v);
                if (e) {
                    roots.push_back(g);
                    roots.push_back(*e);
                } else {
                    roots.push_back(lines.back()->a);
                    roots.push_back(lines.back()->b);
                }
                if (!leak.node.empty()) roots.push_back(leak.value);
            } else {
                for (auto const part : free_parts(leak.value, v)) {
                    roots.push_back(part);
                    kept.insert(part);
                }
            }
        }
        for (auto const& [name, value] : m_.current.states) kept.insert(value);
        inside.define(roots, kept);
        std::string sum, ions;
        std::vector<std::string> later;
        for (std::size_t k = 0; k < m_.leaks.size(); ++k) {
            auto const& leak = m_.leaks[k];
            auto const [term, i] =
                lines[k] ? linear_term(inside, leak, *lines[k], v) : nonlinear_term(inside, leak, v);
            sum += (sum.empty() ? "" : " + ") + term;
            if (!leak.node.empty()) later.push_back(fmt::format("at({}{{}}) += {};", leak.node, i));
        }
        assign(inside, m_.current);
        for (auto const& each : later) inside.line(each);
        inside.line(fmt::format("return {};", sum));
        std::vector<std::pair<std::string, std::string>> arguments{
            {"T", "v"}, {m_.current.states.empty() ? "State const&" : "State&", "s"}};
        if (mentions(inside.lines(), "at")) arguments.emplace_back("Nearby<T, Uses>&", "at");
        line("");
        function("Current<T> current", arguments, inside.lines());
    }

    /// States that advance here, before the currents.
    void advance_late(Code& inside) {
        std::vector<Value> roots;
        for (auto const& [input, value] : m_.late) roots.push_back(value);
        inside.define(roots, repeated(roots));
        for (auto const& [input, value] : m_.late) {
            auto const name = inside.fresh(graph()[input].text);
            inside.line(fmt::format("T const {} = {};", name, inside.number(value)));
            inside.give(input, name);
        }
    }

    /// Names the old values of states that the currents read and that are changed here.
    void keep_what_changes(Code& inside) {
        for (auto const& [name, value] : m_.current.states) {
            auto const before = m_.old(name);
            bool const is_read = std::any_of(m_.leaks.begin(), m_.leaks.end(), [&](auto const& leak) {
                return graph().depends(leak.value, before);
            });
            if (!is_read) continue;
            auto const kept = inside.fresh(member(name) + "_before");
            inside.line(fmt::format("T const {} = s.{};", kept, member(name)));
            inside.give(before, kept);
        }
    }

    bool is_constant(Value value) const {
        return std::any_of(m_.constants.begin(), m_.constants.end(),
                           [&](auto const& one) { return one.second == value; });
    }

    /// Named parts of a value that do not depend on v.
    std::vector<Value> free_parts(Value value, Value v) {
        std::vector<Value> all;
        std::set<Value> seen;
        auto const visit = [&](auto const& self, Value one) -> void {
            if (!seen.insert(one).second) return;
            auto const& node = graph()[one];
            if (!graph().depends(one, v)) {
                if (!graph().is_leaf(one) || node.op == Op::node) all.push_back(one);
                return;
            }
            for (auto const part : std::vector(node.parts)) self(self, part);
            for (auto const part : std::vector(graph()[one].body)) self(self, part);
        };
        visit(visit, value);
        std::vector<Value> named;
        for (auto const one : all)
            if (!graph()[one].name.empty() || graph()[one].op == Op::node || graph()[one].op == Op::pack)
                named.push_back(one);
            else if (!is_constant(one)) {
                for (auto const part : graph()[one].parts)
                    if (!graph().is_leaf(part) || graph()[part].op == Op::node) named.push_back(part);
            }
        return named;
    }

    /// g and e of a current g (v - e).
    std::pair<Value, std::optional<Value>> ohmic(Value value, Value v) {
        auto const node = graph()[value];
        auto const reversal = [&](Value one) -> std::optional<Value> {
            auto const& n = graph()[one];
            if (one == v) return graph().number("0");
            if (n.op == Op::infix && n.text == "-" && n.parts[0] == v && !graph().depends(n.parts[1], v))
                return n.parts[1];
            if (n.op == Op::infix && n.text == "+" && n.parts[0] == v && !graph().depends(n.parts[1], v))
                return graph().negative(n.parts[1]);
            return {};
        };
        if (node.op == Op::infix && node.text == "*") {
            for (std::size_t k : {1, 0})
                if (!graph().depends(node.parts[1 - k], v))
                    if (auto const e = reversal(node.parts[k])) return {node.parts[1 - k], e};
            // (g (v - e)) x
            for (std::size_t k : {0, 1})
                if (!graph().depends(node.parts[1 - k], v))
                    if (auto const inner = ohmic(node.parts[k], v); inner.second)
                        return {graph().multiply(inner.first, node.parts[1 - k]), inner.second};
        }
        if (node.op == Op::negative)
            if (auto const inner = ohmic(node.parts[0], v); inner.second)
                return {graph().negative(inner.first), inner.second};
        return {value, {}};
    }

    /// The term that a current adds to the sum, and its value for the ion.
    std::pair<std::string, std::string> linear_term(Code& inside, Leak const& leak,
                                                    Graph::Line const& line_of, Value v) {
        auto const [g, e] = ohmic(leak.value, v);
        std::string term;
        if (e)
            term = fmt::format("ohmic({}, {})", inside.number(g), inside.number(*e));
        else if (graph().is(line_of.b, 0))
            term = fmt::format("injected({})", inside.number(graph().negative(line_of.a)));
        else
            term = fmt::format("Current<T>{{{}, {}}}", inside.number(line_of.b),
                               inside.number(graph().negative(line_of.a)));
        return {term, inside.text(leak.value)};
    }

    std::pair<std::string, std::string> nonlinear_term(Code& inside, Leak const& leak, Value v) {
        auto const name = inside.fresh(leak.name.starts_with("i") ? leak.name : "i_" + leak.name);
        auto lambda = inside.within({v});
        inside.line(fmt::format("auto const {} = [&](T v) {{", name));
        lambda.define({leak.value});
        lambda.line(fmt::format("return {};", lambda.number(leak.value)));
        append(inside, lambda.lines());
        inside.line("};");
        if (leak.node.empty()) return {fmt::format("differenced(v, {})", name), ""};
        auto const now = inside.fresh("i");
        inside.line(fmt::format("T const {} = {}(v);", now, name));
        return {fmt::format("differenced(v, {}, {})", now, name), now};
    }
    static void append(Code& inside, std::string const& lines) { inside.append(lines); }

    /// Those that must have a name: they stand in several places, or are needed after something has changed.
    std::set<Value> repeated(std::vector<Value> const& roots) {
        return roots.size() > 1 ? std::set<Value>{roots.begin(), roots.end()} : std::set<Value>{};
    }

    void assign(Code& inside, Entry const& entry) {
        auto const write = [&](std::string const& target, Value value) {
            auto const content = inside.text(value);
            inside.line(fmt::format("{} = {};", target, content));
        };
        for (auto const& [name, value] : entry.states) write("s." + member(name), value);
        for (auto const& [name, value] : entry.nodes)
            write(fmt::format("at({}{{}})", names().find(name)->node), value);
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
