// SPDX-License-Identifier: MIT
#pragma once

/// A mechanism as it will be written: its parameters, what its State holds, and the values that its functions
/// compute.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/entries.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/mechanism_code.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/relaxation.hpp>
#include <hillock/nmodl/simplifying.hpp>
#include <hillock/nmodl/solving.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// All that a density mechanism or a synapse computes.
class Mechanism : public MechanismCode {
public:
    /// Carries out the code of `mod`, whose tree must outlive this.
    explicit Mechanism(Mod const& mod) : MechanismCode{mod} {
        find_members();
        if (!is_point()) find_gates();
        find_nodes();
        simplify();
        find_constants();
    }

    /// Whether the currents leave numbers that users may read, the same ones however often they are found.
    bool shows_at_start() {
        if (!late.empty() || (current.states.empty() && current.nodes.empty())) return false;
        for (auto const* list : {&current.states, &current.nodes})
            for (auto const& [name, value] : *list)
                if (follows_current(value)) return false;
        return true;
    }

private:
    /// Whether a value is computed from what the currents have changed, or from what a pointer shows.
    bool follows_current(Value value) {
        std::set<std::string> read;
        for (auto const op : {Op::variable, Op::node}) leaves(value, op, read);
        return std::any_of(read.begin(), read.end(), [&](std::string const& name) {
            auto const is_listed = [&](auto const& list) {
                return std::any_of(list.begin(), list.end(),
                                   [&](auto const& one) { return one.first == name; });
            };
            auto const* known = program.names.find(name.substr(0, name.find('[')));
            return is_listed(current.states) || is_listed(current.nodes) || (known && known->is_pointer);
        });
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
        if (events.v) leaves(*events.v, Op::variable, read);
        for (auto const& leak : leaks) leaves(leak.value, Op::variable, read);
        for (auto const& [input, value] : late) leaves(value, Op::variable, read);
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

    /// Makes a name a member of the mechanism if INITIAL derives it from parameters alone and nothing changes
    /// it later.
    bool prepare(std::string const& name) {
        if (is_changed_by(current, name) || is_changed_by(advance, name) || is_changed_by(receive, name))
            return false;
        if (program.names.find(name.substr(0, name.find('[')))->is_pointer) return false;
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
                (!is_changed_by(current, name) || (!graph().is(value, 0) && is_read_by(current, name))))
                return;  // it begins elsewhere than at 0
        for (auto& one : found) one.form = by_rates(graph(), *relaxation(graph(), one.slope, one.x));
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

    /// Rewrites what functions compute, so that it takes fewer divisions (simplifying.hpp).
    void simplify() {
        Simplifier steady(program, [&](Value value) { return is_fixed(value, false); });
        Simplifier stepping(program, [&](Value value) { return is_fixed(value, true); });
        for (auto const& name : program.order) {
            auto& made = program.functions.at(name);
            made.result = steady(made.result);
        }
        for (auto& leak : leaks) leak.value = steady(leak.value);
        for (auto* entry : {&current, &advance}) {
            auto& simplifier = entry == &advance ? stepping : steady;
            for (auto& [name, value] : entry->states) value = simplifier(value);
            for (auto& [name, value] : entry->nodes) value = simplifier(value);
        }
        if (!gates) return;
        for (auto& one : *gates)
            for (auto* part : {&one.form.inf, &one.form.tau, &one.form.rate, &one.form.alpha, &one.form.beta,
                               &one.form.factor})
                if (*part) *part = steady(**part);
    }

    /// Whether a value is computed from parameters, and dt if it may be, alone.
    bool is_fixed(Value value, bool has_dt) {
        std::set<std::string> read;
        for (auto const op : {Op::variable, Op::node, Op::input}) leaves(value, op, read);
        if (has_dt) read.erase("dt");
        for (auto const& [name, prepared_value] : prepared) read.erase(name);
        return read.empty();
    }

    /// Costly values that are computed from parameters, and dt in `advance`, alone.
    void find_constants() {
        std::set<Value> seen;
        auto const visit = [&](auto const& self, Value value, bool has_dt) -> void {
            if (!seen.insert(value).second || graph().is_leaf(value)) return;
            auto const node = graph()[value];
            if (is_fixed(value, has_dt) && node.op != Op::pack && node.op != Op::element &&
                !graph().is_condition(value) && is_costly(value)) {
                if (node.op == Op::infix && node.text != "/" && graph().constant(node.parts[0]))
                    return self(self, node.parts[1], has_dt);
                return constants.emplace_back(constant_name(value), value), void();
            }
            for (auto const part : node.parts) self(self, part, has_dt);
            for (auto const part : node.body) self(self, part, has_dt);
        };
        for (auto const* entry : {&advance, &current, &receive})
            if (!gates || entry != &advance)
                for (auto const value : roots(*entry))
                    visit(visit, value, entry == &advance || !late.empty());
        if (gates)
            for (auto const& one : *gates)
                for (auto const part : parts_of(one.form)) visit(visit, part, false);
        std::set<std::string> called;
        for (auto const value : seen)
            if (graph()[value].op == Op::user) called.insert(graph()[value].text);
        for (auto n = program.order.size(); n-- > 0;) {
            auto const& name = program.order[n];
            auto const result = program.functions.at(name).result;
            if (!called.contains(name)) continue;
            leaves(result, Op::user, called);
            visit(visit, result, false);
        }
    }
    std::string constant_name(Value value) const {
        auto const& node = program.graph[value];
        if (!node.name.empty()) return node.name;
        if (node.op == Op::infix && node.text == "/" && program.graph.is(node.parts[0], 1) &&
            program.graph.is_leaf(node.parts[1]))
            return "per_" + program.graph[node.parts[1]].text;
        return node.text == "exp" ? "decay" : "factor";
    }
    bool is_costly(Value value) const {
        auto const& node = program.graph[value];
        if (node.op == Op::call || node.op == Op::user) return true;
        if (node.op == Op::infix && node.text == "/" && !program.graph.constant(node.parts[1])) return true;
        if (node.op == Op::power && !program.graph.constant(value)) {
            auto const exponent = program.graph.constant(node.parts[1]);
            if (!exponent || *exponent != std::floor(*exponent)) return true;
        }
        return std::any_of(node.parts.begin(), node.parts.end(), [&](Value part) { return is_costly(part); });
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
