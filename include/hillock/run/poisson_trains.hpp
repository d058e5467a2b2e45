// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/poisson.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/random/poisson.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/run/participant.hpp>
#include <hillock/run/serial.hpp>
#include <hillock/run/stimuli.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/wiring/directory.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/time.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// How many events a process fires in each step, on average.
class PoissonRate {
public:
    PoissonRate(Poisson const& source, TimeGrid const& grid)
        : first{grid.step_or_never(source.start)},
          last{grid.step_or_never(source.start + source.duration)},
          means_{source.rate * 1e-3 * grid.dt()},
          grid_{grid} {}
    PoissonRate(InhomogeneousPoisson const& source, TimeGrid const& grid)
        : first{std::max(Step{0}, grid.first_middle_after(source.times.front()))},
          last{TimeGrid::never},
          times_{source.times},
          linear_{source.linear},
          grid_{grid} {
        for (auto const rate : source.rates) means_.push_back(rate * 1e-3 * grid.dt());
        for (auto const t : source.times) steps_.push_back(grid.first_middle_after(t));
    }

    /// Within [first, last).
    double mean_at(Step step) const {
        if (means_.size() == 1) return means_[0];
        auto const next =
            static_cast<std::size_t>(std::upper_bound(steps_.begin(), steps_.end(), step) - steps_.begin());
        auto const k = next - 1;
        if (!linear_ || next == means_.size()) return means_[k];
        auto const t = grid_.time_of(step) + grid_.dt() / 2;
        auto const share = std::clamp((t - times_[k]) / (times_[next] - times_[k]), 0., 1.);
        return means_[k] + share * (means_[next] - means_[k]);
    }

    Step first, last;  // fires in [first, last)

private:
    std::vector<double> times_, means_;  // ms, events in a step
    std::vector<Step> steps_;            // from which on each point has passed
    bool linear_ = false;
    TimeGrid grid_;
};

/// The Poisson processes of a network. Their events go straight into the sums of the step at which they
/// arrive, after all other events, in the order in which the processes were made. A draw is a function of the
/// cell and the step, so there is no state to keep.
template <class = void>
class basic_poisson_trains {
public:
    explicit basic_poisson_trains(TimeGrid grid) : grid_{grid} {}

    /// An own cell that is stimulated: where it lives, the gid whose draws it gets, and if its synapse takes
    /// events one by one, the number of the stimulus there.
    struct Target {
        wiring::Place place;
        Gid gid;
        std::optional<std::uint32_t> number;
    };
    /// Gives each of some own cells a process; all or, where memory is missing, none. `serial` says which
    /// call of `stimulate` they belong to; what they fire before step `from` is left out.
    void add(auto const& source, StimulusTarget const& target, std::uint32_t seed, std::uint32_t serial,
             Step from, std::vector<Target> targets) {
        std::sort(targets.begin(), targets.end(),
                  [](Target const& a, Target const& b) { return a.place < b.place; });
        meta::make_room(groups_, 1);
        StreamId const stream{
            .id2 = source.stream, .key0 = seed, .key1 = source.shared ? shared_key : own_key};
        groups_.emplace_back(PoissonRate(source, grid_), target, stream, serial, from, grid_, targets);
        changed_ = true;
    }

    /// Takes back those from a serial number on.
    void keep(std::uint32_t serial) noexcept {
        keep_before(groups_, serial);
        changed_ = true;
    }
    /// Calls f(arrival) for what one call's have fired before step `now` and is still on its way.
    void for_each_fired(std::uint32_t serial, Step now, auto&& f) {
        changed_ = true;  // words are drawn anew that the pieces have drawn
        for (auto& group : of_serial(groups_, serial)) for_each_fired(group, now, f);
    }
    void remove(std::uint32_t serial) noexcept {
        meta::erase_if(groups_, [&](Group const& group) { return group.serial == serial; });
        changed_ = true;
    }
    /// Leaves out what one call's fire before step `from`.
    void set_from(std::uint32_t serial, Step from) {
        for (auto& group : of_serial(groups_, serial)) group.from = from;
    }

    // -- As a participant

    void prepare(auto& world, auto&) {
        if (!changed_ && divided_for_ == world.division.version()) return;
        meta::empty_lists(pieces_, world.division.parts());
        for (std::size_t g = 0; g < groups_.size(); ++g)
            for (std::size_t r = 0; r < groups_[g].runs.size(); ++r) cut(world.division, g, r);
        divided_for_ = world.division.version();
        changed_ = false;
    }

    void begin_part(auto& world, Epoch epoch, std::size_t part) {
        for (auto& piece : pieces_[part]) {
            auto& group = groups_[piece.group_number];
            auto& run = group.runs[piece.run_number];
            auto const first = std::max(epoch.begin, std::max(group.rate.first, group.from) + group.delay);
            auto const last = std::min(epoch.end, group.rate.last + group.delay);
            for (auto step = first; step < last; ++step) {
                auto const counts = piece.draw(group, run, step - group.delay);
                if (run.numbers.empty())
                    counts.add(world.inboxes[run.population]->at(step, group.synapse));
                else
                    counts.send(*world.events[run.population], step);
            }
        }
    }

private:
    /// Cells of one population that get the same input, by their place in it, and what has been drawn for
    /// them: each block of a cell's stream serves four steps, which are kept one after the other.
    struct Run {
        std::size_t population;
        std::vector<std::uint32_t> cells;
        std::vector<Gid> gids;
        std::vector<std::uint32_t> numbers = {};  // of the stimuli, if events arrive one by one
        simd::Column<std::uint32_t> words = {};

