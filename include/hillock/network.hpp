// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/fwd.hpp>
#include <hillock/isa.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/progress.hpp>
#include <hillock/run/scheduler.hpp>
#include <hillock/run/statistics.hpp>
#include <hillock/run/team.hpp>
#include <hillock/wiring/connection_list.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/wiring/rules.hpp>
#include <hillock/wiring/value.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ownership.hpp>
#include <hillock/words/spike.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

/// What the connections of one `connect` have in common.
struct ProjectionOptions {
    int synapse = 0;                       // of the target, in the order of its create_synapses
    ConnectionValue weight = 0.;           // uS (nA for current-based synapses)
    ConnectionValue delay = 1.;            // ms, at least dt
    std::optional<double> threshold = {};  // mV; sets the threshold of the sources
    bool self = false;                     // whether a cell may be connected to itself
};

struct NetworkOptions {
    double dt = 0.025;                // ms
    std::uint32_t seed = 1;           // of the connection rules' streams
    std::uint32_t stimulus_seed = 0;  // of the NetStims' streams, NEURON's Random123 global index
};

struct RunOptions {
    std::size_t threads = 1;  // of this rank, this one included
    bool progress = true;     // shown on stderr if that is a terminal, by rank 0
    bool gather = true;       // whether each rank returns the spikes of all ranks, or of its own cells
    std::function<bool()> stop =
        {};  // asked once an epoch; where it says yes, on any rank, the run ends early
};

struct ProbeOptions {
    int every = 1;  // steps between samples
};

/// A network of cells of the types `C...`: populations, connections, stimuli, probes, and their time. Nothing
/// is global: networks are independent of each other.
///
/// On several ranks each of them makes the network with the same calls; it then holds those cells that it
/// owns, the connections onto them and what drives them. What is said of cells of another rank is checked and
/// left to that rank.
template <class Real, class Arch, class... C>
class basic_network {
    static_assert(sizeof...(C) > 0, "a network needs at least one cell type: Network<MyCell>");

public:
    explicit basic_network(NetworkOptions const& options = {}) : basic_network(SerialExchange{}, options) {}

    /// One of several ranks: `Network<MyCell> net{MpiExchange{}}`.
    template <Exchange E>
    explicit basic_network(E exchange, NetworkOptions const& options = {})
        : options_{options},
          ranks_{std::move(exchange)},
          directory_{ranks_.own()},
          scheduler_{TimeGrid(options.dt)} {}

    // populations are referred to by address
    basic_network(basic_network const&) = delete;
    basic_network& operator=(basic_network const&) = delete;

    // -- Cells ------------------------------------------------------------------------------------

    /// Makes `n` cells of type `Type`, with the next gids.
    template <class Type>
    Cells add(std::size_t n) {
        static_assert((std::is_same_v<Type, C> || ...),
                      "add<Type>: the network was not declared with this cell type");
        Stopwatch const watch(build_seconds_);
        require(n <= std::numeric_limits<Gid>::max() - size(),
                "add({}): {} cells and no more than 2^32 - 1 in all", n, size());
        require(scheduler_.now() == 0,
                "add: t = {} ms; add all cells before the network is run, or reset() it", now());
        auto& population = std::get<Population<Real, Arch, Type>>(scheduler_.populations);
        auto const gigabytes = static_cast<double>(n / directory_.own().ranks) *
                               static_cast<double>(population.cell_bytes()) * 1e-9;
        require(gigabytes < static_cast<double>(physical_memory_bytes()) * 1e-9,
                "add({}): takes {:.1f} GB, the machine has {:.1f} GB", n, gigabytes,
                static_cast<double>(physical_memory_bytes()) * 1e-9);
        auto const first = static_cast<Gid>(size()), last = static_cast<Gid>(size() + n);
        Cells const cells(first, last);
        std::vector<Gid> gids;
        directory_.own().for_each(first, last, [&](Gid gid) { gids.push_back(gid); });
        auto const place = population.size();
        population.add(gids);
        directory_.add(n, index_of<Type>(), place);
        std::apply([&](auto const&... own) { (stimulate(cells, own.source, own.target), ...); },
                   population.anatomy().stimuli);
        return cells;
    }

