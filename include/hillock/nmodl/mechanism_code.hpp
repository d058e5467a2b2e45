// SPDX-License-Identifier: MIT
#pragma once

/// Carries out the blocks of a file, one for each function of the mechanism.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/drawing.hpp>
#include <hillock/nmodl/entries.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/receiver.hpp>
#include <hillock/nmodl/solving.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The code of a file, carried out: what each function of its mechanism leaves behind.
class MechanismCode {
public:
    Program program;
    Entry initial, current, advance, receive;
    Events events;
    std::vector<Leak> leaks;
    std::vector<std::string> members;                      // of State: states, then what users may read
    std::vector<std::pair<std::string, Value>> prepared;   // derived from parameters alone
    std::optional<std::vector<Equation>> gates;            // of the states, in order, if all are gates
    std::vector<std::pair<std::string, Value>> constants;  // the same, within the code of functions
    std::vector<std::string> uses, writes;                 // node variables in C++
    /// States that advance at the beginning of `current`: the inputs that stand for them, and their values.
    std::vector<std::pair<Value, Value>> late;
    bool needs_dt = false;  // in functions that are not given it

    bool is_prepared(std::string const& name) const {
        return std::any_of(prepared.begin(), prepared.end(),
                           [&](auto const& one) { return one.first == name; });
    }
    bool has_current() const { return !leaks.empty(); }
    bool is_point() const { return program.mod.kind == Kind::point || program.mod.kind == Kind::artificial; }

    /// The leaf that stands for a quantity before any code.
    Value old(std::string const& name) { return program.graph.leaf(Op::variable, name); }

    /// The names of a quantity, or of the elements of an array.
    static std::vector<std::string> elements(Quantity const& one) {
        if (one.size == 0) return {one.name};
        std::vector<std::string> all;
        for (std::size_t k = 0; k < one.size; ++k) all.push_back(fmt::format("{}[{}]", one.name, k));
        return all;
    }

    /// The values from which the actions of an entry are computed.
    static std::vector<Value> action_roots(Entry const& entry) {
        std::vector<Value> all;
        for (auto const& one : entry.actions) {
            if (one.condition) all.push_back(*one.condition);
            all.insert(all.end(), one.arguments.begin(), one.arguments.end());
        }
        return all;
    }

    /// All that an entry computes.
    std::vector<Value> roots(Entry const& entry) const {
        auto all = action_roots(entry);
        for (auto const& [name, value] : entry.states) all.push_back(value);
        for (auto const& [name, value] : entry.nodes) all.push_back(value);
        if (&entry == &receive) all.insert(all.end(), events.after.begin(), events.after.end());
        if (&entry == &receive) all.insert(all.end(), events.begin.begin(), events.begin.end());
        if (&entry == &receive && events.v) all.push_back(*events.v);
        if (&entry == &current) {
            for (auto const& leak : leaks) all.push_back(leak.value);
            for (auto const& [input, value] : late) all.push_back(value);
        }
        return all;
    }

    /// The leaves of kind `op` that `value` is computed from.
    void leaves(Value value, Op op, std::set<std::string>& into) const {
        std::vector<char> seen(program.graph.size(), 0);
        leaves(value, op, into, seen);
    }

protected:
    /// Carries out the code of `mod`, whose tree must outlive this.
    explicit MechanismCode(Mod const& mod) : program{mod} {
        refuse_what_is_not_translated(mod, program.names);
        if (draws(mod)) program.names.declare_random();
        run_initial();
        run_breakpoint();
        if (is_point()) run_receive();
    }

    Mod const& mod() const { return program.mod; }
    Graph& graph() { return program.graph; }

    bool is_changed_by(Entry const& entry, std::string const& name) {
        auto const found = entry.values.find(name);
        return found != entry.values.end() && found->second != old(name);
    }

    /// Whether what an entry writes depends on a number as it was before.
    bool is_read_by(Entry const& entry, std::string const& name) {
        return std::any_of(entry.values.begin(), entry.values.end(), [&](auto const& one) {
            return one.second != old(name) && graph().depends(one.second, old(name));
        });
    }

