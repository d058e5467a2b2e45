// SPDX-License-Identifier: MIT
#pragma once

/// Pictures by gnuplot. Each function writes, for `raster.png`, the numbers to `raster.plot.dat` and a script
/// to `raster.gp` beside it and lets gnuplot draw; both files stay, so that the script can be edited and run
/// again: `gnuplot raster.gp`. Where gnuplot is not on PATH the two files are all there is, and
/// `Picture::message()` says how to draw them.
///
///     raster    a dot a spike, groups of cells in colours
///     steps     a number in each bin
///     lines     curves, traces
///     heat_map  a matrix as an image

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hillock/analysis/bins.hpp>
#include <hillock/analysis/matrix.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA::plot {

/// What stands at an axis, "time (ms)" say, and where it begins and ends; by default it spans the data.
struct Axis {
    std::string label = {};
    std::optional<double> first = {}, last = {};
    bool logarithmic = false;
};

/// What pictures have in common.
struct Layout {
    std::string title = {};
    Axis x = {}, y = {};
    int width = 1200, height = 700;  ///< pixels
};

/// Cells that share a colour and an entry in a raster's legend.
struct Group {
    std::string label;
    Cells cells;
};

/// A number in each bin.
struct Series {
    std::string label;  ///< for the legend; none if empty
    std::vector<double> values;
};

/// Points joined by a line.
struct Curve {
    std::string label;  ///< for the legend; none if empty
    std::vector<double> x, y;
};

/// A matrix and what its rows and columns stand for: row i at y = first_y + i step_y, column j at x = first_x
/// + j step_x, in the middle of its rectangle.
struct Image {
    analysis::Matrix<double> values;
    double first_x = 0, step_x = 1, first_y = 0, step_y = 1;
    Axis colour = {};
};

/// The colours of an image: viridis for a quantity, ink on paper for events.
enum class Palette { viridis, ink };

/// What has been written.
struct Picture {
    std::filesystem::path image, script, data;
    bool drawn;  ///< by gnuplot; otherwise there is no image yet

    /// A line for the user: what there is, or how to draw it.
    std::string message() const {
        return drawn ? image.string()
                     : fmt::format("gnuplot is not installed; to draw {}: gnuplot \"{}\"", image.string(),
                                   script.string());
    }
};

namespace gnuplot {

inline constexpr std::array colours{"#1f5f99", "#d1495b", "#2e8b57", "#e08e0b", "#7b5ea7",
                                    "#555555", "#17b8cf", "#8a4a1f", "#e377c2", "#a5b520"};

inline std::string_view colour(std::size_t index) { return colours[index % colours.size()]; }

/// A string of gnuplot's: in single quotes, where only a quote needs care.
inline std::string in_quotes(std::string_view text) {
    std::string literal = "'";
    for (auto const c : text) literal += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
    return literal + "'";
}

/// The smallest and largest finite number, moved apart if they coincide.
struct Extent {
    double low = INFINITY, high = -INFINITY;

    void include(double number) {
        if (!std::isfinite(number)) return;
        low = std::min(low, number);
        high = std::max(high, number);
    }

    /// With `margin`, a part of the whole, on either side.
    Extent widened(double margin = 0) const {
        if (low > high) return {0, 1};
        if (low == high) return {low, low + std::max(1., std::abs(low))};
        return {low - margin * (high - low), high + margin * (high - low)};
    }
};

/// The axis with an end wherever it had none.
inline Axis fitted(Axis axis, Extent const& data) {
    if (!axis.first) axis.first = data.low;
    if (!axis.last) axis.last = data.high;
    require(std::isfinite(*axis.first) && std::isfinite(*axis.last) && *axis.first != *axis.last,
            "axis '{}' from {} to {}: its ends must be finite and differ", axis.label, *axis.first,
            *axis.last);
    return axis;
}

/// The files of a picture.
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

/// What every script begins with: the title, below it the legend if there is one, the axes. Its own path
/// finds the data, wherever the folder goes and wherever gnuplot is started.
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
        if (axis.logarithmic) fmt::format_to(out, "set logscale {0}\nset format {0} '10^%T'\n", name);
    }
    fmt::format_to(out, "set border 3 linecolor '#404040'\nset tics out nomirror\n");
    return text;
}

/// Writes points in blocks that gnuplot's `index` 0, 1, ... names.
class Blocks {
public:
    explicit Blocks(std::filesystem::path const& path) : file_{path} {}

    void begin(std::string_view label) {
        end();
        file_.print("{}# {}\n", begun_ ? "\n\n" : "", in_quotes(label));
        begun_ = true;
        empty_ = true;
    }

    void point(double x, double y) {
        file_.print("{} {}\n", x, y);
        empty_ = false;
    }

    void commit() {
        end();
        file_.commit();
    }

private:
    /// A block without a line would not count.
    void end() {
        if (begun_ && empty_) file_.print("nan nan\n");
    }

    OutputFile file_;
    bool begun_ = false, empty_ = false;
};

