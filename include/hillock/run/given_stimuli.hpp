// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/model/poisson.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/varying_current.hpp>
#include <hillock/run/extracellular_field.hpp>
#include <hillock/run/serial.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The handle of what one call of `stimulate` has given: for `change` and `remove` of the same network, or of
/// a copy made since.
class Stimulus {
public:
    /// Made by `stimulate` alone.
    Stimulus(void const* family, std::uint32_t number) : family_{family}, number_{number} {}

    void const* family() const { return family_; }    // says which networks know it
    std::uint32_t number() const { return number_; }  // counts the calls of `stimulate`

private:
    void const* family_;
    std::uint32_t number_;
};

/// A source of current, which is put in a place and needs no synapse.
template <class S>
concept CurrentSource = !arrives_at_synapse<S>;
/// All that cells can be stimulated by.
template <class S>
concept StimulusSource = CurrentSource<S> || std::same_as<S, NetStim> || std::same_as<S, Poisson> ||
                         std::same_as<S, InhomogeneousPoisson> || std::same_as<S, SpikeTimes>;

}  // namespace hillock::inline HILLOCK_ISA

namespace hillock::inline HILLOCK_ISA::scheduling {

/// Random streams of one kind of source; no two of a kind may have the same number in one cell.
struct StreamUse {
    std::string_view source, process, draws;  // in the words of an error
    std::uint32_t stream;
};

inline std::optional<StreamUse> stream_of(auto const&) { return {}; }
inline std::optional<StreamUse> stream_of(NetStim const& s) {
    if (s.noise == 0) return {};
    return StreamUse{"NetStim", "noisy NetStim", "intervals", s.stream};
}
inline std::optional<StreamUse> stream_of(Poisson const& s) {
    return StreamUse{"Poisson", "Poisson process", "draws", s.stream};
}
inline std::optional<StreamUse> stream_of(InhomogeneousPoisson const& s) {
    return StreamUse{"InhomogeneousPoisson", "Poisson process", "draws", s.stream};
}
inline std::optional<StreamUse> stream_of(OrnsteinUhlenbeck const& s) {
    return StreamUse{"OrnsteinUhlenbeck", "noise current", "draws", s.stream};
}

/// Which cells have which random streams.
class StreamUses {
public:
    /// Throws if one of the cells has that stream already; that of stimulus `but_for` is about to go.
    void check(StreamUse const& use, Cells const& cells, std::uint32_t but_for) const {
        auto const found = by_stream_.find({use.process, use.stream});
        if (found == by_stream_.end()) return;
        for (auto const& interval : cells.intervals())
            require(!meets(found->second, interval, but_for),
                    "{}.stream = {}: some of these cells have a {} on that stream already and would get the "
                    "same {} again; give this one another stream",
                    use.source, use.stream, use.process, use.draws);
    }
    /// All of the cells or, where memory is missing, none.
    void take(StreamUse const& use, Cells const& cells, std::uint32_t serial) {
        try {
            auto& users = by_stream_[{use.process, use.stream}];
            for (auto const& interval : cells.intervals())
                users.emplace(interval.first, User{interval.last, serial});
        } catch (...) {
            release(use, cells, serial);
            throw;
        }
    }
    void release(StreamUse const& use, Cells const& cells, std::uint32_t serial) noexcept {
        auto const found = by_stream_.find({use.process, use.stream});
        if (found == by_stream_.end() || cells.empty()) return;
        auto& users = found->second;
        for (auto user = users.lower_bound(cells.lowest());
             user != users.end() && user->first <= cells.highest();)
            user = user->second.serial == serial ? users.erase(user) : std::next(user);
    }

private:
    struct User {
        Gid last;  // of cells from the key on, not included
        std::uint32_t serial;
    };
    using Users = std::multimap<Gid, User>;  // those of different cells, but for one that is about to go

    static bool meets(Users const& users, Cells::Interval const& interval, std::uint32_t but_for) {
        for (auto user = users.lower_bound(interval.last); user != users.begin();) {
            --user;
            if (user->second.last <= interval.first) return false;  // and so are all before
            if (user->second.serial != but_for) return true;
        }
        return false;
    }