    Solver solver_;

private:
    void run_initial() {
        Environment start;
        auto const& names = program.names;
        for (auto const& name : names.order()) {
            auto const& one = *names.find(name);
            bool const is_changed = one.role == Role::parameter && names.is_changed(name);
            if (one.role != Role::state && one.role != Role::variable && !is_changed) continue;
            if (one.is_pointer) {
                start[name] = graph().input(name);
                continue;
            }
            for (auto const& element : elements(one)) start[element] = first(one, element, is_changed);
        }
        Execution e(program, start);
        Receiver receiver;
        e.use(&receiver);
        for (auto const* kind : {"BEFORE INITIAL", "INITIAL", "AFTER INITIAL"})
            if (auto const* block = mod().block(kind)) e.run(block->body);
        initial.values = e.values();
        initial.actions = receiver.actions();
        begin_pointers(start);
        if (!is_point() && !initial.actions.empty())
            refuse(mod().block("INITIAL")->at, "a density mechanism sends no events");
    }

    /// Pointers show something from the first step on.
    void begin_pointers(Environment const& start) {
        for (auto const& [name, at] : mod().pointers) {
            auto const shown = start.find(name);
            if (shown == start.end()) continue;
            for (auto const& [other, value] : initial.values)
                if (other != name && graph().depends(value, shown->second))
                    refuse(at, "POINTER {}: INITIAL reads it, before it points", name);
            initial.values[name] = graph().number("0");
        }
    }

    void run_receive() {
        auto const* block = mod().block("NET_RECEIVE");
        events.is_summed = !block && initial.actions.empty();
        if (!block) return;
        if (block->arguments.empty()) refuse(block->at, "NET_RECEIVE without a weight");
        Execution e(program, {}), begin(program, {{"t", graph().number("0")}});
        Receiver receiver;
        e.use(&receiver);
        events.flag = graph().input("flag");
        e.give("flag", events.flag);
        for (auto const& one : block->arguments) {
            events.numbers.push_back(one.name);
            events.given.push_back(graph().input(one.name));
            e.give(one.name, events.given.back());
            begin.give(one.name, events.given.size() == 1 ? events.given[0] : graph().number("0"));
        }
        e.run(block->body);
        receive.values = e.values();
        if (is_changed_by(receive, "v")) events.v = receive.values.at("v");
        receive.actions = receiver.actions();
        for (auto const& one : block->body)
            if (one.act == Act::initial) begin.run(one.body);
        for (auto const& name : events.numbers) {
            events.after.push_back(e.value(name, block->at));
            events.begin.push_back(begin.value(name, block->at));
            std::set<std::string> read;
            leaves(events.begin.back(), Op::variable, read);
            leaves(events.begin.back(), Op::node, read);
            if (!read.empty()) refuse(block->at, "INITIAL in NET_RECEIVE reads '{}'", *read.begin());
        }
        events.is_summed = is_summed();
    }

    /// Whether each event adds its weight, times a number that stays the same, to states.
    bool is_summed() {
        if (events.numbers.size() != 1 || !receive.actions.empty() || !initial.actions.empty()) return false;
        auto const weight = events.given[0];
        if (events.after[0] != weight) return false;
        for (auto const& [name, value] : receive.values) {
            if (graph().is_leaf(value) && graph()[value].text == name) continue;  // only read
            if (auto const* known = program.names.find(name.substr(0, name.find('[')));
                !known || known->role != Role::state)
                return false;
            auto const line = graph().line(value, weight);
            if (!line || line->a != old(name)) return false;
            std::set<std::string> read;
            leaves(line->b, Op::variable, read);
            leaves(line->b, Op::node, read);
            if (graph().depends(line->b, events.flag)) return false;
            for (auto const& each : read)
                if (is_changed_by(current, each) || is_changed_by(advance, each) ||
                    is_changed_by(receive, each) || each == "v" || each == "t" || each == "celsius")
                    return false;
        }
        return true;
    }

    Value first(Quantity const& one, std::string const& element, bool is_changed) {
        if (is_changed) return graph().leaf(Op::parameter, element);
        if (one.role == Role::state)
            if (auto const* given = program.names.find(one.name + "0");
                given && given->role == Role::parameter)
                return graph().leaf(Op::parameter, given->name);
        if (!one.value.empty()) return graph().number(one.value);
        return graph().number("0");
    }

