// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The state of a network at one time, as `save` takes it and `restore` wants it. Its bytes are 64-bit
/// numbers in the byte order of the machine: a head (what it is, its version, its length, a checksum), then
/// the contents by gid, which do not depend on ranks, threads or lanes.
class Snapshot {
public:
    /// From bytes that `bytes()` has given. Throws if any of them is missing or wrong.
    explicit Snapshot(std::span<std::byte const> bytes) {
        require(bytes.size() >= head * sizeof(std::uint64_t) && bytes.size() % sizeof(std::uint64_t) == 0,
                "snapshot: {} bytes: it has been cut off, or is none", bytes.size());
        words_.resize(bytes.size() / sizeof(std::uint64_t));
        std::memcpy(words_.data(), bytes.data(), bytes.size());
        require(words_[0] == magic, "snapshot: none, or one of a machine of another byte order");
        require(words_[1] == version, "snapshot: of version {}, must be {}", words_[1], version);
        require(words_[2] == contents().size(), "snapshot: {} numbers, must be {}: it has been cut off",
                contents().size(), words_[2]);
        require(words_[3] == checksum(), "snapshot: damaged; its checksum is not that of its contents");
    }

    /// All of it, to be kept or sent; good as long as the snapshot.
    std::span<std::byte const> bytes() const { return std::as_bytes(std::span(words_)); }

    /// The snapshot of these contents.
    static Snapshot of(std::vector<std::uint64_t> const& contents) {
        Snapshot made;
        made.words_ = {magic, version, contents.size(), 0};
        meta::append(made.words_, contents);
        made.words_[3] = made.checksum();
        return made;
    }
    /// The contents that `of` was given.
    std::span<std::uint64_t const> contents() const { return std::span(words_).subspan(head); }

private:
    static constexpr std::uint64_t magic = 0x6b636f6c6c6968;  // "hillock"
    static constexpr std::uint64_t version = 4;
    static constexpr std::size_t head = 4;  // numbers

    Snapshot() = default;

    std::uint64_t checksum() const {
        Digest digest;
        for (auto const word : contents()) digest.add(word);
        return digest.value();
    }

    std::vector<std::uint64_t> words_;
};

}  // namespace hillock::inline HILLOCK_ISA
