// SPDX-License-Identifier: MIT
#pragma once

/// The draws of one projection: sources or targets, weights and delays, each from streams that are named by a
/// cell, so that whoever draws them finds the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/wiring/projection_options.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/wiring/weight_codes.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// The streams of a projection.
struct ProjectionStreams {
    std::uint32_t seed, projection;

    /// The purposes of streams, each of which a target or source has for itself.
    enum Purpose : std::uint32_t { wiring, weights, delays, shared, by_source = 4 };

    StreamId of(Gid cell, std::uint32_t purpose) const {
        return {.id1 = cell, .id2 = projection, .id3 = purpose, .key0 = seed, .key1 = 1};
    }
};

/// The weights and delays of the connections of one target or source, each from a stream of its own.
template <class Real>
struct DrawnValues {
    TimeGrid const& grid;
    ProjectionOptions const& options;
    bool counting;                    // weights do not matter then
    std::optional<GridTime>& of_all;  // the delay of all, if they have one and it has been looked at
    RandomStream weights, delays;
    WeightCodes codes = {};

    /// The weight of a connection, or its code.
    double weight(Gid source, Gid target) {
        if (counting) return 0;
        auto const drawn = checked_weight<Real>(source, target, options.weight.draw(source, target, weights));
        return codes.bytes == 0 ? drawn : codes.code_of(drawn, source, target);
    }
    GridTime delay(Gid source, Gid target) {
        if (of_all) return *of_all;
        auto const own = checked_delay(grid, source, target, options.delay.draw(source, target, delays));
        if (options.delay.is_uniform()) of_all = own;
        return own;
    }
};

/// The connections of one source by a rule that lists its targets.
template <class Real>
struct SourceDraws {
    Cells const& targets;
    std::size_t sources;  // how many there are
    ProjectionOptions const& options;
    TimeGrid const& grid;
    ProjectionStreams streams;
    WeightCodes codes = {};

    /// Calls connection(target, weight, delay) for those of `source`, number `place` among the sources;
    /// `drawn` is room for them. Targets ascend unless `any_order`. For `counting` and `of_all` see
    /// `DrawnValues`.
    void of(Gid source, std::size_t place, auto const& rule, bool counting, bool any_order,
            std::optional<GridTime>& of_all, std::vector<Gid>& drawn, auto&& connection) const {
        drawn.clear();
        RandomStream random{streams.of(source, ProjectionStreams::by_source)};
        rule(SourceDrawing{targets, sources, source, place, options.self, random}, [&](Gid target) {
            if (!targets.contains(target))
                raise("rule: target {} of cell {} is not among its targets", target, source);
            drawn.push_back(target);
        });
        if (!any_order && !std::is_sorted(drawn.begin(), drawn.end())) std::sort(drawn.begin(), drawn.end());
        using S = ProjectionStreams;
        DrawnValues<Real> values{grid,
                                 options,
                                 counting,
                                 of_all,
                                 RandomStream(streams.of(source, S::by_source + S::weights)),
                                 RandomStream(streams.of(source, S::by_source + S::delays)),
                                 codes};
        for (auto const target : drawn) {
            auto const weight = values.weight(source, target);
            connection(target, weight, values.delay(source, target));
        }
    }
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
