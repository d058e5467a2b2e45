// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Calls job() and returns what it throws, if anything.
std::exception_ptr failure_of(auto&& job) {
    try {
        job();
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

/// The message of a failure.
inline std::string message_of(std::exception_ptr const& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& error) {
        return error.what();
    } catch (...) {
        return "unknown error";
    }
}

/// The messages between ranks during a run. A failure on one of them is one on all: it throws its own error,
/// the others a `ForeignError`. All calls are collective.
class SpikeExchange {
public:
    /// The spikes of all ranks in an epoch, by (step, gid). `parts` are those of this rank's threads.
    Spikes gather(communication::Ranks& ranks, std::exception_ptr const& failure,
                  std::vector<std::vector<GridSpike>> const& parts, Step begin) {
        outgoing_.assign(1, failure ? failed : well);
        if (failure)
            append_text(outgoing_, message_of(failure));
        else
            for (auto const& part : parts)
                for (auto const& spike : part)
                    outgoing_.push_back(static_cast<std::uint64_t>(spike.step - begin) << 32 | spike.gid);

        auto const& received = all(ranks, failure);
        words_.clear();  // ascending as (step, gid) does
        for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank) {
            auto const words = received.of(rank);
            meta::append(words_, words.subspan(1));
        }
        std::sort(words_.begin(), words_.end());
        spikes_.clear();
        for (auto const word : words_)
            spikes_.push_back({begin + static_cast<Step>(word >> 32), static_cast<Gid>(word)});
        return spikes_;
    }

    /// Whether a rank wants to stop.
    bool any_stops(communication::Ranks& ranks, std::exception_ptr const& failure, bool stop) {
        if (!ranks.several()) {
            if (failure) std::rethrow_exception(failure);
            return stop;
        }
        outgoing_.assign(1, failure ? failed : stop ? stopping : well);
        if (failure) append_text(outgoing_, message_of(failure));
        auto const& received = all(ranks, failure);
        bool any = false;
        for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank)
            any = any || received.of(rank)[0] == stopping;
        return any;
    }

private:
    static constexpr std::uint64_t well = 0, stopping = 1, failed = 2;

    Gathered const& all(communication::Ranks& ranks, std::exception_ptr const& failure) {
        auto const& received = ranks.gather(outgoing_);
        if (failure) std::rethrow_exception(failure);
        for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank)
            if (received.of(rank)[0] == failed)
                throw ForeignError(rank, text_of(received.of(rank).subspan(1)));
        return received;
    }

    static void append_text(std::vector<std::uint64_t>& words, std::string const& text) {
        auto const first = words.size();
        words.resize(first + (text.size() + sizeof words[0] - 1) / sizeof words[0], 0);
        std::memcpy(words.data() + first, text.data(), text.size());
    }
    static std::string text_of(std::span<std::uint64_t const> words) {
        std::string text(words.size_bytes(), '\0');
        std::memcpy(text.data(), words.data(), words.size_bytes());
        return text.substr(0, text.find('\0'));
    }

    std::vector<std::uint64_t> outgoing_, words_;
    std::vector<GridSpike> spikes_;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
