// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/archive/archive.hpp>
#include <hillock/archive/snapshot.hpp>
#include <hillock/fwd.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/uncopied.hpp>
#include <hillock/model/gap_junction.hpp>
#include <hillock/model/plasticity/concepts.hpp>
#include <hillock/network/addressed.hpp>
#include <hillock/network/participants.hpp>
#include <hillock/population/populations.hpp>
#include <hillock/run/agreement.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/given_stimuli.hpp>
#include <hillock/run/lifecycle.hpp>
#include <hillock/run/memory.hpp>
#include <hillock/run/options.hpp>
#include <hillock/run/probes.hpp>
#include <hillock/run/progress.hpp>
#include <hillock/run/scheduler.hpp>
#include <hillock/run/statistics.hpp>
#include <hillock/run/stopwatch.hpp>
#include <hillock/run/team.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/wiring/projection.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A network of cells of the types `C...`: its populations, connections, stimuli and probes, and its time.
/// There is no global state: networks are independent of each other.
///
/// With several ranks, every rank makes the network by the same calls, and holds the cells that it owns, the
/// connections onto them and the stimuli that drive them. A call about another rank's cells is checked and
/// left to that rank.
template <class Real, class Arch, class... C>
class basic_network : handles::Addressed<basic_network<Real, Arch, C...>> {
    static_assert(sizeof...(C) > 0, "a network needs at least one cell type: Network<MyCell>");

    using Populations = population::Populations<Real, Arch, C...>;
    using Connections = scheduling::Connections<Real>;
    using Plastic = scheduling::PlasticConnections<Real>;
    using Unstored = scheduling::ProceduralConnections<Real>;
    using Probes = scheduling::Probes<Real>;
    using Participants = scheduling::NetworkParticipants<Real>;
    using Extent = wiring::Directory::Extent;
    using Numbers = std::vector<population::Reference<Real>>;

public:
    /// A network on a single rank, or on one of several: `Network<MyCell> net{MpiExchange{}}`.
    explicit basic_network(NetworkOptions const& options = {}) : basic_network(SerialExchange{}, options) {}
    template <Exchange E>
    explicit basic_network(E exchange, NetworkOptions const& options = {})
        : basic_network(communication::Ranks(std::move(exchange)), TimeGrid(options.dt), options) {}

    /// A copy is an independent network in the same state, and continues as the original would, bit for bit.
    /// The two share connections until one of them asks for `weights`. The copy's traces start empty.
    /// Handles stay with the network that returned them, and follow it when it is moved. Each rank copies on
    /// its own; the copy uses the same exchange. Throws during a run.
    basic_network(basic_network const&) = default;
    basic_network(basic_network&&) noexcept = default;
    basic_network& operator=(basic_network const& other) { return *this = basic_network(other); }  // likewise
    basic_network& operator=(basic_network&&) noexcept = default;

    // -- Cells -------------------------------------------------------------------------------------

    /// Makes `n` cells, with the next gids: `add<MyCell>(100)`, or `add(100)` where there is one type.
    template <class Type = typename Populations::Only>
    Cells add(std::size_t n);

    /// Makes `n` cells like `prototype`. Cells with equal prototypes form one population; a type can have
    /// any number of populations, for example one for each morphology read from a file.
    template <class Type>
    Cells add(std::size_t n, Type const& prototype);

    std::size_t size() const { return directory_.size(); }         // number of cells on all ranks
    Cells cells() const { return {0, static_cast<Gid>(size())}; }  // all of them

    std::size_t rank() const { return directory_.own().rank; }
    std::size_t ranks() const { return directory_.own().ranks; }
    bool owns(Gid gid) const { return directory_.own().owns(gid); }  // whether a cell lives on this rank

    /// The cell that the steps of `Type` built, if all cells of that type are alike.
    template <class Type>
    auto const& anatomy();
    /// The cell that the steps of `Type` built for the population of cell `gid`.
    template <class Type>
    auto const& anatomy(Gid gid);

    // -- Values by name ----------------------------------------------------------------------------

