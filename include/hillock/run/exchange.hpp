// SPDX-License-Identifier: MIT
#pragma once

/// Communication between the ranks of one simulation: a single collective operation, which gathers words from
/// all ranks to all ranks. An exchange offers it: `SerialExchange` for one rank, `ThreadExchange` for threads
/// of one process (thread_exchange.hpp), `MpiExchange` for processes (mpi.hpp).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/uncopied.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ownership.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The words received from all ranks: those of rank r are words[first[r]] up to words[first[r + 1]].
struct Gathered {
    std::vector<std::uint64_t> words;  // of all ranks, in their order
    std::vector<std::size_t> first;    // where those of each rank begin; the last is where all end

    /// The words received from one rank.
    std::span<std::uint64_t const> of(std::size_t rank) const {
        return std::span(words).subspan(first[rank], first[rank + 1] - first[rank]);
    }
};

/// `all_gather(outgoing, received)` is called by all ranks together and gives each of them the words of all,
/// in the order of ranks. Where a rank has ended or failed it throws, or ends the program; it never waits for
/// ever.
///
/// `movable` comes last: a type that is made from an exchange, a network say, must not be asked whether it is
/// one itself by moving it.
template <class E>
concept Exchange =
    requires(E& e, E const& same, std::span<std::uint64_t const> outgoing, Gathered& received) {
        { same.rank() } -> std::convertible_to<std::size_t>;
        { same.ranks() } -> std::convertible_to<std::size_t>;
        e.all_gather(outgoing, received);
    } && std::movable<E>;

/// One rank alone.
class SerialExchange {
public:
    std::size_t rank() const { return 0; }
    std::size_t ranks() const { return 1; }
    void all_gather(std::span<std::uint64_t const> outgoing, Gathered& received) {
        received.words.assign(outgoing.begin(), outgoing.end());
        received.first = {0, outgoing.size()};
    }
};

/// Any exchange, known when the program runs: one that goes over MPI or not, say. Copies share it.
class AnyExchange {
public:
    template <class E>
        requires(!std::same_as<E, AnyExchange> && Exchange<E>)
    AnyExchange(E exchange)
        : rank_{exchange.rank()},
          ranks_{exchange.ranks()},
          exchange_{std::make_shared<Over<E>>(std::move(exchange))} {}

    std::size_t rank() const { return rank_; }
    std::size_t ranks() const { return ranks_; }
    void all_gather(std::span<std::uint64_t const> outgoing, Gathered& received) {
        exchange_->all_gather(outgoing, received);
    }

private:
    struct Erased {
        virtual ~Erased() = default;
        virtual void all_gather(std::span<std::uint64_t const> outgoing, Gathered& received) = 0;
    };
    template <class E>
    struct Over final : Erased {
        explicit Over(E e) : exchange{std::move(e)} {}
        void all_gather(std::span<std::uint64_t const> outgoing, Gathered& received) override {
            exchange.all_gather(outgoing, received);
        }
        E exchange;
    };

    std::size_t rank_, ranks_;
    std::shared_ptr<Erased> exchange_;
};

/// Thrown on all other ranks where one has failed during a run; the one that failed throws its own error.
class ForeignError : public Error {
public:
    /// The error of a rank, with its message.
    ForeignError(std::size_t rank, std::string const& message)
        : Error(fmt::format("rank {}: {}", rank, message)) {}
};

}  // namespace hillock::inline HILLOCK_ISA

namespace hillock::inline HILLOCK_ISA::communication {

/// The ranks of a simulation, over any exchange. All but the first two functions are collective: all ranks
/// call them together.
class Ranks {
public:
    explicit Ranks(AnyExchange exchange)
        : own_{exchange.rank(), exchange.ranks()}, exchange_{std::move(exchange)} {
        require(own_.rank < own_.ranks, "rank {} of {}: ranks are numbered from 0", own_.rank, own_.ranks);
    }

    Ownership const& own() const { return own_; }
    bool several() const { return own_.ranks > 1; }

    /// The words of all ranks; they stay until the next call.
    Gathered const& gather(std::span<std::uint64_t const> outgoing) {
        exchange_.all_gather(outgoing, received_);
        return received_;
    }

    std::uint64_t sum(std::uint64_t mine) {
        auto const& all = gather({&mine, 1}).words;
        return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
    }

private:
    Ownership own_;
    AnyExchange exchange_;
    meta::Uncopied<Gathered> received_;
};

}  // namespace hillock::inline HILLOCK_ISA::communication
