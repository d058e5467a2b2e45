// SPDX-License-Identifier: MIT
#pragma once

/// Collects what DERIVATIVE, KINETIC, LINEAR and NONLINEAR blocks say about states.

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Understands the statements of those blocks.
class Equations : public Execution::Hooks {
public:
    bool statement(Execution& e, Statement const& one) override {
        switch (one.act) {
            case Act::solve: solve(e, one); return true;
            case Act::differential: differential(e, one); return true;
            case Act::reaction: reaction(e, one); return true;
            case Act::compartment: compartment(e, one); return true;
            case Act::conserve: conserve(e, one); return true;
            case Act::equation: equation(e, one); return true;
            case Act::diffusion:
                refuse(one.at, "LONGITUDINAL_DIFFUSION: diffusion along the cell is not translated");
            default: return false;
        }
    }

protected:
    enum class Mode { none, exponential, collect, ignore };

    /// SOLVE, and what a step does at once with x' = ...
    virtual void solve(Execution& e, Statement const& one) = 0;
    virtual void exponential(Execution& e, std::string const& state, Statement const& one) = 0;

    void run(Execution& e, Block const& block, Mode mode) {
        mode_ = mode;
        e.run(block.body);
        mode_ = Mode::none;
    }

    /// The states at which rates of reactions, and sources, are taken: x, those at the start of the step, or
    /// inputs of their own.
    enum class RatesAt { x, start, now };

    /// Values of states, by name.
    using Values = std::map<std::string, Value>;

    /// The equations of a block, with its states as inputs.
    struct System {
        std::vector<std::string> states;                     // in order of appearance
        std::map<std::string, Value> x, slope;               // input and slope
        std::map<std::string, Value> at;                     // values that rates of reactions are taken at
        std::map<std::string, Value> volume;                 // of COMPARTMENT
        std::vector<Value> conserved, conserved_at;          // 0 where a CONSERVE holds, of x and of at
        std::vector<std::vector<std::string>> in_conserved;  // the states that it names, in order
        std::vector<Value> equations;                        // 0 where a LINEAR equation holds
    };

    static std::string base(std::string const& name) { return name.substr(0, name.find('[')); }

    static bool is_state(Execution& e, std::string const& name) {
        auto const* known = e.program().names.find(base(name));
        return known && (known->role == Role::state || (known->role == Role::ion && known->is_state));
    }

    /// All states of the file as inputs, each of its name. Those are what reacts in a KINETIC block; rates
    /// see what `rates_at_` says.
    void give_inputs(Execution& e, Block const& block) {
        auto const& names = e.program().names;
        for (auto const& name : names.order()) {
            auto const& known = *names.find(name);
            if (!(known.role == Role::state || (known.role == Role::ion && known.is_state))) continue;
            for (std::size_t k = 0; k < std::max<std::size_t>(known.size, 1); ++k) {
                auto const element = known.size > 0 ? fmt::format("{}[{}]", name, k) : name;
                give_input(e, element, block.kind == "KINETIC" ? rates_at_ : RatesAt::x);
            }
        }
    }
    void give_input(Execution& e, std::string const& state, RatesAt rates_at) {
        auto const name = Execution::plain(state);
        if (!system_.x.contains(state)) {
            auto const x = system_.x[state] = e.graph().input(name);
            system_.at[state] = rates_at == RatesAt::x       ? x
                                : rates_at == RatesAt::start ? e.value(state, {})
                                                             : e.graph().input(name + "_now");
        }
        e.set(state, system_.at[state]);
    }

    /// Runs a block on a copy, with states as inputs; those that a CONSERVE gives are expressed by
    /// the others.
    System collect(Execution const& from, Block const& block) {
        system_ = {};
        given_.clear();
        auto const once = [&] {
            Execution trial = from;
            system_.slope.clear();
            system_.conserved.clear();
            system_.conserved_at.clear();
            system_.in_conserved.clear();
            system_.equations.clear();
            system_.states.clear();
            give_inputs(trial, block);
            run(trial, block, Mode::collect);
        };
        once();
        Execution copy = from;
        auto& graph = copy.graph();
        if (hold_those_only_read(copy, block)) once();
        Values known;
        for (std::size_t k = 0; k < system_.conserved.size(); ++k) {
            auto const& named = system_.in_conserved[k];
            for (auto n = named.size(); n-- > 0;) {  // as NEURON: the last
                auto const& state = named[n];
                if (known.contains(state)) continue;
                auto const value = rest(graph, system_.conserved[k], system_.x[state]);
                if (!value) continue;
                known[state] = *value;
                if (rates_at_ != RatesAt::start) {
                    auto const now = rest(graph, system_.conserved_at[k], system_.at[state]);
                    system_.at[state] = now ? *now : *value;
                }
                break;
            }
        }
        if (known.empty()) return system_;
        if (known.size() > 1) {  // one may stand in the expression of another
            for (auto const& [one, value] : known)
                for (auto const& [other, x] : known)
                    if (one != other && graph.depends(value, system_.x[other]))
                        refuse(block.at, "{}: CONSERVE statements that share a state", block.name);
        }
        given_ = known;
        once();
        for (auto const& [name, value] : known) graph.name(value, Execution::plain(name), 0);
        return system_;
    }
    /// x from what is 0 and linear in x.
    static std::optional<Value> rest(Graph& graph, Value zero, Value x) {
        auto const line = graph.line(zero, x);
        if (!line || graph.is(line->b, 0)) return {};
        return graph.divide(graph.negative(line->a), line->b);
    }
    /// States that slopes are computed from and that have none stay as they are; false if there are none.
    bool hold_those_only_read(Execution& e, Block const& block) {
        bool found = false;
        for (auto& [state, x] : system_.x) {
            auto& at = system_.at[state];
            bool const is_read =
                std::any_of(system_.slope.begin(), system_.slope.end(), [&, x = x](auto const& one) {
                    return e.graph().depends(one.second, x) || e.graph().depends(one.second, at);
                });
            if (system_.slope.contains(state) || !is_read) continue;
            x = at = e.value(state, block.at);
            found = true;
        }
        return found;
    }
    Values given_;  // states that a CONSERVE gives
    RatesAt rates_at_ = RatesAt::x;

