// SPDX-License-Identifier: MIT
#pragma once

/// Connection rules choose the sources that a target listens to, or the targets that a source reaches. A rule
/// draws for one target (or source) at a time from a stream that is keyed by its gid, so that the wiring does
/// not depend on the order of draws. It is asked twice (to count, and to fill the tables), by any number of
/// threads, so it must depend on the drawing alone.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/random/binomial.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// One target, for which a rule draws.
struct Drawing {
    Cells const& sources;  // those that it may have
    std::size_t targets;   // how many there are
    Gid target;            // the target itself
    std::size_t place;     // of the target among the targets
    bool self;             // whether it may be its own source
    RandomStream& random;  // its stream
    StreamId shared = {};  // of the streams that all targets of the projection share, told apart by id1

    /// How many sources the target may have, itself left out unless `self`.
    std::size_t eligible() const { return sources.size() - (!self && sources.contains(target) ? 1 : 0); }
    bool admits(Gid source) const { return self || source != target; }  // whether it may be its source

    /// Draws one of the eligible sources, of which there must be some.
    Gid draw() const {
        auto const n = static_cast<std::uint32_t>(sources.size());
        for (;;)
            if (auto const source = sources[random.below(n)]; admits(source)) return source;
    }
};

/// One source, for which a rule draws targets.
struct SourceDrawing {
    Cells const& targets;  // those that it may have
    std::size_t sources;   // how many there are
    Gid source;            // the source itself
    std::size_t place;     // of the source among the sources
    bool self;             // whether it may be its own target
    RandomStream& random;  // its stream

    /// The same with the parts of sources and targets exchanged.
    Drawing reversed() const { return {targets, sources, source, place, self, random}; }
};

/// Calls `connect(source)` for each source of the drawing's target. A rule that also has `double
/// expected(std::size_t sources, std::size_t targets) const`, the number of connections to expect, is refused
/// before it draws more than memory holds; one that has `void require_possible(std::size_t sources,
/// std::size_t targets) const` can refuse numbers of cells, also where there is nobody to draw for, and one
/// that has `bool joins_same_cells(Cells const& sources, Cells const& targets) const`, whether each pair of
/// cells that it joins is one cell, is refused where cells may not be connected to themselves.
template <class R>
concept TargetRule =
    requires(R const rule, Drawing const& drawing, void (*connect)(Gid)) { rule(drawing, connect); };

/// The same for each source: calls `connect(target)` for each of its targets. Every rank, and no thread but
/// one, draws all targets of a source and keeps its own.
template <class R>
concept SourceRule =
    requires(R const rule, SourceDrawing const& drawing, void (*connect)(Gid)) { rule(drawing, connect); };

/// A rule of either kind.
template <class R>
concept ConnectionRule = TargetRule<R> || SourceRule<R>;

/// A rule that may as well be asked for the targets of a source, with the parts of both exchanged: pairs of
/// cells are all alike to it, and it says so by `static constexpr bool both_ways = true`.
template <class R>
concept BothWays = TargetRule<R> && R::both_ways;

/// Throws if a rule cannot be kept by so many sources and targets.
void require_possible(auto const& rule, Cells const& sources, Cells const& targets) {
    if constexpr (requires { rule.require_possible(sources.size(), targets.size()); })
        rule.require_possible(sources.size(), targets.size());
}

/// Whether a rule joins cells to themselves alone.
bool joins_same_cells(auto const& rule, Cells const& sources, Cells const& targets) {
    if constexpr (requires { rule.joins_same_cells(sources, targets); })
        return rule.joins_same_cells(sources, targets);
    else
        return false;
}

/// The fate of a source that is drawn a second time for the same target.
enum class Repeats {
    allowed,   // two connections
    none,      // drawn again until all sources differ
    replaced,  // the later one takes the earlier one's place, so that there may be fewer sources than draws
};

/// The rule of `fixed_indegree`.
struct FixedIndegree {
    std::size_t n;    // sources of each target
    Repeats repeats;  // whether one may be drawn twice

