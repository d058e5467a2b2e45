// SPDX-License-Identifier: MIT
#pragma once

/// Gap junctions, and the voltages that ranks exchange for them in every step.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// All gap junctions with an end on an own cell. Where a network has any, on whatever rank, an epoch is one
/// step. Only the voltages at ends whose other end is on another rank travel.
///
/// The current of a place is the sum over its junctions in the order in which they were made, on any number
/// of ranks and threads.
template <class = void>
class basic_gap_junction_ends {
public:
    /// One end: its cell, the rank of that, and the place there. `place.cell` counts on that rank only.
    struct End {
        Gid gid;
        std::size_t rank;
        wiring::Place place;
        NodeTree::Site site;
    };

    /// Joins two ends by a conductance in uS. All ranks call it alike.
    void add(End const& a, End const& b, double conductance, Ownership const& own) {
        ++count_;
        exported_.resize(own.ranks);
        bool const crosses = a.rank != b.rank, concerns = a.rank == own.rank || b.rank == own.rank;
        if (!crosses && !concerns) return;
        auto const first = find(a, crosses), second = find(b, crosses);
        if (concerns) junctions_.push_back({first, second, conductance});
        for (auto const k : {first, second}) places_[k].conductance += conductance;
    }

    std::size_t count() const { return count_; }  // of junctions, on all ranks
    /// How many times junctions have been drawn by a rule.
    std::uint32_t rules() const { return rules_; }
    void count_rule() { ++rules_; }

    // -- As a participant

    Step horizon(Step now) const { return count_ > 0 ? now + 1 : std::numeric_limits<Step>::max(); }

    void prepare(auto& world, auto&) {
        for (auto const& place : places_)
            if (place.end.rank == world.ranks->own().rank)
                world.electrodes[place.end.place.population]->set_conductance(
                    place.end.place.cell, place.end.place.electrode, place.conductance);
        exchange(world);
    }
    void end_epoch(auto& world, Epoch, Spikes) { exchange(world); }

private:
    struct Place {
        End end;
        double conductance = 0, v = 0;  // uS, of all its junctions; mV
        double nA = 0;                  // the sum of conductance times the voltage of the other end
        bool travels = false;           // whether another rank asks for v
    };
    struct Junction {
        std::size_t a, b;    // places
        double conductance;  // uS
    };

    /// The place of an end, whose voltage may be asked for by another rank.
    std::size_t find(End const& end, bool travels) {
        auto const [known, is_new] = by_place_.try_emplace({end.gid, end.place.electrode}, places_.size());
        if (is_new) places_.push_back({end});
        if (travels && !std::exchange(places_[known->second].travels, true))
            exported_[end.rank].push_back(known->second);
        return known->second;
    }

    /// Brings the voltages at all ends to where they are needed, and sets the currents of the next step.
    void exchange(auto& world) {
        if (count_ == 0) return;
        auto const own = world.ranks->own();
        for (auto& place : places_)
            if (place.end.rank == own.rank)
                world.populations.with(place.end.place.population, [&](auto& population) {
                    place.v = population.voltage(place.end.place.cell, place.end.site);
                });
        if (own.ranks > 1) travel(*world.ranks);

        for (auto& place : places_) place.nA = 0;
        for (auto const& j : junctions_) {
            places_[j.a].nA += j.conductance * places_[j.b].v;
            places_[j.b].nA += j.conductance * places_[j.a].v;
        }
        for (auto const& place : places_)
            if (place.end.rank == own.rank)
                world.electrodes[place.end.place.population]->set(place.end.place.cell,
                                                                  place.end.place.electrode, place.nA);
    }
    void travel(communication::Ranks& ranks) {
        outgoing_.clear();
        for (auto const k : exported_[ranks.own().rank])
            outgoing_.push_back(std::bit_cast<std::uint64_t>(places_[k].v));
        auto const& received = ranks.gather(outgoing_);
        for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank) {
            auto const words = received.of(rank);
            for (std::size_t n = 0; n < words.size(); ++n)
                places_[exported_[rank][n]].v = std::bit_cast<double>(words[n]);
        }
    }

    std::vector<Place> places_;
    std::map<std::pair<Gid, std::size_t>, std::size_t> by_place_;  // by gid and electrode
    std::vector<Junction> junctions_;
    std::vector<std::vector<std::size_t>> exported_;  // places whose voltage travels, by rank
    std::vector<std::uint64_t> outgoing_;
    std::size_t count_ = 0;
    std::uint32_t rules_ = 0;
};

using GapJunctionEnds = basic_gap_junction_ends<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
