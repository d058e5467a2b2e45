// SPDX-License-Identifier: MIT
#pragma once

/// SOLVE: differential equations, kinetic schemes and systems of equations become steps from the
/// old values of states to the new ones, by the method that the file names. STEADYSTATE finds the steady
/// state by any method; NEURON 8.2.2 takes one step of 1e-9 ms with derivimplicit.

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/equations.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/relaxation.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Carries out SOLVE, and what stands in the blocks that it names.
class Solver : public Equations {
public:
    /// The relaxations that have been solved by `cnexp`, in order; for gates.
    std::vector<Equation> const& relaxed() const { return relaxed_; }
    /// Whether all that was solved are such relaxations.
    bool are_all_relaxed() const { return are_all_relaxed_; }

    /// A call of a DERIVATIVE block: a step where `cnexp` solves it, as in NEURON, otherwise only what it
    /// computes besides.
    std::optional<Value> call(Execution& e, Expression const& one) override {
        auto const* block = e.program().mod.named(one.text);
        if (!block || block->kind != "DERIVATIVE" || mode_ != Mode::none) return {};
        if (!is_solved_by(e.program().mod, one.text, "cnexp") || !exponential(e, *block))
            run(e, *block, Mode::ignore);
        are_all_relaxed_ = false;
        return e.graph().number("0");
    }

private:
    static bool is_solved_by(Mod const& mod, std::string const& name, std::string const& method) {
        auto const* block = mod.block("BREAKPOINT");
        return block && std::any_of(block->body.begin(), block->body.end(), [&](Statement const& one) {
                   return one.act == Act::solve && one.name == name && !one.names.empty() &&
                          one.names[0] == method;
               });
    }

    void solve(Execution& e, Statement const& one) override {
        auto const* block = e.program().mod.named(one.name);
        if (!block) refuse(one.at, "SOLVE: there is no block '{}'", one.name);
        std::string const method = one.names.empty() ? "" : one.names[0];
        if (block->kind == "PROCEDURE" || block->kind == "DISCRETE" || block->kind == "FUNCTION") {
            are_all_relaxed_ = false;
            return e.call_procedure(*block, {}, one.at);
        }
        if (mode_ != Mode::none) refuse(one.at, "SOLVE within a block that is solved");
        if (block->kind == "LINEAR" || block->kind == "NONLINEAR") return system(e, *block);
        if (block->kind != "DERIVATIVE" && block->kind != "KINETIC")
            refuse(one.at, "SOLVE: {} {} cannot be solved", block->kind, one.name);
        static std::set<std::string> const known{
            "",       "cnexp",       "derivimplicit", "sparse",    "euler",   "runge",
            "adams",  "after_cvode", "cvode_t",       "cvode_t_v", "simeq",   "gear",
            "newton", "heun",        "clsoda",        "adeuler",   "adrunge", "cvode"};
        if (!known.contains(method)) refuse(one.at, "METHOD {} is not known", method);
        if (method == "adams" || method == "gear" || method == "heun" || method == "clsoda" ||
            method == "adrunge" || method == "adeuler")
            refuse(one.at, "METHOD {}: only cnexp, derivimplicit, sparse, euler and runge are translated",
                   method);
        if (one.flag) return steady(e, *block);
        if (block->kind == "DERIVATIVE" && method == "cnexp" && exponential(e, *block)) return;
        are_all_relaxed_ = false;
        if (block->kind == "DERIVATIVE" && method == "euler") return explicit_step(e, *block);
        if (block->kind == "DERIVATIVE" && method == "runge") return runge_kutta(e, *block);
        implicit_step(e, *block);
    }

    /// cnexp; false, with nothing changed, unless all equations are linear in their own state.
    bool exponential(Execution& e, Block const& block) {
        Execution trial = e;
        is_linear_ = true;
        run(trial, block, Mode::exponential);
        if (!is_linear_) return false;
        relaxed_.clear();
        run(e, block, Mode::exponential);
        return true;
    }

    /// y += (1 - exp(dt b)) (-a/b - y) for y' = a + b y, at once: equations below see the new y.
    void exponential(Execution& e, std::string const& state, Statement const& one) override {
        auto& graph = e.graph();
        auto const y = e.value(state, one.at), x = graph.input(Execution::plain(state));
        e.set(state, x);
        auto const slope = e.number_of(e.evaluate(one.value));
        e.set(state, y);
        auto const line = graph.line(slope, x);
        if (!line) {
            is_linear_ = false;
            return;
        }
        relaxed_.push_back({state, x, slope, {}});
        e.assign(state, relaxed(e, y, slope, x, *line), one.at);
    }

