// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/precision.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The own ones of some cells, in runs of one population each: with each cell its place among all of them.
struct CellRuns {
    struct One {
        std::uint32_t cell, position;
    };
    struct Run {
        std::size_t population;
        std::vector<One> cells;
    };
    std::vector<Run> runs;
    std::size_t size = 0;  // of all the cells, whoever owns them

    /// Throws unless `numbers` has one for each cell.
    void require_one_each(std::string_view call, std::size_t numbers) const {
        require(numbers == size, "{}: {} numbers for {} cells: must be one for each", call, numbers, size);
    }
};

/// Currents that are written from outside, and held until they are written again.
struct HeldCurrents {
    std::string where;
    CellRuns cells;
    std::vector<std::size_t> electrodes;  // of each run, the population's number of its electrodes
    std::vector<double> nA;               // of all cells
    std::size_t number = 0;               // among those of the network
    bool is_written = false;              // and not yet in the populations

    /// Where it is, for messages.
    std::string place() const { return where.empty() ? "in the middle of the root" : "at '" + where + "'"; }
};

/// All held currents of a network. They join the cells at the beginning of the next epoch.
class CurrentDrives {
public:
    HeldCurrents& add(HeldCurrents drive) {
        drive.number = drives_.size();
        return *drives_.emplace_back(std::move(drive));
    }
    /// The copy of a drive of the network that this one's was copied from.
    HeldCurrents& counterpart(HeldCurrents const& of) const {
        require(of.number < drives_.size() && drives_[of.number]->where == of.where &&
                    drives_[of.number]->nA.size() == of.nA.size(),
                "counterpart: this network has no copy of the current {}", of.place());
        return *drives_[of.number];
    }

    std::vector<meta::Boxed<HeldCurrents>> const& all() const { return drives_; }

    // -- As a participant

    void begin_epoch(auto& world, Epoch epoch) {
        for (auto& drive : drives_)
            if (std::exchange(drive->is_written, false) || epoch.begin == 0) inject(world, *drive);
    }
    void visit(auto& archive) {
        for (auto& drive : drives_) archive(drive->nA, std::vector<double>(drive->nA.size()));
    }

private:
    static void inject(auto& world, HeldCurrents const& drive) {
        for (std::size_t k = 0; k < drive.electrodes.size(); ++k) {
            auto const& run = drive.cells.runs[k];
            for (auto const& one : run.cells)
                world.electrodes[run.population]->set(one.cell, drive.electrodes[k], drive.nA[one.position]);
        }
    }

    std::vector<meta::Boxed<HeldCurrents>> drives_;
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling

namespace hillock::inline HILLOCK_ISA {

/// A current in nA into each of some cells, held until it is written again; made by `net.current(cells,
/// where)`. It begins as 0, also after a reset. Good as long as its network. On several ranks each writes the
/// numbers of all cells, or at least of its own.
template <class Real>
class CurrentDrive {
public:
    explicit CurrentDrive(scheduling::HeldCurrents& drive) : drive_{&drive} {}

    std::size_t size() const { return drive_->nA.size(); }            // the number of cells
    scheduling::HeldCurrents const& held() const { return *drive_; }  // the currents as now written

    /// One number for each cell, in the order of the cells; none is taken if one is not finite.
    void write(std::span<double const> nA) {
        drive_->cells.require_one_each("current.write", nA.size());
        for (auto const amp : nA) require_finite(amp);
        std::copy(nA.begin(), nA.end(), drive_->nA.begin());
        drive_->is_written = true;
    }
    /// The same number for all.
    void write(double nA) {
        require_finite(nA);
        for (auto& each : drive_->nA) each = nA;
        drive_->is_written = true;
    }

private:
    void require_finite(double nA) const {
        require(precision::is_finite<Real>(nA), "current {}: {} nA: must be {}", drive_->place(), nA,
                precision::finite<Real>);
    }

    scheduling::HeldCurrents* drive_;
};

}  // namespace hillock::inline HILLOCK_ISA
