// SPDX-License-Identifier: MIT
#pragma once

/// Files of one array in numpy's NPY format 1.0, for `numpy.load`.

#include <bit>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include <hillock/analysis/matrix.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

namespace npy {

/// numpy's name of a number type, such as `<f8`.
template <class T>
std::string type_name() {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>,
                  "an npy file holds integers or floating-point numbers");
    auto const order = sizeof(T) == 1 ? '|' : std::endian::native == std::endian::little ? '<' : '>';
    auto const kind = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
    return fmt::format("{}{}{}", order, kind, sizeof(T));
}

/// The header, padded so that the numbers begin at a multiple of 64 bytes.
inline std::string header(std::string_view type, std::string_view shape) {
    auto text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", type, shape);
    constexpr std::size_t before = 10;  // magic string, version, length of the text
    text.append(63 - (before + text.size()) % 64, ' ');
    text.push_back('\n');
    auto head = std::string("\x93NUMPY\x01\x00", 8);
    head.push_back(static_cast<char>(text.size() & 0xff));
    head.push_back(static_cast<char>(text.size() >> 8));
    return head + text;
}

template <class T>
void write(std::filesystem::path const& path, std::string_view shape, std::span<T const> numbers) {
    OutputFile file{path};
    file.write(header(type_name<T>(), shape));
    file.write({reinterpret_cast<char const*>(numbers.data()), numbers.size_bytes()});
    file.commit();
}

}  // namespace npy

/// Writes an array of shape (rows, columns) with numbers of the matrix's own type.
template <class T>
void write_npy(std::filesystem::path const& path, Matrix<T> const& matrix) {
    npy::write(path, fmt::format("{}, {}", matrix.rows(), matrix.columns()), matrix.numbers());
}

/// Writes an array of shape (size,).
template <class T>
void write_npy(std::filesystem::path const& path, std::span<T const> numbers) {
    npy::write(path, fmt::format("{},", numbers.size()), numbers);
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