    double expected(std::size_t, std::size_t targets) const {
        return static_cast<double>(n) * static_cast<double>(targets);
    }

    void operator()(Drawing const& d, auto&& connect) const {
        auto const available = d.eligible();
        require(n == 0 || available > 0,
                "fixed_indegree({}) onto cell {}: none of the {} sources is another cell", n, d.target,
                d.sources.size());
        require(repeats != Repeats::none || n <= available,
                "fixed_indegree({}) without repeats onto cell {}: only {} sources", n, d.target, available);
        if (repeats == Repeats::allowed)
            for (std::size_t k = 0; k < n; ++k) connect(d.draw());
        else if (repeats == Repeats::none && n > available / 2)
            draw_by_omission(d, available, connect);
        else
            for (auto source : draw_different(d)) connect(source);
    }

private:
    /// The different sources among n draws, ascending; without repeats as many draws more as it takes to have
    /// n of them. Each round draws as many as are missing, which is what drawing one by one would draw as
    /// well.
    std::vector<Gid> draw_different(Drawing const& d) const {
        std::vector<Gid> all, drawn, both;
        do {
            drawn.resize(n - all.size());
            for (auto& source : drawn) source = d.draw();
            std::sort(drawn.begin(), drawn.end());
            both.clear();
            std::merge(all.begin(), all.end(), drawn.begin(), drawn.end(), std::back_inserter(both));
            both.erase(std::unique(both.begin(), both.end()), both.end());
            all.swap(both);
        } while (repeats == Repeats::none && all.size() < n);
        return all;
    }

    /// Takes sources in order, each with the probability that leaves every choice of n equally likely (Knuth,
    /// algorithm S).
    void draw_by_omission(Drawing const& d, std::size_t available, auto&& connect) const {
        auto wanted = n;
        for (auto source : d.sources) {
            if (!d.admits(source)) continue;
            if (static_cast<double>(available--) * d.random.uniform() >= static_cast<double>(wanted))
                continue;
            connect(source);
            if (--wanted == 0) return;
        }
    }
};

/// Every target gets `n` sources drawn with equal probability.
inline FixedIndegree fixed_indegree(std::int64_t n, Repeats repeats = Repeats::allowed) {
    require(n >= 0, "fixed_indegree({}): must not be negative", n);
    return {static_cast<std::size_t>(n), repeats};
}

/// The rule of `fixed_outdegree`.
struct FixedOutdegree {
    std::size_t n;    // targets of each source
    Repeats repeats;  // whether one may be drawn twice

    double expected(std::size_t sources, std::size_t) const {
        return static_cast<double>(n) * static_cast<double>(sources);
    }

    void require_possible(std::size_t sources, std::size_t targets) const {
        require(n == 0 || sources == 0 || targets > 0, "fixed_outdegree({}) onto 0 targets", n);
    }

    void operator()(SourceDrawing const& d, auto&& connect) const {
        auto const drawing = d.reversed();
        auto const available = drawing.eligible();
        require(n == 0 || available > 0,
                "fixed_outdegree({}) from cell {}: none of the {} targets is another cell", n, d.source,
                d.targets.size());
        require(repeats != Repeats::none || n <= available,
                "fixed_outdegree({}) without repeats from cell {}: only {} targets", n, d.source, available);
        FixedIndegree{n, repeats}(drawing, connect);
    }
};

/// Every source gets `n` targets drawn with equal probability.
inline FixedOutdegree fixed_outdegree(std::int64_t n, Repeats repeats = Repeats::allowed) {
    require(n >= 0, "fixed_outdegree({}): must not be negative", n);
    return {static_cast<std::size_t>(n), repeats};
}

/// The rule of `fixed_total_number`.
struct FixedTotalNumber {
    std::uint64_t n;  // connections of the projection

    double expected(std::size_t, std::size_t) const { return static_cast<double>(n); }

    void require_possible(std::size_t sources, std::size_t targets) const {
        require(n == 0 || (sources > 0 && targets > 0),
                "fixed_total_number({}): {} sources and {} targets, there must be some", n, sources, targets);
    }

