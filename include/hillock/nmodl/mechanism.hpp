// SPDX-License-Identifier: MIT
#pragma once

/// A mechanism as it will be written: its parameters, what its State holds, and the values that its functions
/// compute.

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/solving.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// What a function of the mechanism leaves behind.
struct Entry {
    Environment values;
    std::vector<std::pair<std::string, Value>> states,
        nodes;  // what it writes: State's members, node variables
};

/// A current that leaves the cell.
struct Leak {
    std::string name, node;  // node: of the ion's current, in C++; none: empty
    Value value;
};

/// All that a density mechanism or a synapse computes.
class Mechanism {
public:
    /// Carries out the code of `mod`, whose tree must outlive this.
    explicit Mechanism(Mod const& mod) : program{mod} {
        refuse_what_is_not_translated();
        run_initial();
        run_breakpoint();
        find_members();
        find_gates();
        find_nodes();
    }

    Program program;
    Entry initial, current, advance;
    std::vector<Leak> leaks;
    std::vector<std::string> members;                     // of State: states, then what users may read
    std::vector<std::pair<std::string, Value>> prepared;  // derived from parameters alone
    std::optional<std::vector<Equation>> gates;           // of the states, in order, if all are gates
    std::vector<std::string> uses, writes;                // node variables in C++
    bool needs_dt = false;                                // in functions that are not given it

    bool is_prepared(std::string const& name) const {
        return std::any_of(prepared.begin(), prepared.end(),
                           [&](auto const& one) { return one.first == name; });
    }
    bool has_current() const { return !leaks.empty(); }

    /// The leaf that stands for a quantity before any code.
    Value old(std::string const& name) { return program.graph.leaf(Op::variable, name); }

    /// The names of a quantity, or of the elements of an array.
    static std::vector<std::string> elements(Quantity const& one) {
        if (one.size == 0) return {one.name};
        std::vector<std::string> all;
        for (std::size_t k = 0; k < one.size; ++k) all.push_back(fmt::format("{}[{}]", one.name, k));
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

    void refuse_what_is_not_translated() const {
        auto const& m = mod();
        if (m.kind == Kind::none)
            refuse({m.texts.front().get(), 0}, "there is no SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL");
        if (m.kind == Kind::density && m.suffix == "nothing")
            refuse(m.suffix_at, "SUFFIX nothing: there is no mechanism in this file");
        if (m.kind == Kind::artificial) refuse(m.suffix_at, "ARTIFICIAL_CELL is not translated");
        if (m.kind == Kind::density && m.block("NET_RECEIVE"))
            refuse(m.block("NET_RECEIVE")->at, "NET_RECEIVE in a density mechanism");
        if (!m.pointers.empty())
            refuse(m.pointers[0].second, "POINTER {}: pointers are not translated", m.pointers[0].first);
        if (!m.randoms.empty())
            refuse(m.randoms[0].second, "RANDOM {}: random streams are not translated", m.randoms[0].first);
        if (!m.external.empty())
            refuse(m.external[0].second, "EXTERNAL {}: variables of other files are not translated",
                   m.external[0].first);
        for (auto const& block : m.blocks) {
            if (block.kind.starts_with("BEFORE") || block.kind.starts_with("AFTER"))
                refuse(block.at, "{} blocks are not translated", block.kind);
            if (block.kind == "VERBATIM") refuse_verbatim(block.body[0]);
        }
        std::size_t numbers = 0;
        for (auto const& name : program.names.order()) numbers += program.names.find(name)->size;
        if (numbers > 2000)
            refuse(m.suffix_at, "arrays of {} elements in all: at most 2000 are translated", numbers);
    }
    static void refuse_verbatim(Statement const& one) {
        auto const code = c_code(one.name);
        bool const declares = code.empty() || code.find('{') == std::string::npos;
        if (!declares) refuse(one.at, "VERBATIM holds C code that is not translated: {}", code.substr(0, 70));
    }

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
        Solver solver;
        e.use(&solver);
        if (auto const* block = mod().block("INITIAL")) e.run(without_receive(block->body));
        initial.values = e.values();
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

    static Statements without_receive(Statements const& body) { return body; }

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
                bool const is_computed = is_changed_by(current, element) || is_changed_by(advance, element);
                if (one.role == Role::state || (one.role == Role::variable && one.is_range && is_computed))
                    found.insert(element);
            }
        }
        while (add_members(found)) {}
        keep_in_order(found);
        initial.states = written(initial, true);
        current.states = written(current, false);
        advance.states = written(advance, false);
        for (auto* entry : {&initial, &current, &advance}) entry->nodes = written_nodes(*entry);
    }

    /// Adds what the functions of `current` and `advance` read from before; whether there was more.
    bool add_members(std::set<std::string>& found) {
        std::set<std::string> read;
        for (auto const* entry : {&current, &advance}) {
            for (auto const& [name, value] : entry->values)
                if (found.contains(name) || is_node(name)) leaves(value, Op::variable, read);
        }
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
        if (is_changed_by(current, name) || is_changed_by(advance, name)) return false;
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
        auto const take = [&](Value value) { leaves(value, Op::node, names); };
        for (auto const* entry : {&initial, &current, &advance}) {
            for (auto const& [name, value] : entry->states) take(value);
            for (auto const& [name, value] : entry->nodes) take(value);
        }
        for (auto const& leak : leaks) take(leak.value);
        for (auto const* entry : {&initial, &current, &advance})
            for (auto const& [name, value] : entry->nodes) names.insert(name);
        std::set<std::string> seen;
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
