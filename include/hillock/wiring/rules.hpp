// SPDX-License-Identifier: MIT
#pragma once

/// Connection rules choose the sources that a target listens to. A rule draws for one target at a time from a
/// stream that is keyed by the target's gid, so that the wiring does not depend on the order of draws. It is
/// asked twice (to count, and to fill the tables), so it must depend on the drawing alone.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include <hillock/isa.hpp>
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

    /// How many sources the target may have, itself left out unless `self`.
    std::size_t eligible() const { return sources.size() - (!self && sources.contains(target) ? 1 : 0); }
    bool admits(Gid source) const { return self || source != target; }  // whether it may be its source
};

/// Calls `connect(source)` for each source of the drawing's target. A rule that also has `double
/// expected(std::size_t sources, std::size_t targets) const`, the number of connections to expect, is refused
/// before it draws more than memory holds.
template <class R>
concept ConnectionRule =
    requires(R const rule, Drawing const& drawing, void (*connect)(Gid)) { rule(drawing, connect); };

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
            for (std::size_t k = 0; k < n; ++k) connect(draw(d));
        else if (repeats == Repeats::none && n > available / 2)
            draw_by_omission(d, available, connect);
        else
            for (auto source : draw_different(d)) connect(source);
    }

private:
    static Gid draw(Drawing const& d) {
        auto const n = static_cast<std::uint32_t>(d.sources.size());
        for (;;)
            if (auto const source = d.sources[d.random.below(n)]; d.admits(source)) return source;
    }

    /// The different sources among n draws, ascending; without repeats as many draws more as it takes to have
    /// n of them. Each round draws as many as are missing, which is what drawing one by one would draw as
    /// well.
    std::vector<Gid> draw_different(Drawing const& d) const {
        std::vector<Gid> all, drawn, both;
        do {
            drawn.resize(n - all.size());
            for (auto& source : drawn) source = draw(d);
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

/// The rule of `all_to_all`.
struct AllToAll {
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
    void operator()(Drawing const& d, auto&& connect) const {
        require(d.sources.size() == d.targets, "one_to_one: {} sources and {} targets, must be equally many",
                d.sources.size(), d.targets);
        if (auto const source = d.sources[d.place]; d.admits(source)) connect(source);
    }
};

/// The k-th target listens to the k-th source.
inline OneToOne one_to_one() { return {}; }

/// The rule of `pairwise_probability`.
struct PairwiseProbability {
    double p;  // from 0 to 1

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
