// SPDX-License-Identifier: MIT
#pragma once

/// Writes quotients that gates divide out (model/gating.hpp), and exponentials that are powers of one.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code.hpp>
#include <hillock/nmodl/events.hpp>
#include <hillock/nmodl/exponent.hpp>
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

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

/// Writes quotients and exponentials.
class QuotientWriter : protected EventWriter {
protected:
    using EventWriter::EventWriter;

    /// A quotient in C++. But for factors of usual size, its numerator and denominator are at most 2^160 to
    /// the powers `above` and `below`.
    struct Quotient {
        std::string text;
        int above, below;
    };

    /// A value as a quotient that is not divided out, if it is one of exponentials, or made of such.
    std::optional<Quotient> quotient(Code& inside, Value value) {
        if (inside.is_named(value)) return {};
        auto const node = graph()[value];
        if (node.op == Op::user) return trap(inside, value);
        if (node.op == Op::call && node.text == "exp") {
            met_.insert(value);
            auto const found = inverse_.find(value);
            return found == inverse_.end() ? std::nullopt : std::optional{Quotient{found->second, 0, 1}};
        }
        if (node.op != Op::infix || node.text == "-") return {};
        if (node.text == "/") return divided(inside, node);
        auto const a = quotient(inside, node.parts[0]), b = quotient(inside, node.parts[1]);
        if (!a && !b) return {};
        bool const is_sum = node.text == "+";
        if (a && b) {
            if (!is_sum) return {};
            return Quotient{fmt::format("{} + {}", a->text, b->text),
                            std::max(a->above + b->below, b->above + a->below), a->below + b->below};
        }
        auto const& one = a ? *a : *b;
        auto const other = node.parts[a ? 1 : 0];
        auto const text = is_sum ? plain(inside, other) : factor(plain(inside, other));
        if (is_sum)
            return Quotient{fmt::format("{} + {}", text, one.text),
                            std::max(one.above, one.below + degree(other)), one.below};
        return Quotient{fmt::format("{} * {}", text, is_sum_of(one) ? "(" + one.text + ")" : one.text),
                        one.above + degree(other), one.below};
    }

    /// The quotient, if its product with `others` is finite wherever V is.
    std::optional<Quotient> quotient(Code& inside, Value value, int others) {
        auto const made = quotient(inside, value);
        bool const is_small = made && std::max(made->above, made->below) <= 4 &&
                              std::max(made->above, made->below) + others <= 6;
        return is_small ? made : std::nullopt;
    }

    /// The quotient that a value is, of any numbers.
    std::optional<Quotient> undivided(Code& inside, Value value) {
        auto const node = graph()[value];
        if (inside.is_named(value) || node.op != Op::infix || node.text != "/" || graph().constant(value))
            return {};
        return Quotient{
            fmt::format("ratio({}, {})", plain(inside, node.parts[0]), number_of(inside, node.parts[1])), 6,
            6};
    }

    /// A steady state as a quotient whose denominator is far from 0.
    std::optional<Quotient> steady(Code& inside, Value value) {
        if (inside.is_named(value)) return {};
        auto const node = graph()[value];
        if (node.op != Op::infix || node.text != "/" || !has_exponential(node.parts[1]) ||
            !is_far_from_zero(node.parts[1]))
            return {};
        return divided(inside, node);
    }

    /// Computes exponentials that are powers of one, but for a factor, from that one.
    void share_exponentials(Code& inside, std::vector<Value> const& roots) {
        std::set<Value> seen;
        std::vector<Exponential> all;
        for (auto const root : roots) find_exponentials(inside, root, seen, all);
        std::stable_sort(all.begin(), all.end(),
                         [](auto const& x, auto const& y) { return std::abs(x.b) < std::abs(y.b); });
        while (!all.empty()) {
            auto const base = best_base(all);
            std::vector<Exponential> others;
            std::map<int, std::vector<Exponential>> powers;
            for (auto const& one : all) {
                auto const n = power_of(one.b / base.b);
                bool const is_served = n > 0 || (n == -1 && met_.contains(one.value));
                is_served ? powers[n].push_back(one) : others.push_back(one);
            }
            if (others.size() + 1 < all.size()) share(inside, base, powers);
            all = others;
        }
    }

    std::set<Value> plain_;  // the numbers of which quotients are made

private:
    /// An exponential e^(a + b v) with numbers a and b: a call of exp, or what a call of vtrap needs.
    struct Exponential {
        Value value;
        double a, b;
        Exponent exponent;
    };

    static std::string factor(std::string const& text) {
        return text.find_first_of("+- ") == std::string::npos ? text : "(" + text + ")";
    }
    static bool is_sum_of(Quotient const& one) {
        int depth = 0;
        for (char const c : one.text) {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && (c == '+' || c == '/')) return true;
        }
        return false;
    }

    std::optional<Quotient> trap(Code& inside, Value value) {
        auto const node = graph()[value];
        if (!is_vtrap(graph(), m_.program.functions.at(node.text))) return {};
        auto const s = graph().constant(node.parts[1]);
        if (!s || !(*s > 0)) return {};
        met_.insert(value);
        auto const given = shared_.find(value), inverse = inverse_.find(value);
        auto const more = given != shared_.end()      ? ", " + given->second
                          : inverse != inverse_.end() ? ", " + inverse->second
                                                      : "";
        auto const text = fmt::format("hillock::vtrap({}, {}{})", number_of(inside, node.parts[0]),
                                      inside.text(node.parts[1]), more);
        return Quotient{text, inverse != inverse_.end() ? 1 : 0, exponential_degree(value)};
    }

    std::optional<Quotient> divided(Code& inside, Node const& node) {
        if (auto const below = quotient(inside, node.parts[1])) {
            if (quotient(inside, node.parts[0])) return {};
            auto const text = is_sum_of(*below) || below->text.find(" * ") != std::string::npos
                                  ? "(" + below->text + ")"
                                  : below->text;
            return Quotient{fmt::format("{} / {}", factor(plain(inside, node.parts[0])), text),
                            degree(node.parts[0]) + below->below, below->above};
        }
        if (!has_exponential(node.parts[1])) return {};
        return Quotient{ratio(inside, node), degree(node.parts[0]), degree(node.parts[1])};
    }
    std::string ratio(Code& inside, Node const& node) {
        return fmt::format("ratio({}, {})", plain(inside, node.parts[0]), plain(inside, node.parts[1]));
    }
    std::string plain(Code& inside, Value value) {
        plain_.insert(value);
        return inside.text(value);
    }
    std::string number_of(Code& inside, Value value) {
        plain_.insert(value);
        return inside.number(value);
    }

    int exponential_degree(Value value) const {
        auto const found = degrees_.find(value);
        return found == degrees_.end() ? 2 : found->second;
    }

    /// A power of 2^160 that a value does not exceed, but for factors of usual size; 6: nothing is known.
    int degree(Value value) {
        auto const node = graph()[value];
        auto const part = [&](std::size_t k) { return degree(node.parts[k]); };
        if (graph().is_leaf(value) || graph().is_condition(value)) return 0;
        if (node.op == Op::call && node.text == "exp") return exponential_degree(value);
        if (node.op == Op::call && (node.text == "abs" || node.text == "sqrt")) return part(0);
        if (node.op == Op::negative) return part(0);
        if (node.op == Op::choose) return std::max(part(1), part(2));
        if (node.op == Op::infix && node.text == "*") return part(0) + part(1);
        if (node.op == Op::infix && node.text == "/")
            return part(0) + (!has_exponential(node.parts[1]) || is_far_from_zero(node.parts[1]) ? 0 : 6);
        if (node.op == Op::infix) return std::max(part(0), part(1));
        if (node.op == Op::power) {
            auto const n = graph().constant(node.parts[1]);
            return part(0) == 0 ? 0 : n && *n >= 0 ? static_cast<int>(std::ceil(part(0) * *n)) : 6;
        }
        if (node.op == Op::user && is_vtrap(graph(), m_.program.functions.at(node.text))) return 0;
        return 6;
    }

    /// Whether a value is a positive number and more.
    bool is_far_from_zero(Value value) {
        auto const& node = graph()[value];
        if (node.op != Op::infix || node.text != "+") return false;
        for (std::size_t k : {0, 1})
            if (auto const known = graph().constant(node.parts[k]); known && *known >= 0.01)
                return !graph().may_be_negative(node.parts[1 - k]);
        return false;
    }

    /// The first of those with the least exponent, or its inverse if more are powers of that.
    static Exponential best_base(std::vector<Exponential> const& all) {
        auto const& first = all.front();
        auto inverse = all.end();
        int balance = 0;
        for (auto one = all.begin(); one != all.end(); ++one) {
            auto const n = power_of(one->b / first.b);
            balance += n > 0 ? 1 : n < 0 ? -1 : 0;
            if (n == -1 && inverse == all.end()) inverse = one;
        }
        return balance < 0 && inverse != all.end() ? *inverse : first;
    }
    /// 1, 2, 4 or 8 or less that, if `ratio` is; otherwise 0.
    static int power_of(double ratio) {
        for (int const n : {1, 2, 4, 8, -1, -2, -4, -8})
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
    /// highest power below 2^320, in single precision 2^48; where its inverse is one of them, it is held from
    /// 2^-160 to 2^160.
    void share(Code& inside, Exponential const& base, std::map<int, std::vector<Exponential>> const& powers) {
        bool const has_inverse = powers.contains(-1);
        auto const highest = std::max(powers.rbegin()->first, has_inverse ? 2 : 1);
        auto const e = inside.fresh("e");
        inside.line(fmt::format("T const {} = {}<{}, {}>({}, {});", e,
                                has_inverse ? "bounded_exp" : "capped_exp", 320 / highest, 48 / highest,
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
                bool const is_shifted = std::abs(shift) >= 1e-12;
                auto const number =
                    is_shifted ? fmt::format("std::exp({})", number_text(fmt::format("{:.14g}", shift), true))
                               : "";
                degrees_[one.value] = (2 * std::max(n, 1) + highest - 1) / highest;
                if (n < 0) {
                    inverse_[one.value] = fmt::format("ratio({}, {})", is_shifted ? number : "1", e);
                    continue;
                }
                auto const text = is_shifted ? fmt::format("{} * {}", number, name) : name;
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

    std::set<Value> met_;                            // exponentials that may stand in quotients
    std::map<Value, std::string> shared_, inverse_;  // powers of one exponential, and its inverse, in C++
    std::map<Value, int> degrees_;                   // of those
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
