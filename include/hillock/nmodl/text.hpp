// SPDX-License-Identifier: MIT
#pragma once

/// Texts of `.mod` files, places in them, and the refusal of what stands at a place.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The content of a file, and the name by which messages call it.
struct Text {
    std::string name, content;
};

/// A place in a text.
struct Place {
    Text const* text = nullptr;
    std::size_t offset = 0;
};

/// Line and column of a place, both from 1; the column counts bytes.
struct LineAndColumn {
    std::size_t line = 1, column = 1;
    std::string_view source;  // the whole line
};

/// Finds line and column of a place. Lines end in LF, CRLF or CR.
inline LineAndColumn locate(Place place) {
    LineAndColumn found;
    std::string_view const content = place.text->content;
    auto const end = std::min(place.offset, content.size());
    std::size_t first = 0;
    for (std::size_t k = 0; k < end; ++k) {
        bool const ends = content[k] == '\n' || (content[k] == '\r' && content.substr(k, 2) != "\r\n");
        if (!ends) continue;
        ++found.line;
        first = k + 1;
    }
    found.column = end - first + 1;
    found.source = content.substr(first, content.find_first_of("\r\n", first) - first);
    return found;
}

/// A file that is not translated. The message is `file:line:column: sentence`, the source line below it, and
/// a mark below the column.
class Refusal : public Error {
public:
    /// Refuses what stands at `place`; `sentence` says why.
    Refusal(Place place, std::string sentence)
        : Error{message(place, sentence)}, place_{locate(place)}, sentence_{std::move(sentence)} {}

    std::size_t line() const { return place_.line; }      // from 1
    std::size_t column() const { return place_.column; }  // from 1, in bytes
    std::string const& sentence() const { return sentence_; }

private:
    static std::string message(Place place, std::string const& sentence) {
        auto const at = locate(place);
        std::string source, mark;
        for (std::size_t k = 0; k < std::min<std::size_t>(at.source.size(), 200); ++k) {
            auto const byte = static_cast<unsigned char>(at.source[k]);
            source += byte == '\t' || (byte >= 0x20 && byte < 0x7f) ? at.source[k] : '?';
            if (k + 1 < at.column) mark += byte == '\t' ? '\t' : ' ';
        }
        return fmt::format("{}:{}:{}: {}\n  {}\n  {}^", place.text->name, at.line, at.column, sentence,
                           source, mark);
    }

    LineAndColumn place_;
    std::string sentence_;
};

/// Throws a `Refusal` of what stands at `place`.
template <class... Args>
[[noreturn]] void refuse(Place place, fmt::format_string<Args...> format, Args&&... args) {
    throw Refusal(place, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
