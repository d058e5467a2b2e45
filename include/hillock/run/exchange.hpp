// SPDX-License-Identifier: MIT
#pragma once

/// How the ranks of one simulation talk. Everything that they say goes through one collective operation, a
/// gather of words to everybody; who offers that is an exchange: none (`SerialExchange`), threads of one
/// process (thread_exchange.hpp), MPI (mpi.hpp).

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ownership.hpp>

namespace hillock::inline HILLOCK_ISA {

/// What all ranks have said: the words of rank r are words[first[r]] up to words[first[r + 1]].
struct Gathered {
    std::vector<std::uint64_t> words;
    std::vector<std::size_t> first;

    std::span<std::uint64_t const> of(std::size_t rank) const {
        return std::span(words).subspan(first[rank], first[rank + 1] - first[rank]);
    }
};

/// `all_gather(mine, all)` is called by all ranks together and gives each of them the words of all, in the
/// order of ranks. If a rank has left for good it throws, or ends the program; it never waits for ever.
template <class E>
concept Exchange =
    requires(E& e, E const& same, std::span<std::uint64_t const> mine, Gathered& all) {
        { same.rank() } -> std::convertible_to<std::size_t>;
        { same.ranks() } -> std::convertible_to<std::size_t>;
        e.all_gather(mine, all);
    } &&
    std::movable<
        E>;  // last: what is made from an exchange must not be asked whether it is one by being moved

/// One rank alone.
class SerialExchange {
public:
    std::size_t rank() const { return 0; }
    std::size_t ranks() const { return 1; }
    void all_gather(std::span<std::uint64_t const> mine, Gathered& all) {
        all.words.assign(mine.begin(), mine.end());
        all.first = {0, mine.size()};
    }
};

/// What the other ranks throw when one has failed during a run; that one throws its own error.
class ForeignError : public Error {
public:
    ForeignError(std::size_t rank, std::string const& message)
        : Error(fmt::format("rank {}: {}", rank, message)) {}
};

/// The ranks of a simulation, over any exchange.
class Ranks {
public:
    template <Exchange E>
    explicit Ranks(E exchange)
        : own_{exchange.rank(), exchange.ranks()}, exchange_{std::make_unique<Over<E>>(std::move(exchange))} {
        require(own_.rank < own_.ranks, "rank {} of {}: ranks are numbered from 0", own_.rank, own_.ranks);
    }

    Ownership const& own() const { return own_; }
    bool several() const { return own_.ranks > 1; }

    /// Collective, as all that follow: what all ranks say. It stays until the next call.
    Gathered const& gather(std::span<std::uint64_t const> mine) {
        exchange_->all_gather(mine, all_);
        return all_;
    }

    std::uint64_t sum(std::uint64_t mine) {
        auto const& all = gather({&mine, 1}).words;
        return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
    }
    std::uint64_t least(std::uint64_t mine) {
        auto const& all = gather({&mine, 1}).words;
        return *std::min_element(all.begin(), all.end());
    }
    /// Throws on all ranks unless all of them have the same numbers, which have names.
    void require_same(std::vector<std::pair<std::string_view, std::uint64_t>> const& mine) {
        std::vector<std::uint64_t> numbers;
        for (auto const& [name, number] : mine) numbers.push_back(number);
        auto const& all = gather(numbers);
        for (std::size_t rank = 0; rank < own_.ranks; ++rank)
            for (std::size_t k = 0; k < mine.size(); ++k)
                require(all.of(rank)[k] == all.of(0)[k],
                        "{}: {} on rank 0, {} on rank {}; all ranks must do the same with a network",
                        mine[k].first, all.of(0)[k], all.of(rank)[k], rank);
    }

private:
    struct Erased {
        virtual ~Erased() = default;
        virtual void all_gather(std::span<std::uint64_t const> mine, Gathered& all) = 0;
    };
    template <class E>
    struct Over final : Erased {
        explicit Over(E e) : exchange{std::move(e)} {}
        void all_gather(std::span<std::uint64_t const> mine, Gathered& all) override {
            exchange.all_gather(mine, all);
        }
        E exchange;
    };

    Ownership own_;
    std::unique_ptr<Erased> exchange_;
    Gathered all_;
};

}  // namespace hillock::inline HILLOCK_ISA
