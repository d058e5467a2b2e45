// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::simd {

/// A table of numbers read row by row: `rows` x `columns`, every row padded so that it begins on a register's boundary.
template <class Real>
class Rows {
public:
    Rows(std::size_t rows, std::size_t columns) : rows_{rows}, stride_{padded(columns, 4)}, cells_(rows * stride_) {}

    std::size_t size() const { return rows_; }
    std::size_t stride() const { return stride_; }
    Real* row(std::size_t k) { return cells_.data() + k * stride_; }
    Real const* row(std::size_t k) const { return cells_.data() + k * stride_; }

private:
    std::size_t rows_, stride_;
    Column<Real> cells_;
};

/// The first `N` columns of `table` at the fractional row `position` of each lane: linear between rows, the first and last
/// row beyond the ends. Each lane reads its two rows whole (contiguous, where gathering column by column is slow).
template <std::size_t N, class Real, class Arch>
std::array<Lane<Real, Arch>, N> interpolate(Rows<Real> const& table, Lane<Real, Arch> position) {
    using L = Lane<Real, Arch>;
    constexpr auto W = L::width;
    constexpr auto stride = padded(N, 4);

    alignas(alignment) std::array<Real, W> at;
    min(L(static_cast<Real>(table.size() - 1)), max(position, L(0))).store(at.data());  // 0 where the position is NaN

    alignas(alignment) std::array<Real, W * stride> values;  // lane by lane
    for (std::size_t lane = 0; lane < W; ++lane) {
        auto const whole = std::min(static_cast<std::size_t>(at[lane]), table.size() - 2);
        auto const part = at[lane] - static_cast<Real>(whole);
        auto const* low = table.row(whole);
        auto const* high = low + stride;
        for (std::size_t k = 0; k < stride; ++k) values[lane * stride + k] = low[k] + part * (high[k] - low[k]);
    }

    std::array<L, N> columns;
    for (std::size_t k = 0; k < N; ++k) {
        alignas(alignment) std::array<Real, W> column;
        for (std::size_t lane = 0; lane < W; ++lane) column[lane] = values[lane * stride + k];
        columns[k] = L::load(column.data());
    }
    return columns;
}

}  // namespace hillock::simd
