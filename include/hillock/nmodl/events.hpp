// SPDX-License-Identifier: MIT
#pragma once

/// Writes how a mechanism begins and advances, and what a point process does with events.

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code.hpp>
#include <hillock/nmodl/currents.hpp>
#include <hillock/nmodl/mechanism.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Writes `initial`, `advance`, `begin` and `receive`.
class EventWriter : protected CurrentWriter {
protected:
    using CurrentWriter::CurrentWriter;

    void initial() {
        auto inside = code();
        auto const roots = values(m_.initial.nodes, values(m_.initial.states));
        inside.define(roots, repeated(roots));
        for (auto const& [name, value] : m_.initial.nodes)
            inside.line(fmt::format("at({}{{}}) = {};", names().find(name)->node, inside.text(value)));
        std::string list;
        for (auto const& [name, value] : m_.initial.states)
            list += (list.empty() ? "" : ", ") + inside.number(value);
        inside.line(fmt::format("return {{{}}};", list));
        std::vector<std::pair<std::string, std::string>> arguments{{"T", "v"}};
        if (mentions(inside.lines(), "at")) arguments.emplace_back("Nearby<T, Uses>&", "at");
        line("");
        function("State initial", arguments, inside.lines());
    }

    void advance() {
        auto inside = code(true);
        auto const roots = values(m_.advance.nodes, values(m_.advance.states));
        inside.define(roots, repeated(roots));
        assign(inside, m_.advance);
        if (m_.is_point() && !m_.events.is_summed && inside.lines().empty()) return;
        bool const uses_at = mentions(inside.lines(), "at");
        std::vector<std::pair<std::string, std::string>> arguments{{"State&", "s"}};
        if (!m_.is_point() || uses_at || mentions(inside.lines(), "v")) arguments.emplace_back("T", "v");
        arguments.emplace_back("T", "dt");
        if (uses_at) arguments.emplace_back("Nearby<T, Uses>&", "at");
        line("");
        function("void advance", arguments, inside.lines());
    }

    /// How the states and the connections of a point process begin.
    void begin() {
        auto const& e = m_.events;
        bool const begins = std::any_of(m_.initial.states.begin(), m_.initial.states.end(),
                                        [&](auto const& one) { return !graph().is(one.second, 0); });
        if (e.is_summed) {
            if (begins) initial();
            return;
        }
        if (begins || !m_.initial.actions.empty()) {
            auto inside = event_code();
            inside.define(m_.roots(m_.initial), repeated(values(m_.initial.states)));
            act(inside, m_.initial.actions);
            assign(inside, m_.initial);
            line("");
            line("template <class At>");
            function("void begin", {{"State&", "s"}, {"At&", "at"}}, inside.lines());
        }
        bool const connections_begin = std::any_of(e.begin.begin() + (e.begin.empty() ? 0 : 1), e.begin.end(),
                                                   [&](Value one) { return !graph().is(one, 0); });
        if (!connections_begin) return;
        auto inside = event_code();
        inside.define(e.begin);
        for (std::size_t k = 1; k < e.begin.size(); ++k)
            if (!graph().is(e.begin[k], 0))
                inside.line(fmt::format("c.{} = {};", member(e.numbers[k]), inside.text(e.begin[k])));
        line("");
        function("void begin", {{"Connection&", "c"}}, inside.lines());
    }

