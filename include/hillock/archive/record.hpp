// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::archive {

using Words = std::vector<std::uint64_t>;

/// A number as 64 bits, and back.
template <class T>
std::uint64_t bits_of(T number) {
    if constexpr (std::same_as<T, double>)
        return std::bit_cast<std::uint64_t>(number);
    else if constexpr (std::same_as<T, float>)
        return std::bit_cast<std::uint32_t>(number);
    else
        return static_cast<std::uint64_t>(number);
}
template <class T>
T number_of(std::uint64_t bits) {
    if constexpr (std::same_as<T, double>)
        return std::bit_cast<double>(bits);
    else if constexpr (std::same_as<T, float>)
        return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    else
        return static_cast<T>(bits);
}

/// Writes numbers one after the other. What is saved is visited by the same function as what is restored:
/// `io(number)`.
class RecordWriter {
public:
    static constexpr bool reads = false, commits = false;

    template <class T>
    void operator()(T const& number) {
        words_.push_back(bits_of(number));
    }
    /// A number that is read also where nothing is committed: what follows depends on it.
    void always(auto const& number) { (*this)(number); }
    /// How many numbers follow, at the most `greatest`.
    std::size_t count(std::size_t n, std::size_t) {
        words_.push_back(n);
        return n;
    }
    /// A fact that must be the same where it is read.
    void expect(std::string_view, auto fact) { words_.push_back(bits_of(fact)); }

    Words const& words() const { return words_; }

private:
    Words words_;
};

/// Reads them again. First without committing: then it looks whether everything is there, and changes
/// nothing.
template <bool does_commit>
class RecordReader {
public:
    static constexpr bool reads = true, commits = does_commit;

    explicit RecordReader(std::span<std::uint64_t const> words) : words_{words} {}

    template <class T>
    void operator()(T& number) {
        auto const bits = next();
        if constexpr (commits) number = number_of<T>(bits);
    }
    template <class T>
    void always(T& number) {
        number = number_of<T>(next());
    }
    std::size_t count(std::size_t, std::size_t greatest) {
        auto const n = next();
        require(n <= greatest, "snapshot of another network: {} numbers where there are {} places", n,
                greatest);
        return n;
    }
    void expect(std::string_view name, auto fact) {
        auto const saved = number_of<decltype(fact)>(next());
        require(saved == fact, "snapshot of another network: {}: {} there, {} here", name, saved, fact);
    }

    std::uint64_t next() { return take(1)[0]; }
    std::span<std::uint64_t const> take(std::size_t n) {
        require(n <= words_.size(), "snapshot of another network: it ends where {} more numbers are expected",
                n - words_.size());
        auto const taken = words_.first(n);
        words_ = words_.subspan(n);
        return taken;
    }
    bool at_end() const { return words_.empty(); }

private:
    std::span<std::uint64_t const> words_;
};

}  // namespace hillock::inline HILLOCK_ISA::archive
