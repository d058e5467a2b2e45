// SPDX-License-Identifier: MIT
#pragma once

/// Ranks over MPI: the only header of hillock that includes Boost.MPI.
///
///     int main(int argc, char** argv) {
///         return hk::mpi_main(argc, argv, [](hk::MpiExchange const& world) {
///             hk::Network<MyCell> net{world};
///             ...
///             if (world.rank() == 0) hk::write_spikes("spikes.dat", spikes);
///             return 0;
///         });
///     }

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>

#include <fmt/format.h>

#include <hillock/files/streams.hpp>
#include <hillock/isa.hpp>
#include <hillock/run/exchange.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The processes of an MPI communicator, by default all of the job. What they say travels as flat words: one
/// MPI_Allgather of frames of a fixed size, and a second gather only when somebody has more to say than a
/// frame holds.
class MpiExchange {
public:
    explicit MpiExchange(boost::mpi::communicator world = {}) : world_{std::move(world)} {}

    std::size_t rank() const { return static_cast<std::size_t>(world_.rank()); }
    std::size_t ranks() const { return static_cast<std::size_t>(world_.size()); }

    void all_gather(std::span<std::uint64_t const> mine, Gathered& all) {
        auto const [head, rest] = std::pair{mine.first(std::min(mine.size(), in_frame)),
                                            mine.subspan(std::min(mine.size(), in_frame))};
        Frame frame{};
        frame[0] = mine.size();
        std::ranges::copy(head, frame.begin() + 1);
        frames_.resize(ranks());
        MPI_Allgather(frame.data(), frame.size(), MPI_UINT64_T, frames_.data(), frame.size(), MPI_UINT64_T,
                      world_);
        gather_rest(rest);

        all.words.clear();
        all.first.assign(1, 0);
        for (std::size_t r = 0; r < ranks(); ++r) {
            auto const words = frames_[r].begin() + 1;
            all.words.insert(all.words.end(), words,
                             words + static_cast<std::ptrdiff_t>(std::min(frames_[r][0], in_frame)));
            all.words.insert(all.words.end(), rest_.begin() + starts_[r],
                             rest_.begin() + starts_[r] + counts_[r]);
            all.first.push_back(all.words.size());
        }
    }

private:
    static constexpr std::uint64_t in_frame = 31;
    using Frame = std::array<std::uint64_t, 1 + in_frame>;  // how many words there are, and the first of them

    /// What did not fit into the frames.
    void gather_rest(std::span<std::uint64_t const> mine) {
        counts_.clear();
        starts_.clear();
        int total = 0;
        for (auto const& frame : frames_) {
            counts_.push_back(static_cast<int>(frame[0] - std::min(frame[0], in_frame)));
            starts_.push_back(std::exchange(total, total + counts_.back()));
        }
        rest_.resize(static_cast<std::size_t>(total));
        if (total == 0) return;
        MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_UINT64_T, rest_.data(), counts_.data(),
                       starts_.data(), MPI_UINT64_T, world_);
    }

    boost::mpi::communicator world_;
    std::vector<Frame> frames_;
    std::vector<std::uint64_t> rest_;
    std::vector<int> counts_, starts_;
};

/// Runs `program(exchange)` on every process of the job and returns what it returns; started without mpirun
/// it runs as one rank. If it throws on some of them, wherever that is, their messages are shown and the
/// whole job ends with an exit code that is not 0.
template <class Program>
int mpi_main(int& argc, char**& argv, Program&& program) {
    boost::mpi::environment const environment(argc, argv);
    boost::mpi::communicator const world;
    try {
        return program(MpiExchange(world));
    } catch (ForeignError const&) {
        return 1;  // the rank that has failed says so and ends the job
    } catch (std::exception const& error) {
        if (world.size() == 1)
            print_error("{}: {}\n", argv[0], error.what());
        else
            print_error("{}: rank {}: {}\n", argv[0], world.rank(), error.what());
        if (world.size() > 1) environment.abort(1);
        return 1;
    }
}

}  // namespace hillock::inline HILLOCK_ISA
