// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <hillock/archive/snapshot.hpp>
#include <hillock/files/input_file.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Writes a snapshot's bytes to a file.
template <class = void>
void write_snapshot(OutputFile& file, Snapshot const& snapshot) {
    auto const bytes = snapshot.bytes();
    file.write({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
    file.commit();
}
template <class = void>
void write_snapshot(std::filesystem::path const& path, Snapshot const& snapshot) {
    OutputFile file(path);
    write_snapshot(file, snapshot);
}

/// Reads a snapshot; an `Error` names the file and says what is wrong with it.
template <class = void>
Snapshot read_snapshot(std::filesystem::path const& path) {
    std::unique_ptr<std::FILE, files::Close> const file(std::fopen(path.c_str(), "rb"));
    std::vector<std::byte> bytes;
    std::size_t size = 0;
    for (std::size_t more = file != nullptr; more > 0; size += more) {
        bytes.resize(size + (std::size_t{1} << 20));
        more = std::fread(bytes.data() + size, 1, bytes.size() - size, file.get());
    }
    require(file && !std::ferror(file.get()), "cannot read '{}': {}", path.string(),
            std::generic_category().message(errno));
    try {
        return Snapshot(std::span(bytes).first(size));
    } catch (Error const& error) {
        raise("{}: {}", path.string(), error.what());
    }
}

}  // namespace hillock::inline HILLOCK_ISA
