// SPDX-License-Identifier: MIT
#pragma once

/// Exponents that are a number times something.

#include <map>
#include <string>

#include <hillock/isa.hpp>
#include <hillock/nmodl/graph.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// An exponent as k u; without a number, `k` is empty.
struct Exponent {
    std::string k;  // in C++
    Value u;
};

/// The exponent `x`, which is -(v + 65)/18 for example. Values that have names are not taken apart.
inline Exponent exponent(Graph const& graph, Value x, std::map<Value, std::string> const& names) {
    auto const whole = x;
    std::string sign;
    if (graph[x].op == Op::negative && !names.contains(x)) {
        sign = "-";
        x = graph[x].parts[0];
    }
    auto const& node = graph[x];
    if (node.op != Op::infix || names.contains(x)) return {"", whole};
    auto const number = [&](Value part) {
        return graph[part].op == Op::number ? number_text(graph[part].text, true) : "";
    };
    if (node.text == "/")
        if (auto const k = number(node.parts[1]); !k.empty()) return {sign + "1 / " + k, node.parts[0]};
    if (node.text == "*")
        if (auto const k = number(node.parts[0]); !k.empty()) return {sign + k, node.parts[1]};
    return {"", whole};
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
