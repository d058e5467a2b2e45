// SPDX-License-Identifier: MIT
#pragma once

/// Recorded extracellular potentials as a table and as a picture.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/run/lfp_record.hpp>

namespace hillock::inline HILLOCK_ISA {

/// Writes a table: t (ms), and the potential (mV) at each electrode, named by its place in um. The file is
/// complete afterwards.
inline void write_lfp(OutputFile& file, LfpRecord const& record) {
    file.print("t");
    for (auto const& e : record.electrodes) file.print(",({} {} {})", e.x, e.y, e.z);
    for (std::size_t time = 0; time < record.times.size(); ++time) {
        file.print("\n{:.10g}", record.times[time]);
        for (std::size_t e = 0; e < record.electrodes.size(); ++e) file.print(",{}", record.at(time, e));
    }
    file.print("\n");
    file.commit();
}
inline void write_lfp(std::filesystem::path const& path, LfpRecord const& record) {
    OutputFile file(path);
    write_lfp(file, record);
}

namespace plot {

/// Draws the potential at each electrode as a curve of its own, one above the other in their order, the first
/// at the bottom. The number on the left is that of the electrode, and the title says how large one step is.
inline Picture lfp(std::filesystem::path const& image, LfpRecord const& record, Layout layout) {
    double largest = 0;
    for (auto const mV : record.values) largest = std::max(largest, std::abs(mV));
    auto const step = largest > 0 ? 1.5 * largest : 1;
    std::vector<Curve> curves;
    for (std::size_t e = 0; e < record.electrodes.size(); ++e) {
        auto& curve = curves.emplace_back(Curve{"", record.times, {}});
        for (std::size_t time = 0; time < record.times.size(); ++time)
            curve.y.push_back(static_cast<double>(e) + record.at(time, e) / step);
    }
    layout.title +=
        fmt::format("{}from electrode to electrode {:.3g} uV", layout.title.empty() ? "" : "; ", 1e3 * step);
    if (layout.x.label.empty()) layout.x.label = "time (ms)";
    if (layout.y.label.empty()) layout.y.label = "electrode";
    if (!layout.y.step) layout.y.step = std::ceil(static_cast<double>(record.electrodes.size()) / 20);
    return lines(image, curves, std::move(layout));
}

}  // namespace plot
}  // namespace hillock::inline HILLOCK_ISA
