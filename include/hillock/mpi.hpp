// SPDX-License-Identifier: MIT
#pragma once

/// Ranks over MPI: the only header of hillock that includes Boost.MPI.
///
///     int main(int argc, char** argv) {
///         return hk::mpi_main(argc, argv, [](hk::MpiExchange const& world) {
///             hk::Network<MyCell> net{world};
///             ...
///             if (world.rank() == 0) hk::write_spikes("spikes.dat", spikes);
///         });
///     }

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>

#include <fmt/format.h>

#include <hillock/files/streams.hpp>
#include <hillock/isa.hpp>
#include <hillock/run/exchange.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The processes of an MPI communicator, by default all of the job. Words travel in one MPI_Allgather of
/// frames of a fixed size, and in a second gather only if a rank has more of them than a frame holds.
class MpiExchange {
public:
    /// Makes this process a rank of a communicator.
    explicit MpiExchange(boost::mpi::communicator world = {})
        : world_{std::move(world)}, closed_{&closed_flag(world_)} {}

    std::size_t rank() const { return static_cast<std::size_t>(world_.rank()); }
    std::size_t ranks() const { return static_cast<std::size_t>(world_.size()); }

    void all_gather(std::span<std::uint64_t const> outgoing, Gathered& received) {
        require(!*closed_, "another rank has ended; all ranks must do the same with a network");
        auto const in_first = std::min(outgoing.size(), in_frame);
        gather_frames(outgoing.size(), outgoing.first(in_first));
        for (std::size_t r = 0; r < frames_.size(); ++r)
            if (frames_[r][0] == farewell) {
                *closed_ = true;
                raise("rank {} has ended; all ranks must do the same with a network", r);
            }
        gather_rest(outgoing.subspan(in_first));

        received.words.clear();
        received.first.assign(1, 0);
        for (std::size_t r = 0; r < frames_.size(); ++r) {
            append(received.words, std::span(frames_[r]).subspan(1, std::min(frames_[r][0], in_frame)));
            append(received.words, std::span(rest_).subspan(static_cast<std::size_t>(starts_[r]),
                                                            static_cast<std::size_t>(counts_[r])));
            received.first.push_back(received.words.size());
        }
    }

    /// Tells the other ranks that this one will not return: those that wait for it get an `Error`. Waits
    /// until each of them has either left as well or been told.
    void leave() {
        if (*closed_) return;
        gather_frames(farewell, {});
        *closed_ = true;
    }

private:
    static constexpr std::uint64_t in_frame = 31;
    static constexpr auto farewell = std::numeric_limits<std::uint64_t>::max();  // in place of a number
    using Frame = std::array<std::uint64_t, 1 + in_frame>;  // how many words there are, and the first of them

    static void append(std::vector<std::uint64_t>& all, std::span<std::uint64_t const> words) {
        all.insert(all.end(), words.begin(), words.end());
    }

    void gather_frames(std::uint64_t number, std::span<std::uint64_t const> words) {
        Frame frame{};
        frame[0] = number;
        std::ranges::copy(words, frame.begin() + 1);
        frames_.resize(ranks());
        constexpr auto length = static_cast<int>(frame.size());
        MPI_Allgather(frame.data(), length, MPI_UINT64_T, frames_.data(), length, MPI_UINT64_T, world_);
    }

    /// Gathers the words that do not fit into the frames.
    void gather_rest(std::span<std::uint64_t const> outgoing) {
        counts_.clear();
        starts_.clear();
        std::uint64_t total = 0;
        for (auto const& frame : frames_) {
            auto const count = frame[0] - std::min(frame[0], in_frame);
            require(total + count <= std::numeric_limits<int>::max(),
                    "an exchange of {} words: MPI takes fewer than 2^31", total + count);
            counts_.push_back(static_cast<int>(count));
            starts_.push_back(static_cast<int>(total));
            total += count;
        }
        rest_.resize(total);
        if (total == 0) return;
        MPI_Allgatherv(outgoing.data(), static_cast<int>(outgoing.size()), MPI_UINT64_T, rest_.data(),
                       counts_.data(), starts_.data(), MPI_UINT64_T, world_);
    }

    /// Whether a rank has left, so that none must wait for the others again. All exchanges over a
    /// communicator share this flag, which is an attribute of that.
    static bool& closed_flag(boost::mpi::communicator const& world) {
        static int const key = [] {
            int created = 0;
            MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, delete_flag, &created, nullptr);
            return created;
        }();
        void* flag = nullptr;
        int found = 0;
        MPI_Comm_get_attr(world, key, &flag, &found);
        if (found == 0) {
            flag = new bool(false);
            MPI_Comm_set_attr(world, key, flag);
        }
        return *static_cast<bool*>(flag);
    }
    static int delete_flag(MPI_Comm, int, void* flag, void*) {
        delete static_cast<bool*>(flag);
        return MPI_SUCCESS;
    }

    boost::mpi::communicator world_;
    bool* closed_;
    std::vector<Frame> frames_;
    std::vector<std::uint64_t> rest_;
    std::vector<int> counts_, starts_;
};

/// Runs `program(exchange)` on every process of the job. The exit code is the int that it returns, or 0 if it
/// returns nothing. Started without mpirun the program runs as one rank.
///
/// If it throws on some ranks, their messages are shown and the whole job ends with an exit code other than
/// 0, as it does if it returns on one rank while another waits for it.
template <std::invocable<MpiExchange> Program>
int mpi_main(int& argc, char**& argv, Program&& program) {
    boost::mpi::environment const environment(argc, argv);
    boost::mpi::communicator const world;
    MpiExchange exchange(world);
    try {
        int exit_code = 0;
        using Result = std::invoke_result_t<Program&, MpiExchange>;
        if constexpr (std::is_same_v<Result, int>) {
            exit_code = program(MpiExchange(world));
        } else {
            static_assert(std::is_void_v<Result>,
                          "mpi_main: the program must return int, its exit code, or nothing");
            program(MpiExchange(world));
        }
        exchange.leave();
        return exit_code;
    } catch (ForeignError const&) {
        exchange.leave();  // unless the rank that has failed, which shows its message, ends the job before
        return 1;
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
