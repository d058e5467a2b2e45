// SPDX-License-Identifier: MIT
#pragma once

/// Gives the fuzz targets an input of libFuzzer's as a file, and reports a broken promise.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace fuzz {

inline std::string_view text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

/// Ends the program, so that libFuzzer keeps the input, unless `holds`.
inline void expect(bool holds, char const* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", promise);
    std::abort();
}

/// The path of a file of this process's own.
inline std::string path(char const* name) {
    static auto const folder = [] {
        auto made = std::filesystem::temp_directory_path() / ("hillock_fuzz_" + std::to_string(getpid()));
        std::filesystem::create_directories(made);
        return made;
    }();
    return (folder / name).string();
}

/// A file of this content.
inline std::string file(std::string_view content) {
    auto const name = path("input");
    auto* const out = std::fopen(name.c_str(), "wb");
    expect(out && std::fwrite(content.data(), 1, content.size(), out) == content.size() &&
               std::fclose(out) == 0,
           "the input can be written to a file");
    return name;
}

/// The content of a file.
inline std::string content(std::string const& name) {
    auto* const in = std::fopen(name.c_str(), "rb");
    expect(in, "a file that was written is there");
    std::string all;
    char piece[4096];
    for (std::size_t size; (size = std::fread(piece, 1, sizeof piece, in)) > 0;) all.append(piece, size);
    std::fclose(in);
    return all;
}

/// The lines of a text, without the empty ones.
inline std::vector<std::string> lines(std::string_view rest) {
    std::vector<std::string> all;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find('\n'));
        if (!line.empty()) all.emplace_back(line);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return all;
}

}  // namespace fuzz
