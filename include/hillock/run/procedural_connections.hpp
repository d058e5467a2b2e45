// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/spike_history.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/wiring/procedural.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The connections of a network that are not stored.
///
/// When an epoch ends, its spikes are shared out among the threads; each draws the connections of its spikes,
/// and sorts what arrives by the part of the target. Before the next epoch each part adds what is its own to
/// a ring of coming steps, in the order of the spikes, and the sums of the epoch's steps to the inboxes:
/// after the weights of stored connections, before stimuli. So the bits depend neither on threads nor on
/// ranks, and are those of stored connections where no others end at the same synapse.
template <class Real>
class ProceduralConnections {
public:
    using Piece = wiring::ProceduralProjection<Real>;
    using Pieces = std::vector<std::shared_ptr<Piece>>;

    /// Makes room for some, so that `add` cannot fail.
    Pieces make_room_for(Pieces made) {
        meta::make_room(all_, made.size());
        return made;
    }
    void add(Pieces made, Step now) noexcept {
        for (auto& piece : made) all_.push_back({std::move(piece), now, 0});
        anew_ = true;
    }
    void clear() {
        all_.clear();
        history_.clear();
        anew_ = true;
    }

    std::uint64_t size() const {
        std::uint64_t sum = 0;
        for (auto const& one : all_) sum += one.piece->size;
        return sum;
    }
    /// The smallest delay, in steps, if it is less than `least`; no epoch of any rank may be longer.
    Step least_delay(Step least) const {
        for (auto const& one : all_) least = std::min(least, one.piece->least_delay);
        return least;
    }
    Step greatest_delay() const {
        Step greatest = 1;
        for (auto const& one : all_) greatest = std::max(greatest, one.piece->greatest_delay);
        return greatest;
    }

    /// Calls f(piece, the step since when it is there) for those of all projections.
    void for_each(auto&& f) {
        for (auto& one : all_) f(*one.piece, one.since);
    }
    bool has(std::size_t projection) const {
        return std::any_of(all_.begin(), all_.end(),
                           [&](auto const& one) { return one.piece->projection == projection; });
    }

    std::vector<GridSpike> const& history() const { return history_; }
    /// Puts what is on its way in the place of what was.
    void set_history(std::vector<GridSpike> spikes) {
        if (all_.empty()) return;  // and nobody would forget them
        history_ = std::move(spikes);
        anew_ = true;
    }

    // -- As a participant

    void prepare(auto& world, auto& team) {
        if (all_.empty()) return;
        inboxes_ = world.inboxes;
        bool const cut_anew = std::exchange(cut_for_, world.division.version()) != world.division.version();
        if (cut_anew || anew_) {
            if (!anew_) settle();
            auto const before = std::exchange(width_, 0);
            make_receivers(world);
            anew_ |= width_ != before;
            parts_ = std::vector<Part>(team.size());
            for (auto& part : parts_) part.events.resize(team.size());
        }
        if (!std::exchange(anew_, false)) return;
        slots_ = std::bit_ceil(static_cast<std::size_t>(greatest_delay()));
        sums_ = simd::Column<Real>(slots_ * width_, Real{0});
        team.all([&](std::size_t part) { send(history_, part, world.now); });
    }

    void begin_part(auto& world, Epoch epoch, std::size_t part) {
        if (all_.empty()) return;
        for (auto& from : parts_) take(from.events[part]);
        for (auto const& to : receivers_) {
            auto const firsts = world.division.first_cells(to.population);
            auto const first = std::min(firsts[part], to.cells);
            auto const last = part + 1 < firsts.size() ? std::min(firsts[part + 1], to.cells) : to.cells;
            for (auto step = epoch.begin; step < epoch.end; ++step) {
                auto* const sums = at(slot_of(step)) + to.first;
                auto* const inbox = inboxes_[to.population]->at(step, to.synapse);
                for (auto cell = first; cell < last; ++cell) {
                    inbox[cell] += sums[cell];
                    sums[cell] = 0;
                }
            }
        }
    }

    void end_epoch(auto&, Epoch epoch, Spikes spikes) {
        if (all_.empty()) return;
        forget_spikes_before(history_, epoch.end - greatest_delay());
        meta::append(history_, spikes);
    }
    void end_part(auto&, Epoch epoch, Spikes spikes, std::size_t part) { send(spikes, part, epoch.end); }