    void operator()(Drawing const& d, auto&& connect) const {
        auto const own = indegree(d);
        require(own == 0 || d.eligible() > 0,
                "fixed_total_number({}) onto cell {}: none of the {} sources is another cell", n, d.target,
                d.sources.size());
        for (std::uint64_t k = 0; k < own; ++k) connect(d.draw());
    }

private:
    /// The target's share of the connections, of which each goes to any target with equal probability. The
    /// targets are halved again and again, and each time a binomial number says how many connections go to
    /// the first half: the same whoever asks for which target.
    std::uint64_t indegree(Drawing const& d) const {
        auto left = n;
        auto place = d.place, size = d.targets;
        auto id = d.shared;
        for (id.id1 = 1; size > 1 && left > 0;) {
            RandomStream random(id);
            auto const half = size / 2;
            auto const to_first =
                draw_binomial(random, left, static_cast<double>(half) / static_cast<double>(size));
            bool const first = place < half;
            left = first ? to_first : left - to_first;
            size = first ? half : size - half;
            place -= first ? 0 : half;
            id.id1 = 2 * id.id1 + (first ? 0 : 1);
        }
        return left;
    }
};

/// `n` connections in all, each from any source to any target with equal probability; several may join the
/// same two cells.
inline FixedTotalNumber fixed_total_number(std::int64_t n) {
    require(n >= 0, "fixed_total_number({}): must not be negative", n);
    return {static_cast<std::uint64_t>(n)};
}

/// The rule of `all_to_all`.
struct AllToAll {
    static constexpr bool both_ways = true;  ///< sources can list their targets

    double expected(std::size_t sources, std::size_t targets) const {
        return static_cast<double>(sources) * static_cast<double>(targets);
    }

    void operator()(Drawing const& d, auto&& connect) const {
        for (auto source : d.sources)
            if (d.admits(source)) connect(source);
    }
};

/// Every target listens to every source.
inline AllToAll all_to_all() { return {}; }

/// The rule of `one_to_one`.
struct OneToOne {
    static constexpr bool both_ways = true;  ///< sources can list their targets

    void require_possible(std::size_t sources, std::size_t targets) const {
        require(sources == targets, "one_to_one: {} sources and {} targets, must be equally many", sources,
                targets);
    }
    bool joins_same_cells(Cells const& sources, Cells const& targets) const {
        return !targets.empty() && sources == targets;
    }

    void operator()(Drawing const& d, auto&& connect) const {
        require_possible(d.sources.size(), d.targets);
        if (auto const source = d.sources[d.place]; d.admits(source)) connect(source);
    }
};

/// The k-th target listens to the k-th source, unless both are one cell and `ProjectionOptions::self` is
/// false.
inline OneToOne one_to_one() { return {}; }

/// The rule of `pairwise_probability`.
struct PairwiseProbability {
    static constexpr bool both_ways = true;  ///< sources can list their targets
    double p;                                // from 0 to 1

    double expected(std::size_t sources, std::size_t targets) const {
        return p * AllToAll{}.expected(sources, targets);
    }

    /// Visits only the sources that connect: the gaps between them are geometrically distributed.
    void operator()(Drawing const& d, auto&& connect) const {
        if (p == 0) return;
        if (p == 1) return AllToAll{}(d, connect);
        auto const scale = 1 / std::log1p(-p);
        auto const n = static_cast<double>(d.sources.size());
        for (double k = std::floor(std::log(d.random.uniform()) * scale); k < n;
             k += 1 + std::floor(std::log(d.random.uniform()) * scale))
            if (auto const source = d.sources[static_cast<std::size_t>(k)]; d.admits(source)) connect(source);
    }
};

/// Every pair of a source and a target is connected with probability `p`.
inline PairwiseProbability pairwise_probability(double p) {
    require(p >= 0 && p <= 1, "pairwise_probability({}): must be between 0 and 1", p);
    return {p};
}

}  // namespace hillock::inline HILLOCK_ISA
