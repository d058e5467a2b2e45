// SPDX-License-Identifier: MIT
#pragma once

/// Connections that are not stored: each spike draws those of its source anew, from the same streams and
/// therefore always the same ones. They take no memory and, where stored ones would come from memory, little
/// more time.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/wiring/connection_list.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/wiring/draws.hpp>
#include <hillock/wiring/projection_options.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/ownership.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The rule of `procedural`.
template <class Rule>
struct Procedural {
    Rule rule;  ///< which draws the connections

    void require_possible(std::size_t sources, std::size_t targets) const {
        if constexpr (requires { rule.require_possible(sources, targets); })
            rule.require_possible(sources, targets);
    }
    bool joins_same_cells(Cells const& sources, Cells const& targets) const {
        return hillock::joins_same_cells(rule, sources, targets);
    }

    void operator()(SourceDrawing const& d, auto&& connect) const {
        if constexpr (SourceRule<Rule>)
            rule(d, connect);
        else
            rule(d.reversed(), connect);
    }
};

/// Connects by `rule` without storing the connections: `connect(E, E, procedural(fixed_outdegree(1000)),
/// ...)`. For `fixed_outdegree`, `all_to_all`, `one_to_one`, `pairwise_probability` and rules of your own
/// that draw the targets of a source. All is drawn by source, as `fixed_outdegree` does also where
/// connections are stored: that gives the same ones. A rule, and functions that give weights or delays, are
/// called at each spike, by all threads at once. The weights cannot be written and do not learn.
template <class Rule>
Procedural<Rule> procedural(Rule rule) {
    static_assert(SourceRule<Rule> || BothWays<Rule>,
                  "procedural: the rule must list the targets of a source, as fixed_outdegree, all_to_all, "
                  "one_to_one and pairwise_probability do");
    return {std::move(rule)};
}

namespace wiring {

template <class Rule>
inline constexpr bool is_procedural = false;
template <class Rule>
inline constexpr bool is_procedural<Procedural<Rule>> = true;

/// A connection as a spike finds it: the target's place in its population, the delay in steps.
template <class Real>
struct DrawnConnection {
    std::uint32_t target, delay;
    Real weight;
};

/// The connections of a projection onto one population, which are not stored, whatever their rule.
template <class Real>
class ProceduralProjection {
public:
    virtual ~ProceduralProjection() = default;

    /// Appends the connections of `source` onto own cells to `all`; `targets` is room for its own use.
    virtual void draw(Gid source, std::vector<Gid>& targets,
                      std::vector<DrawnConnection<Real>>& all) const = 0;
    /// Appends those of all sources as connections of gids, by source.
    virtual void list(std::vector<MadeConnection>& all) const = 0;

    std::size_t projection = 0, population = 0, synapse = 0;
    Cells sources;
    std::uint64_t size = 0;  // connections onto own cells
    Step least_delay = std::numeric_limits<Step>::max() / 2, greatest_delay = 0;
};

/// Such connections by a rule.
template <class Real, class Rule>
class RuleProjection final : public ProceduralProjection<Real> {
public:
    /// `parts`: the targets that there are in the population.
    RuleProjection(Rule rule, Cells const& from, Cells targets, ProjectionOptions options,
                   TimeGrid const& grid, ProjectionStreams const& streams, Ownership const& own,
                   std::vector<Directory::Extent> parts)
        : rule_{std::move(rule)},
          targets_{std::move(targets)},
          options_{std::move(options)},
          grid_{grid},
          streams_{streams},
          own_{own},
          parts_{std::move(parts)},
          any_order_{options_.weight.is_uniform() && options_.delay.is_uniform()} {
        this->sources = from;
        this->population = parts_.front().population;
        this->synapse = static_cast<std::size_t>(options_.synapse);
        for (auto const& i : from.intervals()) {
            sources_.push_back({i.first, i.last, places_});
            places_ += i.size();
        }
        auto const first = [](auto const& extent) { return std::uint64_t{extent.first}; };
        meta::sort_by(sources_, first);
        meta::sort_by(parts_, first);
    }

    void draw(Gid source, std::vector<Gid>& targets, std::vector<DrawnConnection<Real>>& all) const override {
        for_each_own(source, targets, [&](Gid, std::uint32_t place, double weight, Step delay) {
            all.push_back({place, static_cast<std::uint32_t>(delay), static_cast<Real>(weight)});
        });
    }
    void list(std::vector<MadeConnection>& all) const override {
        std::vector<Gid> targets;
        for (auto const& range : sources_)
            for (auto source = range.first; source < range.last; ++source)
                for_each_own(source, targets, [&](Gid target, std::uint32_t, double weight, Step delay) {
                    all.push_back({source, target, static_cast<double>(static_cast<Real>(weight)),
                                   grid_.time_of(delay)});
                });
    }

private:
    /// Sources that follow each other, and how many come before them.
    struct Sources {
        Gid first, last;
        std::size_t passed;
    };

    static auto holding(auto const& extents, Gid gid) {
        return std::upper_bound(extents.begin(), extents.end(), gid,
                                [](Gid g, auto const& extent) { return g < extent.last; });
    }

    /// Calls f(target, its place, weight, delay) for the connections of a source onto own cells.
    void for_each_own(Gid source, std::vector<Gid>& targets, auto&& f) const {
        auto const among = holding(sources_, source);
        if (among == sources_.end() || source < among->first) return;
        std::optional<GridTime> delay_of_all;
        auto part = parts_.begin();
        SourceDraws<Real>{targets_, places_, options_, grid_, streams_}.of(
            source, among->passed + (source - among->first), rule_, false, any_order_, delay_of_all, targets,
            [&](Gid target, double weight, GridTime const& delay) {
                if (!own_.owns(target)) return;
                if (part == parts_.end() || target < part->first || target >= part->last)
                    part = holding(parts_, target);
                if (part == parts_.end() || target < part->first) return;  // of another population
                auto const place = part->place + own_.count(part->first, target);
                f(target, static_cast<std::uint32_t>(place), weight, delay.step);
            });
    }

    Rule rule_;
    Cells targets_;
    ProjectionOptions options_;
    TimeGrid grid_;
    ProjectionStreams streams_;
    Ownership own_;
    std::vector<Directory::Extent> parts_;  // by gid
    std::vector<Sources> sources_;          // by gid
    std::size_t places_ = 0;
    bool any_order_;  // equal weights and delays: the order of targets changes no sum
};

}  // namespace wiring
}  // namespace hillock::inline HILLOCK_ISA
