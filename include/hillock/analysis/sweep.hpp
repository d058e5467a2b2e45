// SPDX-License-Identifier: MIT
#pragma once

/// Many variants of one cell, side by side in the lanes: their parameters from a grid, from random draws or
/// from a list, and features of each, found while it runs.
///
///     auto const variants = hk::grid({{"soma.gnabar", {0.1, 0.2}}, {"dend.g", {1e-4, 2e-4}}});
///     auto const table = hk::sweep(Pyramidal{}, variants,
///                                  {.currents = {{.delay = 50, .dur = 400, .amp = 0.5}}, .duration = 500});
///     hk::write_sweep("sweep.csv", table);
///     hk::plot::sweep("sweep.png", table, "soma.gnabar", "dend.g", "rate");

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/analysis/sweep_table.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/network.hpp>
#include <hillock/run/team.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Options of a sweep.
struct SweepOptions {
    std::vector<IClamp> currents = {};  // into each variant
    double duration = 500;              // ms
    double from = 0;                    // ms: features are those of [from, duration]
    std::string voltage = "v";          // the V that is averaged, as `get` knows it: "dend(0.5).v"
    NetworkOptions network = {};        // dt, and the seed of the cell's own stimuli
    std::size_t threads = 1;            // that share out the variants
    /// Told how many variants are done, by one thread at a time.
    std::function<void(std::size_t done, std::size_t all)> progress = {};
};

namespace sweeping {

inline void check(Variants const& variants, SweepOptions const& o) {
    require(variants.size() > 0, "sweep: there is no variant");
    for (std::size_t k = 0; k < variants.size(); ++k) {
        auto const& values = variants.values[k];
        require(values.size() == variants.names.size(), "sweep: variant {} has {} values for {} names", k,
                values.size(), variants.names.size());
        for (std::size_t j = 0; j < values.size(); ++j)
            require(std::isfinite(values[j]), "sweep: variant {}: {} = {}: must be finite", k,
                    variants.names[j], values[j]);
    }
    require(std::isfinite(o.duration) && std::isfinite(o.from) && o.from >= 0 && o.from < o.duration,
            "sweep: features from {} ms of {} ms: the first must not be negative, the second larger", o.from,
            o.duration);
}

/// Says which variants an error is about.
void named(std::size_t first, std::size_t count, auto const& f) {
    try {
        f();
    } catch (Error const& error) {
        throw Error(fmt::format("sweep, variants {} to {}: {}", first, first + count - 1, error.what()));
    }
}

/// Cells that run together, each another variant at a time.
template <class Type>
class Batch {
public:
    Batch(Type const& cell, Variants const& variants, SweepOptions const& options)
        : variants_{variants}, options_{options}, net_{options.network}, grid_{options.network.dt} {
        net_.add(1, cell);
        net_.add(size_for(variants.size()) - 1, cell);
        cells_ = net_.cells();
        for (auto const& current : options.currents) net_.stimulate(cells_, current);
        V_.resize(net_.size());
    }

    std::size_t size() const { return net_.size(); }

    /// Sets the parameters of the variants from `first` on. Cells that are left over repeat the last one.
    void set(std::size_t first) {
        for (std::size_t k = 0; k < variants_.names.size(); ++k)
            net_.set(cells_, variants_.names[k], [&](Gid gid) {
                return variants_.values[std::min(first + gid, variants_.size() - 1)][k];
            });
    }

    /// Runs the variants from `first` on; one for each of `features`.
    void run(std::size_t first, std::span<Features> features) {
        net_.reset();
        set(first);
        auto const begin = grid_.step_of(options_.from), end = grid_.step_of(options_.duration);
        auto const v = net_.variable(cells_, options_.voltage);
        net_.run_until(grid_.time_of(begin), quiet_);
        take(v, begin, features);
        for (auto step = begin + 1; step <= end; ++step) {
            for (auto const& spike : net_.run_until(grid_.time_of(step), quiet_))
                if (spike.gid < features.size()) take(spike, features[spike.gid]);
            take(v, step, features);
        }
        auto const seconds = (options_.duration - options_.from) / 1000;
        for (auto& each : features) {
            each.rate = each.spikes / seconds;
            each.mean /= static_cast<double>(end - begin + 1);
        }
    }

private:
    /// So many that a step lasts some microseconds, against which a call does not count, and that their
    /// states stay in a cache. A multiple of every number of lanes.
    std::size_t size_for(std::size_t variants) {
        constexpr std::size_t lanes = 16, nodes_at_once = 2048;
        std::size_t nodes = 1;
        if constexpr (requires { net_.template anatomy<Type>().tree; })
            nodes = net_.template anatomy<Type>().tree.nodes().size();
        auto const enough = simd::padded((nodes_at_once + nodes - 1) / nodes, lanes);
        return std::min(enough, simd::padded(variants, lanes));
    }

    void take(auto const& v, Step step, std::span<Features> features) {
        v.read(V_);
        bool const is_first = step == grid_.step_of(options_.from);
        for (std::size_t k = 0; k < features.size(); ++k) {
            features[k].mean += V_[k];
            features[k].trough = is_first ? V_[k] : std::min(features[k].trough, V_[k]);
        }
    }
    void take(Spike const& spike, Features& of) const {
        auto const since = spike.time - options_.from;
        if (of.spikes == 0) of.latency = since;
        if (of.spikes == 1) of.first_interval = since - of.latency;
        ++of.spikes;
    }

    Variants const& variants_;
    SweepOptions const& options_;
    RunOptions const quiet_{.progress = false};
    Network<Type> net_;
    Cells cells_;
    TimeGrid grid_;
    std::vector<double> V_;  // mV, of each cell
};

}  // namespace sweeping

/// Runs variants of a cell and returns the features of each. A variant is, bit for bit, the cell alone with
/// the same parameters; but a random stimulus of the cell's own is another one in each cell that runs beside
/// it, unless it is `shared`. Names and values are checked before anything runs.
template <class Type>
SweepTable sweep(Type const& cell, Variants variants, SweepOptions const& options = {}) {
    sweeping::check(variants, options);
    SweepTable table{std::move(variants), {}};
    auto const all = table.variants.size();
    table.features.resize(all);
    {
        sweeping::Batch<Type> trial(cell, table.variants, options);
        for (std::size_t first = 0; first < all; first += trial.size())
            sweeping::named(first, std::min(trial.size(), all - first), [&] { trial.set(first); });
    }
    std::atomic<std::size_t> next = 0;
    std::size_t done = 0;
    std::mutex one_at_a_time;
    auto const run = [&](sweeping::Batch<Type>& batch, std::size_t first) {
        auto const count = std::min(batch.size(), all - first);
        batch.run(first, std::span(table.features).subspan(first, count));
        std::scoped_lock const lock(one_at_a_time);
        done += count;
        if (options.progress) options.progress(done, all);
    };
    auto run_some = [&](std::size_t) {
        try {
            sweeping::Batch<Type> batch(cell, table.variants, options);
            for (auto first = next.fetch_add(batch.size()); first < all; first = next.fetch_add(batch.size()))
                run(batch, first);
        } catch (...) {
            next = all;  // the other threads end, too
            throw;
        }
    };
    scheduling::Team(options.threads).all(run_some);
    return table;
}

}  // namespace hillock::inline HILLOCK_ISA
