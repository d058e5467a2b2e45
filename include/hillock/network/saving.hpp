// SPDX-License-Identifier: MIT
#pragma once

/// A network saved and restored. All that is kept by cell is written by the rank that owns the cell,
/// gathered, and put in the order of gids; every rank has the whole snapshot.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/archive/archive.hpp>
#include <hillock/archive/record.hpp>
#include <hillock/archive/rows.hpp>
#include <hillock/archive/snapshot.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/likeness.hpp>
#include <hillock/network.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The contents of a snapshot beside the states of cells.
template <class Real, class Arch, class... C>
struct basic_network<Real, Arch, C...>::Contents {
    archive::Rows<3> spikes;    // on their way: step, gid, number among those of one step and gid
    archive::Rows<2> since;     // projection, the step at which it was made
    archive::Rows<4> sent;      // gid, step, synapse, weight
    archive::Rows<3> currents;  // drive, position, nA
    archive::Rows<3> noise;     // which of the stimuli, gid, nA
    archive::Rows<5> weights;   // projection, target, source, delay, weight: of those written to or plastic
    archive::Rows<6> traces;    // of plastic ones: projection, owner, step, gid, index, bits

    /// Calls f(rows) for each kind.
    void for_each(auto&& f) {
        f(spikes);
        f(since);
        f(sent);
        f(currents);
        f(noise);
        f(weights);
        f(traces);
    }
    /// Calls f(delivery, trace) for each trace and the deliveries of its projection.
    void for_each_trace(Plastic& plastic, auto&& f) const {
        for (auto const& [projection, owner, step, gid, index, bits] : traces.all) {
            scheduling::KeptTrace const trace{static_cast<scheduling::KeptTrace::Owner>(owner),
                                              static_cast<Gid>(gid), static_cast<Step>(step), index, bits};
            plastic.for_each(projection, [&](auto& delivery) { f(delivery, trace); });
        }
    }
};

template <class Real, class Arch, class... C>
Snapshot basic_network<Real, Arch, C...>::save() {
    lifecycle_.require_sound("save");
    connected().begin_events(world());
    archive::RecordWriter file;
    visit_head(file, ranks_.sum(connections()));

    archive::Words own;
    directory_.for_each_own(cells(), [&](Gid gid) {
        archive::RecordWriter cell;
        auto const place = directory_.place_of(gid);
        world().populations.with(place.population,
                                 [&](auto& population) { population.visit_cell(cell, place.cell); });
        own.push_back(gid);
        own.push_back(cell.words().size());
        own.insert(own.end(), cell.words().begin(), cell.words().end());
    });
    auto const& gathered = ranks_.gather(own).words;
    std::vector<std::span<std::uint64_t const>> records(size());
    for (std::size_t k = 0; k < gathered.size(); k += 2 + gathered[k + 1])
        records[gathered[k]] = std::span(gathered).subspan(k + 1, 1 + gathered[k + 1]);
    for (auto const& record : records)
        for (auto const word : record) file(word);

    contents().for_each([&](auto& rows) { rows.write(file); });
    return Snapshot::of(file.words());
}

/// Facts that must be the same where a snapshot is restored, and the numbers that all ranks share.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::visit_head(auto& io, std::uint64_t connections) {
    io.expect("bytes of a number", sizeof(Real));
    io.expect("dt in ms", dt());
    io.expect("seed", options_.seed);
    io.expect("stimulus seed", options_.stimulus_seed);
    io.expect("cells", size());
    io.expect("projections", projections_ - cleared_);
    io.expect("connections", connections);
    auto const& plastic = scheduler_.template join<Plastic>();
    for (auto projection = cleared_; projection < projections_; ++projection) {
        auto const which = fmt::format("of projection {}", projection - cleared_);
        auto const rule = plastic.rule_of(projection);
        io.expect(fmt::format("rule of plasticity {}, by number (0 for none)", which), rule.number);
        io.expect(fmt::format("parameters of the rule {}", which), rule.parameters.size());
        for (auto const& parameter : rule.parameters)
            io.expect(fmt::format("{} of the rule {}", parameter.name, which), parameter.value);
    }
    io.expect("gap junctions", scheduler_.template join<scheduling::GapJunctionEnds>().count());
    io.expect("pointers", scheduler_.template join<scheduling::Pointers<Real>>().count());
    io.expect("populations", world().populations.size());
    world().populations.for_each([&](auto& population, std::size_t number) {
        io.expect(fmt::format("fingerprint of population {}", number), fingerprint(population.anatomy()));
        population.visit_kinds(io);
    });
    io.expect("stimuli", given_.all().size());
    for (auto& given : given_.all()) {
        io.expect("a stimulus's digest", given.digest());
        io(given.from);
    }
    auto const& counts = scheduler_.template join<scheduling::SpikeCounters>().all();
    io.expect("spike counters", counts.size());
    for (auto const& count : counts) io(count->spikes);
    io(world().now);
    io(target_);
}

