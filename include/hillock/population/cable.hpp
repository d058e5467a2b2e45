// SPDX-License-Identifier: MIT
#pragma once

/// The cable equation on a cell's tree, for W cells at once. Implicit Euler gives for every node i
///
///   (C_i/dt + sum g + sum G_ij) V_i - sum G_ij V_j = C_i/dt V_i(t) + sum ge          (uS, nA)
///
/// where j are its parent and children. A tree with parents before children is eliminated without fill-in: from the last node to the
/// first each is eliminated from its parent's equation, then voltages follow from the first to the last (Hines, Int J
/// Biomed Comput 15:69, 1984).

#include <cstddef>
#include <vector>

#include <hillock/model/current.hpp>
#include <hillock/model/tree.hpp>
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
            nodes_.push_back({static_cast<Real>(capacitance), static_cast<Real>(-conductance), static_cast<Real>(scale), {}});
            if (parent != Tree::none) passive_[parent].g += conductance;
            if (i > 0 && parent == i - 1) chains_.back().last = i;
            else chains_.push_back({i, i, parent});
        }
        set_leaks({});
    }

    std::size_t size() const { return nodes_.size(); }

    /// The area of a node's membrane, as the factor that turns densities into point quantities.
    L scale(std::size_t node) const { return nodes_[node].scale; }

    /// A current density that never changes.
    struct Leak {
        std::size_t node;
        Current<double> density;
    };

    /// Makes these currents part of the equations' constants.
    void set_leaks(std::vector<Leak> const& leaks) {
        auto sums = passive_;
        for (auto const& [node, density] : leaks) sums[node] = sums[node] + static_cast<double>(nodes_[node].scale) * density;
        for (std::size_t i = 0; i < sums.size(); ++i) nodes_[i].passive = {static_cast<Real>(sums[i].g), static_cast<Real>(sums[i].ge)};
    }

    /// Begins the equations of a step from the voltages `v`: `diagonal` V = `right` + what neighbours add. All three have a
    /// lane for each node. Currents are then added to both.
    void begin(Real const* v, Real* diagonal, Real* right) const {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            auto const& node = nodes_[i];
            L(node.passive.g).store(diagonal + i * L::width);
            fma(L(node.capacitance), L::load(v + i * L::width), L(node.passive.ge)).store(right + i * L::width);
        }
    }

    /// Solves them for the new voltages.
    void solve(Real* v, Real* diagonal, Real* right) const {
        for (auto chain = chains_.rbegin(); chain != chains_.rend(); ++chain) {
            auto i = chain->last;
            auto d = L::load(diagonal + i * L::width), r = L::load(right + i * L::width);
            while (true) {
                L const coupling = nodes_[i].minus_conductance, reciprocal = 1 / d, factor = coupling * reciprocal;
                // V_i = reciprocal r - factor V_parent
                factor.store(diagonal + i * L::width);
                (reciprocal * r).store(v + i * L::width);
                auto const parent = i == chain->first ? chain->parent : i - 1;
                if (parent == Tree::none) break;
                d = fma(-factor, coupling, L::load(diagonal + parent * L::width));
                r = fma(-factor, r, L::load(right + parent * L::width));
                if (i == chain->first) {
                    d.store(diagonal + parent * L::width);
                    r.store(right + parent * L::width);
                    break;
                }
                i = parent;
            }
        }
        for (auto const& chain : chains_) {
            auto of_parent = chain.parent == Tree::none ? L(0) : L::load(v + chain.parent * L::width);
            for (auto i = chain.first; i <= chain.last; ++i) {
                of_parent = fma(-L::load(diagonal + i * L::width), of_parent, L::load(v + i * L::width));
                of_parent.store(v + i * L::width);
            }
        }
    }

private:
    struct Node {
        Real capacitance, minus_conductance, scale;  // of the conductance to the parent
        Current<Real> passive;                       // what the equation's two sides begin with, but for the capacitance's memory
    };
    /// Nodes each of which has the one before as its parent, but for the first.
    struct Chain {
        std::size_t first, last, parent;
    };

    std::vector<Node> nodes_;
    std::vector<Current<double>> passive_;  // without leaks
    std::vector<Chain> chains_;
};

}  // namespace hillock