    /// Makes `n` cells like `prototype`, for types whose cells hold data, a morphology read from a file say.
    /// All cells of a type in a network must be alike.
    template <class Type>
    Cells add(std::size_t n, Type const& prototype) {
        static_assert((std::is_same_v<Type, C> || ...),
                      "add: the network was not declared with this cell type");
        std::get<Population<Real, Arch, Type>>(scheduler_.populations).adopt(prototype);
        return add<Type>(n);
    }

    std::size_t size() const { return directory_.size(); }
    Cells cells() const { return {0, static_cast<Gid>(size())}; }

    std::size_t rank() const { return directory_.own().rank; }
    std::size_t ranks() const { return directory_.own().ranks; }
    /// Whether a cell lives on this rank.
    bool owns(Gid gid) const { return directory_.own().owns(gid); }

    /// The cell type as its steps built it, the same for all its cells.
    template <class Type>
    auto const& anatomy() const {
        return std::get<Population<Real, Arch, Type>>(scheduler_.populations).anatomy();
    }

    /// Sets a parameter or state of some cells, by name: "gnabar", "ConnorStevens.gnabar",
    /// "synapses[1].tau2", "v_init", "v", "m", "synapses[0].A", everywhere on the cell, or with a section or
    /// segment in front: "dend.gnabar", "dend(0.7).v". `value` is a number or a function of the gid.
    /// Parameters stay over a reset, states do not; `v_init` (mV) is where cells start when they are reset.
    template <class Value>
    void set(Cells const& cells, std::string_view name, Value&& value) {
        directory_.for_each_extent(cells, [&](Extent const& part) {
            scheduler_.with_population(part.population, [&](auto& p) {
                auto const setter = p.setter(name);
                directory_.for_each_own(part, [&](Gid gid, std::size_t place) {
                    double number = 0;
                    if constexpr (std::is_invocable_v<Value, Gid>)
                        number = value(gid);
                    else
                        number = value;
                    require(std::isfinite(static_cast<Real>(number)), "cell {}: {} = {}: must be finite", gid,
                            name, number);
                    setter(place, number);
                });
            });
        });
    }

    /// The value of a parameter or state of an own cell now, in the middle of the root or of the section
    /// named, or in the segment named: "v", "dend.v", "dend(0.7).v"; also "synapses[0].g", a synapse's
    /// conductance in uS.
    double get(Gid gid, std::string_view name) {
        auto const place = directory_.place_of(gid);
        require(owns(gid), "{} of cell {}: the cell lives on rank {} and is not known on rank {}", name, gid,
                directory_.own().owner(gid), rank());
        double value = 0;
        scheduler_.with_population(place.population, [&](auto& p) { value = p.getter(name)(place.cell); });
        return value;
    }

    /// Sets the threshold (mV) at which cells spike. The last value set for a source counts for all that
    /// listen to it.
    void set_threshold(Cells const& cells, double threshold) {
        require(std::isfinite(threshold), "threshold {} mV: must be finite", threshold);
        directory_.for_each_extent(cells, [&](Extent const& part) {
            scheduler_.with_population(part.population, [&](auto& p) {
                directory_.for_each_own(part,
                                        [&](Gid, std::size_t place) { p.set_threshold(place, threshold); });
            });
        });
    }

    // -- Connections ------------------------------------------------------------------------------

    /// A projection: the handle that `connect` returns.
    using Projection = std::size_t;

