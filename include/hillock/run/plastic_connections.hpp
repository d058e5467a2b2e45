// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/plastic_delivery.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/wiring/weights.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The plastic connections of a network, each projection by its own rule.
template <class Real>
class PlasticConnections {
public:
    using Delivery = PlasticDelivery<Real>;
    using Deliveries = std::vector<std::unique_ptr<Delivery>>;

    PlasticConnections() = default;
    PlasticConnections(PlasticConnections const& other) : rules_{other.rules_} {
        for (auto const& one : other.all_) all_.push_back(one->clone());
    }
    PlasticConnections(PlasticConnections&&) noexcept = default;
    PlasticConnections& operator=(PlasticConnections&&) noexcept = default;
    ~PlasticConnections() = default;

    /// The rule of a projection: its number, and its parameters.
    struct Rule {
        std::size_t projection = 0;
        std::uint64_t number = 0;
        std::vector<plasticity::Parameter> parameters = {};
    };
    /// A projection, which may have no connections onto own cells.
    struct Projection {
        Rule rule;
        Deliveries deliveries;
    };

    /// Makes room for a projection's deliveries, so that `add` cannot fail.
    Projection make_room_for(Projection made) {
        meta::make_room(all_, made.deliveries.size());
        meta::make_room(rules_, 1);
        return made;
    }
    void add(Projection made) noexcept {
        for (auto& one : made.deliveries) all_.push_back(std::move(one));
        rules_.push_back(std::move(made.rule));
    }
    void clear() {
        all_.clear();
        rules_.clear();
        time_of_weights_.end();
    }

    /// Calls f(delivery) for those of one projection.
    void for_each(std::size_t projection, auto&& f) {
        for (auto& one : all_)
            if (one->table.projection() == projection) f(*one);
    }
    /// Whether a projection has plastic connections onto own cells.
    bool has(std::size_t projection) const {
        return std::any_of(all_.begin(), all_.end(),
                           [&](auto const& one) { return one->table.projection() == projection; });
    }
    Deliveries const& all() const { return all_; }
    /// A projection's rule, the same on all ranks; its number is 0 if it is not plastic.
    Rule rule_of(std::size_t projection) const {
        auto const at =
            std::lower_bound(rules_.begin(), rules_.end(), projection,
                             [](Rule const& rule, std::size_t other) { return rule.projection < other; });
        return at != rules_.end() && at->projection == projection ? *at : Rule{};
    }

    std::uint64_t size() const {
        std::uint64_t sum = 0;
        for (auto const& one : all_) sum += one->table.size();
        return sum;
    }
    /// The smallest delay, in steps, if it is less than `least`; no epoch of any rank may be longer.
    Step least_delay(Step least) const {
        for (auto const& one : all_) least = std::min(least, one->table.least_delay());
        return least;
    }

    /// The weights of a projection, up to date, to be read and written.
    void add_weights(std::size_t projection, std::vector<Weights<Real>>& parts) {
        for_each(projection, [&](Delivery& one) {
            one.catch_up();
            parts.emplace_back(one.table.weights(), time_of_weights_.age());
        });
    }

    // -- As a participant

    void prepare(auto& world, auto&) {
        time_of_weights_.end();
        inboxes_ = world.inboxes;
        for (auto const& one : all_) {
            auto& least = world.least_cells[one->table.population()];
            least = std::max(least, one->table.cells_worth_a_visit());
        }
    }
    void begin_epoch(auto& world, Epoch epoch) {
        for (auto& one : all_) one->begin(epoch, world.division.parts());
    }
    void begin_part(auto& world, Epoch, std::size_t part) {
        for (auto& one : all_) {
            auto const firsts = world.division.first_cells(one->table.population());
            auto const last = part + 1 < firsts.size() ? firsts[part + 1] : one->table.width();
            one->begin_part(part, firsts[part], last);
        }
    }
    void begin_step(auto& world, auto const& slice) {
        if (all_.empty()) return;
        auto const part = world.division.part_of({slice.number, slice.first});
        for (auto& one : all_)
            if (one->table.population() == slice.number)
                one->arrive(part, slice.first, slice.last, slice.step,
                            inboxes_[slice.number]->at(slice.step, one->table.synapse()));
        for (auto& one : all_)
            if (one->table.population() == slice.number && one->follows_voltage()) follow(*one, part, slice);
    }
    void end_step(auto& world, auto const& slice, Spikes spikes) {
        if (all_.empty() || spikes.empty()) return;
        auto const part = world.division.part_of({slice.number, slice.first});
        for (auto const& spike : spikes) {
            auto const cell = cell_of(slice, spike.gid);
            for (auto& one : all_)
                if (one->table.population() == slice.number) one->fire(part, cell, spike.step);
        }
    }
    void end_epoch(auto&, Epoch, Spikes spikes) {
        for (auto& one : all_) one->send(spikes);
    }
    void visit(auto& archive) {
        for (auto& one : all_) archive.connections(*one);
    }

private:
    static void follow(Delivery& one, std::size_t part, auto const& slice) {
        constexpr auto width = std::remove_reference_t<decltype(slice.population)>::width;
        alignas(simd::alignment) std::array<Real, width> v;
        for (auto cell = slice.first; cell < std::min(slice.last, slice.population.size()); cell += width) {
            slice.population.voltages_at(cell / width, one.table.synapse()).store(v.data());
            one.follow(part, cell, std::min(cell + width, slice.population.size()), slice.step, v.data());
        }
    }

    /// The place of a slice's cell; gids ascend in a population.
    static std::size_t cell_of(auto const& slice, Gid gid) {
        auto first = slice.first, last = std::min(slice.last, slice.population.size());
        while (last - first > 1) {
            auto const middle = first + (last - first) / 2;
            (slice.population.gid(middle) <= gid ? first : last) = middle;
        }
        return first;
    }

    Deliveries all_;           // in the order in which they were made
    std::vector<Rule> rules_;  // of plastic projections, ascending
    wiring::TimeOfWeights time_of_weights_;
    std::vector<population::Inbox<Real>*> inboxes_;  // by population
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
