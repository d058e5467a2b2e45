// SPDX-License-Identifier: MIT

/// Cells by the Template Method: the order of the steps, what may be replaced, what is refused, how they
/// print.

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/model/cell.hpp>
#include <hillock/model/channel/connor_stevens.hpp>
#include <hillock/model/channel/hodgkin_huxley.hpp>
#include <hillock/model/channel/kv3.hpp>
#include <hillock/model/channel/passive.hpp>
#include <hillock/model/psection.hpp>
#include <hillock/model/synapse/alphasyn.hpp>
#include <hillock/model/synapse/exp2syn.hpp>
#include <hillock/model/synapse/expcurrent.hpp>
#include <hillock/model/synapse/expsyn.hpp>

namespace cell_tests {

using namespace hillock;

namespace {

constexpr double NaN = std::numeric_limits<double>::quiet_NaN();

/// Writes down which step was called.
struct Journal : Cell<Journal> {
    static inline std::vector<std::string> steps;
    Section soma{"soma"};

    auto create_sections() {
        steps.emplace_back("create_sections");
        return sections(soma);
    }
    void build_topology() { steps.emplace_back("build_topology"); }
    void build_subsets() { steps.emplace_back("build_subsets"); }
    void define_geometry() {
        steps.emplace_back("define_geometry");
        soma.L = soma.diam = 15;
    }
    auto define_biophysics() {
        steps.emplace_back("define_biophysics");
        return biophysics(insert(soma, Passive{.g = 1e-4, .e = -65}));
    }
    auto create_synapses() {
        steps.emplace_back("create_synapses");
        return synapses(place(Exp2Syn{.tau1 = 0.1, .tau2 = 2}, soma(0.5)),
                        place(Exp2Syn{.e = -75}, soma(0.25)));
    }
};

/// Replaces a step and adds those that a cell may have.
struct Derived : Journal {
    auto create_synapses() {
        return synapses(place(ExpSyn{.tau = 3}, soma(0.5)), place(ExpCurrent{}, soma(0.5)),
                        place(AlphaSyn{}, soma(0.5)));
    }
    auto create_stimuli() {
        return stimuli(stimulus(NetStim{.interval = 3}, {.synapse = 1, .weight = 2e-3}));
    }
    SpikeSource spike_source() { return {soma(0.75), -20}; }
};
struct DerivedAgain : Derived {
    void define_geometry() {
        soma.L = 30;
        soma.diam = 20;
    }
    auto define_biophysics() {
        return biophysics(insert(soma, Tabulated<ConnorStevens>{}), insert(soma, Passive{}));
    }
};

/// The root is not the first of its sections.
struct RootLast : Cell<RootLast> {
    Section dend{"dend"}, soma{"soma"};

    auto create_sections() { return sections(dend, soma); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {}
    auto define_biophysics() { return biophysics(insert(soma, Passive{})); }
    auto create_synapses() { return synapses(); }
};

/// A cell of two sections in which a test changes one thing.
struct Plan {
    double L = 15, diam = 15, Ra = 100, cm = 1, x = 0.5, source_x = 0.5, threshold = 10;
    int nseg = 1;
    Passive passive{};
    Exp2Syn synapse{};
    NetStim netstim{};
    bool forget = false;
};
struct Planned : Cell<Planned> {
    static inline Plan plan;
    Section soma{"soma"}, dend{"dend"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {
        soma.L = plan.L;
        soma.diam = plan.diam;
        soma.Ra = plan.Ra;
        soma.cm = plan.cm;
        soma.nseg = plan.nseg;
    }
    auto define_biophysics() { return biophysics(insert(plan.forget ? dend : soma, plan.passive)); }
    auto create_synapses() { return synapses(place(plan.synapse, soma(plan.x))); }
    auto create_stimuli() { return stimuli(stimulus(plan.netstim, {})); }
    SpikeSource spike_source() { return {soma(plan.source_x), plan.threshold}; }
};

std::string complaint(auto const& cell) {
    try {
        (void)assemble(cell);
    } catch (Error const& error) {
        return error.what();
    }
    return "(no complaint)";
}
std::string complaint(Plan const& plan) {
    Planned::plan = plan;
    return complaint(Planned{});
}

/// A soma and two dendrites of which something is not as it should be.
struct Mistaken : Cell<Mistaken> {
    Section soma{"soma"}, dend{"dend"}, twig{"twig"}, stranger{"stranger"};
    Subset passive, also_passive;
    Segment synapse_at;
    std::function<void(Mistaken&)> mistake = [](Mistaken&) {
    };  // made when all else is done but for the channels
    std::function<void(Mistaken&, std::vector<Section*>&)> created = [](Mistaken&, std::vector<Section*>&) {};