/// All that is on its way or has been written. Collective.
template <class Real, class Arch, class... C>
auto basic_network<Real, Arch, C...>::contents() -> Contents {
    Contents all;
    // each rank, and each of the two, holds all spikes of a step or none
    std::vector<scheduling::GridSpike> spikes;
    auto const &stored = connected().history(), &unstored = scheduler_.template join<Unstored>().history();
    std::set_union(stored.begin(), stored.end(), unstored.begin(), unstored.end(),
                   std::back_inserter(spikes));
    for (std::size_t k = 0, number = 0; k < spikes.size(); ++k) {
        number = k > 0 && spikes[k] == spikes[k - 1] ? number + 1 : 0;
        all.spikes.add(spikes[k].step, spikes[k].gid, number);
    }
    connected().for_each_table([&](auto const& table) { all.since.add(table.projection(), table.since()); });
    for (auto const& a : scheduler_.template join<scheduling::SentEvents>().waiting())
        world().populations.with(a.place.population, [&](auto& population) {
            auto const [synapse, weight] = scheduling::plain(population, a);
            all.sent.add(population.gid(a.place.cell), a.step, synapse, weight);
        });
    scheduler_.template join<Unstored>().for_each(
        [&](auto& piece, Step since) { all.since.add(piece.projection, since); });
    auto const& drives = scheduler_.template join<scheduling::CurrentDrives>().all();
    for (std::size_t k = 0; k < drives.size(); ++k)
        for (auto const& run : drives[k]->cells.runs)
            for (auto const& one : run.cells) all.currents.add(k, one.position, drives[k]->nA[one.position]);

    scheduler_.template join<scheduling::VaryingCurrents>().for_each_noise(
        [&](std::uint32_t serial, Gid gid, double nA) { all.noise.add(given_.place_of(serial), gid, nA); });

    archive::Rows<1> written;
    for (auto const projection : connected().written()) written.add(projection);
    for (auto const& delivery : scheduler_.template join<Plastic>().all()) {
        auto const projection = delivery->table.projection();
        written.add(projection);
        std::vector<scheduling::KeptTrace> kept;
        delivery->catch_up();
        delivery->keep_traces(kept);
        for (auto const& t : kept) all.traces.add(projection, t.owner, t.step, t.gid, t.index, t.bits);
    }
    written.gather(ranks_, 1);
    written.all.erase(std::unique(written.all.begin(), written.all.end()), written.all.end());
    for (auto const& row : written.all) {
        auto const projection = row[0];
        for_each_connection(projection, [&](Gid source, Gid target, Real weight, Step delay) {
            all.weights.add(projection, target, source, delay, static_cast<double>(weight));
        });
    }

    all.spikes.gather(ranks_, 3);
    all.since.gather(ranks_, 2);
    all.sent.gather(ranks_, 1);
    all.currents.gather(ranks_, 2);
    all.noise.gather(ranks_, 2);
    all.weights.gather(ranks_, 4);
    all.traces.gather(ranks_, 5);
    auto const drop_repeated = [](auto& rows) {  // every rank has them
        rows.all.erase(std::unique(rows.all.begin(), rows.all.end()), rows.all.end());
    };
    drop_repeated(all.spikes);
    drop_repeated(all.since);
    drop_repeated(all.traces);
    return all;
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::restore(Snapshot const& snapshot) {
    lifecycle_.require_outside("restore");
    connected().begin_events(world());
    auto const all_connections = ranks_.sum(connections());
    Contents all;
    read(archive::RecordReader<false>(snapshot.contents()), all_connections, all);
    require_fitting(all);
    all = {};
    read(archive::RecordReader<true>(snapshot.contents()), all_connections, all);
    put_back(all);
    archive::Reset well;
    lifecycle_.visit(well);
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::read(auto file, std::uint64_t all_connections, Contents& all) {
    visit_head(file, all_connections);
    for (Gid gid = 0; gid < size(); ++gid) {
        auto const record = file.take(file.next());
        if (!owns(gid)) continue;
        archive::RecordReader<decltype(file)::commits> cell(record);
        auto const place = directory_.place_of(gid);
        world().populations.with(place.population,
                                 [&](auto& population) { population.visit_cell(cell, place.cell); });
        require(cell.at_end(), "snapshot of another network: more of cell {} than there is here", gid);
    }
    all.for_each([&](auto& rows) { rows.read(file); });
    require(file.at_end(), "snapshot of another network: there is more in it");
}

/// Throws if what is to be put back has no place here.
template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::require_fitting(Contents const& all) {
    auto const& drives = scheduler_.template join<scheduling::CurrentDrives>().all();
    for (auto const& [drive, position, nA] : all.currents.all)
        require(drive < drives.size() && position < drives[drive]->nA.size(),
                "snapshot of another network: held current {} of cell {}: make it before you restore", drive,
                position);
    for (auto const& [gid, step, synapse, weight] : all.sent.all)
        directory_.require_synapse(static_cast<Gid>(gid), static_cast<int>(synapse));
    all.for_each_trace(scheduler_.template join<Plastic>(), [](auto& delivery, auto const& trace) {
        require(delivery.fits(trace),
                "snapshot of another network: trace {} of cell {} has no place in projection {}", trace.index,
                trace.gid, delivery.table.projection());
    });
    for_each_written<false>(all, [](auto const&, Real const&) {});
}

/// Calls f(row, weight) for the own connections whose weights are in the snapshot.
template <class Real, class Arch, class... C>
template <bool writes>
void basic_network<Real, Arch, C...>::for_each_written(Contents const& all, auto&& f) {
    for (auto row = all.weights.all.begin(); row != all.weights.all.end();) {
        auto const projection = static_cast<std::size_t>((*row)[0]);
        require_known(projection);
        using Weight = std::conditional_t<writes, Real, Real const>;
        struct Own {
            std::array<std::uint64_t, 4> key;  // target, source, delay, number
            Weight* weight;
        };
        std::vector<Own> own;
        for_each_connection<writes>(projection, [&](Gid source, Gid target, Weight& weight, Step delay) {
            own.push_back({{target, source, static_cast<std::uint64_t>(delay), own.size()}, &weight});
        });
        std::sort(own.begin(), own.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
        auto at = own.begin();
        for (; row != all.weights.all.end() && (*row)[0] == projection; ++row) {
            if (!owns(static_cast<Gid>((*row)[1]))) continue;
            require(at != own.end() && at->key[0] == (*row)[1] && at->key[1] == (*row)[2] &&
                        at->key[2] == (*row)[3],
                    "snapshot of another network: projection {} connects other cells", projection);
            if constexpr (writes) f(*row, *at->weight);
            ++at;
        }
    }
}

template <class Real, class Arch, class... C>
void basic_network<Real, Arch, C...>::put_back(Contents const& all) {
    archive::Rewind back;
    scheduler_.visit(back);
    scheduler_.template join<Probes>().go_back_to(world().now, now());
    scheduler_.template join<scheduling::LfpRecorders>().go_back_to(world().now, now());

    std::vector<scheduling::GridSpike> spikes;
    for (auto const& [step, gid, number] : all.spikes.all)
        spikes.push_back({static_cast<Step>(step), static_cast<Gid>(gid)});
    scheduler_.template join<Unstored>().set_history(spikes);
    connected().set_history(std::move(spikes));
    scheduler_.template join<Unstored>().for_each([&](auto const& piece, Step& since) {
        for (auto const& [projection, step] : all.since.all)
            if (projection == piece.projection) since = static_cast<Step>(step);
    });
    connected().for_each_table([&](auto& table) {
        for (auto const& [projection, since] : all.since.all)
            if (projection == table.projection()) table.set_since(static_cast<Step>(since));
    });
    connected().put_back_weights();
    all.for_each_trace(scheduler_.template join<Plastic>(),
                       [&](auto& delivery, auto const& trace) { delivery.put_back(trace, world().now); });
    for (auto const& row : all.weights.all)
        if (!scheduler_.template join<Plastic>().has(row[0])) connected().note_written(row[0]);
    for_each_written<true>(all, [&](auto const& row, Real& weight) {
        weight = static_cast<Real>(archive::number_of<double>(row[4]));
    });

    auto& sent = scheduler_.template join<scheduling::SentEvents>();
    sent.clear();
    for (auto const& [gid, step, synapse, weight] : all.sent.all) {
        if (!owns(static_cast<Gid>(gid))) continue;
        auto const place = directory_.place_of(static_cast<Gid>(gid));
        scheduler_.template join<scheduling::Stimuli>().expect(place.population);
        auto const own =
            numbered(place, {static_cast<int>(synapse), archive::number_of<double>(weight)}, true);
        sent.add(scheduling::restored(static_cast<Step>(step), place, own, synapse));
    }
    for (auto& drive : scheduler_.template join<scheduling::CurrentDrives>().all()) {
        std::ranges::fill(drive->nA, 0.);
        drive->is_written = true;
    }
    for (auto const& [drive, position, nA] : all.currents.all)
        scheduler_.template join<scheduling::CurrentDrives>().all()[drive]->nA[position] =
            archive::number_of<double>(nA);

    for (auto const& given : given_.all()) Giving{*this}.tell(given);
    std::map<std::pair<std::uint64_t, std::uint64_t>, double> noise;
    for (auto const& [place, gid, nA] : all.noise.all) noise[{place, gid}] = archive::number_of<double>(nA);
    scheduler_.template join<scheduling::VaryingCurrents>().for_each_noise(
        [&](std::uint32_t serial, Gid gid, double& nA) {
            nA = noise[{given_.place_of(serial), gid}];
        });
}

}  // namespace hillock::inline HILLOCK_ISA
