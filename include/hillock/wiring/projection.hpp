// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/wiring/connection_list.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/wiring/draws.hpp>
#include <hillock/wiring/procedural.hpp>
#include <hillock/wiring/projection_options.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/wiring/value.hpp>
#include <hillock/wiring/weight_codes.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace wiring {

/// Makes the tables of one projection: draws, checks, counts and fills.
template <class Real>
class ProjectionBuilder {
public:
    using Table = ConnectionTable<Real>;

    /// `stream`: the number of the projection among those that draw; `now`: earlier spikes do not take its
    /// connections.
    ProjectionBuilder(Directory const& directory, TimeGrid const& grid, std::uint32_t seed,
                      std::size_t projection, std::size_t stream, Step now)
        : directory_{directory},
          grid_{grid},
          seed_{seed},
          projection_{projection},
          stream_{stream},
          now_{now} {}

    /// Connections by a rule, drawn by all members of a crew. `agree` widens a range of weights to that of
    /// all ranks; it is called where weights are kept in bytes.
    template <ConnectionRule Rule>
    std::vector<Table> by_rule(Cells const& sources, Cells const& targets, Rule const& rule,
                               ProjectionOptions const& options, auto& crew, auto const& agree) const {
        std::vector<Table> made;
        std::pair const range{sources.lowest(), sources.highest()};
        auto const targeted = ordered(targets);
        WeightCodes codes;
        auto const draw = [&](std::span<Targets const> parts, auto&& f) {
            Draws const all{*this, sources, targets, options, codes, parts};
            f([&, all](std::size_t member, bool counting, auto&& connection) {
                all.by_rule(rule, {member, crew.size()}, counting, connection);
            });
        };
        if (options.weight_bytes > 0 && !options.weight.is_uniform()) {
            WeightRange range_of_weights;
            for_each_population(targeted, [&](std::span<Targets const> parts) {
                draw(parts, [&](auto const& each) { range_of_weights.add(range_of(each, crew)); });
            });
            codes = {options.weight_bytes, agree(range_of_weights)};
        }
        for_each_population(targeted, [&](std::span<Targets const> parts) {
            auto const wanted =
                shape(parts.front().population, options.synapse, range, options.weight.is_uniform(), codes);
            check_weight_bytes(options, !wanted.takes_events);
            draw(parts, [&](auto const& each) { append(made, Table::build(wanted, each, crew)); });
        });
        return made;
    }

    /// Connections by a rule that are not stored; all are drawn once, to check and to count them.
    template <class Rule>
    auto procedural(Cells const& sources, Cells const& targets, Rule const& rule,
                    ProjectionOptions const& options, auto& crew) const {
        std::vector<std::shared_ptr<ProceduralProjection<Real>>> made;
        auto const targeted = ordered(targets);
        for (auto rest = std::span(targeted); !rest.empty();) {
            auto const parts = first_of_one_population(rest);
            rest = rest.subspan(parts.size());
            require(!directory_.takes_events(parts[0].population, static_cast<std::size_t>(options.synapse)),
                    "connect: synapse {} takes its events one by one: its connections cannot be procedural",
                    options.synapse);
            made.push_back(std::make_shared<RuleProjection<Real, Rule>>(
                rule, sources, targets, options, grid_, streams(), directory_.own(),
                std::vector<Directory::Extent>(parts.begin(), parts.end())));
            made.back()->projection = projection_;
            count(*made.back(), crew);
        }
        return made;
    }

    /// The connections of a list.
    std::vector<Table> from_list(ConnectionList const& list) const {
        auto const connections = ordered(list);
        std::vector<Table> made;
        for (auto rest = std::span(connections); !rest.empty();) {
            auto const same = [&](Placed const& c) {
                return c.population == rest[0].population && c.synapse == rest[0].synapse;
            };
            auto const n =
                static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), same) - rest.begin());
            append(made, of_one_synapse(rest.first(n)));
            rest = rest.subspan(n);
        }
        return made;
    }

    /// Throws if a connection would not be accepted.
    void check(Connection const& c) const {
        directory_.extent_of(c.source);
        directory_.require_synapse(c.target, c.synapse);
        checked_weight<Real>(c.source, c.target, c.weight);
        checked_delay(grid_, c.source, c.target, c.delay);
    }

