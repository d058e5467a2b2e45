// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// How many spikes some cells have fired since somebody last asked.
struct SpikeCount {
    Cells cells;
    std::uint64_t spikes = 0;
    std::size_t number = 0;   // among those that the network has had
    bool is_awaited = false;  // copied, and not yet asked for
};

/// Counts spikes, on every rank those of all.
template <class = void>
class basic_spike_counters {
public:
    std::shared_ptr<SpikeCount> add(Cells const& cells) {
        return counts_.emplace_back(
            std::make_shared<SpikeCount>(SpikeCount{.cells = cells, .number = made_++}));
    }
    /// The copy of a count of the network that this one's was copied from.
    std::shared_ptr<SpikeCount> counterpart(SpikeCount const& of) const {
        for (auto const& count : counts_)
            if (count->number == of.number && count->cells.size() == of.cells.size()) {
                count->is_awaited = false;
                return count;
            }
        throw Error("counterpart: this network has no copy of the counter");
    }

    // -- As a participant

    /// A copied network has counts of its own.
    void copied(auto&) {
        for (auto& count : counts_) {
            count = std::make_shared<SpikeCount>(*count);
            count->is_awaited = true;
        }
    }

    void prepare(auto&, auto&) {
        meta::erase_if(counts_, [](auto const& count) {
            return count.use_count() == 1 && !count->is_awaited;  // nobody asks
        });
    }
    void end_epoch(auto&, Epoch, Spikes spikes) {
        for (auto& count : counts_)
            for (auto const& spike : spikes)
                if (count->cells.contains(spike.gid)) ++count->spikes;
    }
    std::vector<std::shared_ptr<SpikeCount>> const& all() const { return counts_; }
    void visit(auto& archive) {
        for (auto& count : counts_) archive(count->spikes, std::uint64_t{0});
    }

private:
    std::vector<std::shared_ptr<SpikeCount>> counts_;
    std::size_t made_ = 0;
};

using SpikeCounters = basic_spike_counters<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling

namespace hillock::inline HILLOCK_ISA {

/// Counts the spikes of some cells; made by `net.counter(cells)`.
class SpikeCounter {
public:
    explicit SpikeCounter(std::shared_ptr<scheduling::SpikeCount> count) : count_{std::move(count)} {}

    /// The number of spikes since the last call, or since t = 0; on each rank that of all ranks' cells.
    std::uint64_t take() { return std::exchange(count_->spikes, 0); }
    /// The count itself, with the cells that it counts.
    scheduling::SpikeCount const& count() const { return *count_; }

private:
    std::shared_ptr<scheduling::SpikeCount> count_;
};

}  // namespace hillock::inline HILLOCK_ISA
