// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hillock/files/input_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/from_chars.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Whether the first line of a CSV file names its columns.
enum class CsvHeader { required, none };

/// Reads a table of numbers from a CSV file, strictly, one row at a time; `Fields` are its columns' types.
///
///     CsvReader<Gid, double> csv{"events.csv", {"gid", "time"}};
///     while (auto const row = csv.next()) {
///         auto const [gid, time] = *row;
///         if (time < 0) csv.fail("time {}: must not be negative", time);
///     }
///
/// The header must name the columns in this order. A field is a number that is finite and within its type,
/// with nothing but blanks around it. Blank lines may only end the file. Anything else is an `Error` that
/// names file, line and column.
template <class... Fields>
    requires((std::integral<Fields> || std::floating_point<Fields>) && ...)
class CsvReader {
public:
    using Row = std::tuple<Fields...>;                         // the fields of a line
    using Names = std::array<std::string, sizeof...(Fields)>;  // the names of the columns

    /// Opens a file and checks its header, if it has to have one.
    CsvReader(std::filesystem::path path, Names columns, CsvHeader header = CsvHeader::required)
        : file_{std::move(path)}, columns_{std::move(columns)} {
        if (header == CsvHeader::required) check_header();
    }

    /// Reads the next row; nothing after the last.
    std::optional<Row> next() {
        auto const line = file_.next_line();
        if (!line) return {};
        if (trimmed(*line).empty()) {
            check_only_blank_lines_follow();
            return {};
        }
        return parse(split(*line), std::index_sequence_for<Fields...>{});
    }

    /// Throws an `Error` about the row that was read last, beginning with file and line.
    template <class... Args>
    [[noreturn]] void fail(ErrorFormat<Args...> format, Args const&... args) const {
        file_.fail(format, args...);
    }

private:
    using Cells = std::array<std::string_view, sizeof...(Fields)>;

    void check_header() {
        auto const line = file_.next_line();
        if (!line) file_.fail("empty, must begin with the header '{}'", fmt::join(columns_, ","));
        auto const names = split(*line);
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (names[i] != columns_[i])
                file_.fail("the header is {}, must be '{}'", quoted(*line), fmt::join(columns_, ","));
    }

    void check_only_blank_lines_follow() {
        auto const blank = file_.line_number();
        while (auto const line = file_.next_line())
            if (!trimmed(*line).empty()) file_.fail("a row after the blank line {}", blank);
    }

    Cells split(std::string_view line) const {
        Cells cells;
        std::size_t count = 0;
        for (auto rest = line;; ++count) {
            auto const comma = rest.find(',');
            if (count < cells.size()) cells[count] = trimmed(rest.substr(0, comma));
            if (comma == rest.npos) break;
            rest.remove_prefix(comma + 1);
        }
        if (++count != cells.size())
            file_.fail("{} has {} {}, must have {}: {}", quoted(trimmed(line)), count,
                       count == 1 ? "field" : "fields", cells.size(), fmt::join(columns_, ","));
        return cells;
    }

    template <std::size_t... I>
    Row parse(Cells const& cells, std::index_sequence<I...>) const {
        return Row{number<Fields>(cells[I], columns_[I])...};  // braces: from left to right
    }

    template <class T>
    T number(std::string_view text, std::string_view column) const {
        T value{};
        auto const [end, error] = portable::from_chars(text.data(), text.data() + text.size(), value);
        auto const whole = end == text.data() + text.size();
        if constexpr (std::integral<T>) {
            if (error != std::errc{} || !whole)
                file_.fail("{} {} is not a whole number from {} to {}", column, quoted(text),
                           std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
        } else {
            if (error == std::errc::result_out_of_range && whole)
                file_.fail("{} {} is too large or too small for a number here", column, quoted(text));
            if (error != std::errc{} || !whole) file_.fail("{} {} is not a number", column, quoted(text));
            if (!std::isfinite(value)) file_.fail("{} {} is not finite", column, quoted(text));
        }
        return value;
    }

    static std::string_view trimmed(std::string_view text) {
        auto const is_blank = [](char c) { return c == ' ' || c == '\t'; };
        while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
        while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
        return text;
    }

    InputFile file_;
    Names columns_;
};

}  // namespace hillock::inline HILLOCK_ISA
