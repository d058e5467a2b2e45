// SPDX-License-Identifier: MIT

/// A network in the loop of another simulation: a jointed arm whose two muscles are driven by pools of motor
/// neurons, and whose stretch drives the pools back. A load pulls at the arm for half a second, once without
/// this reflex and once with it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

struct MotorNeuron : hk::Cell<MotorNeuron> {
    hk::Section soma{"soma"};

    auto create_sections() { return hk::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 30; }
    auto define_biophysics() { return hk::biophysics(hk::insert(soma, hk::HodgkinHuxley{})); }
    auto create_synapses() { return hk::synapses(hk::place(hk::ExpSyn{.tau = 3, .e = 0}, soma(0.5))); }
};

/// A forearm of 1 kg and 0.3 m that two muscles turn at the elbow. Each spike of a pool adds a twitch to its
/// muscle, which fades within tens of ms.
class Arm {
public:
    /// One step of `ms`, with the spikes that the pools have fired in it and a load's torque in N m.
    void step(double ms, std::uint64_t flexor_spikes, std::uint64_t extensor_spikes, double load) {
        constexpr double inertia = 0.03, damping = 0.3, stiffness = 2;  // kg m2, N m s, N m
        constexpr double fading = 30, twitch = 0.02;                    // ms, N m
        auto const s = ms * 1e-3;
        flexor_ += twitch * static_cast<double>(flexor_spikes) - flexor_ * ms / fading;
        extensor_ += twitch * static_cast<double>(extensor_spikes) - extensor_ * ms / fading;
        speed_ += (flexor_ - extensor_ + load - stiffness * angle_ - damping * speed_) / inertia * s;
        angle_ += speed_ * s;
    }
    double angle() const { return angle_; }                   // rad, towards flexion
    double stretch() const { return angle_ + 0.1 * speed_; }  // as the extensor's spindles feel it, in rad

private:
    double flexor_ = 0, extensor_ = 0;  // N m
    double angle_ = 0, speed_ = 0;      // rad, rad/s
};

struct Options {
    hk::Gid cells = 100;  // of each pool
    double reflex = 1;    // nA a rad
    double load = 1.5;    // N m, from 500 to 1000 ms
    double tstop = 1500;  // ms
};

/// The angle of the arm after each ms, in degrees.
std::vector<double> simulate(Options const& o, double reflex) {
    hk::Network<MotorNeuron> net;
    auto const flexors = net.add<MotorNeuron>(o.cells), extensors = net.add<MotorNeuron>(o.cells);
    net.stimulate(net.cells(), hk::NetStim{.interval = 15, .noise = 1, .start = 0, .number = 1e9},
                  {.synapse = 0, .weight = 5e-3});
    auto into_flexors = net.current(flexors), into_extensors = net.current(extensors);
    auto fired_flexors = net.counter(flexors), fired_extensors = net.counter(extensors);

    Arm arm;
    std::vector<double> degrees;
    hk::RunOptions const quietly{.progress = false};
    for (double t = 1; t <= o.tstop; ++t) {
        // whichever muscle is stretched is told to pull
        into_flexors.write(std::max(0., -reflex * arm.stretch()));
        into_extensors.write(std::max(0., reflex * arm.stretch()));
        net.run_until(t, quietly);
        arm.step(1, fired_flexors.take(), fired_extensors.take(), t > 500 && t <= 1000 ? o.load : 0);
        degrees.push_back(arm.angle() * 57.2958);
    }
    return degrees;
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{
        "An arm, its muscles, their motor neurons and the stretch reflex in one loop: prints the arm's angle "
        "under a load, and draws it as 10_closed_loop.png."};
    app.add_option("--cells", o.cells, "of each pool")->capture_default_str();
    app.add_option("--reflex", o.reflex, "current into the pool of a stretched muscle, in nA a rad")
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--load", o.load, "torque from 500 to 1000 ms, in N m")
        ->check(is_number)
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    return run_program(app, argc, argv, [&] {
        hk::require(o.cells > 0, "--cells 0: there must be at least one");
        auto const without = simulate(o, 0), with = simulate(o, o.reflex);
        std::vector<double> ms;
        for (std::size_t k = 0; k < with.size(); ++k) ms.push_back(static_cast<double>(k + 1));
        fmt::print("   ms  degrees without  with the reflex\n");
        for (std::size_t k = 99; k < with.size(); k += 100)
            fmt::print("{:5.0f} {:16.2f} {:16.2f}\n", ms[k], without[k], with[k]);
        auto const picture = hk::plot::lines(
            "10_closed_loop.png", {{"without the reflex", ms, without}, {"with it", ms, with}},
            {.title = fmt::format("An arm under a load of {} N m from 500 to 1000 ms", o.load),
             .x = {"time (ms)"},
             .y = {"angle (degrees)"},
             .height = 500});
        fmt::print("{}\n", picture.message());
    });
}