    /// Sets a parameter or state of some cells, by name: "gnabar", "ConnorStevens.gnabar",
    /// "synapses[1].tau2", "v_init", "v", "m", "synapses[0].A", everywhere on the cell, or with a section or
    /// segment in front: "dend.gnabar", "dend(0.7).v". `value` is a number or a function of the gid. All
    /// values are checked before the first is set. Parameters survive a reset, states do not: cells
    /// then start at their `v_init` (mV).
    template <class Value>
    void set(Cells const& cells, std::string_view name, Value&& value);
    template <class Value>
    void set(Cells const& cells, Segment place, std::string_view name, Value&& value) {
        set(cells, name_at(place, name), std::forward<Value>(value));
    }

    /// The present value of a parameter or state of a cell on this rank, in the middle of the root or of the
    /// section named, or in the segment named: "v", "dend.v", "dend(0.7).v"; also "synapses[0].g" (uS), and
    /// currents: "Passive.i", "synapses[0].i", "i_membrane", "i_membrane_", "i_cap" (see
    /// population/membrane.hpp).
    double get(Gid gid, std::string_view name);
    double get(Gid gid, Segment place, std::string_view name) { return get(gid, name_at(place, name)); }

    /// Sets the threshold (mV) at which cells spike. A cell has one threshold, the last one set, for all its
    /// connections.
    void set_threshold(Cells const& cells, double threshold);

    // -- Connections -------------------------------------------------------------------------------

    using Projection = std::size_t;  // the handle of the connections that one `connect` made

    /// Connects `sources` to `targets` by a rule: fixed_indegree(n), fixed_outdegree(n), all_to_all(),
    /// pairwise_probability(p), or another of `wiring/rules.hpp`; by procedural(rule) without storing them.
    /// Draws depend only on the seed, the target's gid and the number of projections made before. A rule, or
    /// a function that returns delays, is called twice and must return the same. `learning` is a plasticity
    /// rule, such as Stdp{}: weights then change during runs, and return to their first values at a reset.
    template <ConnectionRule Rule, class Learning = plasticity::None>
    Projection connect(Cells const& sources, Cells const& targets, Rule const& rule,
                       ProjectionOptions const& options, Learning const& learning = {});
    /// Connects the pairs of a list.
    template <class Learning = plasticity::None>
    Projection connect(ConnectionList const& list, Learning const& learning = {});

    /// Joins places by gap junctions; if one is refused, none is made. Ranks then communicate in every step.
    void connect(std::span<GapJunction const> junctions);
    void connect(GapJunction const& junction) { connect(std::span(&junction, 1)); }
    void connect(Pointer const& pointer);  // all ranks make the same pointers and junctions
    /// Joins each target to the sources that a rule draws for it: none that draws for sources.
    template <TargetRule Rule, std::same_as<GapJunctions> Junctions>
    void connect(Cells const& sources, Cells const& targets, Rule const& rule, Junctions const& junctions);

    void check(Connection const& connection) const { builder().check(connection); }  // throws if refused

    /// The weights of a projection onto this rank's cells, to be read and written: those of each of its
    /// tables (by target population; by range of delays), ordered by source, in large and in plastic ones by
    /// delay, then by target; one number where all connections of a table share it. Valid until the next run
    /// or `clear_connections`, an error after that. A spike takes the weight that its connection has on
    /// arrival. While threads write weights, each its own, call nothing else of the network.
    std::vector<Weights<Real>> weights(Projection projection);
    /// The connections of a projection onto this rank's cells, in the order of their weights.
    std::vector<MadeConnection> connections_of(Projection projection);

    std::vector<WeightSum> weight_sums(Projection projection);  // onto each of this rank's cells, by gid
    /// Scales the weights onto each cell so that their sum is `sum`; sums of 0 stay. Collective.
    void normalise(Projection projection, double sum);
    std::uint64_t connections() const;  // number of those onto this rank's cells

    /// Removes all connections, and the spikes in transit along them. Thresholds stay.
    void clear_connections();

    // -- Stimuli -----------------------------------------------------------------------------------

