// SPDX-License-Identifier: MIT

/// Cells with dendrites that are described when the program runs against NEURON 8.2.2 (data/trees.txt;
/// make_trees.py, which wrote it, says what its lines mean).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <memory>
#include <numbers>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/analysis/sweep.hpp>
#include <hillock/run/thread_exchange.hpp>

#include "../cells.hpp"

namespace trees_tests {

using namespace hillock;
using cells::quietly;

namespace {

constexpr double dt = 0.025;

struct Place {
    std::size_t section;
    double x;

    std::string name() const { return fmt::format("s{}({:.17g})", section, x); }
};

/// One tree of the file and what NEURON says of it.
struct Description {
    struct Part {
        int parent;
        double at, L, diam;
        int nseg;
        double Ra, cm, gnabar, g;
    };
    std::vector<Part> sections;
    std::vector<std::pair<Place, Exp2Syn>> exp2syn;
    std::vector<std::pair<Place, ExpSyn>> expsyn;
    std::vector<ExternalEvent> events;
    IClamp electrode;
    std::vector<Place> places;
    std::vector<std::vector<double>> rows;  // t, v at each of the places
};

std::vector<Description> read_trees() {
    std::ifstream file("reference/data/trees.txt");
    REQUIRE(file);
    std::vector<Description> trees;
    std::size_t sections = 0;
    for (std::string line, what; std::getline(file, line);) {
        std::istringstream words(line);
        words >> what;
        if (what == "tree") {
            trees.emplace_back();
            words >> sections;
            continue;
        }
        auto& tree = trees.back();
        Place place{};
        if (what == "section") {
            auto& s = tree.sections.emplace_back();
            words >> s.parent >> s.at >> s.L >> s.diam >> s.nseg >> s.Ra >> s.cm >> s.gnabar >> s.g;
        } else if (what == "event") {
            auto& event = tree.events.emplace_back();
            words >> event.synapse >> event.time >> event.weight;
        } else if (what == "v") {
            auto& row = tree.rows.emplace_back();
            for (double number; row.size() <= tree.places.size() && words >> number;) row.push_back(number);
        } else {
            words >> place.section >> place.x;
            REQUIRE(place.section < sections);
            if (what == "exp2syn") {
                auto& synapse = tree.exp2syn.emplace_back(place, Exp2Syn{}).second;
                words >> synapse.tau1 >> synapse.tau2 >> synapse.e;
            } else if (what == "expsyn") {
                auto& synapse = tree.expsyn.emplace_back(place, ExpSyn{}).second;
                words >> synapse.tau >> synapse.e;
            } else if (what == "electrode") {
                tree.electrode.where = place.name();
                words >> tree.electrode.delay >> tree.electrode.dur >> tree.electrode.amp;
            } else {
                REQUIRE(what == "place");
                tree.places.push_back(place);
            }
        }
        REQUIRE_MESSAGE(words, line);
    }
    return trees;
}

/// Any of the trees.
struct TreeCell : Cell<TreeCell> {
    Description tree;
    std::vector<Section> all;
    Subset excitable, leaky;

    explicit TreeCell(Description description) : tree{std::move(description)}, all(tree.sections.size()) {}

    auto create_sections() {
        for (std::size_t k = 0; k < all.size(); ++k) all[k].name = fmt::format("s{}", k);
        return sections(all);
    }
    void build_topology() {
        for (std::size_t k = 1; k < all.size(); ++k)
            all[k].connect(all[static_cast<std::size_t>(tree.sections[k].parent)](tree.sections[k].at));
    }
    void build_subsets() {
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (tree.sections[k].gnabar > 0) excitable.add(all[k]);
            if (tree.sections[k].g > 0) leaky.add(all[k]);
        }
    }
    void define_geometry() {
        for (std::size_t k = 0; k < all.size(); ++k) {
            auto const& s = tree.sections[k];
            all[k].L = s.L, all[k].diam = s.diam, all[k].nseg = s.nseg, all[k].Ra = s.Ra, all[k].cm = s.cm;
        }
    }
    auto define_biophysics() {
        auto const of = [&](Segment s) {
            return tree.sections[static_cast<std::size_t>(s.section - all.data())];
        };
        return biophysics(
            insert(excitable, HodgkinHuxley{},
                   [&](Segment s, HodgkinHuxley& hh) { hh.gnabar = of(s).gnabar; }),
            insert(leaky, Passive{.e = -65}, [&](Segment s, Passive& leak) { leak.g = of(s).g; }));
    }
    auto create_synapses() {
        auto const placed = [&](auto const& synapse) {
            return place(synapse.second, all[synapse.first.section](synapse.first.x));
        };
        return synapses(placed(tree.exp2syn.at(0)), placed(tree.exp2syn.at(1)), placed(tree.expsyn.at(0)),
                        placed(tree.expsyn.at(1)));
    }
};

/// The largest difference (mV) anywhere at any time.
template <class Net>
double difference(Description const& tree) {
    Net net({.dt = dt});
    net.add(1, TreeCell(tree));
    net.stimulate(tree.events);
    net.stimulate(net.cells(), tree.electrode);
    std::vector<std::shared_ptr<Trace const>> traces;
    for (auto const& place : tree.places) traces.push_back(net.probe(0, place.name() + ".v"));
    net.run(tree.rows.back()[0], quietly);
    double largest = 0;
    for (auto const& row : tree.rows)
        for (std::size_t k = 0; k < traces.size(); ++k) {
            auto const found = traces[k]->values.at(static_cast<std::size_t>(std::lround(row[0] / dt)));
            largest = std::max(largest, std::isfinite(found) ? std::abs(found - row[k + 1]) : HUGE_VAL);
        }
    return largest;
}

}  // namespace