    void run_breakpoint() {
        auto const* block = mod().block("BREAKPOINT");
        Statements solves, rest;
        if (block)
            for (auto const& each : block->body) (each.act == Act::solve ? solves : rest).push_back(each);
        bool const has_currents = !program.names.leaving().empty();
        {
            Execution e(program, {});
            e.use(&solver_);
            e.run(solves);
            if (!has_currents) e.run(rest);
            if (auto const* after = mod().block("AFTER SOLVE")) e.run(after->body);
            advance.values = e.values();
        }
        bool const follows = follows_pointer(advance.values);
        if (follows && !has_currents)
            refuse(mod().pointers[0].second, "POINTER {}: states that follow it, without a current",
                   mod().pointers[0].first);
        if (!has_currents) return;
        Execution e(program, follows ? advance_late(solves) : Environment{});
        Solver none;
        e.use(&none);
        if (auto const* before = mod().block("BEFORE BREAKPOINT")) e.run(before->body);
        e.run(rest);
        for (auto const& one : program.names.leaving()) {
            auto const value = e.value(one.name, mod().suffix_at);
            bool const is_kept = value == old(one.name);  // as SOLVE has left it
            if (graph()[value].op == Op::node || (is_kept && !is_changed_by(advance, one.name)))
                continue;  // never assigned
            leaks.push_back({one.name, one.node, one.is_electrode ? graph().negative(value) : value});
        }
        if (follows) e.set("has_begun", graph().number("1"));
        current.values = e.values();
    }

    bool follows_pointer(Environment const& values) {
        return std::any_of(mod().pointers.begin(), mod().pointers.end(), [&](auto const& pointer) {
            return std::any_of(values.begin(), values.end(), [&](auto const& one) {
                return one.first != pointer.first && graph().depends(one.second, old(pointer.first));
            });
        });
    }

    /// Returns the values that the currents start with, where states follow a pointer. In NEURON they advance
    /// when all cells have their new V; here a pointer shows that at the beginning of the next step. So they
    /// advance then, before the currents, at the time of the step that has ended.
    Environment advance_late(Statements const& solves) {
        auto const at = mod().pointers[0].second;
        if (mod().block("NET_RECEIVE"))
            refuse(at, "POINTER {}: states that follow it, and events", mod().pointers[0].first);
        program.names.declare_begun();
        initial.values["has_begun"] = graph().number("0");
        auto const dt = graph().leaf(Op::variable, "dt"), t = graph().leaf(Op::node, "t");
        auto const now = graph().subtract(t, graph().divide(dt, graph().number("2")));
        solver_ = {};
        Execution e(program, {{"t", now}});
        e.use(&solver_);
        e.run(solves);
        if (auto const* after = mod().block("AFTER SOLVE")) e.run(after->body);
        advance.values.clear();
        auto const has_begun = graph().call(Op::compare, ">", {old("has_begun"), graph().number("0")});
        Environment start;
        for (auto const& [name, value] : e.values()) {
            auto const* known = program.names.find(name.substr(0, name.find('[')));
            if (known && known->role == Role::ion && value != graph().leaf(Op::node, name))
                refuse(at, "POINTER {}: states that follow it, and a written '{}'", mod().pointers[0].first,
                       name);
            bool const is_own = known && (known->role == Role::state || known->role == Role::variable ||
                                          known->role == Role::parameter);
            if (!is_own || value == old(name) || graph()[value].op == Op::parameter) continue;
            auto const later = graph().choose(has_begun, value, old(name));
            late.emplace_back(graph().input(Execution::plain(name)), later);
            start[name] = late.back().first;
        }
        return start;
    }

    void leaves(Value value, Op op, std::set<std::string>& into, std::vector<char>& seen) const {
        if (seen[value]) return;
        seen[value] = 1;
        auto const& node = program.graph[value];
        if (node.op == op) into.insert(node.text);
        for (auto const part : node.parts) leaves(part, op, into, seen);
        for (auto const part : node.body) leaves(part, op, into, seen);
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
