// SPDX-License-Identifier: MIT
#pragma once

/// Writes the gates of a channel as a person would: by opening and closing rates where the file computes inf
/// and tau from them, and with quotients that the gate divides out.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code.hpp>
#include <hillock/nmodl/events.hpp>
#include <hillock/nmodl/exponent.hpp>
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/relaxation.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

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

/// Whether a FUNCTION of u and s is u/(exp(u/s) - 1), continued through u = 0; looks at some of its values.
inline bool is_vtrap(Graph const& graph, MadeFunction const& made) {
    if (made.arguments.size() != 2 || !made.more.empty()) return false;
    constexpr std::array<std::array<double, 2>, 8> points{
        {{3.7, 10}, {-12.3, 10}, {45, 5}, {-60, 5}, {0.3, 7}, {2e-4, 10}, {-1e-7, 10}, {0, 9}}};
    for (auto const& [u, s] : points) {
        auto const value = graph.constant(made.result, {{made.arguments[0], u}, {made.arguments[1], s}});
        auto const expected = u == 0 ? s : u / std::expm1(u / s);
        if (!value || !(std::abs(*value - expected) < 1e-8 * expected)) return false;
    }
    return true;
}

/// Writes `rates`.
class RateWriter : protected EventWriter {
protected:
    using EventWriter::EventWriter;

    void rates() {
        auto inside = code();
        inside.cap();
        std::vector<Value> roots;
        std::set<Value> kept;
        std::vector<Relaxation> forms;
        for (auto const& one : *m_.gates) forms.push_back(*relaxation(graph(), one.slope, one.x));
        tabulate(inside, forms);
        for (auto& form : forms) {
            form = by_rates(graph(), form);
            for (auto const& part : {form.inf, form.tau, form.rate, form.alpha, form.beta, form.factor}) {
                if (!part) continue;
                roots.push_back(*part);
                bool const is_divided = part != form.tau && part != form.alpha && part != form.beta;
                if (is_divided || !quotient(inside, *part)) kept.insert(*part);
            }
        }
        share_exponentials(inside, roots);
        inside.define(roots, kept);
        std::string list;
        for (std::size_t k = 0; k < forms.size(); ++k) {
            auto made = gate(inside, forms[k]);
            if (forms.size() > 1) {
                auto const name = inside.fresh(Execution::plain((*m_.gates)[k].state));
                inside.line(fmt::format("auto {} = {};", name, made));
                made = name;
            }
            list += (list.empty() ? "" : ", ") + made;
        }
        inside.line(fmt::format("return std::tuple{{{}}};", list));
        std::vector<std::pair<std::string, std::string>> arguments{{"T", "v"}};
        if (mentions(inside.lines(), "at")) arguments.emplace_back("Nearby<T, Uses> const&", "at");
        function("auto rates", arguments, inside.lines());
    }

private:
    /// For gates that take inf and tau from TABLEs of one grid of V, which depend on nothing else but
    /// parameters: writes the grid as a member, for which `Evaluation` makes the table, and takes inf and tau
    /// as they are at its points.
    void tabulate(Code& inside, std::vector<Relaxation>& forms) {
        std::vector<Value> grid;  // v, from, to, intervals
        auto exact = forms;
        for (auto& form : exact)
            for (auto* part : {&form.inf, &form.tau}) {
                if (!*part || graph()[**part].op != Op::element) return;
                auto const entry = graph()[**part];
                auto const table = graph()[entry.parts[0]];
                if (grid.empty()) grid = table.parts;
                if (table.text != "table" || table.parts != grid) return;
                *part = table.body.at(std::stoul(entry.text));
                if (!is_fixed(**part)) return;
                inside.give(table.bound[0], "v");
            }
        if (grid.empty() || graph()[grid[0]].text != "v") return;
        std::vector<double> numbers;
        for (std::size_t k : {1, 2, 3})
            if (auto const known = graph().constant(grid[k])) numbers.push_back(*known);
        if (numbers.size() < 3 || numbers[2] != std::floor(numbers[2])) return;
        forms = exact;
        line(fmt::format("static constexpr RateTable table{{{}, {}, {:.0f}}};", numbers[0], numbers[1],
                         numbers[2] + 1));
        line("");
    }

    /// Whether a value is computed from inputs, numbers and parameters alone.
    bool is_fixed(Value value) {
        std::set<std::string> others, called;
        for (auto const op : {Op::variable, Op::node}) m_.leaves(value, op, others);
        m_.leaves(value, Op::user, called);
        return std::all_of(others.begin(), others.end(),
                           [&](auto const& name) { return m_.is_prepared(name); }) &&
               std::all_of(called.begin(), called.end(),
                           [&](auto const& name) { return is_fixed(m_.program.functions.at(name).result); });
    }

    std::string gate(Code& inside, Relaxation const& form) {
        auto const number = [&](Value value) {
            auto const made = inside.is_named(value) ? std::nullopt : quotient(inside, value);
            return made ? *made : inside.number(value);
        };
        if (form.tau) return fmt::format("steady_state({}, {})", inside.number(*form.inf), number(*form.tau));
        if (form.rate)
            return fmt::format("Gate<T>({}, {})", inside.number(*form.inf), inside.number(*form.rate));
        auto const made = fmt::format("gate({}, {})", number(*form.alpha), number(*form.beta));
        return form.factor ? fmt::format("{} * {}", product(inside.number(*form.factor)), made) : made;
    }
    static std::string product(std::string const& factor) {
        return factor.find_first_of("+- ") == std::string::npos || factor.starts_with("T(")
                   ? factor
                   : "T(" + factor + ")";
    }

