// SPDX-License-Identifier: MIT
#pragma once

/// Draws pictures with gnuplot from a data file and a script. For `raster.png` the numbers go to
/// `raster.plot.dat` and the script to `raster.gp` beside it; both stay, so that the script can be edited and
/// run again: `gnuplot raster.gp`. If gnuplot is not on PATH, only these two files are written, and
/// `Picture::message()` says how to draw them.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::plot {

/// An axis: its label, such as "time (ms)", and its ends, by default those of the data.
struct Axis {
    std::string label = {};                       // with its unit
    std::optional<double> first = {}, last = {};  // its ends, by default those of the data
    bool logarithmic = false;                     // whether numbers are spaced by their ratio
    std::optional<double> step =
        {};  ///< between its numbers; by default a round one at which they do not touch
};

/// The properties that all pictures have.
struct Layout {
    std::string title = {};          // above the picture; none if empty
    Axis x = {}, y = {};             // the axes
    int width = 1200, height = 700;  ///< pixels
};

/// The files that have been written.
struct Picture {
    std::filesystem::path image, script, data;  // the picture, and the files that gnuplot draws it from
    bool drawn;                                 ///< by gnuplot; otherwise there is no image yet

    /// A line for the user: the image, or how to draw it.
    std::string message() const {
        return drawn ? image.string()
                     : fmt::format("gnuplot is not installed; to draw {}: gnuplot \"{}\"", image.string(),
                                   script.string());
    }
};

namespace gnuplot {

/// A string literal of gnuplot's: in single quotes, where only a quote has to be doubled.
inline std::string in_quotes(std::string_view text) {
    std::string literal = "'";
    for (auto const c : text) literal += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
    return literal + "'";
}

/// The smallest and largest finite number, moved apart if they coincide.
struct Extent {
    double low = std::numeric_limits<double>::infinity(), high = -low;

    void include(double number) {
        if (!std::isfinite(number)) return;
        low = std::min(low, number);
        high = std::max(high, number);
    }

    /// Adds `margin`, a fraction of the whole, on either side.
    Extent widened(double margin = 0) const {
        if (low > high) return {0, 1};
        if (low == high) return {low, low + std::max(1., std::abs(low))};
        return {low - margin * (high - low), high + margin * (high - low)};
    }
};

/// Fills in the ends that an axis lacks.
inline Axis fitted(Axis axis, Extent const& data) {
    if (!axis.first) axis.first = data.low;
    if (!axis.last) axis.last = data.high;
    require(std::isfinite(*axis.first) && std::isfinite(*axis.last) && *axis.first != *axis.last,
            "axis '{}' from {} to {}: its ends must be finite and differ", axis.label, *axis.first,
            *axis.last);
    return axis;
}

/// The least number of pixels that labels and a colour bar leave for the axes.
inline double columns(Layout const& layout) { return std::max(100., layout.width - 360.); }
inline double rows(Layout const& layout) { return std::max(100., layout.height - 170.); }

/// The smallest round step (1, 2 or 5 times a power of ten) at which the numbers along an axis do not touch.
/// The axis has `room` pixels; a number takes `character` pixels for each of its characters, and `gap`.
inline double step(Axis const& axis, double room, double character, double gap) {
    constexpr int most = 10;
    auto const low = std::min(*axis.first, *axis.last);
    auto const length = std::min(std::abs(*axis.last - *axis.first), 1e300);
    auto const fits = [&](double step) {
        auto const count = length / step;
        if (count > most) return false;
        std::size_t widest = 0;
        for (int k = 0; k <= count; ++k)
            widest = std::max(widest, fmt::format("{:g}", (std::ceil(low / step) + k) * step).size());
        return count * (character * static_cast<double>(widest) + gap) <= room;
    };
    for (auto power = std::pow(10, std::floor(std::log10(std::max(length, 1e-290))) - 1);; power *= 10)
        for (auto const digit : {1, 2, 5})
            if (auto const step = digit * power; fits(step) || step > length) return step;
}

/// The step for numbers in the script's font that stand beside each other, or one above the other.
inline double step_beside(Axis const& axis, double room) { return step(axis, room, 14, 14); }
inline double step_above(Axis const& axis, double room) { return step(axis, room, 0, 40); }

/// Fills in the steps that the axes lack.
inline Layout with_steps(Layout layout) {
    for (auto const& axis : {layout.x, layout.y})
        require(!axis.step || (std::isfinite(*axis.step) && *axis.step > 0),
                "axis '{}' in steps of {}: must be positive and finite", axis.label, axis.step.value_or(0));
    if (!layout.x.step) layout.x.step = step_beside(layout.x, columns(layout));
    if (!layout.y.step) layout.y.step = step_above(layout.y, rows(layout));
    return layout;
}

/// The paths of a picture's files.
inline Picture beside(std::filesystem::path const& image) {
    require(image.has_stem(), "picture '{}': must be the path of a file", image.string());
    auto script = image, data = image;
    script.replace_extension(".gp");
    data.replace_extension(".plot.dat");  // not raster.dat: that might be the spikes
    require(script != image && data != image,
            "picture '{}': must not end in .gp or .plot.dat, the names of its script and data",
            image.string());
    return {image, script, data, false};
}

/// The beginning of every script: the title, below it the legend if there is one, the axes. The
/// script finds its data by its own path, wherever the folder goes and wherever gnuplot is started.
inline std::string preamble(Picture const& picture, Layout const& layout, bool has_legend) {
    auto const script = picture.script.filename().string();
    auto const image = in_quotes(picture.image.filename().string());
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "# Draws {}; edit as you like and run it with gnuplot.\n\n", image);
    fmt::format_to(out, "set encoding utf8\n");
    fmt::format_to(out, "folder = ARG0[1:strlen(ARG0)-strlen({})]\n", in_quotes(script));
    fmt::format_to(out, "data = folder.{}\n", in_quotes(picture.data.filename().string()));
    auto const settings = fmt::format("noenhanced size {},{} font 'DejaVu Sans,16' background '#ffffff'",
                                      layout.width, layout.height);
    fmt::format_to(out, "if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {{ set terminal pngcairo {} }}", settings);
    fmt::format_to(out, " else {{ set terminal png {} }}\n", settings);
    fmt::format_to(out, "set output folder.{}\n\n", image);
    fmt::format_to(out, "set tmargin {}\nset label 1 {} at graph 0, graph 1 left offset 0, {} font ',18'\n",
                   has_legend ? 5. : 3., in_quotes(layout.title), has_legend ? 2.8 : 1.);
    fmt::format_to(out, "set key at graph 0, graph 1.01 left bottom horizontal reverse Left samplen 1 "
                        "maxrows 1 font ',14'\n");
    for (auto const& [name, axis] : {std::pair{'x', layout.x}, std::pair{'y', layout.y}}) {
        fmt::format_to(out, "set {}label {}\n", name, in_quotes(axis.label));
        fmt::format_to(out, "set {}range [{}:{}]\n", name, *axis.first, *axis.last);
        if (axis.logarithmic)
            fmt::format_to(out, "set logscale {0}\nset format {0} '%g'\n", name);
        else
            fmt::format_to(out, "set {}tics {}\n", name, *axis.step);
    }
    fmt::format_to(out, "set border 3 linecolor '#404040'\nset tics out nomirror\n");
    return text;
}

