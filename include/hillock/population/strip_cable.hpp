// SPDX-License-Identifier: MIT
#pragma once

/// The cable equation of one cell (see Cable), its nodes in strips. Its elimination goes with one number a
/// node: the chains of the tree take turns, so that the divisions of several overlap. Every sum has the order
/// of Cable's, which eliminates the children of a node from the last to the first.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/cable.hpp>
#include <hillock/population/strips.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// An order in which the nodes of a tree can be eliminated: in runs of nodes that are pre-eliminated, or not.
/// Nodes that follow each other do not wait for each other, as far as the tree has enough branches.
class EliminationOrder {
public:
    struct Run {
        std::size_t last;  // behind its last one
        bool pre_eliminated;
    };

    EliminationOrder() = default;
    EliminationOrder(std::vector<Tree::Node> const& nodes, std::vector<bool> const& pre_eliminated) {
        auto const count = nodes.size();
        std::vector<std::size_t> depths(count, 0), waits(count, 0), next(count, Tree::none);
        std::vector<std::size_t> last(count, Tree::none);  // child of each, as far as they have been seen
        for (std::size_t i = 1; i < count; ++i) depths[i] = depths[nodes[i].parent] + 1;
        for (auto i = count; i-- > 1;) {  // the order of the children of a node
            auto const parent = nodes[i].parent;
            ++waits[parent];
            if (last[parent] != Tree::none) {
                next[last[parent]] = i;
                ++waits[i];
            }
            last[parent] = i;
        }
        using Ready = std::priority_queue<std::pair<std::size_t, std::size_t>>;  // the deepest first
        Ready ready[2];
        for (std::size_t i = 0; i < count; ++i)
            if (waits[i] == 0) ready[pre_eliminated[i]].emplace(depths[i], i);
        std::vector<std::size_t> round;
        bool kind = true;
        while (!ready[0].empty() || !ready[1].empty()) {
            if (ready[kind].empty()) {
                kind = !kind;
                if (!nodes_.empty()) runs_.push_back({nodes_.size(), !kind});
            }
            round.clear();
            for (; round.size() < at_once && !ready[kind].empty(); ready[kind].pop())
                round.push_back(ready[kind].top().second);
            for (auto const i : round) {
                nodes_.push_back(i);
                for (auto const waiting : {next[i], nodes[i].parent})
                    if (waiting != Tree::none && --waits[waiting] == 0)
                        ready[pre_eliminated[waiting]].emplace(depths[waiting], waiting);
            }
        }
        if (!nodes_.empty()) runs_.push_back({nodes_.size(), kind});
    }

    std::vector<std::size_t> const& nodes() const { return nodes_; }
    std::vector<Run> const& runs() const { return runs_; }

private:
    static constexpr std::size_t at_once = 12;  // nodes between one and its parent, if there are as many

    std::vector<std::size_t> nodes_;
    std::vector<Run> runs_;
};

/// Beside voltages a cell has two rows of numbers, one for each node: `excess` and `right` (see Cable).
template <class L>
class StripCable {
    using Real = typename L::value_type;
    using One = simd::Lane<Real, simd::scalar>;

public:
    StripCable() = default;

    void assign(Tree const& tree, Cable<L> const& cable, Strips const& strips) {
        auto const all = strips.count() * L::width;
        for (auto* column : {&capacitance_, &ge_, &excess_, &scale_, &conductance_, &reciprocal_})
            column->assign(all, Real{0});
        auto const pre_eliminated = cable.pre_eliminated();
        std::vector<bool> has_pre_eliminated(strips.count(), false);
        for (std::size_t i = 0; i < cable.size(); ++i) {
            auto const at = strips.position(i);
            auto const& node = cable.node(i);
            capacitance_[at] = node.capacitance, ge_[at] = node.ge, scale_[at] = node.scale;
            conductance_[at] = node.conductance;
            excess_[at] = pre_eliminated[i] ? node.factor : node.excess;
            if (!pre_eliminated[i]) continue;
            reciprocal_[at] = node.reciprocal;
            has_pre_eliminated[strips.strip(i)] = true;
        }
        pre_eliminated_.clear();
        for (std::size_t strip = 0; strip < strips.count(); ++strip)
            if (has_pre_eliminated[strip]) pre_eliminated_.push_back(strip);
        order_eliminations(tree.nodes(), pre_eliminated, strips);
    }

    L scale(std::size_t strip) const { return L::load(&scale_[strip * L::width]); }

    /// As Cable::begin; but the excess of a pre-eliminated node is its factor.
    void begin(std::size_t strips, Real const* v, Real* excess, Real* right) const {
        for (std::size_t i = 0; i < strips * L::width; i += L::width) {
            fma(L::load(&capacitance_[i]), L::load(v + i), L::load(&ge_[i])).store(right + i);
            L::load(&excess_[i]).store(excess + i);
        }
    }

    /// As Cable::solve.
    HILLOCK_KERNEL void solve(Real* v, Real* excess, Real* right) const {
        std::size_t k = 0;
        for (auto const& run : runs_)
            if (run.pre_eliminated)
                for (; k < run.last; ++k) {
                    auto const [child, parent] = eliminations_[k];
                    fma(One(excess[child]), One(right[child]), One(right[parent])).store(right + parent);
                }
            else
                for (; k < run.last; ++k) {
                    auto const [child, parent] = eliminations_[k];
                    One const s = excess[child], r = right[child], conductance = conductance_[child];
                    One const reciprocal = 1 / (s + conductance), factor = conductance * reciprocal;
                    factor.store(excess + child);
                    (reciprocal * r).store(v + child);
                    fma(factor, s, One(excess[parent])).store(excess + parent);
                    fma(factor, r, One(right[parent])).store(right + parent);
                }
        if (!root_is_pre_eliminated_) (1 / One(excess[root_]) * One(right[root_])).store(v + root_);
        for (auto const strip : pre_eliminated_) {
            auto const at = strip * L::width;
            L const reciprocal = L::load(&reciprocal_[at]);  // 0 of other nodes
            choose(reciprocal > L(0), reciprocal * L::load(right + at), L::load(v + at)).store(v + at);
        }
        for (k = eliminations_.size(); k-- > 0;) {
            auto const [child, parent] = eliminations_[k];
            fma(One(excess[child]), One(v[parent]), One(v[child])).store(v + child);
        }
    }

private:
    /// A node eliminated from its parent's equation, both by position.
    struct Elimination {
        std::uint32_t child, parent;
    };

    void order_eliminations(std::vector<Tree::Node> const& nodes, std::vector<bool> const& pre_eliminated,
                            Strips const& strips) {
        EliminationOrder const order(nodes, pre_eliminated);
        eliminations_.clear();
        for (auto const i : order.nodes())
            if (auto const parent = nodes[i].parent; parent != Tree::none)
                eliminations_.push_back({static_cast<std::uint32_t>(strips.position(i)),
                                         static_cast<std::uint32_t>(strips.position(parent))});
        runs_ = order.runs();
        runs_.back().last = eliminations_.size();  // without the root, which is the last
        root_ = strips.position(0);
        root_is_pre_eliminated_ = pre_eliminated[0];
    }

    simd::Column<Real> capacitance_, ge_, excess_, scale_, conductance_, reciprocal_;  // by position
    std::vector<std::size_t> pre_eliminated_;  // strips with nodes that are
    std::vector<Elimination> eliminations_;    // of all nodes but the root
    std::vector<EliminationOrder::Run> runs_;
    std::size_t root_ = 0;
    bool root_is_pre_eliminated_ = false;
};

}  // namespace hillock::inline HILLOCK_ISA::population
