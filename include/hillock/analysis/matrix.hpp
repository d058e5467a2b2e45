// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// A table of numbers in contiguous memory, row after row (C order).
template <class T>
class Matrix {
public:
    Matrix() = default;
    /// Every number is T{}.
    Matrix(std::size_t rows, std::size_t columns)
        : rows_{rows}, columns_{columns}, numbers_(rows * columns) {}

    std::size_t rows() const { return rows_; }        // the number of rows
    std::size_t columns() const { return columns_; }  // the number of columns

    /// The number in a row and a column.
    T& operator()(std::size_t row, std::size_t column) { return numbers_[row * columns_ + column]; }
    T const& operator()(std::size_t row, std::size_t column) const {
        return numbers_[row * columns_ + column];
    }

    /// The numbers of a row.
    std::span<T> row(std::size_t index) & { return std::span{numbers_}.subspan(index * columns_, columns_); }
    std::span<T const> row(std::size_t index) const& {
        return std::span{numbers_}.subspan(index * columns_, columns_);
    }

    /// All numbers, row after row.
    std::span<T const> numbers() const& { return numbers_; }

    // A view into a temporary matrix would dangle: give the matrix a name first.
    std::span<T const> row(std::size_t) && = delete;
    std::span<T const> numbers() && = delete;

    friend bool operator==(Matrix const&, Matrix const&) = default;

private:
    std::size_t rows_ = 0, columns_ = 0;
    std::vector<T> numbers_;
};

}  // namespace hillock::inline HILLOCK_ISA::analysis