/// Runs a program from PATH and returns its status as waitpid gives it; none if there is no such program.
inline std::optional<int> run(char const* program, std::vector<std::string> arguments) {
    std::vector<char*> argv{const_cast<char*>(program)};
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t child;
    if (auto const reason = posix_spawnp(&child, program, nullptr, nullptr, argv.data(), environ)) {
        require(reason == ENOENT || reason == EACCES, "cannot start {}: {}", program,
                std::generic_category().message(reason));
        return {};
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        require(errno == EINTR, "cannot wait for {}: {}", program, std::generic_category().message(errno));
    return status;
}

/// Whether a file is a complete PNG, from its signature to its last chunk. On a full disk gnuplot writes part
/// of it and still exits with status 0.
inline bool is_complete_png(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::array<char, 8> bytes{};
    auto const read = [&] { return static_cast<bool>(file.read(bytes.data(), bytes.size())); };
    if (!read() || std::string_view(bytes.data(), bytes.size()) != "\x89PNG\r\n\x1a\n") return false;
    while (read()) {  // length and name of a chunk
        std::uint32_t length = 0;
        for (std::size_t k = 0; k < 4; ++k) length = length << 8 | static_cast<unsigned char>(bytes[k]);
        bool const is_last = std::string_view(bytes.data() + 4, 4) == "IEND";
        file.seekg(length, std::ios::cur);
        if (!file.read(bytes.data(), 4)) return false;  // its checksum
        if (is_last) return true;
    }
    return false;
}

/// The reason why gnuplot failed to draw an image; none if it did not.
inline std::optional<std::string> failure(int status, std::filesystem::path const& image) {
    if (WIFSIGNALED(status)) return fmt::format("ended by signal {}", WTERMSIG(status));
    if (WEXITSTATUS(status) != 0) return fmt::format("exit status {}", WEXITSTATUS(status));
    if (!is_complete_png(image)) return "the image is incomplete; is the disk full?";
    return {};
}

/// Removes an image that is outdated or incomplete; a link to it stays.
inline void remove_image(std::filesystem::path const& image) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_regular_file(image, ignored)) fs::remove(fs::canonical(image, ignored), ignored);
}

/// Writes the script and draws the picture, whose data have been written. The image is complete or absent.
inline Picture draw(Picture picture, Layout const& layout, std::string_view commands) {
    OutputFile script{picture.script};
    bool const has_legend = commands.find(" title '") != commands.npos;
    script.write(preamble(picture, with_steps(layout), has_legend));
    script.write(commands);
    script.commit();
    remove_image(picture.image);  // of an earlier run
    auto const status = run("gnuplot", {"-d", std::filesystem::absolute(picture.script).string()});
    if (!status) return picture;
    if (auto const reason = failure(*status, picture.image)) {
        remove_image(picture.image);
        raise("gnuplot could not draw '{}' from '{}': {}", picture.image.string(), picture.script.string(),
              *reason);
    }
    picture.drawn = true;
    return picture;
}

}  // namespace gnuplot

}  // namespace hillock::inline HILLOCK_ISA::plot
