// SPDX-License-Identifier: MIT
#pragma once

/// Connections that change while time passes: grouped by source, then by delay, targets ascending. The
/// connections of one source over one delay are a bundle: a spike arrives at all of them in the same step.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/wiring/connection_table.hpp>
#include <hillock/wiring/source_index.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::wiring {

/// Connections onto one synapse number of one population: 4 bytes each for the target, and one number for its
/// weight unless weights stay equal; 8 bytes for each bundle.
template <class Real>
class PlasticTable {
public:
    /// Takes over the tables of one synapse of one population. With `own_weights` each connection gets a
    /// weight of its own, also where all begin with the same. `gid_of` gives the gid of a target.
    PlasticTable(std::span<ConnectionTable<Real>> made, bool own_weights, auto&& gid_of)
        : projection_{made[0].projection()},
          population_{made[0].population()},
          synapse_{made[0].synapse()},
          one_weight_{!own_weights && have_one_weight(made)} {
        list_bundles(made);
        targets_.resize(ends_.empty() ? 0 : ends_.back());
        weights_.resize(one_weight_ ? 1 : targets_.size());
        fill(made);
        initial_ = have_one_weight(made) ? simd::Column<Real>(1, made[0].weights()[0]) : weights_;
        std::size_t last = 0;
        for (auto const target : targets_) last = std::max(last, std::size_t{target});
        for (std::size_t cell = 0; cell <= last; ++cell) gids_.push_back(gid_of(cell));
    }

    std::size_t projection() const { return projection_; }
    std::size_t population() const { return population_; }
    std::size_t synapse() const { return synapse_; }
    std::size_t size() const { return targets_.size(); }
    /// One more than the last target's place.
    std::size_t width() const { return gids_.size(); }
    /// The gids of the population's cells, up to the last target.
    std::span<Gid const> gids() const { return gids_; }

    SourceIndex const& sources() const { return sources_; }  // of which each row holds bundles
    std::size_t bundles() const { return delays_.size(); }
    Step delay(std::size_t bundle) const { return delays_[bundle]; }
    std::uint32_t begin(std::size_t bundle) const { return bundle == 0 ? 0 : ends_[bundle - 1]; }
    std::uint32_t end(std::size_t bundle) const { return ends_[bundle]; }
    Step least_delay() const { return *std::min_element(delays_.begin(), delays_.end()); }
    Step greatest_delay() const { return *std::max_element(delays_.begin(), delays_.end()); }

    /// So many targets, side by side, that a bundle has some connections onto them on average.
    std::size_t cells_worth_a_visit() const {
        constexpr std::size_t connections = 16;
        return std::min(width(), connections * width() * bundles() / std::max<std::size_t>(1, size()));
    }

    std::uint32_t const* targets() const { return targets_.data(); }
    std::span<Real> weights() { return weights_; }
    Real* weights_begin() { return weights_.data(); }
    Real const* weights_begin() const { return weights_.data(); }
    bool has_one_weight() const { return one_weight_; }
    Real& weight(std::size_t connection) { return weights_[one_weight_ ? 0 : connection]; }

    /// The first connection of a bundle, `from` one of it on, onto a target not before `cell`.
    std::uint32_t first_from(std::size_t bundle, std::size_t cell, std::uint32_t from) const {
        if (cell == 0) return from;
        auto const* const all = targets_.data();
        if (cell >= width()) return end(bundle);
        return static_cast<std::uint32_t>(std::lower_bound(all + from, all + end(bundle), cell) - all);
    }
    std::uint32_t first_from(std::size_t bundle, std::size_t cell) const {
        return first_from(bundle, cell, begin(bundle));
    }

    /// Calls f(source, target, weight, delay) for all connections, in their order, source and target by gid.
    /// A weight may be written.
    void for_each(auto&& f) {
        for (std::size_t row = 0; row < sources_.rows(); ++row)
            for (auto b = sources_.begin(row); b < sources_.end(row); ++b)
                for (auto k = begin(b); k < end(b); ++k)
                    f(sources_.source_of(row), gids_[targets_[k]], weight(k), delay(b));
    }

    /// Puts back the weights that the connections were made with.
    void put_back_weights() {
        if (initial_.size() == 1)
            std::fill(weights_.begin(), weights_.end(), initial_[0]);
        else
            weights_ = initial_;
    }

private:
    /// How many connections of one source have one delay.
    struct Count {
        Gid source;
        std::uint32_t delay, connections;
    };

    static bool have_one_weight(std::span<ConnectionTable<Real>> made) {
        return std::all_of(made.begin(), made.end(), [&](auto& table) {
            return table.weights().size() == 1 && table.weights()[0] == made[0].weights()[0];
        });
    }

    static void count(ConnectionTable<Real>& table, std::vector<Count>& counts) {
        Gid of = 0;
        std::vector<std::uint32_t> delays;  // of that source
        auto const close = [&] {
            if (!std::is_sorted(delays.begin(), delays.end())) std::sort(delays.begin(), delays.end());
            for (auto first = delays.begin(); first != delays.end();) {
                auto const other = std::find_if(first, delays.end(), [&](auto d) { return d != *first; });
                counts.push_back({of, *first, static_cast<std::uint32_t>(other - first)});
                first = other;
            }
            delays.clear();
        };
        table.for_each([&](Gid source, std::size_t, Real, Step delay) {
            if (source != of) close();
            of = source;
            delays.push_back(static_cast<std::uint32_t>(delay));
        });
        close();
    }

    void list_bundles(std::span<ConnectionTable<Real>> made) {
        std::vector<Count> counts;
        for (auto& table : made) count(table, counts);
        meta::sort_by(counts, [](Count const& c) { return std::uint64_t{c.source} << 32 | c.delay; });
        if (counts.empty()) return;
        sources_ = SourceIndex(counts.front().source, counts.back().source);
        sources_.count(counts, [](Count const& c) { return c.source; });
        sources_.finish();
        std::uint32_t end = 0;
        for (auto const& c : counts) {
            delays_.push_back(c.delay);
            ends_.push_back(end += c.connections);
        }
    }

    void fill(std::span<ConnectionTable<Real>> made) {
        std::vector<std::uint32_t> next;
        for (std::size_t bundle = 0; bundle < bundles(); ++bundle) next.push_back(begin(bundle));
        for (auto& table : made) {
            std::size_t row = 0, bundle = 0;  // of the last connection: most often the next one's
            table.for_each([&](Gid source, std::size_t target, Real weight, Step delay) {
                if (sources_.source_of(row) != source) row = sources_.row_of(source);
                auto const first = delays_.begin() + sources_.begin(row);
                auto const last = delays_.begin() + sources_.end(row);
                if (bundle < sources_.begin(row) || bundle >= sources_.end(row) || delays_[bundle] != delay)
                    bundle = static_cast<std::size_t>(std::lower_bound(first, last, delay) - delays_.begin());
                auto const at = next[bundle]++;
                targets_[at] = static_cast<std::uint32_t>(target);
                weights_[one_weight_ ? 0 : at] = weight;
            });
        }
    }

    std::size_t projection_, population_, synapse_;
    bool one_weight_;
    SourceIndex sources_;
    std::vector<std::uint32_t> delays_, ends_;  // of each bundle: steps; the connection after its last one
    simd::Column<std::uint32_t> targets_;       // places in the population
    simd::Column<Real> weights_, initial_;      // one, or one for each connection
    std::vector<Gid> gids_;
};

}  // namespace hillock::inline HILLOCK_ISA::wiring
