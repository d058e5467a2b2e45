// SPDX-License-Identifier: MIT
#pragma once

/// Where lanes lie along a cell: a strip is W of its nodes side by side, or W places of a mechanism.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/chain_schedule.hpp>
#include <hillock/population/parameters.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The nodes of a cell in strips. Nodes with the same mechanisms follow each other, so that most strips have
/// a mechanism at all of their nodes or at none; behind them are the rows of chains.
template <class = void>
class basic_strips {
public:
    basic_strips() = default;
    /// `kinds`: of each node, a number that says which mechanisms are there.
    basic_strips(std::size_t width, std::vector<std::uint64_t> const& kinds, ChainSchedule const& chains)
        : width_{width}, positions_(kinds.size()) {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < kinds.size(); ++i)
            if (chains.row(i) == NodeTree::none) order.push_back(i);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return kinds[a] > kinds[b]; });
        for (std::size_t k = 0; k < order.size(); ++k) positions_[order[k]] = k;
        first_chains_ = (order.size() + width - 1) / width;
        count_ = first_chains_ + chains.rows();
        for (std::size_t k = 0; k < chains.nodes().size(); ++k)
            if (auto const node = chains.nodes()[k]; node != NodeTree::none)
                positions_[node] = first_chains_ * width + k;
    }

    std::size_t count() const { return count_; }
    /// The strip of the first row of chains.
    std::size_t first_chains() const { return first_chains_; }
    std::size_t nodes() const { return positions_.size(); }
    /// The place of a node in a row of numbers, one for each node and padded to whole strips.
    std::size_t position(std::size_t node) const { return positions_[node]; }
    std::size_t strip(std::size_t node) const { return positions_[node] / width_; }
    std::size_t lane(std::size_t node) const { return positions_[node] % width_; }

private:
    std::size_t width_ = 1, count_ = 0, first_chains_ = 0;
    std::vector<std::size_t> positions_;  // of each node
};

using Strips = basic_strips<>;

/// Places of a mechanism at the nodes of a strip, one at each or at some of them.
template <class L>
struct PlaceStrip {
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    std::size_t strip;
    std::array<std::size_t, L::width> places;  // by number
    L is_there = 0;                            // 1 where there is one, else 0
    bool is_full = false;
    L numbers = 0;  // of the places in a cell, by which mechanisms know them

    std::size_t first() const {
        return *std::find_if(places.begin(), places.end(), [](auto place) { return place != none; });
    }
};

/// The places of a mechanism in strips.
template <class L>
class PlaceStrips {
public:
    struct Position {
        std::size_t strip, lane;
    };

    PlaceStrips() = default;
    /// `nodes`: of each place. Where a node has several, they keep their order. Mechanisms know places by the
    /// numbers `first`, `first + step`, ...
    PlaceStrips(Strips const& strips, std::vector<std::size_t> const& nodes, std::size_t first = 0,
                std::size_t step = 0) {
        std::map<std::pair<std::size_t, std::size_t>, std::array<std::size_t, L::width>> found;
        std::vector<std::size_t> before(strips.nodes(), 0);  // places at each node
        std::vector<std::pair<std::size_t, std::size_t>> keys;
        for (std::size_t place = 0; place < nodes.size(); ++place) {
            keys.emplace_back(before[nodes[place]]++, strips.strip(nodes[place]));
            auto const at = found.try_emplace(keys.back());
            if (at.second) at.first->second.fill(PlaceStrip<L>::none);
            at.first->second[strips.lane(nodes[place])] = place;
        }
        std::map<std::pair<std::size_t, std::size_t>, std::size_t> numbers;
        for (auto const& [key, places] : found) {
            numbers[key] = all_.size();
            all_.push_back(strip_of(key.second, places, first, step));
            strips_.push_back(key.second);
        }
        for (std::size_t place = 0; place < nodes.size(); ++place)
            positions_.push_back({numbers[keys[place]], strips.lane(nodes[place])});
    }

    std::size_t size() const { return all_.size(); }
    PlaceStrip<L> const& operator[](std::size_t k) const { return all_[k]; }
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }
    /// The strip of nodes of each.
    std::vector<std::size_t> const& strips() const { return strips_; }
    /// Where a place has gone: the number of its strip of places, and its lane.
    Position position(std::size_t place) const { return positions_[place]; }

private:
    static PlaceStrip<L> strip_of(std::size_t strip, std::array<std::size_t, L::width> const& places,
                                  std::size_t first, std::size_t step) {
        using Real = typename L::value_type;
        alignas(simd::alignment) std::array<Real, L::width> there, numbers;
        bool is_full = true;
        for (std::size_t lane = 0; lane < L::width; ++lane) {
            bool const is_there = places[lane] != PlaceStrip<L>::none;
            there[lane] = is_there ? 1 : 0;
            numbers[lane] = static_cast<Real>(is_there ? first + places[lane] * step : 0);
            is_full = is_full && is_there;
        }
        return {strip, places, L::load(there.data()), is_full, L::load(numbers.data())};
    }

    std::vector<PlaceStrip<L>> all_;
    std::vector<std::size_t> strips_;
    std::vector<Position> positions_;  // of each place
};

/// The parameters of a mechanism in strips of places; lanes without a place have those of another.
template <class M, class L>
class StripParameters {
    using Lanes = rebind_t<M, L>;

public:
    void assign(Parameters<M, L> const& from, PlaceStrips<L> const& strips, std::size_t cells) {
        bool const cells_alike = from.block_stride() == 0, places_alike = from.same_in_all_places();
        place_stride_ = places_alike ? 0 : 1;
        auto const each = places_alike ? std::min<std::size_t>(1, strips.size()) : strips.size();
        cell_stride_ = cells_alike ? 0 : each;
        lanes_.clear();
        for (std::size_t cell = 0; cell < (cells_alike ? std::min<std::size_t>(1, cells) : cells); ++cell)
            for (std::size_t k = 0; k < each; ++k) lanes_.push_back(strip(from, strips[k], cell));
    }

    Lanes const* of(std::size_t cell, std::size_t k = 0) const {
        return lanes_.data() + cell * cell_stride_ + k * place_stride_;
    }
    std::size_t place_stride() const { return place_stride_; }

private:
    static Lanes strip(Parameters<M, L> const& from, PlaceStrip<L> const& strip, std::size_t cell) {
        auto lanes = members::broadcast<Lanes, L>(from.of_cell(cell, strip.first()));
        if (!from.same_in_all_places())
            for (std::size_t lane = 0; lane < L::width; ++lane)
                if (strip.places[lane] != PlaceStrip<L>::none)
                    members::put<Lanes, L>(from.of_cell(cell, strip.places[lane]), lane, lanes);
        return lanes;
    }

    std::vector<Lanes> lanes_;
    std::size_t cell_stride_ = 0, place_stride_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::population