    /// A value as a quotient that is not divided out (gating.hpp), if it is one of exponentials, times and
    /// plus others.
    std::optional<std::string> quotient(Code& inside, Value value) {
        auto const node = graph()[value];
        if (node.op == Op::user) {
            auto const& made = m_.program.functions.at(node.text);
            if (!is_vtrap(graph(), made)) return {};
            auto const s = graph().constant(node.parts[1]);
            if (!s || !(*s > 0)) return {};
            auto const given = shared_.find(value);
            return fmt::format("hillock::vtrap({}, {}{})", inside.number(node.parts[0]),
                               inside.text(node.parts[1]),
                               given == shared_.end() ? "" : ", " + given->second);
        }
        if (node.op != Op::infix) return {};
        if (node.text == "*" || node.text == "+")
            for (std::size_t k : {1, 0})
                if (graph().constant(node.parts[1 - k]))
                    if (auto const made = quotient(inside, node.parts[k]))
                        return fmt::format("{} {} {}", inside.text(node.parts[1 - k]), node.text, *made);
        if (node.text != "/" || !has_exponential(node.parts[1])) return {};
        return fmt::format("ratio({}, {})", inside.text(node.parts[0]), inside.text(node.parts[1]));
    }

    /// An exponential e^(a + b v) with numbers a and b: a call of exp, or what a call of vtrap needs.
    struct Exponential {
        Value value;
        double a, b;
        Exponent exponent;
    };

    /// Computes exponentials that are powers of one, but for a factor, from that one.
    void share_exponentials(Code& inside, std::vector<Value> const& roots) {
        std::set<Value> seen;
        std::vector<Exponential> all;
        for (auto const root : roots) find_exponentials(inside, root, seen, all);
        std::stable_sort(all.begin(), all.end(),
                         [](auto const& x, auto const& y) { return std::abs(x.b) < std::abs(y.b); });
        while (!all.empty()) {
            auto const base = all.front();
            std::vector<Exponential> others;
            std::map<int, std::vector<Exponential>> powers;
            for (auto const& one : all) {
                auto const n = power_of(one.b / base.b);
                n > 0 ? powers[n].push_back(one) : others.push_back(one);
            }
            if (others.size() + 1 < all.size()) share(inside, base, powers);
            all = others;
        }
    }
    /// 1, 2, 4 or 8, if `ratio` is; otherwise 0.
    static int power_of(double ratio) {
        for (int const n : {1, 2, 4, 8})
            if (std::abs(ratio / n - 1) < 1e-12) return n;
        return 0;
    }

    void find_exponentials(Code const& inside, Value value, std::set<Value>& seen,
                           std::vector<Exponential>& all) {
        if (inside.is_named(value) || !seen.insert(value).second) return;
        auto const node = graph()[value];
        bool const is_trap = node.op == Op::user && is_vtrap(graph(), m_.program.functions.at(node.text)) &&
                             graph()[node.parts[1]].op == Op::number;
        if (is_trap || (node.op == Op::call && node.text == "exp")) {
            auto const x = is_trap ? graph().divide(node.parts[0], node.parts[1]) : node.parts[0];
            auto const line = graph().line(x, graph().leaf(Op::variable, "v"));
            auto const found = exponent(graph(), x, {});
            if (line && !found.k.empty()) add_exponential(all, value, *line, found);
        }
        for (auto const part : node.parts) find_exponentials(inside, part, seen, all);
    }

    void add_exponential(std::vector<Exponential>& all, Value value, Graph::Line const& line,
                         Exponent const& found) {
        auto const a = graph().constant(line.a), b = graph().constant(line.b);
        if (a && b && *b != 0) all.push_back({value, *a, *b, found});
    }

    /// Names the exponential and those of its powers that others are computed from. Its cap leaves the
    /// highest power below 2^320, in single precision 2^48.
    void share(Code& inside, Exponential const& base, std::map<int, std::vector<Exponential>> const& powers) {
        auto const highest = powers.rbegin()->first;
        auto const e = inside.fresh("e");
        inside.line(fmt::format("T const {} = capped_exp<{}, {}>({}, {});", e, 320 / highest, 48 / highest,
                                base.exponent.k, inside.text(base.exponent.u)));
        auto below = e;
        for (auto const& [n, members] : powers) {
            auto name = e;
            if (n > 1) {
                name = inside.fresh(fmt::format("{}{}", e, n));
                bool const is_square = powers.contains(n / 2);
                inside.line(is_square ? fmt::format("T const {} = {} * {};", name, below, below)
                                      : fmt::format("T const {} = power<{}>({});", name, n, e));
            }
            below = name;
            for (auto const& one : members) {
                auto const shift = one.a - n * base.a;
                auto const text = std::abs(shift) < 1e-12
                                      ? name
                                      : fmt::format("std::exp({}) * {}",
                                                    number_text(fmt::format("{:.14g}", shift), true), name);
                shared_[one.value] = text;
                if (graph()[one.value].op == Op::call) inside.give(one.value, text);
            }
        }
    }

    /// Whether a sum has an exponential.
    bool has_exponential(Value value) {
        auto const& node = graph()[value];
        if (node.op == Op::call && node.text == "exp") return true;
        return node.op == Op::infix && node.text != "/" &&
               (has_exponential(node.parts[0]) || has_exponential(node.parts[1]));
    }

    std::map<Value, std::string> shared_;  // powers of one exponential, in C++
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
