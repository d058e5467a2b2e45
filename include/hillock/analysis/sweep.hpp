// SPDX-License-Identifier: MIT
#pragma once

/// Many variants of one cell or network, side by side in the lanes: their parameters from a grid, from random
/// draws or from a list, and features of each, found while it runs.
///
///     auto const variants = hk::grid({{"soma.gnabar", {0.1, 0.2}}, {"dend.g", {1e-4, 2e-4}}});
///     auto const table = hk::sweep(Pyramidal{}, variants,
///                                  {.currents = {{.delay = 50, .dur = 400, .amp = 0.5}}, .duration = 500});
///     hk::write_sweep("sweep.csv", table);
///     hk::plot::sweep("sweep.png", table, "soma.gnabar", "dend.g", "rate");
///
/// hk::sweep<hk::SingleNetwork<Pyramidal>>(Pyramidal{}, ...) does so in single precision, twice as fast.
///
/// A network is made for each variant by a function, which asks for the values that it needs:
///
///     using Pair = hk::Network<Pyramidal>;
///     auto const table = hk::sweep<Pair>(hk::grid({{"weight", {1e-3, 2e-3}}, {"delay", {1, 5}}}),
///                                        [](Pair& net, hk::VariantValues const& value) {
///         auto const cells = net.add<Pyramidal>(2);
///         net.connect(cells.first(1), cells.last(1), hk::all_to_all(),
///                     {.synapse = 0, .weight = value("weight"), .delay = value("delay")});
///         net.stimulate(cells.first(1), hk::IClamp{.delay = 50, .dur = 400, .amp = 0.5});
///     });

#include <algorithm>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <functional>
#include <limits>
#include <mutex>
#include <numeric>
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
    std::vector<IClamp> currents = {};  // into each cell
    double duration = 500;              // ms
    double from = 0;                    // ms: V counts in [from, duration], spikes in [from, duration)
    std::string voltage = "v";          // the V that is averaged, as `get` knows it: "dend(0.5).v"
    NetworkOptions network = {};        // dt, and the seed of what is drawn
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
        raise("sweep, variants {} to {}: {}", first, first + count - 1, error.what());
    }
}

/// Runs a network from t = 0 in which variants are side by side, and finds their features. `variant_of`: the
/// number of each cell's variant, by gid; cells whose number is not below that of `features` are in none.
template <class Net>
void run(Net& net, std::vector<std::size_t> const& variant_of, SweepOptions const& o,
         std::span<Features> features) {
    RunOptions const quiet{.progress = false};
    TimeGrid const grid(net.dt());
    std::vector<double> V(variant_of.size()), cells(features.size());
    for (auto const variant : variant_of)
        if (variant < features.size()) ++cells[variant];
    for (auto& each : features) each.trough = std::numeric_limits<double>::infinity();
    auto const v = net.variable(net.cells(), o.voltage);
    auto const take_voltages = [&] {
        v.read(V);
        for (std::size_t gid = 0; gid < V.size(); ++gid) {
            if (variant_of[gid] >= features.size()) continue;
            auto& of = features[variant_of[gid]];
            of.mean += V[gid];
            of.trough = std::min(of.trough, V[gid]);
        }
    };
    auto const take = [&](Spike const& spike) {
        if (variant_of[spike.gid] >= features.size()) return;
        auto& of = features[variant_of[spike.gid]];
        auto const since = spike.time - o.from;
        if (of.spikes == 0) of.latency = since;
        if (of.spikes == 1) of.first_interval = since - of.latency;
        ++of.spikes;
    };
    auto const begin = grid.step_of(o.from), end = grid.step_of(o.duration);
    net.run_until(grid.time_of(begin), quiet);
    take_voltages();
    for (auto step = begin + 1; step <= end; ++step) {
        for (auto const& spike : net.run_until(grid.time_of(step), quiet)) take(spike);
        take_voltages();
    }
    auto const seconds = (o.duration - o.from) / 1000, steps = static_cast<double>(end - begin + 1);
    for (std::size_t k = 0; k < features.size(); ++k) {
        features[k].rate = features[k].spikes / cells[k] / seconds;
        features[k].mean /= steps * cells[k];
    }
}

/// Cells that run together, each another variant at a time.
template <class Net, class Type>
class Batch {
public:
    Batch(Type const& cell, Variants const& variants, SweepOptions const& options)
        : variants_{variants}, options_{options}, net_{options.network} {
        net_.add(1, cell);
        net_.add(size_for(variants.size()) - 1, cell);
        for (auto const& current : options.currents) net_.stimulate(net_.cells(), current);
        variant_of_.resize(net_.size());
        std::iota(variant_of_.begin(), variant_of_.end(), std::size_t{0});
    }

    std::size_t size() const { return net_.size(); }

    /// Sets the parameters of the variants from `first` on. Cells that are left over repeat the last one.
    void set(std::size_t first) {
        for (std::size_t k = 0; k < variants_.names.size(); ++k)
            net_.set(net_.cells(), variants_.names[k], [&](Gid gid) {
                return variants_.values[std::min(first + gid, variants_.size() - 1)][k];
            });
    }