private:
    /// Targets that follow each other, and how many come before them.
    struct Targets : Directory::Extent {
        std::size_t passed;
    };

    /// The part of some work that one member of a crew does.
    struct Share {
        std::size_t member, members;

        std::pair<std::size_t, std::size_t> of(std::size_t n) const {
            return {n * member / members, n * (member + 1) / members};
        }
    };

    /// The connections of a rule onto the cells of one population.
    struct Draws {
        ProjectionBuilder const& builder;
        Cells const& sources;
        Cells const& targets;
        ProjectionOptions const& options;
        WeightCodes const& codes;
        std::span<Targets const> parts;

        void by_rule(auto const& rule, Share const& share, bool counting, auto&& connection) const {
            if constexpr (TargetRule<std::remove_cvref_t<decltype(rule)>>)
                by_target(rule, share, counting, connection);
            else
                by_source(rule, share, counting, connection);
        }

        void by_target(auto const& rule, Share const& share, bool counting, auto&& connection) const {
            std::optional<GridTime> of_all;  // the delay of all, if they have one and it has been looked at
            std::size_t own = 0;
            for (auto const& part : parts) own += builder.directory_.own().count(part.first, part.last);
            auto const range = share.of(own);
            auto const streams = builder.streams();
            std::size_t number = 0;
            for (auto const& part : parts)
                builder.directory_.for_each_own(part, [&](Gid target, std::uint32_t place) {
                    if (auto const k = number++; k < range.first || k >= range.second) return;
                    onto(target, place, part.passed + (target - part.first), rule,
                         {builder.grid_, options, counting, of_all,
                          RandomStream(streams.of(target, ProjectionStreams::weights)),
                          RandomStream(streams.of(target, ProjectionStreams::delays)), codes},
                         connection);
                });
        }

        void onto(Gid target, std::uint32_t place, std::size_t passed, auto const& rule,
                  DrawnValues<Real> values, auto&& connection) const {
            auto const streams = builder.streams();
            RandomStream random{streams.of(target, ProjectionStreams::wiring)};
            rule(Drawing{sources, targets.size(), target, passed, options.self, random,
                         streams.of(0, ProjectionStreams::shared)},
                 [&](Gid source) {
                     if (!sources.contains(source))
                         raise("rule: source {} of cell {} is not among its sources", source, target);
                     auto const weight = values.weight(source, target);
                     connection(source, place, weight, values.delay(source, target));
                 });
        }

        void by_source(auto const& rule, Share const& share, bool counting, auto&& connection) const {
            std::optional<GridTime> of_all;
            auto const [first, last] = share.of(sources.size());
            std::size_t number = 0;
            std::vector<Gid> drawn;
            SourceDraws<Real> const draws{targets,       sources.size(),    options,
                                          builder.grid_, builder.streams(), codes};
            for (auto const source : sources) {
                auto const k = number++;
                if (k < first || k >= last) continue;
                draws.of(source, k, rule, counting, false, of_all, drawn,
                         [&](Gid target, double weight, GridTime const& delay) {
                             if (!builder.directory_.own().owns(target)) return;
                             auto const place = builder.directory_.place_of(target);
                             if (place.population == parts.front().population)
                                 connection(source, static_cast<std::uint32_t>(place.cell), weight, delay);
                         });
            }
        }
    };

    /// A connection and where its target is.
    struct Placed : Connection {
        std::size_t population;
        std::uint32_t place;
        std::size_t row;  // of the list
    };

    static void count(ProceduralProjection<Real>& projection, auto& crew) {
        std::mutex mutex;
        auto const& sources = projection.sources;
        crew.all([&](std::size_t member) {
            auto const [first, last] = Share{member, crew.size()}.of(sources.size());
            std::uint64_t size = 0;
            auto least = projection.least_delay, greatest = Step{0};
            std::vector<Gid> targets;
            std::vector<DrawnConnection<Real>> drawn;
            for (auto const source : sources.slice(first, last)) {
                drawn.clear();
                projection.draw(source, targets, drawn);
                size += drawn.size();
                for (auto const& one : drawn) {
                    least = std::min(least, Step{one.delay});
                    greatest = std::max(greatest, Step{one.delay});
                }
            }
            std::lock_guard const lock(mutex);
            projection.size += size;
            projection.least_delay = std::min(projection.least_delay, least);
            projection.greatest_delay = std::max(projection.greatest_delay, greatest);
        });
    }

    ProjectionStreams streams() const { return {seed_, static_cast<std::uint32_t>(stream_)}; }

    typename Table::Shape shape(std::size_t population, int synapse, std::pair<Gid, Gid> sources,
                                bool uniform_weight, WeightCodes const& codes = {}) const {
        return {projection_,
                population,
                static_cast<std::size_t>(synapse),
                sources.first,
                sources.second,
                uniform_weight,
                now_,
                directory_.takes_events(population, static_cast<std::size_t>(synapse)),
                directory_.own_count_of(population) >= many_cells,
                codes};
    }

    /// Calls f(targets) for those of each population.
    static void for_each_population(std::span<Targets const> rest, auto&& f) {
        while (!rest.empty()) {
            auto const parts = first_of_one_population(rest);
            rest = rest.subspan(parts.size());
            f(parts);
        }
    }

    static void append(std::vector<Table>& made, std::vector<Table> more) {
        for (auto& table : more) made.push_back(std::move(table));
    }

    /// The targets by population, those of one population by place: one table serves them all, however many
    /// extents they are in.
    std::vector<Targets> ordered(Cells const& targets) const {
        std::vector<Targets> all;
        std::size_t passed = 0;
        directory_.for_each_extent(targets, [&](Directory::Extent const& part) {
            all.push_back({part, passed});
            passed += part.size();
        });
        meta::sort_by(all,
                      [](auto const& part) { return std::uint64_t{part.population} << 32 | part.place; });
        return all;
    }
    static std::span<Targets const> first_of_one_population(std::span<Targets const> parts) {
        std::size_t n = 1;
        while (n < parts.size() && parts[n].population == parts[0].population) ++n;
        return parts.first(n);
    }

    /// The list's connections onto own cells, checked, by population, synapse, target and source, with
    /// repeats as the list says.
    std::vector<Placed> ordered(ConnectionList const& list) const {
        std::vector<Placed> all;
        all.reserve(list.connections().size());
        for (auto const& c : list.connections()) {
            check(c);
            if (!directory_.own().owns(c.target)) continue;
            auto const place = directory_.place_of(c.target);
            all.push_back({c, place.population, static_cast<std::uint32_t>(place.cell), all.size()});
        }
        auto const key = [](Placed const& c) {
            return std::tuple(c.population, c.synapse, c.place, c.source);
        };
        std::sort(all.begin(), all.end(), [&](auto const& a, auto const& b) {
            return std::pair(key(a), a.row) < std::pair(key(b), b.row);
        });
        if (list.repeats() == Repeats::allowed) return all;
        auto kept = all.begin();
        for (auto c = all.begin(); c != all.end(); ++c) {
            bool const repeated = std::next(c) != all.end() && key(*c) == key(*std::next(c));
            require(!repeated || list.repeats() == Repeats::replaced,
                    "connection {} -> {}, synapse {}: given twice", c->source, c->target, c->synapse);
            if (!repeated) *kept++ = *c;
        }
        all.erase(kept, all.end());
        return all;
    }

    std::vector<Table> of_one_synapse(std::span<Placed const> connections) const {
        auto const& one = connections.front();
        bool const uniform_weight = std::all_of(connections.begin(), connections.end(),
                                                [&](auto const& c) { return c.weight == one.weight; });
        auto const [low, high] =
            std::minmax_element(connections.begin(), connections.end(),
                                [](auto const& a, auto const& b) { return a.source < b.source; });
        auto const each = [&](bool, auto&& connection) {
            for (auto const& c : connections) connection(c.source, c.place, c.weight, grid_.nearest(c.delay));
        };
        return Table::build(shape(one.population, one.synapse, {low->source, high->source}, uniform_weight),
                            each);
    }

    /// The cells of a population whose inbox of all delays outgrows a second-level cache.
    static constexpr std::size_t many_cells = 1 << 14;

    Directory const& directory_;
    TimeGrid grid_;
    std::uint32_t seed_;
    std::size_t projection_, stream_;
    Step now_;
};

}  // namespace wiring
}  // namespace hillock::inline HILLOCK_ISA
