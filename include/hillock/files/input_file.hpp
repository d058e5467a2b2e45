// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace files {

/// Closes a file of the C library that has been read.
struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace files

/// Text of a file for a message: bytes that are not printable as \xNN, cut after 60 characters.
inline std::string quoted(std::string_view text) {
    std::string safe;
    for (auto const c : text.substr(0, 60)) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f)
            safe += c;
        else
            safe += fmt::format("\\x{:02x}", byte);
    }
    return text.size() > 60 ? "'" + safe + "...'" : "'" + safe + "'";
}

/// A text file read line by line, whose errors name file and line. Lines end in LF, CRLF or CR; a byte order
/// mark at the beginning is skipped. It holds a piece of the file at a time, so that a large file costs no
/// memory; a line longer than `longest_line`, as of a file that is no text, is an `Error`.
class InputFile {
public:
    static constexpr std::size_t longest_line = 1 << 20;  // bytes

    /// Opens a file; an `Error` says why it cannot.
    explicit InputFile(std::filesystem::path path)
        : path_{std::move(path)}, file_{std::fopen(path_.c_str(), "rb")} {
        if (!file_) fail_to_read();
        std::setvbuf(file_.get(), nullptr, _IONBF, 0);  // buffer_ does it
        while (held().size() < byte_order_mark.size() && refill()) {}
        if (held().starts_with(byte_order_mark)) first_ += byte_order_mark.size();
    }

    /// The next line without its end, valid until the next call; nothing at the end of the file.
    std::optional<std::string_view> next_line() {
        auto const size = find_line_end();
        if (held().empty()) return {};
        ++line_number_;
        auto const line = held().substr(0, size);
        if (size > longest_line) fail("a line longer than {} bytes: this is no text file", longest_line);
        first_ += size;
        is_after_cr_ = held().starts_with('\r');
        first_ += !held().empty();
        return line;
    }

    /// The number of the line that was read last; the first is 1.
    std::size_t line_number() const { return line_number_; }
    std::filesystem::path const& path() const { return path_; }  // as it was given

    /// Throws an `Error` that begins with file and line, `spikes.dat:17: ...`.
    template <class... Args>
    [[noreturn]] void fail(ErrorFormat<Args...> format, Args const&... args) const {
        raise_at(path_.string(), std::max<std::size_t>(line_number_, 1), format,
                 fmt::make_format_args(args...));
    }

private:
    static constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

    std::string_view held() const { return {buffer_.data() + first_, last_ - first_}; }

    /// Reads on until a line end, the end of the file or more than the longest line is held; the size of the
    /// line that begins there.
    std::size_t find_line_end() {
        if (is_after_cr_ && (!held().empty() || refill())) first_ += held().starts_with('\n');
        is_after_cr_ = false;
        for (std::size_t searched = 0;;) {
            auto const text = held();
            auto const end = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(searched), text.end(),
                                          [](char c) { return c == '\n' || c == '\r'; });
            searched = static_cast<std::size_t>(end - text.begin());
            if (end != text.end() || searched > longest_line || !refill()) return searched;
        }
    }

    /// Reads on behind what is held, in a larger buffer if a line fills it; whether there was more.
    bool refill() {
        std::copy_n(held().data(), held().size(), buffer_.data());
        last_ -= first_;
        first_ = 0;
        if (last_ > buffer_.size() / 2) buffer_.resize(2 * buffer_.size());
        auto const read = std::fread(buffer_.data() + last_, 1, buffer_.size() - last_, file_.get());
        if (std::ferror(file_.get())) fail_to_read();
        last_ += read;
        return read > 0;
    }

    [[noreturn]] void fail_to_read() const {
        raise("cannot read '{}': {}", path_.string(), std::generic_category().message(errno));
    }

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, files::Close> file_;
    std::vector<char> buffer_ = std::vector<char>(1 << 17);
    std::size_t first_ = 0, last_ = 0;  // of the buffer's unread part
    bool is_after_cr_ = false;          // whether an LF that follows belongs to the last line
    std::size_t line_number_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA
