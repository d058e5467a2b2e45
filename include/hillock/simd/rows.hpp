// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/simd/bits.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/inlining.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// How many of its successor's last numbers a row repeats behind its own `columns`: those left over behind
/// squares as wide as a lane, provided that a lane holds whole pairs of as many.
template <class Real>
constexpr std::size_t repeated(std::size_t columns) {
    constexpr auto W = Lane<Real>::width;
    auto const rest = columns % W;
    return rest > 0 && W % (2 * rest) == 0 ? rest : 0;
}

/// A table of numbers read row by row: `rows` x `columns`. Every row begins on a cache line, and repeats
/// behind its own numbers some of the next row's, so that the last ones of both are read in one piece.
template <class Real>
class Rows {
public:
    Rows(std::size_t rows, std::size_t columns)
        : rows_{rows},
          columns_{columns},
          stride_{padded(columns + repeated<Real>(columns), alignment / sizeof(Real))},
          cells_(rows * stride_, Real{0}) {}

    std::size_t size() const { return rows_; }
    std::size_t stride() const { return stride_; }  // from one row to the next
    Real const* row(std::size_t k) const { return cells_.data() + k * stride_; }

    void set(std::size_t k, std::span<Real const> numbers) {
        std::copy(numbers.begin(), numbers.end(), at(k));
        auto const last = numbers.last(repeated<Real>(columns_));
        if (k > 0) std::copy(last.begin(), last.end(), at(k - 1) + columns_);
    }

private:
    Real* at(std::size_t k) { return cells_.data() + k * stride_; }

    std::size_t rows_, columns_, stride_;
    Column<Real> cells_;
};

/// Turns lanes, the rows of square matrices, into their columns: at distance D = W/2, ..., 2, 1 the
/// off-diagonal blocks of D x D of each block of 2D x 2D change places (Eklundh, IEEE Trans Comput 21:801,
/// 1972), an instruction or two for every register. Beginning with less than W/2, each 2D numbers of 2D lanes
/// are a matrix.
template <std::size_t D, class L, std::size_t count>
HILLOCK_INLINE void transpose(std::array<L, count>& rows) {
    constexpr auto W = L::width;
    [&]<std::size_t... J>(std::index_sequence<J...>) {
        HILLOCK_UNROLL
        for (std::size_t k = 0; k < count; ++k) {
            if ((k & D) != 0) continue;
            auto const a = rows[k].raw.data, b = rows[k + D].raw.data;
            rows[k].raw = __builtin_shufflevector(a, b, ((J & D) == 0 ? J : J - D + W)...);
            rows[k + D].raw = __builtin_shufflevector(a, b, ((J & D) == 0 ? J + D : J + W)...);
        }
    }(std::make_index_sequence<W>{});
    if constexpr (D > 1) transpose<D / 2>(rows);
}

/// Joins the `size` numbers at each of several places into one register.
template <std::size_t size, class Real, std::size_t places>
HILLOCK_INLINE auto joined(std::array<Real const*, places> const& at) {
    if constexpr (places == 1) {
        typedef Real Piece __attribute__((vector_size(size * sizeof(Real))));
        Piece piece;
        __builtin_memcpy(&piece, at[0], sizeof piece);
        return piece;
    } else {
        constexpr auto half = places / 2;
        std::array<Real const*, half> low, high;
        std::copy_n(at.begin(), half, low.begin());
        std::copy_n(at.begin() + half, half, high.begin());
        return [&]<std::size_t... J>(std::index_sequence<J...>) {
            return __builtin_shufflevector(joined<size>(low), joined<size>(high), J...);
        }(std::make_index_sequence<size * places>{});
    }
}

template <class Real>
constexpr Real whole_magic = Real(sizeof(Real) == 8 ? 0x1.8p52 : 0x1.8p23);  // its last bit is worth one

/// The whole part of numbers from 0 to 2^22 (machines without SSE4.1 have no instruction for it).
template <class Real, class Arch>
HILLOCK_INLINE Lane<Real, Arch> whole(Lane<Real, Arch> x) {
    Lane<Real, Arch> const magic = whole_magic<Real>, nearest = (x + magic) - magic;
    return choose(nearest > x, nearest - 1, nearest);
}

/// Whole numbers from 0 to 2^22 as integers.
template <class Real, class Arch>
HILLOCK_INLINE auto integers(Lane<Real, Arch> x) {
    alignas(alignment) std::array<bits::integer<Real>, Lane<Real, Arch>::width> numbers;
    auto const found = bits::of(x + whole_magic<Real>) -
                       bits::broadcast<Arch>(std::bit_cast<bits::integer<Real>>(whole_magic<Real>));
    if constexpr (Lane<Real, Arch>::is_scalar)
        numbers = {found};
    else
        found.store_aligned(numbers.data());
    return numbers;
}

