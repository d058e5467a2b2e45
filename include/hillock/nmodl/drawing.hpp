// SPDX-License-Identifier: MIT
#pragma once

/// Random numbers in code: NEURON's functions, and functions in VERBATIM that take numbers from a stream.
/// They become draws (model/draws.hpp), counted in State.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/scopes.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// How numbers of a random function are distributed.
enum class Distribution { uniform, exponential, normal };

/// A random function: its distribution, and whether its first argument is a stream.
struct RandomFunction {
    Distribution distribution;
    bool takes_stream;
    std::size_t numbers;  // other arguments: at most
};

/// The random function of this name, or none.
inline RandomFunction const* random_function(std::string const& name) {
    static std::map<std::string, RandomFunction> const known{
        {"scop_random", {Distribution::uniform, false, 1}},
        {"exprand", {Distribution::exponential, false, 1}},
        {"normrand", {Distribution::normal, false, 2}},
        {"random_uniform", {Distribution::uniform, true, 2}},
        {"random_negexp", {Distribution::exponential, true, 1}},
        {"random_normal", {Distribution::normal, true, 2}}};
    auto const found = known.find(name);
    return found == known.end() ? nullptr : &found->second;
}

/// All that VERBATIM blocks among these statements hold.
inline std::string verbatim_of(Statements const& body) {
    std::string all;
    for (auto const& one : body) {
        if (one.act == Act::verbatim) all += one.name;
        all += verbatim_of(one.body) + verbatim_of(one.other);
    }
    return all;
}

/// The distribution of a FUNCTION that takes numbers from a stream of NEURON in VERBATIM, if it does.
inline std::optional<Distribution> stream_function(Block const& block) {
    auto const code = verbatim_of(block.body);
    auto const has = [&](std::string_view part) { return code.find(part) != std::string::npos; };
    if (has("nrnran123_negexp")) return Distribution::exponential;
    if (has("nrnran123_normal")) return Distribution::normal;
    if (has("nrnran123_dblpick")) return Distribution::uniform;
    if (!has("nrn_random_pick")) return {};
    auto const named = [&](std::string_view part) { return block.name.find(part) != std::string::npos; };
    if (named("erand") || named("exp")) return Distribution::exponential;
    if (named("norm") || named("grand")) return Distribution::normal;
    if (named("urand") || named("unif")) return Distribution::uniform;
    return {};  // a program decides
}

/// Whether code draws random numbers.
inline bool draws(Expression const& e) {
    if (e.form == Form::call && random_function(e.text)) return true;
    return std::any_of(e.parts.begin(), e.parts.end(), [](Formula const& part) { return draws(*part); });
}
inline bool draws(Statements const& body) {
    return std::any_of(body.begin(), body.end(), [](Statement const& one) {
        auto const in = [](Formula const& formula) { return formula && draws(*formula); };
        return in(one.value) || std::any_of(one.values.begin(), one.values.end(), in) || draws(one.body) ||
               draws(one.other);
    });
}
inline bool draws(Mod const& mod) {
    return std::any_of(mod.blocks.begin(), mod.blocks.end(),
                       [](Block const& one) { return draws(one.body) || stream_function(one); });
}

/// The next random number, with the numbers of its distribution: limits; mean; mean and standard deviation.
inline Value drawn(Scopes& e, Distribution distribution, std::vector<Value> const& given, Place at) {
    auto& g = e.graph();
    auto const number = e.value("random_draws", at);
    auto const draw = [&](char const* function) {
        return g.call(Op::call, function,
                      {g.leaf(Op::node, "random_gid"), g.leaf(Op::node, "random_place"), number,
                       g.leaf(Op::parameter, "random_seed")});
    };
    e.assign("random_draws", g.add(number, g.number("1")), at);
    if (distribution == Distribution::exponential) {
        auto const one = g.negative(g.call(Op::call, "log", {draw("uniform_draw")}));
        return given.empty() ? one : g.multiply(given[0], one);
    }
    auto const one = draw(distribution == Distribution::normal ? "normal_draw" : "uniform_draw");
    if (given.size() < 2) return one;
    auto const width = distribution == Distribution::normal ? given[1] : g.subtract(given[1], given[0]);
    return g.add(given[0], g.multiply(width, one));
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
