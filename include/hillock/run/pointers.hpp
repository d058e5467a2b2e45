// SPDX-License-Identifier: MIT
#pragma once

/// States that show variables elsewhere, and the numbers that ranks exchange for them in every step.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/pointer.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// All pointers with an end on an own cell. Where a network has any, on whatever rank, an epoch is one step.
template <class Real>
class Pointers {
public:
    /// One end: its rank, its place, of which `cell` counts on that rank only, and the name there.
    struct End {
        std::size_t rank;
        wiring::Place place;
        std::string name;
    };

    /// Lets the number at `from` show that at `to`. All ranks call it alike.
    void add(End from, End to) { all_.push_back({std::move(from), std::move(to), 0, {}, {}}); }
    std::size_t count() const { return all_.size(); }  // on all ranks

    // -- As a participant

    Step horizon(Step now) const { return count() > 0 ? now + 1 : std::numeric_limits<Step>::max(); }

    void prepare(auto& world, auto&) {
        auto const own = world.ranks->own().rank;
        for (auto& one : all_) {
            if (one.to.rank == own)
                world.populations.with(one.to.place.population, [&](auto& population) {
                    one.source = population.reading(one.to.name);
                });
            if (one.from.rank == own)
                world.populations.with(one.from.place.population, [&](auto& population) {
                    one.target = population.reading(one.from.name);
                });
        }
        carry(world);
    }
    void end_epoch(auto& world, Epoch, Spikes) { carry(world); }

private:
    struct Link {
        End from, to;
        double value;
        population::Reference<Real> source, target;  // good for a run
    };

    /// Brings the numbers to where they are shown.
    void carry(auto& world) {
        if (all_.empty()) return;
        auto const own = world.ranks->own();
        for (auto& one : all_)
            if (one.to.rank == own.rank)
                world.populations.with(one.to.place.population, [&](auto& population) {
                    one.value = population.read(one.source, one.to.place.cell);
                });
        if (own.ranks > 1) travel(*world.ranks);
        for (auto const& one : all_)
            if (one.from.rank == own.rank)
                world.populations.with(one.from.place.population, [&](auto& population) {
                    population.write(one.target, one.from.place.cell, one.value);
                });
    }
    void travel(communication::Ranks& ranks) {
        auto const own = ranks.own().rank;
        outgoing_.clear();
        for (auto const& one : all_)
            if (one.to.rank == own && one.from.rank != own)
                outgoing_.push_back(std::bit_cast<std::uint64_t>(one.value));
        auto const& received = ranks.gather(outgoing_);
        std::vector<std::size_t> taken(ranks.own().ranks);
        for (auto& one : all_)
            if (one.to.rank != one.from.rank) {
                auto const word = received.of(one.to.rank)[taken[one.to.rank]++];
                one.value = std::bit_cast<double>(word);
            }
    }

    std::vector<Link> all_;
    std::vector<std::uint64_t> outgoing_;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