TEST_CASE("every voltage in random trees is NEURON's within 1e-6 mV") {
    std::vector<std::size_t> sizes;
    for (auto const& tree : read_trees()) {
        sizes.push_back(tree.sections.size());
        CAPTURE(sizes.back());
        REQUIRE(tree.places.size() == 6);
        REQUIRE(tree.rows.size() == 81);
        CHECK(difference<Network<TreeCell>>(tree) < 1e-6);
        CHECK(difference<ScalarNetwork<TreeCell>>(tree) < 1e-6);
    }
    CHECK(sizes == std::vector<std::size_t>{2, 5, 9, 17, 33, 60});
}

/// Two of the trees' cells with all that happens to them, in one network or on each of several ranks.
template <class Net>
void fill(Net& net, std::vector<Description> const& trees) {
    for (auto const k : {1, 2, 1, 1, 2}) {
        auto const& tree = trees[static_cast<std::size_t>(k)];
        auto const cells = net.add(1, TreeCell(tree));
        for (auto event : tree.events) {
            event.gid = cells[0];
            net.stimulate({event});
        }
        net.stimulate(cells, tree.electrode);
    }
    net.connect(GapJunction{.a = {0, "s1(0.5)"}, .b = {3, "s2(1)"}, .conductance = 2e-3});
}

/// The ends at which a cell has nodes without membrane.
std::vector<Segment> ends_of(auto const& cell) {
    std::vector<Segment> all;
    auto const add = [&](Segment end) {
        auto const site = cell.site(end);
        if (site.megohm == 0 && cell.tree.nodes()[site.node].area == 0) all.push_back(end);
    };
    add(cell.root()(0));
    for (auto const& section : *cell.sections) add(section(1));
    return all;
}

Pose pose_of(Gid gid) { return {.x = 40. * gid, .y = 3, .z = -10. * gid, .turn = 30. * gid}; }

Lfp electrodes(LfpSource source) {
    return {.electrodes = {{0, 0, 0}, {30, 20, 10}, {-100, 50, 7}}, .source = source, .every = 3};
}