        std::uint32_t const* words_of(Step step) const {
            return words.data() + static_cast<std::size_t>(step % 4) * cells.size();
        }
        /// The number of cells before place `cell` of the population.
        std::size_t first_from(std::size_t cell) const {
            return static_cast<std::size_t>(std::lower_bound(cells.begin(), cells.end(), cell) -
                                            cells.begin());
        }
    };

    /// The processes of one call.
    struct Group {
        Group(PoissonRate rate_, StimulusTarget const& target, StreamId const& stream_, std::uint32_t serial_,
              Step from_, TimeGrid const& grid, std::vector<Target> const& targets)
            : rate{std::move(rate_)},
              delay{grid.step_of(target.delay)},
              synapse{static_cast<std::size_t>(target.synapse)},
              weight{target.weight},
              serial{serial_},
              from{from_},
              stream{stream_} {
            for (auto const& [place, gid, number] : targets) {
                if (runs.empty() || runs.back().population != place.population)
                    runs.push_back({place.population, {}, {}});
                runs.back().cells.push_back(static_cast<std::uint32_t>(place.cell));
                runs.back().gids.push_back(gid);
                if (number) runs.back().numbers.push_back(*number);
            }
            for (auto& run : runs) run.words.resize(4 * run.cells.size());
        }
        PoissonRate rate;
        Step delay;
        std::size_t synapse;
        double weight;
        std::uint32_t serial;
        Step from;        // nothing is fired before
        StreamId stream;  // but for the gid
        std::vector<Run> runs;
    };

    struct Piece;
    /// Words that have been drawn for a step, and the piece whose table says how many events they are.
    struct Drawn {
        Piece const& piece;
        Run const& run;
        std::uint32_t const* words;

        /// Adds their weights to the sums of a step.
        template <class Real>
        void add(Real* sums) const {
            for (auto k = piece.first; k < piece.last; ++k)
                sums[run.cells[k]] += static_cast<Real>(piece.weights[piece.table.index(words[k])]);
        }
        /// Calls f(arrival) for the events of each cell.
        void for_each(Group const& group, Step step, auto&& f) const {
            for (auto k = piece.first; k < piece.last; ++k) {
                wiring::Place const place{run.population, run.cells[k]};
                if (run.numbers.empty() && piece.table(words[k]) > 0)
                    f(Arrival{step, place, group.synapse, piece.weights[piece.table.index(words[k])]});
                for (auto left = run.numbers.empty() ? 0 : piece.table(words[k]); left > 0; --left)
                    f(Arrival{step, place, group.synapse | static_cast<std::size_t>(numbered),
                              SingleEvent{run.numbers[k]}.weight()});
            }
        }
        /// Sends each event.
        void send(auto& events, Step step) const {
            for (auto k = piece.first; k < piece.last; ++k)
                for (auto left = piece.table(words[k]); left > 0; --left) events.arrive(step, run.numbers[k]);
        }
    };

    /// The part of a run that one thread draws for.
    struct Piece {
        std::size_t group_number, run_number, first, last;
        Step block = -1;   // for which words have been drawn
        double mean = -1;  // of the table
        PoissonTable table = {};
        std::vector<double> weights = {};  // of the numbers in the table

        /// The events that are fired at a step.
        Drawn draw(Group const& group, Run& run, Step step) {
            if (auto const now = group.rate.mean_at(step); now != mean) tabulate(group, now);
            if (step / 4 != block) refill(group, run, step / 4);
            return {*this, run, run.words_of(step)};
        }

    private:
        void tabulate(Group const& group, double new_mean) {
            mean = new_mean;
            table.set(mean);
            weights.clear();
            for (std::size_t k = 0; k < table.size(); ++k)
                weights.push_back(group.weight * static_cast<double>(table.lowest() + k));
        }
        void refill(Group const& group, Run& run, Step number) {
            auto stream = group.stream;
            for (auto k = first; k < last; ++k) {
                stream.id1 = run.gids[k];
                auto const drawn = random_block(stream, static_cast<std::uint64_t>(number));
                for (std::size_t q = 0; q < drawn.size(); ++q) run.words[q * run.cells.size() + k] = drawn[q];
            }
            block = number;
        }
    };

    static void for_each_fired(Group& group, Step now, auto&& f) {
        for (auto& run : group.runs) {
            Piece piece{0, 0, 0, run.cells.size()};
            auto const first = std::max({group.rate.first, group.from, now - group.delay});
            for (auto step = first; step < std::min(now, group.rate.last); ++step)
                piece.draw(group, run, step).for_each(group, step + group.delay, f);
        }
    }

    /// Cuts a run at the borders of the parts.
    void cut(auto const& division, std::size_t group, std::size_t number) {
        auto const& run = groups_[group].runs[number];
        auto const borders = division.first_cells(run.population);
        for (std::size_t part = 0; part < pieces_.size(); ++part) {
            auto const first = run.first_from(borders[part]);
            auto const last =
                part + 1 < pieces_.size() ? run.first_from(borders[part + 1]) : run.cells.size();
            if (first < last) pieces_[part].push_back({group, number, first, last});
        }
    }

    static constexpr std::uint32_t own_key = 2, shared_key = 3;

    TimeGrid grid_;
    std::vector<Group> groups_;
    std::vector<std::vector<Piece>> pieces_;  // of each part
    bool changed_ = false;
    std::uint64_t divided_for_ = 0;  // the version of the division
};

using PoissonTrains = basic_poisson_trains<>;

}  // namespace hillock::inline HILLOCK_ISA::scheduling
