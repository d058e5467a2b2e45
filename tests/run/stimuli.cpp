// SPDX-License-Identifier: MIT

#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/archive/archive.hpp>
#include <hillock/files/csv.hpp>
#include <hillock/run/electrodes.hpp>
#include <hillock/run/stimuli.hpp>

namespace stimuli_tests {

using namespace hillock;
using namespace hillock::scheduling;

namespace {

/// The spikes of a NetStim up to `end` ms.
std::vector<double> spikes_of(NetStim const& s, StreamId const& stream = {}, double end = 1e300) {
    std::vector<double> times;
    for (NetStimSpikes spikes(s, stream); spikes.pending() && spikes.time() <= end; spikes.next())
        times.push_back(spikes.time());
    return times;
}

struct Moments {
    double mean = 0, variance = 0;
};

Moments moments(std::vector<double> const& x) {
    double sum = 0, squares = 0;
    for (auto each : x) sum += each;
    auto const mean = sum / static_cast<double>(x.size());
    for (auto each : x) squares += (each - mean) * (each - mean);
    return {mean, squares / static_cast<double>(x.size())};
}

using Times = std::vector<double>;

/// A world of cells in parts: cell k belongs to part k modulo their number. It takes down the currents that are injected.
struct World {
    struct Division {
        std::size_t count = 1;
        std::uint64_t number = 1;

        std::uint64_t version() const { return number; }
        std::size_t parts() const { return count; }
        std::size_t part_of(Place const& place) const { return place.cell % count; }
    };
    struct Electrodes {
        std::map<std::size_t, double> injected;
        void set(std::size_t cell, std::size_t, double amp) { injected[cell] = amp; }
    };

