// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/population/columns.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The recording of a probe: the values of one variable of one cell and their times in ms.
struct Trace {
    std::string variable;               // as `probe` was called with it
    Gid gid;                            // the cell
    std::vector<double> times, values;  // ms, and the variable in its unit
    std::size_t probe = 0;              // its number among the probes of this rank
};

namespace scheduling {

/// Samples variables of cells every so many steps, at the beginning of the step: the state at that time,
/// before the events that arrive then.
template <class Real>
class Probes {
public:
    void add(std::shared_ptr<Trace> trace, wiring::Place place, Step every,
             population::Reference<Real> const& reference) {
        trace->probe = probes_.size();
        probes_.emplace_back(Probe{std::move(trace), place, every, reference});
        is_sorted_ = false;
    }

    /// The trace of a copied probe.
    std::shared_ptr<Trace const> counterpart(Trace const& of) const {
        for (auto const& probe : probes_) {
            auto const& trace = probe->trace;
            if (trace->probe == of.probe && trace->variable == of.variable && trace->gid == of.gid)
                return trace;
        }
        raise("counterpart: this network has no copy of the probe of {} of cell {}", of.variable, of.gid);
    }

    // -- As a participant

    void prepare(auto&, auto&) {
        if (std::exchange(is_sorted_, true)) return;
        meta::sort_by(probes_, [](auto const& probe) {  // by population, then by cell
            return std::uint64_t{probe->place.population} << 32 | probe->place.cell;
        });
    }

    void begin_step(auto& world, auto const& slice) {
        if (!probes_.empty()) sample(world, slice);
    }

    /// The state at the end of a run, which the next run will not sample again.
    void finish(auto& world) {
        if (probes_.empty()) return;
        world.populations.for_each([&](auto& population, std::size_t number) {
            sample(world, Slice{population, number, 0, std::numeric_limits<std::size_t>::max(), world.now});
        });
    }

    void visit(auto& archive) {
        for (auto& probe : probes_) {
            archive(probe->trace->times, {});
            archive(probe->trace->values, {});
            archive(probe->sampled, Step{-1});
        }
    }

    /// A copied network's samples go into traces of its own.
    void copied(auto& world) {
        for (auto& probe : probes_) {
            auto const& [variable, gid, times, values, number] = *probe->trace;
            probe->trace = std::make_shared<Trace>(Trace{variable, gid, {}, {}, number});
            world.populations.with(probe->place.population, [&](auto& population) {
                probe->reference = population.reading(probe->trace->variable);
            });
        }
    }

    /// Forgets what has been sampled after `now`, at `t` ms.
    void go_back_to(Step now, double t) {
        for (auto& probe : probes_) {
            auto& times = probe->trace->times;
            auto const end = std::upper_bound(times.begin(), times.end(), t);
            probe->trace->values.resize(static_cast<std::size_t>(end - times.begin()));
            times.erase(end, times.end());
            probe->sampled = std::min(probe->sampled, now);
        }
    }

private:
    struct Probe {
        std::shared_ptr<Trace> trace;
        wiring::Place place;
        Step every;
        population::Reference<Real> reference;
        Step sampled = -1;  // up to this step it has been read
    };

    template <class Population>
    void sample(auto const& world, Slice<Population> const& slice) {
        auto const before = [](auto const& probe, wiring::Place const& place) {
            return probe->place < place;
        };
        auto const end =
            std::lower_bound(probes_.begin(), probes_.end(), wiring::Place{slice.number, slice.last}, before);
        auto at = std::lower_bound(probes_.begin(), end, wiring::Place{slice.number, slice.first}, before);
        for (; at != end; ++at) {
            auto& probe = **at;
            if (slice.step % probe.every != 0 || slice.step <= probe.sampled) continue;
            probe.sampled = slice.step;
            probe.trace->times.push_back(world.grid.time_of(slice.step));
            probe.trace->values.push_back(
                probe.reference.read(&slice.population, probe.reference, probe.place.cell));
        }
    }

    std::vector<meta::Boxed<Probe>> probes_;
    bool is_sorted_ = true;
};

}  // namespace scheduling
}  // namespace hillock::inline HILLOCK_ISA
