// SPDX-License-Identifier: MIT

/// A cell of mechanisms that hillock-nmodl has made from the `.mod` files of this folder, beside the same
/// cell in NEURON 8.2.2 (mod_files.csv, by make_mod_files.py): sodium with q10, calcium of constant field by
/// TABLE, a pool with a nonlinear pump, a kinetic scheme with calcium, potassium by a TABLE made for a
/// temperature, a synapse with memory. Another cell has FUNCTION_TABLEs (tables.csv, by make_tables.py).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "../cells.hpp"
#include "beside_neuron.hpp"
#include "testca.hpp"
#include "testcad.hpp"
#include "testkca.hpp"
#include "testkv.hpp"
#include "testna.hpp"
#include "testsyn.hpp"
#include "testtable.hpp"

using namespace hillock;

namespace {

struct ModCell : Cell<ModCell> {
    Section soma{"soma"};

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        return biophysics(insert(soma, Passive{.g = 1e-4, .e = -65}), insert(soma, mod::testca{}),
                          insert(soma, mod::testcad{}), insert(soma, mod::testkca{}),
                          insert(soma, mod::testkv{}), insert(soma, mod::testna{}));
    }
    auto create_synapses() { return synapses(place(mod::testsyn{}, soma(0.5))); }
};

/// V and the calcium of a cell at 34 degC, beside one at 20 degC if there are two.
beside_neuron::Traces traces(std::size_t cells) {
    Network<ModCell> net({.dt = 0.025});
    auto const all = net.add<ModCell>(cells);
    net.set(all, "celsius", 20);
    net.set(0, "celsius", 34);
    net.stimulate(all, IClamp{.delay = 5, .dur = 60, .amp = 0.5});
    net.stimulate(all, SpikeTimes{{70, 80, 85, 110}}, {.synapse = 0, .weight = 4e-3, .delay = 0});
    auto const v = net.probe(0, "v"), cai = net.probe(0, "cai");
    net.run(150, {.progress = false});
    return {v->values, cai->values};
}

/// The tables of make_tables.py, with another first value of tau.
mod::testtable tables(double first_tau = 12) {
    std::vector<double> ninf;
    for (int k = 0; k < 25; ++k) ninf.push_back(1 / (1 + std::exp(-(-90 + 5 * k + 35) / 7.)));
    return {.ninf = FunctionTable(-90, 30, ninf),
            .ntau = FunctionTable({-80, -55, -40, -10, 20}, {first_tau, 9, 5.5, 2, 0.7}),
            .factor =
                FunctionTable({-70, -30, 0}, {5e-5, 2e-4, 1e-3}, {0.2, 0.5, 1, 0.3, 0.8, 1.5, 0.5, 1, 2.5})};
}

struct TableCell : Cell<TableCell> {
    mod::testtable potassium = tables();
    Section soma{"soma"};

    TableCell() = default;
    explicit TableCell(mod::testtable const& given) : potassium{given} {}

    auto create_sections() { return sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 20; }
    auto define_biophysics() {
        return biophysics(insert(soma, Passive{.g = 1e-4, .e = -65}), insert(soma, mod::testca{}),
                          insert(soma, mod::testcad{}), insert(soma, potassium));
    }
    auto create_synapses() { return synapses(); }
};

/// V, and n of the first cell of a prototype, of so many cells.
template <class Net>
beside_neuron::Traces table_traces(std::size_t cells) {
    Net net({.dt = 0.025});
    auto const all = net.add(cells, TableCell{});
    net.set(all, "celsius", 34);
    net.stimulate(all, IClamp{.delay = 5, .dur = 60, .amp = 0.3});
    auto const v = net.probe(0, "v"), n = net.probe(0, "testtable.n");
    net.run(100, {.progress = false});
    return {v->values, n->values};
}

}  // namespace

TEST_CASE("a cell of translated mod files follows NEURON, whatever the temperature of others") {
    auto const found = traces(1);
    CHECK(traces(2)[0] == found[0]);  // tables that the cells do not share have the same bits
    auto const differs = beside_neuron::difference(found, "nmodl/mod_files.csv");
    CHECK(differs.rows == 301);
    CHECK(differs.most[0] < 1e-7);   // mV
    CHECK(differs.most[1] < 1e-11);  // mM, of up to 5e-3; NEURON's own solution is 1e-10 off
}

