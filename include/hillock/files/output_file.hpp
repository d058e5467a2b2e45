// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <hillock/files/descriptor.hpp>
#include <hillock/files/path.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace files {

/// How a file is kept until it is committed. Without a name (Linux, most file systems) it is gone however the
/// process ends. With a name, the way out on a file system that knows no other, it is in the folder from its
/// first 64 KiB on, and stays there if a signal ends the process.
enum class Temporary { unnamed, named };

/// Holds back all signals to this thread as long as it lives.
class SignalsHeld {
public:
    SignalsHeld() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeld(SignalsHeld const&) = delete;
    SignalsHeld& operator=(SignalsHeld const&) = delete;

private:
    sigset_t before_;
};

}  // namespace files

/// A file that appears whole or not at all: `commit()` puts it in its place, and until then an older file
/// stays as it was. A link stays a link; the file it leads to is replaced, or made.
///
/// Devices and pipes, which cannot be replaced, are written straight through; `/dev/stdout` and `/dev/stderr`
/// are the program's own streams. Every failure is an `Error` with the path and the system's reason. A path
/// that cannot be written is refused when the file is opened: open it before the work whose result it holds.
class OutputFile {
public:
    /// Opens a file that nobody sees until `commit()`.
    explicit OutputFile(std::filesystem::path path, files::Temporary kind = files::Temporary::unnamed)
        : path_{std::move(path)} {
        open(kind);
    }
    OutputFile(OutputFile const&) = delete;
    OutputFile& operator=(OutputFile const&) = delete;
    ~OutputFile() { remove_name(); }

    /// Writes text as fmt::format makes it.
    template <class... Args>
    void print(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(buffer_), format, std::forward<Args>(args)...);
        if (buffer_.size() > flush_at) flush();
    }

    /// Writes bytes as they are.
    void write(std::string_view bytes) {
        buffer_.append(bytes.data(), bytes.data() + bytes.size());
        if (buffer_.size() > flush_at) flush();
    }

    /// Ends the file: all of it is written and stands at `path()`. Nothing can be written after.
    void commit() {
        flush();
        is_finished_ = true;
        files::SignalsHeld const held;  // none may come while there is a name that is not the file's own
        if (folder_ && given_name_.empty()) give_name([&](auto name) { return link_as(name); });
        check(file_.close());
        if (!folder_) return;
        check(::renameat(folder_.number(), given_name_.c_str(), folder_.number(), name_.c_str()) == 0);
        given_name_.clear();
    }

    /// The path as it was given.
    std::filesystem::path const& path() const { return path_; }

private:
    static constexpr std::size_t flush_at = 1 << 16;
    static constexpr int to_write = O_WRONLY | O_CLOEXEC;
    static constexpr mode_t for_all = 0666;  // less the umask
#ifdef O_PATH
    static constexpr int to_find_files = O_PATH | O_DIRECTORY | O_CLOEXEC;  // need not be readable
#else
    static constexpr int to_find_files = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

    void open(files::Temporary kind) {
        namespace fs = std::filesystem;
        stream_ = path_ == "/dev/stdout" ? stdout : path_ == "/dev/stderr" ? stderr : nullptr;
        if (stream_) return use(files::Descriptor::apart_from_streams(fileno(stream_)));
        std::error_code reason;
        auto const status = fs::status(path_, reason);
        if (!fs::status_known(status)) fail(reason.message());
        if (fs::exists(status)) {
            files::Descriptor existing(::open(path_.c_str(), to_write));
            check(bool(existing));  // what may not be written is not replaced either
            if (!fs::is_regular_file(status)) return use(std::move(existing));
            mode_ = static_cast<mode_t>(status.permissions());
        }
        find_folder();
        if (kind == files::Temporary::unnamed && open_unnamed()) return;
        open_named();
        file_.close();  // no more than a proof that it can be
        remove_name();
    }

    void find_folder() {
        auto const target = files::follow_links(path_);
        name_ = target.filename().string();
        if (name_.empty()) fail(std::generic_category().message(path_.empty() ? ENOENT : EISDIR));
        folder_ = files::Descriptor(::open(files::folder_of(target).c_str(), to_find_files));
        check(bool(folder_));
    }

    /// Opens a file without a name; false where there are none, or where they cannot be given one.
    bool open_unnamed() {
#ifdef O_TMPFILE
        files::Descriptor file(::openat(folder_.number(), ".", O_TMPFILE | to_write, for_all));
        if (!file) return false;
        use(std::move(file));
        if (::access(link_to_file().c_str(), F_OK) == 0) return true;
#endif
        file_.close();
        return false;
    }

    void open_named() {
        give_name([&](char const* name) {
            files::Descriptor file(::openat(folder_.number(), name, O_CREAT | O_EXCL | to_write, for_all));
            if (file) use(std::move(file));
            return bool(file_);
        });
    }

    /// Gives the file the first name that is free in its folder; `take` says whether it is.
    template <class Take>
    void give_name(Take const& take) {
        for (unsigned k = 0; given_name_.empty(); ++k) {
            auto name = fmt::format(".hillock-{}-{}", ::getpid(), k);
            if (take(name.c_str()))
                given_name_ = std::move(name);
            else
                check(errno == EEXIST);
        }
    }
    bool link_as(char const* name) {
        return ::linkat(AT_FDCWD, link_to_file().c_str(), folder_.number(), name, AT_SYMLINK_FOLLOW) == 0;
    }
    std::string link_to_file() const { return fmt::format("/proc/self/fd/{}", file_.number()); }
    void remove_name() {
        if (!given_name_.empty()) ::unlinkat(folder_.number(), given_name_.c_str(), 0);
        given_name_.clear();
    }

    void use(files::Descriptor file) {
        file_ = file && file.number() <= STDERR_FILENO ? files::Descriptor::apart_from_streams(file.number())
                                                       : std::move(file);
        check(bool(file_));
        if (mode_) ::fchmod(file_.number(), *mode_);
    }

    void flush() {
        require(!is_finished_, "{}: written to after it was committed, or after a failure", path_.string());
        if (!file_) open_named();
        if (stream_) check(std::fflush(stream_) == 0);
        for (std::string_view rest(buffer_.data(), buffer_.size()); !rest.empty();) {
            auto const written = ::write(file_.number(), rest.data(), rest.size());
            check(written >= 0 || errno == EINTR);
            if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
        }
        buffer_.clear();
    }

    void check(bool succeeded) {
        if (!succeeded) fail(std::generic_category().message(errno));
    }
    [[noreturn]] void fail(std::string const& reason) {
        is_finished_ = true;
        remove_name();
        raise("cannot write '{}': {}", path_.string(), reason);
    }

    std::filesystem::path path_;
    std::FILE* stream_ = nullptr;    // stdout or stderr, whose text comes first
    std::optional<mode_t> mode_;     // of the file that is replaced
    files::Descriptor folder_;       // none: written straight through
    std::string name_, given_name_;  // in the folder: the file's own; the temporary one, if it has one
    files::Descriptor file_;
    bool is_finished_ = false;
    fmt::memory_buffer buffer_;
};

}  // namespace hillock::inline HILLOCK_ISA
