// SPDX-License-Identifier: MIT

/// Conditions of mod files that are written shorter than they stand there hold where they held.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include <doctest/doctest.h>

#include <hillock/nmodl/graph.hpp>
#include <hillock/random/stream.hpp>

using namespace hillock;
using nmodl::Graph, nmodl::Op, nmodl::Value;

namespace {

/// A value of a graph, and what it is to be where two inputs have the numbers x and y.
struct Expected {
    Value value;
    std::function<double(double x, double y)> of;
};

/// Draws conditions on two inputs, and values that depend on them.
struct Drawn {
    Graph graph;
    RandomStream random;
    Value x = graph.input("x"), y = graph.input("y");

    explicit Drawn(std::uint32_t number) : random({.id1 = number}) {}

    Expected comparison() {
        bool const is_x = random.below(3) > 0;
        auto const with = static_cast<double>(random.below(3));
        std::string const sign = std::array{"==", "!=", "<", ">="}[random.below(4)];
        return {graph.call(Op::compare, sign, {is_x ? x : y, graph.number(with)}), [=](double a, double b) {
                    auto const input = is_x ? a : b;
                    return sign == "=="   ? input == with
                           : sign == "!=" ? input != with
                           : sign == "<"  ? input < with
                                          : input >= with;
                }};
    }
    Expected condition(int depth) {
        if (depth == 0 || random.below(4) == 0) return comparison();
        auto const one = condition(depth - 1);
        if (random.below(3) == 0)
            return {graph.no(one.value), [=](double a, double b) { return one.of(a, b) == 0; }};
        auto const two = condition(depth - 1);
        bool const is_both = random.below(3) > 0;
        return {graph.logic(is_both, one.value, two.value), [=](double a, double b) -> double {
                    return is_both ? one.of(a, b) != 0 && two.of(a, b) != 0
                                   : one.of(a, b) != 0 || two.of(a, b) != 0;
                }};
    }
    Expected value(int depth) {
        if (depth == 0) {
            auto const is = static_cast<double>(random.below(2));
            return {graph.number(is), [=](double, double) { return is; }};
        }
        auto const when = condition(2), one = value(random.below(2) == 0 ? 0 : depth - 1),
                   two = value(depth - 1);
        return {graph.choose(when.value, one.value, two.value),
                [=](double a, double b) { return when.of(a, b) != 0 ? one.of(a, b) : two.of(a, b); }};
    }
};

}  // namespace

TEST_CASE("conditions and choices that are drawn are what they would be if nothing were left out") {
    std::size_t wrong = 0;
    for (std::uint32_t number = 0; number < 3000; ++number) {
        Drawn drawn(number);
        auto const expected = number % 2 == 0 ? drawn.condition(4) : drawn.value(4);
        for (double x = 0; x < 4; ++x)
            for (double y = 0; y < 4; ++y)
                wrong +=
                    drawn.graph.constant(expected.value, {{drawn.x, x}, {drawn.y, y}}) != expected.of(x, y);
    }
    CHECK(wrong == 0);
}

TEST_CASE("what follows from a comparison with a number is left out") {
    Graph graph;
    auto const flag = graph.input("flag"), on = graph.input("on"), old = graph.input("old");
    auto const is = [&](Value x, int number) {
        return graph.call(Op::compare, "==", {x, graph.number(number)});
    };
    auto const both = [&](Value a, Value b) { return graph.logic(true, a, b); };

    // else if (flag == 1) behind if (flag == 0) and if (flag == 2 && on == 1)
    auto const before = both(graph.no(is(flag, 0)), graph.no(both(is(flag, 2), is(on, 1))));
    CHECK(both(before, is(flag, 1)) == is(flag, 1));
    CHECK(both(both(before, is(on, 0)), is(flag, 1)) == both(is(on, 0), is(flag, 1)));
    CHECK(both(before, is(on, 1)) != is(on, 1));
    CHECK(graph[graph.no(is(flag, 0))].text == "!=");

    // a condition that is named twice, over and over
    auto twice = is(on, 1);
    for (int k = 0; k < 60; ++k)
        twice = both(both(twice, is(old, k % 3)), both(twice, graph.no(is(old, 5 + k % 3))));
    CHECK(graph.size() < 1000);

    // a number that an earlier branch leaves as it is
    auto const changed = graph.choose(is(flag, 3), graph.number(1), old);
    CHECK(graph.choose(is(flag, 0), old, changed) == changed);
    CHECK(graph.choose(is(on, 0), old, changed) != changed);
    CHECK(graph.choose(is(flag, 0), graph.number(2), changed) != changed);
}