    std::map<std::pair<std::string_view, std::uint32_t>, Users> by_stream_;
};

/// The numbers of a source, for comparison.
inline void add_to(Digest& all, PlaceText const& where) {
    for (auto const letter : where.text()) all.add(static_cast<std::uint64_t>(letter));
}
inline void add_to(Digest& all, std::vector<double> const& numbers) {
    all.add(numbers.size());
    for (auto const number : numbers) all.add(number);
}
inline void add_to(Digest& all, double number) { all.add(number); }
inline void add_to(Digest& all, std::uint32_t number) { all.add(number); }
inline void add_to(Digest& all, bool number) { all.add(std::uint64_t{number}); }

inline std::uint64_t digest_of(std::string_view kind, auto const&... numbers) {
    Digest all;
    for (auto const letter : kind) all.add(static_cast<std::uint64_t>(letter));
    (add_to(all, numbers), ...);
    return all.value();
}
inline std::uint64_t digest_of(NetStim const& s) {
    return digest_of("NetStim", s.interval, s.noise, s.start, s.duration, s.number, s.stream);
}
inline std::uint64_t digest_of(Poisson const& s) {
    return digest_of("Poisson", s.rate, s.start, s.duration, s.stream, s.shared);
}
inline std::uint64_t digest_of(InhomogeneousPoisson const& s) {
    return digest_of("InhomogeneousPoisson", s.times, s.rates, s.linear, s.stream, s.shared);
}
inline std::uint64_t digest_of(SpikeTimes const& s) { return digest_of("SpikeTimes", s.times); }
inline std::uint64_t digest_of(IClamp const& s) {
    return digest_of("IClamp", s.delay, s.dur, s.amp, s.where);
}
inline std::uint64_t digest_of(CurrentTrace const& s) {
    return digest_of("CurrentTrace", s.times, s.values, s.stepped, s.where);
}
inline std::uint64_t digest_of(ExtracellularField const& s) {
    return digest_of("ExtracellularField", s.times, s.values, s.stepped);
}
inline std::uint64_t digest_of(OrnsteinUhlenbeck const& s) {
    return digest_of("OrnsteinUhlenbeck", s.mean, s.sd, s.tau, s.start, s.duration, s.where, s.stream);
}
inline std::uint64_t digest_of(std::vector<ExternalEvent> const& events) {
    Digest all;
    for (auto const& e : events) {
        all.add(e.gid);
        all.add(e.time);
        all.add(static_cast<std::uint64_t>(e.synapse));
        all.add(e.weight);
    }
    return all.value();
}

/// All that a network's `stimulate` has given and nobody has removed, in order.
class GivenStimuli {
public:
    struct Given {
        std::uint32_t handle;  // what its user calls it
        std::uint32_t serial;  // rises from one to the next
        Step from;             // what a source would have fired before is left out
        Cells cells;
        StimulusTarget target;
        std::optional<StreamUse> stream;
        std::uint64_t source;  // digest

        /// Says what it is, where a snapshot is restored.
        std::uint64_t digest() const {
            Digest all;
            all.add(source);
            for (auto const& interval : cells.intervals()) {
                all.add(interval.first);
                all.add(interval.last);
            }
            all.add(static_cast<std::uint64_t>(target.synapse));
            all.add(target.weight);
            all.add(target.delay);
            return all.value();
        }
    };

    std::vector<Given> const& all() const { return all_; }
    std::vector<Given>& all() { return all_; }
    /// How many are before the one of a serial number.
    std::size_t place_of(std::uint32_t serial) const { return count_before(all_, serial); }
    /// The serial number of the next one.
    std::uint32_t next() const { return next_; }
    Stimulus last_handle() const { return {family_.get(), all_.back().handle}; }

    /// Throws if a cell has such a random stream already.
    void check(std::optional<StreamUse> const& stream, Cells const& cells,
               std::optional<std::uint32_t> but_for = {}) const {
        if (stream) streams_.check(*stream, cells, but_for.value_or(next_));
    }
    /// All of it or nothing is added.
    void add(Given given) {
        require(next_ < std::numeric_limits<std::uint32_t>::max(), "stimulate: called 2^32 - 1 times");
        meta::make_room(all_, 1);
        if (given.stream) streams_.take(*given.stream, given.cells, given.serial);
        all_.push_back(std::move(given));
        ++next_;
    }
    /// Takes back those from a serial number on.
    void keep(std::uint32_t serial) noexcept {
        while (!all_.empty() && all_.back().serial >= serial) {
            release(all_.back());
            all_.pop_back();
        }
    }
    void remove(std::uint32_t serial) noexcept {
        auto const at = count_before(all_, serial);
        release(all_[at]);
        all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    /// The one that a handle stands for.
    Given const& find(std::string_view call, Stimulus const& handle) const {
        require(handle.family() == family_.get(), "{}: a stimulus of another network", call);
        for (auto const& given : all_)
            if (given.handle == handle.number()) return given;
        raise("{}: stimulus {} has been removed", call, handle.number());
    }

private:
    void release(Given const& given) noexcept {
        if (given.stream) streams_.release(*given.stream, given.cells, given.serial);
    }

    std::vector<Given> all_;
    std::uint32_t next_ = 0;
    StreamUses streams_;
    std::shared_ptr<char const> family_ = std::make_shared<char const>();  // shared by copies
};

}  // namespace hillock::inline HILLOCK_ISA::scheduling