/// Runs a program that is looked up in PATH and returns its exit status; none if there is no such program.
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
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Writes the script and draws the picture, whose data have been written.
inline Picture draw(Picture picture, Layout const& layout, std::string_view commands) {
    OutputFile script{picture.script};
    bool const has_legend = commands.find(" title '") != commands.npos;
    script.write(preamble(picture, layout, has_legend));
    script.write(commands);
    script.commit();
    auto const status = run("gnuplot", {"-d", std::filesystem::absolute(picture.script).string()});
    if (!status) return picture;
    std::error_code unreadable;
    auto const size = std::filesystem::file_size(picture.image, unreadable);
    require(*status == 0 && !unreadable && size > 0, "gnuplot could not draw '{}' from '{}' (exit status {})",
            picture.image.string(), picture.script.string(), *status);
    picture.drawn = true;
    return picture;
}

/// Whether numbers are small counts, which want a mark at each whole number.
template <class Numbers>
bool are_few_counts(Numbers const& numbers) {
    return std::ranges::all_of(
        numbers, [](double number) { return number >= 0 && number <= 5 && number == std::floor(number); });
}

inline std::string title(std::string_view label) {
    return label.empty() ? std::string{"notitle"} : fmt::format("title {}", in_quotes(label));
}

/// `plot` with its items one a line.
inline std::string plot(std::vector<std::string> const& items) {
    return fmt::format("\nplot {}\n", fmt::join(items, ", \\\n     "));
}

}  // namespace gnuplot

/// A dot for each spike: time across, gid up. Cells of `groups` have their colour and an entry in the legend;
/// the others (all of them, if there are no groups) are black. A cell in several groups takes the colour of
/// the first.
inline Picture raster(std::filesystem::path const& image, std::span<Spike const> spikes,
                      std::vector<Group> const& groups = {},
                      Layout layout = {.x = {"time (ms)"}, .y = {"cell"}, .height = 900}) {
    auto const picture = gnuplot::beside(image);
    auto const group_of = [&](Spike const& spike) {
        auto const holds = [&](Group const& group) { return group.cells.contains(spike.gid); };
        return static_cast<std::size_t>(std::ranges::find_if(groups, holds) - groups.begin());
    };
    gnuplot::Extent times, gids;
    gnuplot::Blocks data{picture.data};
    for (std::size_t g = 0; g <= groups.size(); ++g) {
        data.begin(g < groups.size() ? groups[g].label : "other cells");
        for (auto const& spike : spikes)
            if (group_of(spike) == g) {
                data.point(spike.time, spike.gid);
                times.include(spike.time);
                gids.include(spike.gid);
            }
    }
    data.commit();

    layout.x = gnuplot::fitted(layout.x, times.widened());
    layout.y = gnuplot::fitted(layout.y, gids.widened(0.01));
    std::vector<std::string> items;
    for (std::size_t g = 0; g <= groups.size(); ++g) {
        auto const colour = g < groups.size() ? gnuplot::colour(g) : "black";
        items.push_back(fmt::format(
            "data index {} with points pointtype 7 pointsize dot linecolor rgb '{}' notitle", g, colour));
    }
    for (std::size_t g = 0; g < groups.size(); ++g)
        items.push_back(fmt::format("NaN with points pointtype 7 pointsize 1.2 linecolor rgb '{}' {}",
                                    gnuplot::colour(g), gnuplot::title(groups[g].label)));
    return gnuplot::draw(picture, layout, "dot = 0.3  # size of a spike\n" + gnuplot::plot(items));
}

/// A level line over each bin; a single series is filled. Each series has a number for each bin.
inline Picture steps(std::filesystem::path const& image, analysis::Bins const& bins,
                     std::vector<Series> const& series, Layout layout) {
    auto const picture = gnuplot::beside(image);
    gnuplot::Extent times, heights;
    heights.include(0);
    times.include(bins.start());
    times.include(bins.stop());
    gnuplot::Blocks data{picture.data};
    for (auto const& [label, values] : series) {
        require(values.size() == bins.size(),
                "series '{}' of {} numbers: must have one for each of the {} bins", label, values.size(),
                bins.size());
        data.begin(label);
        for (std::size_t bin = 0; bin < values.size(); ++bin) {
            data.point(bins.edge(bin), values[bin]);
            heights.include(values[bin]);
        }
        data.point(bins.stop(), values.back());
    }
    data.commit();

    layout.x = gnuplot::fitted(layout.x, times.widened());
    auto const high = heights.widened(0.05);
    layout.y = gnuplot::fitted(layout.y, {heights.low < 0 ? high.low : 0, high.high});
    std::vector<std::string> items;
    if (series.size() == 1)
        items.push_back(fmt::format(
            "data index 0 with fillsteps fillstyle solid 0.25 noborder linecolor rgb '{}' notitle",
            gnuplot::colour(0)));
    for (std::size_t s = 0; s < series.size(); ++s)
        items.push_back(fmt::format("data index {} with steps linewidth 1.5 linecolor rgb '{}' {}", s,
                                    gnuplot::colour(s), gnuplot::title(series[s].label)));
    if (series.empty()) items.push_back("NaN notitle");
    auto const few = [](Series const& one) { return gnuplot::are_few_counts(one.values); };
    std::string const marks = std::ranges::all_of(series, few) ? "set ytics 1\n" : "";
    return gnuplot::draw(picture, layout,
                         marks + "set grid ytics linecolor '#dddddd'\n" + gnuplot::plot(items));
}

