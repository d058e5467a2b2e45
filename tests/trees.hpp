// SPDX-License-Identifier: MIT
#pragma once

/// Random trees: 2 to 60 sections with unequal L, diam, nseg, Ra and cm, children at x = 0, 0.3, 0.5 and 1,
/// channels on some sections, leaks that vary along others, point processes anywhere, also at x = 0 and 1 and
/// several at one place.

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <hillock/hillock.hpp>

namespace trees {

namespace hk = hillock;

/// The plan of a tree; the same for the same seed with every compiler.
struct Plan {
    struct Section {
        int parent;  // -1: the root
        double at, L, diam, Ra, cm;
        int nseg;
        bool has_hh, has_passive;
        double g;
    };
    struct Place {
        std::size_t section;
        double x;
    };
    std::vector<Section> sections;
    std::array<Place, 7> places;  // of synapses 0 to 4, the electrode, the spike source

    static constexpr int electrode = 5, source = 6;

    explicit Plan(std::uint64_t seed, std::size_t least = 2, std::size_t most = 60, int most_segments = 4)
        : random_{seed} {
        auto const count = least + below(most - least + 1);
        for (std::size_t k = 0; k < count; ++k) {
            Section s{};
            constexpr std::array ends{0., 0.3, 0.5, 1., 1., 1.};
            s.parent = k == 0 ? -1 : static_cast<int>(below(k));
            s.at = ends[below(ends.size())];
            s.L = k == 0 ? uniform(10, 30) : uniform(10, 200);
            s.diam = k == 0 ? uniform(10, 30) : uniform(0.4, 4);
            s.Ra = uniform(50, 250);
            s.cm = uniform(0.7, 2);
            s.nseg = 1 + static_cast<int>(below(static_cast<std::size_t>(most_segments)));
            s.has_hh = k == 0 || below(3) == 0;
            s.has_passive = !s.has_hh || below(2) == 0;
            s.g = uniform(2e-5, 1e-3);
            sections.push_back(s);
        }
        for (auto& place : places) {
            constexpr std::array spots{0., 1., 1., 0.5, -1.};
            auto const x = spots[below(spots.size())];
            place = {below(count), x < 0 ? uniform(0, 1) : x};
        }
        places[1] = places[0];  // two at one place
    }

    /// The leak of a segment in the middle of a section.
    static double leak(Section const& s, double x) { return s.g * (1 + x); }

private:
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
    double uniform(double low, double high) {
        return low + (high - low) * static_cast<double>(random_() >> 11) * 0x1p-53;
    }

    std::mt19937_64 random_;
};

/// The sections are made in an order that has children before their parents too.
struct Cell : hk::Cell<Cell> {
    Plan plan;
    std::vector<hk::Section> sections;
    hk::Subset excitable, leaky;

    explicit Cell(Plan p) : plan{std::move(p)} {}

    static constexpr std::array<double, 5> reversal{0, -80, 0, -70, 10};

    hk::Section& section(std::size_t k) { return sections[sections.size() - 1 - k]; }
    hk::Segment at(std::size_t place) { return section(plan.places[place].section)(plan.places[place].x); }

    auto create_sections() {
        sections.resize(plan.sections.size());
        for (std::size_t k = 0; k < sections.size(); ++k) section(k).name = "s" + std::to_string(k);
        return hk::sections(sections);
    }
    void build_topology() {
        for (std::size_t k = 1; k < sections.size(); ++k)
            section(k).connect(
                section(static_cast<std::size_t>(plan.sections[k].parent))(plan.sections[k].at));
    }
    void build_subsets() {
        for (std::size_t k = 0; k < sections.size(); ++k) {
            if (plan.sections[k].has_hh) excitable.add(section(k));
            if (plan.sections[k].has_passive) leaky.add(section(k));
        }
    }
    void define_geometry() {
        for (std::size_t k = 0; k < sections.size(); ++k) {
            auto const& p = plan.sections[k];
            auto& s = section(k);
            s.L = p.L, s.diam = p.diam, s.nseg = p.nseg, s.Ra = p.Ra, s.cm = p.cm;
        }
    }
    auto define_biophysics() {
        auto const vary = [this](hk::Segment s, hk::Passive& leak) {
            leak.g = Plan::leak(
                plan.sections[sections.size() - 1 - static_cast<std::size_t>(s.section - sections.data())],
                s.x);
        };
        return hk::biophysics(hk::insert(excitable, hk::HodgkinHuxley{}),
                              hk::insert(leaky, hk::Passive{.e = -65}, vary));
    }
    auto create_synapses() {
        return hk::synapses(hk::place(hk::Exp2Syn{.tau1 = 0.2, .tau2 = 3, .e = reversal[0]}, at(0)),
                            hk::place(hk::Exp2Syn{.tau1 = 0.5, .tau2 = 5, .e = reversal[1]}, at(1)),
                            hk::place(hk::ExpSyn{.tau = 2, .e = reversal[2]}, at(2)),
                            hk::place(hk::ExpSyn{.tau = 4, .e = reversal[3]}, at(3)),
                            hk::place(hk::Exp2Syn{.tau1 = 1, .tau2 = 2, .e = reversal[4]}, at(4)));
    }
    hk::SpikeSource spike_source() { return {at(Plan::source), -20}; }

    static std::vector<hk::ExternalEvent> events(hk::Gid gid) {
        return {{gid, 1, 0, 4e-3}, {gid, 2, 1, 1e-3}, {gid, 2.5, 2, 2e-3}, {gid, 4, 3, 2e-3},
                {gid, 5, 4, 3e-3}, {gid, 7, 0, 4e-3}, {gid, 8, 2, 3e-3}};
    }
    hk::IClamp clamp() const {
        return {.delay = 3,
                .dur = 4,
                .amp = 0.15,
                .where = fmt::format("s{}({})", plan.places[Plan::electrode].section,
                                     plan.places[Plan::electrode].x)};
    }
    /// Everything that is recorded: the middle of each segment and the ends.
    std::vector<std::string> places() const {
        std::vector<std::string> all;
        for (std::size_t k = 0; k < plan.sections.size(); ++k) {
            for (int j = 0; j < plan.sections[k].nseg; ++j)
                all.push_back(fmt::format("s{}({:.17g})", k, (j + 0.5) / plan.sections[k].nseg));
            all.push_back(fmt::format("s{}(1)", k));
        }
        all.push_back("s0(0)");
        return all;
    }
};

}  // namespace trees
