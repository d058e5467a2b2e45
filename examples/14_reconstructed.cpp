// SPDX-License-Identifier: MIT

/// A network in which every cell has its own shape, as reconstructed neurons do: pyramidal cells with apical
/// and basal dendrites and round interneurons, drawn at random (their files would be read by `hk::read_swc` or
/// `hk::read_asc`). Synapses are spread over the dendrites by rule; gap junctions join the interneurons; a row
/// of electrodes along the axis of the pyramidal cells records the extracellular potential. Writes the
/// potentials as 14_reconstructed.csv, and draws them, the spikes and three of the shapes.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <hillock/analysis/lfp.hpp>
#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/shape.hpp>
#include <hillock/hillock.hpp>

#include "program.hpp"

namespace hk = hillock;

/// Grows the dendrites of one cell.
class Generator {
public:
    Generator(std::uint32_t number, bool is_pyramidal) : random_{hk::StreamId{.id1 = number, .key0 = 14}} {
        auto& soma = shape_.add({.name = "soma"}, hk::Kind::soma);
        auto const diam = uniform(12, is_pyramidal ? 20 : 15);
        soma.pt3d({{0, -diam / 2, 0, 0.7 * diam}, {0, 0, 0, diam}, {0, diam / 2, 0, 0.7 * diam}});
        auto const basal = 3 + random_.below(4);
        for (std::uint32_t k = 0; k < basal; ++k) {
            auto const side = uniform(0, 2 * pi), tilt = is_pyramidal ? uniform(-1, 0) : uniform(-1.3, 1.3);
            grow({soma(0.5), {0, 0, 0, uniform(1.2, 2.5)}, direction(side, tilt)}, 40, 3, hk::Kind::dend);
        }
        if (is_pyramidal) add_apical(soma(1), diam);
        auto& axon = shape_.add({.name = "axon[0]"}, hk::Kind::axon);
        axon.pt3d({{0, -diam / 2, 0, 1.2}, {0, -diam / 2 - 40, 0, 0.8}});
        axon.connect(soma(0));
    }
    hk::Morphology shape() && { return std::move(shape_); }

private:
    static constexpr double pi = std::numbers::pi;
    using Direction = hk::Position;
    struct Start {
        hk::Segment on;
        hk::Point point;
        Direction towards;
    };

    double uniform(double low, double high) { return low + (high - low) * random_.uniform(); }
    static Direction direction(double side, double tilt) {
        return {std::cos(tilt) * std::cos(side), std::sin(tilt), std::cos(tilt) * std::sin(side)};
    }
    Direction turned(Direction const& d, double by) {
        auto const t = direction(uniform(0, 2 * pi), uniform(-pi / 2, pi / 2));
        Direction const sum{d.x + by * t.x, d.y + by * t.y, d.z + by * t.z};
        auto const size = std::hypot(sum.x, sum.y, sum.z);
        return {sum.x / size, sum.y / size, sum.z / size};
    }

    /// A section of about `length` um that wriggles; its end.
    Start lay(Start const& start, double length, double taper, hk::Kind kind) {
        auto& number = numbers_[kind == hk::Kind::apic];
        auto& section = shape_.add(
            {.name = fmt::format("{}[{}]", kind == hk::Kind::apic ? "apic" : "dend", number++)}, kind);
        std::vector<hk::Point> points{start.point};
        auto towards = start.towards;
        auto const steps = 3 + random_.below(4);
        for (std::uint32_t k = 0; k < steps; ++k) {
            towards = turned(towards, 0.3);
            auto const [x, y, z, diam] = points.back();
            auto const step = length * uniform(0.7, 1.3) / steps;
            points.push_back({x + step * towards.x, y + step * towards.y, z + step * towards.z,
                              std::max(0.4, diam * std::pow(taper, 1. / steps))});
        }
        section.pt3d(points);
        section.connect(start.on);
        return {section(1), points.back(), towards};
    }
    /// A section and the branches at its end, `depth` times.
    void grow(Start const& start, double length, int depth, hk::Kind kind) {
        auto const end = lay(start, length * uniform(0.6, 1.4), 0.7, kind);
        if (depth == 0 || random_.uniform() < 0.1) return;
        for (int k = 0; k < 2; ++k)
            grow({end.on, end.point, turned(end.towards, 0.8)}, 1.3 * length, depth - 1, kind);
    }
    /// A trunk with obliques, and a tuft at its end.
    void add_apical(hk::Segment soma_end, double diam) {
        Start trunk{soma_end, {0, diam / 2, 0, uniform(2.5, 4)}, {0, 1, 0}};
        auto const pieces = 4 + random_.below(3);
        for (std::uint32_t k = 0; k < pieces; ++k) {
            trunk =
                lay({trunk.on, trunk.point, turned({0, 1, 0}, 0.1)}, uniform(50, 90), 0.85, hk::Kind::apic);
            auto oblique = trunk;
            oblique.point.diam = 1;
            oblique.towards = turned(direction(uniform(0, 2 * pi), 0.3), 0.3);
            grow(oblique, 50, 1, hk::Kind::apic);
        }
        for (int k = 0; k < 2; ++k)
            grow({trunk.on, trunk.point, turned({0, 1, 0}, 0.7)}, 45, 3, hk::Kind::apic);
    }