/// Curves, each through its points in their order; a NaN interrupts it. When the colours have run out they
/// come again, dashed.
inline Picture lines(std::filesystem::path const& image, std::vector<Curve> const& curves, Layout layout) {
    auto const picture = gnuplot::beside(image);
    gnuplot::Extent xs, ys;
    gnuplot::Blocks data{picture.data};
    for (auto const& [label, x, y] : curves) {
        require(x.size() == y.size(), "curve '{}' of {} x and {} y: must have as many of either", label,
                x.size(), y.size());
        data.begin(label);
        for (std::size_t i = 0; i < x.size(); ++i) {
            data.point(x[i], y[i]);
            xs.include(x[i]);
            ys.include(y[i]);
        }
    }
    data.commit();

    layout.x = gnuplot::fitted(layout.x, xs.widened());
    layout.y = gnuplot::fitted(layout.y, ys.widened(0.05));
    std::vector<std::string> items;
    for (std::size_t c = 0; c < curves.size(); ++c)
        items.push_back(fmt::format("data index {} with lines linewidth 2 dashtype {} linecolor rgb '{}' {}",
                                    c, 1 + c / gnuplot::colours.size(), gnuplot::colour(c),
                                    gnuplot::title(curves[c].label)));
    if (curves.empty()) items.push_back("NaN notitle");
    // Many do not fit between title and axes; and a dash wants a longer sample.
    std::string const key =
        curves.size() > gnuplot::colours.size()
            ? "set key default\nset key outside right top vertical reverse Left samplen 3 font ',14'\n"
            : "";
    return gnuplot::draw(picture, layout, key + "set grid linecolor '#dddddd'\n" + gnuplot::plot(items));
}

/// A matrix as an image, with a bar that explains its colours.
inline Picture heat_map(std::filesystem::path const& image, Image content, Layout layout,
                        Palette palette = Palette::viridis) {
    auto const picture = gnuplot::beside(image);
    auto const& values = content.values;
    auto const rows = values.rows(), columns = values.columns();
    require(rows > 0 && columns > 0, "image '{}' of {} rows and {} columns: must have one of either",
            image.string(), rows, columns);
    require(content.step_x > 0 && content.step_y > 0, "image '{}' with steps of {} and {}: must be positive",
            image.string(), content.step_x, content.step_y);
    // gnuplot draws no image of a single row or column: it gets two of half the size.
    std::size_t const each_row = rows == 1 ? 2 : 1, each_column = columns == 1 ? 2 : 1;
    gnuplot::Extent colours;
    OutputFile data{picture.data};
    for (std::size_t i = 0; i < rows * each_row; ++i) {
        for (std::size_t j = 0; j < columns * each_column; ++j) {
            auto const value = values(i / each_row, j / each_column);
            data.print("{} ", value);
            colours.include(value);
        }
        data.print("\n");
    }
    data.commit();

    auto const edges = [](double first, double step, std::size_t count) {
        return gnuplot::Extent{first - step / 2, first + (static_cast<double>(count) - 0.5) * step};
    };
    auto const x = edges(content.first_x, content.step_x, columns),
               y = edges(content.first_y, content.step_y, rows);
    layout.x = gnuplot::fitted(layout.x, x);
    layout.y = gnuplot::fitted(layout.y, y);
    auto colour = gnuplot::fitted(content.colour, colours.widened());
    std::string marks;
    if (gnuplot::are_few_counts(values.numbers())) {  // a colour each
        auto const most = std::max(1., std::floor(*colour.last));
        marks = fmt::format("set cbtics 1\nset palette maxcolors {}\n", most + 1);
        colour.first = -0.5;
        colour.last = most + 0.5;
    }
    auto const position = [](double low, double step, std::size_t repeats, char const* column) {
        auto const small = step / static_cast<double>(repeats);
        return fmt::format("({} + {}*{})", low + small / 2, column, small);
    };
    auto const colour_map =
        palette == Palette::ink
            ? "(0 '#ffffff', 1 '#12355b')"
            : "(0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', "
              "7 '#6ece58', 8 '#b5de2b', 9 '#fde725')";
    auto const commands = fmt::format(
        "set border 15 linewidth 1\n"
        "set palette defined {}\n{}"
        "set format cb '%g'\nset cblabel {} offset 2\nset cbrange [{}:{}]\nset rmargin 7\n"
        "\nplot data matrix using {}:{}:3 with image notitle\n",
        colour_map, marks, gnuplot::in_quotes(colour.label), *colour.first, *colour.last,
        position(x.low, content.step_x, each_column, "$1"), position(y.low, content.step_y, each_row, "$2"));
    return gnuplot::draw(picture, layout, commands);
}

}  // namespace hillock::inline HILLOCK_ISA::plot
