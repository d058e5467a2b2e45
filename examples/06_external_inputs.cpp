// SPDX-License-Identifier: MIT

/// The tutorial's second network: two halves of 400 excitatory and 100 inhibitory cells, wired more densely
/// inside a half, and 100 external cells that excite the left half from 100 to 150 ms. Every spike is
/// NEURON's. Writes spikes_2.dat, its raster and the rates of the two halves.

#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/rates.hpp>

#include "program.hpp"
#include "tutorial_cell.hpp"

namespace hk = hillock;

/// Two cell types derived from one, each with a stimulus of its own.
template <class Channel>
struct NetworkCell : TutorialCell<Channel> {
    auto create_stimuli() {
        return hk::stimuli(hk::stimulus(hk::NetStim{.interval = 3, .noise = 1, .start = 0, .duration = 7},
                                        {.synapse = 0, .weight = 1.5e-4, .delay = 1}));
    }
};

template <class Channel>
struct ExternalCell : TutorialCell<Channel> {
    auto create_stimuli() {
        return hk::stimuli(hk::stimulus(hk::NetStim{.interval = 5, .noise = 1, .start = 100, .duration = 50},
                                        {.synapse = 0, .weight = 5e-4, .delay = 1}));
    }
};

struct Options {
    double tstop = 500;
    std::uint32_t seed = 1, stimulus_seed = 0;
    std::string rates = "exact", output = "spikes_2.dat", prefix = "06_external_inputs";
};

/// Who is who.
struct Groups {
    hk::Cells left_excitatory, right_excitatory, left_inhibitory, right_inhibitory, external;

    hk::Cells inhibitory() const {
        return {left_inhibitory[0], right_inhibitory[right_inhibitory.size() - 1] + 1};
    }
    hk::Cells left() const { return left_excitatory + left_inhibitory; }
};

/// The wiring in the tutorial's order of draws, which decides it for a given seed.
hk::ConnectionList wiring(hk::Cells const& cells, Groups const& g, std::uint32_t seed) {
    hk::ConnectionList::Properties const excitation{.synapse = 0, .weight = 3e-5, .delay = 0.1};
    hk::ConnectionList::Properties const inhibition{.synapse = 1, .weight = 3e-4, .delay = 0.1};
    hk::ConnectionList::Properties const input{.synapse = 0, .weight = 5e-5, .delay = 0.1};

    hk::NumpyRandom numpy(seed);
    hk::ConnectionList list(hk::Repeats::replaced);  // as the tutorial's dictionary does
    for (auto const cell : cells) {
        bool const left = g.left().contains(cell);
        list.draw(numpy, left ? 52 : 28, g.left_excitatory, cell, excitation);
        list.draw(numpy, left ? 28 : 52, g.right_excitatory, cell, excitation);
        if (g.inhibitory().contains(cell)) {
            list.draw(numpy, 20, g.inhibitory(), cell, inhibition);
        } else {
            list.draw(numpy, left ? 11 : 9, g.left_inhibitory, cell, inhibition);
            list.draw(numpy, left ? 9 : 11, g.right_inhibitory, cell, inhibition);
        }
    }
    for (auto const cell : g.left()) list.draw(numpy, 4, g.external, cell, input);
    return list;
}

template <class Channel>
void simulate(Options const& o) {
    using Inside = NetworkCell<Channel>;
    using Outside = ExternalCell<Channel>;
    require_different_files(
        {}, {{"--output", o.output}, {"--prefix", o.prefix + ".png"}, {"--prefix", o.prefix + "_rates.png"}});
    hk::OutputFile output(o.output);  // before the work, so that it is not in vain
    hk::Network<Inside, Outside> net({.stimulus_seed = o.stimulus_seed});
    auto const cells = net.template add<Inside>(1000);
    auto const external = net.template add<Outside>(100);
    auto const [left_excitatory, right_excitatory] = cells.first(800).halves();
    auto const [left_inhibitory, right_inhibitory] = cells.last(200).halves();
    net.set_threshold(cells, 0);
    net.set_threshold(external, -10);
    net.connect(wiring(
        cells, {left_excitatory, right_excitatory, left_inhibitory, right_inhibitory, external}, o.seed));

    auto const spikes = net.run(o.tstop);
    hk::write_spikes(output, spikes);
    fmt::print("{}", net.statistics().summary());

    hk::analysis::Bins const bins(5, o.tstop);
    hk::plot::Series const left{"left excitatory cells", hk::analysis::rates(spikes, bins, left_excitatory)};
    hk::plot::Series const right{"right excitatory cells",
                                 hk::analysis::rates(spikes, bins, right_excitatory)};
    auto const during = [&](hk::Cells const& group) {
        return hk::analysis::mean_rate(spikes, group, 150, 100);
    };
    if (o.tstop >= 150)
        fmt::print("from 100 to 150 ms the left half's excitatory cells fire at {:.2f} spikes/s, the right "
                   "half's at {:.2f}: {:+.2f}\n",
                   during(left_excitatory), during(right_excitatory),
                   during(left_excitatory) - during(right_excitatory));

    hk::plot::Axis const time{"time (ms)", 0, o.tstop};
    auto const raster = hk::plot::raster(
        o.prefix + ".png", spikes,
        {{"left excitatory", left_excitatory},
         {"right excitatory", right_excitatory},
         {"left inhibitory", left_inhibitory},
         {"right inhibitory", right_inhibitory},
         {"external", external}},
        {.title = "Two halves; input to the left one from 100 to 150 ms", .x = time, .y = {"cell"}});
    auto const rates = hk::plot::steps(
        o.prefix + "_rates.png", bins, {left, right},
        {.title = "Rates of the two halves", .x = time, .y = {"spikes/s per cell"}, .height = 500});
    fmt::print("{}\n{}\n{}\n", o.output, raster.message(), rates.message());
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{"The tutorial's second network, two halves and external inputs: writes its spikes, their "
                 "raster and rates."};
    app.add_option("--tstop", o.tstop, "duration in ms")->check(is_duration)->capture_default_str();
    app.add_option("--seed", o.seed, "of the wiring, as numpy.random.seed")->capture_default_str();
    app.add_option("--stimulus-seed", o.stimulus_seed, "of the stimuli, as NEURON's Random123 global index")
        ->capture_default_str();
    app.add_option("--rates", o.rates, "exact rates, or from a table of 1 mV")
        ->capture_default_str()
        ->check(CLI::IsMember({"exact", "table"}));
    app.add_option("--output", o.output, "spike file to write")->capture_default_str();
    app.add_option("--prefix", o.prefix, "of the pictures to draw")->capture_default_str();
    return run_program(app, argc, argv, [&] {
        if (o.rates == "table")
            simulate<hk::Tabulated<hk::WangBuzsaki>>(o);
        else
            simulate<hk::WangBuzsaki>(o);
    });
}
