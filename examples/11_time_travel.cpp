// SPDX-License-Identifier: MIT

/// Two futures of one network: at 100 ms it is saved and forked, and one cell of the fork gets one event more.
/// Shows when and where the two part, and how fast; then goes back to what was saved and finds the first
/// future again, bit for bit.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"
#include "tutorial_cell.hpp"
#include "tutorial_network.hpp"

namespace hk = hillock;

using Network = hk::Network<TutorialCell<hk::ConnorStevens>>;

struct Options {
    hk::Gid cells = 1000;
    hk::Gid cell = 0;                               // that gets one event more
    double fork = 100, tstop = 250, weight = 3e-3;  // ms, ms, uS
    std::uint32_t seed = 1;
};

/// The course of one network after the fork.
struct Future {
    Network& net;
    hk::Raster spikes = {};
    hk::CellVariable<Network> v = net.variable(net.cells(), "v");
    std::vector<double> mV = std::vector<double>(net.size());  // of each cell now

    void run_until(double t) {
        auto const more = net.run_until(t, {.progress = false});
        spikes.insert(spikes.end(), more.begin(), more.end());
        v.read(mV);
    }
};

/// The distance of two states: the root of the mean square of the cells' differences of V, in mV.
double distance(std::vector<double> const& a, std::vector<double> const& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return std::sqrt(sum / static_cast<double>(a.size()));
}

/// Prints the first spike that only one of the two has, if there is one.
void print_parting(hk::Raster const& one, hk::Raster const& other) {
    auto const [a, b] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    if (a == one.end() && b == other.end()) return fmt::print("all spikes are the same\n");
    bool const is_first = b == other.end() || (a != one.end() && *a < *b);
    auto const& spike = is_first ? *a : *b;
    fmt::print("the first spike that differs: cell {} at {} ms, only {} the event\n", spike.gid, spike.time,
               is_first ? "without" : "with");
}

/// The number of spikes that only one of the two has.
std::size_t differing(hk::Raster const& one, hk::Raster const& other) {
    hk::Raster all;
    std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(),
                                  std::back_inserter(all));
    return all.size();
}

void simulate(Options const& o) {
    Network net;
    net.add<TutorialCell<hk::ConnorStevens>>(o.cells);
    wire_tutorial_network(net, 3e-3, o.seed);
    net.run_until(o.fork, {.progress = false});

    auto const here = net.save();
    auto fork = net;
    fork.send({o.cell, o.fork, 0, o.weight});
    fmt::print("at {} ms: saved in {} bytes and forked; cell {} of the fork gets {} uS more\n", o.fork,
               here.bytes().size(), o.cell, o.weight);

    Future as_it_was{net}, with_event{fork};
    std::vector<double> ms, mV;
    fmt::print("   ms   spikes  differing  distance (mV)\n");
    for (int k = 1; ms.empty() || ms.back() < o.tstop; ++k) {
        ms.push_back(std::min(o.fork + k, o.tstop));
        as_it_was.run_until(ms.back());
        with_event.run_until(ms.back());
        mV.push_back(distance(as_it_was.mV, with_event.mV));
        if (k % 10 == 0 || k == 1)
            fmt::print("{:5.0f} {:8} {:10} {:14.3g}\n", ms.back(), as_it_was.spikes.size(),
                       differing(as_it_was.spikes, with_event.spikes), mV.back());
    }
    print_parting(as_it_was.spikes, with_event.spikes);

    auto const expected = net.digest(), other = fork.digest();
    fork.restore(here);
    fork.run_until(net.now(), {.progress = false});
    fmt::print("digests at {:g} ms: {:016x} without the event, {:016x} with it, {:016x} restored: {}\n",
               net.now(), expected, other, fork.digest(), fork.digest() == expected ? "the same" : "another");

    std::optional<double> least;
    for (auto& each : mV)
        if (each > 0)
            least = std::min(least.value_or(each), each);
        else
            each = std::numeric_limits<double>::quiet_NaN();  // has no logarithm
    auto const picture = hk::plot::lines(
        "11_time_travel.png", {{"", ms, mV}},
        {.title = fmt::format("Two futures of {} cells that differ by one event at {} ms", o.cells, o.fork),
         .x = {"time (ms)", o.fork, o.tstop},
         .y = {.label = "distance (mV)", .first = least, .logarithmic = least.has_value()},
         .height = 500});
    fmt::print("{}\n", picture.message());
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{
        "Forks a random network, adds one event to the fork and shows how the two part; then restores what "
        "was saved, and finds the same run again. Draws 11_time_travel.png."};
    app.add_option("--cells", o.cells, "number of cells, a multiple of 5, at least 50")
        ->capture_default_str();
    app.add_option("--cell", o.cell, "that gets one event more")->capture_default_str();
    app.add_option("--weight", o.weight, "of the event, in uS")->check(is_number)->capture_default_str();
    app.add_option("--fork", o.fork, "when the network is forked, in ms")
        ->check(is_duration_or_none)
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "end in ms")->check(CLI::Range(1, 1000000))->capture_default_str();
    app.add_option("--seed", o.seed, "of the wiring, as numpy.random.seed")->capture_default_str();
    return run_program(app, argc, argv, [&] {
        hk::require(o.cell < o.cells, "--cell {}: must be below --cells {}", o.cell, o.cells);
        hk::require(o.fork + 1 <= o.tstop, "--fork {}: must be at least 1 ms before --tstop {}", o.fork,
                    o.tstop);
        simulate(o);
    });
}
