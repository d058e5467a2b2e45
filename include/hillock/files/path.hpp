// SPDX-License-Identifier: MIT
#pragma once

/// Where a path leads, also to a file that does not exist yet.

#include <filesystem>
#include <system_error>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::files {

/// The folder that holds the last component of `path`.
inline std::filesystem::path folder_of(std::filesystem::path const& path) {
    auto const folder = path.parent_path();
    return folder.empty() ? "." : folder;
}

/// Follows the links at the end of `path`; the last one may dangle. A circle of links stays a link.
inline std::filesystem::path follow_links(std::filesystem::path path) {
    namespace fs = std::filesystem;
    constexpr int most_links = 40;  // as Linux
    std::error_code ignored;
    for (int k = 0; k < most_links && fs::is_symlink(fs::symlink_status(path, ignored)); ++k)
        path = path.parent_path() / fs::read_symlink(path, ignored);
    return path;
}

/// Whether writing to one path replaces what the other one leads to: both are the same regular file, by
/// whatever names and links, or will be once it is made. Devices and pipes hold nothing to be replaced.
inline bool is_same_file(std::filesystem::path const& a, std::filesystem::path const& b) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    auto const a_status = fs::status(a, ignored), b_status = fs::status(b, ignored);
    if (fs::exists(a_status) && fs::exists(b_status))
        return fs::is_regular_file(a_status) && fs::equivalent(a, b, ignored);
    if (fs::exists(a_status) || fs::exists(b_status)) return false;
    auto const a_end = follow_links(a), b_end = follow_links(b);
    return a_end.filename() == b_end.filename() &&
           fs::equivalent(folder_of(a_end), folder_of(b_end), ignored);
}

}  // namespace hillock::inline HILLOCK_ISA::files
