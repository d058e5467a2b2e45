// SPDX-License-Identifier: MIT
#pragma once

/// The spike file of the tutorial: text, one line a spike, `%.12f, %d` = time in ms, gid; in ascending (time,
/// gid).
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

/// `%.12f, %d`, digit for digit, by std::to_chars: three times as fast as formatting.
inline void write_line(OutputFile& file, Spike const& spike) {
    std::array<char, 352> digits;  // a double has at most 309 before the point
    auto* const end =
        std::to_chars(digits.begin(), digits.end(), spike.time, std::chars_format::fixed, 12).ptr;
    fmt::format_int const gid{spike.gid};
    file.write({digits.data(), static_cast<std::size_t>(end - digits.data())});
    file.write(", ");
    file.write({gid.data(), gid.size()});
    file.write("\n");
}

}  // namespace spike_file

/// Writes `spikes` in ascending (time, gid) to a file that is open: opened before a long run, it shows in
/// time that it can be written. An `Error` where it cannot, or where a time is not one (negative, not
/// finite).
inline void write_spikes(OutputFile& file, Raster spikes) {
    for (auto const& [time, gid] : spikes)
        require(std::isfinite(time) && time >= 0,
                "spike of cell {} at {} ms: a time must be finite and not negative", gid, time);
    if (!std::ranges::is_sorted(spikes)) std::ranges::sort(spikes);
    for (auto const& spike : spikes) spike_file::write_line(file, spike);
    file.commit();
}

/// Writes `spikes` to the file at `path`, whole or not at all.
inline void write_spikes(std::filesystem::path const& path, Raster spikes) {
    OutputFile file{path};
    write_spikes(file, std::move(spikes));
}

/// Reads a spike file. An `Error` with file and line number where a line is malformed or out of order, a time
/// is negative or not finite, or a gid is not below `cells`. Blanks around the numbers, CRLF and blank lines
/// at the end are accepted.
inline Raster read_spikes(std::filesystem::path const& path, std::uint64_t cells = std::uint64_t{1} << 32) {
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
