// SPDX-License-Identifier: MIT
#pragma once

/// The spike file of the tutorial: text, a line for each spike with its time in ms and its gid as
/// `%.12f, %d`, in ascending (time, gid).
///
///     2.325000000000, 746
///     2.375000000000, 452

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <hillock/files/csv.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace spike_file {

/// A time as `%.12f` prints it, digit for digit, by std::to_chars: three times as fast as formatting.
class TimeText {
public:
    explicit TimeText(double time) {
        time += 0.0;  // -0 to 0
        end_ = std::to_chars(digits_.begin(), digits_.end(), time, std::chars_format::fixed, 12).ptr;
    }
    operator std::string_view() const {
        return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
    }

private:
    std::array<char, 352> digits_;  // a double has at most 309 before the point
    char* end_;
};

/// Whether two times, the first not the later one, have the same text, though they may differ.
inline bool print_alike(double first, double second) {
    constexpr double resolution = 1e-12;  // ms, of the text
    if (second - first > resolution) return false;
    return first == second || std::string_view{TimeText{first}} == std::string_view{TimeText{second}};
}

inline void write_line(OutputFile& file, Spike const& spike) {
    file.write(TimeText{spike.time});
    file.write(", ");
    fmt::format_int const gid{spike.gid};
    file.write({gid.data(), gid.size()});
    file.write("\n");
}

/// Sorts spikes as their lines are in order: by the time that is printed, then by gid. Times that print alike
/// become one.
inline void sort_as_printed(Raster& spikes) {
    if (!std::is_sorted(spikes.begin(), spikes.end())) std::sort(spikes.begin(), spikes.end());
    for (auto first = spikes.begin(); first != spikes.end();) {
        auto last = first;
        bool differ = false;
        for (; last != spikes.end() && print_alike(first->time, last->time); ++last)
            if (last->time != first->time) {
                last->time = first->time;
                differ = true;
            }
        if (differ) std::sort(first, last);
        first = last;
    }
}

}  // namespace spike_file

/// Writes `spikes`, in any order, to a file that is open: opened before a long run, it shows in time that it
/// can be written. An `Error` where it cannot, or where a time is negative or not finite. Times are rounded
/// to 1e-12 ms; of spikes that have the same time then, the lowest gid comes first.
inline void write_spikes(OutputFile& file, Raster spikes) {
    for (auto const& [time, gid] : spikes)
        require(std::isfinite(time) && time >= 0,
                "spike of cell {} at {} ms: a time must be finite and not negative", gid, time);
    spike_file::sort_as_printed(spikes);
    for (auto const& spike : spikes) spike_file::write_line(file, spike);
    file.commit();
}

/// Writes `spikes` to the file at `path`, whole or not at all.
inline void write_spikes(std::filesystem::path const& path, Raster spikes) {
    OutputFile file{path};
    write_spikes(file, std::move(spikes));
}

/// Reads a spike file. An `Error` with file and line number where a line is malformed or out of order, a time
/// is negative or not finite, or a gid is not below `cells`. Blanks around the numbers and blank lines at the
/// end are accepted.
template <class = void>
Raster read_spikes(std::filesystem::path const& path, std::uint64_t cells = std::uint64_t{1} << 32) {
    Raster spikes;
    CsvReader<double, Gid> file{path, {"time", "gid"}, CsvHeader::none};
    while (auto const row = file.next()) {
        auto const [time, gid] = *row;
        auto const spike = Spike{time, gid};
        if (time < 0) file.fail("time {} ms: must not be negative", time);
        if (gid >= cells) file.fail("gid {}: must be below the number of cells, {}", gid, cells);
        if (!spikes.empty() && spike < spikes.back())
            file.fail("the spike {}, {} comes after {}, {}: must be in ascending (time, gid)", time, gid,
                      spikes.back().time, spikes.back().gid);
        spikes.push_back(spike);
    }
    return spikes;
}

}  // namespace hillock::inline HILLOCK_ISA
