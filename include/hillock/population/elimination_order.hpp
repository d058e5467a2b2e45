// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <queue>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// An order in which the nodes of a tree can be eliminated: in runs of nodes that are pre-eliminated, or not.
/// Nodes that follow each other do not wait for each other, as far as the tree has enough branches. Some
/// nodes, with all that is below them, are left out.
class EliminationOrder {
public:
    struct Run {
        std::size_t last;  // behind its last one
        bool pre_eliminated;
    };

    EliminationOrder() = default;
    EliminationOrder(std::vector<NodeTree::Node> const& nodes, std::vector<bool> const& pre_eliminated,
                     std::vector<bool> const& left_out) {
        auto const count = nodes.size();
        std::vector<std::size_t> depths(count, 0), waits(count, 0), next(count, NodeTree::none);
        std::vector<std::size_t> last(count, NodeTree::none);  // child of each, as far as they have been seen
        for (std::size_t i = 1; i < count; ++i) depths[i] = depths[nodes[i].parent] + 1;
        for (auto i = count; i-- > 1;) {  // the order of the children of a node
            auto const parent = nodes[i].parent;
            if (left_out[i]) continue;
            ++waits[parent];
            if (last[parent] != NodeTree::none) {
                next[last[parent]] = i;
                ++waits[i];
            }
            last[parent] = i;
        }
        using Ready = std::priority_queue<std::pair<std::size_t, std::size_t>>;  // the deepest first
        Ready ready[2];
        for (std::size_t i = 0; i < count; ++i)
            if (waits[i] == 0 && !left_out[i]) ready[pre_eliminated[i]].emplace(depths[i], i);
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
                    if (waiting != NodeTree::none && --waits[waiting] == 0)
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

}  // namespace hillock::inline HILLOCK_ISA::population
