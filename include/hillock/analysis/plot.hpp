// SPDX-License-Identifier: MIT
#pragma once

/// Charts. Each function writes a data file and a script for gnuplot and lets it draw the picture; see
/// analysis/gnuplot.hpp.
///
///     raster    a dot for each spike, groups of cells in colours
///     steps     a number in each bin
///     lines     curves, traces
///     heat_map  a matrix as an image

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hillock/analysis/bins.hpp>
#include <hillock/analysis/gnuplot.hpp>
#include <hillock/analysis/matrix.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/spike.hpp>

namespace hillock::inline HILLOCK_ISA::plot {

/// Cells that share a colour and an entry in a raster's legend.
struct Group {
    std::string label;  // for the legend
    Cells cells;        // their gids, one row each
};

/// A number in each bin.
struct Series {
    std::string label;           ///< for the legend; none if empty
    std::vector<double> values;  // one for each bin
};

/// Points joined by a line.
struct Curve {
    std::string label;         ///< for the legend; none if empty
    std::vector<double> x, y;  // the coordinates of the points
};

/// A matrix and the coordinates of its rows and columns: row i at y = first_y + i step_y, column j at x =
/// first_x + j step_x, in the middle of its rectangle.
struct Image {
    analysis::Matrix<double> values;                          // by row, then column
    double first_x = 0, step_x = 1, first_y = 0, step_y = 1;  // where the first is, and the next from it
    Axis colour = {};                                         // the scale of the colours
};

/// The colours of an image: viridis for a quantity, ink on paper for events.
enum class Palette { viridis, ink };

namespace gnuplot {

inline constexpr std::array colours{"#1f5f99", "#d1495b", "#2e8b57", "#e08e0b", "#7b5ea7",
                                    "#555555", "#17b8cf", "#8a4a1f", "#e377c2", "#a5b520"};

/// The colours of a quantity.
inline constexpr auto* viridis =
    "(0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', "
    "7 '#6ece58', 8 '#b5de2b', 9 '#fde725')";

inline std::string_view colour(std::size_t index) { return colours[index % colours.size()]; }

/// Writes points in blocks, which gnuplot selects by `index` 0, 1, ...
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
    /// Ends a block. Gnuplot would not count one without a line.
    void end() {
        if (begun_ && empty_) file_.print("nan nan\n");
    }

    OutputFile file_;
    bool begun_ = false, empty_ = false;
};

/// Whether all numbers are small counts, for which every whole number gets a mark.
template <class Numbers>
bool are_few_counts(Numbers const& numbers) {
    return std::ranges::all_of(
        numbers, [](double number) { return number >= 0 && number <= 5 && number == std::floor(number); });
}

inline std::string title(std::string_view label) {
    return label.empty() ? std::string{"notitle"} : fmt::format("title {}", in_quotes(label));
}

/// The plot command with one item a line.
inline std::string plot(std::vector<std::string> const& items) {
    return fmt::format("\nplot {}\n", fmt::join(items, ", \\\n     "));
}

}  // namespace gnuplot

/// Draws a dot for each spike: time across, gid up. Cells of `groups` have a colour and an entry in the
/// legend; the others (all of them, if there are no groups) are black. A cell in several groups takes the
/// colour of the first.
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

/// Draws a horizontal line over each bin; a single series is filled. Each series has a number for each bin.
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
    if (series.empty()) items.emplace_back("NaN notitle");
    auto const few = [](Series const& one) { return gnuplot::are_few_counts(one.values); };
    std::string const marks = std::ranges::all_of(series, few) ? "set ytics 1\n" : "";
    return gnuplot::draw(picture, layout,
                         marks + "set grid ytics linecolor '#dddddd'\n" + gnuplot::plot(items));
}

/// Draws curves, each through its points in their order; a NaN interrupts it. When the colours are used up
/// they repeat, dashed.
inline Picture lines(std::filesystem::path const& image, std::vector<Curve> const& curves, Layout layout) {
    auto const picture = gnuplot::beside(image);
    gnuplot::Extent xs, ys;
    gnuplot::Blocks data{picture.data};
    for (auto const& [label, x, y] : curves) {
        require(x.size() == y.size(), "curve '{}' of {} x and {} y: must have as many x as y", label,
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
    if (curves.empty()) items.emplace_back("NaN notitle");
    // Many labels do not fit between title and axes, and a dash needs a longer sample.
    std::string const key =
        curves.size() > gnuplot::colours.size()
            ? "set key default\nset key outside right top vertical reverse Left samplen 3 font ',14'\n"
            : "";
    return gnuplot::draw(picture, layout, key + "set grid linecolor '#dddddd'\n" + gnuplot::plot(items));
}

/// Draws a matrix as an image, with a colour bar.
inline Picture heat_map(std::filesystem::path const& image, Image const& content, Layout layout,
                        Palette palette = Palette::viridis) {
    auto const picture = gnuplot::beside(image);
    auto const& values = content.values;
    auto const rows = values.rows(), columns = values.columns();
    require(rows > 0 && columns > 0, "image '{}' of {} rows and {} columns: must have at least one of each",
            image.string(), rows, columns);
    require(content.step_x > 0 && content.step_y > 0, "image '{}' with steps of {} and {}: must be positive",
            image.string(), content.step_x, content.step_y);
    // gnuplot cannot draw an image of a single row or column: it gets two of half the size.
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
    auto const colour_map = palette == Palette::ink ? "(0 '#ffffff', 1 '#12355b')" : gnuplot::viridis;
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
