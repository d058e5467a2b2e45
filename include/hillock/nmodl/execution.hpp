// SPDX-License-Identifier: MIT
#pragma once

/// Carries out code symbolically: every assignment gives a name a new value of the graph, procedures are
/// carried out where they are called, both branches of an `if` are and their results chosen between, and
/// loops run. What remains are the values that variables have at the end.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/drawing.hpp>
#include <hillock/nmodl/functions_of_c.hpp>
#include <hillock/nmodl/functions_of_neuron.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/names.hpp>
#include <hillock/nmodl/prose.hpp>
#include <hillock/nmodl/returns.hpp>
#include <hillock/nmodl/scopes.hpp>
#include <hillock/nmodl/tables.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>
#include <hillock/nmodl/verbatim.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Carries out the code of one function.
class Execution : public Scopes {
public:
    /// Begins with the values `start`; names that are missing have those of before.
    Execution(Program& program, Environment start) : Scopes{program, std::move(start)} {}

    /// How code treats what only some blocks have: equations, SOLVE, events. An Execution alone refuses them.
    class Hooks {
    public:
        virtual ~Hooks() = default;
        virtual bool statement(Execution&, Statement const&) { return false; }
        virtual std::optional<Value> call(Execution&, Expression const&) { return {}; }
    };
    void use(Hooks* hooks) { hooks_ = hooks; }

    /// The condition under which the code is where it is now; nothing outside of branches.
    std::optional<Value> path() {
        std::optional<Value> all;
        for (auto const one : path_) all = all ? graph_.logic(true, *all, one) : one;
        return all;
    }

    void run(Statements const& body) {
        if (std::any_of(body.begin(), body.end(), may_return)) return run(without_returns(body));
        for (auto const& each : body) run(each);
    }

