// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/order.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/varying_current.hpp>
#include <hillock/random/normal.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/serial.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// A trace on the grid of steps.
template <class = void>
class basic_played_trace {
public:
    basic_played_trace(CurrentTrace trace, TimeGrid const& grid) : trace_{std::move(trace)}, grid_{grid} {
        for (auto const t : trace_.times) steps_.push_back(grid.first_middle_after(t));
    }

    /// The current during a step, in nA.
    double at(Step step) const {
        auto const k =
            static_cast<std::size_t>(std::upper_bound(steps_.begin(), steps_.end(), step) - steps_.begin());
        auto const& values = trace_.values;
        if (trace_.stepped) return k == 0 ? 0 : values[k - 1];
        if (k == 0 || values.size() == 1) return values[0];
        auto const next = std::min(k, values.size() - 1), last = next - 1;
        auto const from = trace_.times[last], to = trace_.times[next];
        if (from == to) return (values[last] + values[next]) / 2;  // behind a jump at the end, as NEURON
        auto const t = grid_.time_of(step) + grid_.dt() / 2;
        return values[last] + (t - from) / (to - from) * (values[next] - values[last]);
    }

private:
    CurrentTrace trace_;
    std::vector<Step> steps_;  // from which on each point has passed
    TimeGrid grid_;
};

using PlayedTrace = basic_played_trace<>;

/// The process of a noise current in steps of dt: x' = mean + decay (x - mean) + kick N(0, 1).
struct NoiseProcess {
    static constexpr std::uint32_t key = 4;  // of streams: see `StreamId`

    NoiseProcess(OrnsteinUhlenbeck const& noise, std::uint32_t seed, std::uint32_t serial_, Step from_,
                 TimeGrid const& grid)
        : mean{noise.mean},
          sd{noise.sd},
          decay{std::exp(-grid.dt() / noise.tau)},
          kick{noise.sd * std::sqrt(-std::expm1(-2 * grid.dt() / noise.tau))},
          start{grid.step_or_never(noise.start)},
          last{grid.step_or_never(noise.start + noise.duration)},
          serial{serial_},
          from{from_},
          stream{.id2 = noise.stream, .key0 = seed, .key1 = key} {}

    Step first() const { return std::max(start, from); }

    double mean, sd, decay, kick;  // nA, nA, 1, nA
    Step start, last;              // 0 before and from `last` on
    std::uint32_t serial;          // of the call of `stimulate`
    Step from;                     // since when it is there
    StreamId stream;               // but for the gid
};

/// Currents that change from step to step: traces, and noise. All that are put in one place of a population
/// share an electrode there, whose current is their sum in the order in which they were made.
template <class = void>
class basic_varying_currents {
public:
    explicit basic_varying_currents(TimeGrid grid) : grid_{grid} {}

    /// Own cells that get a current, in an electrode of their population.
    struct Target {
        std::size_t population, electrode;
        std::vector<std::uint32_t> cells;
        std::vector<Gid> gids;
    };

    /// Plays a trace into cells; all or, where memory is missing, none.
    void add(CurrentTrace const& trace, std::uint32_t serial, std::vector<Target> const& targets) {
        auto const played = std::make_shared<PlayedTrace const>(trace, grid_);
        make_room(targets, [](Site& site) -> auto& { return site.played; });
        meta::make_room(traces_, 1);
        traces_.push_back({serial, played});
        for (auto const& target : targets)
            for (auto const cell : target.cells) site_of(target).played.push_back({cell, serial});
        changed_ = true;
    }
    /// Lets noise into cells; all or, where memory is missing, none.
    void add(OrnsteinUhlenbeck const& noise, std::uint32_t seed, std::uint32_t serial, Step from,
             std::vector<Target> const& targets) {
        make_room(targets, [](Site& site) -> auto& { return site.noisy; });
        meta::make_room(processes_, 1);
        processes_.emplace_back(noise, seed, serial, from, grid_);
        for (auto const& target : targets)
            for (std::size_t k = 0; k < target.cells.size(); ++k)
                site_of(target).noisy.push_back({target.cells[k], serial, target.gids[k]});
        changed_ = true;
    }

    /// The electrode of varying currents at a place of a population, if there is one.
    std::size_t electrode(std::size_t population, std::string_view where, auto&& make) {
        for (auto const& site : sites_)
            if (site.population == population && site.where == where) return site.electrode;
        Site site{population, 0, std::string(where)};
        meta::make_room(sites_, 1);
        site.electrode = make();
        sites_.push_back(std::move(site));
        return sites_.back().electrode;
    }

    /// Takes back those from a serial number on.
    void keep(std::uint32_t serial) noexcept {
        erase_if([&](std::uint32_t of) { return of >= serial; });
    }
    /// Removes one call's.
    void remove(std::uint32_t serial) noexcept {
        erase_if([&](std::uint32_t of) { return of == serial; });
    }
    /// Lets noise begin at step `from`, or when it starts, whichever is later.
    void set_from(std::uint32_t serial, Step from) {
        for (auto& process : of_serial(processes_, serial)) process.from = from;
    }

