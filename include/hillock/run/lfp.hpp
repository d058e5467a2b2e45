// SPDX-License-Identifier: MIT
#pragma once

/// The extracellular potential (LFP) that the membrane currents of cells make, at electrodes in an infinite
/// volume that conducts alike everywhere:
///
///   point source   phi = i / (4 pi sigma r)
///   line source    phi = i / (4 pi sigma l) (asinh(b/rho) - asinh(a/rho))
///
/// with r the distance from the middle of a segment, rho that from the line through its ends, and a and b the
/// places of its ends along that line as seen from the electrode, b = a + l (Holt & Koch, J Comput Neurosci
/// 6:169, 1999). r and rho are at least the segment's radius. nA, um and S/m give mV.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/uncopied.hpp>
#include <hillock/model/courses.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/run/lfp_record.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/distance.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace extracellular {

/// A segment in space.
struct Wire {
    Position begin, middle, end;  // um
    double radius;                // um
};

/// The potential in mV at a place, of 1 nA from a segment.
inline double potential(Wire const& wire, Position const& at, LfpSource source, double conductivity) {
    auto const scale = 1 / (4 * std::numbers::pi * conductivity);
    auto const length = distance(wire.begin, wire.end);
    if (source == LfpSource::point || length < 1e-9)
        return scale / std::max(wire.radius, distance(wire.middle, at));
    auto const along = [&](Position const& from, Position const& to) {
        return ((to.x - from.x) * (wire.end.x - wire.begin.x) +
                (to.y - from.y) * (wire.end.y - wire.begin.y) +
                (to.z - from.z) * (wire.end.z - wire.begin.z)) /
               length;
    };
    auto const foot = along(wire.begin, at), part = foot / length;
    Position const nearest{std::lerp(wire.begin.x, wire.end.x, part),
                           std::lerp(wire.begin.y, wire.end.y, part),
                           std::lerp(wire.begin.z, wire.end.z, part)};
    auto const rho = std::max(wire.radius, distance(nearest, at));
    return scale / length * (std::asinh((length - foot) / rho) - std::asinh(-foot / rho));
}

/// The segments of a cell, and the ends at which it has a node: a synapse's current there is a point source.
template <class = void>
struct basic_shape {
    struct Piece {
        Point begin, middle, end;
        double radius;
    };
    std::vector<std::size_t> nodes;
    std::vector<Piece> pieces;

    basic_shape(std::vector<Section> const& sections, NodeTree const& tree) : courses_{sections} {
        for (std::size_t s = 0; s < sections.size(); ++s) {
            auto const& section = sections[s];
            auto const shapes = section.shapes();
            for (std::size_t k = 0; k < shapes.size(); ++k) {
                auto const at = [&](double half) {
                    return courses_.at(section((static_cast<double>(k) + half) / section.nseg));
                };
                nodes.push_back(tree.first_node(s) + k);
                pieces.push_back({at(0), at(0.5), at(1), shapes[k].diam / 2});
            }
            if (!section.parent.section) add_end(tree, tree.site(sections, section(0)), section(0));
            add_end(tree, tree.site(sections, section(1)), section(1));
        }
    }

private:
    void add_end(NodeTree const& tree, NodeTree::Site site, Segment place) {
        if (site.megohm > 0 || tree.nodes()[site.node].area > 0) return;
        auto const at = courses_.at(place);
        nodes.push_back(site.node);
        pieces.push_back({at, at, at, at.diam / 2});
    }

    Courses courses_;
};

using Shape = basic_shape<>;

/// A sum of numbers that is the same in any order: in units of 2^-66, up to 2^39 in size, of up to 2^22
/// numbers.
struct ExactSum {
    std::int64_t high = 0, low = 0;  // in units of 2^-24 and 2^-66

    /// Adds a number; one that is beyond all bounds, before the run fails for it, does not count.
    void add(double number) {
        if (!(std::abs(number) < 0x1p36)) return;
        auto const whole = std::nearbyint(number * 0x1p24);
        high += static_cast<std::int64_t>(whole);
        low += static_cast<std::int64_t>(std::nearbyint((number - whole * 0x1p-24) * 0x1p66));
    }
    void add(ExactSum other) {
        high += other.high;
        low += other.low;
    }
    double value() const { return static_cast<double>(high) * 0x1p-24 + static_cast<double>(low) * 0x1p-66; }
};

/// Cells of one population, and what a current from each of their segments makes at each electrode.
struct Sources {
    std::size_t number;  // of the population
    void* population;
    void (*currents)(void* population, std::size_t cell, std::vector<double>& nA);  // of all nodes
    std::vector<std::size_t> nodes;                                                 // of the segments
    std::vector<std::uint32_t> cells;                                               // ascending
    std::vector<double> coefficients;  // mV/nA, by cell, segment, electrode
};

/// Reduces the currents of many cells to potentials while they run; never keeps currents.
template <class = void>
class basic_recorder {
public:
    basic_recorder(Lfp const& lfp, std::shared_ptr<LfpRecord> record, std::vector<Sources> sources)
        : every_{lfp.every},
          electrodes_{lfp.electrodes.size()},
          record_{std::move(record)},
          sources_{std::move(sources)} {}

    /// Makes room for the samples of [begin, end).
    void expect(Step begin, Step end) {
        for (auto step = std::max(begin, sampled_ + 1); step < end; ++step)
            if (step % every_ == 0) expected_.push_back(sampled_ = step);
        sums_.resize(expected_.size() * electrodes_);
    }

