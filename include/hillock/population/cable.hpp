// SPDX-License-Identifier: MIT
#pragma once

/// The cable equation on a cell's tree, for W cells at once. Implicit Euler gives for every node i
///
///   (C_i/dt + sum g + sum G_ij) V_i - sum G_ij V_j = C_i/dt V_i(t) + sum ge          (uS, nA)
///
/// where j are its parent and children. A tree with parents before children is eliminated without fill-in: from the last node to the
/// first each is eliminated from its parent's equation, then voltages follow from the first to the last (Hines, Int J
/// Biomed Comput 15:69, 1984).
///
/// In a subtree where no conductance ever changes, a passive dendrite without synapses, the left sides of the equations are always the
/// same: there the elimination is done once, in advance, with the same operations and so with the same bits, and a step is left with
/// the right sides, without a division. Such nodes are called settled.

#include <cstddef>
#include <vector>

#include <hillock/model/current.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/units.hpp>

namespace hillock {

template <class L>
class Cable {
    using Real = typename L::value_type;

public:
    Cable() = default;
    Cable(Tree const& tree, double dt) {
        auto const& nodes = tree.nodes();
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            auto const& [parent, conductance, area, cm] = nodes[i];
            auto const scale = units::point_per_density(area);
            auto const capacitance = scale * units::capacitive_conductance(cm, dt);
            passive_.push_back({capacitance + conductance, 0});
            nodes_.push_back({.capacitance = static_cast<Real>(capacitance), .conductance = static_cast<Real>(conductance), .scale = static_cast<Real>(scale)});
            if (parent != Tree::none) passive_[parent].g += conductance;
            if (i > 0 && parent == i - 1) chains_.back().last = i;
            else chains_.push_back({i, i, parent, i});
        }
    }

    std::size_t size() const { return nodes_.size(); }

    /// The area of a node's membrane, as the factor that turns densities into point quantities.
    L scale(std::size_t node) const { return nodes_[node].scale; }

    /// A current density that never changes.
    struct Leak {
        std::size_t node;
        Current<double> density;
    };

    /// Makes these currents part of the equations' constants. Conductances come and go at nodes that are `active`.
    void set_constants(std::vector<Leak> const& leaks, std::vector<bool> active) {
        auto sums = passive_;
        for (auto const& [node, density] : leaks) sums[node] = sums[node] + static_cast<double>(nodes_[node].scale) * density;
        for (std::size_t i = 0; i < sums.size(); ++i) nodes_[i].passive = {static_cast<Real>(sums[i].g), static_cast<Real>(sums[i].ge)};
        for (auto chain = chains_.rbegin(); chain != chains_.rend(); ++chain) {
            chain->settled = chain->last + 1;
            for (auto i = chain->last + 1; i-- > chain->first;) {
                auto const parent = i == chain->first ? chain->parent : i - 1;
                if (active[i]) {
                    if (parent != Tree::none) active[parent] = true;
                    continue;
                }
                chain->settled = i;
                settle(nodes_[i]);
                if (parent != Tree::none) nodes_[parent].passive.g = eliminated(nodes_[i], nodes_[parent].passive.g);
            }
        }
    }

    /// Begins the equations of a step from the voltages `v`: `diagonal` V = `right` + what neighbours add. All three have a
    /// lane for each node; currents of active nodes are then added to both sides, those of electrodes to the right.
    void begin(Real const* v, Real* diagonal, Real* right) const {
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            fma(L(nodes_[i].capacitance), L::load(v + i * L::width), L(nodes_[i].passive.ge)).store(right + i * L::width);
        for (auto const& chain : chains_)
            for (auto i = chain.first; i < chain.settled; ++i) L(nodes_[i].passive.g).store(diagonal + i * L::width);
    }

    /// Solves them: `v` becomes the new voltages.
    void solve(Real* v, Real* diagonal, Real* right) const {
        for (auto chain = chains_.rbegin(); chain != chains_.rend(); ++chain) eliminate(*chain, v, diagonal, right);
        for (auto const& chain : chains_) {
            auto above = chain.parent == Tree::none ? L(0) : L::load(v + chain.parent * L::width);
            auto const follow = [&](std::size_t i, L factor) {
                above = fma(factor, above, L::load(v + i * L::width));
                above.store(v + i * L::width);
            };
            for (auto i = chain.first; i < chain.settled; ++i) follow(i, L::load(diagonal + i * L::width));
            for (auto i = chain.settled; i <= chain.last; ++i) follow(i, nodes_[i].factor);
        }
    }

private:
    struct Node {
        Real capacitance = 0;
        Real conductance = 0;  // to the parent
        Real scale = 0;
        Current<Real> passive{};          // what the two sides of the equation begin with, but for the memory of the capacitance
        Real reciprocal = 0, factor = 0;  // of a settled node: V_i = reciprocal right + factor V_parent
    };
    /// Nodes each of which has the one before as its parent, but for the first; those from `settled` on are settled.
    struct Chain {
        std::size_t first, last, parent, settled;
    };

    static void settle(Node& node) {
        node.reciprocal = 1 / node.passive.g;
        node.factor = node.conductance * node.reciprocal;
    }

    /// The diagonal of a parent without a settled child, as a lane would compute it.
    static Real eliminated(Node const& child, Real diagonal) {
        using S = simd::Lane<Real, simd::scalar>;
        return fma(S(child.factor), S(-child.conductance), S(diagonal)).raw;
    }

    /// Eliminates the nodes of a chain, the last one first; leaves reciprocal times right in `v`, factors in `diagonal`.
    void eliminate(Chain const& chain, Real* v, Real* diagonal, Real* right) const {
        auto i = chain.last;
        auto r = L::load(right + i * L::width);
        auto const pass_right = [&](L factor) {
            auto const parent = i == chain.first ? chain.parent : i - 1;
            if (parent == Tree::none) return;
            r = fma(factor, r, L::load(right + parent * L::width));
            if (i == chain.first) r.store(right + parent * L::width);
        };
        for (; i + 1 > chain.settled; --i) {
            (L(nodes_[i].reciprocal) * r).store(v + i * L::width);
            pass_right(nodes_[i].factor);
            if (i == chain.first) return;
        }
        auto d = L::load(diagonal + i * L::width);
        for (;; --i) {
            auto const conductance = nodes_[i].conductance;
            L const reciprocal = 1 / d, factor = L(conductance) * reciprocal;
            factor.store(diagonal + i * L::width);
            (reciprocal * r).store(v + i * L::width);
            auto const parent = i == chain.first ? chain.parent : i - 1;
            if (parent == Tree::none) return;
            d = fma(factor, L(-conductance), L::load(diagonal + parent * L::width));
            pass_right(factor);
            if (i == chain.first) return d.store(diagonal + parent * L::width);
        }
    }

    std::vector<Node> nodes_;
    std::vector<Current<double>> passive_;  // the constants of the equations without leaks
    std::vector<Chain> chains_;
};

}  // namespace hillock
