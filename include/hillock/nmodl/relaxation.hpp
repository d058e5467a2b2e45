// SPDX-License-Identifier: MIT
#pragma once

/// Equations in which a state relaxes towards another value, in the forms that files write.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Equations of the form x' = (inf - x) rate, as the file writes them.
struct Relaxation {
    std::optional<Value> inf, tau, rate;  // inf with one of tau and rate,
    std::optional<Value> alpha, beta;     // or these two;
    std::optional<Value> factor;          // times this
};

/// The values of which a relaxation is made.
inline std::vector<Value> parts_of(Relaxation const& form) {
    std::vector<Value> all;
    for (auto const& part : {form.inf, form.tau, form.rate, form.alpha, form.beta, form.factor})
        if (part) all.push_back(*part);
    return all;
}

/// x' = slope, in which the state is the input `x`.
struct Equation {
    std::string state;
    Value x, slope;
    Relaxation form;  // of a gate
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

/// The factor f of a time constant 1/(f sum), which may be 1; nothing if it has another form.
inline std::optional<Value> factor_of_rate(Graph& graph, Value tau, Value sum) {
    auto const infix = [&](Value value, char const* sign) {
        return graph[value].op == Op::infix && graph[value].text == sign;
    };
    if (!infix(tau, "/")) return {};
    auto const above = graph[tau].parts[0], below = graph[tau].parts[1];
    if (graph.is(above, 1) && below == sum) return graph.number("1");
    if (graph.is(above, 1) && infix(below, "*"))
        for (std::size_t k : {0, 1})
            if (graph[below].parts[k] == sum) return graph[below].parts[1 - k];
    if (infix(above, "/") && graph.is(graph[above].parts[0], 1) && graph[above].parts[1] == sum) return below;
    return {};
}

/// The relaxation in terms of the rates alpha and beta, if its inf is alpha/(alpha + beta) and its tau
/// 1/(alpha + beta), or shorter by a factor.
inline Relaxation by_rates(Graph& graph, Relaxation form) {
    if (!form.inf || !form.tau || graph[*form.inf].op != Op::infix) return form;
    auto const inf = graph[*form.inf];
    auto sum = inf.parts[1];
    if (inf.text == "*") {  // alpha tau
        auto const& tau = graph[*form.tau];
        if (sum != *form.tau || tau.op != Op::infix || tau.text != "/" || !graph.is(tau.parts[0], 1))
            return form;
        sum = tau.parts[1];
    } else if (inf.text != "/") {
        return form;
    }
    auto const rates = graph[sum];
    if (rates.op != Op::infix || rates.text != "+") return form;
    auto const factor = factor_of_rate(graph, *form.tau, sum);
    for (std::size_t k : {0, 1})
        if (factor && rates.parts[k] == inf.parts[0])
            return {
                {}, {}, {}, inf.parts[0], rates.parts[1 - k], graph.is(*factor, 1) ? std::nullopt : factor};
    return form;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
