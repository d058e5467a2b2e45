// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/unroll.hpp>

namespace hillock::simd {

/// A table of numbers read row by row: `rows` x `columns`, every row padded so that it begins on a cache line.
template <class Real>
class Rows {
public:
    Rows(std::size_t rows, std::size_t columns) : rows_{rows}, stride_{padded(columns, alignment / sizeof(Real))}, cells_(rows * stride_, Real{0}) {}

    std::size_t size() const { return rows_; }
    Real* row(std::size_t k) { return cells_.data() + k * stride_; }
    Real const* row(std::size_t k) const { return cells_.data() + k * stride_; }

private:
    std::size_t rows_, stride_;
    Column<Real> cells_;
};

/// Lanes as the rows of a square matrix, turned into its columns: at distance D = W/2, ..., 2, 1 the off-diagonal blocks of D x D of
/// each block of 2D x 2D change places (Eklundh, IEEE Trans Comput 21:801, 1972), an instruction or two for every register.
template <std::size_t D, class L, std::size_t W>
HILLOCK_INLINE void transpose(std::array<L, W>& rows) {
    [&]<std::size_t... J>(std::index_sequence<J...>) {
        for (std::size_t k = 0; k < W; ++k) {
            if ((k & D) != 0) continue;
            auto const a = rows[k].raw.data, b = rows[k + D].raw.data;
            rows[k].raw = __builtin_shufflevector(a, b, ((J & D) == 0 ? J : J - D + W)...);
            rows[k + D].raw = __builtin_shufflevector(a, b, ((J & D) == 0 ? J + D : J + W)...);
        }
    }(std::make_index_sequence<W>{});
    if constexpr (D > 1) transpose<D / 2>(rows);
}

/// The first `N` columns of `table` between the rows `low` and those after them, `part` of the way, in one register. Each lane reads its
/// two rows whole (contiguous, where gathering column by column is slow); a square of numbers at a time is transposed.
template <std::size_t N, class Real, class Arch>
HILLOCK_INLINE std::array<Lane<Real, Arch>, N> between_rows(Rows<Real> const& table, Lane<Real, Arch> low, Lane<Real, Arch> part) {
    using L = Lane<Real, Arch>;
    constexpr auto W = L::width;
    alignas(alignment) std::array<Real, W> rows, parts;
    low.store(rows.data());
    part.store(parts.data());
    std::array<L, N> columns;
    unroll<(N + W - 1) / W>([&](auto k) {
        constexpr auto first = k * W;
        std::array<L, W> square;
        for (std::size_t lane = 0; lane < W; ++lane) {
            auto const row = static_cast<std::size_t>(rows[lane]);
            L const from = L::load(table.row(row) + first), to = L::load(table.row(row + 1) + first);
            square[lane] = fma(L(parts[lane]), to - from, from);
        }
        if constexpr (W > 1) transpose<W / 2>(square);
        for (std::size_t column = first; column < N && column < first + W; ++column) columns[column] = square[column - first];
    });
    return columns;
}

/// The whole part of numbers from 0 to 2^22 (machines without SSE4.1 have no instruction for it).
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> whole(Lane<Real, Arch> x) {
    Lane<Real, Arch> const magic = Real(sizeof(Real) == 8 ? 0x1.8p52 : 0x1.8p23), nearest = (x + magic) - magic;
    return select(nearest > x, nearest - 1, nearest);
}

/// The first `N` columns of `table` at the fractional row `position` of each lane: linear between rows, the first and last
/// row beyond the ends.
template <std::size_t N, class Real, class Arch>
HILLOCK_INLINE std::array<Lane<Real, Arch>, N> interpolate(Rows<Real> const& table, Lane<Real, Arch> position) {
    using L = Lane<Real, Arch>;
    L const inside = min(L(static_cast<Real>(table.size() - 1)), max(position, L(0)));  // 0 where the position is NaN
    L const low = min(whole(inside), L(static_cast<Real>(table.size() - 2))), part = inside - low;
    constexpr auto registers = register_count<typename L::batch_type>;
    if constexpr (registers == 1) {
        return between_rows<N>(table, low, part);
    } else {
        using One = Lane<Real, typename L::arch::one>;
        std::array<L, N> columns;
        unroll<registers>([&](auto r) {
            auto const values = between_rows<N>(table, One::of(low.raw.each[r]), One::of(part.raw.each[r]));
            for (std::size_t k = 0; k < N; ++k) columns[k].raw.each[r] = values[k].raw;
        });
        return columns;
    }
}

}  // namespace hillock::simd
