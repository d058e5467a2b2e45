// SPDX-License-Identifier: MIT
#pragma once

/// Actions of NET_RECEIVE: events that a point process sends itself, spikes, voltages that it watches, loops
/// over connections. Each is noted with the condition under which it happens.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/execution.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/solving.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Something that an event does besides changing numbers.
struct Action {
    std::string what;                // send, move, spike, watch_above, watch_below, for_each_connection
    std::optional<Value> condition;  // none: always
    std::vector<Value> arguments;    // of a loop: what becomes of each connection's numbers
    std::vector<Value> bound;        // of a loop: each connection's numbers
};

/// Carries out NET_RECEIVE.
class Receiver : public Solver {
public:
    std::vector<Action> const& actions() const { return actions_; }

    bool statement(Execution& e, Statement const& one) override {
        if (one.act == Act::watch) return watch(e, one), true;
        if (one.act == Act::netcons) return for_each(e, one), true;
        if (one.act == Act::initial) return true;  // see Mechanism
        return Solver::statement(e, one);
    }

    std::optional<Value> call(Execution& e, Expression const& one) override {
        auto const arguments = [&](std::size_t count) {
            if (one.parts.size() != count)
                refuse(one.at, "{} takes {} arguments, not {}", one.text, count, one.parts.size());
            std::vector<Value> all;
            for (auto const& part : one.parts) all.push_back(e.number_of(e.evaluate(part)));
            return all;
        };
        if (one.text == "net_send") return act(e, "send", arguments(2));
        if (one.text == "net_move") return act(e, "move", arguments(1));
        if (one.text == "net_event") {
            if (arguments(1)[0] != e.value("t", one.at))
                refuse(one.at, "net_event: a spike at another time than t; send an event for that time, and "
                               "spike when it comes");
            return act(e, "spike", {});
        }
        return Solver::call(e, one);
    }

private:
    Value act(Execution& e, std::string what, std::vector<Value> arguments) {
        actions_.push_back({std::move(what), e.path(), std::move(arguments), {}});
        return e.graph().number("0");
    }

    /// WATCH (v > threshold) flag.
    void watch(Execution& e, Statement const& one) {
        auto const condition = e.evaluate(one.value);
        auto const flag = e.number_of(e.evaluate(one.values[0]));
        auto const node = e.graph()[condition];
        auto const v = e.graph().leaf(Op::variable, "v");
        bool const is_left = node.op == Op::compare && node.parts[0] == v,
                   is_right = node.op == Op::compare && node.parts[1] == v;
        bool const is_above =
            (is_left && node.text.starts_with('>')) || (is_right && node.text.starts_with('<'));
        bool const is_below =
            (is_left && node.text.starts_with('<')) || (is_right && node.text.starts_with('>'));
        if (!is_above && !is_below)
            refuse(one.at, "WATCH: only comparisons of v with a threshold are translated");
        auto const threshold = node.parts[is_left ? 1 : 0];
        if (e.graph().depends(threshold, v)) refuse(one.at, "WATCH: the threshold must not depend on v");
        act(e, is_above ? "watch_above" : "watch_below", {threshold, flag});
    }

    /// FOR_NETCONS (w, x) { ... }: the body may change the numbers of each connection alone.
    void for_each(Execution& e, Statement const& one) {
        Execution inside = e;
        std::vector<Value> bound, after;
        for (auto const& name : one.names) {
            bound.push_back(e.graph().input(name));
            inside.give(name, bound.back());
        }
        inside.run(one.body);
        for (auto const& name : one.names) after.push_back(inside.value(name, one.at));
        for (auto const& [name, value] : inside.values())
            if (auto const before = e.values().find(name);
                before != e.values().end() && before->second != value)
                refuse(one.at, "FOR_NETCONS: the loop changes '{}', which is not a number of the connection",
                       name);
        if (after != bound) actions_.push_back({"for_each_connection", e.path(), after, bound});
    }

    std::vector<Action> actions_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
