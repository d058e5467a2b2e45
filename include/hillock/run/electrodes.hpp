// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/serial.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The current electrodes of a network. Their currents change only at the edges of their pulses, where epochs
/// end.
template <class = void>
class basic_electrodes {
public:
    explicit basic_electrodes(TimeGrid grid) : grid_{grid} {}

    /// A pulse in one of the own cells. `serial` says which call of `stimulate` it belongs to.
    void add(IClamp const& clamp, wiring::Place place, std::uint32_t serial = 0) {
        auto const [first, last] = edges_of(clamp);
        pulses_.push_back({first, last, place_number(place), clamp.amp, serial});
        changed_ = true;
    }
    /// The edges of a pulse, wherever its cell is: all ranks take the same epochs.
    void add_edges(IClamp const& clamp) {
        for (auto const edge : edges_of(clamp)) edges_.push_back(edge);
        changed_ = true;
    }

    /// Takes back those from a serial number on. Their edges stay: where an epoch ends is of no concern.
    void keep(std::uint32_t serial) noexcept {
        keep_before(pulses_, serial);
        changed_ = true;
    }
    /// Removes one call's.
    void remove(std::uint32_t serial) noexcept {
        meta::erase_if(pulses_, [&](Pulse const& pulse) { return pulse.serial == serial; });
        changed_ = true;
    }

    void clear() {
        pulses_.clear();
        edges_.clear();
        changed_ = true;
    }

    // -- As a participant

    Step horizon(Step now) const {
        auto const edge = std::upper_bound(edges_.begin(), edges_.end(), now);
        return edge == edges_.end() ? std::numeric_limits<Step>::max() : *edge;
    }

    void prepare(auto& world, auto&) {
        if (!std::exchange(changed_, false)) return;
        auto const key = [](Step step) { return static_cast<std::uint64_t>(step) ^ std::uint64_t{1} << 63; };
        meta::sort_by(edges_, key);
        edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
        changes_.clear();
        for (std::size_t k = 0; k < pulses_.size(); ++k) {
            if (pulses_[k].first >= pulses_[k].last) continue;
            changes_.push_back({pulses_[k].first, k, true});
            changes_.push_back({pulses_[k].last, k, false});
        }
        meta::sort_by(changes_, [&](Change const& change) { return key(change.step); });
        next_change_ = 0;
        for (auto& place : places_) place.on.clear();
        take_changes(world.now);
        for (auto const& place : places_) inject(world, place);
    }

    void begin_epoch(auto& world, Epoch epoch) {
        for (auto const number : take_changes(epoch.begin)) inject(world, places_[number]);
    }

    void visit(auto& archive) { archive.derived(changed_, true); }

private:
    struct Pulse {
        Step first, last;  // on in [first, last)
        std::size_t place;
        double amp;
        std::uint32_t serial;
    };
    /// A pulse begins or ends. Those of one step come in the order of the pulses.
    struct Change {
        Step step;
        std::size_t pulse;
        bool on;
    };
    /// A place in a cell where there are electrodes, and those that are on.
    struct Electrode {
        wiring::Place place;
        std::vector<std::size_t> on = {};  // ascending
    };

    std::array<Step, 2> edges_of(IClamp const& clamp) const {
        return {grid_.first_middle_after(clamp.delay), grid_.first_middle_after(clamp.delay + clamp.dur)};
    }

    std::size_t place_number(wiring::Place place) {
        meta::make_room(places_, 1);
        auto const [found, is_new] = numbers_.try_emplace(place, places_.size());
        if (is_new) places_.push_back({place});
        return found->second;
    }

    /// Takes all changes up to `step`; returns the places that they concern.
    std::vector<std::size_t> const& take_changes(Step step) {
        changed_places_.clear();
        for (; next_change_ < changes_.size() && changes_[next_change_].step <= step; ++next_change_) {
            auto const& change = changes_[next_change_];
            auto const place = pulses_[change.pulse].place;
            auto& on = places_[place].on;
            auto const at = std::lower_bound(on.begin(), on.end(), change.pulse);
            if (change.on)
                on.insert(at, change.pulse);
            else
                on.erase(at);
            changed_places_.push_back(place);
        }
        return changed_places_;
    }

    /// The sum of a place's currents, in the order of the pulses.
    void inject(auto& world, Electrode const& electrode) const {
        double amp = 0;
        for (auto const pulse : electrode.on) amp += pulses_[pulse].amp;
        auto const& place = electrode.place;
        world.electrodes[place.population]->set(place.cell, place.electrode, amp);
    }

    TimeGrid grid_;
    std::vector<Pulse> pulses_;
    std::vector<Step> edges_;  // of the pulses of all ranks; ascending, once prepared
    std::map<wiring::Place, std::size_t> numbers_;
    std::vector<Electrode> places_;
    std::vector<Change> changes_;  // of the own pulses, ascending
    std::size_t next_change_ = 0;
    std::vector<std::size_t> changed_places_;
    bool changed_ = false;
};

using Electrodes = basic_electrodes<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
