// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/stimuli.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Events sent while time passes. They reach a step's sums after all others, in the order in which they were
/// sent, and are gone when they have arrived.
template <class = void>
class basic_sent_events {
public:
    void add(Arrival const& arrival) {
        waiting_.push_back({arrival, sent_++});
        std::push_heap(waiting_.begin(), waiting_.end(), is_later);
    }
    /// Makes room for `n` more, so that `add` cannot fail.
    void make_room(std::size_t n) { meta::make_room(waiting_, n); }
    void clear() { waiting_.clear(); }

    /// Those that have not arrived, in the order in which they were sent.
    std::vector<Arrival> waiting() const {
        auto sent = waiting_;
        meta::sort_by(sent, [](Sent const& each) { return each.number; });
        std::vector<Arrival> all;
        for (auto const& each : sent) all.push_back(each.arrival);
        return all;
    }

    // -- As a participant

    void begin_epoch(auto&, Epoch epoch) {
        due_.clear();
        while (!waiting_.empty() && waiting_.front().arrival.step < epoch.end) {
            std::pop_heap(waiting_.begin(), waiting_.end(), is_later);
            due_.push_back(waiting_.back().arrival);
            waiting_.pop_back();
        }
    }
    void begin_part(auto& world, Epoch, std::size_t part) {
        for (auto const& a : due_)
            if (world.division.part_of(a.place) == part) arrive(world, a);
    }
    void visit(auto& archive) { archive(waiting_, {}); }

private:
    struct Sent {
        Arrival arrival;
        std::uint64_t number;
    };
    static bool is_later(Sent const& a, Sent const& b) {
        return a.arrival.step > b.arrival.step || (a.arrival.step == b.arrival.step && a.number > b.number);
    }

    std::vector<Sent> waiting_;  // a heap, the next one in front
    std::uint64_t sent_ = 0;
    std::vector<Arrival> due_;  // in this epoch
};

using SentEvents = basic_sent_events<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
