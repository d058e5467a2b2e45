// SPDX-License-Identifier: MIT
#pragma once

/// The cable equation on a cell's tree, for W cells at once. Implicit Euler gives for every node i
///
///   (C_i/dt + sum g + sum G_ij) V_i - sum G_ij V_j = C_i/dt V_i(t) + sum ge          (uS, nA)
///
/// where j are its parent and children. A tree with parents before children is eliminated without fill-in:
/// from the last node to the first each is eliminated from its parent's equation, then voltages follow from
/// the first to the last (Hines, Int J Biomed Comput 15:69, 1984). What is held of the left sides is not the
/// diagonals but their excess over the G_ij, C_i/dt + sum g, to which eliminated children only add: where
/// segments are short and G_ij large, a difference of diagonals would lose its digits (Grassmann, Taksar &
/// Heyman, Oper Res 33:1107, 1985).
///
/// In a subtree where no conductance ever changes, a passive dendrite without synapses, the left sides of the
/// equations are always the same: there the elimination is done once, in advance, and a step is left with the
/// right sides, without a division. Such nodes are called pre-eliminated.

#include <cstddef>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/current.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA::population {

template <class L>
class Cable {
    using Real = typename L::value_type;

public:
    Cable() = default;
    Cable(NodeTree const& tree, double dt) {
        auto const& nodes = tree.nodes();
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            auto const& [parent, conductance, area, cm] = nodes[i];
            auto const scale = units::point_per_density(area);
            capacitance_.push_back(scale * units::capacitive_conductance(cm, dt));
            nodes_.push_back({.capacitance = static_cast<Real>(capacitance_[i]),
                              .conductance = static_cast<Real>(conductance),
                              .scale = static_cast<Real>(scale)});
            if (i > 0 && parent == i - 1)
                chains_.back().last = i;
            else
                chains_.push_back({i, i, parent, i});
        }
    }

    std::size_t size() const { return nodes_.size(); }

    /// A node, with the constants of its equation.
    struct Node {
        Real capacitance = 0;  // C/dt
        Real conductance = 0;  // to the parent
        Real scale = 0;
        Real excess = 0,
             ge = 0;  // what the two sides of the equation begin with, but for the memory of the capacitance
        Real reciprocal = 0,
             factor = 0;  // of a pre_eliminated node: V_i = reciprocal right + factor V_parent
    };
    Node const& node(std::size_t i) const { return nodes_[i]; }
    /// Which nodes are pre-eliminated.
    std::vector<bool> pre_eliminated() const {
        std::vector<bool> all(size(), false);
        for (auto const& chain : chains_)
            for (auto i = chain.pre_eliminated; i <= chain.last; ++i) all[i] = true;
        return all;
    }

    /// The area of a node's membrane, as the factor that turns densities into point quantities.
    L scale(std::size_t node) const { return nodes_[node].scale; }

    /// A current density that never changes.
    struct Leak {
        std::size_t node;
        Current<double> density;
    };

    /// Makes these currents part of the equations' constants. Conductances come and go at nodes that are
    /// `changing`.
    void set_constants(std::vector<Leak> const& leaks, std::vector<bool> const& changing) {
        auto active = changing;
        std::vector<Current<double>> sums(size());
        for (auto const& [node, density] : leaks)
            sums[node] = sums[node] + static_cast<double>(nodes_[node].scale) * density;
        for (std::size_t i = 0; i < size(); ++i)
            nodes_[i].excess = static_cast<Real>(capacitance_[i] + sums[i].g),
            nodes_[i].ge = static_cast<Real>(sums[i].ge);
        for (auto chain = chains_.rbegin(); chain != chains_.rend(); ++chain) {
            chain->pre_eliminated = chain->last + 1;
            for (auto i = chain->last + 1; i-- > chain->first;) {
                auto const parent = i == chain->first ? chain->parent : i - 1;
                if (active[i]) {
                    if (parent != NodeTree::none) active[parent] = true;
                    continue;
                }
                chain->pre_eliminated = i;
                Scalar const excess = nodes_[i].excess, reciprocal = 1 / (excess + nodes_[i].conductance),
                             factor = nodes_[i].conductance * reciprocal;
                nodes_[i].reciprocal = reciprocal.raw, nodes_[i].factor = factor.raw;
                if (parent != NodeTree::none)
                    nodes_[parent].excess = fma(factor, excess, Scalar(nodes_[parent].excess)).raw;
            }
        }
    }

    /// Begins the equations of a step from the voltages `v`, by the `excess` of their left sides and their
    /// `right` sides. All three have a lane for each node; currents of active nodes are then added to both
    /// sides, those of electrodes to the right.
    void begin(Real const* v, Real* excess, Real* right) const {
        for (std::size_t i = 0; i < size(); ++i)
            fma(L(nodes_[i].capacitance), L::load(v + i * L::width), L(nodes_[i].ge))
                .store(right + i * L::width);
        for (auto const& chain : chains_)
            for (auto i = chain.first; i < chain.pre_eliminated; ++i)
                L(nodes_[i].excess).store(excess + i * L::width);
    }

    /// Solves them: `v` becomes the new voltages.
    HILLOCK_KERNEL void solve(Real* v, Real* excess, Real* right) const {
        for (auto chain = chains_.rbegin(); chain != chains_.rend(); ++chain)
            eliminate(*chain, v, excess, right);
        for (auto const& chain : chains_) {
            auto above = chain.parent == NodeTree::none ? L(0) : L::load(v + chain.parent * L::width);
            auto const follow = [&](std::size_t i, L factor) {
                above = fma(factor, above, L::load(v + i * L::width));
                above.store(v + i * L::width);
            };
            for (auto i = chain.first; i < chain.pre_eliminated; ++i)
                follow(i, L::load(excess + i * L::width));
            for (auto i = chain.pre_eliminated; i <= chain.last; ++i) follow(i, nodes_[i].factor);
        }
    }