    std::array<Electrodes, 2> populations;
    std::array<Electrodes*, 2> electrodes = {&populations[0], &populations[1]};
    Division division = {};
    Step now = 0;
};
int no_team = 0;

/// The events that `stimuli` delivers in the steps [from, to).
using Delivered = std::vector<std::tuple<Step, std::size_t, double>>;
Delivered deliver(Stimuli& stimuli, Step from, Step to) {
    Delivered all;
    World world;
    stimuli.prepare(world, no_team);
    stimuli.deliver(0, {from, to},
                    [&](Arrival const& a) { all.emplace_back(a.step, a.place.cell, a.weight); });
    return all;
}

}  // namespace

TEST_CASE("NetStim: NEURON's spikes with noiseFromRandom123") {
    using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, double, double, double, double>;
    std::map<Key, Times> all;
    CsvReader<std::uint32_t, std::uint32_t, std::uint32_t, double, double, double, double, double> file(
        "reference/data/netstim.csv", {"id1", "id2", "id3", "interval", "number", "start", "noise", "time"});
    while (auto const row = file.next()) {
        auto const [id1, id2, id3, interval, number, start, noise, time] = *row;
        all[{id1, id2, id3, interval, number, start, noise}].push_back(time);
    }
    CHECK(all.size() == 4);
    for (auto const& [key, times] : all) {
        auto const [id1, id2, id3, interval, number, start, noise] = key;
        auto const spikes = spikes_of(
            {.interval = interval, .noise = noise, .start = start, .number = number}, {id1, id2, id3}, 100);
        REQUIRE(spikes.size() == times.size());
        for (std::size_t k = 0; k < times.size(); ++k) CHECK(std::abs(spikes[k] - times[k]) < 1e-9);
    }
}

TEST_CASE("NetStim: mean and variance of the intervals, the first spike") {
    double const interval = 5, start = 20;
    for (double noise : {0., 0.5, 1.}) {
        CAPTURE(noise);
        Times intervals, firsts;
        for (std::uint32_t id = 0; id < 2000; ++id) {
            auto const spikes =
                spikes_of({.interval = interval, .noise = noise, .start = start, .number = 41}, {.id1 = id});
            REQUIRE(spikes.size() == 41);
            firsts.push_back(spikes[0]);
            for (std::size_t k = 1; k < spikes.size(); ++k) intervals.push_back(spikes[k] - spikes[k - 1]);
        }
        auto const [mean, variance] = moments(intervals);
        auto const sd = noise * interval;
        CHECK(mean == doctest::Approx(interval).epsilon(1e-9 + 4 * noise / std::sqrt(80000.)));
        CHECK(variance == doctest::Approx(sd * sd).epsilon(0.03));
        CHECK(*std::min_element(intervals.begin(), intervals.end()) >= (1 - noise) * interval - 1e-9);
        auto const first = moments(firsts);
        CHECK(first.mean - start == doctest::Approx(noise * interval).epsilon(0.09));
        CHECK(first.variance == doctest::Approx(sd * sd).epsilon(0.15));
        CHECK(*std::min_element(firsts.begin(), firsts.end()) >= start);
    }
}

TEST_CASE("NetStim: number") {
    CHECK(spikes_of({.interval = 2, .start = 1, .number = 3}) == Times{1, 3, 5});
    CHECK(spikes_of({.interval = 2, .start = 1, .number = 1}) == Times{1});
    CHECK(spikes_of({.interval = 2, .start = 1, .number = 0}).empty());
    CHECK(spikes_of({}) == Times{50, 60, 70, 80, 90, 100, 110, 120, 130, 140});
}

TEST_CASE("NetStim: a duration in place of the number; its end does not count") {
    CHECK(spikes_of({.interval = 2, .start = 1, .duration = 6, .number = 1}) == Times{1, 3, 5});
    CHECK(spikes_of({.interval = 2, .start = 1, .duration = 6.1}) == Times{1, 3, 5, 7});
    CHECK(spikes_of({.interval = 2, .start = 1, .duration = 0.1}) == Times{1});
    std::size_t none = 0;
    for (std::uint32_t id = 0; id < 1000; ++id) {
        auto const spikes = spikes_of({.interval = 3, .noise = 1, .start = 10, .duration = 7}, {.id1 = id});
        none += spikes.empty();  // the first spike only counts if it is before the end
        if (!spikes.empty()) {
            CHECK(spikes.front() >= 10);
            CHECK(spikes.back() < 17);
        }
    }
    CHECK(none == doctest::Approx(1000 * std::exp(-7 / 3.)).epsilon(0.3));
}

TEST_CASE("stimuli: generators before listed events, each in order, in whatever pieces they are asked for") {
    auto const fill = [](Stimuli& stimuli) {
        stimuli.add({{7, {0, 5}, 0, 0.1}, {3, {0, 6}, 0, 0.2}, {7, {0, 4}, 0, 0.3}});
        stimuli.add(NetStim{.interval = 0.4, .start = 0.2, .number = 3}, {}, {0, 1},
                    {.weight = 1, .delay = 0.1});  // steps 3, 7, 11
        stimuli.add(NetStim{.interval = 0.4, .start = 0.3, .number = 2}, {}, {0, 2},
                    {.weight = 2, .delay = 0});  // steps 3, 7
        stimuli.add({{5, {0, 7}, 0, 0.4}});
    };
    Delivered const expected{{3, 1, 1}, {3, 2, 2},   {3, 6, 0.2}, {5, 7, 0.4}, {7, 1, 1},
                             {7, 2, 2}, {7, 5, 0.1}, {7, 4, 0.3}, {11, 1, 1}};
    Stimuli stimuli(TimeGrid(0.1));
    fill(stimuli);
    for (int run = 0; run < 2; ++run) {
        for (Step length : {1, 2, 3}) {
            Delivered all;
            for (Step step = 0; step < 20; step += length)
                for (auto const& each : deliver(stimuli, step, step + length)) all.push_back(each);
            CHECK(all.size() == expected.size());
            // within a piece generators come first, whatever their step
            std::stable_sort(all.begin(), all.end(),
                             [](auto const& a, auto const& b) { return std::get<0>(a) < std::get<0>(b); });
            CHECK(all == expected);
            archive::Reset back;
            stimuli.visit(back);
        }
    }
    SUBCASE("what is earlier than a piece is gone") {
        CHECK(deliver(stimuli, 6, 20) ==
              Delivered{{7, 1, 1}, {7, 2, 2}, {11, 1, 1}, {7, 5, 0.1}, {7, 4, 0.3}});
    }
}

TEST_CASE("split in parts: each delivers its own places, in the same order; nothing is lost when the split "
          "changes") {
    Stimuli whole(TimeGrid(0.1)), split(TimeGrid(0.1));
    for (auto* each : {&whole, &split}) {
        for (std::size_t cell = 0; cell < 10; ++cell)
            each->add(NetStim{.interval = 0.7, .noise = 1, .start = 0.2, .number = 50},
                      {.id1 = static_cast<std::uint32_t>(cell)}, {0, cell}, {.weight = 1, .delay = 0.1});
        for (Step step = 0; step < 300; step += 3)
            each->add({{step, {0, static_cast<std::size_t>(step) % 10}, 0, 0.5}});
    }
    auto const by_cell = [](Delivered all) {
        std::stable_sort(all.begin(), all.end(),
                         [](auto const& a, auto const& b) { return std::get<1>(a) < std::get<1>(b); });
        return all;
    };
    Step from = 0;
    for (std::size_t const parts : {3, 1, 2, 5}) {
        World world;
        world.division = {parts, from == 0 ? 1u : static_cast<std::uint64_t>(from)};
        split.prepare(world, no_team);
        auto const expected = deliver(whole, from, from + 60);
        Delivered all;
        for (std::size_t part = 0; part < parts; ++part)
            split.deliver(part, {from, from + 60}, [&](Arrival const& a) {
                CHECK(a.place.cell % parts == part);
                all.emplace_back(a.step, a.place.cell, a.weight);
            });
        CHECK(expected.size() > 30);
        CHECK(by_cell(all) == by_cell(expected));
        from += 60;
    }
}

TEST_CASE("electrodes: the sum of a cell's currents, and the steps at which it changes") {
    Electrodes electrodes(TimeGrid(0.1));
    electrodes.add({.delay = 0.3, .dur = 0.4, .amp = 1}, {0, 8});
    electrodes.add_edges({.delay = 0.3, .dur = 0.4, .amp = 1});
    electrodes.add({.delay = 0.5, .dur = 0.4, .amp = 2}, {0, 8});
    electrodes.add_edges({.delay = 0.5, .dur = 0.4, .amp = 2});
    electrodes.add({.delay = 0.5, .dur = 1e9, .amp = 4}, {1, 8});
    electrodes.add_edges({.delay = 0.5, .dur = 1e9, .amp = 4});
    World world;
    electrodes.prepare(world, no_team);
    std::vector<Step> edges;
    for (Step step = -1; edges.size() < 4; edges.push_back(step)) step = electrodes.horizon(step);
    CHECK(edges == std::vector<Step>{3, 5, 7, 9});
    auto const expect = [&](Step step, double more) {
        CHECK(world.populations[0].injected[8] ==
              more + (step >= 3 && step < 7 ? 1 : 0) + (step >= 5 && step < 9 ? 2 : 0));
        CHECK(world.populations[1].injected[8] == (step >= 5 ? 4 : 0));
    };
    for (int run = 0; run < 2; ++run) {
        for (Step step = 0; step < 12; ++step) {
            electrodes.begin_epoch(world, {step, step + 1});
            expect(step, 0);
        }
        archive::Reset back;
        electrodes.visit(back);
        for (auto& population : world.populations) population.injected.clear();
        electrodes.prepare(world, no_team);
    }
    SUBCASE("a pulse that is added while it is on, and others are, is on at once") {
        world.now = 6;
        IClamp const late{.delay = 0.1, .dur = 1, .amp = 8};
        electrodes.add(late, {0, 8});
        electrodes.add_edges(late);
        electrodes.prepare(world, no_team);
        expect(6, 8);
        electrodes.begin_epoch(world, {11, 12});
        expect(11, 0);
    }
}

}  // namespace stimuli_tests