    Mistaken() = default;
    explicit Mistaken(std::function<void(Mistaken&)> m) : mistake{std::move(m)} {}

    auto create_sections() {
        std::vector<Section*> all{&soma, &dend, &twig};
        created(*this, all);
        return all;
    }
    void build_topology() {
        dend.connect(soma(1));
        twig.connect(dend(0.5));
    }
    void build_subsets() {
        passive = {dend, twig};
        also_passive = {soma};
        synapse_at = twig(1);
        mistake(*this);
    }
    void define_geometry() {}
    auto define_biophysics() {
        return biophysics(insert(soma, HodgkinHuxley{}), insert(passive, Passive{.e = -65}),
                          insert(also_passive, Passive{.g = 1e-4}));
    }
    auto create_synapses() { return synapses(place(ExpSyn{}, synapse_at)); }
};

/// Connects in its constructor, so that a copy is connected to the original.
struct Hasty : Mistaken {
    Hasty() { dend.connect(soma(1)); }
    void build_topology() { twig.connect(dend(0.5)); }
};
/// Makes a subset there.
struct HastyToo : Mistaken {
    HastyToo() { passive = {dend, twig}; }
    void build_subsets() {
        also_passive = {soma};
        synapse_at = twig(1);
    }
};

/// Has an ion.
struct Ionic : Mistaken {
    using Mistaken::Mistaken;
    auto define_biophysics() { return biophysics(insert(soma, Kv3{})); }
};

/// Brings stimuli of every kind.
struct Stimulated : Mistaken {
    auto create_stimuli() {
        return stimuli(stimulus(NetStim{.interval = 3, .noise = 1, .start = 2, .duration = 20},
                                {.synapse = 0, .weight = 1e-3, .delay = 0.5}),
                       stimulus(NetStim{.number = 5, .stream = 2}, {.synapse = 0, .weight = 2e-3}),
                       stimulus(SpikeTimes{{7, 3, 5}}, {.synapse = 0, .weight = 4e-3}),
                       stimulus(IClamp{.delay = 5, .dur = 1, .amp = 0.1, .where = "dend(0.3)"}, {}),
                       stimulus(IClamp{.dur = 2, .amp = -0.5}, {}),
                       stimulus(Poisson{.rate = 9, .stream = 1}, {.synapse = 0, .weight = 8e-3}),
                       stimulus(CurrentTrace{{0, 1}, {0, 0.1}, true, "dend(0.3)"}),
                       stimulus(OrnsteinUhlenbeck{.sd = 0.25, .tau = 4}));
    }
};

}  // namespace

TEST_CASE("the steps are taken once each, in their order") {
    Journal::steps.clear();
    auto const cell = assemble<Journal>();
    CHECK(Journal::steps == std::vector<std::string>{"create_sections", "build_topology", "build_subsets",
                                                     "define_geometry", "define_biophysics",
                                                     "create_synapses"});
    CHECK(cell.sections->size() == 1);
    CHECK(cell.sections->front().L == 15);
    CHECK(cell.synlist[0].e == 0);
    CHECK(cell.synlist[1].e == -75);
    CHECK(cell.synlist[0].tau2 == 2);
    CHECK(cell.synlist[1].tau2 == 10);
    CHECK(cell.synlist[1].where.x == 0.25);
    CHECK(std::get<0>(cell.biophysics).mechanism.g == 1e-4);
    CHECK(std::tuple_size_v<decltype(cell.stimuli)> == 0);
}

TEST_CASE("everything of an assembled cell points to its own sections, which live as long as it does") {
    auto const cell = assemble<Journal>();
    auto const* soma = &cell.sections->front();
    CHECK(std::get<0>(cell.biophysics).sections == std::vector{soma});
    CHECK(cell.synlist[1].where.section == soma);
    CHECK(cell.source.where.section == soma);
    auto const copy = cell;
    CHECK(copy.synlist[0].where.section == soma);
}

TEST_CASE(
    "spikes are read in the middle of the first section at 10 mV, unless the cell type says otherwise") {
    CHECK(assemble<Journal>().source.where.x == 0.5);
    CHECK(assemble<Journal>().source.threshold == 10);
    CHECK(assemble<Derived>().source.where.x == 0.75);
    CHECK(assemble<Derived>().source.threshold == -20);
}

TEST_CASE("a cell type derived from another replaces and adds steps") {
    Journal::steps.clear();
    auto const cell = assemble<DerivedAgain>();
    CHECK(Journal::steps == std::vector<std::string>{"create_sections", "build_topology", "build_subsets"});
    CHECK(cell.sections->front().L == 30);
    CHECK(std::get<0>(cell.synlist).tau == 3);
    CHECK(std::get<0>(cell.stimuli).source.interval == 3);
    CHECK(std::get<0>(cell.stimuli).target.synapse == 1);
    CHECK(std::get<0>(cell.stimuli).target.weight == 2e-3);
    CHECK(assemble<Derived>().sections->front().L == 15);
}

TEST_CASE("the root is the section without a parent, in whatever order they are listed") {
    auto const cell = assemble(RootLast{});
    CHECK(cell.root().name == "soma");
    CHECK(cell.source.where.section == &cell.root());
}

TEST_CASE("a cell object changed by hand is assembled as it is") {
    Derived cell;
    cell.soma.cm = 2;
    CHECK(assemble(cell).sections->front().cm == 2);
}

TEST_CASE("psection shows sections, mechanisms, synapses, with every parameter and its unit") {
    CHECK(psection(assemble<Journal>()) == "soma: L=15 um, diam=15 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
                                           "  Passive: g=0.0001 S/cm2, e=-65 mV\n"
                                           "  synapse 0 at 0.5, Exp2Syn: tau1=0.1 ms, tau2=2 ms, e=0 mV\n"
                                           "  synapse 1 at 0.25, Exp2Syn: tau1=0.1 ms, tau2=10 ms, e=-75 mV\n"
                                           "  spikes read at 0.5, threshold 10 mV\n");
    CHECK(psection(assemble<DerivedAgain>()) ==
          "soma: L=30 um, diam=20 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
          "  ConnorStevens (rates tabulated at 201 points from -100 to 100 mV): gnabar=0.12 S/cm2, "
          "gkbar=0.02 S/cm2, gabar=0.0477 S/cm2, "
          "gl=0.0003 S/cm2, ena=50 mV, ek=-77 mV, el=-70 mV, ashift=3 mV\n"
          "  Passive: g=0.001 S/cm2, e=-70 mV\n"
          "  synapse 0 at 0.5, ExpSyn: tau=3 ms, e=0 mV\n"
          "  synapse 1 at 0.5, ExpCurrent: tau=2 ms\n"
          "  synapse 2 at 0.5, AlphaSyn: tau=0.1 ms, e=0 mV\n"
          "  stimulus of synapse 1, NetStim: interval=3 ms, noise=0, start=50 ms, number=10, stream=0; "
          "weight=0.002, delay=1 ms\n"
          "  spikes read at 0.75, threshold -20 mV\n");
}

TEST_CASE("psection shows what drives each cell of a type") {
    CHECK(psection(assemble<Stimulated>()) ==
          "soma: L=100 um, diam=500 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
          "  HodgkinHuxley: gnabar=0.12 S/cm2, gkbar=0.036 S/cm2, gl=0.0003 S/cm2, ena=50 mV, ek=-77 mV, "
          "el=-54.3 mV, celsius=6.3 degC\n"
          "  Passive: g=0.0001 S/cm2, e=-70 mV\n"
          "  stimulus at 0.5, IClamp: delay=0 ms, dur=2 ms, amp=-0.5 nA\n"
          "  stimulus at 0.5, OrnsteinUhlenbeck: mean=0 nA, sd=0.25 nA, tau=4 ms, start=0 ms, "
          "duration=inf ms, stream=0\n"
          "  spikes read at 0.5, threshold 10 mV\n"
          "dend: L=100 um, diam=500 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
          "  connected to soma(1)\n"
          "  Passive: g=0.001 S/cm2, e=-65 mV\n"
          "  stimulus at 0.3, IClamp: delay=5 ms, dur=1 ms, amp=0.1 nA\n"
          "  stimulus at 0.3, CurrentTrace: 2 points, stepped\n"
          "twig: L=100 um, diam=500 um, nseg=1, Ra=35.4 ohm cm, cm=1 uF/cm2\n"
          "  connected to dend(0.5)\n"
          "  Passive: g=0.001 S/cm2, e=-65 mV\n"
          "  synapse 0 at 1, ExpSyn: tau=0.1 ms, e=0 mV\n"
          "  stimulus of synapse 0, NetStim: interval=3 ms, noise=1, start=2 ms, duration=20 ms, stream=0; "
          "weight=0.001, delay=0.5 ms\n"
          "  stimulus of synapse 0, NetStim: interval=10 ms, noise=0, start=50 ms, number=5, stream=2; "
          "weight=0.002, delay=1 ms\n"
          "  stimulus of synapse 0, SpikeTimes: 3 from 3 to 7 ms; weight=0.004, delay=1 ms\n"
          "  stimulus of synapse 0, Poisson: rate=9 spikes/s, start=0 ms, duration=inf ms, stream=1; "
          "weight=0.008, delay=1 ms\n");
}

TEST_CASE("defaults and areas of sections are NEURON's") {
    Section const section{"dend"};
    CHECK(section.L == 100);
    CHECK(section.diam == 500);
    CHECK(section.nseg == 1);
    CHECK(section.Ra == 35.4);
    CHECK(section.cm == 1);
    Section const cable{.name = "cable", .L = 200, .diam = 2, .nseg = 5};
    CHECK(cable.segment_area() == doctest::Approx(251.32741228718345));
    CHECK(units::density_per_point(50) == 2);
    CHECK(units::capacitive_conductance(2, 0.025) == doctest::Approx(0.08));
}

TEST_CASE("values that are not allowed") {
    CHECK(complaint({}) == "(no complaint)");
    CHECK(complaint({.L = 0}) == "section soma: L = 0 um: must be between 1e-9 and 1e9");
    CHECK(complaint({.L = NaN}) == "section soma: L = nan um: must be between 1e-9 and 1e9");
    CHECK(complaint({.diam = -1}) == "section soma: diam = -1 um: must be between 1e-9 and 1e9");
    CHECK(complaint({.Ra = 0}) == "section soma: Ra = 0 ohm cm: must be between 1e-9 and 1e9");
    CHECK(complaint({.Ra = 1e-300}) == "section soma: Ra = 1e-300 ohm cm: must be between 1e-9 and 1e9");
    CHECK(complaint({.cm = -1}) == "section soma: cm = -1 uF/cm2: must be between 1e-9 and 1e9");
    CHECK(complaint({.nseg = 0}) == "section soma: nseg = 0: must be between 1 and 32767");
    CHECK(complaint({.nseg = 40000}) == "section soma: nseg = 40000: must be between 1 and 32767");
    CHECK(complaint({.x = 1.1}) == "soma(1.1): x must be between 0 and 1");
    CHECK(complaint({.x = -0.1}) == "soma(-0.1): x must be between 0 and 1");
    CHECK(complaint({.x = NaN}) == "soma(nan): x must be between 0 and 1");
    CHECK(complaint({.source_x = 2}) == "soma(2): x must be between 0 and 1");
    CHECK(complaint({.threshold = NaN}) == "spike threshold nan mV: must be finite");
    CHECK(complaint({.passive = {.g = -1e-3}}) ==
          "Passive.g = -0.001 S/cm2: must be finite and not negative");
    CHECK(complaint({.passive = {.g = 0}}) == "(no complaint)");
    CHECK(complaint({.passive = {.e = NaN}}) == "Passive.e = nan mV: must be finite");
    CHECK(complaint({.synapse = {.tau1 = NaN}}) == "Exp2Syn.tau1 = nan ms: must be finite and positive");
    CHECK(complaint({.synapse = {.tau1 = -0.1}}) == "Exp2Syn.tau1 = -0.1 ms: must be finite and positive");
    CHECK(complaint({.synapse = {.tau2 = 0}}) == "Exp2Syn.tau2 = 0 ms: must be finite and positive");
    CHECK(complaint({.synapse = {.e = std::numeric_limits<double>::infinity()}}) ==
          "Exp2Syn.e = inf mV: must be finite");
    CHECK(complaint({.netstim = {.interval = -3}}) ==
          "NetStim.interval = -3 ms: must be finite and at least 1e-6");
    CHECK(complaint({.netstim = {.start = -1}}) == "NetStim.start = -1 ms: must be finite and not negative");
    CHECK(complaint({.forget = true}) ==
          "Passive: section 'dend' is used but create_sections() does not return it");
}

TEST_CASE("a channel is in a section once") {
    CHECK(complaint(Mistaken()) == "(no complaint)");
    CHECK(complaint(Mistaken([](auto& m) {
              m.passive = {m.dend, m.twig, m.dend};
          })) ==
          "section dend: Passive is inserted twice; a section has it once, also where subsets overlap");
    CHECK(complaint(Mistaken([](auto& m) { m.also_passive.add(m.twig); })) ==
          "section twig: Passive is inserted twice; a section has it once, also where subsets overlap");
}

TEST_CASE("sections that are not the cell's, or not yet") {
    std::string const elsewhere = ": a section is used that create_sections() does not return. connect() "
                                  "belongs in build_topology(), subsets in build_subsets(): made in "
                                  "a constructor they refer to the cell of which this one is a copy";
    CHECK(complaint(Hasty()) == "parent of section dend" + elsewhere);
    CHECK(complaint(HastyToo()) == "Passive" + elsewhere);
    CHECK(complaint(Mistaken([](auto& m) { m.twig.connect(m.stranger(1)); })) ==
          "parent of section twig: section 'stranger' is used but create_sections() does not return it");
    CHECK(complaint(Mistaken([](auto& m) { m.synapse_at = m.stranger(1); })) ==
          "synapse 0: section 'stranger' is used but create_sections() does not return it");
    CHECK(complaint(Mistaken([](auto& m) { m.synapse_at = {}; })) ==
          "synapse 0: a place without a section; places are written as soma(0.5)");
    auto const created = [](auto change) {
        Mistaken m;
        m.created = change;
        return complaint(m);
    };
    CHECK(created([](auto&, auto& all) { all.push_back(nullptr); }) ==
          "create_sections(): the section at index 3 is a null pointer");
    CHECK(created([](auto& m, auto& all) { all.push_back(&m.dend); }) ==
          "create_sections(): section dend is returned twice");
    CHECK(created([](auto&, auto& all) { all.clear(); }) ==
          "create_sections(): a cell needs at least one section");
}

TEST_CASE("names of sections") {
    auto const called = [](std::string const& name) {
        return complaint(Mistaken([name](auto& m) { m.dend.name = name; }));
    };
    CHECK(called("ik") == "(no complaint)");
    CHECK(complaint(Ionic([](auto& m) { m.dend.name = "ik"; })) ==
          "section ik: 'ik' is a variable or mechanism of the cell; the section needs another name");
    for (auto const* name : {"v", "v_init", "celsius", "i", "gnabar", "m", "HodgkinHuxley", "Passive",
                             "synapses[0]", "tau", "g"})
        CHECK(called(name) ==
              fmt::format(
                  "section {}: '{}' is a variable or mechanism of the cell; the section needs another name",
                  name, name));
    for (auto const* name : {"dend.v", "dend(0.5)", "(", "a)"})
        CHECK(called(name) == fmt::format("section {}: a name must be without dots and parentheses, which "
                                          "separate it from x and from a variable",
                                          name));
    for (auto const* name : {"V", "dend[0]", "synapses[1]", "apical dendrite", ""})
        CHECK(called(name) == "(no complaint)");
    CHECK(called("twig") == "section twig: there are two of this name");
    std::vector<Section> const nameless(1);
    CHECK(SectionNames(nameless).find("") == nullptr);
    CHECK(SectionNames(nameless).nameless() == &nameless[0]);
    CHECK(complaint(Mistaken([](auto& m) { m.dend.name = m.twig.name = ""; })) ==
          "two sections have no name; places are found by the names of sections: hk::Section dend{\"dend\"}");
    CHECK(complaint(Mistaken([](auto& m) {
              m.dend.name = "";
              m.dend.L = -1;
          })) == "section (unnamed): L = -1 um: must be between 1e-9 and 1e9");
}

TEST_CASE(
    "Exp2Syn: the rise is kept between 1e-9 and 0.9999 of the decay, and one event peaks at its weight") {
    auto const prepared = [](double tau1, double tau2) {
        Exp2Syn s{.tau1 = tau1, .tau2 = tau2};
        prepare(s, 0.025);
        return s;
    };
    for (double tau1 : {2., 5., 1.9999}) {
        auto const s = prepared(tau1, 2), limit = prepared(1.9998, 2);
        CHECK(s.course.factor == limit.course.factor);
        CHECK(s.course.decay1 == limit.course.decay1);
        CHECK(s.course.decay2 == std::exp(-0.025 / 2));
        CHECK(std::isfinite(s.course.factor));
    }
    CHECK(prepared(1e-12, 2).course.decay1 == prepared(2e-9, 2).course.decay1);
    CHECK(prepared(1e-12, 2).course.factor == doctest::Approx(1).epsilon(1e-6));
    auto const s = prepared(0.1, 2);
    auto const peak = 0.1 * 2 / 1.9 * std::log(20.);
    CHECK(s.course.factor * (std::exp(-peak / 2) - std::exp(-peak / 0.1)) ==
          doctest::Approx(1).epsilon(1e-14));
}

}  // namespace cell_tests