    /// Connects `sources` to `targets` by a rule: fixed_indegree(n), all_to_all(), one_to_one(),
    /// pairwise_probability(p), or one of your own. Draws depend on the network's seed, the gid of the target
    /// and how many projections there are already, and on nothing else. A rule, and a function that gives
    /// delays, is asked twice and must answer the same.
    template <ConnectionRule Rule>
    Projection connect(Cells const& sources, Cells const& targets, Rule const& rule,
                       ProjectionOptions const& options) {
        Stopwatch const watch(build_seconds_);
        directory_.require_known(sources);
        directory_.require_known(targets);
        require_synapse(targets, options.synapse);
        if constexpr (requires { rule.expected(sources.size(), targets.size()); })
            require_room(rule.expected(sources.size(), targets.size()) / static_cast<double>(ranks()));

        auto const low = sources.lowest(), high = sources.highest();
        std::vector<Table> made;
        std::optional<Step> steps;  // of all, if they have one delay and it has been looked at
        std::size_t passed = 0;
        directory_.for_each_extent(targets, [&](Extent const& part) {
            auto const each = [&](bool counting, auto&& connection) {
                directory_.for_each_own(part, [&](Gid target, std::uint32_t place) {
                    RandomStream wiring(stream(target, 0)), weights(stream(target, 1)),
                        delays(stream(target, 2));
                    rule(Drawing{sources, targets.size(), target, passed + (target - part.first),
                                 options.self, wiring},
                         [&](Gid source) {
                             if (source < low || high < source)
                                 require(false, "rule: source {} of cell {} is not among its sources", source,
                                         target);
                             auto const weight =
                                 counting ? 0
                                          : checked_weight(source, target,
                                                           options.weight.draw(source, target, weights));
                             if (steps) return connection(source, place, weight, *steps);
                             auto const own_steps =
                                 checked_steps(source, target, options.delay.draw(source, target, delays));
                             if (options.delay.is_uniform()) steps = own_steps;
                             connection(source, place, weight, own_steps);
                         });
                });
            };
            make(made,
                 {projections_, part.population, static_cast<std::size_t>(options.synapse), low, high,
                  options.weight.is_uniform(), scheduler_.now()},
                 each);
            passed += part.size();
        });
        if (options.threshold) set_threshold(sources, *options.threshold);
        return commit(std::move(made));
    }