    Value relaxed(Execution& e, Value y, Value slope, Value x, Graph::Line const& line) {
        auto& graph = e.graph();
        auto const dt = e.value("dt", {});
        if (graph.is(line.b, 0)) return graph.add(y, graph.multiply(dt, line.a));
        auto const found = relaxation(graph, slope, x);
        auto const rate = graph.negative(line.b);
        auto inf = found && found->inf ? *found->inf : graph.divide(line.a, rate);
        auto exponent = graph.multiply(graph.negative(dt), rate);
        if (auto const below = below_one(graph, rate)) exponent = graph.divide(graph.negative(dt), *below);
        if (found && found->tau) {
            auto const below = below_one(graph, *found->tau);
            exponent = below ? graph.multiply(graph.negative(dt), *below)
                             : graph.divide(graph.negative(dt), *found->tau);
        }
        if (found && found->rate) exponent = graph.multiply(graph.negative(dt), *found->rate);
        if (found && found->alpha) {
            auto const sum = graph.add(*found->alpha, *found->beta);
            inf = graph.divide(*found->alpha, sum);
            exponent =
                graph.multiply(graph.negative(dt), found->factor ? graph.multiply(*found->factor, sum) : sum);
        }
        auto const decay = graph.call(Op::call, "exp", {exponent});
        graph.name(inf, graph[x].text + "_inf", 1);
        if (graph.is(inf, 0)) return graph.multiply(y, decay);
        return graph.add(inf, graph.multiply(graph.subtract(y, inf), decay));
    }

    /// x of 1/x.
    static std::optional<Value> below_one(Graph const& graph, Value value) {
        auto const& node = graph[value];
        if (node.op != Op::infix || node.text != "/" || !graph.is(node.parts[0], 1)) return {};
        return node.parts[1];
    }

    /// States or their slopes, by name.
    using Numbers = std::map<std::string, Value>;

    /// The slopes where the states are `at`.
    Numbers slopes(Execution const& from, Block const& block, Numbers const& at) {
        Execution trial = from;
        for (auto const& [state, value] : at) trial.set(state, value);
        system_ = {};
        run(trial, block, Mode::collect);
        return system_.slope;
    }
    /// x + step slope.
    static Numbers moved(Graph& graph, Numbers x, Value step, Numbers const& slope) {
        for (auto& [state, value] : x) value = graph.add(value, graph.multiply(step, slope.at(state)));
        return x;
    }
    static Numbers values_of(Execution& e, Block const& block, Numbers x) {
        for (auto& [state, value] : x) value = e.value(state, block.at);
        return x;
    }

    void explicit_step(Execution& e, Block const& block) {
        auto const slope = slopes(e, block, {});
        finish(e, block, moved(e.graph(), values_of(e, block, slope), e.value("dt", {}), slope));
    }

    /// The classical method of Runge and Kutta.
    void runge_kutta(Execution& e, Block const& block) {
        auto& graph = e.graph();
        auto const dt = e.value("dt", {});
        auto const part = [&](char const* of) { return graph.divide(dt, graph.number(of)); };
        auto const first = slopes(e, block, {});
        auto const x = values_of(e, block, first);
        auto const at = [&](Value step, Numbers const& slope, char const* name) {
            auto const there = moved(graph, x, step, slope);
            for (auto const& [state, value] : there) graph.name(value, Execution::plain(state) + name, 0);
            return slopes(e, block, there);
        };
        auto const second = at(part("2"), first, "_half"), third = at(part("2"), second, "_middle"),
                   fourth = at(dt, third, "_end");
        auto next = moved(graph, x, part("6"), first);
        next = moved(graph, next, part("3"), second);
        next = moved(graph, next, part("3"), third);
        finish(e, block, moved(graph, next, part("6"), fourth));
    }

    /// Runs the block once more for all that it computes besides, with the new states.
    void finish(Execution& e, Block const& block, std::map<std::string, Value> const& next) {
        for (auto const& [state, value] : next) e.assign(state, value, block.at);
        run(e, block, Mode::ignore);
    }

    void implicit_step(Execution& e, Block const& block, bool is_steady = false) {
        // NEURON leaves out of its matrix that rates of reactions and sources follow states, and iterates
        // only where a scheme is nonlinear apart from that.
        rates_at_ = is_steady ? RatesAt::x : RatesAt::now;
        auto found = collect(e, block);
        auto& graph = e.graph();
        auto const states = unknown(found);
        auto const of = [&](Values const& values) {
            std::vector<Value> all;
            for (auto const& state : states) all.push_back(values.at(state));
            return all;
        };
        auto body = of(found.slope), bound = of(found.x);
        auto const now = of(found.at);
        bool const linear = is_linear(graph, body, bound),
                   rates_follow = bound != now && depend(graph, body, now);
        if (rates_follow && linear) {
            rates_at_ = RatesAt::start;
            found = collect(e, block);
            body = of(found.slope), bound = of(found.x);
        }
        auto const dt = e.value("dt", {});
        Values next;
        if (!alone(graph, found, e, dt, block, next)) {
            std::vector<Value> parts{dt};
            for (auto const& state : states) parts.push_back(e.value(state, block.at));
            auto const kind = linear                    ? "implicit_euler_linear"
                              : block.kind == "KINETIC" ? "implicit_euler_kinetic"
                                                        : "implicit_euler";
            if (kind == std::string_view("implicit_euler_kinetic")) {
                for (auto const& [state, value] : given_) body.push_back(value);
                if (rates_follow) bound.insert(bound.end(), now.begin(), now.end());
            }
            put(graph, graph.pack(kind, parts, bound, body, block.name + "_new"), states, found, next);
        }
        finish(e, block, next);
    }

    /// The states that no CONSERVE gives.
    std::vector<std::string> unknown(System const& found) const {
        std::vector<std::string> states;
        for (auto const& state : found.states)
            if (!given_.contains(state)) states.push_back(state);
        return states;
    }

    /// Whether one of the values depends on one of the inputs.
    static bool depend(Graph const& graph, std::vector<Value> const& values,
                       std::vector<Value> const& inputs) {
        return std::any_of(values.begin(), values.end(), [&](Value value) {
            return std::any_of(inputs.begin(), inputs.end(),
                               [&](Value x) { return graph.depends(value, x); });
        });
    }

    /// The states of a solution, and those that CONSERVE gives.
    void put(Graph& graph, Value pack, std::vector<std::string> const& states, System const& found,
             std::map<std::string, Value>& next) {
        for (std::size_t k = 0; k < states.size(); ++k) next[states[k]] = graph.element(pack, k);
        for (auto const& [state, value] : given_) {
            std::map<Value, Value> by;
            for (auto const& name : states) by[found.x.at(name)] = next[name];
            next[state] = substituted(graph, value, by);
        }
    }

    static Value substituted(Graph& graph, Value value, std::map<Value, Value> const& by) {
        if (auto const found = by.find(value); found != by.end()) return found->second;
        auto const node = graph[value];
        auto parts = node.parts;
        for (auto& part : parts) part = substituted(graph, part, by);
        return parts == node.parts ? value : graph.call(node.op, node.text, parts);
    }

    /// Implicit steps by formula, where each equation is linear in its own state and free of the others.
    bool alone(Graph& graph, System const& found, Execution& e, Value dt, Block const& block,
               std::map<std::string, Value>& next) {
        if (!given_.empty()) return false;
        for (auto const& state : found.states) {
            auto const slope = found.slope.at(state);
            for (auto const& other : found.states)
                if (other != state && graph.depends(slope, found.x.at(other))) return false;
            auto const line = graph.line(slope, found.x.at(state));
            if (!line) return false;
            auto const y = e.value(state, block.at);
            auto const top = graph.add(y, graph.multiply(dt, line->a));
            auto const loss = graph.negative(line->b);
            next[state] = graph.is(line->b, 0)
                              ? top
                              : graph.divide(top, graph.add(graph.number("1"), graph.multiply(dt, loss)));
        }
        return true;
    }

    /// Whether all values are linear in all inputs together.
    static bool is_linear(Graph& graph, std::vector<Value> const& values, std::vector<Value> const& inputs) {
        for (auto const value : values)
            for (auto const x : inputs) {
                auto const line = graph.line(value, x);
                if (!line) return false;
                for (auto const y : inputs)
                    if (graph.depends(line->b, y)) return false;
            }
        return true;
    }

    /// The steady state, as NEURON finds it: one implicit step of 10^9 ms.
    void steady(Execution& e, Block const& block) {
        are_all_relaxed_ = false;
        auto const dt = e.value("dt", {});
        e.set("dt", e.graph().number("1e9"));
        implicit_step(e, block, true);
        e.set("dt", dt);
    }

    void system(Execution& e, Block const& block) {
        are_all_relaxed_ = false;
        given_.clear();
        auto const found = collect(e, block);
        std::vector<Value> bound, start;
        std::vector<std::string> states;
        for (auto const& [state, x] : found.x) {
            bool const appears = std::any_of(found.equations.begin(), found.equations.end(),
                                             [&, x = x](Value one) { return e.graph().depends(one, x); });
            if (!appears) continue;
            states.push_back(state);
            start.push_back(e.value(state, block.at));
            bound.push_back(x);
        }
        if (states.size() != found.equations.size())
            refuse(block.at, "{} {} has {} equations for {} states", block.kind, block.name,
                   found.equations.size(), states.size());
        std::map<std::string, Value> next;
        bool const linear = is_linear(e.graph(), found.equations, bound);
        put(e.graph(),
            e.graph().pack(linear ? "linear_root" : "root", linear ? std::vector<Value>{} : start, bound,
                           found.equations, block.name + "_root"),
            states, found, next);
        finish(e, block, next);
    }

    bool is_linear_ = true, are_all_relaxed_ = true;
    std::vector<Equation> relaxed_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