    void visit(auto& archive) {
        archive(history_, {});
        archive.derived(anew_, true);
        for (auto& one : all_) archive(one.since, Step{0});
    }

private:
    struct One {
        std::shared_ptr<Piece const> piece;
        Step since;         // earlier spikes do not take its connections
        std::size_t first;  // the sum of its population's first cell
    };
    /// A synapse at which such connections end: the sums of its cells are those from `first` on.
    struct Receiver {
        std::size_t population, synapse, cells, first;
    };
    struct Event {
        std::uint32_t slot, sum;
        Real weight;
    };
    /// Where one thread writes, apart from the others.
    struct alignas(64) Part {
        std::vector<Gid> targets;
        std::vector<wiring::DrawnConnection<Real>> drawn;
        std::vector<std::vector<Event>> events;  // by the part where they arrive, in the order of spikes
    };

    static constexpr std::size_t line = simd::alignment / sizeof(Real);  // sums

    std::uint32_t slot_of(Step step) const {
        return static_cast<std::uint32_t>(static_cast<std::size_t>(step) & (slots_ - 1));
    }
    Real* at(std::uint32_t slot) { return sums_.data() + slot * width_; }

    /// Finds which sums there are, and whose part each line of them is.
    void make_receivers(auto& world) {
        receivers_.clear();
        part_of_.clear();
        for (auto& one : all_) {
            auto const population = one.piece->population, synapse = one.piece->synapse;
            auto known = receivers_.begin();
            while (known != receivers_.end() &&
                   !(known->population == population && known->synapse == synapse))
                ++known;
            one.first = known == receivers_.end() ? width_ : known->first;
            if (known != receivers_.end()) continue;
            world.populations.with(population, [&](auto const& cells) {
                receivers_.push_back({population, synapse, cells.size(), width_});
                for (std::size_t cell = 0; cell < cells.size(); cell += line)
                    part_of_.push_back(
                        static_cast<std::uint32_t>(world.division.part_of({population, cell})));
            });
            width_ = part_of_.size() * line;
        }
    }

    /// Sends a part's share of some spikes on their way, as far as they arrive at `now` or later.
    void send(Spikes spikes, std::size_t part, Step now) {
        if (all_.empty()) return;
        auto const begin = spikes.size() * part / parts_.size();
        auto const end = spikes.size() * (part + 1) / parts_.size();
        for (auto const& spike : spikes.subspan(begin, end - begin))
            for (auto const& one : all_) {
                if (spike.step < one.since) continue;
                auto& drawn = parts_[part].drawn;
                drawn.clear();
                one.piece->draw(spike.gid, parts_[part].targets, drawn);
                if (parts_.size() == 1)
                    add(drawn, one.first, spike.step, now);
                else
                    sort(drawn, one.first, spike.step, now, parts_[part].events);
            }
    }
    /// Adds what one spike brings at once.
    void add(std::vector<wiring::DrawnConnection<Real>> const& drawn, std::size_t first, Step fired,
             Step now) {
        constexpr std::size_t ahead = 16;
        auto const sum_of = [&](auto const& one) {
            return at(slot_of(fired + one.delay)) + first + one.target;
        };
        for (std::size_t k = 0; k < drawn.size(); ++k) {
            if (k + ahead < drawn.size()) __builtin_prefetch(sum_of(drawn[k + ahead]), 1);
            if (fired + drawn[k].delay >= now) *sum_of(drawn[k]) += drawn[k].weight;
        }
    }
    void sort(std::vector<wiring::DrawnConnection<Real>> const& drawn, std::size_t first, Step fired,
              Step now, std::vector<std::vector<Event>>& events) const {
        for (auto const& one : drawn) {
            if (fired + one.delay < now) continue;
            auto const sum = first + one.target;
            events[part_of_[sum / line]].push_back(
                {slot_of(fired + one.delay), static_cast<std::uint32_t>(sum), one.weight});
        }
    }
    void take(std::vector<Event>& events) {
        constexpr std::size_t ahead = 16;
        for (std::size_t k = 0; k < events.size(); ++k) {
            if (auto const next = k + ahead; next < events.size())
                __builtin_prefetch(at(events[next].slot) + events[next].sum, 1);
            at(events[k].slot)[events[k].sum] += events[k].weight;
        }
        events.clear();
    }
    /// Adds all that still waits for its part.
    void settle() {
        for (std::size_t part = 0; part < parts_.size(); ++part)
            for (auto& from : parts_) take(from.events[part]);
    }

    std::vector<One> all_;            // in the order in which they were made
    std::vector<GridSpike> history_;  // as far back as spikes may still be on their way
    bool anew_ = true;                // what is on its way follows from the history
    std::uint64_t cut_for_ = 0;       // the version of the division
    std::vector<Receiver> receivers_;
    std::vector<std::uint32_t> part_of_;  // of each line of sums
    std::size_t slots_ = 0, width_ = 0;   // coming steps; sums of each
    simd::Column<Real> sums_;             // by slot
    std::vector<Part> parts_;
    std::vector<population::Inbox<Real>*> inboxes_;  // by population
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