    void differential(Execution& e, Statement const& one) {
        auto const state = e.element_name(one.target);
        if (!is_state(e, state)) refuse(one.at, "{}': '{}' is no STATE", base(state), base(state));
        if (mode_ == Mode::none) refuse(one.at, "a differential equation belongs in a DERIVATIVE block");
        if (mode_ == Mode::ignore) return;
        if (mode_ == Mode::exponential) return exponential(e, state, one);
        if (std::find(system_.states.begin(), system_.states.end(), state) == system_.states.end())
            system_.states.push_back(state);
        system_.slope[state] = e.number_of(e.evaluate(one.value));
    }

    void reaction(Execution& e, Statement const& one) {
        if (mode_ == Mode::none) refuse(one.at, "a reaction belongs in a KINETIC block");
        auto& graph = e.graph();
        auto const rate = [&](std::size_t k) {
            if (k >= one.values.size()) refuse(one.at, "a rate of this reaction is missing");
            return e.number_of(e.evaluate(one.values[k]));
        };
        auto const flux = [&](Value k, std::vector<Term> const& terms) {
            for (auto const& term : terms) {
                auto const x = reacting(e, e.element_name(term.state), term.state->at);
                k = graph.multiply(
                    k, term.count == 1 ? x : graph.call(Op::power, "^", {x, graph.number(term.count)}));
            }
            return k;
        };
        auto const forward = one.name == "<<" ? rate(0) : flux(rate(0), one.left);
        auto const backward = one.name == "<->" ? flux(rate(1), one.right) : graph.number("0");
        e.set("f_flux", forward);
        e.set("b_flux", backward);
        if (mode_ == Mode::ignore) return;
        auto const net = graph.subtract(forward, backward);
        bool const is_source = one.name == "<<";
        for (auto const& term : one.left) change(e, term, is_source ? 1 : -1, net);
        for (auto const& term : one.right) change(e, term, 1, net);
    }

    /// The value of a state, or of a concentration that is held, in a flux.
    Value reacting(Execution& e, std::string const& name, Place at) const {
        auto const value = e.value(name, at);
        auto const x = system_.x.find(name);
        if (mode_ != Mode::collect || x == system_.x.end() || value != system_.at.at(name)) return value;
        auto const given = given_.find(name);
        return given == given_.end() ? x->second : given->second;
    }

    void change(Execution& e, Term const& term, int sign, Value net) {
        auto const state = e.element_name(term.state);
        if (!is_state(e, state)) return;  // a concentration that is held
        auto& graph = e.graph();
        if (std::find(system_.states.begin(), system_.states.end(), state) == system_.states.end())
            system_.states.push_back(state);
        if (term.count != 1) net = graph.multiply(graph.number(term.count), net);
        if (auto const found = system_.volume.find(state); found != system_.volume.end())
            net = graph.divide(net, found->second);
        auto const found = system_.slope.find(state);
        auto const before = found == system_.slope.end() ? graph.number("0") : found->second;
        system_.slope[state] = sign > 0 ? graph.add(before, net) : graph.subtract(before, net);
    }

    void compartment(Execution& e, Statement const& one) {
        if (mode_ == Mode::ignore) return;
        auto const volume_of = [&](std::string const& name) {
            system_.volume[name] = e.number_of(e.evaluate(one.value));
        };
        for (auto const& name : one.names) {
            auto const* known = e.program().names.find(name);
            if (!known) refuse(one.at, "COMPARTMENT: '{}' is not declared", name);
            if (known->size == 0) {
                volume_of(name);
                continue;
            }
            for (std::size_t k = 0; k < known->size; ++k) {
                if (!one.name.empty()) e.set(one.name, e.graph().number(static_cast<double>(k)));
                volume_of(fmt::format("{}[{}]", name, k));
            }
        }
    }

    void conserve(Execution& e, Statement const& one) {
        if (mode_ == Mode::ignore) return;
        auto const right = e.evaluate(one.value);
        auto const excess = [&](Values const& states) {
            Values kept;
            for (auto const& [state, value] : states) {  // what is conserved is an amount
                kept[state] = e.value(state, one.at);
                auto const volume = system_.volume.find(state);
                e.set(state,
                      volume == system_.volume.end() ? value : e.graph().multiply(volume->second, value));
            }
            auto const left = e.evaluate(one.target);
            for (auto const& [state, value] : kept) e.set(state, value);
            return e.graph().subtract(left, right);
        };
        system_.conserved.push_back(excess(system_.x));
        system_.conserved_at.push_back(excess(system_.at));
        system_.in_conserved.emplace_back();
        list_states(e, one.target, system_.in_conserved.back());
    }

    static void list_states(Execution& e, Formula const& formula, std::vector<std::string>& into) {
        if (formula->form == Form::name || formula->form == Form::element) {
            auto const name = e.element_name(formula);
            if (is_state(e, name)) into.push_back(name);
            return;
        }
        for (auto const& part : formula->parts) list_states(e, part, into);
    }

    void equation(Execution& e, Statement const& one) {
        if (mode_ == Mode::ignore) return;
        auto const left = e.number_of(e.evaluate(one.target)), right = e.number_of(e.evaluate(one.value));
        system_.equations.push_back(e.graph().subtract(left, right));
    }

    Mode mode_ = Mode::none;
    System system_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
