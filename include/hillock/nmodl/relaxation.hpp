// SPDX-License-Identifier: MIT
#pragma once

/// Equations in which a state relaxes towards another value, in the forms that files write.

#include <cstddef>
#include <optional>
#include <string>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// x' = slope, in which the state is the input `x`.
struct Equation {
    std::string state;
    Value x, slope;
};

/// Equations of the form x' = (inf - x) rate, as the file writes them.
struct Relaxation {
    std::optional<Value> inf, tau, rate;  // inf with one of tau and rate,
    std::optional<Value> alpha, beta;     // or these two;
    std::optional<Value> factor;          // times this
};

/// The form in which `slope` relaxes x, if it does.
inline std::optional<Relaxation> relaxation(Graph& graph, Value slope, Value x) {
    auto const node = graph[slope];
    auto const free = [&](Value value) { return !graph.depends(value, x); };
    auto const infix = [&](Value value, char const* sign) {
        return graph[value].op == Op::infix && graph[value].text == sign;
    };
    auto const distance = [&](Value value) -> std::optional<Value> {  // of inf - x
        if (infix(value, "-") && graph[value].parts[1] == x && free(graph[value].parts[0]))
            return graph[value].parts[0];
        if (graph[value].op == Op::negative && graph[value].parts[0] == x) return graph.number("0");
        return {};
    };
    auto const times_x = [&](Value value) -> std::optional<Value> {  // of beta x
        if (!infix(value, "*")) return value == x ? std::optional{graph.number("1")} : std::nullopt;
        auto const& parts = graph[value].parts;
        if (parts[1] == x && free(parts[0])) return parts[0];
        if (parts[0] == x && free(parts[1])) return parts[1];
        return {};
    };
    auto const times_closed = [&](Value value) -> std::optional<Value> {  // of alpha (1 - x)
        auto const is_closed = [&](Value one) {
            return infix(one, "-") && graph[one].parts[1] == x && graph.is(graph[one].parts[0], 1);
        };
        if (!infix(value, "*")) return {};
        auto const& parts = graph[value].parts;
        if (is_closed(parts[1]) && free(parts[0])) return parts[0];
        if (is_closed(parts[0]) && free(parts[1])) return parts[1];
        return {};
    };
    if (node.op == Op::infix && node.text == "/" && free(node.parts[1]))
        if (auto const inf = distance(node.parts[0])) return Relaxation{*inf, node.parts[1], {}, {}, {}, {}};
    if (node.op == Op::infix && node.text == "*")
        for (std::size_t k : {0, 1})
            if (free(node.parts[1 - k])) {
                if (auto const inf = distance(node.parts[k]))
                    return Relaxation{*inf, {}, node.parts[1 - k], {}, {}, {}};
                auto inner = relaxation(graph, node.parts[k], x);
                if (inner && inner->alpha && !inner->factor) {
                    inner->factor = node.parts[1 - k];
                    return inner;
                }
            }
    if (node.op == Op::infix && node.text == "-")
        if (auto const alpha = times_closed(node.parts[0]))
            if (auto const beta = times_x(node.parts[1])) return Relaxation{{}, {}, {}, alpha, beta, {}};
    return {};
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