    /// Calls f(serial, gid, nA) for each own cell with noise, in any order; f may set the nA.
    void for_each_noise(auto&& f) {
        for (auto& site : sites_)
            for (auto& each : site.noisy) f(each.serial, each.gid, each.nA);
    }

    // -- As a participant

    void prepare(auto& world, auto&) {
        if (!std::exchange(changed_, false)) return;
        for (auto& site : sites_) {
            auto const by_cell = [](auto const& each) { return std::uint64_t{each.cell}; };
            meta::sort_by(site.played, by_cell);
            meta::sort_by(site.noisy, by_cell);
            world.electrodes[site.population]->silence(site.electrode);
        }
    }

    void begin_step(auto& world, auto const& slice) {
        for (auto& site : sites_) {
            if (site.population != slice.number || (site.played.empty() && site.noisy.empty())) continue;
            auto* const amps = world.electrodes[site.population]->amps(site.electrode);
            std::fill(amps + slice.first, amps + slice.last, 0);
            play(site, slice, amps);
            stir(site, slice, amps);
        }
    }

private:
    /// A trace of one call of `stimulate`.
    struct Trace {
        std::uint32_t serial;
        std::shared_ptr<PlayedTrace const> played;
    };
    /// A cell in which a trace is played.
    struct Played {
        std::uint32_t cell, serial;
    };
    /// A cell with a noise current, and what has been drawn for it: a block of its stream serves four steps.
    struct Noisy {
        std::uint32_t cell, serial;
        Gid gid;
        double nA = 0;
        Step block = -1;
        std::array<std::uint32_t, 4> words = {};

        double normal(StreamId stream, Step step) {
            if (step / 4 != block) {
                stream.id1 = gid;
                block = step / 4;
                words = random_block(stream, static_cast<std::uint64_t>(block));
            }
            return normal_quantile(uniform_of(words[static_cast<std::size_t>(step % 4)]));
        }
        void take(NoiseProcess const& process, Step step) {
            auto const z = normal(process.stream, step);
            nA = step == process.first()
                     ? process.mean + process.sd * z
                     : process.mean + process.decay * (nA - process.mean) + process.kick * z;
        }
    };
    /// An electrode in some cells of a population.
    struct Site {
        std::size_t population, electrode;
        std::string where;
        std::vector<Played> played = {};  // by cell, once it is prepared
        std::vector<Noisy> noisy = {};
    };

    void erase_if(auto const& is_gone) noexcept {
        auto const gone = [&](auto const& each) { return is_gone(each.serial); };
        meta::erase_if(traces_, gone);
        meta::erase_if(processes_, gone);
        for (auto& site : sites_) {
            meta::erase_if(site.played, gone);
            meta::erase_if(site.noisy, gone);
        }
        changed_ = true;
    }
    Site& site_of(Target const& target) {
        return *std::find_if(sites_.begin(), sites_.end(), [&](Site const& site) {
            return site.population == target.population && site.electrode == target.electrode;
        });
    }
    void make_room(std::vector<Target> const& targets, auto&& list_of) {
        for (auto const& target : targets) meta::make_room(list_of(site_of(target)), target.cells.size());
    }

    /// The first of a list whose cell is in the slice.
    static auto first_in(auto& list, auto const& slice) {
        return std::lower_bound(list.begin(), list.end(), slice.first,
                                [](auto const& each, std::size_t cell) { return each.cell < cell; });
    }

    template <class Real>
    void play(Site const& site, auto const& slice, Real* amps) const {
        Trace const* trace = nullptr;
        Real nA = 0;
        auto const end = site.played.end();
        for (auto each = first_in(site.played, slice); each != end && each->cell < slice.last; ++each) {
            if (!trace || trace->serial != each->serial) {
                trace = &*of_serial(traces_, each->serial).first;
                nA = static_cast<Real>(trace->played->at(slice.step));
            }
            amps[each->cell] += nA;
        }
    }
    template <class Real>
    void stir(Site& site, auto const& slice, Real* amps) const {
        NoiseProcess const* process = nullptr;
        auto const end = site.noisy.end();
        for (auto each = first_in(site.noisy, slice); each != end && each->cell < slice.last; ++each) {
            if (!process || process->serial != each->serial)
                process = &*of_serial(processes_, each->serial).first;
            if (slice.step < process->first() || slice.step >= process->last) continue;
            each->take(*process, slice.step);
            amps[each->cell] += static_cast<Real>(each->nA);
        }
    }

    TimeGrid grid_;
    std::vector<Trace> traces_;
    std::vector<NoiseProcess> processes_;
    std::vector<Site> sites_;
    bool changed_ = false;
};

using VaryingCurrents = basic_varying_currents<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