    void receive() {
        auto const& e = m_.events;
        line("");
        if (e.is_summed) {
            auto inside = code();
            if (!e.given.empty()) inside.give(e.given[0], "weight");
            std::vector<Value> added;
            for (auto const& [name, value] : m_.receive.states)
                added.push_back(graph().multiply(e.given[0], graph().line(value, e.given[0])->b));
            inside.define(added);
            for (std::size_t k = 0; k < added.size(); ++k)
                inside.line(
                    fmt::format("s.{} += {};", member(m_.receive.states[k].first), inside.text(added[k])));
            return function("void receive", {{"State&", "s"}, {"T", "weight"}}, inside.lines());
        }
        auto inside = event_code();
        auto all = values(m_.receive.states);
        all.insert(all.end(), e.after.begin(), e.after.end());
        if (e.v) all.push_back(*e.v);
        auto roots = all;
        for (auto const one : Mechanism::action_roots(m_.receive)) roots.push_back(one);
        inside.define(roots, repeated(all));
        act(inside, m_.receive.actions);
        std::string v;
        if (e.v) v = inside.text(*e.v);
        if (e.v && v.find_first_of(".(") != std::string::npos && !graph().constant(*e.v)) {
            // what it is computed from may change before it is set
            inside.line(fmt::format("T const new_v = {};", v));
            v = "new_v";
        }
        assign(inside, m_.receive);
        for (std::size_t k = 0; k < e.after.size(); ++k)
            if (e.after[k] != e.given[k])
                inside.line(fmt::format("c.{} = {};", member(e.numbers[k]), inside.text(e.after[k])));
        if (e.v) inside.line(fmt::format("at.set_v({});", v));
        line("template <class At>");
        function("void receive", {{"State&", "s"}, {"Connection&", "c"}, {"At&", "at"}}, inside.lines());
    }

    /// The numbers of a connection.
    void connection() {
        auto const& e = m_.events;
        if (!m_.is_point() || e.is_summed) return;
        auto names = e.numbers;
        if (names.empty()) names.emplace_back("weight");
        line("struct Connection {");
        std::string list;
        for (auto const& name : names) {
            line(fmt::format("    T {};", connection_member(name)));
            list += fmt::format(R"({}Field{{"{}", "{}", &Connection::{}}})", list.empty() ? "" : ", ", name,
                                name == names[0] ? "uS" : "", connection_member(name));
        }
        line("};");
        line("static constexpr auto connection() {");
        line(fmt::format("    return std::array{{{}}};", list));
        line("}");
        line("");
    }

private:
    static std::string connection_member(std::string const& name) { return member(name); }

    /// The body of a function of events, where an event `at` tells time and V, and numbers are plain.
    Code event_code() {
        auto const usual = leaf(false);
        auto inside = code(false, [usual](Node const& node) -> std::string {
            if (node.op == Op::node && node.text == "t") return "at.time()";
            if (node.op == Op::variable && node.text == "v") return "at.v()";
            return usual(node);
        });
        inside.take_plain_numbers();
        auto const& e = m_.events;
        for (std::size_t k = 0; k < e.given.size(); ++k)
            inside.give(e.given[k], "c." + connection_member(e.numbers[k]));
        if (e.flag) inside.give(e.flag, "at.flag()");
        return inside;
    }

    void act(Code& inside, std::vector<Action> const& actions) {
        for (auto const& one : actions) {
            auto const condition = one.condition ? fmt::format("if ({}) ", inside.text(*one.condition)) : "";
            if (one.what == "for_each_connection") {
                for_each(inside, one, condition);
                continue;
            }
            std::string list;
            for (auto const argument : one.arguments)
                list += (list.empty() ? "" : ", ") + inside.text(argument);
            inside.line(fmt::format("{}at.{}({});", condition, one.what, list));
        }
    }

    void for_each(Code& inside, Action const& one, std::string const& condition) {
        auto body = inside.within(one.bound);
        for (std::size_t k = 0; k < one.bound.size(); ++k)
            body.give(one.bound[k],
                      "each." +
                          connection_member(k < m_.events.numbers.size() ? m_.events.numbers[k] : "weight"));
        body.define(one.arguments, repeated(one.arguments));
        for (std::size_t k = 0; k < one.bound.size(); ++k)
            if (one.arguments[k] != one.bound[k])
                body.line(fmt::format("each.{} = {};", connection_member(m_.events.numbers[k]),
                                      body.text(one.arguments[k])));
        inside.line(condition + "at.for_each_connection([&](Connection& each) {");
        inside.append(body.lines());
        inside.line("});");
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