    hk::RandomStream random_;
    hk::Morphology shape_;
    std::size_t numbers_[2] = {0, 0};
};

/// A cell of any shape: spikes begin in the axon, dendrites have few channels.
struct Neuron : hk::Cell<Neuron> {
    static constexpr int excitatory = 60, inhibitory = 20;  // synapses; the inhibitory ones come last

    hk::Morphology shape;
    std::uint32_t number;

    Neuron(hk::Morphology morphology, std::uint32_t n) : shape{std::move(morphology)}, number{n} {}

    auto create_sections() { return hk::sections(shape); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {
        for (auto& section : shape) section.Ra = 120;
        hk::apply_d_lambda(shape);
    }
    auto define_biophysics() {
        constexpr hk::HodgkinHuxley strong{.gnabar = 0.5, .gkbar = 0.15, .gl = 3e-5};
        return hk::biophysics(
            hk::insert(shape.all(), hk::Passive{.g = 1e-4, .e = -70}), hk::insert(shape.soma(), strong),
            hk::insert(shape.axon(), strong),
            hk::insert(shape.apic(), hk::HodgkinHuxley{.gnabar = 0.02, .gkbar = 0.01, .gl = 3e-5}));
    }
    /// The nearer to the soma, the more inhibitory ones; all alike on every um of the dendrites for the others.
    auto create_synapses() {
        auto dendrites = shape.dend();
        auto const apical = shape.apic();
        for (auto const* section : apical.sections()) dendrites.add(*section);
        auto const& root = shape.root();
        auto const near = [&](hk::Segment s) { return std::exp(-hk::distance(root(0.5), s) / 50); };
        std::vector<hk::PlacedSynapse<hk::Exp2Syn>> all;
        for (auto const where : hk::spread(excitatory, dendrites, hk::even, {.id1 = number, .key0 = 15}))
            all.push_back(hk::place(hk::Exp2Syn{.tau1 = 0.3, .tau2 = 3, .e = 0}, where));
        for (auto const where : hk::spread(inhibitory, dendrites, near, {.id1 = number, .key0 = 16}))
            all.push_back(hk::place(hk::Exp2Syn{.tau1 = 0.5, .tau2 = 8, .e = -75}, where));
        return hk::synapses(all);
    }
};

struct Options {
    std::uint32_t cells = 20;
    double tstop = 200, rate = 25;  // ms, Hz
    std::size_t threads = 1;
    std::string output = "14_reconstructed.csv";
};

/// Chemical synapses at random: each cell listens to `fan_in` others of each kind, each time onto another of
/// its synapses.
void connect(hk::Network<Neuron>& net, hk::Cells const& pyramidal, hk::Cells const& interneurons) {
    constexpr int fan_in = 8;
    hk::ConnectionList list;
    for (auto const target : net.cells()) {
        hk::RandomStream random(hk::StreamId{.id1 = target, .key0 = 17});
        auto const listen = [&](hk::Cells const& sources, int first, int count, double weight) {
            for (int k = 0; k < fan_in; ++k) {
                auto const source = sources[random.below(static_cast<std::uint32_t>(sources.size()))];
                auto const synapse =
                    first + static_cast<int>(random.below(static_cast<std::uint32_t>(count)));
                if (source != target) list.add({source, target, synapse, weight, 1 + 2 * random.uniform()});
            }
        };
        listen(pyramidal, 0, Neuron::excitatory, 3e-3);
        listen(interneurons, Neuron::excitatory, Neuron::inhibitory, 3e-3);
    }
    net.connect(list);
}

void simulate(Options const& o) {
    using namespace std::string_literals;
    std::vector<FileOption> outputs{{"--output", o.output}};
    for (auto const& picture : {"0"s, "1"s, std::to_string(o.cells - 1), "raster"s, "lfp"s})
        outputs.push_back({"the picture", fmt::format("14_reconstructed_{}.png", picture)});
    require_different_files({}, outputs);
    hk::OutputFile output(o.output);  // complains before the run
    hk::Network<Neuron> net;
    auto const many = o.cells - o.cells / 5;
    for (std::uint32_t k = 0; k < o.cells; ++k) net.add(1, Neuron(Generator(k, k < many).shape(), k));
    hk::Cells const pyramidal(0, many), interneurons(many, o.cells);
    connect(net, pyramidal, interneurons);
    for (hk::Gid a = many; a < o.cells; ++a)
        for (auto b = a + 1; b < o.cells; ++b)
            net.connect(
                hk::GapJunction{.a = {a, "dend[0](0.5)"}, .b = {b, "dend[1](0.5)"}, .conductance = 5e-4});
    for (int synapse = 0; synapse < Neuron::excitatory; synapse += 3)
        net.stimulate(net.cells(), hk::Poisson{.rate = o.rate, .stream = static_cast<std::uint32_t>(synapse)},
                      {.synapse = synapse, .weight = 3e-3});

    // The cells stand in a disc of 100 um around the electrodes, each turned by its number.
    auto const place = [&](hk::Gid gid) {
        hk::RandomStream random(hk::StreamId{.id1 = gid, .key0 = 18});
        auto const r = 100 * std::sqrt(random.uniform()), angle = 2 * std::numbers::pi * random.uniform();
        return hk::Pose{r * std::cos(angle), 60 * random.uniform() - 30, r * std::sin(angle), 70. * gid};
    };
    hk::Lfp lfp{.electrodes = {}, .conductivity = 0.3, .every = 4};
    for (int k = 0; k < 16; ++k) lfp.electrodes.push_back({0, -150. + 50 * k, 0});
    auto const potentials = net.record(lfp, net.cells(), place);

    auto const spikes = net.run(o.tstop, {.threads = o.threads, .progress = false});
    std::size_t segments = 0;
    for (auto const gid : net.cells())
        for (auto const& section : *net.anatomy<Neuron>(gid).sections)
            segments += static_cast<std::size_t>(section.nseg);
    fmt::print("{} cells of {} segments, {} connections, {} spikes in {} ms: {:.3g} s\n", net.size(),
               segments, net.connections(), spikes.size(), o.tstop, net.statistics().run_seconds);

    hk::write_lfp(output, *potentials);
    auto const v = [&](hk::Gid gid) { return [&net, gid](hk::Segment s) { return net.get(gid, s, "v"); }; };
    for (auto const gid : {hk::Gid{0}, hk::Gid{1}, static_cast<hk::Gid>(o.cells - 1)}) {
        auto const picture = hk::plot::shape(
            fmt::format("14_reconstructed_{}.png", gid), *net.anatomy<Neuron>(gid).sections, v(gid),
            {.title = fmt::format("cell {} at {} ms", gid, o.tstop), .width = 700, .height = 900});
        fmt::print("{}\n", picture.message());
    }
    auto const raster = hk::plot::raster("14_reconstructed_raster.png", spikes,
                                         {{"pyramidal cells", pyramidal}, {"interneurons", interneurons}},
                                         {.x = {"time (ms)", 0, o.tstop}, .y = {"cell"}, .height = 400});
    auto const curves = hk::plot::lfp("14_reconstructed_lfp.png", *potentials,
                                      {.title = "extracellular potential", .x = {"time (ms)", 0, o.tstop}});
    fmt::print("{}\n{}\n{}\n", o.output, raster.message(), curves.message());
}

int main(int argc, char** argv) {
    Options o;
    CLI::App app{
        "A network of cells that all have their own shape: spikes, shapes, extracellular potential."};
    app.add_option("--cells", o.cells, "number of cells, of which a fifth are interneurons")
        ->check(CLI::Range(5, 1000))
        ->capture_default_str();
    app.add_option("--tstop", o.tstop, "duration in ms")->check(is_duration)->capture_default_str();
    app.add_option("--rate", o.rate, "events in Hz from outside at every third excitatory synapse")
        ->check(is_not_negative)
        ->capture_default_str();
    app.add_option("--threads", o.threads, "number of threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--output", o.output, "table of potentials to write")->capture_default_str();
    return run_program(app, argc, argv, [&] { simulate(o); });
}
