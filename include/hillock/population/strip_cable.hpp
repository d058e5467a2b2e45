// SPDX-License-Identifier: MIT
#pragma once

/// The cable equation of one cell (see Cable), its nodes in strips. Pre-eliminated subtrees go with W chains
/// side by side (see ChainSchedule), and with one number where a chain joins another. The rest goes with one
/// number a node: the chains of the tree take turns, so that the divisions of several overlap. Every sum has
/// the order of Cable's, which eliminates the children of a node from the last to the first.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/cable.hpp>
#include <hillock/population/chain_schedule.hpp>
#include <hillock/population/elimination_order.hpp>
#include <hillock/population/strips.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// Beside voltages a cell has two rows of numbers, one for each node: `excess` and `right` (see Cable).
template <class L>
class StripCable {
    using Real = typename L::value_type;
    using One = simd::Lane<Real, simd::scalar>;

public:
    StripCable() = default;

    void assign(NodeTree const& tree, Cable<L> const& cable, Strips const& strips,
                ChainSchedule const& chains) {
        auto const all = strips.count() * L::width;
        for (auto* column : {&capacitance_, &ge_, &excess_, &scale_, &conductance_, &reciprocal_, &link_})
            column->assign(all, Real{0});
        auto const pre_eliminated = cable.pre_eliminated();
        has_chains_ = chains.rows() > 0;
        for (std::size_t i = 0; i < cable.size(); ++i)
            if (chains.row(i) != NodeTree::none && !pre_eliminated[i]) has_chains_ = false;
        first_chains_ = strips.first_chains();
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
        for (std::size_t strip = 0; strip < (has_chains_ ? first_chains_ : strips.count()); ++strip)
            if (has_pre_eliminated[strip]) pre_eliminated_.push_back(strip);
        auto const left_out = order_chains(tree.nodes(), strips, chains);
        order_eliminations(tree.nodes(), pre_eliminated, left_out, strips);
    }

    L scale(std::size_t strip) const { return L::load(&scale_[strip * L::width]); }

    /// As Cable::begin; but the excess of a pre-eliminated node is its factor.
    void begin(std::size_t strips, Real const* v, Real* excess, Real* right) const {
        auto const *const capacitance = capacitance_.data(), *const ge = ge_.data(),
                          *const begin = excess_.data();
        for (std::size_t i = 0; i < strips * L::width; i += L::width) {
            fma(L::load(capacitance + i), L::load(v + i), L::load(ge + i)).store(right + i);
            L::load(begin + i).store(excess + i);
        }
    }

    /// As Cable::solve.
    HILLOCK_KERNEL void solve(Real* v, Real* excess, Real* right) const {
        if (has_chains_) eliminate_chains(v, right);
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
        if (has_chains_) follow_chains(v);
    }

private:
    /// A node eliminated from its parent's equation, both by position.
    struct Elimination {
        std::uint32_t child, parent;
    };

    // Both loops keep their addresses in locals: to the compiler, what they store might be a member.

    /// From the last row to the first: the right sides, and what v begins with.
    void eliminate_chains(Real* v, Real* right) const {
        auto const first = first_chains_ * L::width;
        auto const *const reciprocal = &reciprocal_[first], *const link = &link_[first],
                          *const factor = excess_.data();
        auto const* const rows = rows_.data();
        auto const* top = tops_.data() + tops_.size();
        v += first;
        Real* const sums = right + first;
        auto r = L::load(sums + (rows_.size() - 1) * L::width);  // a row's, complete
        for (auto row = rows_.size(); row-- > 0;) {
            auto const at = row * L::width;
            top -= rows[row].tops;
            for (auto const* each = top; each != top + rows[row].tops; ++each)
                fma(One(factor[each->child]), One(right[each->child]), One(right[each->parent]))
                    .store(right + each->parent);
            (L::load(reciprocal + at) * r).store(v + at);
            if (row == 0) break;
            r = fma(L::load(link + at), r, L::load(sums + at - L::width));
            r.store(sums + at - L::width);
        }
    }
    /// From the first row to the last: v.
    void follow_chains(Real* v) const {
        auto const first = first_chains_ * L::width;
        auto const *const link = &link_[first], *const factor = excess_.data();
        auto const *row = rows_.data(), *const end = row + rows_.size();
        auto const* hanging = hanging_.data();
        auto* here = v + first;
        L above = 0;
        for (std::size_t at = 0; row != end; ++row, at += L::width) {
            above = fma(L::load(link + at), above, L::load(here + at));
            above.store(here + at);
            for (auto const* const last = hanging + row->hanging; hanging != last; ++hanging)
                fma(One(factor[hanging->child]), One(v[hanging->parent]), One(v[hanging->child]))
                    .store(v + hanging->child);
        }
    }