TEST_CASE("currents through membranes are NEURON's, and over a cell they sum to its electrode's") {
    std::ifstream file("reference/data/membrane_currents.csv");
    REQUIRE(file);
    auto const fields = [&] {
        std::string line;
        std::getline(file, line);
        std::istringstream in(line);
        std::vector<std::string> all;
        for (std::string field; std::getline(in, field, ',');) all.push_back(field);
        return all;
    };
    auto const tree = read_trees().at(1);
    Network<TreeCell> net({.dt = dt});
    net.add(1, TreeCell(tree));
    net.stimulate(tree.events);
    net.stimulate(net.cells(), tree.electrode);
    std::vector<std::shared_ptr<Trace const>> traces;
    auto const names = fields();
    for (std::size_t k = 1; k < names.size(); ++k) traces.push_back(net.probe(0, names[k]));
    for (auto const& end : ends_of(net.anatomy<TreeCell>(0)))
        traces.push_back(net.probe(0, end, "i_membrane_"));
    net.run(20, quietly);

    double largest = 0;
    std::size_t rows = 0;
    for (auto row = fields(); row.size() == names.size(); row = fields(), ++rows)
        for (std::size_t k = 1; k < row.size(); ++k) {
            auto const found = traces[k - 1]->values.at(10 * rows), expected = std::stod(row[k]);
            largest = std::max(largest, std::abs(found - expected) / (1e-4 + std::abs(expected)));
        }
    CHECK(rows == 81);
    CHECK(largest < 1e-6);

    for (std::size_t step = 0; step < traces[0]->values.size(); ++step) {
        auto const t = traces[0]->times[step] - dt / 2;  // in the middle of the step that has led there
        auto const& electrode = tree.electrode;
        double sum = electrode.delay <= t && t < electrode.delay + electrode.dur ? -electrode.amp : 0;
        for (auto const& trace : traces)
            if (trace->variable.ends_with("i_membrane_")) sum += trace->values[step];
        REQUIRE(std::abs(sum) < 1e-12);
    }
    auto const area = hillock::area(net.anatomy<TreeCell>(0).sections->at(1)(0.5));
    CHECK(net.get(0, "s1(0.5).i_membrane") ==
          doctest::Approx(net.get(0, "s1(0.5).i_membrane_") * 100 / area).epsilon(1e-14));
    CHECK(net.get(0, "synapses[1].i") ==
          doctest::Approx(net.get(0, "synapses[1].g") *
                          (net.get(0, tree.exp2syn[1].first.name() + ".v") + 80)));
}

TEST_CASE(
    "the extracellular potential is the sum over recorded currents, on ranks and threads the same bits") {
    auto const trees = read_trees();
    for (auto const source : {LfpSource::line, LfpSource::point}) {
        auto const lfp = electrodes(source);
        Network<TreeCell> net({.dt = dt});
        fill(net, trees);
        auto const record = net.record(lfp, net.cells(), pose_of);
        struct Recorded {
            extracellular::Wire wire;
            std::shared_ptr<Trace const> current;
        };
        std::vector<Recorded> all;
        for (Gid const gid : net.cells()) {
            auto const& sections = *net.anatomy<TreeCell>(gid).sections;
            Courses const courses(sections);
            for (auto const& end : ends_of(net.anatomy<TreeCell>(gid))) {
                auto const at = pose_of(gid).of(courses.at(end));
                all.push_back(
                    {{at, at, at, end.section->diam / 2}, net.probe(gid, end, "i_membrane_", {.every = 3})});
            }
            for (auto const& section : sections)
                for (auto const& s : segments(section)) {
                    auto const half = 0.5 / section.nseg;
                    auto const at = [&](double x) { return pose_of(gid).of(courses.at(section(x))); };
                    all.push_back({{at(s.x - half), at(s.x), at(s.x + half), section.diam / 2},
                                   net.probe(gid, s, "i_membrane_", {.every = 3})});
                }
        }
        net.run(3.45, quietly);  // to a step that is sampled
        net.run(2.55, quietly);
        REQUIRE(record->times.size() == 81);
        CHECK(record->times == all[0].current->times);
        double largest = 0, greatest = 0;
        for (std::size_t time = 0; time < record->times.size(); ++time)
            for (std::size_t e = 0; e < lfp.electrodes.size(); ++e) {
                double sum = 0;
                for (auto const& one : all)
                    sum += one.current->values[time] *
                           extracellular::potential(one.wire, lfp.electrodes[e], source, 0.3);
                largest = std::max(largest, std::abs(sum - record->at(time, e)));
                greatest = std::max(greatest, std::abs(sum));
            }
        CHECK(greatest > 1e-4);
        CHECK(largest < 1e-9 * greatest);

        auto const digest = net.digest();
        run_ranks(3, [&](ThreadExchange exchange) {
            Network<TreeCell> part(exchange, {.dt = dt});
            fill(part, trees);
            auto const same = part.record(lfp, part.cells(), pose_of);
            part.run(6, {.threads = 2, .progress = false});
            CHECK(same->times == record->times);
            CHECK(same->values == record->values);
            CHECK(part.digest() == digest);
        });
    }
}