    /// Runs the variants from `first` on; one for each of `features`.
    void run(std::size_t first, std::span<Features> features) {
        net_.reset();
        set(first);
        sweeping::run(net_, variant_of_, options_, features);
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

    Variants const& variants_;
    SweepOptions const& options_;
    Net net_;
    std::vector<std::size_t> variant_of_;
};

/// Networks that run together as parts of one that are not connected with each other, each another variant.
template <class Net, class Make>
class Networks {
public:
    Networks(Make const& make, Variants const& variants, SweepOptions const& options)
        : make_{make}, variants_{variants}, options_{options} {
        constexpr std::size_t cells_at_once = 512;
        Net one{options.network};
        std::vector<std::size_t> variant_of;
        named(0, 1, [&] { add(one, 0, variant_of); });
        size_ = std::max<std::size_t>(1, cells_at_once / one.size());
    }

    std::size_t size() const { return size_; }

    void run(std::size_t first, std::span<Features> features) {
        Net net{options_.network};
        std::vector<std::size_t> variant_of;
        for (std::size_t k = 0; k < features.size(); ++k) add(net, first + k, variant_of);
        for (auto const& current : options_.currents) net.stimulate(net.cells(), current);
        sweeping::run(net, variant_of, options_, features);
    }

private:
    void add(Net& net, std::size_t variant, std::vector<std::size_t>& variant_of) const {
        auto const number = variant_of.empty() ? 0 : variant_of.back() + 1;
        make_(net, VariantValues(variants_, variant));
        require(net.size() > variant_of.size(), "sweep: variant {} has no cells", variant);
        variant_of.resize(net.size(), number);
    }

    Make const& make_;
    Variants const& variants_;
    SweepOptions const& options_;
    std::size_t size_;
};

/// Runs all variants by batches that `make_batch` makes, one for each thread.
SweepTable run_all(Variants variants, SweepOptions const& options, auto const& make_batch) {
    SweepTable table{std::move(variants), {}};
    auto const all = table.variants.size();
    table.features.resize(all);
    std::atomic<std::size_t> next = 0;
    std::size_t done = 0;
    std::mutex one_at_a_time;
    auto run_some = [&](std::size_t) {
        try {
            auto batch = make_batch(table.variants);
            for (auto first = next.fetch_add(batch.size()); first < all;
                 first = next.fetch_add(batch.size())) {
                auto const count = std::min(batch.size(), all - first);
                named(first, count,
                      [&] { batch.run(first, std::span(table.features).subspan(first, count)); });
                std::scoped_lock const lock(one_at_a_time);
                done += count;
                if (options.progress) options.progress(done, all);
            }
        } catch (...) {
            next = all;  // the other threads end, too
            throw;
        }
    };
    scheduling::Team(options.threads).all(run_some);
    return table;
}

}  // namespace sweeping

/// Runs variants of a cell in a network of type `Net` and returns the features of each; in
/// `SingleNetwork<Type>` about twice as fast as in `Network<Type>`. A variant is, bit for bit, the cell alone
/// with the same parameters; but a random stimulus of the cell's own is another one in each cell that runs
/// beside it, unless it is `shared`. Names and values are checked before anything runs.
template <class Net, class Type>
    requires std::constructible_from<Net, NetworkOptions const&>
SweepTable sweep(Type const& cell, Variants variants, SweepOptions const& options = {}) {
    using Batch = sweeping::Batch<Net, Type>;
    sweeping::check(variants, options);
    {
        Batch trial(cell, variants, options);
        for (std::size_t first = 0; first < variants.size(); first += trial.size())
            sweeping::named(first, std::min(trial.size(), variants.size() - first),
                            [&] { trial.set(first); });
    }
    return sweeping::run_all(std::move(variants), options,
                             [&](Variants const& all) { return Batch(cell, all, options); });
}

/// The same in double precision.
template <class Type>
SweepTable sweep(Type const& cell, Variants variants, SweepOptions const& options = {}) {
    return sweep<Network<Type>>(cell, std::move(variants), options);
}

/// Runs variants of a network of type `Net` and returns the features of each: spikes of all its cells, rate
/// and mean V of one, latency and first interval of the first that any of them fires. `make(net, value)`
/// adds a variant's cells, connections and stimuli to `net`, which small variants share: it must touch the
/// cells alone that it has added. Where it connects by lists, a variant is, bit for bit, the network alone;
/// draws of rules and random stimuli depend on gids, and are others in each variant that runs beside.
template <class Net, class Make>
SweepTable sweep(Variants variants, Make const& make, SweepOptions const& options = {})
    requires std::invocable<Make const&, Net&, VariantValues const&>
{
    sweeping::check(variants, options);
    return sweeping::run_all(std::move(variants), options, [&](Variants const& all) {
        return sweeping::Networks<Net, Make>(make, all, options);
    });
}

}  // namespace hillock::inline HILLOCK_ISA