    /// Says which nodes are left to the chains alone.
    std::vector<bool> order_chains(std::vector<NodeTree::Node> const& nodes, Strips const& strips,
                                   ChainSchedule const& chains) {
        std::vector<bool> left_out(nodes.size(), false);
        rows_.assign(has_chains_ ? chains.rows() : 0, {});
        tops_.clear();
        hanging_.clear();
        if (!has_chains_) return left_out;
        std::vector<std::size_t> tops;
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            auto const parent = nodes[i].parent;
            if (chains.row(i) == NodeTree::none || chains.row(parent) == NodeTree::none) continue;
            left_out[i] = true;
            if (strips.position(i) == strips.position(parent) + L::width)
                link_[strips.position(i)] = excess_[strips.position(i)];
            else
                tops.push_back(i);
        }
        auto const elimination = [&](std::size_t i) {
            return Elimination{static_cast<std::uint32_t>(strips.position(i)),
                               static_cast<std::uint32_t>(strips.position(nodes[i].parent))};
        };
        std::sort(tops.rbegin(), tops.rend());  // siblings from the last to the first
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (auto const i : tops) {
                if (chains.row(i) == row) {
                    tops_.push_back(elimination(i));
                    ++rows_[row].tops;
                }
                if (chains.row(nodes[i].parent) == row) {
                    hanging_.push_back(elimination(i));
                    ++rows_[row].hanging;
                }
            }
        }
        return left_out;
    }

    void order_eliminations(std::vector<NodeTree::Node> const& nodes, std::vector<bool> const& pre_eliminated,
                            std::vector<bool> const& left_out, Strips const& strips) {
        EliminationOrder const order(nodes, pre_eliminated, left_out);
        eliminations_.clear();
        for (auto const i : order.nodes())
            if (auto const parent = nodes[i].parent; parent != NodeTree::none)
                eliminations_.push_back({static_cast<std::uint32_t>(strips.position(i)),
                                         static_cast<std::uint32_t>(strips.position(parent))});
        runs_ = order.runs();
        runs_.back().last = eliminations_.size();  // without the root, which is the last
        root_ = strips.position(0);
        root_is_pre_eliminated_ = pre_eliminated[0];
    }

    /// How many tops are in a row of chains, and how many hang on its nodes.
    struct Row {
        std::uint32_t tops = 0, hanging = 0;
    };

    simd::Column<Real> capacitance_, ge_, excess_, scale_, conductance_, reciprocal_;  // by position
    simd::Column<Real> link_;  // the factor of a node in a chain that is not a top, else 0
    std::vector<Row> rows_;
    std::vector<Elimination> tops_, hanging_;
    std::size_t first_chains_ = 0;
    bool has_chains_ = false;
    std::vector<std::size_t> pre_eliminated_;  // strips with nodes that are
    std::vector<Elimination> eliminations_;    // of all other nodes but the root
    std::vector<EliminationOrder::Run> runs_;
    std::size_t root_ = 0;
    bool root_is_pre_eliminated_ = false;
};

}  // namespace hillock::inline HILLOCK_ISA::population
