// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Facts about all ranks that each needs before a run.
struct Agreement {
    std::uint64_t connections = 0;  // of all
    Step least_delay = 0;           // of all, in steps
    bool observed = false;          // whether one of them wants to be asked after each epoch
};

/// A number that must be the same on all ranks, and what messages call it.
struct Shared {
    std::string_view name;
    std::uint64_t number;
    bool is_real = false;  // `number` are the bits of a real one

    std::string text(std::uint64_t it) const {
        return is_real ? fmt::format("{}", std::bit_cast<double>(it)) : fmt::format("{}", it);
    }
};

/// Adds up what the ranks have. Throws on all of them unless they are about to do the same. Collective.
template <std::size_t N>
Agreement agree(communication::Ranks& ranks, std::array<Shared, N> const& shared, Agreement const& own) {
    std::array<std::uint64_t, N + 3> words;
    for (std::size_t k = 0; k < N; ++k) words[k] = shared[k].number;
    words[N] = own.connections;
    words[N + 1] = static_cast<std::uint64_t>(own.least_delay);
    words[N + 2] = own.observed;
    auto const& all = ranks.gather(words);
    auto sum = Agreement{.least_delay = own.least_delay};
    for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank) {
        auto const theirs = all.of(rank);
        require(theirs.size() == words.size(),
                "rank {} does something else; all ranks must do the same with a network", rank);
        for (std::size_t k = 0; k < N; ++k)
            require(theirs[k] == all.of(0)[k],
                    "{}: {} on rank 0, {} on rank {}; all ranks must do the same with a network",
                    shared[k].name, shared[k].text(all.of(0)[k]), shared[k].text(theirs[k]), rank);
        sum.connections += theirs[N];
        sum.least_delay = std::min(sum.least_delay, static_cast<Step>(theirs[N + 1]));
        sum.observed = sum.observed || theirs[N + 2] != 0;
    }
    return sum;
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