TEST_CASE("a line source is the integral of point sources along it, and no nearer than the membrane") {
    extracellular::Wire const wire{{0, 0, 0}, {50, 0, 0}, {100, 0, 0}, 2};
    for (auto const& at :
         {Position{50, 30, 0}, Position{-40, 5, 3}, Position{300, 0, 4}, Position{20, 0, 2}}) {
        double sum = 0;
        constexpr int pieces = 100000;
        for (int k = 0; k < pieces; ++k)
            sum += 1 / (4 * std::numbers::pi * 0.3 * distance(at, Position{(k + 0.5) * 100 / pieces, 0, 0})) /
                   pieces;
        CHECK(extracellular::potential(wire, at, LfpSource::line, 0.3) == doctest::Approx(sum).epsilon(1e-7));
    }
    auto const on_axis = extracellular::potential(wire, {50, 0, 0}, LfpSource::line, 0.3);
    CHECK(on_axis == extracellular::potential(wire, {50, 2, 0}, LfpSource::line, 0.3));
    CHECK(extracellular::potential(wire, {50, 0, 1}, LfpSource::point, 0.3) ==
          doctest::Approx(1 / (4 * std::numbers::pi * 0.3 * 2)));
}

TEST_CASE(
    "a recording goes on from a snapshot, begins anew at a reset, and refuses electrodes that are nowhere") {
    auto const trees = read_trees();
    auto const lfp = electrodes(LfpSource::line);
    Network<TreeCell> net({.dt = dt}), other({.dt = dt});
    std::vector<std::shared_ptr<LfpRecord const>> records;
    std::vector<std::shared_ptr<Trace const>> currents;
    for (auto* each : {&net, &other}) {
        fill(*each, trees);
        records.push_back(each->record(lfp, each->cells(), pose_of));
        currents.push_back(each->probe(0, "s0(0.25).i_cap"));
    }
    net.run(3.2, quietly);
    auto const snapshot = net.save();
    net.run(1, quietly);
    auto const whole = *records[0];
    auto const cap = currents[0]->values;
    other.restore(snapshot);
    other.run(1, quietly);
    std::size_t const restored = records[1]->times.size();
    REQUIRE(restored > 10);
    CHECK(std::equal(records[1]->values.rbegin(), records[1]->values.rend(), whole.values.rbegin()));
    CHECK(std::equal(currents[1]->values.rbegin(), currents[1]->values.rend(), cap.rbegin()));
    net.restore(snapshot);
    net.run(1, quietly);
    CHECK(records[0]->values == whole.values);
    net.reset();
    CHECK(records[0]->times.empty());
    net.run(4.2, quietly);
    CHECK(records[0]->values == whole.values);

    // Cells of one shape that fill more than a vector: what all make is what some and the others make.
    Network<TreeCell> many({.dt = dt});
    auto const alike = many.add(20, TreeCell(trees[1]));
    many.stimulate(alike, trees[1].electrode);
    auto const of_all = many.record(lfp, alike, pose_of);
    auto const of_some = many.record(lfp, alike.slice(0, 3), pose_of);
    auto const of_others = many.record(lfp, alike.slice(3, 20), pose_of);
    many.run(2, quietly);
    for (std::size_t k = 0; k < of_all->values.size(); ++k)
        CHECK(of_all->values[k] == doctest::Approx(of_some->values[k] + of_others->values[k]));

    auto const refused = [&](Lfp const& bad) {
        return cells::complaint([&] { net.record(bad, net.cells(), pose_of); });
    };
    CHECK(refused({}) == "Lfp: no electrodes; give at least one");
    CHECK(refused({.electrodes = {{0, HUGE_VAL, 0}}}) == "Lfp: electrode at (0, inf, 0) um: must be finite");
    CHECK(refused({.electrodes = {{}}, .conductivity = 0}) ==
          "Lfp: conductivity 0 S/m: must be finite and positive");
    CHECK(refused({.electrodes = {{}}, .every = 0}) == "Lfp: every 0 steps: must be positive");
}

