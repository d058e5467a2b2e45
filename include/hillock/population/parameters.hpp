// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <vector>

#include <hillock/model/concepts.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/simd/column.hpp>

namespace hillock {

/// The parameters of one mechanism in a population: the same for all cells, or, once one cell's have been set, a copy for each
/// block of lanes.
template <class M, class L>
class Parameters {
public:
    using Lanes = rebind_t<M, L>;

    Parameters(M const& uniform, double dt) : uniform_{uniform}, dt_{dt} {
        prepare(uniform_, dt);
        lanes_.assign(1, members::broadcast<Lanes, L>(uniform_));
    }

    /// Those of a block, in lanes.
    Lanes const& of(std::size_t block) const { return lanes_[block * stride_]; }

    M const& uniform() const { return uniform_; }

    double get(std::size_t cell, double M::*member) const { return cells_.empty() ? uniform_.*member : cells_[cell].*member; }

    /// Sets a parameter of one of `cells` cells and derives the rest anew.
    void set(std::size_t cell, std::size_t cells, double M::*member, double value) {
        if (cells_.empty()) {
            auto const padded = simd::padded(cells, L::width);
            cells_.assign(padded, uniform_);
            lanes_.assign(padded / L::width, lanes_[0]);
            stride_ = 1;
        }
        cells_[cell].*member = value;
        prepare(cells_[cell], dt_);
        put(cell);
    }

    /// The population has grown to `cells` cells: the new ones have the uniform values.
    void grow(std::size_t cells) {
        if (cells_.empty()) return;
        auto const padded = simd::padded(cells, L::width);
        cells_.resize(padded, uniform_);
        lanes_.resize(padded / L::width, members::broadcast<Lanes, L>(uniform_));
    }

private:
    void put(std::size_t cell) {
        using Real = typename L::value_type;
        static_assert(members::count<Lanes, L> == members::count<M, double>);
        std::array<double, members::count<M, double>> numbers;
        std::memcpy(numbers.data(), &cells_[cell], sizeof(M));
        std::array<L, numbers.size()> lanes;
        auto& block = lanes_[cell / L::width];
        std::memcpy(static_cast<void*>(lanes.data()), &block, sizeof block);
        for (std::size_t k = 0; k < numbers.size(); ++k) {
            alignas(simd::alignment) std::array<Real, L::width> values;
            lanes[k].store(values.data());
            values[cell % L::width] = static_cast<Real>(numbers[k]);
            lanes[k] = L::load(values.data());
        }
        std::memcpy(static_cast<void*>(&block), lanes.data(), sizeof block);
    }

    M uniform_;
    double dt_;
    std::vector<M> cells_;      // empty as long as all are the same
    std::vector<Lanes> lanes_;  // one, or one a block
    std::size_t stride_ = 0;
};

}  // namespace hillock
