// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/words/cells.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// How many spikes some cells have fired since somebody last asked.
struct SpikeCount {
    Cells cells;
    std::uint64_t spikes = 0;
};

/// Counts spikes, on every rank those of all.
class SpikeCounters {
public:
    std::shared_ptr<SpikeCount> add(Cells const& cells) {
        return counts_.emplace_back(std::make_shared<SpikeCount>(SpikeCount{cells}));
    }

    // -- As a participant

    /// A copied network has counts of its own.
    void copied(auto&) {
        for (auto& count : counts_) count = std::make_shared<SpikeCount>(*count);
    }

    void prepare(auto&, auto&) {
        std::erase_if(counts_, [](auto const& count) { return count.use_count() == 1; });  // nobody asks
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
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling

namespace hillock::inline HILLOCK_ISA {

/// Counts the spikes of some cells; made by `net.counter(cells)`.
class SpikeCounter {
public:
    explicit SpikeCounter(std::shared_ptr<scheduling::SpikeCount> count) : count_{std::move(count)} {}

    /// The number of spikes since the last call, or since t = 0; on each rank that of all ranks' cells.
    std::uint64_t take() { return std::exchange(count_->spikes, 0); }

private:
    std::shared_ptr<scheduling::SpikeCount> count_;
};

}  // namespace hillock::inline HILLOCK_ISA