    /// Adds what the cells [first, last) of a population contribute at a step; threads do so together.
    void sample(std::size_t number, std::size_t first, std::size_t last, Step step) {
        if (step % every_ != 0 || expected_.empty() || step < expected_.front()) return;
        for (auto const& from : sources_)
            if (from.number == number) add(from, first, last, step);
    }

    /// Writes down all samples that are complete. Ranks do so together.
    void collect(communication::Ranks& ranks, TimeGrid const& grid) {
        constexpr std::size_t most = std::size_t{1} << 18;  // sums that travel together
        for (std::size_t first = 0; ranks.several() && first < sums_.size(); first += most)
            add_all(ranks, std::span(sums_).subspan(first, std::min(most, sums_.size() - first)));
        for (auto const step : expected_) record_->times.push_back(grid.time_of(step));
        for (auto const& sum : sums_) record_->values.push_back(sum.value());
        expected_.clear();
        sums_.clear();
    }

    void visit(auto& archive) {
        archive(record_->times, {});
        archive(record_->values, {});
        archive(sampled_, Step{-1});
        archive.derived(expected_, {});
        archive.derived(sums_, {});
    }

    /// Forgets what has been sampled after `now`, at `t` ms.
    void go_back_to(Step now, double t) {
        auto& times = record_->times;
        times.erase(std::upper_bound(times.begin(), times.end(), t), times.end());
        record_->values.resize(times.size() * electrodes_);
        sampled_ = std::min(sampled_, now);
    }

private:
    void add(Sources const& from, std::size_t first, std::size_t last, Step step) {
        auto const begin = std::lower_bound(from.cells.begin(), from.cells.end(), first);
        auto const end = std::lower_bound(begin, from.cells.end(), last);
        if (begin == end) return;
        std::vector<double> nA, mV(electrodes_);
        std::vector<ExactSum> sums(electrodes_);
        auto const* coefficient =
            from.coefficients.data() +
            static_cast<std::size_t>(begin - from.cells.begin()) * from.nodes.size() * electrodes_;
        for (auto cell = begin; cell != end; ++cell) {
            from.currents(from.population, *cell, nA);
            std::fill(mV.begin(), mV.end(), 0);
            for (auto const node : from.nodes) {
                for (std::size_t e = 0; e < electrodes_; ++e) mV[e] += nA[node] * coefficient[e];
                coefficient += electrodes_;
            }
            for (std::size_t e = 0; e < electrodes_; ++e) sums[e].add(mV[e]);
        }
        auto const row = static_cast<std::size_t>((step - expected_.front()) / every_) * electrodes_;
        std::scoped_lock const lock(mutex_);
        for (std::size_t e = 0; e < electrodes_; ++e) sums_[row + e].add(sums[e]);
    }

    static void add_all(communication::Ranks& ranks, std::span<ExactSum> sums) {
        std::vector<std::uint64_t> own;
        for (auto const& sum : sums)
            for (auto const part : {sum.high, sum.low}) own.push_back(static_cast<std::uint64_t>(part));
        auto const& received = ranks.gather(own);
        std::fill(sums.begin(), sums.end(), ExactSum{});
        for (std::size_t rank = 0; rank < ranks.own().ranks; ++rank) {
            auto const words = received.of(rank);
            require(words.size() == own.size(), "record: ranks record different potentials; all of them must "
                                                "make the same calls");
            for (std::size_t k = 0; k < sums.size(); ++k)
                sums[k].add(
                    {static_cast<std::int64_t>(words[2 * k]), static_cast<std::int64_t>(words[2 * k + 1])});
        }
    }

    Step every_;
    std::size_t electrodes_;
    std::shared_ptr<LfpRecord> record_;
    std::vector<Sources> sources_;
    std::vector<Step> expected_;  // `every_` apart
    std::vector<ExactSum> sums_;  // of each of them, of each electrode
    Step sampled_ = -1;
    std::mutex mutex_;
};

using Recorder = basic_recorder<>;

}  // namespace extracellular

namespace scheduling {

/// All recordings of potentials. A copied network has none.
template <class = void>
class basic_lfp_recorders {
public:
    void add(std::unique_ptr<extracellular::Recorder> recorder) { all_.push_back(std::move(recorder)); }
    void go_back_to(Step now, double t) {
        for (auto& each : all_) each->go_back_to(now, t);
    }

    // -- As a participant

    void begin_epoch(auto&, Epoch epoch) {
        for (auto& each : all_) each->expect(epoch.begin, epoch.end);
    }
    void begin_step(auto&, auto const& slice) {
        for (auto& each : all_) each->sample(slice.number, slice.first, slice.last, slice.step);
    }
    /// The state at the end of a run, which the next run will not sample again.
    void finish(auto& world) {
        for (auto& each : all_) {
            each->expect(world.now, world.now + 1);
            for (std::size_t number = 0; number < world.populations.size(); ++number)
                each->sample(number, 0, std::numeric_limits<std::uint32_t>::max(), world.now);
            each->collect(*world.ranks, world.grid);
        }
    }
    void visit(auto& archive) {
        for (auto& each : all_) each->visit(archive);
    }

private:
    meta::Uncopied<std::vector<std::unique_ptr<extracellular::Recorder>>> all_;
};

using LfpRecorders = basic_lfp_recorders<>;

}  // namespace scheduling
}  // namespace hillock::inline HILLOCK_ISA
