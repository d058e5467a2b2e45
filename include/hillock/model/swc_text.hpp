// SPDX-License-Identifier: MIT
#pragma once

/// The points of an SWC file, line by line.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <hillock/files/input_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/from_chars.hpp>

namespace hillock::inline HILLOCK_ISA::swc {

/// A point as the file has it.
struct Line {
    std::int64_t id, type, parent_id;  // parent -1: a root
    Point point;                       // its diameter is not negative
    std::size_t number;                // in the file, from 1
};

/// Coordinates and diameters (um) lie within this, as the measures of a `Section` do.
inline constexpr double largest = 1e9;

/// Reads the points of a file in their order. Harmless text is skipped: a byte order mark,
/// comments after #, columns beyond the seventh; a line ends with LF, CRLF or CR. `File` reads the lines; as
/// it is a template argument, programs without SWC files do not compile all this.
template <class File>
class Text {
public:
    explicit Text(std::filesystem::path const& path) : file_{path} {}

    std::vector<Line> read() {
        std::vector<Line> lines;
        while (auto const line = next_line()) {
            split(line->substr(0, line->find('#')));
            if (!words_.empty()) lines.push_back(parse());
        }
        return lines;
    }

private:
    static constexpr std::size_t columns = 7;

    /// The next line; one of a `File` that splits only at LF may still hold CRs.
    std::optional<std::string_view> next_line() {
        if (!rest_) rest_ = file_.next_line();
        if (!rest_) return {};
        if (number_++ == 0 && rest_->starts_with("\xef\xbb\xbf")) rest_->remove_prefix(3);
        auto const end = rest_->find('\r');
        auto const line = rest_->substr(0, end);
        if (end == rest_->npos)
            rest_.reset();
        else
            rest_->remove_prefix(end + 1);
        return line;
    }

    /// Fills `words_`. Commas separate numbers only where blanks do not, so that a decimal comma is an error.
    void split(std::string_view text) {
        split(text, " \t\v\f");
        if (words_.size() < columns) return split(text, " \t\v\f,");
        for (auto& word : words_) {
            if (word.starts_with(',')) word.remove_prefix(1);
            if (word.ends_with(',')) word.remove_suffix(1);
        }
    }

    void split(std::string_view text, std::string_view separators) {
        words_.clear();
        for (std::size_t begin; (begin = text.find_first_not_of(separators)) != text.npos;) {
            text.remove_prefix(begin);
            words_.push_back(text.substr(0, text.find_first_of(separators)));
            text.remove_prefix(words_.back().size());
        }
    }

    Line parse() const {
        if (words_.size() < columns)
            fail("{} numbers: must be {}: id, type, x, y, z, radius, parent", words_.size(), columns);
        auto const id = whole("id", words_[0]), type = whole("type", words_[1]),
                   parent = whole("parent", words_[6]);
        auto const x = number(words_[2]), y = number(words_[3]), z = number(words_[4]),
                   radius = number(words_[5]);
        if (id < 0) fail("id {}: must not be negative", id);
        if (parent < -1) fail("point {}: parent {}: must be the id of a point, or -1 for a root", id, parent);
        for (auto const coordinate : {x, y, z})
            if (!(std::abs(coordinate) <= largest))
                fail("point {} at {}, {}, {} um: must be within {} um of 0", id, x, y, z, largest);
        if (!(radius >= 0 && 2 * radius <= largest))
            fail("point {}: radius {} um: must be between 0 and {}", id, radius, largest / 2);
        return {id, type, parent, {x, y, z, 2 * radius}, number_};
    }

    double number(std::string_view word) const {
        double value = 0;
        if (!holds(word, value)) fail("{} is not a number", quoted(word));
        return value;
    }

    /// A whole number, which may also be written "3.0".
    std::int64_t whole(std::string_view name, std::string_view word) const {
        std::int64_t value = 0;
        if (holds(word, value)) return value;
        auto const as_real = number(word);
        if (as_real != std::floor(as_real)) fail("{} {}: must be a whole number", name, word);
        constexpr double exact = 9007199254740992;  // beyond it some whole numbers have no double
        if (!(std::abs(as_real) <= exact)) fail("{} {}: must be a whole number below 2^63", name, word);
        return static_cast<std::int64_t>(as_real);
    }

    /// Whether all of `word` is a number of the value's type.
    static bool holds(std::string_view word, auto& value) {
        if (word.starts_with('+')) word.remove_prefix(1);
        auto const [end, error] = portable::from_chars(word.data(), word.data() + word.size(), value);
        return error == std::errc{} && end == word.data() + word.size();
    }

    template <class... Args>
    [[noreturn]] void fail(ErrorFormat<Args...> format, Args const&... args) const {
        raise_at(file_.path().string(), number_, format, fmt::make_format_args(args...));
    }

    File file_;
    std::optional<std::string_view> rest_;  // of the file's line
    std::size_t number_ = 0;
    std::vector<std::string_view> words_;
};

}  // namespace hillock::inline HILLOCK_ISA::swc