    void run(Statement const& one) {
        if (++steps_ > 200'000) refuse(one.at, "code of more than 200000 steps");
        if (hooks_ && hooks_->statement(*this, one)) return;
        switch (one.act) {
            case Act::assign: return assign(element_name(one.target), number_of(evaluate(one.value)), one.at);
            case Act::branch: return branch(one);
            case Act::loop_from: return loop_from(one);
            case Act::loop_while: return loop_while(one);
            case Act::call: return call_statement(one);
            case Act::local: return local(one);
            case Act::table: return;  // see call_procedure
            case Act::verbatim: return verbatim(one);
            default: refuse(one.at, "this statement is not understood in this block");
        }
    }

    /// Calls a PROCEDURE.
    void call_procedure(Block const& block, std::vector<Value> const& arguments, Place at) {
        enter(block, arguments, at);
        auto const* table = table_of(block);
        if (table && !is_table_off(program_))
            tabulate(block, *table);
        else
            run(block.body);
        leave();
    }

    Value evaluate(Formula const& formula) {
        auto const& e = *formula;
        switch (e.form) {
            case Form::number: return graph_.number(e.text);
            case Form::name: return read(e.text, e.at);
            case Form::element: return read(element_name(formula), e.at);
            case Form::prefix:
                if (e.text == "-") return graph_.negative(number_of(evaluate(e.parts[0])));
                return graph_.no(condition_of(evaluate(e.parts[0])));
            case Form::infix: return infix(e);
            case Form::call: return call(e);
            case Form::string: refuse(e.at, "a string has no value");
        }
        return 0;
    }

    /// A name, or that of an element of an array, whose index must be known.
    std::string element_name(Formula const& formula) {
        if (formula->form != Form::element) return formula->text;
        auto const index = graph_.constant(evaluate(formula->parts[0]));
        if (!index)
            refuse(formula->at, "the index of '{}' is not known before the program runs", formula->text);
        auto const size = size_of(formula->text);
        if (*index < 0 || *index >= static_cast<double>(size))
            refuse(formula->at, "{}[{}]: the array has {} elements", formula->text, *index, size);
        return fmt::format("{}[{}]", formula->text, static_cast<std::size_t>(*index));
    }

private:
    Value infix(Expression const& e) {
        auto const& t = e.text;
        auto a = evaluate(e.parts[0]), b = evaluate(e.parts[1]);
        if (t == "&&" || t == "||") return graph_.logic(t == "&&", condition_of(a), condition_of(b));
        a = number_of(a);
        b = number_of(b);
        if (t == "^") return graph_.power(a, b);
        if (t == "+") return graph_.add(a, b);
        if (t == "-") return graph_.subtract(a, b);
        if (t == "*") return graph_.multiply(a, b);
        if (t == "/") return graph_.divide(a, b);
        if (t == "%") refuse(e.at, "'%' is not understood");
        return graph_.call(Op::compare, t, {a, b});
    }

    Value call(Expression const& e) {
        if (hooks_)
            if (auto const made = hooks_->call(*this, e)) return *made;
        if (auto const* random = random_function(e.text)) return draw(e, *random);
        auto const* block = program_.mod.named(e.text);
        if (block && block->kind == "FUNCTION")
            if (auto const distribution = stream_function(*block))
                return drawn(*this, *distribution, {}, e.at);
        if (block && block->kind == "FUNCTION") return call_function(*block, arguments_of(e), e.at);
        if (block && block->kind == "FUNCTION_TABLE") return looked_up(*block, arguments_of(e), e.at);
        if (block && block->kind == "PROCEDURE") {
            call_procedure(*block, arguments_of(e), e.at);
            return graph_.number("0");
        }
        return builtin(e);
    }

    Value draw(Expression const& e, RandomFunction const& random) {
        std::vector<Value> given;
        for (std::size_t k = random.takes_stream ? 1 : 0; k < e.parts.size(); ++k)
            given.push_back(number_of(evaluate(e.parts[k])));
        if (given.size() > random.numbers)
            refuse(e.at, "{} takes {} numbers, not {}", e.text, random.numbers, given.size());
        return drawn(*this, random.distribution, given, e.at);
    }

    std::vector<Value> arguments_of(Expression const& e) {
        std::vector<Value> all;
        for (auto const& part : e.parts) all.push_back(number_of(evaluate(part)));
        return all;
    }

    Value builtin(Expression const& e) {
        if (e.text == "pow" && e.parts.size() == 2) {
            auto const a = arguments_of(e);
            return graph_.power(a[0], a[1]);
        }
        if (e.text == "at_time" && !e.parts.empty())
            return is_time(graph_, number_of(evaluate(e.parts.back())), read("t", e.at), read("dt", e.at));
        if (e.text == "nrn_ghk" && e.parts.size() == 4)
            return constant_field(graph_, arguments_of(e), read("celsius", e.at));
        auto const found = functions_of_c().find(e.text);
        if (found == functions_of_c().end()) {
            if (program_.mod.named(e.text)) refuse(e.at, "'{}' is no FUNCTION or PROCEDURE", e.text);
            refuse(e.at, "there is no function '{}'", e.text);
        }
        if (e.parts.size() != found->second.second)
            refuse(e.at, "{} takes {} arguments, not {}", e.text, found->second.second, e.parts.size());
        return graph_.call(Op::call, found->second.first, arguments_of(e));
    }

    /// The result of a FUNCTION, by a call of its member function where it has no effects.
    Value call_function(Block const& block, std::vector<Value> const& arguments, Place at) {
        if (arguments.size() != block.arguments.size())
            refuse(at, "{} takes {} arguments, not {}", block.name, block.arguments.size(), arguments.size());
        if (auto const* made = made_function(block, at)) {
            auto all = arguments;
            for (auto const& [leaf, name] : made->more) all.push_back(read_outside(name, at));
            return graph_.call(Op::user, block.name, std::move(all));
        }
        enter(block, arguments, at);
        auto const result = run_function(block);
        leave();
        return result;
    }
    Value run_function(Block const& block) {
        scopes_.back()[block.name] = graph_.number("0");
        auto const* table = table_of(block);
        if (table && table->names.empty() && !is_table_off(program_))
            tabulate(block, *table);
        else
            run(block.body);
        return scopes_.back()[block.name];
    }

    MadeFunction const* made_function(Block const& block, Place at) {
        if (auto const found = program_.functions.find(block.name); found != program_.functions.end()) {
            if (!found->second.block) refuse(at, "{} calls itself", block.name);
            return &found->second;
        }
        if (program_.with_effects.contains(block.name)) return nullptr;
        program_.functions[block.name];  // being made
        MadeFunction made;
        made.block = &block;
        Execution inside(program_, {});
        inside.is_pure_ = true;
        inside.hooks_ = hooks_;
        for (auto const& one : block.arguments) made.arguments.push_back(graph_.input(one.name));
        try {
            inside.enter(block, made.arguments, at);
            made.result = inside.number_of(inside.run_function(block));
        } catch (HasEffects const&) {
            program_.functions.erase(block.name);
            program_.with_effects.insert(block.name);
            if (is_pure_) throw;
            return nullptr;
        }
        for (auto const& [name, leaf] : inside.values_)
            if (graph_[leaf].op >= Op::input && graph_[leaf].op <= Op::node &&
                graph_.depends(made.result, leaf))
                made.more.emplace_back(leaf, name);
        program_.order.push_back(block.name);
        return &(program_.functions[block.name] = made);
    }

    void call_statement(Statement const& one) {
        auto const& e = *one.value;
        if (hooks_)
            if (hooks_->call(*this, e)) return;
        if (!program_.mod.named(e.text) && has_no_effect(e.text)) {
            if (e.text != "state_discontinuity" || e.parts.size() != 2) return;
            return assign(element_name(e.parts[0]), number_of(evaluate(e.parts[1])), e.at);
        }
        call(e);
    }

    void local(Statement const& one) {
        auto const& name = one.names[0];
        if (one.values.empty()) {
            scopes_.back()[name] = graph_.number("0");
            return;
        }
        auto const size = static_cast<std::size_t>(*graph_.constant(evaluate(one.values[0])));
        local_sizes_[name] = size;
        for (std::size_t k = 0; k < size; ++k)
            scopes_.back()[fmt::format("{}[{}]", name, k)] = graph_.number("0");
    }

    void branch(Statement const& one) {
        auto const condition = condition_of(evaluate(one.value));
        if (auto const known = graph_.constant(condition)) return run(*known != 0 ? one.body : one.other);
        auto const values = values_, scope = scopes_.back();
        path_.push_back(condition);
        run(one.body);
        path_.back() = graph_.no(condition);
        auto const then_values = std::exchange(values_, values),
                   then_scope = std::exchange(scopes_.back(), scope);
        run(one.other);
        path_.pop_back();
        merge(condition, then_scope, scopes_.back(), nullptr);
        merge(condition, then_values, values_, &one);
    }

    void loop_from(Statement const& one) {
        auto const bound = [&](std::size_t k) {
            auto const known = graph_.constant(evaluate(one.values[k]));
            if (!known) refuse(one.at, "the bounds of this loop are not known before the program runs");
            return *known;
        };
        double const first = bound(0), last = bound(1), by = one.values.size() > 2 ? bound(2) : 1;
        if (by == 0) refuse(one.at, "a loop BY 0");
        auto const scope = scopes_.back();
        for (double k = first; by > 0 ? k <= last : k >= last; k += by) {
            scopes_.back()[one.name] = graph_.number(k);
            run(one.body);
        }
        if (auto const was = scope.find(one.name); was != scope.end())
            scopes_.back()[one.name] = was->second;
        else
            scopes_.back().erase(one.name);
    }

    void loop_while(Statement const& one) {
        while (true) {
            auto const known = graph_.constant(condition_of(evaluate(one.value)));
            if (!known) refuse(one.at, "a loop whose number of turns is not known before the program runs");
            if (*known == 0) return;
            if (++steps_ > 200'000) refuse(one.at, "code of more than 200000 steps");
            run(one.body);
        }
    }

    /// C code that is NMODL as well is carried out.
    void verbatim(Statement const& one) {
        auto const code = c_statements(one.name);
        std::string reason;
        try {
            return run(read_verbatim(code, one.at, program_.texts));
        } catch (Refusal const& refusal) {
            reason = refusal.sentence();
        }
        refuse(one.at, "VERBATIM holds C code that is not translated: {} ({})", printable(code, 70), reason);
    }

    /// Interpolates the names in TABLE's list between points of the argument. (Other names that the block
    /// changes are what they are without a table.)
    void tabulate(Block const& block, Statement const& table) {
        if (block.arguments.size() != 1) refuse(table.at, "TABLE: {} must have one argument", block.name);
        auto const& argument = block.arguments[0].name;
        auto const x = scopes_.back()[argument];
        auto const from = number_of(evaluate(table.values[0])), to = number_of(evaluate(table.values[1]));
        auto const points = number_of(evaluate(table.values[2]));
        auto const point = program_.point_of(block);
        auto const names = table_names(block, table, [&](std::string const& name) { return size_of(name); });
        auto const values = values_, scope = scopes_.back();
        scopes_.back()[argument] = point;
        run(block.body);
        std::vector<Value> body;
        for (auto const& name : names) body.push_back(read(name, table.at));
        values_ = values;
        scopes_.back() = scope;
        run(block.body);
        auto const pack = graph_.pack("table", {x, from, to, points}, {point}, body, block.name + "_table");
        for (std::size_t k = 0; k < names.size(); ++k) {
            if (!graph_.depends(body[k], point)) continue;
            assign(names[k], graph_.element(pack, k), table.at);
        }
    }

    Hooks* hooks_ = nullptr;
    std::vector<Value> path_;  // the conditions of the branches that are being carried out
    std::size_t steps_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