    /// Connects what a list holds.
    Projection connect(ConnectionList const& list) {
        Stopwatch const watch(build_seconds_);
        auto const connections = ordered(list);
        std::vector<Table> made;
        for (auto rest = std::span(connections); !rest.empty();) {
            auto const same = [&](Placed const& c) {
                return c.population == rest[0].population && c.synapse == rest[0].synapse;
            };
            auto const n =
                static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), same) - rest.begin());
            make_from_list(made, rest.first(n));
            rest = rest.subspan(n);
        }
        return commit(std::move(made));
    }

    /// Throws if a connection would not be accepted.
    void check(Connection const& c) const {
        directory_.extent_of(c.source);
        require_synapse(c.target, c.synapse);
        checked_weight(c.source, c.target, c.weight);
        checked_steps(c.source, c.target, c.delay);
    }

    /// The weights of a projection onto own cells, to be read and written: a span for each of its parts
    /// (target population; long delays), by source, then by target; of one number where all connections of
    /// the part share it.
    std::vector<std::span<Real>> weights(Projection projection) {
        require(projection >= cleared_ && projection < projections_,
                "projection {}: unknown; it may have been cleared", projection);
        std::vector<std::span<Real>> parts;
        for (auto& table : scheduler_.tables)
            if (table.projection() == projection) parts.push_back(table.weights());
        return parts;
    }

    /// How many connections there are onto own cells.
    std::uint64_t connections() const {
        std::uint64_t n = 0;
        for (auto const& table : scheduler_.tables) n += table.size();
        return n;
    }

    /// Removes all connections, and the spikes that are on their way along them. Thresholds stay.
    void clear_connections() {
        scheduler_.tables.clear();
        cleared_ = projections_;
        scheduler_.drop_spikes();
    }

    // -- Stimuli ----------------------------------------------------------------------------------

    /// Gives each of the cells a generator of its own.
    void stimulate(Cells const& cells, NetStim const& source, StimulusTarget const& target) {
        Stopwatch const watch(build_seconds_);
        hillock::check(source);
        check_target(cells, target);
        if (source.noise > 0) {
            auto& used_by = noisy_[source.stream];
            require(!cells.overlaps(used_by),
                    "NetStim.stream = {}: some of these cells have a noisy NetStim on that stream already "
                    "and would get the same "
                    "intervals again; give this one another stream",
                    source.stream);
            used_by = used_by + cells;
        }
        directory_.for_each_own(cells, [&](Gid gid) {
            scheduler_.stimuli.add(source, {.id1 = gid, .id2 = source.stream, .key0 = options_.stimulus_seed},
                                   directory_.place_of(gid), target);
        });
    }

    /// Gives each of the cells the same given spikes.
    void stimulate(Cells const& cells, SpikeTimes const& source, StimulusTarget const& target) {
        hillock::check(source);
        check_target(cells, target);
        std::vector<ExternalEvent> events;
        directory_.for_each_own(cells, [&](Gid gid) {
            for (auto const time : source.times)
                events.push_back({gid, time + target.delay, target.synapse, target.weight});
        });
        stimulate(events);
    }

    /// Lets events arrive.
    void stimulate(std::vector<ExternalEvent> const& events) {
        Stopwatch const watch(build_seconds_);
        std::vector<Arrival> arrivals;
        for (auto const& e : events) {
            check(e);
            if (owns(e.gid))
                arrivals.push_back({scheduler_.grid().step_of(e.time), directory_.place_of(e.gid),
                                    static_cast<std::size_t>(e.synapse), e.weight});
        }
        scheduler_.stimuli.add(arrivals);
    }

    /// Throws if an event would not be accepted.
    void check(ExternalEvent const& e) const {
        require_synapse(e.gid, e.synapse);
        require(std::isfinite(e.weight), "event at cell {}: weight {}: must be finite", e.gid, e.weight);
        require(std::isfinite(e.time) && e.time >= 0,
                "event at cell {}: time {} ms: must be finite and not negative", e.gid, e.time);
        require(scheduler_.grid().step_of(e.time) >= scheduler_.now(),
                "event at cell {}: {} ms has passed, t = {} ms", e.gid, e.time, now());
    }

    /// Puts an electrode into each of the cells.
    void stimulate(Cells const& cells, IClamp const& clamp) {
        hillock::check(clamp);
        directory_.require_known(cells);
        scheduler_.electrodes.add_edges(clamp);
        directory_.for_each_extent(cells, [&](Extent const& part) {
            scheduler_.with_population(part.population, [&](auto& p) {
                auto const electrode = p.electrode(clamp.where);
                directory_.for_each_own(part, [&](Gid, std::size_t cell) {
                    scheduler_.electrodes.add(clamp, {part.population, cell, electrode});
                });
            });
        });
    }
    /// So that a cell type can bring an electrode of its own; an electrode needs no synapse.
    void stimulate(Cells const& cells, IClamp const& clamp, StimulusTarget const&) {
        stimulate(cells, clamp);
    }

    // -- Recording --------------------------------------------------------------------------------

    /// Has `run` return the spikes of these cells alone; without this call it returns all.
    void record_spikes(Cells const& cells) {
        directory_.require_known(cells);
        recorded_ = cells;
    }

    /// Records a variable of a cell ("v", "m", "synapses[0].g", whatever `get` knows) from now on. The trace
    /// of another rank's cell stays empty.
    std::shared_ptr<Trace const> probe(Gid gid, std::string_view variable, ProbeOptions const& options = {}) {
        require(options.every > 0, "probe of {}: every {} steps: must be positive", variable, options.every);
        auto const place = directory_.place_of(gid);
        auto trace = std::make_shared<Trace>(Trace{std::string(variable), gid, {}, {}});
        scheduler_.with_population(place.population, [&](auto& p) {
            auto const read = p.getter(variable);
            if (owns(gid)) scheduler_.probes.push_back({trace, read, place, options.every});
        });
        return trace;
    }

    // -- Time -------------------------------------------------------------------------------------

    /// t in ms.
    double now() const { return scheduler_.grid().time_of(scheduler_.now()); }
    double dt() const { return scheduler_.grid().dt(); }

    /// Runs on for `duration` ms, rounded to whole steps, and returns the spikes of that time. All ranks call
    /// it together. An error on one of them is an error on all (a `ForeignError` on the others); the network
    /// is of no use after that.
    Raster run(double duration, RunOptions const& options = {}) {
        require(std::isfinite(duration) && duration > 0,
                "run({}): the duration in ms must be finite and positive", duration);
        require(size() > 0, "run: the network is empty; add cells first");
        auto const begin = scheduler_.now();
        auto const end = scheduler_.grid().step_of(now() + duration);
        require(end > begin, "run({}): shorter than one step of {} ms", duration, dt());

        require_agreement(end);
        statistics_ = {.cells = size(),
                       .connections = ranks_.sum(connections()),
                       .ranks = ranks(),
                       .threads = options.threads,
                       .build_seconds = build_seconds_};
        std::optional<Progress> progress;
        if (options.progress && rank() == 0) progress.emplace(now(), now() + duration);
        Team team(options.threads);
        Raster raster;
        {
            Stopwatch const watch(statistics_.run_seconds);
            load_.times = scheduler_.run(
                end, ranks_, team, options.stop, [&](std::vector<GridSpike> const& spikes, Step step) {
                    statistics_.spikes += spikes.size();
                    for (auto const& spike : spikes)
                        if ((options.gather || owns(spike.gid)) &&
                            (!recorded_ || recorded_->contains(spike.gid)))
                            raster.push_back({scheduler_.grid().time_of(spike.step), spike.gid});
                    if (progress) progress->at(scheduler_.grid().time_of(step));
                });
        }
        statistics_.steps = static_cast<std::uint64_t>(scheduler_.now() - begin);
        statistics_.duration = static_cast<double>(statistics_.steps) * dt();
        statistics_.stopped = scheduler_.now() < end;
        return raster;
    }

    /// Back to t = 0: all cells at rest at their v_init, no spike on its way, stimuli and probes from their
    /// beginning. Connections, parameters and thresholds stay.
    void reset() { scheduler_.reset(); }

    /// What the last run took.
    RunStatistics const& statistics() const { return statistics_; }

    /// What each rank had and did in the last run. All ranks call it together.
    std::vector<RankLoad> loads() {
        load_.cells = directory_.own().count(static_cast<std::uint64_t>(size()));
        load_.connections = connections();
        load_.peak_memory = peak_memory_bytes();
        using Words = std::array<std::uint64_t, sizeof(RankLoad) / sizeof(std::uint64_t)>;
        auto const& heard = ranks_.gather(std::bit_cast<Words>(load_));
        std::vector<RankLoad> all;
        for (std::size_t k = 0; k < ranks(); ++k) {
            Words words;
            std::ranges::copy(heard.of(k), words.begin());
            all.push_back(std::bit_cast<RankLoad>(words));
        }
        return all;
    }

    /// A number that the states of all cells decide, every bit of them: where two runs have the same, they
    /// are the same so far. It does not depend on how the cells are divided among ranks and threads. All
    /// ranks call it together.
    std::uint64_t digest() {
        std::uint64_t sum = 0;
        scheduler_.for_each_population([&](auto& p) { sum += p.digest(); });
        return ranks_.sum(sum);
    }