TEST_CASE("a lane takes Newton's steps as if it were alone") {
    using Lane = simd::Lane<double, simd::kernel<simd::native>>;
    // x' = -x^2 + y, y' = x - y^3, from near their rest and from far away: 1 to 7 steps.
    auto const step = [](auto from) {
        using T = decltype(from);
        auto const slopes = [](std::array<T, 2> const& x) {
            return std::array{x[1] - x[0] * x[0], x[0] - x[1] * x[1] * x[1]};
        };
        return std::array{implicit_euler(std::array{from, T(1)}, 0.5, slopes)[0],
                          implicit_euler_kinetic(std::array{from, T(1)}, 0.5, slopes)[0]};
    };
    alignas(64) std::array<double, Lane::width> from, by_root, by_kinetic;
    for (std::size_t k = 0; k < Lane::width; ++k) from[k] = 1 + std::pow(10., static_cast<double>(k) - 6);
    auto const together = step(Lane::load(from.data()));
    together[0].store(by_root.data());
    together[1].store(by_kinetic.data());
    for (std::size_t k = 0; k < Lane::width; ++k) {
        CHECK(by_root[k] == step(from[k])[0]);
        CHECK(by_kinetic[k] == step(from[k])[1]);
    }
}

TEST_CASE("tables that the user gives follow NEURON, and lanes are scalars") {
    auto const found = table_traces<Network<TableCell>>(1);
    CHECK(table_traces<Network<TableCell>>(13) == found);
    CHECK(table_traces<ScalarNetwork<TableCell>>(1) == found);
    auto const differs = beside_neuron::difference(found, "nmodl/tables.csv");
    CHECK(differs.rows == 201);
    CHECK(differs.most[0] < 1e-8);  // mV
    CHECK(differs.most[1] < 1e-10);
    auto const single = table_traces<SingleNetwork<TableCell>>(1);
    double most = 0;
    for (std::size_t k = 0; k < found[0].size(); ++k)
        most = std::max(most, std::abs(single[0][k] - found[0][k]));
    CHECK(most < 0.1);  // mV
}

TEST_CASE("cells with equal tables are one population, others are another") {
    Network<TableCell> net({.dt = 0.025});
    net.add(2, TableCell{tables()});
    net.add(2, TableCell{tables(14)});
    net.add(2, TableCell{tables()});
    CHECK(&net.anatomy<TableCell>(0) != &net.anatomy<TableCell>(2));
    CHECK(&net.anatomy<TableCell>(0) == &net.anatomy<TableCell>(5));
    CHECK(net.get(2, "testtable.ntau") == tables(14).ntau);
    net.set(3, "testtable.ntau", tables().ntau);
    net.run(5, {.progress = false});
    CHECK(net.get(3, "v") == net.get(0, "v"));
    CHECK(net.get(2, "v") != net.get(0, "v"));
}

TEST_CASE("a table that is missing is named, and so is one of other variables") {
    auto const adding = [](mod::testtable const& given) {
        return cells::complaint([&] { Network<TableCell>({.dt = 0.025}).add(1, TableCell{given}); });
    };
    auto given = tables();
    given.ntau = 0;
    CHECK(adding(given) == "testtable.ntau = 0: no table is given; give one as in "
                           "testtable{.ntau = FunctionTable(-100, 50, values)}");
    given.ntau = given.factor;
    CHECK(adding(given) == "testtable.ntau: a table of 2 variables, where one of 1 is needed");
    given.ntau = FunctionTable(5);
    CHECK(adding(given) == "(no complaint)");
    CHECK(cells::complaint([] { FunctionTable(-90, 30, {1}); }) ==
          "FunctionTable: 1 points from -90 to 30: must be at least 2, from a number to a larger one");
    CHECK(cells::complaint([] {
              FunctionTable({1, 1}, {1, 2});
          }) == "FunctionTable: 2 points that are listed: must be at least 2, rising");
    CHECK(cells::complaint([] {
              FunctionTable({1, 2}, {1, 2, 3});
          }) == "FunctionTable: 3 values at 2 points");
    CHECK(cells::complaint([] { FunctionTable(std::nan("")); }) ==
          "FunctionTable: a value is nan: must be finite");
}

TEST_CASE("a table is linear between its points and constant outside") {
    double const even = FunctionTable(0, 4, {1, 3, 2, 2, 6}), own = FunctionTable({0, 1, 4}, {1, 3, 2}),
                 two = FunctionTable({0, 1}, {10, 20, 40}, {1, 2, 3, 5, 7, 9}), one = FunctionTable(7);
    CHECK(look_up(even, -1.) == 1);
    CHECK(look_up(even, 0.5) == 2);
    CHECK(look_up(even, 3.25) == 3);
    CHECK(look_up(even, 4.) == 6);
    CHECK(look_up(even, 1e300) == 6);
    auto const [point, part] =
        function_tables::Points(EvenPoints{-100, 50, 8}).position(std::nextafter(50., 0.));
    CHECK(point == 6);  // though the quotient rounds to more than 7
    CHECK(part == 1);
    CHECK(look_up(own, 2.5) == 2.5);
    CHECK(look_up(two, 0.5, 30.) == 5.25);
    CHECK(look_up(two, 3., 5.) == 5);
    CHECK(look_up(one, 3.) == 7);
    CHECK(FunctionTable(0, 4, {1, 3, 2, 2, 6}).number() == even);
    CHECK(FunctionTable(0, 4, {1, 3, 2, 2, 7}).number() != even);
    CHECK(static_cast<double>(static_cast<float>(two)) == two);
}