    /// Stimulates each of the cells by a generator of its own (NetStim, Poisson, InhomogeneousPoisson) or by
    /// the same given spikes (SpikeTimes), onto a synapse.
    template <StimulusSource Source>
    Stimulus stimulate(Cells const& cells, Source const& source, StimulusTarget const& target);
    /// Injects a current into each of the cells: an IClamp, a CurrentTrace or an OrnsteinUhlenbeck.
    template <CurrentSource Source>
    Stimulus stimulate(Cells const& cells, Source const& source);
    /// Delivers events, anew after each reset.
    Stimulus stimulate(std::vector<ExternalEvent> const& events);

    /// Replaces the source of a stimulus from now on and, if one is given, its target. Events that the old
    /// one has fired still arrive; those that the new one would have fired by now are left out until a
    /// reset.
    template <StimulusSource Source>
    void change(Stimulus const& handle, Source const& source,
                std::optional<StimulusTarget> const& target = {});
    /// Removes a stimulus for good. Events that it has fired still arrive.
    void remove(Stimulus const& handle);
    /// Removes all stimuli, and the events in transit from them. Held currents stay.
    void clear_stimuli();

    void check(ExternalEvent const& event) const;  // throws if an event would not be accepted

    // -- Driven from outside -----------------------------------------------------------------------

    /// Delivers events once: a reset forgets them. Each rank takes those for its own cells; all are checked
    /// before the first is taken.
    void send(std::span<ExternalEvent const> events);
    void send(ExternalEvent const& event) { send(std::span(&event, 1)); }

    /// A current into each of the cells, in the middle of the root or at a place: "soma(0.5)".
    CurrentDrive<Real> current(Cells const& cells, std::string_view where = {});
    /// A variable of each of the cells by a name that `get` knows, looked up once.
    CellVariable<basic_network> variable(Cells const& cells, std::string_view name) {
        return {*this, cells, name};
    }
    SpikeCounter counter(Cells const& cells);  // of the spikes that the cells fire

    /// The handle of this network that corresponds to one of the network it was copied from.
    CurrentDrive<Real> counterpart(CurrentDrive<Real> const& drive);
    SpikeCounter counterpart(SpikeCounter const& counter);
    std::shared_ptr<Trace const> counterpart(std::shared_ptr<Trace const> const& trace);

    // -- Recording ---------------------------------------------------------------------------------

    /// Makes `run` return the spikes of these cells only; without this call it returns all.
    void record_spikes(Cells const& cells);

    /// Records a variable of a cell ("v", "m", "synapses[0].g", whatever `get` knows) from now on. The trace
    /// of another rank's cell stays empty.
    std::shared_ptr<Trace const> probe(Gid gid, std::string_view variable, ProbeOptions const& options = {});
    auto probe(Gid gid, Segment place, std::string_view variable, ProbeOptions const& options = {}) {
        return probe(gid, name_at(place, variable), options);
    }
    /// Records the extracellular potential of cells at where(gid), a Position or Pose; collective.
    template <class Where>
    std::shared_ptr<LfpRecord const> record(Lfp const& lfp, Cells const& cells, Where const& where);

    // -- Time --------------------------------------------------------------------------------------

    /// t in ms.
    double now() const { return world().grid.time_of(world().now); }
    double dt() const { return world().grid.dt(); }  // ms

    /// Runs to `t` ms, rounded to whole steps, and returns the spikes on the way there, valid until the next
    /// run. All ranks call it together. An error on one rank is an error on all (a `ForeignError` on the
    /// others); after an error in the middle of a run, the network does not run again until it is reset.
    std::span<Spike const> run_until(double t, RunOptions const& options = {});

    /// Runs for another `duration` ms and returns the spikes of that time. Durations that are not multiples
    /// of dt add up without loss.
    Raster run(double duration, RunOptions const& options = {});

    /// Returns to t = 0: all cells at rest at their v_init, no spike in transit, stimuli and probes from
    /// their start. Connections, parameters and thresholds stay.
    void reset();

    /// The present state of the network, to be restored into one made by the same calls, on any number of
    /// ranks and threads: time, states, parameters and thresholds, written weights, held currents, spikes
    /// and events in transit. All ranks call it together, and each gets the whole.
    Snapshot save();
    /// Continues from a snapshot as the saved network would, bit for bit, and so do traces. A snapshot that
    /// does not fit is an error and changes nothing. All ranks call it together.
    void restore(Snapshot const& snapshot);