private:
    using Table = ConnectionTable<Real>;

    using Extent = Directory::Extent;

    /// Adds the seconds of its life to a sum; the outermost one alone counts.
    class Stopwatch {
    public:
        explicit Stopwatch(double& sum) : sum_{sum}, before_{sum} {}
        ~Stopwatch() {
            sum_ = before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        }
        Stopwatch(Stopwatch const&) = delete;
        Stopwatch& operator=(Stopwatch const&) = delete;

    private:
        double& sum_;
        double before_;
        std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    };

    /// A connection and where its target is.
    struct Placed : Connection {
        std::size_t population;
        std::uint32_t place;
    };

    template <class Type>
    static constexpr std::size_t index_of() {
        std::size_t k = 0;
        (void)((std::is_same_v<Type, C> ? true : (++k, false)) || ...);
        return k;
    }

    // -- What is checked at the edge

    /// Throws on all ranks unless all are about to do the same.
    void require_agreement(Step end) {
        ranks_.require_same({{"steps to run to", static_cast<std::uint64_t>(end)},
                             {"bits of dt", std::bit_cast<std::uint64_t>(dt())},
                             {"cells", size()},
                             {"projections", projections_ - cleared_}});
    }

    void require_synapse(Cells const& cells, int synapse) const {
        directory_.for_each_extent(cells, [&](Extent const& part) { require_synapse(part, synapse); });
    }
    void require_synapse(Gid gid, int synapse) const {
        auto one = directory_.extent_of(gid);
        one.first = gid;
        require_synapse(one, synapse);
    }
    void require_synapse(Extent const& part, int synapse) const {
        auto const count = synapse_counts[part.population];
        require(synapse >= 0 && static_cast<std::size_t>(synapse) < count,
                "synapse {} of cell {}: {} has {} synapses (numbered from 0)", synapse, part.first,
                type_names[part.population], count);
    }
    void check_target(Cells const& cells, StimulusTarget const& target) const {
        directory_.for_each_extent(cells, [&](Extent const& part) {
            require_synapse(part, target.synapse);
            hillock::check(target, synapse_counts[part.population]);
        });
    }
    void require_room(double more) const {
        require(static_cast<double>(connections()) + more <= 4294967296.,
                "{:.0f} connections: a network can have no more than 2^32",
                static_cast<double>(connections()) + more);
    }
    static double checked_weight(Gid source, Gid target, double weight) {
        require(std::isfinite(static_cast<Real>(weight)), "connection {} -> {}: weight {}: must be finite",
                source, target, weight);
        return weight;
    }
    /// The delay of a connection in steps.
    Step checked_steps(Gid source, Gid target, double delay) const {
        if (!(delay >= dt() * (1 - 1e-9) && delay <= longest_delay * dt())) explain(source, target, delay);
        return scheduler_.grid().step_of(delay);
    }
    /// Throws what is wrong with a delay.
    void explain(Gid source, Gid target, double delay) const {
        require(std::isfinite(delay) && delay >= dt() * (1 - 1e-9),
                "connection {} -> {}: delay {} ms is {} dt {} ms", source, target, delay,
                std::isfinite(delay) ? "shorter than" : "not finite; it must be at least", dt());
        require(delay <= longest_delay * dt(),
                "connection {} -> {}: delay {} ms is longer than {} steps of dt {} ms", source, target, delay,
                longest_delay, dt());
    }

    // -- How tables are made

    StreamId stream(Gid target, std::uint32_t purpose) const {
        return {.id1 = target,
                .id2 = static_cast<std::uint32_t>(projections_ - cleared_),
                .id3 = purpose,
                .key0 = options_.seed,
                .key1 = 1};
    }

    void make(std::vector<Table>& made, typename Table::Shape const& shape, auto const& each) {
        for (auto& table : Table::build(shape, each)) made.push_back(std::move(table));
    }

    /// The list's connections, checked, by population, synapse and target, with repeats as the list says.
    std::vector<Placed> ordered(ConnectionList const& list) const {
        std::vector<Placed> all;
        all.reserve(list.connections().size());
        for (auto const& c : list.connections()) {
            check(c);
            if (!owns(c.target)) continue;
            auto const place = directory_.place_of(c.target);
            all.push_back({c, place.population, static_cast<std::uint32_t>(place.cell)});
        }
        auto const key = [](Placed const& c) {
            return std::tuple(c.population, c.synapse, c.place, c.source);
        };
        std::stable_sort(all.begin(), all.end(),
                         [&](auto const& a, auto const& b) { return key(a) < key(b); });
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

    void make_from_list(std::vector<Table>& made, std::span<Placed const> connections) {
        auto const& one = connections.front();
        auto const all = [&](auto&& same) {
            return std::all_of(connections.begin(), connections.end(), same);
        };
        auto const [low, high] =
            std::minmax_element(connections.begin(), connections.end(),
                                [](auto const& a, auto const& b) { return a.source < b.source; });
        auto const each = [&](bool, auto&& connection) {
            for (auto const& c : connections)
                connection(c.source, c.place, c.weight, scheduler_.grid().step_of(c.delay));
        };
        make(made,
             {projections_, one.population, static_cast<std::size_t>(one.synapse), low->source, high->source,
              all([&](auto const& c) { return c.weight == one.weight; }), scheduler_.now()},
             each);
    }

    Projection commit(std::vector<Table> made) {
        std::uint64_t more = 0;
        for (auto const& table : made) more += table.size();
        require_room(static_cast<double>(more));
        auto& tables = scheduler_.tables;
        tables.insert(tables.end(), std::make_move_iterator(made.begin()),
                      std::make_move_iterator(made.end()));
        std::stable_sort(tables.begin(), tables.end(),
                         [](auto const& a, auto const& b) { return a.hold() < b.hold(); });
        return projections_++;
    }

    static constexpr double longest_delay = 1e9;  // steps
    static constexpr std::array<std::size_t, sizeof...(C)> synapse_counts{
        Population<Real, Arch, C>::synapse_count()...};
    static constexpr std::array<std::string_view, sizeof...(C)> type_names{type_name<C>()...};

    NetworkOptions options_;
    Ranks ranks_;
    Directory directory_;
    Scheduler<Real, Arch, C...> scheduler_;
    std::size_t projections_ = 0, cleared_ = 0;  // how many have been made, how many of them cleared
    std::map<std::uint32_t, Cells> noisy_;       // which NetStim streams are taken, by whom
    std::optional<Cells> recorded_;
    double build_seconds_ = 0;
    RunStatistics statistics_;
    RankLoad load_;
};

}  // namespace hillock::inline HILLOCK_ISA
