// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// Pre-eliminated nodes of a cell, W chains side by side. Rows of W nodes follow each other downwards: in the
/// same lane of the row before a node has its parent, or else nothing of its chain, of which it is the top.
/// The chain below a node goes on with the child that is eliminated last, the first one by number; the other
/// children are tops of chains of their own, in rising order.
template <class = void>
class basic_chain_schedule {
public:
    basic_chain_schedule() = default;
    basic_chain_schedule(std::vector<NodeTree::Node> const& nodes, std::vector<bool> const& pre_eliminated,
                         std::size_t width)
        : rows_of_(nodes.size(), NodeTree::none),
          next_(nodes.size(), NodeTree::none),
          heights_(nodes.size(), 0) {
        std::vector<std::size_t> first(nodes.size(), NodeTree::none);  // child of each
        for (auto i = nodes.size(); i-- > 0;) {
            if (!pre_eliminated[i]) continue;
            auto const parent = nodes[i].parent;
            if (parent != NodeTree::none && pre_eliminated[parent]) {
                next_[i] = std::exchange(first[parent], i);
                heights_[parent] = std::max(heights_[parent], heights_[i] + 1);
            } else {
                release(i);
            }
        }
        std::vector<std::size_t> lanes(width, NodeTree::none);  // the node of each in the next row
        auto const is_idle = [&] {
            return std::all_of(lanes.begin(), lanes.end(), [](auto i) { return i == NodeTree::none; });
        };
        for (; !released_.empty() || !held_.empty() || !is_idle(); ++row_) {
            for (auto& lane : lanes)
                if (lane == NodeTree::none) lane = take(is_idle());
            for (auto& lane : lanes) {
                auto const node = lane;
                nodes_.push_back(node);
                if (node == NodeTree::none) continue;
                rows_of_[node] = row_;
                lane = first[node];
                if (lane != NodeTree::none && next_[lane] != NodeTree::none)
                    held_.push_back({top(next_[lane]), row_ + apart});
            }
        }
    }

    std::size_t rows() const { return row_; }
    /// All rows, one after the other; `NodeTree::none` where a lane is idle.
    std::vector<std::size_t> const& nodes() const { return nodes_; }
    /// The row of a node; `NodeTree::none` if it is not here.
    std::size_t row(std::size_t node) const { return rows_of_[node]; }

private:
    /// Rows between a node and a top that hangs on it, so that neither waits for the other's sum.
    static constexpr std::size_t apart = 4;

    /// A top that waits to be placed. The greatest comes first: that with the highest tree below it; of
    /// equals that which has waited longest.
    struct Top {
        std::size_t node, height, number;

        bool operator<(Top const& other) const {
            return height != other.height ? height < other.height : number > other.number;
        }
    };
    struct Held {
        Top top;
        std::size_t until;  // row
    };

    Top top(std::size_t node) { return {node, heights_[node], tops_++}; }
    void release(Top const& top) {
        released_.push_back(top);
        std::push_heap(released_.begin(), released_.end());
    }
    void release(std::size_t node) { release(top(node)); }

    /// The greatest top, if one may be placed now, or must. Then the sibling behind it may be.
    std::size_t take(bool must) {
        auto const still_held =
            std::find_if(held_.begin(), held_.end(), [&](auto const& each) { return each.until > row_; });
        for (auto each = held_.begin(); each != still_held; ++each) release(each->top);
        held_.erase(held_.begin(), still_held);
        auto const best = std::max_element(held_.begin(), held_.end(),
                                           [](auto const& a, auto const& b) { return a.top < b.top; });
        std::size_t node = NodeTree::none;
        if (must && best != held_.end() && (released_.empty() || released_.front() < best->top)) {
            node = best->top.node;
            held_.erase(best);
        } else if (!released_.empty()) {
            node = released_.front().node;
            std::pop_heap(released_.begin(), released_.end());
            released_.pop_back();
        }
        if (node != NodeTree::none && next_[node] != NodeTree::none) release(next_[node]);
        return node;
    }

    std::size_t row_ = 0, tops_ = 0;
    std::vector<std::size_t> nodes_, rows_of_, next_, heights_;
    std::vector<Top> released_;  // a heap
    std::vector<Held> held_;     // of the last rows: no more than `apart` a lane, in the order of their rows
};

using ChainSchedule = basic_chain_schedule<>;

}  // namespace hillock::inline HILLOCK_ISA::population