private:
    using Scalar = simd::Lane<Real, simd::scalar>;

    /// Nodes each of which has the one before as its parent, but for the first; those from `pre_eliminated`
    /// on are pre_eliminated.
    struct Chain {
        std::size_t first, last, parent, pre_eliminated;
    };

    /// Eliminates the nodes of a chain, the last one first; leaves reciprocal times right in `v`, factors in
    /// `excess`. (Lanes named `L const` g++ would keep in memory.)
    void eliminate(Chain const& chain, Real* v, Real* excess, Real* right) const {
        auto i = chain.last;
        L r = L::load(right + i * L::width);
        for (; i + 1 > chain.pre_eliminated; --i) {
            (nodes_[i].reciprocal * r).store(v + i * L::width);
            if (i == chain.first) return pass_on(chain, nodes_[i].factor, r, right);
            r = fma(L(nodes_[i].factor), r, L::load(right + (i - 1) * L::width));
        }
        L s = L::load(excess + i * L::width);
        for (;; --i) {
            L conductance = nodes_[i].conductance;
            L reciprocal = 1 / (s + conductance);
            L factor = conductance * reciprocal;
            (reciprocal * r).store(v + i * L::width);
            factor.store(excess + i * L::width);
            if (i == chain.first) {
                pass_on(chain, factor, r, right);
                return pass_on(chain, factor, s, excess);
            }
            r = fma(factor, r, L::load(right + (i - 1) * L::width));
            s = fma(factor, s, L::load(excess + (i - 1) * L::width));
        }
    }

    /// Adds to the parent's side of the equations what the first node of a chain passes on.
    void pass_on(Chain const& chain, L factor, L from, Real* row) const {
        if (chain.parent == NodeTree::none) return;
        Real* const to = row + chain.parent * L::width;
        fma(factor, from, L::load(to)).store(to);
    }

    std::vector<Node> nodes_;
    std::vector<double> capacitance_;  // C/dt
    std::vector<Chain> chains_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