TEST_CASE("a potential outside is NEURON's e_extracellular, or currents along the axis; it can be removed") {
    Description line;
    line.sections = {{-1, 0, 20, 20, 1, 100, 1, 0.12, 0},
                     {0, 1, 300, 2, 9, 120, 1.2, 0.12, 2e-4},
                     {0, 0, 200, 1.5, 5, 90, 0.9, 0, 2e-4}};
    line.exp2syn.resize(2, {Place{0, 0.5}, Exp2Syn{.tau1 = 1, .tau2 = 2, .e = 0}});
    line.expsyn.resize(2, {Place{0, 0.5}, ExpSyn{.tau = 1, .e = 0}});
    auto const along = [](Gid gid, Position p) {
        return gid == 2 ? 0 : 40 * (1 - std::exp(-p.x / 300)) - 0.05 * p.x;
    };
    ExtracellularField const field{
        .potential = along, .times = {0, 2, 4, 9, 9, 10}, .values = {0, 0, 1, 1, 0, 0}};
    std::ifstream file("reference/data/extracellular.csv");
    REQUIRE(file);
    std::vector<std::array<double, 4>> rows;
    std::string text;
    std::getline(file, text);
    for (std::array<double, 4> row{}; std::getline(file, text); rows.push_back(row)) {
        std::replace(text.begin(), text.end(), ',', ' ');
        std::istringstream words(text);
        for (auto& number : row) words >> number;
        REQUIRE(words);
    }
    REQUIRE(rows.size() == 81);
    for (auto const lanes : {Lanes::across_cells, Lanes::along_cell}) {
        Network<TreeCell> net({.dt = dt, .lanes = lanes});
        net.add(3, TreeCell(line));
        auto const whole = net.stimulate({0, 3}, field);
        std::vector<std::shared_ptr<Trace const>> traces;
        for (auto const* name : {"s0(0.5).v", "s1(0.9).v", "s2(0.5).v"}) traces.push_back(net.probe(0, name));
        net.run(20, {.threads = 2, .progress = false});
        double largest = 0;
        for (std::size_t row = 0; row < rows.size(); ++row)
            for (std::size_t k = 0; k < 3; ++k)
                largest = std::max(largest, std::abs(traces[k]->values[10 * row] - rows[row][k + 1]));
        CHECK(largest < 1e-6);
        CHECK(net.get(1, "s1(0.9).v") == net.get(0, "s1(0.9).v"));
        CHECK(net.get(2, "s1(0.9).v") != net.get(0, "s1(0.9).v"));

        // In two halves, of which a copy of the network and a reset one do the same.
        auto const v = net.get(0, "s1(0.9).v"), rest = net.get(2, "s1(0.9).v");
        net.remove(whole);
        for (int half = 0; half < 2; ++half)
            net.stimulate(0, ExtracellularField{.potential = [&](Gid, Position p) { return along(0, p) / 2; },
                                                .times = field.times,
                                                .values = field.values});
        net.reset();
        net.run(3, quietly);
        auto copy = net;
        for (auto* each : {&net, &copy}) {
            each->run(17, quietly);
            CHECK(each->get(0, "s1(0.9).v") == doctest::Approx(v).epsilon(1e-11));
            CHECK(each->get(1, "s1(0.9).v") == rest);
        }
    }

    Network<TreeCell> net({.dt = dt});
    net.add(1, TreeCell(line));
    CHECK(cells::complaint([&] { net.stimulate(0, ExtracellularField{}); }) ==
          "ExtracellularField: there is no potential");
    CHECK(cells::complaint([&] {
              net.stimulate(0, ExtracellularField{.potential = along, .times = {0, 1}, .values = {1}});
          }) == "ExtracellularField: 2 times and 1 values: must be one value for each time");
    CHECK(cells::complaint([&] {
              net.stimulate(
                  0, ExtracellularField{.potential = [](Gid, Position p) { return p.x > 20 ? NAN : 0; },
                                        .times = {0},
                                        .values = {1}});
          }).find("mV at (36.6") != std::string::npos);
    net.run(1, quietly);
}