    RunStatistics const& statistics() const { return statistics_; }  // the cost of the last run
    std::vector<RankLoad> loads();  // of each rank in the last run; collective

    /// A digest of every bit of the states of cells and plastic connections: two runs with the same digest
    /// have been equal so far, on any ranks and threads. All ranks call it together.
    std::uint64_t digest();

private:
    basic_network(communication::Ranks ranks, TimeGrid grid, NetworkOptions const& options)
        : options_{options},
          ranks_{std::move(ranks)},
          directory_{ranks_.own()},
          scheduler_{grid, options.lanes} {}

    friend CellVariable<basic_network>;
    friend handles::Addressed<basic_network>;
    auto& world() { return scheduler_.world; }
    auto const& world() const { return scheduler_.world; }
    Connections& connected() { return scheduler_.template join<Connections>(); }

    template <class Type>
    Cells add_to(std::size_t number, std::size_t n);

    /// Calls f(population, part) for each part of `cells` that lies in one population.
    void for_each_population_of(Cells const& cells, auto&& f);

    template <class Type>
    void drive(Cells const& cells, population::Population<Real, Arch, Type> const& population);
    struct Giving;
    void keep_stimuli(std::uint32_t serial) noexcept;
    void check_target(Cells const& cells, StimulusTarget const& target) const;
    StimulusTarget numbered(wiring::Place const& place, StimulusTarget target, bool external);
    scheduling::Arrival arrival_of(ExternalEvent const& event);
    scheduling::CellRuns runs_of(Cells const& cells);
    void for_each_run(scheduling::CellRuns const& runs, auto&& f);
    std::vector<Numbers> writing(scheduling::CellRuns const& runs, std::string_view name);
    void write(scheduling::CellRuns const& runs, std::vector<Numbers> const& to, std::string_view name,
               std::span<double const> values);
    struct Contents;
    void visit_head(auto& io, std::uint64_t connections);
    Contents contents();
    void read(auto file, std::uint64_t all_connections, Contents& all);
    void require_fitting(Contents const& all);
    template <bool writes>
    void for_each_written(Contents const& all, auto&& f);
    void put_back(Contents const& all);

    template <bool writes = false>
    void for_each_connection(Projection projection, auto&& f);
    void require_known(Projection projection) const;
    void require_room(double more) const;
    void expect(double more, std::size_t weight_bytes) const;
    wiring::ProjectionBuilder<Real> builder() const {
        return {directory_, world().grid, options_.seed, projections_, projections_ - cleared_, world().now};
    }
    template <class Learning>
    Projection commit(std::vector<wiring::ConnectionTable<Real>> made, Learning const& learning,
                      Cells const& sources = {}, std::optional<double> threshold = {});

    scheduling::Team& team_of(std::size_t threads);
    scheduling::Agreement agree_to_run_to(Step end, RunOptions const& options);
    void collect(scheduling::Spikes spikes, bool gather);

    scheduling::Lifecycle lifecycle_;  // first: says whether the rest may be copied
    NetworkOptions options_;
    communication::Ranks ranks_;
    wiring::Directory directory_;
    scheduling::Scheduler<Real, Populations, Participants> scheduler_;
    meta::Uncopied<std::unique_ptr<scheduling::Team>> team_;  // of the last run
    double target_ = 0;                                       // ms: what runs have been asked for so far
    std::size_t projections_ = 0, cleared_ = 0;               // made so far; cleared of them
    scheduling::GivenStimuli given_;
    std::optional<Cells> recorded_;
    meta::Uncopied<Raster> raster_;  // of the last run
    double build_seconds_ = 0;
    RunStatistics statistics_;
    RankLoad load_;
};

}  // namespace hillock::inline HILLOCK_ISA

#include <hillock/network/connecting.hpp>
#include <hillock/network/coupling.hpp>
#include <hillock/network/driving.hpp>
#include <hillock/network/recording.hpp>
#include <hillock/network/running.hpp>
#include <hillock/network/saving.hpp>
#include <hillock/network/stimulating.hpp>
#include <hillock/network/values.hpp>
#include <hillock/network/weight_sums.hpp>