/// Interpolates the `N` columns of `table`, all that it has, `part` of the way from the rows `low` to those
/// after them, in one register. Each lane reads its two rows whole (contiguous, where gathering column by
/// column is slow); a square of numbers at a time is transposed.
template <std::size_t N, class Real, class Arch>
HILLOCK_INLINE std::array<Lane<Real, Arch>, N> between_rows(Rows<Real> const& table, Lane<Real, Arch> low,
                                                            Lane<Real, Arch> part) {
    using L = Lane<Real, Arch>;
    constexpr auto W = L::width, rest = W > 1 ? repeated<Real>(N) : 0;
    auto const rows = integers(low);
    alignas(alignment) std::array<Real, W> parts;
    part.store(parts.data());
    std::array<L, N> columns;
    if constexpr (rest > 0) {  // those of both rows in one piece, several lanes to a register
        std::array<L, 2 * rest> both;
        HILLOCK_UNROLL
        for (std::size_t k = 0; k < 2 * rest; ++k) {
            std::array<Real const*, W / (2 * rest)> lanes;
            HILLOCK_UNROLL
            for (std::size_t j = 0; j < lanes.size(); ++j)
                lanes[j] = table.row(rows[k + j * 2 * rest]) + N - rest;
            both[k].raw = joined<2 * rest>(lanes);
        }
        transpose<rest>(both);
        HILLOCK_UNROLL
        for (std::size_t k = 0; k < rest; ++k)
            columns[N - rest + k] = fma(part, both[rest + k] - both[k], both[k]);
    }
    meta::unroll<(N - rest + W - 1) / W>([&](auto k) {
        constexpr auto first = k * W, last = std::min(N - rest, first + W);
        std::array<L, W> square;
        HILLOCK_UNROLL
        for (std::size_t lane = 0; lane < W; ++lane) {
            Real const* const at = table.row(rows[lane]) + first;
            L const from = L::load(at), to = L::load(at + table.stride());
            square[lane] = fma(L(parts[lane]), to - from, from);
        }
        if constexpr (W > 1) transpose<W / 2>(square);
        HILLOCK_UNROLL
        for (std::size_t column = first; column < last; ++column) columns[column] = square[column - first];
    });
    return columns;
}

/// Between which rows of a table a position is: the row before it, and which part of the way to the next.
template <class L>
struct Between {
    L low, part;

    /// The fractional row `position` of a table of `rows` rows; beyond its ends the first or last row.
    HILLOCK_INLINE Between(std::size_t rows, L position) {
        using Real = typename L::value_type;
        L const inside =
            min(L(static_cast<Real>(rows - 1)), max(position, L(0)));  // 0 where the position is NaN
        low = min(whole(inside), L(static_cast<Real>(rows - 2)));
        part = inside - low;
    }
};

/// Interpolates rows that row(k) computes, as a table of them would be.
template <class L>
HILLOCK_INLINE auto interpolate(std::size_t rows, L position, auto const& row) {
    Between<L> const at(rows, position);
    auto values = row(at.low);
    auto const next = row(at.low + 1);
    HILLOCK_UNROLL
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = fma(at.part, next[k] - values[k], values[k]);
    return values;
}

/// Interpolates the `N` columns of `table`, all that it has, at the fractional row `position` of each lane:
/// linear between rows, the first and last row beyond the ends.
template <std::size_t N, class Real, class Arch>
HILLOCK_INLINE std::array<Lane<Real, Arch>, N> interpolate(Rows<Real> const& table,
                                                           Lane<Real, Arch> position) {
    using L = Lane<Real, Arch>;
    Between<L> const at(table.size(), position);
    L const low = at.low, part = at.part;
    constexpr auto registers = register_count<typename L::batch_type>;
    if constexpr (registers == 1) {
        return between_rows<N>(table, low, part);
    } else {
        using One = Lane<Real, typename L::arch::one>;
        std::array<L, N> columns;
        meta::unroll<registers>([&](auto r) {
            auto const values = between_rows<N>(table, One::of(low.raw.each[r]), One::of(part.raw.each[r]));
            HILLOCK_UNROLL
            for (std::size_t k = 0; k < N; ++k) columns[k].raw.each[r] = values[k].raw;
        });
        return columns;
    }
}

}  // namespace hillock::inline HILLOCK_ISA::simd
