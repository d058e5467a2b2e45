// SPDX-License-Identifier: MIT

#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/hillock.hpp>

#include "../cells.hpp"

namespace {

namespace hk = hillock;
using cells::complaint, cells::quietly;

/// reference/data/point_neurons.txt: its lines are explained by make_point_neurons.py.
struct Reference {
    static constexpr double dt = 0.1, duration = 300;

    std::vector<hk::Spike> spikes;

    template <class Net>
    explicit Reference(Net& net) {
        std::ifstream file("reference/data/point_neurons.txt");
        REQUIRE(file);
        for (std::string line, kind; std::getline(file, line);) {
            std::istringstream words(line);
            words >> kind;
            if (kind == "cell") {
                hk::IafPscExp cell;
                double v = 0;
                words >> cell.tau_m >> cell.tau_ex >> cell.tau_in >> cell.t_ref >> cell.I_e >> v;
                net.set(net.add(1, cell), "v_init", v);
            } else if (kind == "source") {
                hk::StimulusTarget target;
                hk::SpikeTimes source;
                double delay = 0;
                words >> target.synapse >> target.weight >> delay;
                target.delay = delay * dt;
                for (double step = 0; words >> step;) source.times.push_back(step * dt);
                net.stimulate(net.cells(), source, target);
            } else if (kind == "connection") {
                hk::Gid pre = 0, post = 0;
                double weight = 0, delay = 0;
                words >> pre >> post >> weight >> delay;
                net.connect(hk::Cells(pre, pre + 1), hk::Cells(post, post + 1), hk::one_to_one(),
                            {.synapse = weight < 0, .weight = weight, .delay = delay * dt, .self = true});
            } else if (kind == "spike") {
                hk::Gid cell = 0;
                double step = 0;
                words >> cell >> step;
                spikes.push_back({step * dt, cell});
            }
        }
    }
};

/// Spikes on the grid of steps.
std::vector<std::pair<long, hk::Gid>> steps_of(std::vector<hk::Spike> const& spikes) {
    std::vector<std::pair<long, hk::Gid>> all;
    for (auto const& spike : spikes) all.emplace_back(std::lround(spike.time / Reference::dt), spike.gid);
    return all;
}

}  // namespace

TEST_CASE("IafPscExp spikes in every step in which NEST's iaf_psc_exp does") {
    hk::Network<hk::IafPscExp> net({.dt = Reference::dt});
    Reference const reference(net);
    CHECK(steps_of(net.run(Reference::duration + Reference::dt, quietly)) == steps_of(reference.spikes));
}
