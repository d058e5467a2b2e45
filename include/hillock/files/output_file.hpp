// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A file that appears whole or not at all: it is written under a temporary name beside its target, and
/// `commit()` puts it in the target's place. Without a commit (an exception, say) the temporary is removed
/// and an older target stays as it was.
///
/// What cannot be replaced (a device, a pipe) is written straight through; `/dev/stdout` and `/dev/stderr`
/// are the program's own streams. Every failure is an `Error` that names the path and the system's reason.
class OutputFile {
public:
    explicit OutputFile(std::filesystem::path path) : path_{std::move(path)} { open(); }

    OutputFile(OutputFile const&) = delete;
    OutputFile& operator=(OutputFile const&) = delete;

    ~OutputFile() {
        if (file_ && owned_) std::fclose(file_);
        remove_temporary();
    }

    template <class... Args>
    void print(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(buffer_), format, std::forward<Args>(args)...);
        if (buffer_.size() > flush_at) flush();
    }

    void write(std::string_view bytes) {
        buffer_.append(bytes.data(), bytes.data() + bytes.size());
        if (buffer_.size() > flush_at) flush();
    }

    /// Ends the file: all of it is written and stands at `path()`. Nothing can be written after.
    void commit() {
        flush();
        check(std::fflush(file_) == 0);
        auto* const finished = std::exchange(file_, nullptr);
        if (owned_) check(std::fclose(finished) == 0);
        if (temporary_.empty()) return;
        std::error_code reason;
        std::filesystem::rename(temporary_, target_, reason);
        if (reason) fail(reason.message());
        temporary_.clear();
    }

    /// The path as it was given.
    std::filesystem::path const& path() const { return path_; }

private:
    static constexpr std::size_t flush_at = 1 << 16;

    void open() {
        namespace fs = std::filesystem;
        if (path_ == "/dev/stdout" || path_ == "/dev/stderr") {
            file_ = path_ == "/dev/stdout" ? stdout : stderr;
            owned_ = false;
            return;
        }
        std::error_code ignored;
        auto const status = fs::status(path_, ignored);
        if (fs::exists(status) && !fs::is_regular_file(status)) {
            check((file_ = std::fopen(path_.c_str(), "wb")));
        } else {
            if (fs::exists(status)) refuse_read_only();
            target_ = fs::exists(status) ? fs::canonical(path_)
                                         : path_;  // a link stays, the file it leads to is replaced
            open_temporary();
            if (fs::exists(status)) fs::permissions(temporary_, status.permissions(), ignored);
        }
        std::setvbuf(file_, nullptr, _IONBF, 0);  // buffer_ does it
    }

    /// A rename would replace a file that nobody may write to.
    void refuse_read_only() const {
        auto* const existing = std::fopen(path_.c_str(), "r+b");
        check(existing);
        std::fclose(existing);
    }

    void open_temporary() {
        for (auto attempt = 0; !file_; ++attempt) {
            auto name = target_;
            name += fmt::format(".part{}", attempt);
            file_ = std::fopen(name.c_str(), "wbx");
            if (file_)
                temporary_ = std::move(name);
            else
                check(errno == EEXIST && attempt < 1000);
        }
    }

    void remove_temporary() {
        std::error_code ignored;
        if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
    }

    void flush() {
        require(file_, "{}: written to after it was committed", path_.string());
        check(std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size());
        buffer_.clear();
    }

    void check(bool succeeded) const {
        if (!succeeded) fail(std::generic_category().message(errno));
    }

    [[noreturn]] void fail(std::string const& reason) const {
        throw Error(fmt::format("cannot write '{}': {}", path_.string(), reason));
    }

    std::filesystem::path path_, target_, temporary_;
    std::FILE* file_ = nullptr;
    bool owned_ = true;
    fmt::memory_buffer buffer_;
};

}  // namespace hillock::inline HILLOCK_ISA
