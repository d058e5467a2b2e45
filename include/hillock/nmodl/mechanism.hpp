// SPDX-License-Identifier: MIT
#pragma once

/// A mechanism as it will be written: its parameters, what its State holds, and the values that its functions
/// compute.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/entries.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/receiver.hpp>
#include <hillock/nmodl/solving.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// All that a density mechanism or a synapse computes.
class Mechanism {
public:
    /// Carries out the code of `mod`, whose tree must outlive this.
    explicit Mechanism(Mod const& mod) : program{mod} {
        refuse_what_is_not_translated(mod, program.names);
        run_initial();
        run_breakpoint();
        if (is_point()) run_receive();
        find_members();
        if (!is_point()) find_gates();
        find_nodes();
        find_constants();
    }

    Program program;
    Entry initial, current, advance, receive;
    Events events;
    std::vector<Leak> leaks;
    std::vector<std::string> members;                      // of State: states, then what users may read
    std::vector<std::pair<std::string, Value>> prepared;   // derived from parameters alone
    std::optional<std::vector<Equation>> gates;            // of the states, in order, if all are gates
    std::vector<std::pair<std::string, Value>> constants;  // the same, within the code of functions
    std::vector<std::string> uses, writes;                 // node variables in C++
    bool needs_dt = false;                                 // in functions that are not given it

    bool is_prepared(std::string const& name) const {
        return std::any_of(prepared.begin(), prepared.end(),
                           [&](auto const& one) { return one.first == name; });
    }
    bool has_current() const { return !leaks.empty(); }
    bool is_point() const { return program.mod.kind == Kind::point; }

    /// The leaf that stands for a quantity before any code.
    Value old(std::string const& name) { return program.graph.leaf(Op::variable, name); }

    /// The names of a quantity, or of the elements of an array.
    static std::vector<std::string> elements(Quantity const& one) {
        if (one.size == 0) return {one.name};
        std::vector<std::string> all;
        for (std::size_t k = 0; k < one.size; ++k) all.push_back(fmt::format("{}[{}]", one.name, k));
        return all;
    }

    /// What the actions of an entry are computed from.
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
        if (&entry == &current)
            for (auto const& leak : leaks) all.push_back(leak.value);
        return all;
    }

    /// The leaves of kind `op` that `value` is computed from.
    void leaves(Value value, Op op, std::set<std::string>& into) const {
        std::vector<char> seen(program.graph.size(), 0);
        leaves(value, op, into, seen);
    }