TEST_CASE("a variant of a sweep is the cell alone; its features are those of its spikes and recorded V") {
    auto const tree = read_trees().at(5);
    auto const variants = random_draws(
        18, {{"s0.HodgkinHuxley.gnabar", Uniform{0.05, 0.5}}, {"Passive.g", Uniform{1e-5, 1e-4}}});
    SweepOptions const options{.currents = {{.delay = 1, .dur = 25, .amp = 3, .where = "s0(0.5)"}},
                               .duration = 20,
                               .from = 2,
                               .network = {.dt = dt},
                               .threads = 2};
    auto const table = sweep(TreeCell(tree), variants, options);
    REQUIRE(table.features.size() == 18);
    std::size_t with_intervals = 0, silent = 0;
    for (std::size_t const variant : {0, 1, 2, 15, 16, 17}) {  // the last two in a second batch, of 16 cells
        Network<TreeCell> alone({.dt = dt});
        alone.add(1, TreeCell(tree));
        for (std::size_t k = 0; k < 2; ++k) alone.set(0, variants.names[k], variants.values[variant][k]);
        alone.stimulate(0, options.currents[0]);
        auto const v = alone.probe(0, "v");
        std::vector<double> spikes;
        for (auto const& spike : alone.run(20, quietly))
            if (spike.time >= 2) spikes.push_back(spike.time);
        double sum = 0, trough = HUGE_VAL, count = 0;
        for (std::size_t k = 0; k < v->times.size(); ++k)
            if (v->times[k] > 2 - dt / 2)
                sum += v->values[k], trough = std::min(trough, v->values[k]), ++count;
        auto const& found = table.features[variant];
        CHECK(count == 721);
        CHECK(found.mean == sum / count);
        CHECK(found.trough == trough);
        CHECK(found.spikes == static_cast<double>(spikes.size()));
        CHECK(found.rate == doctest::Approx(static_cast<double>(spikes.size()) / 0.018));
        if (!spikes.empty()) CHECK(found.latency == doctest::Approx(spikes[0] - 2));
        if (spikes.size() > 1) CHECK(found.first_interval == doctest::Approx(spikes[1] - spikes[0]));
        CHECK(std::isnan(found.latency) == spikes.empty());
        CHECK(std::isnan(found.first_interval) == (spikes.size() < 2));
        with_intervals += spikes.size() > 1;
        silent += spikes.empty();
    }
    CHECK(with_intervals > 0);
    CHECK(silent > 0);

    auto const refused = [&](Variants const& bad, SweepOptions const& o = {}) {
        return cells::complaint([&] { sweep(TreeCell(tree), bad, o); });
    };
    CHECK(refused(grid({{"Passive.g", {1e-4}}, {"gnax", {0.1}}})).find("TreeCell has no 'gnax'; it has ") !=
          std::string::npos);
    CHECK(refused({}) == "sweep: there is no variant");
    CHECK(refused({{"g"}, {{1e-4}, {}}}) == "sweep: variant 1 has 0 values for 1 names");
    CHECK(refused({{"g"}, {{1e-4}, {HUGE_VAL}}}) == "sweep: variant 1: g = inf: must be finite");
    CHECK(refused({{"g"}, {{1e-4}}}, {.duration = 5, .from = 5}) ==
          "sweep: features from 5 ms of 5 ms: the first must not be negative, the second larger");
}

TEST_CASE("a variant of a network's sweep is the network alone; its features are those of all its cells") {
    using Trees = Network<TreeCell>;
    auto const tree = read_trees().at(5);
    auto const make = [&](Trees& net, VariantValues const& value) {
        auto const cells = net.add(2, TreeCell(tree));
        ConnectionList list;
        list.add({.source = cells[0], .target = cells[1], .weight = value("weight"), .delay = 1});
        net.connect(list);
        net.set(cells, "s0.HodgkinHuxley.gnabar", value("gnabar"));
        net.stimulate(cells.first(1), IClamp{.delay = 1, .dur = 25, .amp = 3, .where = "s0(0.5)"});
    };
    auto const variants = grid({{"weight", {0, 0.5}}, {"gnabar", {0.05, 0.2, 0.5}}});
    SweepOptions const options{.duration = 20, .from = 2, .network = {.dt = dt}};
    auto const table = sweep<Trees>(variants, make, options);
    REQUIRE(table.features.size() == 6);
    for (std::size_t const variant : {0, 2, 5}) {
        Trees alone({.dt = dt});
        make(alone, VariantValues(variants, variant));
        std::vector<std::shared_ptr<Trace const>> const v{alone.probe(0, "v"), alone.probe(1, "v")};
        std::vector<double> spikes;
        for (auto const& spike : alone.run(20, quietly))
            if (spike.time >= 2) spikes.push_back(spike.time);
        double sum = 0, trough = HUGE_VAL;
        for (auto k = v[0]->times.size() - 721; k < v[0]->times.size(); ++k)
            for (auto const& trace : v) sum += trace->values[k], trough = std::min(trough, trace->values[k]);
        auto const& found = table.features[variant];
        CHECK(found.mean == sum / 1442);
        CHECK(found.trough == trough);
        CHECK(found.spikes == static_cast<double>(spikes.size()));
        CHECK(found.rate == doctest::Approx(static_cast<double>(spikes.size()) / 2 / 0.018));
        if (!spikes.empty()) CHECK(found.latency == doctest::Approx(spikes[0] - 2));
    }
    CHECK(table.features[5].spikes > table.features[2].spikes);  // the second cell spikes, too
    CHECK(cells::complaint([&] {
              sweep<Trees>(grid({{"weight", {0}}}), make, options);
          }) == "sweep, variants 0 to 0: sweep: variants have no 'gnabar'; they have weight");
    CHECK(cells::complaint([&] { sweep<Trees>(variants, [](Trees&, VariantValues const&) {}); }) ==
          "sweep, variants 0 to 0: sweep: variant 0 has no cells");
}

}  // namespace trees_tests