private:
    Mod const& mod() const { return program.mod; }
    Graph& graph() { return program.graph; }

    void run_initial() {
        Environment start;
        auto const& names = program.names;
        for (auto const& name : names.order()) {
            auto const& one = *names.find(name);
            bool const is_changed = one.role == Role::parameter && names.is_changed(name);
            if (one.role != Role::state && one.role != Role::variable && !is_changed) continue;
            for (auto const& element : elements(one)) start[element] = first(one, element, is_changed);
        }
        Execution e(program, start);
        Receiver receiver;
        e.use(&receiver);
        if (auto const* block = mod().block("INITIAL")) e.run(block->body);
        initial.values = e.values();
        initial.actions = receiver.actions();
        if (!is_point() && !initial.actions.empty())
            refuse(mod().block("INITIAL")->at, "a density mechanism sends no events");
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
            if (value == old(name) || graph().is_leaf(value)) continue;
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
            advance.values = e.values();
        }
        if (!has_currents) return;
        Execution e(program, {});
        Solver none;
        e.use(&none);
        e.run(rest);
        for (auto const& one : program.names.leaving()) {
            auto const value = e.value(one.name, mod().suffix_at);
            if (graph()[value].op == Op::node ||
                (graph()[value].op == Op::variable && graph()[value].text == one.name))
                continue;  // never assigned
            leaks.push_back({one.name, one.node, one.is_electrode ? graph().negative(value) : value});
        }
        current.values = e.values();
    }

    // -- Members --------------------------------------------------------------------------------------

    bool is_changed_by(Entry const& entry, std::string const& name) {
        auto const found = entry.values.find(name);
        return found != entry.values.end() && found->second != old(name);
    }

    /// State holds the states, what one function leaves for another, and what users may read.
    void find_members() {
        std::set<std::string> found;
        auto const& names = program.names;
        for (auto const& name : names.order()) {
            auto const& one = *names.find(name);
            for (auto const& element : elements(one)) {
                bool const is_computed = is_changed_by(current, element) || is_changed_by(advance, element) ||
                                         is_changed_by(receive, element);
                if (one.role == Role::state || (one.role == Role::variable && one.is_range && is_computed))
                    found.insert(element);
            }
        }
        while (add_members(found)) {}
        keep_in_order(found);
        initial.states = written(initial, true);
        current.states = written(current, false);
        advance.states = written(advance, false);
        receive.states = written(receive, false);
        for (auto* entry : {&initial, &current, &advance}) entry->nodes = written_nodes(*entry);
    }

    /// Adds what the functions of `current` and `advance` read from before; whether there was more.
    bool add_members(std::set<std::string>& found) {
        std::set<std::string> read;
        for (auto const* entry : {&current, &advance, &receive}) {
            for (auto const& [name, value] : entry->values)
                if (found.contains(name) || is_node(name)) leaves(value, Op::variable, read);
            for (auto const value : action_roots(*entry)) leaves(value, Op::variable, read);
        }
        for (auto const value : events.after) leaves(value, Op::variable, read);
        for (auto const& leak : leaks) leaves(leak.value, Op::variable, read);
        for (auto const* fixed : {"v", "dt"}) read.erase(fixed);
        auto const before = found.size();
        found.insert(read.begin(), read.end());
        return found.size() > before;
    }
    bool is_node(std::string const& name) const {
        auto const* known = program.names.find(name);
        return known && known->role == Role::ion && known->is_written;
    }

    void keep_in_order(std::set<std::string> const& found) {
        std::vector<std::string> later;
        for (auto const& name : program.names.order()) {
            auto const& one = *program.names.find(name);
            for (auto const& element : elements(one)) {
                if (!found.contains(element)) continue;
                if (one.role == Role::state)
                    members.push_back(element);
                else if (!prepare(element))
                    later.push_back(element);
            }
        }
        members.insert(members.end(), later.begin(), later.end());
    }

    /// What INITIAL derives from parameters alone and nothing changes later becomes a member of the
    /// mechanism.
    bool prepare(std::string const& name) {
        if (is_changed_by(current, name) || is_changed_by(advance, name) || is_changed_by(receive, name))
            return false;
        auto const value = initial.values.at(name);
        std::set<std::string> read;
        for (auto const op : {Op::variable, Op::node}) leaves(value, op, read);
        read.erase("dt");
        if (!read.empty()) return false;
        prepared.emplace_back(name, value);
        return true;
    }

    std::vector<std::pair<std::string, Value>> written(Entry const& entry, bool is_all) {
        std::vector<std::pair<std::string, Value>> all;
        for (auto const& name : members) {
            auto const found = entry.values.find(name);
            if (found == entry.values.end() || (!is_all && found->second == old(name))) continue;
            all.emplace_back(name, found->second);
        }
        return all;
    }

    std::vector<std::pair<std::string, Value>> written_nodes(Entry const& entry) {
        std::vector<std::pair<std::string, Value>> all;
        for (auto const& [name, value] : entry.values)
            if (is_node(name) && !program.names.find(name)->node.ends_with("::current") &&
                value != graph().leaf(Op::node, name))
                all.emplace_back(name, value);
        return all;
    }

    // -- Gates ----------------------------------------------------------------------------------------

    void find_gates() {
        if (!solver_.are_all_relaxed() || !advance.nodes.empty() || !initial.nodes.empty()) return;
        std::vector<Equation> found;
        std::size_t states = 0;
        for (auto const& name : members) {
            if (program.names.find(name.substr(0, name.find('[')))->role != Role::state) continue;
            ++states;
            for (auto const& one : solver_.relaxed())
                if (one.state == name && is_gate(one)) found.push_back(one);
        }
        if (found.size() != states || solver_.relaxed().size() != states) return;
        if (advance.states.size() != states) return;  // it leaves other numbers behind
        for (auto const& [name, value] : initial.states)
            if (std::none_of(found.begin(), found.end(),
                             [&, n = name](auto const& one) { return one.state == n; }) &&
                !is_changed_by(current, name))
                return;
        gates = found;
    }

    /// Whether a state relaxes to where INITIAL puts it, at a rate that depends on V and the node alone.
    bool is_gate(Equation const& one) {
        auto const line = graph().line(one.slope, one.x);
        if (!line || graph().is(line->b, 0)) return false;
        std::set<std::string> read;
        leaves(line->a, Op::variable, read);
        leaves(line->b, Op::variable, read);
        read.erase("v");
        for (auto const& name : read)
            if (!is_prepared(name)) return false;
        auto const form = relaxation(graph(), one.slope, one.x);
        if (!form) return false;
        auto const start = initial.values.at(one.state);
        auto const inf =
            form->inf ? *form->inf : graph().divide(*form->alpha, graph().add(*form->alpha, *form->beta));
        return start == inf;
    }

    // -- Node variables -------------------------------------------------------------------------------

    void find_nodes() {
        std::set<std::string> names;
        for (auto const* entry : {&initial, &current, &advance, &receive}) {
            std::set<std::string> read;
            for (auto const value : roots(*entry)) leaves(value, Op::node, read);
            if (entry == &receive || (entry == &initial && is_point() && !events.is_summed))
                read.erase("t");  // the event's
            names.insert(read.begin(), read.end());
            for (auto const& [name, value] : entry->nodes) names.insert(name);
        }
        auto const add = [&](std::string const& node, std::vector<std::string>& list) {
            if (!node.empty() && std::find(list.begin(), list.end(), node) == list.end())
                list.push_back(node);
        };
        for (auto const& name : names) add(program.names.find(name)->node, uses);
        for (auto const& leak : leaks) add(leak.node, uses);
        for (auto const& node : program.names.declared_nodes()) add(node, uses);
        for (auto const* entry : {&initial, &current, &advance})
            for (auto const& [name, value] : entry->nodes) add(program.names.find(name)->node, writes);
    }

    /// Costly values that are computed from parameters, and dt in `advance`, alone.
    void find_constants() {
        std::set<Value> seen;
        auto const visit = [&](auto const& self, Value value, bool has_dt) -> void {
            if (!seen.insert(value).second || graph().is_leaf(value)) return;
            std::set<std::string> read;
            for (auto const op : {Op::variable, Op::node, Op::input}) leaves(value, op, read);
            if (has_dt) read.erase("dt");
            for (auto const& [name, prepared_value] : prepared) read.erase(name);
            auto const node = graph()[value];
            if (read.empty() && node.op != Op::pack && node.op != Op::element &&
                !graph().is_condition(value) && is_costly(value)) {
                if (node.op == Op::infix && graph().constant(node.parts[0]))
                    return self(self, node.parts[1], has_dt);
                return constants.emplace_back(!node.name.empty()   ? node.name
                                              : node.text == "exp" ? "decay"
                                                                   : "factor",
                                              value),
                       void();
            }
            for (auto const part : node.parts) self(self, part, has_dt);
            for (auto const part : node.body) self(self, part, has_dt);
        };
        for (auto const* entry : {&advance, &current, &receive})
            for (auto const value : roots(*entry)) visit(visit, value, entry == &advance);
    }
    bool is_costly(Value value) const {
        auto const& node = program.graph[value];
        if (node.op == Op::call || node.op == Op::user) return true;
        if (node.op == Op::power && !program.graph.constant(value)) {
            auto const exponent = program.graph.constant(node.parts[1]);
            if (!exponent || *exponent != std::floor(*exponent)) return true;
        }
        return std::any_of(node.parts.begin(), node.parts.end(), [&](Value part) { return is_costly(part); });
    }

    void leaves(Value value, Op op, std::set<std::string>& into, std::vector<char>& seen) const {
        if (seen[value]) return;
        seen[value] = 1;
        auto const& node = program.graph[value];
        if (node.op == op) into.insert(node.text);
        for (auto const part : node.parts) leaves(part, op, into, seen);
        for (auto const part : node.body) leaves(part, op, into, seen);
    }

    Solver solver_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
